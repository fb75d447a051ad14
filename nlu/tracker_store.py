"""Where Rasa keeps its dialogues: one SQLite row per conversation, never longer than needed.

Rasa's own stores either forget everything at a restart (memory) or grow with every event, and so do
the calls to actions and texts, which carry all events along. Here a long dialogue is folded: its older
events become the state they led to (slots, running form), the newest stay as they are. The record of
what was said is the service's conversation store, not this one.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Text

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

LONGEST_DIALOGUE = 24
"""Events after which a dialogue is folded; one turn makes about five. Rasa copies and walks through all of
them several times a turn, so a turn takes longer with every event kept."""
KEPT_EVENTS = 8
LIVE_DIALOGUES = 200
"""Dialogues kept in memory as well; the others are read from the file (about 0.1 MB each)."""
KEPT_DAYS = 30
DEFAULT_FILE = "var/rasa.db"
_SECONDS_PER_DAY = 86400
_JOURNAL_WAIT_S = 10.0
_JOURNAL_PAUSE_S = 0.02
_SCHEMA = """
CREATE TABLE IF NOT EXISTS dialogues (
    conversation_id TEXT PRIMARY KEY,
    updated_at REAL NOT NULL,
    events TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS dialogues_by_age ON dialogues (updated_at);
"""


@dataclass(frozen=True)
class _Live:
    """A dialogue in memory.

    Rasa works on the very object; after a turn that broke off it holds events that were never saved.
    """

    tracker: DialogueStateTracker
    documents: List[Text]
    domain: Domain

    def is_as_saved(self, domain: Domain) -> bool:
        """Whether nothing happened to it since, and it belongs to the model that runs now."""
        return len(self.tracker.events) == len(self.documents) and self.domain is domain

    def documents_of(self, tracker: DialogueStateTracker, events: List[Event]) -> List[Text]:
        """What need not be written out anew: events are only ever added to a dialogue, until it is folded."""
        grew = tracker is self.tracker and len(events) == len(tracker.events) >= len(self.documents)
        return self.documents if grew else []


def _write_ahead(database: sqlite3.Connection) -> None:
    """Keep the journal as WAL; when two servers begin at once, one waits until the other has made it so."""
    deadline = time.monotonic() + _JOURNAL_WAIT_S
    # SQLite's own patience (busy_timeout) does not always hold for a change of the journal.
    while not _is_write_ahead(database, is_last_try=time.monotonic() > deadline):
        time.sleep(_JOURNAL_PAUSE_S)


def _is_write_ahead(database: sqlite3.Connection, *, is_last_try: bool) -> bool:
    try:
        database.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError:
        if is_last_try:
            raise
        return False
    return True


class FoldingTrackerStore(TrackerStore):
    """Keeps dialogues in an SQLite file; a restart of Rasa forgets nothing.

    Args:
        domain: Which slots there are.
        host: Not used; Rasa hands over the ``url`` of endpoints.yml under this name.
        event_broker: Where Rasa streams events to; none by default.
        db: The SQLite file; its folder is made when missing.
        kept_days: A dialogue that rested so long is forgotten.
    """

    def __init__(
        self,
        domain: Optional[Domain] = None,
        host: Optional[Text] = None,
        event_broker: Optional[EventBroker] = None,
        *,
        db: Text = DEFAULT_FILE,
        kept_days: int = KEPT_DAYS,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        Path(db).parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(db, timeout=0, isolation_level=None, check_same_thread=False)
        _write_ahead(self._database)
        # A power cut may cost the last turns of a dialogue, never the file; the messages themselves are
        # safe with the service, which writes them with synchronous = FULL.
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute("PRAGMA busy_timeout = 2000")
        self._database.executescript(_SCHEMA)
        self._forget_before(time.time() - kept_days * _SECONDS_PER_DAY)
        self._live: OrderedDict[Text, _Live] = OrderedDict()  # the one that spoke last is the last

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep a dialogue as it is now."""
        await self.stream_events(tracker)
        events = self._folded(tracker.sender_id, list(tracker.events))
        known = self._live.pop(tracker.sender_id, None)
        documents = known.documents_of(tracker, events) if known else []
        documents += [_document(event) for event in events[len(documents) :]]
        self._database.execute(
            "INSERT INTO dialogues VALUES (?, ?, ?) ON CONFLICT (conversation_id)"
            " DO UPDATE SET updated_at = excluded.updated_at, events = excluded.events",
            (tracker.sender_id, time.time(), f"[{','.join(documents)}]"),
        )
        if len(events) == len(tracker.events):
            self._live[tracker.sender_id] = _Live(tracker, documents, self.domain)
        if len(self._live) > LIVE_DIALOGUES:
            self._live.popitem(last=False)

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """The dialogue of a conversation as it was saved last, or None."""
        live = self._live.get(sender_id)
        if live is not None and live.is_as_saved(self.domain):
            return live.tracker
        row = self._database.execute(
            "SELECT events FROM dialogues WHERE conversation_id = ?", (sender_id,)
        ).fetchone()
        if row is None:
            return None
        events: List[Dict[Text, Any]] = json.loads(row[0])
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)

    async def keys(self) -> Iterable[Text]:
        """All conversations, in no particular order."""
        return [key for (key,) in self._database.execute("SELECT conversation_id FROM dialogues")]

    def forget(self, conversation_id: Text) -> None:
        """Delete one dialogue."""
        self._live.pop(conversation_id, None)
        self._database.execute("DELETE FROM dialogues WHERE conversation_id = ?", (conversation_id,))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _forget_before(self, moment: float) -> None:
        self._database.execute("DELETE FROM dialogues WHERE updated_at < ?", (moment,))

    def _folded(self, sender_id: Text, events: List[Event]) -> List[Event]:
        events = events[_start_of_session(events) :]
        if len(events) <= LONGEST_DIALOGUE:
            return events
        cut = _start_of_turn(events, len(events) - KEPT_EVENTS)
        if not cut:
            return events
        past = DialogueStateTracker.from_events(sender_id, events[:cut], self.domain.slots)
        return [*_state_as_events(past, events[0].timestamp), *events[cut:]]


def _document(event: Event) -> Text:
    return json.dumps(event.as_dict(), ensure_ascii=False)


def _start_of_session(events: List[Event]) -> int:
    """Rasa looks at the newest session only, so nothing before it need be kept."""
    starts = [place for place, event in enumerate(events) if isinstance(event, SessionStarted)]
    return starts[-1] if starts else 0


def _start_of_turn(events: List[Event], at_least: int) -> int:
    """The first place after which whole turns follow (the assistant began to listen), or 0."""
    for place in range(at_least, len(events)):
        event = events[place - 1]
        if isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME:
            return place
    return 0


def _state_as_events(past: DialogueStateTracker, timestamp: float) -> List[Event]:
    """The shortest dialogue that leads to the same state."""
    slots = [
        SlotSet(name, slot.value, timestamp) for name, slot in past.slots.items() if slot.value is not None
    ]
    loop = [ActiveLoop(past.active_loop_name, timestamp)] if past.active_loop_name else []
    return [SessionStarted(timestamp), *slots, *loop, ActionExecuted(ACTION_LISTEN_NAME, timestamp=timestamp)]
