"""A carrier that is made up: it remembers its parcels, works on working days, and has troubles when told to.

It stands for somebody else's service. So it has a table of its own, and must not be asked inside one of our
transactions.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, local_day, utc_now
from balie.kernel.simulated_trouble import Trouble, Troubles
from balie.orders.kinds import ShipmentEventKind
from balie.orders.working_days import add_working_days, is_working_day
from balie.parcels.errors import ParcelCarrierDownError, ParcelRefusedError
from balie.parcels.models import SimulatedParcelRow
from balie.parcels.port import AnnouncedParcel, ParcelEvent, ReturnAnnouncement
from balie.parcels.repository import ParcelRepository
from balie.storage.unit_of_work import Session, UnitOfWork

PICKS_UP_IN: Final = frozenset({"NL", "BE"})
_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LENGTH: Final = 10
_DAYS_ON_THE_ROAD: Final = 2


class SimulatedCarrier:
    """Moves no real parcels. A parcel that is dropped off it only knows as announced.

    Attributes:
        troubles: What goes wrong with the next calls.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        *,
        clock: Clock = utc_now,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
        troubles: Troubles | None = None,
    ) -> None:
        """Build it; ``troubles`` is None for a carrier that always works."""
        self.troubles = troubles or Troubles()
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._timezone = timezone

    async def announce_return(self, announcement: ReturnAnnouncement) -> AnnouncedParcel:
        """As of the port. Track and label code follow from the key."""
        async with self._answering() as session:
            parcel = await ParcelRepository(session).find_simulated(announcement.key)
            if parcel is None:
                self._check_day(announcement)
                parcel = SimulatedParcelRow(
                    track_code=f"3SDR{_code_of(announcement.key)}",
                    key=announcement.key,
                    country=announcement.country,
                    announced_at=self._clock(),
                    pick_up_on=announcement.pick_up_on,
                )
                session.add(parcel)
            label_code = f"L{_code_of(parcel.track_code)}"
            return AnnouncedParcel(
                track_code=parcel.track_code, label_code=label_code, pick_up_on=parcel.pick_up_on
            )

    async def track(self, track_code: str) -> tuple[ParcelEvent, ...]:
        """As of the port."""
        async with self._answering() as session:
            parcel = await session.get(SimulatedParcelRow, track_code)
            if parcel is None:
                raise ParcelRefusedError("unknown_parcel")
            now = self._clock()
            return tuple(event for event in self._life(parcel) if event.happened_at <= now)

    def _check_day(self, announcement: ReturnAnnouncement) -> None:
        day, country = announcement.pick_up_on, announcement.country
        if day is None:
            return
        if country not in PICKS_UP_IN:
            raise ParcelRefusedError("country_not_served")
        if day < local_day(self._clock(), self._timezone) or not is_working_day(day, country):
            raise ParcelRefusedError("day_not_possible")

    def _life(self, parcel: SimulatedParcelRow) -> Iterator[ParcelEvent]:
        yield ParcelEvent(kind=ShipmentEventKind.ANNOUNCED, happened_at=parcel.announced_at)
        if parcel.pick_up_on is None:
            return
        collected, country = parcel.pick_up_on, parcel.country
        arrives = add_working_days(collected, _DAYS_ON_THE_ROAD, country)
        yield ParcelEvent(kind=ShipmentEventKind.HANDED_OVER, happened_at=self._at(collected, 16))
        yield ParcelEvent(kind=ShipmentEventKind.SORTED, happened_at=self._at(collected, 23))
        yield ParcelEvent(kind=ShipmentEventKind.DELIVERED, happened_at=self._at(arrives, 10))

    def _at(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), self._timezone).astimezone(UTC)

    @asynccontextmanager
    async def _answering(self) -> AsyncIterator[Session]:
        trouble = self.troubles.next()
        if trouble is Trouble.DOWN:
            raise ParcelCarrierDownError
        async with self._unit_of_work.write() as session:
            yield session
        if trouble is Trouble.ANSWER_LOST:
            raise ParcelCarrierDownError


def _code_of(seed: str) -> str:
    """Ten letters and digits that follow from a text; I and O are left out, which look like digits."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    code = ""
    for _ in range(_CODE_LENGTH):
        number, place = divmod(number, len(_LETTERS))
        code += _LETTERS[place]
    return code
