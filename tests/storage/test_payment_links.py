from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from balie.kernel.money import Money
from balie.orders.changes_asked import AskRefund, CancelOrder, ChangeLines, LineWish
from balie.orders.errors import OrderNotFoundError, ShopTermsError
from balie.orders.kinds import PaymentFailure, PaymentMethod
from balie.orders.models import PaymentRow
from balie.orders.outcomes import Done
from balie.orders.status import OrderStatus, PaymentState
from balie.payments.errors import PaymentProviderDownError
from balie.payments.kinds import LinkRefusal, LinkState
from balie.payments.links import PaymentLinks
from balie.payments.models import SimulatedPaymentRow
from balie.payments.service import PaymentService
from balie.payments.simulated import LIFETIME, SimulatedProvider
from balie.payments.terms import PaymentTerms
from balie.payments.views import LinkRefused, PaymentLink, PromisedLink
from balie.storage.engine import open_async_engine
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW, NUMBER, shop_facts
from tests.storage.payments_shop import PayingShop

TOTAL = Money(36_395)
FEWER = ChangeLines((LineWish(position=1, quantity=1),))


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> PayingShop:
    """The first try to pay has failed."""
    shop = await PayingShop(unit_of_work).open()
    await shop.pay(paid_at=None, failed_at=NOW, failure="card_declined")
    return shop


async def payments(shop: PayingShop) -> list[tuple[int, bool, str | None]]:
    return [(row.amount_minor, row.paid_at is not None, row.failure) for row in await shop.rows(PaymentRow)]


class TestSituation:
    async def test_it_tells_what_was_tried_and_why_it_failed(self, shop: PayingShop) -> None:
        situation = await shop.situation()

        [attempt] = situation.attempts
        assert (attempt.number, attempt.state, attempt.failure, attempt.method, attempt.ended_at) == (
            1, PaymentState.FAILED, PaymentFailure.CARD_DECLINED, PaymentMethod.IDEAL, NOW,
        )  # fmt: skip
        assert (situation.total, situation.paid, situation.due) == (TOTAL, Money(0), TOTAL)
        assert (situation.status, situation.double_charges, situation.link) == (OrderStatus.PLACED, (), None)
        assert situation.is_fresh

    async def test_an_unpaid_order_is_kept_for_a_while_after_the_last_try(self, shop: PayingShop) -> None:
        kept = timedelta(minutes=shop_facts()["payment"]["unpaid_order_kept_minutes"])
        assert (await shop.situation()).kept_until == NOW + kept

        shop.clock.advance(kept + timedelta(minutes=1))

        assert (await shop.situation()).kept_until is None

    async def test_a_cancelled_order_owes_nothing(self, shop: PayingShop) -> None:
        await shop.make(CancelOrder())

        situation = await shop.situation()

        assert (situation.due, situation.kept_until, situation.status) == (
            Money(0), None, OrderStatus.CANCELLED,
        )  # fmt: skip

    async def test_it_knows_of_a_payment_as_soon_as_it_was_made(self, shop: PayingShop) -> None:
        await shop.use(await shop.link())

        situation = await shop.situation()

        assert (situation.due, situation.paid, situation.link) == (Money(0), TOTAL, None)
        assert [attempt.state for attempt in situation.attempts] == [PaymentState.FAILED, PaymentState.PAID]

    async def test_without_the_provider_it_tells_what_we_know(self, shop: PayingShop) -> None:
        link = await shop.link()
        shop.troubles.down_for = 1

        situation = await shop.situation()

        assert (situation.link, situation.is_fresh) == (link, False)

    async def test_an_order_of_somebody_else_is_not_there(self, shop: PayingShop) -> None:
        with pytest.raises(OrderNotFoundError):
            await shop.payments.get_situation(shop.customer + 1, NUMBER)


class TestMakingALink:
    async def test_it_asks_for_exactly_what_is_due_and_is_a_try_to_pay(self, shop: PayingShop) -> None:
        link = await shop.link()

        assert (link.order_number, link.amount, link.expires_at) == (NUMBER, TOTAL, NOW + LIFETIME)
        assert await payments(shop) == [
            (TOTAL.minor_units, False, "card_declined"),
            (TOTAL.minor_units, False, None),
        ]
        assert (await shop.situation()).link == link

    async def test_the_same_message_and_others_get_the_same_link_as_long_as_it_works(
        self, shop: PayingShop
    ) -> None:
        first = await shop.link()
        shop.clock.advance(timedelta(hours=2))

        assert await shop.link() == await shop.link("m2") == first
        assert len(await shop.all_of(SimulatedPaymentRow)) == 1

    async def test_several_at_once_get_one_link(self, shop: PayingShop, database_url: str) -> None:
        engine = open_async_engine(database_url)
        try:
            other_store, terms = UnitOfWork(engine), PaymentTerms.from_shop(shop_facts())
            provider = SimulatedProvider(other_store, base_url="https://balie.example", clock=shop.clock)
            links = PaymentLinks(other_store, provider, terms, clock=shop.clock)
            other = PaymentService(other_store, links, terms, clock=shop.clock)
            made = await asyncio.gather(
                *(shop.ask_link(key) for key in ("m1", "m1", "m2")),
                *(other.make_retry_link(shop.customer, NUMBER, key=key) for key in ("m1", "m3")),
            )
        finally:
            await engine.dispose()

        assert made == [made[0]] * 5
        assert isinstance(made[0], PaymentLink)
        assert len(await shop.all_of(SimulatedPaymentRow)) == len(await shop.link_rows()) == 1
        assert len(await payments(shop)) == 2

    async def test_a_link_that_failed_makes_room_for_another(self, shop: PayingShop) -> None:
        first = await shop.link()
        await shop.use(first, PaymentFailure.INSUFFICIENT_FUNDS)

        second = await shop.link("m2")

        assert second.url != first.url
        assert [failure for _, _, failure in await payments(shop)] == [
            "card_declined", "insufficient_funds", None,
        ]  # fmt: skip

    async def test_a_link_that_ends_in_a_moment_is_replaced_and_cannot_be_paid_beside_it(
        self, shop: PayingShop
    ) -> None:
        first = await shop.link()
        shop.clock.advance(LIFETIME - timedelta(minutes=5))

        second = await shop.link()
        await shop.use(first)

        assert second.url != first.url
        assert [paid for _, paid, _ in await payments(shop)] == [False, False, False]

    async def test_an_expired_link_is_replaced(self, shop: PayingShop) -> None:
        first = await shop.link()
        shop.clock.advance(LIFETIME + timedelta(minutes=5))

        assert (await shop.link()).url != first.url
        assert [failure for _, _, failure in await payments(shop)] == ["card_declined", "expired", None]

    async def test_an_order_that_became_cheaper_has_a_cheaper_link_and_no_other(
        self, shop: PayingShop
    ) -> None:
        first = await shop.link()
        await shop.make(FEWER)

        second = await shop.link()
        await shop.use(first)
        await shop.use(second)

        assert second.amount == Money(28_395)
        assert (await shop.situation()).paid == Money(28_395)

    async def test_it_takes_over_the_try_that_a_change_left_open(self, shop: PayingShop) -> None:
        await shop.pay()
        dearer = await shop.make(ChangeLines((LineWish(position=1, quantity=3),)))
        assert isinstance(dearer, Done)

        link = await shop.link()

        assert link.amount == dearer.effects.to_pay == Money(8_000)
        assert [amount for amount, _, _ in await payments(shop)] == [36_395, 36_395, 8_000]

    async def test_money_that_came_in_for_an_order_that_was_cancelled_can_be_asked_back(
        self, shop: PayingShop
    ) -> None:
        link = await shop.link()
        await shop.use(link)
        # Nobody has told us of the payment yet.
        await shop.make(CancelOrder())

        situation = await shop.situation()
        refunded = await shop.make(AskRefund())

        assert situation.paid == TOTAL
        assert isinstance(refunded, Done)
        assert await shop.refunded() == [TOTAL.minor_units]

    @pytest.mark.parametrize("when", ["paid", "cancelled"])
    async def test_there_is_no_link_where_nothing_is_due(self, shop: PayingShop, when: str) -> None:
        if when == "paid":
            await shop.pay()
        else:
            await shop.make(CancelOrder())

        refused, promised = await shop.ask_link(), await shop.promise()

        reason = LinkRefusal.ALREADY_PAID if when == "paid" else LinkRefusal.ORDER_CANCELLED
        assert refused == promised == LinkRefused(order_number=NUMBER, reason=reason)
        assert await shop.link_rows() == []

    async def test_a_link_that_was_paid_says_so_when_it_is_asked_for_again(self, shop: PayingShop) -> None:
        await shop.use(await shop.link())

        again = await shop.ask_link()

        assert again == LinkRefused(order_number=NUMBER, reason=LinkRefusal.ALREADY_PAID)

    async def test_a_provider_that_is_down_leaves_no_try_and_the_next_time_works(
        self, shop: PayingShop
    ) -> None:
        shop.troubles.down_for = 1
        with pytest.raises(PaymentProviderDownError):
            await shop.ask_link()
        assert len(await payments(shop)) == 1

        await shop.link()

        assert len(await shop.link_rows()) == len(await shop.all_of(SimulatedPaymentRow)) == 1

    async def test_an_answer_that_was_lost_leads_to_the_same_payment(self, shop: PayingShop) -> None:
        shop.troubles.lose_answers = 1
        with pytest.raises(PaymentProviderDownError):
            await shop.ask_link()

        await shop.link("m2")

        assert len(await shop.all_of(SimulatedPaymentRow)) == 1

    async def test_what_the_provider_will_not_do_is_refused(self, shop: PayingShop) -> None:
        # Somebody else's payment has the key that is asked under.
        shop.troubles.down_for = 1
        with pytest.raises(PaymentProviderDownError):
            await shop.ask_link()
        [row] = await shop.link_rows()
        await shop.add(
            SimulatedPaymentRow(
                provider_id="x",
                key=row.key,
                amount_minor=1,
                currency="EUR",
                description="",
                return_url="",
                state="open",
                expires_at=NOW,
            )
        )

        refused = await shop.ask_link()

        assert refused == LinkRefused(order_number=NUMBER, reason=LinkRefusal.PROVIDER_REFUSED)
        assert [(one.state, one.trouble) for one in await shop.link_rows()] == [
            (LinkState.ENDED, "key_taken")
        ]


class TestFollowingALink:
    async def test_a_payment_is_noticed_by_itself(self, shop: PayingShop) -> None:
        await shop.use(await shop.link())
        shop.clock.advance(timedelta(minutes=1))

        await shop.links.send_due()

        assert [paid for _, paid, _ in await payments(shop)] == [False, True]
        assert [row.state for row in await shop.link_rows()] == [LinkState.ENDED]

    async def test_a_link_for_an_order_that_was_cancelled_is_ended_at_the_provider(
        self, shop: PayingShop
    ) -> None:
        await shop.link()
        await shop.make(CancelOrder())
        shop.clock.advance(timedelta(minutes=1))

        await shop.links.send_due()

        assert [row.state for row in await shop.all_of(SimulatedPaymentRow)] == ["cancelled"]
        assert [failure for _, _, failure in await payments(shop)] == ["card_declined", "withdrawn"]

    async def test_a_link_that_is_nearly_over_is_left_to_whoever_is_paying_it(self, shop: PayingShop) -> None:
        link = await shop.link()
        shop.clock.advance(LIFETIME - timedelta(minutes=2))
        await shop.links.send_due()

        await shop.use(link)

        assert (await shop.situation()).paid == TOTAL

    async def test_it_is_asked_about_again_after_a_provider_that_is_down(self, shop: PayingShop) -> None:
        await shop.use(await shop.link())
        shop.troubles.down_for = 1
        for _ in range(2):
            shop.clock.advance(timedelta(minutes=1))
            await shop.links.send_due()

        assert (await shop.situation()).due == Money(0)

    async def test_a_payment_the_provider_does_not_know_any_more_has_failed(self, shop: PayingShop) -> None:
        await shop.link()
        async with shop.unit_of_work.write() as session:
            for row in await shop.all_of(SimulatedPaymentRow):
                await session.delete(await session.get_one(SimulatedPaymentRow, row.provider_id))
        shop.clock.advance(timedelta(minutes=1))

        await shop.links.send_due()

        assert [failure for _, _, failure in await payments(shop)] == ["card_declined", "technical"]


class TestPromisingALink:
    async def test_it_is_mailed_once_the_provider_is_back(self, shop: PayingShop) -> None:
        shop.troubles.down_for = 2
        with pytest.raises(PaymentProviderDownError):
            await shop.ask_link()

        promised = await shop.promise()
        await shop.links.send_due()
        assert await shop.letters() == []
        shop.clock.advance(timedelta(minutes=1))
        assert await shop.links.send_due() == 1

        assert promised == PromisedLink(order_number=NUMBER, amount=TOTAL)
        [letter] = await shop.letters()
        link = await shop.link()
        assert (letter.letter, letter.recipient, letter.language) == (
            "letter_payment_link", "k-1001@voorbeeld.example", "nl",
        )  # fmt: skip
        assert letter.facts == {"order_number": NUMBER, "amount": 36_395, "url": link.url, "hours": 24}

    async def test_it_is_mailed_once_however_often_it_is_promised(self, shop: PayingShop) -> None:
        first, second = await shop.promise(), await shop.promise("m2")
        await shop.until_quiet(3)

        assert (first, second) == (
            PromisedLink(order_number=NUMBER, amount=TOTAL),
            PromisedLink(order_number=NUMBER, amount=TOTAL, repeated=True),
        )
        assert len(await shop.letters()) == len(await shop.all_of(SimulatedPaymentRow)) == 1

    async def test_a_link_that_works_is_mailed_at_once(self, shop: PayingShop) -> None:
        await shop.link()

        await shop.promise()

        assert len(await shop.letters()) == 1

    async def test_waits_grow_while_the_provider_is_down(self, shop: PayingShop) -> None:
        await shop.promise()
        tries = []
        shop.troubles.down_for = 4
        for minute in range(60):
            before = shop.troubles.down_for
            await shop.links.send_due()
            if shop.troubles.down_for < before:
                tries.append(minute)
            shop.clock.advance(timedelta(minutes=1))

        assert tries == [0, 1, 6, 36]

    @pytest.mark.parametrize("when", ["paid", "cancelled"])
    async def test_nothing_is_mailed_for_what_is_settled_meanwhile(self, shop: PayingShop, when: str) -> None:
        await shop.promise()
        if when == "paid":
            await shop.pay()
        else:
            await shop.make(CancelOrder())

        await shop.until_quiet(2)

        assert await shop.letters() == []
        assert await shop.all_of(SimulatedPaymentRow) == []

    async def test_the_amount_is_the_one_of_the_moment_it_is_mailed(self, shop: PayingShop) -> None:
        await shop.promise()
        await shop.make(FEWER)

        await shop.links.send_due()

        [letter] = await shop.letters()
        assert letter.facts["amount"] == 28_395

    async def test_a_promise_outlives_a_link_that_does_not_fit_any_more(self, shop: PayingShop) -> None:
        first = await shop.link()
        await shop.make(FEWER)

        await shop.promise()
        await shop.links.send_due()
        await shop.links.send_due()

        [letter] = await shop.letters()
        assert letter.facts["amount"] == 28_395
        assert letter.facts["url"] != first.url

    async def test_situation_tells_that_one_is_coming(self, shop: PayingShop) -> None:
        shop.troubles.down_for = 1
        await shop.promise()
        await shop.links.send_due()
        assert (await shop.situation()).link_is_promised

        await shop.until_quiet(2)

        assert not (await shop.situation()).link_is_promised


async def test_what_a_process_had_claimed_when_it_died_is_taken_up_later(shop: PayingShop) -> None:
    await shop.promise()
    async with shop.unit_of_work.write() as session:
        [row] = await shop.link_rows()
        row = await session.merge(row)
        row.claimed_until = NOW + timedelta(minutes=2)

    assert await shop.links.send_due() == 0
    shop.clock.advance(timedelta(minutes=3))

    assert await shop.links.send_due() == 1


async def test_payment_terms_say_what_is_missing() -> None:
    facts = shop_facts()
    del facts["payment"]["unpaid_order_kept_minutes"]

    with pytest.raises(ShopTermsError, match="unpaid_order_kept_minutes"):
        PaymentTerms.from_shop(facts)
