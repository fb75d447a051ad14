"""Recommendations before anything was learned: what lies on the shelf, and no claim that others like it."""

from __future__ import annotations

import pytest

from balie.orders.demo.personas import SANNE
from tests.flows.test_recommending import advised, cards, taps
from tests.support.counter import Shop
from tests.support.recommending import Lists

CLAIMS = ("kiezen anderen", "gekozen", "geliefd", "others", "popular", "loved")
IN_STOCK = {"nl": "Nu online op voorraad.", "en": "In stock online right now."}


@pytest.fixture
async def new_shop(shop: Shop) -> Lists:
    """Everything is in stock, and no list was ever learned."""
    lists = Lists(shop.unit_of_work)
    await lists.stock_up()
    return lists


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "welke tent tot 150 euro raad je aan?"), ("en", "which tent under 150 euros do you recommend?")],
)
async def test_who_names_a_kind_and_a_budget_is_shown_what_is_in_stock(
    shop: Shop, new_shop: Lists, language: str, words: str
) -> None:
    answer = await advised(await shop.stranger(language), words)

    assert answer.responses == ["utter_recommended"]
    assert {card["sku"] for card in cards(answer)} <= set(await new_shop.products("tents"))
    assert {card["reason"] for card in cards(answer)} == {IN_STOCK[language]}
    assert not [claim for claim in CLAIMS if claim in answer.text.casefold()]


async def test_who_minds_nothing_is_shown_something_of_several_kinds(shop: Shop, new_shop: Lists) -> None:
    customer = await shop.stranger("nl")
    answer = await advised(customer, "kun je me helpen kiezen")
    answer = await taps(customer, answer, "Maakt niet uit")
    answer = await taps(customer, answer, "Maakt niet uit")

    assert answer.responses == ["utter_recommended"]
    assert len(cards(answer)) == 3
    assert not [claim for claim in CLAIMS if claim in answer.text.casefold()]
    assert {name for name, _, _ in await new_shop.exposures()} == {"personal"}


async def test_what_merely_lies_there_is_not_what_fits_a_customer(shop: Shop, new_shop: Lists) -> None:
    await new_shop.agree(SANNE)

    answer = await advised(await shop.known(SANNE), "wat raad je me aan?")

    assert answer.responses == ["utter_ask_use"]
