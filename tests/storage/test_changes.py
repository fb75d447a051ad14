from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from balie.audit.errors import ChangeKeyTakenError
from balie.audit.models import AuditEntryRow, ChangeKeyRow
from balie.audit.turns import Author, Turn
from balie.kernel.money import Money
from balie.orders.changes_asked import AskRefund, CancelOrder, ChangeAddress, DeliveryAddress
from balie.orders.errors import OrderNotFoundError
from balie.orders.models import PaymentRow, RefundRow
from balie.orders.outcomes import Done, Refused
from balie.orders.policy_facts import Allowed, Change, Elsewhere, Reason, Refusal
from balie.orders.service import OrderService
from balie.orders.status import OrderStatus, PaymentState
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW, NUMBER, ChangingShop, a_turn
from tests.support.store import add_customer

NEW_HOME = DeliveryAddress(
    street="Lindelaan", house_number="7b", postcode="3512 ar", city="Utrecht", country="nl"
)
TOTAL = 2 * 8000 + 20000 + 395


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> ChangingShop:
    return await ChangingShop(unit_of_work).open()


class TestCancelling:
    async def test_paid_order_is_cancelled_refunded_and_put_back_on_the_shelf(
        self, shop: ChangingShop
    ) -> None:
        await shop.pay()

        done = await shop.make(CancelOrder())

        assert isinstance(done, Done)
        assert done.effects.refund == Money(TOTAL)
        # Five working days to pay and three for the bank, as the shop promises.
        assert done.effects.refund_by == date(2026, 11, 13)
        [refund] = await shop.rows(RefundRow)
        assert (refund.amount_minor, refund.approved_at, refund.expected_by) == (
            TOTAL, NOW, date(2026, 11, 13),
        )  # fmt: skip
        assert (await shop.in_stock("SHOE-42"), await shop.in_stock("TENT")) == (7, 6)
        view = await OrderService(shop.unit_of_work).get_order(shop.customer, NUMBER)
        assert view.status is OrderStatus.CANCELLED

    async def test_unpaid_order_has_its_payment_voided_and_nothing_refunded(self, shop: ChangingShop) -> None:
        await shop.pay(paid_at=None)

        done = await shop.make(CancelOrder())

        assert isinstance(done, Done)
        assert done.effects.refund is None
        assert await shop.refunded() == []
        view = await OrderService(shop.unit_of_work).get_order(shop.customer, NUMBER)
        assert (view.status, view.payment_state) == (OrderStatus.CANCELLED, PaymentState.FAILED)

    async def test_order_that_was_paid_twice_gives_both_back(self, shop: ChangingShop) -> None:
        await shop.pay()
        await shop.pay()

        await shop.make(CancelOrder())

        assert await shop.refunded() == [2 * TOTAL]

    async def test_offer_changes_nothing(self, shop: ChangingShop) -> None:
        await shop.pay()

        await shop.offer(CancelOrder())

        assert (await shop.one_order()).cancelled_at is None
        assert (await shop.refunded(), await shop.count(ChangeKeyRow)) == ([], 0)

    async def test_shipped_order_is_refused_and_a_return_is_offered(self, shop: ChangingShop) -> None:
        await shop.ship()

        refused = await shop.refusal(CancelOrder())

        assert (refused.reason, refused.alternative) == (Reason.SHIPPED, Change.RETURN_ITEM)

    async def test_what_a_store_put_aside_is_not_put_in_the_web_warehouse(self, shop: ChangingShop) -> None:
        await shop.set_order(delivery_method="click_and_collect")

        await shop.make(CancelOrder())

        assert await shop.in_stock("SHOE-42") == 5


class TestOnce:
    async def test_same_turn_again_gets_the_same_answer_and_does_nothing(self, shop: ChangingShop) -> None:
        await shop.pay()
        turn, offered = a_turn(), await shop.offer(CancelOrder())

        first = await shop.confirm(CancelOrder(), offered, turn=turn)
        again = await shop.confirm(CancelOrder(), offered, turn=turn)

        assert isinstance(first, Done)
        assert again == replace(first, repeated=True)
        assert await shop.refunded() == [TOTAL]
        assert await shop.in_stock("TENT") == 6
        assert await shop.count(AuditEntryRow) == 1

    async def test_refusal_is_remembered_even_when_it_would_be_allowed_by_now(
        self, shop: ChangingShop
    ) -> None:
        turn, offered = a_turn(), await shop.offer(CancelOrder())
        await shop.set_order(packed_at=NOW)
        first = await shop.confirm(CancelOrder(), offered, turn=turn)
        await shop.set_order(packed_at=None)

        again = await shop.confirm(CancelOrder(), offered, turn=turn)

        assert isinstance(first, Refused)
        assert (first.reason, first.alternative) == (Reason.PACKED, Elsewhere.PERSON)
        assert again == replace(first, repeated=True)
        assert (await shop.one_order()).cancelled_at is None

    async def test_another_turn_finds_the_order_cancelled_already(self, shop: ChangingShop) -> None:
        await shop.pay()
        offered = await shop.offer(CancelOrder())
        await shop.confirm(CancelOrder(), offered)

        again = await shop.confirm(CancelOrder(), offered)

        assert isinstance(again, Refused)
        assert (again.reason, again.alternative) == (Reason.ALREADY_CANCELLED, Elsewhere.TRACK_REFUND)
        assert await shop.refunded() == [TOTAL]

    async def test_key_of_somebody_else_opens_nothing(self, shop: ChangingShop) -> None:
        turn = a_turn()
        await shop.make(CancelOrder(), turn=turn)
        tom = await add_customer(shop.unit_of_work, "K-2")

        with pytest.raises(ChangeKeyTakenError):
            await shop.service.make(tom, NUMBER, CancelOrder(), turn=turn, confirmed="")

    async def test_a_change_that_stumbles_leaves_nothing_not_even_its_key(self, shop: ChangingShop) -> None:
        turn = a_turn()

        with pytest.raises(OrderNotFoundError):
            await shop.service.make(shop.customer, "DD9", CancelOrder(), turn=turn, confirmed="")

        assert await shop.count(ChangeKeyRow) == 0
        assert isinstance(await shop.make(CancelOrder(), turn=turn), Done)

    async def test_one_message_may_do_several_parts(self, shop: ChangingShop) -> None:
        message = a_turn()
        await shop.make(ChangeAddress(NEW_HOME), turn=message)

        second = await shop.make(
            ChangeAddress(replace(NEW_HOME, house_number="9")), turn=replace(message, part=1)
        )

        assert isinstance(second, Done)
        assert not second.repeated

    async def test_keys_are_forgotten_when_no_message_can_come_back(self, shop: ChangingShop) -> None:
        await shop.make(CancelOrder())
        shop.clock.advance(timedelta(days=91))

        assert await shop.service.forget_old_keys() == 1


class TestMeanwhile:
    async def test_order_that_the_shop_packed_meanwhile_says_that_it_is_packed(
        self, shop: ChangingShop
    ) -> None:
        offered = await shop.offer(CancelOrder())
        await shop.set_order(packed_at=NOW)

        refused = await shop.confirm(CancelOrder(), offered)

        assert isinstance(refused, Refused)
        assert refused.reason is Reason.PACKED

    async def test_order_that_the_shop_changed_meanwhile_is_not_touched(self, shop: ChangingShop) -> None:
        offered = await shop.offer(CancelOrder())
        await shop.set_order(house_number="14")

        refused = await shop.confirm(CancelOrder(), offered)

        assert isinstance(refused, Refused)
        assert (refused.reason, refused.alternative) == (Reason.ORDER_CHANGED, None)
        assert (await shop.one_order()).cancelled_at is None

    async def test_payment_that_came_in_meanwhile_is_not_overlooked(self, shop: ChangingShop) -> None:
        offered = await shop.offer(CancelOrder())
        await shop.pay()

        refused = await shop.confirm(CancelOrder(), offered)

        assert isinstance(refused, Refused)
        assert refused.reason is Reason.ORDER_CHANGED

    async def test_confirmation_of_one_wish_is_none_of_another(self, shop: ChangingShop) -> None:
        offered = await shop.offer(ChangeAddress(NEW_HOME))

        refused = await shop.confirm(ChangeAddress(replace(NEW_HOME, house_number="9")), offered)

        assert isinstance(refused, Refused)
        assert refused.reason is Reason.ORDER_CHANGED


class TestAddress:
    async def test_order_goes_where_the_customer_says(self, shop: ChangingShop) -> None:
        done = await shop.make(ChangeAddress(NEW_HOME))

        assert isinstance(done, Done)
        order = await shop.one_order()
        assert (order.street, order.house_number, order.postcode, order.country) == (
            "Lindelaan", "7b", "3512AR", "NL",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"country": "US", "postcode": "90210"}, Reason.COUNTRY_NOT_SERVED),
            ({"country": "BE", "postcode": "2000"}, Reason.OTHER_COUNTRY),
            ({"postcode": "2000"}, Reason.INVALID_ADDRESS),
            ({"street": " "}, Reason.INVALID_ADDRESS),
            ({"city": "x" * 81}, Reason.INVALID_ADDRESS),
            ({"street": "3512 AR"}, Reason.INVALID_ADDRESS),
            ({"street": "Linde\x00laan"}, Reason.INVALID_ADDRESS),
        ],
    )
    async def test_address_where_nothing_can_go_is_refused(
        self, shop: ChangingShop, change: dict[str, str], reason: Reason
    ) -> None:
        assert (await shop.refusal(ChangeAddress(replace(NEW_HOME, **change)))).reason is reason

    async def test_address_that_it_has_already_is_no_change(self, shop: ChangingShop) -> None:
        await shop.make(ChangeAddress(NEW_HOME))

        assert (await shop.refusal(ChangeAddress(NEW_HOME))).reason is Reason.UNCHANGED


class TestRefund:
    async def test_double_payment_goes_back(self, shop: ChangingShop) -> None:
        await shop.pay()
        await shop.pay()

        done = await shop.make(AskRefund())

        assert isinstance(done, Done)
        assert done.effects.refund == Money(TOTAL)
        assert (await shop.refusal(AskRefund())).reason is Reason.REFUND_ON_ITS_WAY

    async def test_payment_that_came_after_cancelling_goes_back(self, shop: ChangingShop) -> None:
        await shop.make(CancelOrder())
        await shop.pay()

        await shop.make(AskRefund())

        assert await shop.refunded() == [TOTAL]

    async def test_money_for_an_order_that_is_fine_is_refused(self, shop: ChangingShop) -> None:
        await shop.pay()

        refused = await shop.refusal(AskRefund())

        assert (refused.reason, refused.alternative) == (Reason.NOTHING_TO_REFUND, Change.CANCEL_ORDER)

    async def test_refund_that_was_declined_goes_to_a_person(self, shop: ChangingShop) -> None:
        await shop.pay()
        await shop.ship(delivered=3)
        await shop.add(
            RefundRow(order_id=shop.order.id, method="ideal", amount_minor=8000, asked_at=NOW, refused_at=NOW)
        )

        refused = await shop.refusal(AskRefund())

        assert (refused.reason, refused.alternative) == (Reason.REFUND_REFUSED, Elsewhere.PERSON)


class TestAudit:
    async def test_audit_tells_who_changed_what_in_which_turn(self, shop: ChangingShop) -> None:
        turn = Turn(conversation_id=uuid4(), message_id=uuid4(), author=Author.AGENT)

        await shop.make(ChangeAddress(NEW_HOME), turn=turn)

        [entry] = await shop.audited()
        assert (entry.author, entry.undertaking, entry.happened_at) == ("agent", "change_address", NOW)
        assert (entry.conversation_id, entry.message_id) == (turn.conversation_id, turn.message_id)
        assert (entry.customer_id, entry.order_id) == (shop.customer, shop.order.id)
        assert (entry.before["street"], entry.after["street"]) == ("Beukenlaan", "Lindelaan")
        assert "total_minor" not in entry.after

    async def test_audit_of_a_cancellation_shows_the_money(self, shop: ChangingShop) -> None:
        await shop.pay()

        await shop.make(CancelOrder())

        [entry] = await shop.audited()
        assert set(entry.after) == {"cancelled_at", "refunds"}
        assert [refund["amount_minor"] for refund in entry.after["refunds"]] == [TOTAL]

    async def test_refusals_leave_no_entry(self, shop: ChangingShop) -> None:
        offered = await shop.offer(CancelOrder())
        await shop.set_order(packed_at=NOW)
        await shop.confirm(CancelOrder(), offered)

        assert await shop.audited() == []


class TestAccess:
    async def test_somebody_elses_order_and_a_missing_one_look_the_same(self, shop: ChangingShop) -> None:
        tom = await add_customer(shop.unit_of_work, "K-2")

        for number in (NUMBER, "DD9"):
            with pytest.raises(OrderNotFoundError):
                await shop.service.check(tom, number, Change.CANCEL_ORDER)
            with pytest.raises(OrderNotFoundError):
                await shop.service.offer(tom, number, CancelOrder())
            with pytest.raises(OrderNotFoundError):
                await shop.service.make(tom, number, CancelOrder(), turn=a_turn(), confirmed="")

    async def test_check_tells_what_is_possible_before_anything_is_chosen(self, shop: ChangingShop) -> None:
        assert await shop.service.check(shop.customer, NUMBER, Change.CANCEL_ORDER) == Allowed()
        verdict = await shop.service.check(shop.customer, NUMBER, Change.RETURN_ITEM)

        assert isinstance(verdict, Refusal)
        assert verdict.alternative is Change.CANCEL_ORDER


async def test_voided_tries_to_pay_are_not_paid_tries(shop: ChangingShop) -> None:
    await shop.pay(paid_at=None)

    await shop.make(CancelOrder())

    assert [(one.paid_at, one.failed_at) for one in await shop.rows(PaymentRow)] == [(None, NOW)]
