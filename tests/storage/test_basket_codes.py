from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from balie.baskets.demo import (
    CARD_BLOCKED,
    CARD_EMPTY,
    CARD_EXPIRED,
    CARD_FULL,
    CARD_HALF_USED,
    lacks_demo_codes,
    load_demo_codes,
)
from balie.baskets.kinds import Reason
from balie.baskets.limits import WRONG_CODES_ALLOWED, WRONG_CODES_WINDOW
from balie.baskets.models import DiscountCodeRow, DiscountCodeUseRow, GiftCardRow
from balie.baskets.outcomes import Refused
from balie.baskets.service import BasketService
from balie.baskets.views import GiftCardView, Owner
from balie.customers.service import CustomerService
from balie.kernel.money import Money
from balie.orders.demo import DemoSize, load_demo_shop
from balie.orders.demo.personas import NOOR, SANNE
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.basket_shop import (
    SECRET,
    TODAY,
    BasketShop,
    a_conversation,
    a_key,
    a_stranger,
    basket_terms,
    changed,
    refused,
)
from tests.storage.changes_shop import shop_facts

CARD = "DDGC482719503361"


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> BasketShop:
    return await BasketShop(unit_of_work).open()


async def a_full_basket(shop: BasketShop, owner: Owner | None = None) -> Owner:
    """Shoes for eighty euros."""
    owner = owner or a_stranger()
    await shop.put(owner, "SHOE-42")
    return owner


async def test_a_code_takes_its_share_off_however_it_is_typed(shop: BasketShop) -> None:
    await shop.code("WELKOM10")
    owner = await a_full_basket(shop)

    basket = changed(await shop.service.apply_discount(owner, " welkom 10"))

    [discount] = basket.discounts
    assert (discount.code, discount.percent, discount.gives, discount.refused) == (
        "WELKOM10", 10, Money(800), None,
    )  # fmt: skip
    assert (basket.goods, basket.discount, basket.delivery, basket.total) == (
        Money(8000), Money(800), Money(0), Money(7200),
    )  # fmt: skip


async def test_a_code_that_is_entered_twice_counts_once(shop: BasketShop) -> None:
    await shop.code("TIENEURO", amount_minor=1000, currency="EUR")
    owner = await a_full_basket(shop)

    await shop.service.apply_discount(owner, "TIENEURO")
    basket = changed(await shop.service.apply_discount(owner, "TIENEURO"))

    assert (len(basket.discounts), basket.discount) == (1, Money(1000))


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"active": False}, Reason.UNKNOWN),
        ({"ends_on": TODAY - timedelta(days=1)}, Reason.EXPIRED),
        ({"starts_on": TODAY + timedelta(days=1)}, Reason.NOT_YET),
        ({"min_order_minor": 8001}, Reason.MINIMUM_NOT_REACHED),
        ({"max_uses": 3, "uses": 3}, Reason.USED),
        ({"amount_minor": 500, "currency": "XTS"}, Reason.OTHER_CURRENCY),
    ],
)
async def test_a_code_that_may_not_be_used_says_why_and_is_not_in_the_basket(
    shop: BasketShop, details: dict[str, Any], reason: Reason
) -> None:
    await shop.code("CODE", **details)
    owner = await a_full_basket(shop)

    assert refused(await shop.service.apply_discount(owner, "CODE")).reason is reason
    assert (await shop.service.get_basket(owner)).discounts == ()


async def test_a_second_code_is_refused_and_names_the_first(shop: BasketShop) -> None:
    await shop.code("WELKOM10", combinable=True)
    await shop.code("TIENEURO", amount_minor=1000, currency="EUR", combinable=True)
    owner = await a_full_basket(shop)
    await shop.service.apply_discount(owner, "WELKOM10")

    second = refused(await shop.service.apply_discount(owner, "TIENEURO"))

    assert (second.reason, second.other_code) == (Reason.NOT_COMBINABLE, "WELKOM10")
    await shop.service.remove_discount(owner, "welkom10")
    assert changed(await shop.service.apply_discount(owner, "TIENEURO")).discount == Money(1000)
    assert (await shop.service.remove_discount(owner)).discounts == ()


async def test_codes_add_up_where_the_shop_lets_them(unit_of_work: UnitOfWork) -> None:
    shop = await BasketShop(unit_of_work, combinable=True).open()
    await shop.code("WELKOM10", combinable=True)
    await shop.code("TIENEURO", amount_minor=1000, currency="EUR", combinable=True)
    owner = await a_full_basket(shop)

    await shop.service.apply_discount(owner, "WELKOM10")
    basket = changed(await shop.service.apply_discount(owner, "TIENEURO"))

    assert [one.gives for one in basket.discounts] == [Money(800), Money(1000)]
    assert basket.discount == Money(1800)


async def test_a_code_stops_counting_when_the_basket_falls_below_its_minimum_and_counts_again_after(
    shop: BasketShop,
) -> None:
    await shop.code("GROOT", min_order_minor=20000)
    owner = a_stranger()
    await shop.put(owner, "TENT")
    await shop.put(owner, "SUIT")
    await shop.service.apply_discount(owner, "GROOT")

    fewer = await shop.service.remove_line(owner, "TENT")

    [discount] = fewer.discounts
    assert discount.refused is not None
    assert (discount.refused.reason, discount.refused.missing) == (Reason.MINIMUM_NOT_REACHED, Money(17000))
    assert (discount.gives, fewer.discount) == (Money(0), Money(0))
    assert (await shop.put(owner, "TENT")).discount == Money(2300)


async def test_somebody_elses_code_is_not_yours_whoever_you_are(shop: BasketShop) -> None:
    noor, other = await shop.customer("K-NOOR"), await shop.customer("K-OTHER")
    await shop.code("NOOR15", percent=15, customer_id=noor.customer_id)

    for owner in (other, a_stranger()):
        await a_full_basket(shop, owner)
        assert refused(await shop.service.apply_discount(owner, "NOOR15")).reason is Reason.NOT_YOURS
    await a_full_basket(shop, noor)
    assert changed(await shop.service.apply_discount(noor, "NOOR15")).discount == Money(1200)


async def test_a_code_for_once_is_used_after_the_order_and_others_may_still_use_it(shop: BasketShop) -> None:
    await shop.code("EENMAAL", once_per_customer=True)
    owner = await a_full_basket(shop, await shop.customer())
    await shop.service.apply_discount(owner, "EENMAAL")

    assert await shop.service.close_basket(owner)

    assert (await shop.service.get_basket(owner)).is_empty
    await a_full_basket(shop, owner)
    assert refused(await shop.service.apply_discount(owner, "EENMAAL")).reason is Reason.USED
    somebody = await a_full_basket(shop, await shop.customer("K-3003"))
    assert changed(await shop.service.apply_discount(somebody, "EENMAAL")).discount == Money(800)


async def test_an_order_counts_only_the_codes_that_counted_in_it(shop: BasketShop) -> None:
    await shop.code("GROOT", min_order_minor=20000)
    owner = a_stranger()
    await shop.put(owner, "TENT")
    await shop.put(owner, "SUIT")
    await shop.service.apply_discount(owner, "GROOT")
    await shop.service.remove_line(owner, "TENT")

    assert await shop.service.close_basket(owner)
    assert not await shop.service.close_basket(owner)

    [code] = await shop.orders.rows(DiscountCodeRow)
    assert (code.uses, await shop.orders.count(DiscountCodeUseRow)) == (0, 0)


async def test_a_strangers_order_counts_its_code_too(shop: BasketShop) -> None:
    await shop.code("EERSTE", max_uses=1)
    owner = await a_full_basket(shop)
    await shop.service.apply_discount(owner, "EERSTE")
    late = await a_full_basket(shop)
    await shop.service.apply_discount(late, "EERSTE")

    await shop.service.close_basket(owner)

    [discount] = (await shop.service.get_basket(late)).discounts
    assert discount.refused == Refused(reason=Reason.USED)


async def test_an_empty_basket_cannot_be_ordered(shop: BasketShop) -> None:
    owner = await a_full_basket(shop)
    await shop.service.remove_line(owner, "SHOE-42")

    assert not await shop.service.close_basket(owner)
    assert not await shop.service.close_basket(a_stranger())


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": None},
        {"amount_minor": 500, "percent": 5, "currency": "EUR"},
        {"amount_minor": 500},
        {"percent": 101},
        {"code": "lower"},
        {"min_order_minor": -1},
        {"starts_on": TODAY, "ends_on": TODAY - timedelta(days=1)},
    ],
)
async def test_the_database_takes_no_code_that_makes_no_sense(
    shop: BasketShop, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError):
        await shop.code(**{"code": "CODE", **wrong})


# Gift cards.


async def test_a_card_says_what_is_on_it_and_what_it_pays_of_the_basket(shop: BasketShop) -> None:
    await shop.card(CARD, 5000, spent=2500)
    owner = a_stranger()
    await shop.put(owner, "SUIT")

    view = await shop.service.check_gift_card(owner, "ddgc 4827-1950 3361")

    assert view == GiftCardView(
        balance=Money(2500),
        expires_on=TODAY + timedelta(days=400),
        last_four="3361",
        pays=Money(2500),
        left_to_pay=Money(3000 + 395 - 2500),
    )


async def test_a_card_pays_nothing_of_an_empty_basket(shop: BasketShop) -> None:
    await shop.card(CARD)

    view = await shop.service.check_gift_card(a_stranger(), CARD)

    assert isinstance(view, GiftCardView)
    assert (view.balance, view.pays, view.left_to_pay) == (Money(5000), Money(0), Money(0))


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"spent": 5000}, Reason.EMPTY),
        ({"expires_on": TODAY - timedelta(days=1)}, Reason.EXPIRED),
        ({"blocked": True}, Reason.UNKNOWN),
        ({"currency": "XTS"}, Reason.OTHER_CURRENCY),
    ],
)
async def test_a_card_that_cannot_pay_says_why(
    shop: BasketShop, details: dict[str, Any], reason: Reason
) -> None:
    await shop.card(CARD, **details)

    assert refused(await shop.service.check_gift_card(a_stranger(), CARD)).reason is reason


async def test_the_code_of_a_card_is_not_in_the_database(shop: BasketShop) -> None:
    await shop.card(CARD)

    [row] = await shop.orders.rows(GiftCardRow)

    assert CARD not in str(vars(row))
    assert row.last_four == CARD[-4:]


async def test_a_service_with_another_secret_knows_none_of_the_cards(
    shop: BasketShop, unit_of_work: UnitOfWork
) -> None:
    await shop.card(CARD)
    other = BasketService(unit_of_work, shop.terms, "another secret that is long enough", clock=shop.clock)

    assert refused(await other.check_gift_card(a_stranger(), CARD)).reason is Reason.UNKNOWN


# Guessing.


async def test_ten_wrong_codes_are_the_most_within_an_hour_and_then_not_even_a_right_one_is_looked_at(
    shop: BasketShop,
) -> None:
    await shop.code("WELKOM10")
    await shop.card(CARD)
    owner = await a_full_basket(shop)

    for tries in range(WRONG_CODES_ALLOWED):
        guess = shop.service.check_gift_card if tries % 2 else shop.service.apply_discount
        assert refused(await guess(owner, f"GUESS{tries}")).reason is Reason.UNKNOWN

    assert refused(await shop.service.apply_discount(owner, "WELKOM10")).reason is Reason.TOO_MANY_TRIES
    assert refused(await shop.service.check_gift_card(owner, CARD)).reason is Reason.TOO_MANY_TRIES
    shop.clock.advance(WRONG_CODES_WINDOW)
    assert changed(await shop.service.apply_discount(owner, "WELKOM10")).discount == Money(800)


async def test_another_conversation_has_tries_of_its_own(shop: BasketShop) -> None:
    owner = a_stranger()
    for _ in range(WRONG_CODES_ALLOWED + 1):
        last = await shop.service.apply_discount(owner, "GUESS")

    assert refused(last).reason is Reason.TOO_MANY_TRIES
    assert refused(await shop.service.apply_discount(a_stranger(), "GUESS")).reason is Reason.UNKNOWN


async def test_real_codes_are_no_guesses_whether_they_may_be_used_or_not(shop: BasketShop) -> None:
    await shop.code("WELKOM10")
    await shop.code("ZOMER5", ends_on=TODAY - timedelta(days=1))
    await shop.card(CARD)
    owner = await a_full_basket(shop)

    for _ in range(WRONG_CODES_ALLOWED):
        await shop.service.apply_discount(owner, "WELKOM10")
        await shop.service.apply_discount(owner, "ZOMER5")
        await shop.service.check_gift_card(owner, CARD)

    assert await shop.wrong_codes() == [0]


async def test_codes_of_others_are_guesses(shop: BasketShop) -> None:
    noor = await shop.customer()
    await shop.code("NOOR15", customer_id=noor.customer_id)
    owner = a_stranger()

    for _ in range(WRONG_CODES_ALLOWED):
        assert refused(await shop.service.apply_discount(owner, "NOOR15")).reason is Reason.NOT_YOURS

    assert refused(await shop.service.apply_discount(owner, "NOOR15")).reason is Reason.TOO_MANY_TRIES


async def test_the_same_turn_again_is_no_second_guess(shop: BasketShop) -> None:
    owner = a_stranger()
    key = a_key(owner)

    for _ in range(3):
        answer = refused(await shop.service.apply_discount(owner, "GUESS", key=key))

    assert (answer.reason, answer.repeated) == (Reason.UNKNOWN, True)
    assert await shop.wrong_codes() == [1]


# The demo shop's.


async def test_the_demo_shop_has_a_code_and_a_card_for_everything_that_may_happen(
    database_url: str, unit_of_work: UnitOfWork
) -> None:
    load_demo_shop(database_url, today=TODAY, size=DemoSize(customers=15, orders=20))
    assert lacks_demo_codes(database_url)
    for _ in range(2):
        load_demo_codes(database_url, shop=shop_facts(), today=TODAY, secret=SECRET)
    assert not lacks_demo_codes(database_url)
    shop = BasketShop(unit_of_work)
    customers = CustomerService(unit_of_work)
    noor, sanne = [await customers.find_by_external_id(who.external_id) for who in (NOOR, SANNE)]
    assert noor is not None
    assert sanne is not None
    stranger = a_stranger()

    async def say(code: str, customer_id: int | None = None) -> str:
        owner = Owner(customer_id=customer_id, conversation_id=a_conversation())
        outcome = await shop.service.apply_discount(owner, code)
        return outcome.reason if isinstance(outcome, Refused) else "allowed"

    assert {
        "ZOMER5": await say("ZOMER5"),
        "WINTER20": await say("WINTER20"),
        "FLITS25": await say("FLITS25"),
        "WELKOM10": await say("WELKOM10"),
        "NOOR15": await say("NOOR15"),
        "NOOR15 of Noor": await say("NOOR15", noor.id),
        "BEDANKT5 of Sanne": await say("BEDANKT5", sanne.id),
    } == {
        "ZOMER5": Reason.EXPIRED,
        "WINTER20": Reason.NOT_YET,
        "FLITS25": Reason.USED,
        "WELKOM10": Reason.MINIMUM_NOT_REACHED,
        "NOOR15": Reason.NOT_YOURS,
        "NOOR15 of Noor": "allowed",
        "BEDANKT5 of Sanne": Reason.USED,
    }
    full, half = [await shop.service.check_gift_card(stranger, code) for code in (CARD_FULL, CARD_HALF_USED)]
    assert isinstance(full, GiftCardView)
    assert isinstance(half, GiftCardView)
    assert (full.balance, half.balance) == (Money(5000), Money(2500))
    refusals = [
        refused(await shop.service.check_gift_card(stranger, code)).reason
        for code in (CARD_EXPIRED, CARD_EMPTY, CARD_BLOCKED)
    ]
    assert refusals == [Reason.EXPIRED, Reason.EMPTY, Reason.UNKNOWN]
    assert basket_terms() == shop.terms


async def test_a_shop_that_is_not_the_demo_shop_gets_no_demo_codes(
    shop: BasketShop, database_url: str
) -> None:
    assert not lacks_demo_codes(database_url)
