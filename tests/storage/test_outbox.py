"""The outbox: a promise is kept with its transaction, once per key, by one sender at a time."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from balie.customers.models import CustomerRow
from balie.outbox.back_off import BACK_OFF
from balie.outbox.letters import ClaimedLetter, Letter, LetterState, Paper
from balie.outbox.models import LONGEST_KEY
from balie.outbox.repository import OutboxRepository
from balie.storage.engine import open_async_engine
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.letters import RECIPIENT, code_letter, stored_letters
from tests.support.store import add_customer

NOW = StillClock().now
LEASE = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)


async def put(unit_of_work: UnitOfWork, key: str, letter: Letter | None = None, **when: Any) -> bool:
    async with unit_of_work.write() as session:
        return await OutboxRepository(session).put(letter or code_letter(), key=key, **{"at": NOW, **when})


async def claim(unit_of_work: UnitOfWork, now: datetime = NOW) -> ClaimedLetter | None:
    async with unit_of_work.write() as session:
        return await OutboxRepository(session).claim_due(now, lease=LEASE)


async def claimed(unit_of_work: UnitOfWork, now: datetime = NOW) -> ClaimedLetter:
    letter = await claim(unit_of_work, now)
    assert letter is not None
    return letter


async def fail(
    unit_of_work: UnitOfWork, letter: ClaimedLetter, at: datetime, *, permanent: bool = False
) -> LetterState:
    async with unit_of_work.write() as session:
        return await OutboxRepository(session).mark_failed(letter, "timed_out", at=at, permanent=permanent)


async def mark_sent(unit_of_work: UnitOfWork, letter: ClaimedLetter, at: datetime) -> None:
    async with unit_of_work.write() as session:
        await OutboxRepository(session).mark_sent(letter, at=at)


async def test_a_letter_comes_out_as_it_was_put_in(unit_of_work: UnitOfWork) -> None:
    customer_id = await add_customer(unit_of_work)
    letter = code_letter(
        facts={"amount": 1295, "names": {"nl": "Jas"}},
        papers=(Paper("invoice", "F2026-000123"), Paper("label", "R1048213-1")),
        customer_id=customer_id,
    )

    assert await put(unit_of_work, "case:1", letter)
    found = await claimed(unit_of_work)

    assert (found.letter, found.key, found.attempts) == (letter, "case:1", 1)
    assert found.claimed_until == NOW + LEASE


async def test_the_same_promise_told_twice_is_one_letter(unit_of_work: UnitOfWork) -> None:
    assert await put(unit_of_work, "code:1")
    assert not await put(unit_of_work, "code:1", code_letter(recipient="other@voorbeeld.example"))
    assert await put(unit_of_work, "code:2")

    first, _second = await stored_letters(unit_of_work)
    assert first.recipient == RECIPIENT


async def test_promises_made_at_the_same_time_under_one_key_are_one_letter(database_url: str) -> None:
    engines = [open_async_engine(database_url) for _ in range(2)]
    services = [UnitOfWork(engine) for engine in engines]

    put_in = await asyncio.gather(*(put(service, "code:1") for service in services * 4))

    assert sorted(put_in) == [False] * 7 + [True]
    assert len(await stored_letters(services[0])) == 1
    for engine in engines:
        await engine.dispose()


async def test_a_promise_that_was_undone_is_not_kept(unit_of_work: UnitOfWork) -> None:
    async def promise_and_fail() -> None:
        async with unit_of_work.write() as session:
            await OutboxRepository(session).put(code_letter(), key="code:1", at=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await promise_and_fail()

    assert await claim(unit_of_work) is None
    assert await put(unit_of_work, "code:1")


async def test_a_key_that_is_too_long_is_refused_by_every_database(unit_of_work: UnitOfWork) -> None:
    assert await put(unit_of_work, "k" * LONGEST_KEY)
    with pytest.raises(ValueError, match="120"):
        await put(unit_of_work, "k" * (LONGEST_KEY + 1))


async def test_a_letter_for_later_waits_until_then(unit_of_work: UnitOfWork) -> None:
    await put(unit_of_work, "later", not_before=NOW + MINUTE)
    await put(unit_of_work, "now")

    assert (await claimed(unit_of_work)).key == "now"
    assert await claim(unit_of_work) is None
    assert (await claimed(unit_of_work, NOW + MINUTE)).key == "later"


async def test_whoever_is_due_longest_goes_first(unit_of_work: UnitOfWork) -> None:
    for key, minutes in (("b", 2), ("a", 1), ("c", 3)):
        await put(unit_of_work, key, at=NOW + minutes * MINUTE)

    assert [(await claimed(unit_of_work, NOW + 3 * MINUTE)).key for _ in range(3)] == ["a", "b", "c"]


async def test_a_claimed_letter_is_nobody_elses_until_the_claim_runs_out(unit_of_work: UnitOfWork) -> None:
    await put(unit_of_work, "code:1")
    first = await claimed(unit_of_work)

    assert await claim(unit_of_work, NOW + LEASE - timedelta(seconds=1)) is None
    second = await claimed(unit_of_work, NOW + LEASE)

    assert (second.id, second.key, second.attempts) == (first.id, first.key, 2)


async def test_senders_at_the_same_time_get_different_letters(database_url: str) -> None:
    engines = [open_async_engine(database_url) for _ in range(2)]
    services = [UnitOfWork(engine) for engine in engines]
    for number in range(8):
        await put(services[0], f"code:{number}")

    found = await asyncio.gather(*(claim(service) for service in services * 5))

    keys = [letter.key for letter in found if letter is not None]
    assert sorted(keys) == [f"code:{number}" for number in range(8)]
    for engine in engines:
        await engine.dispose()


async def test_a_sent_letter_is_not_sent_again(unit_of_work: UnitOfWork) -> None:
    await put(unit_of_work, "code:1")
    await mark_sent(unit_of_work, await claimed(unit_of_work), NOW)

    assert await claim(unit_of_work, NOW + timedelta(days=1)) is None
    assert not await put(unit_of_work, "code:1")
    [stored] = await stored_letters(unit_of_work)
    assert (stored.state, stored.sent_at) == (LetterState.SENT, NOW)


async def test_a_failed_letter_is_tried_again_later_and_later_and_then_given_up(
    unit_of_work: UnitOfWork,
) -> None:
    await put(unit_of_work, "code:1")
    now = NOW

    for wait in BACK_OFF:
        assert await fail(unit_of_work, await claimed(unit_of_work, now), now) is LetterState.WAITING
        assert await claim(unit_of_work, now + wait - timedelta(seconds=1)) is None
        now += wait
    assert await fail(unit_of_work, await claimed(unit_of_work, now), now) is LetterState.GIVEN_UP

    assert await claim(unit_of_work, now + timedelta(days=9)) is None
    [stored] = await stored_letters(unit_of_work)
    assert (stored.state, stored.attempts, stored.trouble) == ("given_up", 6, "timed_out")


async def test_a_permanent_failure_is_given_up_at_once(unit_of_work: UnitOfWork) -> None:
    await put(unit_of_work, "code:1")

    state = await fail(unit_of_work, await claimed(unit_of_work), NOW, permanent=True)

    assert state is LetterState.GIVEN_UP
    assert await claim(unit_of_work, NOW + timedelta(days=9)) is None


async def test_whoever_lost_the_claim_cannot_hand_the_letter_to_a_third(unit_of_work: UnitOfWork) -> None:
    await put(unit_of_work, "code:1")
    slow = await claimed(unit_of_work)
    later = NOW + LEASE
    await claimed(unit_of_work, later)

    await fail(unit_of_work, slow, later)

    assert await claim(unit_of_work, later + MINUTE) is None


async def test_whoever_lost_the_claim_and_sent_the_letter_after_all_is_believed(
    unit_of_work: UnitOfWork,
) -> None:
    await put(unit_of_work, "code:1")
    slow = await claimed(unit_of_work)
    later = NOW + LEASE
    other = await claimed(unit_of_work, later)

    await mark_sent(unit_of_work, slow, later)
    await fail(unit_of_work, other, later)

    [stored] = await stored_letters(unit_of_work)
    assert (stored.state, stored.sent_at) == ("sent", later)


async def test_what_stands_in_ended_letters_is_forgotten_and_their_keys_are_not(
    unit_of_work: UnitOfWork,
) -> None:
    for key in ("sent", "given up", "sent today", "waiting"):
        await put(unit_of_work, key, code_letter(papers=(Paper("label", "R1"),)))
    later = NOW + timedelta(days=30)
    await mark_sent(unit_of_work, await claimed(unit_of_work), NOW)
    await fail(unit_of_work, await claimed(unit_of_work), NOW, permanent=True)
    await mark_sent(unit_of_work, await claimed(unit_of_work), later)

    counts = []
    for _ in range(2):
        async with unit_of_work.write() as session:
            counts.append(await OutboxRepository(session).forget_old(later))

    assert counts == [2, 0]
    stored = {row.key: (row.recipient, row.facts, row.papers) for row in await stored_letters(unit_of_work)}
    assert stored["sent"] == stored["given up"] == ("", {}, [])
    assert stored["waiting"] == stored["sent today"]
    assert stored["waiting"][0] == RECIPIENT
    assert not await put(unit_of_work, "sent")


async def test_letters_go_with_their_customer(unit_of_work: UnitOfWork) -> None:
    customer_id = await add_customer(unit_of_work)
    await put(unit_of_work, "hers", code_letter(customer_id=customer_id))
    await put(unit_of_work, "nobody's")

    async with unit_of_work.write() as session:
        await session.execute(delete(CustomerRow).where(CustomerRow.id == customer_id))

    assert [row.key for row in await stored_letters(unit_of_work)] == ["nobody's"]
