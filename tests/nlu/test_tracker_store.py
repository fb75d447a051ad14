from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Iterator, List

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.tracker_store import KEPT_EVENTS, LIVE_DIALOGUES, LONGEST_DIALOGUE, FoldingTrackerStore

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["ask", "tell"],
        "slots": {
            "order_number": {"type": "text", "mappings": [{"type": "custom"}]},
            "pending_task": {
                "type": "categorical",
                "values": ["track_order"],
                "mappings": [{"type": "custom"}],
            },
        },
        "forms": {"identify_form": {"required_slots": ["order_number"]}},
    }
)


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "new" / "rasa.db")


@pytest.fixture
def store(file: str) -> Iterator[FoldingTrackerStore]:
    store = FoldingTrackerStore(DOMAIN, db=file)
    yield store
    store.close()


def dialogue(events: List[Event], sender: str = "one") -> DialogueStateTracker:
    return DialogueStateTracker.from_events(sender, events, DOMAIN.slots)


def turn(text: str = "waar is mijn pakje") -> List[Event]:
    intent = {"name": "ask", "confidence": 0.9}
    return [
        UserUttered(text, intent, [], {"intent": intent, "entities": [], "text": text}),
        ActionExecuted("utter_answer"),
        BotUttered("onderweg"),
        ActionExecuted("action_listen"),
    ]


def asking_form() -> List[Event]:
    return [
        SlotSet("pending_task", "track_order"),
        ActionExecuted("identify_form"),
        ActiveLoop("identify_form"),
        SlotSet("requested_slot", "order_number"),
        ActionExecuted("action_listen"),
    ]


def test_a_server_waits_until_another_that_begins_has_made_the_journal(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(file).parent.mkdir()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("CREATE TABLE something (id)")
    other.execute("BEGIN")
    other.execute("SELECT * FROM something").fetchall()
    monkeypatch.setattr("nlu.tracker_store.time.sleep", lambda _pause_s: other.execute("COMMIT"))

    store = FoldingTrackerStore(DOMAIN, db=file)

    store.close()
    other.execute("SELECT * FROM something").fetchall()
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.close()


async def test_a_dialogue_comes_back_as_it_was(store: FoldingTrackerStore) -> None:
    tracker = dialogue([SessionStarted(), *turn(), *asking_form()])

    await store.save(tracker)

    found = await store.retrieve("one")
    assert found is not None
    assert list(found.events) == list(tracker.events)
    assert found.active_loop_name == "identify_form"


async def test_a_running_form_outlives_a_restart(store: FoldingTrackerStore, file: str) -> None:
    await store.save(dialogue([SessionStarted(), *turn(), *asking_form()]))
    store.close()

    reopened = FoldingTrackerStore(DOMAIN, db=file)

    found = await reopened.retrieve("one")
    reopened.close()
    assert found is not None
    assert (found.active_loop_name, found.get_slot("requested_slot")) == ("identify_form", "order_number")


async def test_a_long_dialogue_is_folded_to_its_state_and_its_newest_turns(
    store: FoldingTrackerStore,
) -> None:
    events = [SessionStarted(), *turn(), SlotSet("order_number", "DD1048213"), *asking_form()]
    for number in range(100):
        events.extend(turn(f"vraag {number}"))

    await store.save(dialogue(events))

    found = await store.retrieve("one")
    assert found is not None
    assert len(found.events) <= KEPT_EVENTS + 10 <= LONGEST_DIALOGUE
    assert found.get_slot("order_number") == "DD1048213"
    assert found.get_slot("pending_task") == "track_order"
    assert found.active_loop_name == "identify_form"
    assert found.latest_message is not None
    assert found.latest_message.text == "vraag 99"


async def test_a_dialogue_never_grows_without_bound(store: FoldingTrackerStore) -> None:
    tracker = dialogue([SessionStarted()])
    for number in range(200):
        for event in turn(f"vraag {number}"):
            tracker.update(event, DOMAIN)
        await store.save(tracker)
        found = await store.retrieve("one")
        assert found is not None
        tracker = found

        assert len(tracker.events) <= LONGEST_DIALOGUE


async def test_only_the_newest_session_is_kept(store: FoldingTrackerStore) -> None:
    await store.save(dialogue([SessionStarted(), *turn("oud"), SessionStarted(), *turn("nieuw")]))

    found = await store.retrieve("one")

    assert found is not None
    assert [event.text for event in found.events if isinstance(event, UserUttered)] == ["nieuw"]


async def test_a_turn_longer_than_a_dialogue_may_be_is_kept_whole(store: FoldingTrackerStore) -> None:
    many = [ActionExecuted("utter_answer") for _ in range(LONGEST_DIALOGUE + 5)]

    await store.save(dialogue([SessionStarted(), *many]))

    found = await store.retrieve("one")
    assert found is not None
    assert len(found.events) == len(many) + 1


async def test_an_unknown_conversation_has_no_dialogue(store: FoldingTrackerStore) -> None:
    assert await store.retrieve("nobody") is None
    assert await store.exists("nobody") is False


async def test_a_dialogue_can_be_forgotten(store: FoldingTrackerStore) -> None:
    await store.save(dialogue(turn()))
    await store.save(dialogue(turn(), "two"))

    store.forget("one")

    assert list(await store.keys()) == ["two"]


async def test_a_dialogue_that_rested_too_long_is_forgotten_at_the_next_start(
    store: FoldingTrackerStore, file: str
) -> None:
    await store.save(dialogue(turn()))
    store.close()

    reopened = FoldingTrackerStore(DOMAIN, db=file, kept_days=0)

    assert list(await reopened.keys()) == []
    reopened.close()


async def test_text_in_every_script_comes_back(store: FoldingTrackerStore) -> None:
    text = "我的订单 \u202eعربى 😡 '; DROP TABLE dialogues; --"

    await store.save(dialogue(turn(text)))

    found = await store.retrieve("one")
    assert found is not None
    assert found.latest_message is not None
    assert found.latest_message.text == text


async def test_what_a_broken_turn_left_in_memory_is_not_taken_for_the_dialogue(
    store: FoldingTrackerStore,
) -> None:
    tracker = dialogue([SessionStarted(), *turn()])
    await store.save(tracker)
    for event in turn("nooit bewaard"):
        tracker.update(event, DOMAIN)

    found = await store.retrieve("one")

    assert found is not None
    assert found.latest_message is not None
    assert found.latest_message.text == "waar is mijn pakje"


async def test_a_dialogue_in_memory_and_in_the_file_are_the_same(
    store: FoldingTrackerStore, file: str
) -> None:
    tracker = dialogue([SessionStarted(), *turn()])
    await store.save(tracker)
    for number in range(2):
        for event in [*turn(f"vraag {number}"), *asking_form()]:
            tracker.update(event, DOMAIN)
        await store.save(tracker)
    in_memory = await store.retrieve("one")
    store.close()

    reopened = FoldingTrackerStore(DOMAIN, db=file)

    in_file = await reopened.retrieve("one")
    reopened.close()
    assert in_memory is tracker
    assert in_file is not None
    assert list(in_file.events) == list(in_memory.events)


async def test_memory_holds_only_the_dialogues_that_spoke_last(store: FoldingTrackerStore) -> None:
    for number in range(LIVE_DIALOGUES + 1):
        await store.save(dialogue(turn(), str(number)))

    oldest = await store.retrieve("0")

    assert oldest is not None
    assert len(store._live) == LIVE_DIALOGUES
    assert oldest.latest_message is not None


async def test_a_new_model_gets_its_dialogues_from_the_file(store: FoldingTrackerStore) -> None:
    tracker = dialogue([SessionStarted(), *turn()])
    await store.save(tracker)
    store.domain = Domain.from_dict({"version": "3.1", "intents": ["ask"]})

    found = await store.retrieve("one")

    assert found is not None
    assert found is not tracker
    assert found.slots.keys() != tracker.slots.keys()
