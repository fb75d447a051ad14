"""What came in, within the caller's transaction; decides nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, delete, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from balie.channels.kinds import EventState
from balie.channels.models import ChannelEventRow
from balie.channels.views import NewEvent, StoredEvent

_events: Any = ChannelEventRow.__table__
_earlier: Any = _events.alias("earlier")

_WAITING = EventState.WAITING.value


class EventRepository:
    """Stores events, and hands them out in order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def store(
        self, event: NewEvent, at: datetime, *, claimed_until: datetime | None = None
    ) -> StoredEvent | None:
        """Store an event; None when it was stored before.

        Args:
            event: What came in.
            at: The present moment.
            claimed_until: Until then whoever stores it takes it up at once; None leaves it to anybody.
        """
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        columns = {
            "channel": event.channel,
            "key": event.key,
            "thread": event.thread,
            "kind": event.kind,
            "body": dict(event.body),
            "state": _WAITING,
            "attempts": 0 if claimed_until is None else 1,
            "due_at": at,
            "claimed_until": claimed_until,
            "received_at": at,
        }
        once = dialect.insert(_events).values(**columns).on_conflict_do_nothing().returning(_events)
        row = self._connection.execute(once).one_or_none()
        return None if row is None else _stored_from(row)

    def find_waiting(self, channel: str, key: str, now: datetime, *, lease: timedelta) -> StoredEvent | None:
        """Claim an event that was stored before and not done; None when it is done, or somebody is at it."""
        claim = (
            update(_events)
            .where(_events.c.channel == channel, _events.c.key == key, _is_free(_events, now))
            .values(claimed_until=now + lease, attempts=_events.c.attempts + 1)
        )
        row = self._connection.execute(claim.returning(_events)).one_or_none()
        return None if row is None else _stored_from(row)

    def claim_next(self, channel: str, now: datetime, *, lease: timedelta) -> StoredEvent | None:
        """The event that waits longest and that no earlier one of its thread holds up."""
        query = _next_of(channel, now).with_for_update(skip_locked=True)
        claim = (
            update(_events)
            .where(_events.c.id == query.scalar_subquery())
            .values(claimed_until=now + lease, attempts=_events.c.attempts + 1)
        )
        row = self._connection.execute(claim.returning(_events)).one_or_none()
        return None if row is None else _stored_from(row)

    def has_any(self, channel: str, now: datetime) -> bool:
        """Whether there is something to claim; asks without a lock."""
        return self._connection.execute(_next_of(channel, now)).first() is not None

    def mark_done(
        self, event_id: int, *, trouble: str | None = None, state: EventState = EventState.DONE
    ) -> None:
        """Write down that an event is dealt with, and forget what it said."""
        change = update(_events).where(_events.c.id == event_id)
        self._connection.execute(
            change.values(state=state.value, body={}, claimed_until=None, trouble=trouble)
        )

    def mark_failed(self, event_id: int, trouble: str, due_at: datetime) -> None:
        """Write down when to try again."""
        change = update(_events).where(_events.c.id == event_id, _events.c.state == _WAITING)
        self._connection.execute(change.values(due_at=due_at, claimed_until=None, trouble=trouble))

    def forget_old(self, before: datetime) -> int:
        """Take away events of before a moment that are done; answers how many."""
        gone = self._connection.execute(
            delete(_events).where(_events.c.state != _WAITING, _events.c.received_at < before)
        )
        return cast("CursorResult[Any]", gone).rowcount


def _next_of(channel: str, now: datetime) -> Any:
    held_up = exists().where(
        _earlier.c.channel == _events.c.channel,
        _earlier.c.thread == _events.c.thread,
        _earlier.c.id < _events.c.id,
        _earlier.c.state == _WAITING,
    )
    return (
        select(_events.c.id)
        .where(_events.c.channel == channel, _is_free(_events, now), _events.c.due_at <= now, ~held_up)
        .order_by(_events.c.id)
        .limit(1)
    )


def _is_free(events: Any, now: datetime) -> Any:
    unclaimed = or_(events.c.claimed_until.is_(None), events.c.claimed_until <= now)
    return (events.c.state == _WAITING) & unclaimed


def _stored_from(row: Any) -> StoredEvent:
    return StoredEvent(
        id=row.id,
        channel=row.channel,
        key=row.key,
        thread=row.thread,
        kind=row.kind,
        body=row.body,
        attempts=row.attempts,
        received_at=row.received_at,
    )
