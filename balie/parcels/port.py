"""What Balie needs of a carrier. Carriers' own words stop at their adapters."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from balie.orders.kinds import ShipmentEventKind
from balie.parcels.errors import ParcelCarrierDownError

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAnnouncement:
    """A return that is going to be handed over.

    Attributes:
        key: The same key is the same parcel; at most 64 characters.
        sender: Lines of the address it comes from, the name first; for a pick-up the carrier goes there.
        country: Of that address (ISO 3166).
        pieces: How many items are in it.
        pick_up_on: The day on which the carrier is to come; None when the customer drops it off.
    """

    key: str
    return_number: str
    sender: tuple[str, ...]
    country: str
    pieces: int
    pick_up_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedParcel:
    """A parcel that the carrier expects.

    Attributes:
        track_code: The carrier's number, printed on the label and good for following it.
        label_code: What a drop-off point scans when the customer has no printer.
        pick_up_on: The day on which the carrier comes, which may be later than what was asked for.
    """

    track_code: str
    label_code: str
    pick_up_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelEvent:
    """One report of the carrier; ``place`` is None where it names none."""

    kind: ShipmentEventKind
    happened_at: datetime
    place: str | None = None


class ParcelCarrier(Protocol):
    """Brings returns back to us.

    Every call raises :class:`ParcelCarrierDownError` when there is no answer in time: what was asked may then
    have been done or not, and asking again with the same key is safe.
    """

    async def announce_return(self, announcement: ReturnAnnouncement) -> AnnouncedParcel:
        """Tell of a return; for a key that was used before, that same parcel.

        Raises:
            ParcelRefusedError: The carrier does not come there, or not on that day.
        """
        ...

    async def track(self, track_code: str) -> tuple[ParcelEvent, ...]:
        """What became of a parcel, oldest first.

        Raises:
            ParcelRefusedError: The carrier has no such parcel.
        """
        ...


class TimedCarrier:
    """Any carrier, which is down when it takes too long."""

    def __init__(self, carrier: ParcelCarrier, time_out: timedelta) -> None:
        self._carrier = carrier
        self._time_out = time_out

    async def announce_return(self, announcement: ReturnAnnouncement) -> AnnouncedParcel:
        """As of the port."""
        return await self._in_time(self._carrier.announce_return(announcement))

    async def track(self, track_code: str) -> tuple[ParcelEvent, ...]:
        """As of the port."""
        return await self._in_time(self._carrier.track(track_code))

    async def _in_time(self, call: Awaitable[Answer]) -> Answer:
        try:
            async with asyncio.timeout(self._time_out.total_seconds()):
                return await call
        except TimeoutError as error:
            raise ParcelCarrierDownError from error
