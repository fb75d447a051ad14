"""What holds for every errand: done once, as it was shown, all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from balie.cases.kinds import CaseKind
from balie.customers.kinds import AccountType, AddressKind
from balie.errands.asked import (
    COUNTED,
    AddToBasket,
    AlertWhenInStock,
    DeleteAccount,
    EditAccount,
    Errand,
    MailLink,
    OpenCase,
    PutAside,
    SetAddress,
    Subscribe,
    SwitchAccount,
    WriteReview,
)
from balie.errands.errors import AskerUnknownError
from balie.errands.kinds import Obstacle, Undertaking
from balie.errands.outcomes import ErrandDone, ErrandRefused
from balie.errands.table import PREPARES
from balie.orders.changes_asked import DeliveryAddress
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import a_turn
from tests.storage.errands_shop import CONVERSATION, ErrandShop, another_counter
from tests.support.content import real_renderer

ADDRESS = DeliveryAddress(
    street="Kerkstraat", house_number="5", postcode="1012 ab", city="Amsterdam", country="NL"
)
EVERY: Mapping[str, Errand] = {
    "case": OpenCase(kind=CaseKind.COMPLAINT, story="De doos was nat."),
    "newsletter": Subscribe(wanted=True),
    "alert": AlertWhenInStock("SHOE-44"),
    "review": WriteReview("SHOE", 4, "Fijne schoen."),
    "collection": PutAside("TENT", "UTR"),
    "edit": EditAccount(first_name="Sanna", phone="06 12345678"),
    "email": EditAccount(email="nieuw@voorbeeld.example"),
    "address": SetAddress(ADDRESS),
    "switch": SwitchAccount(AccountType.BUSINESS),
    "deletion": DeleteAccount(),
    "link": MailLink("k-2002@voorbeeld.example", creates=False),
    "basket": AddToBasket("SHOE-42", 2),
}
FOR_ANYBODY = {"case", "link", "basket"}
MAILED = {"case", "newsletter", "collection", "email", "deletion", "link"}


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> ErrandShop:
    shop = await ErrandShop(unit_of_work).open()
    await shop.pay()
    await shop.ship(delivered=3)
    await shop.set_stock_in("UTR", "TENT", 2)
    await shop.set_online("SHOE-44", 0)
    return shop


def test_every_errand_is_looked_at_here() -> None:
    # What can be guessed at is counted when it is looked at: its tests are those of baskets.
    assert {type(errand) for errand in EVERY.values()} == set(PREPARES) - set(COUNTED)
    counted = {errand.undertaking for errand in COUNTED}
    assert {errand.undertaking for errand in EVERY.values()} == set(Undertaking) - counted


@pytest.mark.parametrize("name", EVERY)
async def test_an_offer_changes_nothing_and_a_yes_does_it_once(shop: ErrandShop, name: str) -> None:
    errand, turn = EVERY[name], a_turn(CONVERSATION)
    offer = await shop.offered(errand)
    assert await shop.traces() == (0, 0, 0)

    first = await shop.agree(errand, offer, turn=turn)
    again = await shop.agree(errand, offer, turn=turn)

    assert isinstance(first, ErrandDone)
    assert again == replace(first, repeated=True)
    assert dict(first.facts).items() >= {**offer.facts, **_moving(first.facts)}.items()
    letters, entries, keys = await shop.traces()
    assert (entries, keys) == (1, 1)
    assert (letters > 0) == (name in MAILED)
    assert shop.bell.rings == 1


def _moving(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: facts[name] for name in ("ready_by", "ready_time") if name in facts}


@pytest.mark.parametrize("name", EVERY)
async def test_the_same_turn_in_two_processes_has_one_effect(
    shop: ErrandShop, database_url: str, name: str
) -> None:
    errand, turn = EVERY[name], a_turn(CONVERSATION)
    offer = await shop.offered(errand)

    async with another_counter(database_url, shop) as other:
        outcomes = await asyncio.gather(
            *(shop.agree(errand, offer, turn=turn, at=counter) for counter in (shop.errands, other) * 2)
        )

    assert sorted(outcome.repeated for outcome in outcomes) == [False, True, True, True]
    assert (await shop.traces())[1:] == (1, 1)


@pytest.mark.parametrize("name", EVERY)
async def test_a_failure_at_any_statement_leaves_nothing_and_the_same_turn_succeeds_afterwards(
    shop: ErrandShop, engine: AsyncEngine, name: str
) -> None:
    await shop.survives_failures(engine, EVERY[name])

    assert (await shop.traces())[1:] == (1, 1)


async def _sells_no_more(shop: ErrandShop) -> None:
    await shop.set_product("SHOE", active=False)
    await shop.set_product("TENT", active=False)


MEANWHILE: Mapping[str, tuple[Callable[[ErrandShop], Awaitable[object]], Obstacle]] = {
    "newsletter": (lambda shop: shop.consent(granted=True), Obstacle.ALREADY_SO),
    "alert": (_sells_no_more, Obstacle.NOT_SOLD),
    "collection": (lambda shop: shop.set_stock_in("UTR", "TENT", 0), Obstacle.NOT_IN_STORE),
    "review": (lambda shop: shop.done(WriteReview("SHOE", 1, None)), Obstacle.CHANGED_MEANWHILE),
    "edit": (lambda shop: shop.set_customer(first_name="Suus"), Obstacle.CHANGED_MEANWHILE),
    "email": (lambda shop: shop.set_customer(email="suus@voorbeeld.example"), Obstacle.CHANGED_MEANWHILE),
    "address": (
        lambda shop: shop.address(AddressKind.DELIVERY, street="Dorpsstraat"),
        Obstacle.CHANGED_MEANWHILE,
    ),
    "switch": (lambda shop: shop.set_customer(account_type="business"), Obstacle.ALREADY_SO),
    "deletion": (lambda shop: shop.place("DD9", {"TENT": 1}), Obstacle.OPEN_ORDERS),
}


@pytest.mark.parametrize("name", MEANWHILE)
async def test_what_has_changed_since_the_offer_is_not_done(shop: ErrandShop, name: str) -> None:
    change, obstacle = MEANWHILE[name]
    offer = await shop.offered(EVERY[name])
    await change(shop)
    before = await shop.traces()

    outcome = await shop.agree(EVERY[name], offer)

    assert isinstance(outcome, ErrandRefused)
    assert outcome.obstacle is obstacle
    letters, entries, keys = await shop.traces()
    assert (letters, entries, keys) == (before[0], before[1], before[2] + 1)


@pytest.mark.parametrize("name", EVERY)
async def test_who_is_unknown_may_complain_fill_a_basket_ask_for_a_link_and_nothing_else(
    shop: ErrandShop, name: str
) -> None:
    stranger = shop.asker(None)
    if name in FOR_ANYBODY:
        assert isinstance(await shop.done(EVERY[name], asker=stranger), ErrandDone)
        return
    for asker in (stranger, shop.asker(999_999)):
        with pytest.raises(AskerUnknownError):
            await shop.errands.offer(asker, EVERY[name])


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", sorted(MAILED))
async def test_every_letter_that_is_promised_can_be_written(
    shop: ErrandShop, name: str, language: str
) -> None:
    asker = shop.asker(language=language)
    await shop.done(EVERY[name], asker=asker)

    for letter in await shop.letters():
        words = real_renderer().render_letter(letter.letter, letter.language, letter.facts)
        assert letter.language == language
        assert words.subject
        assert "Groeten" in words.text or "Kind regards" in words.text
