"""Alerts, pieces put aside, reviews: what is on a shelf, and what is said of it."""

from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from balie.audit.models import AuditEntryRow
from balie.catalogue.hours import Period, StoreCalendar
from balie.errands.asked import AlertWhenInStock, PutAside, WriteReview
from balie.errands.collecting import MOST_OPEN, release_lapsed_collections
from balie.errands.collecting_rules import ready_at
from balie.errands.kinds import Obstacle
from balie.errands.models import CollectionRow, ReviewRow, StockAlertRow
from balie.errands.outcomes import ErrandDone, ErrandOffer, ErrandRefused
from balie.errands.stock_alerts import tell_alerts
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW
from tests.storage.errands_shop import EMAIL, ErrandShop, another_counter
from tests.storage.test_changes_at_once import FailingAt, MachineFailedError
from tests.storage.test_changes_properties import EXAMPLES
from tests.support.content import real_renderer
from tests.support.store import copy_database, opened

ALERT = AlertWhenInStock("SHOE-44")
ASIDE = PutAside("TENT", "UTR")


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> ErrandShop:
    shop = await ErrandShop(unit_of_work).open()
    await shop.set_online("SHOE-44", 0)
    await shop.set_stock_in("UTR", "TENT", 2)
    return shop


async def tell(shop: ErrandShop) -> int:
    return await tell_alerts(shop.unit_of_work, shop.clock.now)


# --- alerts


async def test_a_variant_that_is_back_is_told_of_once(shop: ErrandShop) -> None:
    done = await shop.done(ALERT)

    assert done.facts["kept_until"] == "2027-05-02"
    assert (done.facts["names"]["nl"], done.facts["size"], done.facts["email"]) == (
        "shoe",
        "44",
        "k•••@voorbeeld.example",
    )
    assert await tell(shop) == 0
    await shop.set_online("SHOE-44", 3)
    assert (await tell(shop), await tell(shop)) == (1, 0)
    letter = await shop.letter()
    assert (letter.letter, letter.recipient, letter.language) == ("letter_back_in_stock", EMAIL, "nl")
    assert letter.facts == {"product": "shoe", "size": "44", "colour": ""}
    assert "shoe, maat 44" in real_renderer().render_letter(letter.letter, "nl", letter.facts).text
    assert (await shop.rows(StockAlertRow))[0].told_at == NOW


async def test_somebody_who_was_told_may_ask_again_and_is_told_again(shop: ErrandShop) -> None:
    await shop.done(ALERT)
    assert (await shop.refused(ALERT)).facts["kept_until"] == "2027-05-02"
    await shop.set_online("SHOE-44", 1)
    await tell(shop)
    await shop.set_online("SHOE-44", 0)
    shop.clock.advance(timedelta(days=1))

    await shop.done(ALERT)
    await shop.set_online("SHOE-44", 1)

    assert await tell(shop) == 1
    assert len(await shop.letters()) == 2
    assert await shop.count(StockAlertRow) == 1


async def test_everybody_who_waits_is_told(shop: ErrandShop) -> None:
    await shop.done(ALERT)
    await shop.done(ALERT, asker=shop.asker(shop.tom))
    await shop.set_online("SHOE-44", 1)

    assert await tell(shop) == 2
    assert {letter.recipient for letter in await shop.letters()} == {EMAIL, "k-2002@voorbeeld.example"}


async def test_more_than_fit_into_one_transaction_are_told_in_several(shop: ErrandShop) -> None:
    await shop.done(ALERT)
    await shop.done(ALERT, asker=shop.asker(shop.tom))
    await shop.set_online("SHOE-44", 1)

    assert await tell_alerts(shop.unit_of_work, shop.clock.now, at_once=1) == 2
    assert len(await shop.letters()) == 2


async def test_two_processes_tell_everybody_once(shop: ErrandShop) -> None:
    await shop.done(ALERT)
    await shop.done(ALERT, asker=shop.asker(shop.tom))
    await shop.set_online("SHOE-44", 1)

    told = await asyncio.gather(*(tell(shop) for _ in range(3)))

    assert sum(told) == 2
    assert len(await shop.letters()) == 2


async def test_a_failure_while_telling_leaves_the_wish_for_the_next_round(
    shop: ErrandShop, engine: AsyncEngine
) -> None:
    await shop.done(ALERT)
    await shop.set_online("SHOE-44", 1)
    failures = 0
    while True:
        try:
            with FailingAt(engine, failures):
                told = await tell(shop)
        except MachineFailedError:
            failures += 1
            [alert] = await shop.rows(StockAlertRow)
            assert (alert.told_at is None) == (await shop.letters() == [])
            continue
        break

    assert failures > 3
    assert told == 1
    assert len(await shop.letters()) == 1


async def test_a_wish_lapses_after_the_days_that_were_promised(shop: ErrandShop) -> None:
    await shop.done(ALERT)
    shop.clock.advance(timedelta(days=180))
    await tell(shop)
    assert await shop.count(StockAlertRow) == 1
    shop.clock.advance(timedelta(days=1))
    await shop.set_online("SHOE-44", 1)

    assert await tell(shop) == 0
    assert await shop.count(StockAlertRow) == 0
    assert await shop.letters() == []


async def test_what_is_sold_no_more_is_not_announced(shop: ErrandShop) -> None:
    await shop.done(ALERT)
    await shop.set_product("SHOE", active=False)
    await shop.set_online("SHOE-44", 1)

    assert await tell(shop) == 0


@pytest.mark.parametrize(
    ("sku", "obstacle", "instead"),
    [
        ("SHOE-42", Obstacle.IN_STOCK, "place_order"),
        ("OLD", Obstacle.NOT_SOLD, None),
        ("NOTHING", Obstacle.NOT_SOLD, None),
    ],
)
async def test_only_what_is_sold_and_not_there_can_be_waited_for(
    shop: ErrandShop, sku: str, obstacle: Obstacle, instead: str | None
) -> None:
    refused = await shop.refused(AlertWhenInStock(sku))

    assert (refused.obstacle, refused.instead) == (obstacle, instead)


# --- pieces put aside


async def test_a_piece_is_put_aside_for_a_week_and_leaves_the_shelf(shop: ErrandShop) -> None:
    done = await shop.done(ASIDE)

    assert done.facts["number"].startswith("AF10000")
    assert (done.facts["store"], done.facts["city"]) == ("Duin & Dal Utrecht", "Utrecht")
    assert (done.facts["ready_by"], done.facts["ready_time"]) == ("2026-11-03T13:00+01:00", "13:00")
    assert done.facts["kept_until"] == "2026-11-10"
    assert await shop.stock_in("UTR", "TENT") == 1
    letter = await shop.letter()
    words = real_renderer().render_letter(letter.letter, "nl", letter.facts)
    assert done.facts["number"] in words.subject
    assert "dinsdag 3 november, 13.00 uur" in words.text
    assert "dinsdag 10 november" in words.text


async def test_what_nobody_fetches_goes_back_on_the_shelf_once(shop: ErrandShop) -> None:
    await shop.done(ASIDE)
    shop.clock.advance(timedelta(days=7))
    assert await release_lapsed_collections(shop.unit_of_work, shop.clock.now) == 0
    shop.clock.advance(timedelta(days=1))

    released = [await release_lapsed_collections(shop.unit_of_work, shop.clock.now) for _ in range(2)]

    assert released == [1, 0]
    assert await shop.stock_in("UTR", "TENT") == 2
    [collection] = await shop.rows(CollectionRow)
    assert collection.released_at == shop.clock.now


async def test_what_was_fetched_does_not_come_back(shop: ErrandShop) -> None:
    await shop.done(ASIDE)
    await shop.fetch_everything()
    shop.clock.advance(timedelta(days=8))

    assert await release_lapsed_collections(shop.unit_of_work, shop.clock.now) == 0
    assert await shop.stock_in("UTR", "TENT") == 1


async def test_a_store_without_it_names_the_nearest_that_have_it(shop: ErrandShop) -> None:
    for code in ("AMS", "GRN", "OUT"):
        await shop.set_stock_in(code, "SHOE-42", 1)

    refused = await shop.refused(PutAside("SHOE-42", "UTR"))

    assert (refused.obstacle, refused.instead) == (Obstacle.NOT_IN_STORE, None)
    assert [store["store_code"] for store in refused.facts["elsewhere"]] == ["AMS", "GRN"]


async def test_what_no_store_has_can_be_waited_for(shop: ErrandShop) -> None:
    refused = await shop.refused(PutAside("SHOE-42", "UTR"))

    assert (refused.facts["elsewhere"], refused.instead) == ([], "back_in_stock_alert")


async def test_bicycles_can_be_collected_too(shop: ErrandShop) -> None:
    await shop.set_stock_in("UTR", "BIKE", 1)

    await shop.done(PutAside("BIKE", "UTR"))

    assert await shop.stock_in("UTR", "BIKE") == 0


@pytest.mark.parametrize(
    ("errand", "obstacle"),
    [
        (PutAside("OLD", "UTR"), Obstacle.NOT_SOLD),
        (PutAside("TENT", "NOWHERE"), Obstacle.NOT_COLLECTABLE),
        (PutAside("TENT", "OUT"), Obstacle.NOT_COLLECTABLE),
    ],
)
async def test_what_cannot_be_collected_is_refused(
    shop: ErrandShop, errand: PutAside, obstacle: Obstacle
) -> None:
    await shop.set_stock_in("OUT", "TENT", 5)

    assert (await shop.refused(errand)).obstacle is obstacle


async def test_five_pieces_are_kept_for_one_customer_and_no_more(shop: ErrandShop) -> None:
    await shop.set_stock_in("UTR", "TENT", 9)
    for _ in range(MOST_OPEN):
        await shop.done(ASIDE)

    assert (await shop.refused(ASIDE)).obstacle is Obstacle.TOO_MANY
    await shop.done(ASIDE, asker=shop.asker(shop.tom))
    await shop.fetch_everything()
    await shop.done(ASIDE)


async def test_one_customer_at_two_counters_gets_no_sixth_piece(shop: ErrandShop, database_url: str) -> None:
    await shop.set_stock_in("UTR", "TENT", 9)
    for _ in range(MOST_OPEN - 1):
        await shop.done(ASIDE)
    offer = await shop.offered(ASIDE)

    async with another_counter(database_url, shop) as other:
        outcomes = await asyncio.gather(
            *(shop.agree(ASIDE, offer, at=counter) for counter in (shop.errands, other))
        )

    assert sorted(outcome.kind for outcome in outcomes) == ["done", "refused"]
    assert await shop.stock_in("UTR", "TENT") == 4


async def test_the_last_piece_goes_to_one_of_two(shop: ErrandShop, database_url: str) -> None:
    await shop.set_stock_in("UTR", "TENT", 1)
    offer, tom = await shop.offered(ASIDE), shop.asker(shop.tom)
    toms = await shop.offered(ASIDE, asker=tom)

    async with another_counter(database_url, shop) as other:
        outcomes = await asyncio.gather(
            shop.agree(ASIDE, offer), shop.agree(ASIDE, toms, asker=tom, at=other)
        )

    assert sorted(outcome.kind for outcome in outcomes) == ["done", "refused"]
    [refused] = [outcome for outcome in outcomes if isinstance(outcome, ErrandRefused)]
    assert refused.obstacle is Obstacle.NOT_IN_STORE
    assert await shop.stock_in("UTR", "TENT") == 0
    assert await shop.count(CollectionRow) == 1


moves = st.lists(
    st.sampled_from(["sanne", "tom", "fetch", "later", "release", "offer", "agree", "sell"]),
    min_size=1,
    max_size=14,
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moves, st.integers(0, 3))
def test_pieces_lie_on_the_shelf_are_kept_aside_or_were_taken_home(taken: list[str], stock: int) -> None:
    asyncio.run(_play(taken, stock))


async def _play(taken: list[str], stock: int) -> None:
    with TemporaryDirectory() as folder:
        async with opened(copy_database(Path(folder))) as unit_of_work:
            shelf = Shelf(await ErrandShop(unit_of_work).open())
            await shelf.shop.set_stock_in("UTR", "TENT", stock)
            for move in taken:
                await getattr(shelf, move)()
                rows = await shelf.shop.rows(CollectionRow)
                gone = sum(row.quantity for row in rows if row.released_at is None)
                left = await shelf.shop.stock_in("UTR", "TENT")
                assert left >= 0
                assert left + gone + shelf.sold == stock


class Shelf:
    """What may happen to the tents in Utrecht."""

    def __init__(self, shop: ErrandShop) -> None:
        self.shop = shop
        self.sold = 0
        self._offers: list[ErrandOffer] = []

    async def sanne(self) -> None:
        await self._ask(self.shop.customer, agrees=True)

    async def tom(self) -> None:
        await self._ask(self.shop.tom, agrees=True)

    async def offer(self) -> None:
        await self._ask(self.shop.customer, agrees=False)

    async def agree(self) -> None:
        """To an offer of a while ago."""
        if self._offers:
            await self.shop.agree(ASIDE, self._offers[-1])

    async def fetch(self) -> None:
        await self.shop.fetch_everything()

    async def later(self) -> None:
        self.shop.clock.advance(timedelta(days=5))

    async def release(self) -> None:
        await release_lapsed_collections(self.shop.unit_of_work, self.shop.clock.now)

    async def sell(self) -> None:
        if left := await self.shop.stock_in("UTR", "TENT"):
            await self.shop.set_stock_in("UTR", "TENT", left - 1)
            self.sold += 1

    async def _ask(self, customer: int, *, agrees: bool) -> None:
        asker = self.shop.asker(customer)
        offer = await self.shop.errands.offer(asker, ASIDE)
        if isinstance(offer, ErrandOffer):
            self._offers.append(offer)
            if agrees:
                assert isinstance(await self.shop.agree(ASIDE, offer, asker=asker), ErrandDone)


AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WEEK = {day: [Period(time(9), time(18))] for day in range(5)}


@pytest.mark.parametrize(
    ("asked", "ready"),
    [
        ("2026-11-03T10:00+01:00", "2026-11-03T12:00+01:00"),
        ("2026-11-03T07:00+01:00", "2026-11-03T11:00+01:00"),
        ("2026-11-03T17:30+01:00", "2026-11-04T10:30+01:00"),
        ("2026-11-06T17:30+01:00", "2026-11-09T10:30+01:00"),
        ("2026-11-03T23:00+01:00", "2026-11-04T11:00+01:00"),
    ],
)
def test_a_piece_lies_ready_after_two_hours_in_which_the_store_is_open(asked: str, ready: str) -> None:
    calendar = StoreCalendar(WEEK, {}, "NL")

    found = ready_at(datetime.fromisoformat(asked), 2, calendar, AMSTERDAM)

    assert found is not None
    assert found.isoformat(timespec="minutes") == ready


def test_a_store_that_never_opens_promises_nothing() -> None:
    assert ready_at(NOW, 2, StoreCalendar({}, {}, "NL"), AMSTERDAM) is None


# --- reviews


async def test_a_product_that_was_received_can_be_reviewed_and_a_review_replaced(shop: ErrandShop) -> None:
    await shop.pay()
    await shop.ship(delivered=2)

    done = await shop.done(WriteReview("SHOE", 4, " Fijn.\x00\r\nZit goed. "))

    assert done.facts == {**done.facts, "stars": 4, "published_by": "2026-11-05"}
    assert done.facts["names"]["en"] == "shoe"
    [review] = await shop.rows(ReviewRow)
    assert (review.stars, review.text, review.language) == (4, "Fijn.\nZit goed.", "nl")
    assert review.published_at is None
    await shop.publish_reviews()

    await shop.done(WriteReview("SHOE", 2, None), asker=shop.asker(language="en"))

    [review] = await shop.rows(ReviewRow)
    assert (review.stars, review.text, review.language, review.published_at) == (2, None, "en", None)
    entry = (await shop.rows(AuditEntryRow))[1]
    assert entry.before == {"product": "SHOE", "stars": 4, "text": "Fijn.\nZit goed."}
    assert entry.after == {"product": "SHOE", "stars": 2, "text": None}
    assert (await shop.refused(WriteReview("SHOE", 2, " "))).obstacle is Obstacle.ALREADY_SO


@pytest.mark.parametrize("sku", ["BIKE", "NOTHING", "SHOE"])
async def test_what_did_not_arrive_cannot_be_reviewed(shop: ErrandShop, sku: str) -> None:
    await shop.ship()

    assert (await shop.refused(WriteReview(sku, 5))).obstacle is Obstacle.NOT_BOUGHT


async def test_what_somebody_else_received_cannot_be_reviewed(shop: ErrandShop) -> None:
    await shop.ship(delivered=2)

    refused = await shop.refused(WriteReview("SHOE", 5), asker=shop.asker(shop.tom))

    assert refused.obstacle is Obstacle.NOT_BOUGHT


@pytest.mark.parametrize("stars", [0, 6, -1])
async def test_a_review_has_one_to_five_stars(shop: ErrandShop, stars: int) -> None:
    assert (await shop.refused(WriteReview("SHOE", stars))).obstacle is Obstacle.INVALID_STARS
