"""Tells the carrier of returns, each exactly once. The return row is the promise.

A label can be printed before that: it then bears our own number only. What the carrier refuses for good is
left for a person, and logged as an error; whoever waited at the door for the carrier is mailed a label.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from balie.kernel.back_off import wait_after
from balie.kernel.clock import Clock, utc_now
from balie.orders.assemble import name_and_address
from balie.orders.kinds import ReturnMethod
from balie.orders.models import ReturnRow
from balie.orders.terms import Terms
from balie.outbox.letters import Letter, Paper
from balie.outbox.repository import OutboxRepository
from balie.parcels.errors import ParcelCarrierDownError, ParcelRefusedError
from balie.parcels.kinds import AnnouncementState
from balie.parcels.models import ParcelAnnouncementRow
from balie.parcels.port import AnnouncedParcel, ParcelCarrier, ReturnAnnouncement
from balie.parcels.repository import ParcelRepository
from balie.storage.unit_of_work import Session, UnitOfWork

log = logging.getLogger(__name__)

MOST_IN_A_ROW: Final = 100
CLAIMED_FOR: Final = timedelta(minutes=1)
"""Longer than the carrier may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One call that is to be made."""

    id: int
    return_id: int
    attempts: int
    announcement: ReturnAnnouncement


class ReturnAnnouncer:
    """Hands returns to the carrier."""

    def __init__(
        self, unit_of_work: UnitOfWork, carrier: ParcelCarrier, terms: Terms, *, clock: Clock = utc_now
    ) -> None:
        self._unit_of_work = unit_of_work
        self._carrier = carrier
        self._terms = terms
        self._clock = clock

    async def send_due(self) -> int:
        """Tell of what is due, one after another, until the carrier does not answer.

        Returns:
            How many it was told of.
        """
        await self._want_untold()
        told = 0
        for _ in range(MOST_IN_A_ROW):
            call = await self._claim()
            if call is None:
                break
            try:
                told += await self._tell(call)
            except ParcelCarrierDownError as error:
                log.warning("Return %d waits for the carrier.", call.return_id)
                await self._note_trouble(call, error.code)
                break
        return told

    async def _want_untold(self) -> None:
        now = self._clock()
        async with self._unit_of_work.write() as session:
            parcels = ParcelRepository(session)
            # Nobody can use the label of an older one any more.
            for returned in await parcels.list_untold(now - timedelta(days=self._terms.label_days)):
                await parcels.want(returned.id, _key(returned), now)

    async def _claim(self) -> _Call | None:
        now = self._clock()
        async with self._unit_of_work.write() as session:
            row = await ParcelRepository(session).claim_due(now, until=now + CLAIMED_FOR)
            return None if row is None else await _call(session, row)

    async def _tell(self, call: _Call) -> bool:
        try:
            answer = await self._carrier.announce_return(call.announcement)
        except ParcelRefusedError as error:
            log.error("The carrier refuses return %d: %s", call.return_id, error.reason)  # noqa: TRY400
            await self._note_refused(call, error.reason)
            return False
        await self._note_told(call, answer)
        return True

    async def _note_told(self, call: _Call, answer: AnnouncedParcel) -> None:
        async with self._unit_of_work.write() as session:
            row = await session.get(ParcelAnnouncementRow, call.id)
            returned = await session.get(ReturnRow, call.return_id)
            if row is None or returned is None or row.ended_at is not None:
                return
            row.state, row.ended_at = AnnouncementState.DONE.value, self._clock()
            row.track_code, row.label_code = answer.track_code, answer.label_code
            row.trouble = row.claimed_until = None
            returned.track_code = answer.track_code
            returned.pick_up_on = answer.pick_up_on

    async def _note_refused(self, call: _Call, reason: str) -> None:
        async with self._unit_of_work.write() as session:
            row = await session.get(ParcelAnnouncementRow, call.id)
            if row is None or row.ended_at is not None:
                return
            row.state, row.ended_at = AnnouncementState.REFUSED.value, self._clock()
            row.trouble, row.claimed_until = reason, None
            await self._send_label_instead(session, await session.get_one(ReturnRow, row.return_id))

    async def _send_label_instead(self, session: Session, returned: ReturnRow) -> None:
        """Nobody comes: the customer, who was promised that, hears of it and can send the parcel."""
        _, customer = await ParcelRepository(session).find_sender(returned)
        if returned.pick_up_on is None or customer is None:
            return
        promised, returned.pick_up_on = returned.pick_up_on, None
        returned.method = ReturnMethod.PARCEL.value
        facts = {"return_number": returned.number, "pick_up_on": promised.isoformat()}
        letter = Letter(
            name="letter_no_pick_up",
            recipient=customer.email,
            language=customer.language,
            facts=facts,
            papers=(Paper("label", returned.number),),
            customer_id=customer.id,
        )
        await OutboxRepository(session).put(letter, key=f"no_pick_up:{returned.number}", at=self._clock())

    async def _note_trouble(self, call: _Call, trouble: str) -> None:
        async with self._unit_of_work.write() as session:
            row = await session.get(ParcelAnnouncementRow, call.id)
            if row is not None and row.ended_at is None:
                row.trouble, row.claimed_until = trouble, None
                row.due_at = self._clock() + wait_after(call.attempts)


async def _call(session: Session, row: ParcelAnnouncementRow) -> _Call:
    parcels = ParcelRepository(session)
    returned = await session.get_one(ReturnRow, row.return_id)
    order, customer = await parcels.find_sender(returned)
    return _Call(
        id=row.id,
        return_id=returned.id,
        attempts=row.attempts,
        announcement=ReturnAnnouncement(
            key=row.key,
            return_number=returned.number,
            sender=name_and_address(order, customer),
            country=order.country,
            pieces=await parcels.count_pieces(returned.id),
            pick_up_on=returned.pick_up_on,
        ),
    )


def _key(returned: ReturnRow) -> str:
    """Of facts, not by chance: a database that was put back from a copy tells of the same parcel again."""
    seen = f"return\n{returned.number}\n{returned.announced_at.isoformat()}"
    return hashlib.sha256(seen.encode()).hexdigest()[:40]
