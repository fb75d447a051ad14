from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from balie.audit.errors import ChangeKeyTakenError
from balie.baskets.forgetting import forget_old_baskets
from balie.baskets.kinds import Reason, StockState
from balie.baskets.models import BasketRow
from balie.baskets.views import Changed, Owner
from balie.catalogue.errors import ProductNotFoundError
from balie.catalogue.models import ProductRow, ProductVariantRow
from balie.customers.models import CustomerAddressRow, CustomerRow
from balie.kernel.money import Money
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.basket_shop import (
    BasketShop,
    a_conversation,
    a_key,
    a_stranger,
    changed,
    pieces,
    refused,
)


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> BasketShop:
    return await BasketShop(unit_of_work).open()


async def test_a_basket_is_empty_before_anything_is_put_in(shop: BasketShop) -> None:
    basket = await shop.service.get_basket(a_stranger())

    assert basket.is_empty
    assert (basket.total, basket.pieces, basket.can_check_out) == (Money(0), 0, False)
    assert basket.checkout_url == shop.terms.checkout_url
    assert await shop.orders.count(BasketRow) == 0


async def test_what_is_put_in_lies_in_it_in_that_order_with_todays_price(shop: BasketShop) -> None:
    owner = a_stranger()
    await shop.put(owner, "TENT")
    shop.clock.advance(timedelta(minutes=1))
    await shop.put(owner, "SHOE-42", 2)

    basket = await shop.service.get_basket(owner)

    assert pieces(basket) == {"TENT": 1, "SHOE-42": 2}
    [tent, shoes] = basket.lines
    assert (tent.names, tent.size, tent.unit_price) == ({"nl": "tent"}, None, Money(20000))
    assert (shoes.size, shoes.total, shoes.stock, shoes.at_most) == (
        "42", Money(16000), StockState.AVAILABLE, 5,
    )  # fmt: skip
    assert (basket.goods, basket.delivery, basket.total) == (Money(36000), Money(0), Money(36000))
    assert basket.can_check_out


async def test_more_of_the_same_comes_on_top_and_a_change_says_how_many_there_are(shop: BasketShop) -> None:
    owner = a_stranger()

    await shop.put(owner, "SHOE-42", 1)
    assert pieces(await shop.put(owner, "SHOE-42", 2)) == {"SHOE-42": 3}
    assert pieces(changed(await shop.service.change_line(owner, "SHOE-42", 2))) == {"SHOE-42": 2}
    assert pieces(changed(await shop.service.change_line(owner, "TENT", 1))) == {"SHOE-42": 2, "TENT": 1}


async def test_what_is_taken_out_is_gone_and_what_is_not_in_it_does_not_matter(shop: BasketShop) -> None:
    owner = a_stranger()
    await shop.put(owner, "SHOE-42")

    assert pieces(await shop.service.remove_line(owner, "TENT")) == {"SHOE-42": 1}
    assert (await shop.service.remove_line(owner, "SHOE-42")).is_empty
    assert (await shop.service.remove_line(owner, "no such thing")).is_empty


@pytest.mark.parametrize("quantity", [0, -1, -(10**9)])
async def test_no_piece_and_less_than_none_are_no_quantity(shop: BasketShop, quantity: int) -> None:
    owner = a_stranger()
    await shop.put(owner, "SHOE-42", 2)

    for outcome in (
        await shop.service.add_to_basket(owner, "SHOE-42", quantity),
        await shop.service.change_line(owner, "SHOE-42", quantity),
    ):
        assert refused(outcome).reason is Reason.NOT_A_QUANTITY
    assert pieces(await shop.service.get_basket(owner)) == {"SHOE-42": 2}


@pytest.mark.parametrize("quantity", [6, 10**9, 10**30])
async def test_more_than_there_are_is_refused_with_how_many_are_left(shop: BasketShop, quantity: int) -> None:
    owner = a_stranger()
    assert refused(await shop.service.add_to_basket(owner, "SHOE-42", quantity)).at_most == 5
    await shop.put(owner, "SHOE-42", 3)

    adding = refused(await shop.service.add_to_basket(owner, "SHOE-42", quantity))
    changing = refused(await shop.service.change_line(owner, "SHOE-42", quantity))

    assert (adding.reason, adding.at_most) == (Reason.OUT_OF_STOCK, 2)
    assert (changing.reason, changing.at_most) == (Reason.OUT_OF_STOCK, 5)
    assert pieces(await shop.service.get_basket(owner)) == {"SHOE-42": 3}


async def test_ninety_nine_pieces_are_the_most_however_many_there_are(shop: BasketShop) -> None:
    owner = a_stranger()
    await shop.orders.set_stock("SHOE-42", 500)
    await shop.put(owner, "SHOE-42", 98)

    too_many = refused(await shop.service.add_to_basket(owner, "SHOE-42", 2))

    assert (too_many.reason, too_many.at_most) == (Reason.TOO_MANY, 1)
    assert pieces(await shop.put(owner, "SHOE-42", 1)) == {"SHOE-42": 99}


async def test_what_is_not_sold_any_more_or_for_other_money_is_refused(shop: BasketShop) -> None:
    await _set_currency(shop, "SUIT", "XTS")
    owner = a_stranger()

    assert refused(await shop.service.add_to_basket(owner, "OLD", 1)).reason is Reason.NOT_SOLD
    assert refused(await shop.service.add_to_basket(owner, "SUIT", 1)).reason is Reason.OTHER_CURRENCY
    with pytest.raises(ProductNotFoundError):
        await shop.service.add_to_basket(owner, "no such thing", 1)


async def test_a_basket_does_not_grow_without_end(shop: BasketShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balie.baskets.writer.MOST_LINES", 2)
    owner = a_stranger()
    await shop.put(owner, "TENT")
    await shop.put(owner, "SUIT")

    assert refused(await shop.service.add_to_basket(owner, "BIKE", 1)).reason is Reason.BASKET_FULL
    assert pieces(await shop.put(owner, "TENT")) == {"TENT": 2, "SUIT": 1}


async def test_the_same_turn_twice_adds_once_and_another_turn_adds_again(shop: BasketShop) -> None:
    owner = a_stranger()
    key = a_key(owner)

    first = await shop.service.add_to_basket(owner, "SHOE-42", 2, key=key)
    again = await shop.service.add_to_basket(owner, "SHOE-42", 2, key=key)

    assert isinstance(first, Changed)
    assert again == Changed(basket=first.basket, repeated=True)
    await shop.service.add_to_basket(owner, "SHOE-42", 2, key=a_key(owner))
    assert pieces(await shop.service.get_basket(owner)) == {"SHOE-42": 4}


async def test_a_refusal_stays_what_was_answered_in_that_turn(shop: BasketShop) -> None:
    owner = a_stranger()
    key = a_key(owner)
    first = refused(await shop.service.add_to_basket(owner, "SHOE-42", 9, key=key))
    await shop.orders.set_stock("SHOE-42", 50)

    again = refused(await shop.service.add_to_basket(owner, "SHOE-42", 9, key=key))

    assert (again.reason, again.at_most, again.repeated) == (first.reason, first.at_most, True)
    assert (await shop.service.get_basket(owner)).is_empty


async def test_a_turn_is_one_customers(shop: BasketShop) -> None:
    owner, key = await shop.customer(), a_key(a_stranger())
    await shop.service.add_to_basket(owner, "TENT", 1, key=key)

    with pytest.raises(ChangeKeyTakenError):
        await shop.service.add_to_basket(await shop.customer("K-3003"), "TENT", 1, key=key)


async def test_baskets_of_two_strangers_and_of_two_customers_are_apart(shop: BasketShop) -> None:
    owners = [a_stranger(), a_stranger(), await shop.customer(), await shop.customer("K-3003")]
    for quantity, owner in enumerate(owners, start=1):
        await shop.put(owner, "SHOE-42", quantity)

    baskets = [await shop.service.get_basket(owner) for owner in owners]

    assert [basket.pieces for basket in baskets] == [1, 2, 3, 4]


async def test_a_customer_finds_the_same_basket_in_another_conversation(shop: BasketShop) -> None:
    owner = await shop.customer()
    await shop.put(owner, "TENT")

    elsewhere = Owner(customer_id=owner.customer_id, conversation_id=a_conversation())

    assert pieces(await shop.service.get_basket(elsewhere)) == {"TENT": 1}


async def test_a_strangers_basket_becomes_the_customers_once_they_are_known(shop: BasketShop) -> None:
    customer = await shop.customer()
    await shop.put(customer, "SHOE-42", 2)
    stranger = a_stranger()
    await shop.put(stranger, "SHOE-42", 3)
    await shop.put(stranger, "TENT")
    known = Owner(customer_id=customer.customer_id, conversation_id=stranger.conversation_id)

    merged = await shop.service.get_basket(known)

    assert pieces(merged) == {"SHOE-42": 5, "TENT": 1}
    assert await shop.service.get_basket(known) == merged
    assert (await shop.service.get_basket(stranger)).is_empty
    assert await shop.orders.count(BasketRow) == 1


async def test_a_merged_basket_holds_no_more_than_a_basket_may(shop: BasketShop) -> None:
    await shop.orders.set_stock("SHOE-42", 500)
    customer, stranger = await shop.customer(), a_stranger()
    await shop.put(customer, "SHOE-42", 60)
    await shop.put(stranger, "SHOE-42", 60)
    known = Owner(customer_id=customer.customer_id, conversation_id=stranger.conversation_id)

    assert pieces(await shop.put(known, "TENT")) == {"SHOE-42": 99, "TENT": 1}


async def test_a_code_comes_along_when_a_stranger_becomes_known(shop: BasketShop) -> None:
    await shop.code("WELKOM10")
    customer, stranger = await shop.customer(), a_stranger()
    await shop.put(stranger, "SHOE-42")
    await shop.service.apply_discount(stranger, "WELKOM10")
    known = Owner(customer_id=customer.customer_id, conversation_id=stranger.conversation_id)

    basket = await shop.service.get_basket(known)

    assert [(one.code, one.gives) for one in basket.discounts] == [("WELKOM10", Money(800))]


async def test_what_sells_out_stays_in_the_basket_and_says_so(shop: BasketShop) -> None:
    owner = a_stranger()
    await shop.put(owner, "SHOE-42", 3)
    await shop.put(owner, "TENT")
    await shop.orders.set_stock("SHOE-42", 1)
    await shop.orders.set_stock("TENT", 0)

    basket = await shop.service.get_basket(owner)

    assert {line.sku: (line.stock, line.at_most) for line in basket.lines} == {
        "SHOE-42": (StockState.TOO_FEW, 1),
        "TENT": (StockState.SOLD_OUT, 0),
    }
    assert not basket.can_check_out


async def test_what_is_taken_off_sale_costs_nothing_and_cannot_be_checked_out(shop: BasketShop) -> None:
    owner = a_stranger()
    await shop.put(owner, "SHOE-42")
    await shop.put(owner, "TENT")
    async with shop.unit_of_work.write() as session:
        await session.execute(update(ProductRow).where(ProductRow.sku == "TENT").values(active=False))

    basket = await shop.service.get_basket(owner)

    tent = basket.find_line("TENT")
    assert tent is not None
    assert (tent.stock, tent.total, tent.at_most) == (StockState.NOT_SOLD, Money(0), 0)
    assert (basket.total, basket.can_check_out) == (Money(8000), False)
    assert basket.find_line("SUIT") is None


async def test_a_variant_that_is_deleted_leaves_every_basket(shop: BasketShop) -> None:
    owner = a_stranger()
    await shop.put(owner, "BIKE")
    async with shop.unit_of_work.write() as session:
        await session.execute(delete(ProductVariantRow).where(ProductVariantRow.sku == "BIKE"))

    assert (await shop.service.get_basket(owner)).is_empty


@pytest.mark.parametrize(
    ("country", "sku", "expected"),
    [
        ("NL", "SUIT", {"delivery": Money(395), "country": "NL", "delivers": True}),
        ("DE", "SUIT", {"delivery": Money(795), "country": "DE", "delivers": True}),
        ("DE", "BIKE", {"delivery": Money(0), "country": "DE", "delivers": False}),
        ("US", "SUIT", {"delivery": Money(395), "country": "NL", "delivers": True}),
    ],
)
async def test_delivery_is_priced_for_where_the_customer_lives(
    shop: BasketShop, country: str, sku: str, expected: dict[str, Any]
) -> None:
    owner = await shop.customer()
    home = CustomerAddressRow(
        customer_id=owner.customer_id, kind="home", street="Allee", house_number="1", postcode="10115",
        city="Stadt", country=country,
    )  # fmt: skip
    await shop.orders.add(home)

    basket = await shop.put(owner, sku)

    assert {name: getattr(basket, name) for name in expected} == expected
    assert basket.can_check_out is expected["delivers"]


async def test_a_basket_goes_with_its_customer(shop: BasketShop) -> None:
    owner = await shop.customer()
    await shop.put(owner, "TENT")
    async with shop.unit_of_work.write() as session:
        await session.execute(delete(CustomerRow).where(CustomerRow.id == owner.customer_id))

    assert await shop.orders.count(BasketRow) == 0


async def test_what_strangers_left_is_forgotten_after_a_month_and_customers_keep_theirs(
    shop: BasketShop,
) -> None:
    stranger, customer, late = a_stranger(), await shop.customer(), a_stranger()
    await shop.put(stranger, "TENT")
    await shop.put(customer, "TENT")
    await shop.service.apply_discount(stranger, "wrong")
    shop.clock.advance(timedelta(days=31))
    await shop.put(late, "TENT")

    assert await forget_old_baskets(shop.unit_of_work, shop.clock()) == 2
    assert await forget_old_baskets(shop.unit_of_work, shop.clock()) == 0
    assert (await shop.service.get_basket(stranger)).is_empty
    assert not (await shop.service.get_basket(customer)).is_empty
    assert not (await shop.service.get_basket(late)).is_empty


async def _set_currency(shop: BasketShop, sku: str, currency: str) -> None:
    async with shop.unit_of_work.write() as session:
        of_it = ProductVariantRow.sku == sku
        await session.execute(update(ProductVariantRow).where(of_it).values(currency=currency))
