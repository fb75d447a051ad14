"""What every carrier must do, run on the simulated one; an adapter of a real one joins the list."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from balie.orders.kinds import ShipmentEventKind
from balie.parcels.errors import ParcelCarrierDownError, ParcelRefusedError
from balie.parcels.port import AnnouncedParcel, ParcelCarrier, ParcelEvent, ReturnAnnouncement, TimedCarrier
from balie.parcels.simulated import SimulatedCarrier
from tests.support.clock import StillClock
from tests.support.store import copy_database, opened

DROP_OFF = ReturnAnnouncement(
    key="return-1",
    return_number="RDD1-1",
    sender=("Noor Visser", "Lindelaan 18", "6814KD  Arnhem"),
    country="NL",
    pieces=2,
)
THURSDAY = date(2026, 11, 5)
PICK_UP = replace(DROP_OFF, pick_up_on=THURSDAY)


@dataclass
class World:
    """A carrier, and how to play the network and time."""

    carrier: ParcelCarrier
    simulated: SimulatedCarrier
    clock: StillClock


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    clock = StillClock()
    async with opened(copy_database(tmp_path)) as unit_of_work:
        simulated = SimulatedCarrier(unit_of_work, clock=clock)
        yield World(TimedCarrier(simulated, timedelta(seconds=30)), simulated, clock)


def kinds(events: tuple[ParcelEvent, ...]) -> list[ShipmentEventKind]:
    return [event.kind for event in events]


async def test_a_parcel_has_codes_that_fit_on_a_label(world: World) -> None:
    parcel = await world.carrier.announce_return(DROP_OFF)

    assert parcel.pick_up_on is None
    for code in (parcel.track_code, parcel.label_code):
        assert code.isalnum()
        assert code.isascii()
        assert 8 <= len(code) <= 40


async def test_the_same_key_is_the_same_parcel_and_another_another(world: World) -> None:
    first = await world.carrier.announce_return(DROP_OFF)

    assert await world.carrier.announce_return(DROP_OFF) == first
    assert (
        await world.carrier.announce_return(replace(DROP_OFF, key="return-2"))
    ).track_code != first.track_code


async def test_the_carrier_comes_on_the_day_that_was_asked_for(world: World) -> None:
    assert (await world.carrier.announce_return(PICK_UP)).pick_up_on == THURSDAY


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (replace(PICK_UP, pick_up_on=date(2026, 11, 2)), "day_not_possible"),
        (replace(PICK_UP, pick_up_on=date(2026, 11, 7)), "day_not_possible"),
        (replace(PICK_UP, country="GB"), "country_not_served"),
    ],
    ids=["a day that has passed", "a Saturday", "abroad"],
)
async def test_the_carrier_does_not_come_on_any_day_to_any_place(
    world: World, wrong: ReturnAnnouncement, reason: str
) -> None:
    with pytest.raises(ParcelRefusedError) as refused:
        await world.carrier.announce_return(wrong)

    assert refused.value.reason == reason


async def test_what_was_announced_can_be_followed(world: World) -> None:
    parcel = await world.carrier.announce_return(PICK_UP)
    assert kinds(await world.carrier.track(parcel.track_code)) == [ShipmentEventKind.ANNOUNCED]

    world.clock.now = datetime(2026, 11, 10, 12, tzinfo=UTC)
    events = await world.carrier.track(parcel.track_code)

    assert kinds(events) == [
        ShipmentEventKind.ANNOUNCED,
        ShipmentEventKind.HANDED_OVER,
        ShipmentEventKind.SORTED,
        ShipmentEventKind.DELIVERED,
    ]
    assert [event.happened_at for event in events] == sorted(event.happened_at for event in events)
    # Two working days after a Thursday.
    assert events[-1].happened_at.date() == date(2026, 11, 9)


async def test_of_what_the_customer_drops_off_only_the_announcement_is_known(world: World) -> None:
    parcel = await world.carrier.announce_return(DROP_OFF)
    world.clock.advance(timedelta(days=30))

    assert kinds(await world.carrier.track(parcel.track_code)) == [ShipmentEventKind.ANNOUNCED]


async def test_a_parcel_nobody_announced_is_unknown(world: World) -> None:
    with pytest.raises(ParcelRefusedError) as refused:
        await world.carrier.track("3SDRNOTHING")

    assert refused.value.reason == "unknown_parcel"


async def test_an_answer_that_was_lost_is_given_again(world: World) -> None:
    world.simulated.troubles.down_for = world.simulated.troubles.lose_answers = 1
    for _ in range(2):
        with pytest.raises(ParcelCarrierDownError):
            await world.carrier.announce_return(PICK_UP)

    parcel = await world.carrier.announce_return(PICK_UP)

    assert parcel == await world.carrier.announce_return(PICK_UP)


class Silent:
    """Never answers."""

    async def announce_return(self, announcement: ReturnAnnouncement) -> AnnouncedParcel:
        await asyncio.Event().wait()
        raise AssertionError(announcement)

    async def track(self, track_code: str) -> tuple[ParcelEvent, ...]:
        await asyncio.Event().wait()
        raise AssertionError(track_code)


async def test_a_carrier_that_takes_too_long_is_down() -> None:
    carrier = TimedCarrier(Silent(), timedelta(milliseconds=1))

    with pytest.raises(ParcelCarrierDownError):
        await carrier.announce_return(DROP_OFF)
    with pytest.raises(ParcelCarrierDownError):
        await carrier.track("3S")
