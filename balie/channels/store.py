"""The store of channels: each method one short transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from balie.channels.call_repository import CallRepository
from balie.channels.event_repository import EventRepository
from balie.channels.kinds import CallState, EventState
from balie.channels.repository import LinkRepository
from balie.channels.views import ClaimedCall, Link, NewEvent, Plan, PlannedCall, Situation, StoredEvent
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork

LEASE: Final = timedelta(seconds=20)
"""How long a claimed event or call is nobody else's; longer than any adapter takes for one."""

KEPT: Final = timedelta(days=30)
"""How long it can be read what came in and went out, without its words; and a repeat be told."""

Planner = Callable[[Situation, datetime], Plan]


class ChannelStore:
    """Links, events and calls."""

    def __init__(self, unit_of_work: UnitOfWork, *, clock: Clock = utc_now) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    async def store_event(self, event: NewEvent) -> bool:
        """Store what came in; False when it was stored before."""
        now = self._clock()
        stored = await self._unit_of_work.run_writing(lambda c: EventRepository(c).store(event, now))
        return stored is not None

    async def store_and_claim_event(self, event: NewEvent) -> StoredEvent | None:
        """Store what came in for its bearer to take up at once.

        Returns:
            None when it was dealt with before, or somebody is at it.
        """
        now = self._clock()

        def store(connection: Any) -> StoredEvent | None:
            events = EventRepository(connection)
            stored = events.store(event, now, claimed_until=now + LEASE)
            return stored or events.find_waiting(event.channel, event.key, now, lease=LEASE)

        return await self._unit_of_work.run_writing(store)

    async def claim_event(self, channel: str) -> StoredEvent | None:
        """The next event to take up, or None."""
        now = self._clock()
        # Asked first: writers queue for the one lock, and mostly there is nothing.
        if not await self._unit_of_work.run_reading(lambda c: EventRepository(c).has_any(channel, now)):
            return None
        return await self._unit_of_work.run_writing(
            lambda c: EventRepository(c).claim_next(channel, now, lease=LEASE)
        )

    async def finish_event(
        self, event: StoredEvent, *, trouble: str | None = None, given_up: bool = False
    ) -> None:
        """Write down that an event is dealt with."""
        state = EventState.GIVEN_UP if given_up else EventState.DONE
        await self._unit_of_work.run_writing(
            lambda c: EventRepository(c).mark_done(event.id, trouble=trouble, state=state)
        )

    async def postpone_event(self, event: StoredEvent, trouble: str, wait: timedelta) -> None:
        """Write down that an event is to be taken up again."""
        due_at = self._clock() + wait
        await self._unit_of_work.run_writing(
            lambda c: EventRepository(c).mark_failed(event.id, trouble, due_at)
        )

    async def find_link(self, channel: str, external_id: str) -> Link | None:
        """The link of what the other side calls a conversation."""
        return await self._unit_of_work.run_reading(lambda c: LinkRepository(c).find(channel, external_id))

    async def find_link_of(self, conversation_id: ConversationId, channel: str) -> Link | None:
        """The link of a conversation of ours."""
        return await self._unit_of_work.run_reading(
            lambda c: LinkRepository(c).find_of(conversation_id, channel)
        )

    async def add_link(self, link: Link) -> Link:
        """Add a link; the one that is there already, if somebody was faster."""
        now = self._clock()
        return await self._unit_of_work.run_writing(lambda c: LinkRepository(c).insert(link, now))

    async def note_heard(self, link: Link, facts: dict[str, Any], *, number: int | None = None) -> None:
        """Remember what the other side has said about itself."""
        await self._unit_of_work.run_writing(
            lambda c: LinkRepository(c).note_heard(
                link.conversation_id, link.channel, facts=facts, number=number
            )
        )

    async def has_open_handoff(self, conversation_id: ConversationId, desk: str) -> bool:
        """Whether agents of this desk are wanted in a conversation, or have it."""
        return await self._unit_of_work.run_reading(
            lambda c: LinkRepository(c).has_open_handoff(conversation_id, desk)
        )

    async def describe_promise(self, handoff_id: UUID) -> dict[str, Any]:
        """How a customer who does not wait wants to be reached; empty when that is gone. Personal."""
        found = await self._unit_of_work.run_reading(lambda c: LinkRepository(c).find_promise(handoff_id))
        if found is None:
            return {}
        wish, contact, at = found
        return {"wish": wish, "contact": contact, "promised_at": None if at is None else at.isoformat()}

    async def list_to_plan(self, channel: str) -> tuple[ConversationId, ...]:
        """Conversations in which something has happened that no plan has looked at."""
        return await self._unit_of_work.run_reading(lambda c: LinkRepository(c).list_to_plan(channel))

    async def link_handed_over(self, desk: str) -> int:
        """Link every conversation that was handed over to a desk and that it does not know; how many."""
        now = self._clock()

        def link(connection: Any) -> int:
            links = LinkRepository(connection)
            found = links.list_unlinked(desk)
            for conversation_id in found:
                links.insert(
                    Link(conversation_id=conversation_id, channel=desk, external_id=str(conversation_id)), now
                )
            return len(found)

        unlinked = await self._unit_of_work.run_reading(lambda c: LinkRepository(c).list_unlinked(desk))
        return await self._unit_of_work.run_writing(link) if unlinked else 0

    async def plan(self, conversation_id: ConversationId, channel: str, planner: Planner) -> int:
        """Make a plan for one conversation and put it down; answers how many calls there are more."""
        now = self._clock()

        def plan(connection: Any) -> int:
            links = LinkRepository(connection)
            link = links.lock(conversation_id, channel)
            return 0 if link is None else links.keep(link, planner(links.describe(link), now), now)

        return await self._unit_of_work.run_writing(plan)

    async def add_call(self, link: Link, call: PlannedCall) -> None:
        """Add one call that no plan asks for, once per key."""
        await self.plan(
            link.conversation_id,
            link.channel,
            lambda situation, _now: Plan(
                calls=(call,),
                facts=situation.link.facts,
                sequence=situation.link.planned_sequence,
                number=situation.link.planned_number,
            ),
        )

    async def claim_call(self, channel: str) -> ClaimedCall | None:
        """The next call to send, or None."""
        now = self._clock()
        if not await self._unit_of_work.run_reading(lambda c: CallRepository(c).has_any(channel, now)):
            return None
        return await self._unit_of_work.run_writing(
            lambda c: CallRepository(c).claim_next(channel, now, lease=LEASE)
        )

    async def note_sent(self, call: ClaimedCall) -> None:
        """Write down that the other side has a call."""
        now = self._clock()
        await self._unit_of_work.run_writing(lambda c: CallRepository(c).mark_sent(call.id, now))

    async def note_echo(self, channel: str, external_id: str, key: str) -> bool:
        """Write down that the other side has told us of what a call brought it; False: that is known."""
        now = self._clock()
        # Asked first: mostly the answer to the call itself has said so already.
        if not await self._unit_of_work.run_reading(
            lambda c: CallRepository(c).is_sending(channel, external_id, key)
        ):
            return False
        return await self._unit_of_work.run_writing(
            lambda c: CallRepository(c).mark_heard_of(channel, external_id, key, now)
        )

    async def postpone_call(
        self, call: ClaimedCall, trouble: str, wait: timedelta, *, maybe_sent: bool
    ) -> None:
        """Write down that a call is to be tried again."""
        due_at = self._clock() + wait
        await self._unit_of_work.run_writing(
            lambda c: CallRepository(c).mark_failed(call.id, trouble, due_at, maybe_sent=maybe_sent)
        )

    async def end_call(self, call: ClaimedCall, state: CallState, trouble: str) -> None:
        """Write down that a call is not going to be sent."""
        await self._unit_of_work.run_writing(lambda c: CallRepository(c).mark_over(call.id, state, trouble))

    async def forget_old(self) -> int:
        """Take away what came in and went out long ago; answers how much."""
        before = self._clock() - KEPT
        return await self._unit_of_work.run_writing(
            lambda c: EventRepository(c).forget_old(before) + CallRepository(c).forget_old(before)
        )
