"""Returns that the carrier has to know of: each once, whatever goes wrong; labels do not wait for it."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from balie.documents.return_label import draw_return_label
from balie.kernel.back_off import BACK_OFF
from balie.orders.changes_asked import ReturnItems, ReturnWish
from balie.orders.kinds import ReturnMethod, ReturnReason
from balie.orders.models import ReturnRow
from balie.orders.outcomes import Done
from balie.orders.return_labels import ReturnLabels, ReturnLabelView
from balie.outbox.models import OutboxLetterRow
from balie.parcels.announcing import ReturnAnnouncer
from balie.parcels.kinds import AnnouncementState
from balie.parcels.models import ParcelAnnouncementRow, SimulatedParcelRow
from balie.parcels.port import AnnouncedParcel, ReturnAnnouncement
from balie.parcels.simulated import SimulatedCarrier
from balie.storage.engine import open_async_engine
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW, ChangingShop, shop_terms
from tests.support.content import real_renderer

THURSDAY = date(2026, 11, 5)


class ReturningShop(ChangingShop):
    """An order that has arrived, and a carrier that does what a test says."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        super().__init__(unit_of_work)
        self.carrier = SimulatedCarrier(unit_of_work, clock=self.clock)
        self.announcer = ReturnAnnouncer(unit_of_work, self.carrier, shop_terms(), clock=self.clock)
        self.labels = ReturnLabels(unit_of_work, shop_terms())

    async def send_back(
        self, method: ReturnMethod = ReturnMethod.PARCEL, pick_up_on: date | None = None
    ) -> str:
        """Register a return of one shoe; its number."""
        wish = ReturnWish(position=1, quantity=1, reason=ReturnReason.TOO_SMALL)
        done = await self.make(ReturnItems((wish,), method, pick_up_on))
        assert isinstance(done, Done)
        return str(done.return_number)

    async def states(self) -> list[tuple[str, str | None]]:
        return [(row.state, row.trouble) for row in await self.rows(ParcelAnnouncementRow)]

    async def parcels(self) -> int:
        return await self.count(SimulatedParcelRow)

    async def label(self, number: str) -> ReturnLabelView:
        return await self.labels.get_label(number)


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> ReturningShop:
    shop = ReturningShop(unit_of_work)
    await shop.open()
    await shop.pay()
    await shop.ship(delivered=3)
    return shop


async def test_a_return_by_parcel_is_announced_once_and_its_label_bears_the_code(shop: ReturningShop) -> None:
    number = await shop.send_back()

    assert await shop.announcer.send_due() == 1
    assert await shop.announcer.send_due() == 0

    [returned], [announced] = await shop.rows(ReturnRow), await shop.rows(ParcelAnnouncementRow)
    assert returned.track_code == announced.track_code == (await shop.label(number)).track_code
    assert (announced.state, announced.ended_at, bool(announced.label_code)) == ("done", NOW, True)
    assert await shop.carrier.track(returned.track_code)


async def test_the_carrier_is_told_what_comes_from_where_and_when(shop: ReturningShop) -> None:
    told: list[ReturnAnnouncement] = []

    class Listening(SimulatedCarrier):
        async def announce_return(self, announcement: ReturnAnnouncement) -> AnnouncedParcel:
            told.append(announcement)
            return await super().announce_return(announcement)

    number = await shop.send_back(ReturnMethod.PICK_UP, THURSDAY)
    carrier = Listening(shop.unit_of_work, clock=shop.clock)
    await ReturnAnnouncer(shop.unit_of_work, carrier, shop_terms(), clock=shop.clock).send_due()

    [announcement] = told
    assert (announcement.return_number, announcement.country, announcement.pieces) == (number, "NL", 1)
    assert announcement.sender == ("Sanne de Wit", "Beukenlaan 12", "3811BK  Amersfoort")
    assert announcement.pick_up_on == THURSDAY


async def test_the_day_the_carrier_names_is_the_day(shop: ReturningShop) -> None:
    class LaterCarrier(SimulatedCarrier):
        async def announce_return(self, announcement: ReturnAnnouncement) -> AnnouncedParcel:
            parcel = await super().announce_return(announcement)
            return AnnouncedParcel(
                track_code=parcel.track_code, label_code=parcel.label_code, pick_up_on=date(2026, 11, 6)
            )

    await shop.send_back(ReturnMethod.PICK_UP, THURSDAY)
    carrier = LaterCarrier(shop.unit_of_work, clock=shop.clock)
    await ReturnAnnouncer(shop.unit_of_work, carrier, shop_terms(), clock=shop.clock).send_due()

    assert [row.pick_up_on for row in await shop.rows(ReturnRow)] == [date(2026, 11, 6)]


async def test_what_comes_to_a_store_or_is_on_its_way_or_too_old_is_not_announced(
    shop: ReturningShop,
) -> None:
    await shop.send_back(ReturnMethod.STORE)
    for number, times in enumerate(
        (
            {"announced_at": NOW, "sent_at": NOW},
            {"announced_at": NOW, "received_at": NOW},
            {"announced_at": NOW - timedelta(days=15)},
        )
    ):
        await shop.add(ReturnRow(order_id=shop.order.id, number=f"R{number}", method="parcel", **times))

    assert await shop.announcer.send_due() == 0
    assert await shop.states() == []


async def test_a_label_is_printed_while_the_carrier_is_down(shop: ReturningShop) -> None:
    number = await shop.send_back()
    shop.carrier.troubles.down_for = 1
    await shop.announcer.send_due()

    without = await shop.label(number)
    shop.clock.advance(timedelta(minutes=1))
    await shop.announcer.send_due()
    with_code = await shop.label(number)

    assert without.track_code is None
    assert with_code.track_code is not None
    pages = [draw_return_label(label, real_renderer()) for label in (without, with_code)]
    assert all(page.startswith(b"%PDF-") for page in pages)
    assert pages[0] != pages[1]


async def test_waits_grow_while_the_carrier_is_down(shop: ReturningShop) -> None:
    await shop.send_back()
    waits = []
    for _ in BACK_OFF:
        shop.carrier.troubles.down_for = 1
        await shop.announcer.send_due()
        [row] = await shop.rows(ParcelAnnouncementRow)
        waits.append(row.due_at - shop.clock())
        shop.clock.now = row.due_at

    assert waits == list(BACK_OFF)
    assert await shop.states() == [(AnnouncementState.WANTED, "parcel_carrier_down")]
    assert await shop.announcer.send_due() == 1


async def test_an_answer_that_was_lost_is_asked_for_again_and_one_parcel_is_expected(
    shop: ReturningShop,
) -> None:
    await shop.send_back()
    shop.carrier.troubles.lose_answers = 2
    for _ in range(3):
        await shop.announcer.send_due()
        shop.clock.advance(timedelta(minutes=5))

    assert (await shop.states(), await shop.parcels()) == ([(AnnouncementState.DONE, None)], 1)


async def test_where_the_carrier_does_not_come_the_customer_gets_a_label_and_a_person_hears_of_it(
    shop: ReturningShop, caplog: pytest.LogCaptureFixture
) -> None:
    number = await shop.send_back(ReturnMethod.PICK_UP, date(2026, 11, 4))
    # The loop was away until after the day.
    shop.clock.advance(timedelta(days=2))

    for _ in range(2):
        assert await shop.announcer.send_due() == 0

    assert await shop.states() == [(AnnouncementState.REFUSED, "day_not_possible")]
    assert (await shop.label(number)).track_code is None
    letters = await shop.rows(OutboxLetterRow)
    assert [(one.letter, one.facts["pick_up_on"]) for one in letters] == [("letter_no_pick_up", "2026-11-04")]
    assert letters[0].papers == [{"kind": "label", "number": number}]
    [returned] = await shop.rows(ReturnRow)
    assert (returned.method, returned.pick_up_on) == ("parcel", None)
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


async def test_two_processes_announce_once(shop: ReturningShop, database_url: str) -> None:
    for _ in range(2):
        await shop.send_back()
    engine = open_async_engine(database_url)
    try:
        store = UnitOfWork(engine)
        carrier = SimulatedCarrier(store, clock=shop.clock)
        other = ReturnAnnouncer(store, carrier, shop_terms(), clock=shop.clock)
        told = await asyncio.gather(*(one.send_due() for one in (shop.announcer, other, shop.announcer)))
    finally:
        await engine.dispose()

    assert (sum(told), await shop.parcels()) == (2, 2)
    assert await shop.states() == [(AnnouncementState.DONE, None)] * 2


async def test_one_carrier_that_does_not_answer_does_not_hold_up_the_round_forever(
    shop: ReturningShop,
) -> None:
    for _ in range(2):
        await shop.send_back()
    shop.carrier.troubles.down_for = 1

    assert await shop.announcer.send_due() == 0
    assert await shop.announcer.send_due() == 1
