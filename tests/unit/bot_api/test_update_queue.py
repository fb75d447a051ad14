"""Updates wait at the stand-in until the bot has them; disorder loses none."""

from __future__ import annotations

import random
import threading
from typing import Any

from tests.support.bot_api.updates import Disorder, UpdateQueue


def queue(**disorder: Any) -> UpdateQueue:
    made = UpdateQueue(threading.RLock())
    made.disorder = Disorder(chance=random.Random(7), **disorder)
    return made


def add(updates: UpdateQueue, *texts: str, chat: int = 1) -> list[int]:
    ids = [updates.add("message", {"text": text}, chat=chat) for text in texts]
    return [one for one in ids if one is not None]


def drained(updates: UpdateQueue) -> list[int]:
    """What a bot gets that acknowledges what it has got."""
    found: list[int] = []
    while updates.pending():
        batch = [one["update_id"] for one in updates.hand_out(100)]
        found += batch
        if batch:
            updates.acknowledge(max(batch) + 1)
    return found


def test_updates_stay_until_they_are_acknowledged() -> None:
    updates = queue()
    first, second = add(updates, "a", "b")
    assert [one["update_id"] for one in updates.hand_out(1)] == [first]
    assert [one["update_id"] for one in updates.hand_out(9)] == [first, second]
    updates.acknowledge(second)
    assert [one["update_id"] for one in updates.hand_out(9)] == [second]


def test_an_offset_skips_what_was_never_handed_out() -> None:
    updates = queue()
    _, second = add(updates, "a", "b")
    updates.acknowledge(second + 1)
    assert updates.pending() == 0


def test_a_negative_offset_keeps_the_last_ones() -> None:
    updates = queue()
    *_, third = add(updates, "a", "b", "c")
    updates.acknowledge(-1)
    assert [one["update_id"] for one in updates.hand_out(9)] == [third]


def test_kinds_that_the_bot_does_not_want_are_not_kept() -> None:
    updates = queue()
    assert updates.add("message_reaction", {}, chat=1) is None
    updates.allowed = ["callback_query"]
    assert updates.add("message", {}, chat=1) is None
    assert updates.add("callback_query", {}, chat=1) is not None


def test_doubles_come_again_and_nothing_else_is_lost() -> None:
    updates = queue(doubled=0.3)
    ids = add(updates, *map(str, range(200)))
    got = drained(updates)
    assert sorted(set(got)) == ids
    assert len(got) - len(ids) == updates.doubles > 30


def test_reordered_updates_come_late_and_all_the_same() -> None:
    updates = queue(reordered=0.2)
    ids = add(updates, *map(str, range(200)))
    got = drained(updates)
    assert got != ids
    assert sorted(got) == ids
    assert updates.swaps > 10


def test_a_chat_may_keep_its_order() -> None:
    updates = queue(reordered=0.3, within_chat=False)
    chats: dict[int, list[int]] = {}
    for number in range(300):
        chat = number % 5
        chats.setdefault(chat, []).extend(add(updates, str(number), chat=chat))
    got = drained(updates)
    assert got != sorted(got)
    for ids in chats.values():
        assert [one for one in got if one in ids] == ids


def test_a_webhook_gets_one_update_of_a_chat_at_a_time() -> None:
    updates = queue()
    first, second = add(updates, "a", "b", chat=1)
    [other] = add(updates, "c", chat=2)
    entry, beside, none = updates.next_to_post(), updates.next_to_post(), updates.next_to_post()
    assert entry is not None
    assert beside is not None
    assert none is None
    assert (entry.update["update_id"], beside.update["update_id"]) == (first, other)
    updates.settle(entry, is_taken=True, retry_s=0)
    following = updates.next_to_post()
    assert following is not None
    assert following.update["update_id"] == second


def test_what_a_webhook_did_not_take_holds_up_its_chat() -> None:
    updates = queue()
    add(updates, "a", "b", chat=1)
    entry = updates.next_to_post()
    assert entry is not None
    updates.settle(entry, is_taken=False, retry_s=60)
    assert updates.next_to_post() is None
    assert 50 < (updates.wait_s() or 0) <= 60
