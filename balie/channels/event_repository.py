"""What came in, within the caller's transaction; decides nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from balie.channels.kinds import ORDERED_BY_KEY, EventState
from balie.channels.models import ChannelEventRow
from balie.channels.views import NewEvent, StoredEvent

_events: Any = ChannelEventRow.__table__
_earlier: Any = _events.alias("earlier")

_WAITING = EventState.WAITING.value


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an event that was to be stored.

    Attributes:
        is_new: Whether it was not there before.
        claimed: The event, where whoever stored it is to take it up now.
    """

    is_new: bool
    claimed: StoredEvent | None = None


class EventRepository:
    """Stores events, and hands them out in order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def store(
        self,
        event: NewEvent,
        at: datetime,
        *,
        claimed_until: datetime | None = None,
        due_at: datetime | None = None,
    ) -> StoredEvent | None:
        """Store an event; None when it was stored before.

        Args:
            event: What came in.
            at: The present moment.
            claimed_until: Until then whoever stores it takes it up at once; None leaves it to anybody.
            due_at: Not to be taken up before; None: at once.
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
            "due_at": at if due_at is None else due_at,
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

    def store_in_order(
        self, event: NewEvent, now: datetime, *, lease: timedelta, due_at: datetime | None = None
    ) -> Kept:
        """Store an event, claimed at once when it is due and nothing of its thread has to come first."""
        stored = self.store(event, now, due_at=due_at)
        if stored is None or due_at is not None:
            return Kept(is_new=stored is not None)
        claim = (
            update(_events)
            .where(_events.c.id == stored.id, ~_held_up(event.channel))
            .values(claimed_until=now + lease, attempts=1)
        )
        row = self._connection.execute(claim.returning(_events)).one_or_none()
        return Kept(is_new=True, claimed=None if row is None else _stored_from(row))

    def release(self, channel: str, now: datetime) -> None:
        """Make due what was never taken up and is not due yet."""
        held = (_events.c.channel == channel, _events.c.state == _WAITING, _events.c.attempts == 0)
        change = update(_events).where(*held, _events.c.due_at > now)
        self._connection.execute(change.values(due_at=now))

    def find_last_key(self, channel: str) -> str | None:
        """The highest key that is a number; None when there is none."""
        query = select(func.max(_events.c.key)).where(_events.c.channel == channel, _events.c.key < ":")
        return self._connection.execute(query).scalar()

    def list_keys(self, channel: str, kinds: Collection[str], *, since: datetime) -> tuple[str, ...]:
        """Keys of the events of some kinds that came in after a moment."""
        query = select(_events.c.key).where(
            _events.c.channel == channel, _events.c.kind.in_(kinds), _events.c.received_at > since
        )
        return tuple(self._connection.execute(query).scalars())

    def claim_next(
        self, channel: str, now: datetime, *, lease: timedelta, thread: str | None = None
    ) -> StoredEvent | None:
        """The event that waits longest and that no earlier one of its thread holds up; of one, or of all."""
        query = _next_of(channel, now, thread).with_for_update(skip_locked=True)
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


def _next_of(channel: str, now: datetime, thread: str | None = None) -> Any:
    is_due = (_is_free(_events, now), _events.c.due_at <= now, ~_held_up(channel))
    here = () if thread is None else (_events.c.thread == thread,)
    return (
        select(_events.c.id)
        .where(_events.c.channel == channel, *here, *is_due)
        .order_by(_events.c.id)
        .limit(1)
    )


def _held_up(channel: str) -> Any:
    """Whether another event of the same thread comes first."""
    by_key = channel in ORDERED_BY_KEY
    comes_first = _earlier.c.key < _events.c.key if by_key else _earlier.c.id < _events.c.id
    return exists().where(
        _earlier.c.channel == _events.c.channel,
        _earlier.c.thread == _events.c.thread,
        comes_first,
        _earlier.c.state == _WAITING,
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
