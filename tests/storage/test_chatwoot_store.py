"""Links, events and calls on both databases: in order, once, and never two at the same time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from balie.channels.kinds import CallState
from balie.channels.store import KEPT, LEASE, ChannelStore
from balie.channels.views import Link, NewEvent, PlannedCall
from balie.conversations.bell import Bell
from balie.conversations.service import ConversationService
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def store(unit_of_work: UnitOfWork, clock: StillClock) -> ChannelStore:
    return ChannelStore(unit_of_work, clock=clock)


@pytest.fixture
async def link(unit_of_work: UnitOfWork, store: ChannelStore, clock: StillClock) -> Link:
    return await linked(unit_of_work, store, clock, "5")


async def linked(unit_of_work: UnitOfWork, store: ChannelStore, clock: StillClock, external_id: str) -> Link:
    conversations = ConversationService(unit_of_work, Bell(), clock=clock)
    opened = await conversations.open_conversation(channel="chatwoot")
    return await store.add_link(Link(conversation_id=opened.id, channel="chatwoot", external_id=external_id))


def event(key: str, thread: str = "5") -> NewEvent:
    return NewEvent(channel="chatwoot", key=key, thread=thread, kind="message_created", body={"key": key})


async def claim_keys(store: ChannelStore, at_once: int = 6) -> list[str]:
    claimed = await asyncio.gather(*(store.claim_event("chatwoot") for _ in range(at_once)))
    return sorted(found.key for found in claimed if found is not None)


async def test_an_event_is_stored_once_however_often_it_comes(store: ChannelStore) -> None:
    stored = await asyncio.gather(*(store.store_event(event("a")) for _ in range(5)))

    assert sorted(stored) == [False, False, False, False, True]


async def test_events_of_one_thread_are_taken_in_order_and_threads_side_by_side(store: ChannelStore) -> None:
    for key, thread in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a")):
        await store.store_event(event(key, thread))

    assert await claim_keys(store) == ["a1", "b1"]


async def test_the_next_event_follows_when_the_one_before_is_done(store: ChannelStore) -> None:
    for key in ("a1", "a2"):
        await store.store_event(event(key))
    first = await store.claim_event("chatwoot")
    assert first is not None

    await store.finish_event(first)

    assert await claim_keys(store) == ["a2"]


async def test_what_a_dead_process_claimed_is_taken_up_when_its_claim_has_run_out(
    store: ChannelStore, clock: StillClock
) -> None:
    await store.store_event(event("a"))
    await store.claim_event("chatwoot")
    too_early = await claim_keys(store)

    clock.advance(LEASE)

    assert (too_early, await claim_keys(store)) == ([], ["a"])


async def test_an_event_that_failed_holds_up_its_thread_until_its_time(
    store: ChannelStore, clock: StillClock
) -> None:
    for key in ("a1", "a2"):
        await store.store_event(event(key))
    first = await store.claim_event("chatwoot")
    assert first is not None
    await store.postpone_event(first, "broke_off", timedelta(seconds=10))
    meanwhile = await claim_keys(store)

    clock.advance(timedelta(seconds=10))

    assert (meanwhile, await claim_keys(store)) == ([], ["a1"])


async def test_a_call_is_planned_once_and_numbered_without_gaps(store: ChannelStore, link: Link) -> None:
    for key in ("a", "b", "a", "c"):
        await store.add_call(link, PlannedCall("message", key))

    numbers = []
    while (call := await store.claim_call("chatwoot")) is not None:
        numbers.append((call.number, call.key))
        await store.note_sent(call)

    assert numbers == [(1, "a"), (2, "b"), (3, "c")]


async def test_only_one_call_of_a_conversation_is_out_at_a_time(store: ChannelStore, link: Link) -> None:
    for key in ("a", "b"):
        await store.add_call(link, PlannedCall("message", key))

    claimed = await asyncio.gather(*(store.claim_call("chatwoot") for _ in range(5)))

    assert [call.key for call in claimed if call is not None] == ["a"]


async def test_a_call_that_was_broken_off_comes_back_as_maybe_sent(
    store: ChannelStore, link: Link, clock: StillClock
) -> None:
    await store.add_call(link, PlannedCall("message", "a"))
    first = await store.claim_call("chatwoot")

    clock.advance(LEASE)
    again = await store.claim_call("chatwoot")

    assert first is not None
    assert again is not None
    assert (first.maybe_sent, again.maybe_sent, again.attempts) == (False, True, 2)


async def test_an_echo_says_that_a_call_was_sent(store: ChannelStore, link: Link, clock: StillClock) -> None:
    for key in ("a", "b"):
        await store.add_call(link, PlannedCall("message", key))
    await store.claim_call("chatwoot")

    known = await store.note_echo("chatwoot", link.external_id, "a")
    again = await store.note_echo("chatwoot", link.external_id, "a")

    assert (known, again) == (True, False)
    following = await store.claim_call("chatwoot")
    assert following is not None
    assert following.key == "b"


async def test_a_call_that_is_over_lets_the_next_one_go(store: ChannelStore, link: Link) -> None:
    for key in ("a", "b"):
        await store.add_call(link, PlannedCall("message", key))
    first = await store.claim_call("chatwoot")
    assert first is not None

    await store.end_call(first, CallState.GIVEN_UP, "answered_404")

    following = await store.claim_call("chatwoot")
    assert following is not None
    assert following.key == "b"


async def test_one_conversation_over_there_is_one_here(
    unit_of_work: UnitOfWork, store: ChannelStore, link: Link, clock: StillClock
) -> None:
    another = await linked(unit_of_work, store, clock, "5")

    assert another.conversation_id == link.conversation_id


async def test_what_is_long_past_is_forgotten_and_the_numbers_go_on(
    store: ChannelStore, link: Link, clock: StillClock
) -> None:
    await store.store_event(event("done"))
    await store.store_event(event("waiting", "other"))
    done = await store.claim_event("chatwoot")
    assert done is not None
    await store.finish_event(done)
    await store.add_call(link, PlannedCall("message", "a"))
    call = await store.claim_call("chatwoot")
    assert call is not None
    await store.note_sent(call)
    clock.advance(KEPT + timedelta(seconds=1))

    forgotten = await store.forget_old()
    await store.add_call(link, PlannedCall("message", "b"))

    following = await store.claim_call("chatwoot")
    assert forgotten == 2
    assert following is not None
    assert following.number == 2
    assert await claim_keys(store) == ["waiting"]
