"""The store of channels: each method one short transaction."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from balie.channels.call_repository import CallRepository
from balie.channels.event_repository import EventRepository, Kept
from balie.channels.express_repository import ExpressRepository, HasUnsentError, Planner
from balie.channels.kinds import CallState, EventState
from balie.channels.repository import LinkRepository
from balie.channels.views import ClaimedCall, Facts, Link, NewEvent, Plan, PlannedCall, StoredEvent
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import StoreConnection, UnitOfWork

LEASE: Final = timedelta(seconds=20)
"""How long a claimed event or call is nobody else's; longer than any adapter takes for one."""

KEPT: Final = timedelta(days=30)
"""How long it can be read what came in and went out, without its words; and a repeat be told."""


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

    async def store_in_order(
        self, events: Sequence[NewEvent], *, held: Container[str] = (), wait: timedelta = timedelta()
    ) -> tuple[Kept, ...]:
        """Store what came in, each claimed for its bearer when nothing of its thread has to come first.

        Args:
            events: All of them, or none.
            held: Keys of those that have to wait for something that is not here yet,
            wait: and how long.
        """
        now = self._clock()

        def store(connection: Any) -> tuple[Kept, ...]:
            repository, links = EventRepository(connection), LinkRepository(connection)
            return tuple(
                _with_link(
                    repository.store_in_order(
                        event, now, lease=LEASE, due_at=now + wait if event.key in held else None
                    ),
                    links,
                )
                for event in events
            )

        return await self._unit_of_work.run_writing(store)

    async def release_events(self, channel: str) -> None:
        """What was held may be taken up now."""
        now = self._clock()
        await self._unit_of_work.run_writing(lambda c: EventRepository(c).release(channel, now))

    async def find_last_key(self, channel: str) -> str | None:
        """The highest key of an event that is a number; None when there is none."""
        return await self._unit_of_work.run_reading(lambda c: EventRepository(c).find_last_key(channel))

    async def list_recent_keys(
        self, channel: str, kinds: Collection[str], back: timedelta
    ) -> tuple[str, ...]:
        """Keys of the events of some kinds that came in lately."""
        since = self._clock() - back
        return await self._unit_of_work.run_reading(
            lambda c: EventRepository(c).list_keys(channel, kinds, since=since)
        )

    async def claim_event_of(self, channel: str, thread: str) -> StoredEvent | None:
        """The next event of a thread to take up, or None."""
        now = self._clock()
        return await self._unit_of_work.run_writing(
            lambda c: EventRepository(c).claim_next(channel, now, lease=LEASE, thread=thread)
        )

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

    async def list_recent_facts(self, channel: str, back: timedelta) -> tuple[Facts, ...]:
        """Facts of the calls that were planned lately."""
        since = self._clock() - back
        return await self._unit_of_work.run_reading(
            lambda c: CallRepository(c).list_facts(channel, since=since)
        )

    async def find_highest_number(self, channel: str) -> int:
        """The highest number that was ever heard in a channel; 0: none was."""
        return await self._unit_of_work.run_reading(lambda c: LinkRepository(c).find_highest_number(channel))

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

    async def move_link(self, link: Link) -> Link:
        """Have what the other side calls a conversation mean another one of ours.

        What was said in that one before is taken for known; whoever had it in this channel has it no longer.
        """
        now = self._clock()
        return await self._unit_of_work.run_writing(lambda c: move_link(c, link, now))

    async def remove_link(self, conversation_id: ConversationId, channel: str) -> None:
        """Take a link away."""
        await self._unit_of_work.run_writing(lambda c: LinkRepository(c).remove(conversation_id, channel))

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

    async def list_to_serve(self, conversation_id: ConversationId) -> tuple[str, ...]:
        """Channels in which this conversation's customer has something to be told."""
        return await self._unit_of_work.run_reading(
            lambda c: LinkRepository(c).list_to_serve(conversation_id)
        )

    async def plan_and_claim(
        self, conversation_id: ConversationId, channel: str, planner: Planner
    ) -> ClaimedCall | None:
        """Make a plan for one conversation, and claim the first call that is due; None: there is none."""
        now = self._clock()

        def work(connection: Any) -> ClaimedCall | None:
            try:
                express = ExpressRepository(connection)
                return express.plan_and_claim((conversation_id, channel), planner, now, LEASE)
            except HasUnsentError:
                return _plan_and_claim(connection, (conversation_id, channel), planner, now)

        return await self._unit_of_work.run_writing(work)

    async def note_progress(
        self, call: ClaimedCall, facts: Facts, *, link_facts: dict[str, Any], number: int | None = None
    ) -> None:
        """Remember how far a call has come; it stays claimed.

        Args:
            call: The call.
            facts: All of its facts from now on.
            link_facts: What the link is to remember besides.
            number: The highest that the other side has told us, where it numbers what is said.
        """
        claimed_until = self._clock() + LEASE

        def note(connection: Any) -> None:
            CallRepository(connection).note_progress(call.id, facts, claimed_until)
            LinkRepository(connection).note_heard(
                call.conversation_id, call.channel, facts=link_facts, number=number
            )

        await self._unit_of_work.run_writing(note)

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


def _with_link(kept: Kept, links: LinkRepository) -> Kept:
    if kept.claimed is None:
        return kept
    link = links.find(kept.claimed.channel, kept.claimed.thread)
    return replace(kept, claimed=replace(kept.claimed, link=link))


def _plan_and_claim(
    connection: StoreConnection, of: tuple[ConversationId, str], planner: Planner, now: datetime
) -> ClaimedCall | None:
    conversation_id, channel = of
    links = LinkRepository(connection)
    link = links.lock(conversation_id, channel)
    if link is None:
        return None
    links.keep(link, planner(links.describe(link), now), now)
    calls = CallRepository(connection)
    return calls.claim_next(channel, now, lease=LEASE, conversation_id=conversation_id)


def move_link(connection: StoreConnection, link: Link, at: datetime) -> Link:
    """The same as :meth:`ChannelStore.move_link`, within a transaction that is open already."""
    links = LinkRepository(connection)
    moved = replace(
        link,
        planned_sequence=links.find_last_sequence(link.conversation_id),
        last_call=CallRepository(connection).find_last_number(link.conversation_id, link.channel),
    )
    links.move(moved, at)
    return moved
