"""What goes out, within the caller's transaction; decides nothing.

A call is sent **at least once**, and no other call of its conversation before it is sent. Whether a try that
was broken off has reached the other side, only the other side knows: such a call comes back with
``maybe_sent``, and the adapter finds out before it sends again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, and_, delete, exists, func, or_, select, update

from balie.channels.kinds import CallState
from balie.channels.models import ChannelCallRow, ChannelLinkRow
from balie.channels.views import ClaimedCall, Facts
from balie.kernel.ids import ConversationId

_calls: Any = ChannelCallRow.__table__
_links: Any = ChannelLinkRow.__table__
_earlier: Any = _calls.alias("earlier")

UNSENT = (CallState.WAITING.value, CallState.SENDING.value)


class CallRepository:
    """Hands calls out one by one, and remembers what became of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim_next(
        self,
        channel: str,
        now: datetime,
        *,
        lease: timedelta,
        conversation_id: ConversationId | None = None,
    ) -> ClaimedCall | None:
        """The call that is due longest and that no earlier one of its conversation holds up."""
        query = _next_of(channel, now)
        if conversation_id is not None:
            query = query.where(_calls.c.conversation_id == conversation_id)
        query = query.with_for_update(skip_locked=True, of=_calls)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        claim = update(_calls).where(_calls.c.id == row.id)
        self._connection.execute(
            claim.values(
                state=CallState.SENDING.value, claimed_until=now + lease, attempts=_calls.c.attempts + 1
            )
        )
        return _claimed_from(row)

    def has_any(self, channel: str, now: datetime) -> bool:
        """Whether there is something to claim; asks without a lock."""
        return self._connection.execute(_next_of(channel, now)).first() is not None

    def note_progress(self, call_id: int, facts: Facts, claimed_until: datetime) -> None:
        """Remember how far a call has come, for whoever has to go on with it; it stays claimed."""
        change = update(_calls).where(_calls.c.id == call_id, _calls.c.state.in_(UNSENT))
        self._connection.execute(change.values(facts=dict(facts), claimed_until=claimed_until))

    def list_facts(self, channel: str, *, since: datetime) -> tuple[Facts, ...]:
        """Facts of the calls that were planned after a moment."""
        query = select(_calls.c.facts).where(_calls.c.channel == channel, _calls.c.created_at > since)
        return tuple(self._connection.execute(query).scalars())

    def find_last_number(self, conversation_id: ConversationId, channel: str) -> int:
        """Number of the last call that was ever planned; 0: none was."""
        query = select(func.max(_calls.c.number)).where(
            _calls.c.conversation_id == conversation_id, _calls.c.channel == channel
        )
        return self._connection.execute(query).scalar() or 0

    def mark_sent(self, call_id: int, at: datetime) -> None:
        """Write down that the other side has a call."""
        change = update(_calls).where(_calls.c.id == call_id, _calls.c.state.in_(UNSENT))
        self._connection.execute(
            change.values(state=CallState.SENT.value, sent_at=at, claimed_until=None, trouble=None)
        )

    def is_sending(self, channel: str, external_id: str, key: str) -> bool:
        """Whether a call is begun and nobody knows yet whether it has arrived."""
        query = select(_calls.c.id).where(_is_sending(channel, external_id, key))
        return self._connection.execute(query).first() is not None

    def mark_heard_of(self, channel: str, external_id: str, key: str, at: datetime) -> bool:
        """Write down that the other side has told us of what a call brought it; False: it was known."""
        change = update(_calls).where(_is_sending(channel, external_id, key))
        changed = self._connection.execute(
            change.values(state=CallState.SENT.value, sent_at=at, claimed_until=None)
        )
        return cast("CursorResult[Any]", changed).rowcount > 0

    def mark_failed(self, call_id: int, trouble: str, due_at: datetime, *, maybe_sent: bool) -> None:
        """Write down when to try again, and whether the other side may have it already."""
        state = CallState.SENDING if maybe_sent else CallState.WAITING
        change = update(_calls).where(_calls.c.id == call_id, _calls.c.state.in_(UNSENT))
        self._connection.execute(
            change.values(state=state.value, due_at=due_at, claimed_until=None, trouble=trouble)
        )

    def mark_over(self, call_id: int, state: CallState, trouble: str) -> None:
        """Write down that a call is not going to be sent."""
        change = update(_calls).where(_calls.c.id == call_id, _calls.c.state.in_(UNSENT))
        self._connection.execute(change.values(state=state.value, claimed_until=None, trouble=trouble))

    def forget_old(self, before: datetime) -> int:
        """Take away calls of before a moment that are over; answers how many."""
        gone = self._connection.execute(
            delete(_calls).where(_calls.c.state.not_in(UNSENT), _calls.c.created_at < before)
        )
        return cast("CursorResult[Any]", gone).rowcount


def _is_sending(channel: str, external_id: str, key: str) -> Any:
    whose = select(_links.c.conversation_id).where(
        _links.c.channel == channel, _links.c.external_id == external_id
    )
    return and_(
        _calls.c.conversation_id == whose.scalar_subquery(),
        _calls.c.channel == channel,
        _calls.c.key == key,
        _calls.c.state == CallState.SENDING.value,
    )


def _next_of(channel: str, now: datetime) -> Any:
    held_up = exists().where(
        _earlier.c.conversation_id == _calls.c.conversation_id,
        _earlier.c.channel == _calls.c.channel,
        _earlier.c.number < _calls.c.number,
        _earlier.c.state.in_(UNSENT),
    )
    is_free = or_(_calls.c.claimed_until.is_(None), _calls.c.claimed_until <= now)
    of_link = and_(_links.c.conversation_id == _calls.c.conversation_id, _links.c.channel == _calls.c.channel)
    return (
        select(_calls, _links.c.external_id, _links.c.facts.label("link_facts"))
        .join(_links, of_link)
        .where(
            _calls.c.channel == channel,
            _calls.c.state.in_(UNSENT),
            _calls.c.due_at <= now,
            is_free,
            ~held_up,
        )
        .order_by(_calls.c.due_at, _calls.c.id)
        .limit(1)
    )


def _claimed_from(row: Any) -> ClaimedCall:
    return ClaimedCall(
        id=row.id,
        conversation_id=ConversationId(row.conversation_id),
        channel=row.channel,
        external_id=row.external_id,
        link_facts=row.link_facts,
        number=row.number,
        kind=row.kind,
        key=row.key,
        facts=row.facts,
        attempts=row.attempts + 1,
        maybe_sent=row.state == CallState.SENDING.value,
        created_at=row.created_at,
    )
