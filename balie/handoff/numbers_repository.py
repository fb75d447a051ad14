"""What the figures of the desk are counted from: queries that read, and decide nothing.

Conversations are read in parts, so that memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Connection, Float, Uuid, and_, case, exists, func, or_, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import GenericFunction

from balie.conversations.models import ConversationRow, MessageRow
from balie.handoff.models import HandoffRow, RatingRow
from balie.handoff.numbers_rules import (
    PAUSE_S,
    UNKNOWN_LANGUAGE,
    ContactFacts,
    HandoffFacts,
    Pause,
    Period,
    Said,
)
from balie.handoff.repository import IS_OPEN

ROWS_AT_ONCE: Final = 2000
LOOK_UP_SIZE: Final = 500
MOOD_MESSAGES: Final = 3
"""So many of the customer's messages, before and after, make a mood."""
PLEASANT: Final = ("joy", "gratitude")
UNPLEASANT: Final = ("anger", "sadness", "fear", "confusion")

_conversations: Any = ConversationRow.__table__
_messages: Any = MessageRow.__table__
_handoffs: Any = HandoffRow.__table__
_ratings: Any = RatingRow.__table__
_last: Any = aliased(_messages, name="last_message")
_next: Any = aliased(_conversations, name="next_conversation")


class whole_seconds(GenericFunction[int]):  # noqa: N801 (it stands in queries like a function)
    """A moment in whole seconds since 1970, rounded down."""

    type = BigInteger()
    inherit_cache = True


@compiles(whole_seconds, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(whole_seconds, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **options)})) AS BIGINT)"


class _AsStored(Uuid[Any]):
    """A key as the driver hands it over: to convert tens of thousands takes longer than to find them."""

    cache_ok = True

    def result_processor(self, dialect: Any, coltype: Any) -> None:
        return None

    def bind_processor(self, dialect: Any) -> None:
        return None


def _key(column: Any) -> Any:
    return type_coerce(column, _AsStored())


_LANGUAGE: Any = func.coalesce(_conversations.c.language, _conversations.c.page_language, UNKNOWN_LANGUAGE)
_FACTS: Final = (
    _key(_handoffs.c.id),
    _key(_handoffs.c.conversation_id),
    _handoffs.c.team,
    _handoffs.c.language,
    _handoffs.c.reason,
    _handoffs.c.state,
    _handoffs.c.code,
    whole_seconds(_handoffs.c.requested_at),
    whole_seconds(_handoffs.c.accepted_at),
    whole_seconds(_handoffs.c.first_reply_at),
    whole_seconds(_handoffs.c.first_reply_due_at),
    whole_seconds(_handoffs.c.ended_at),
)


@dataclass(frozen=True, slots=True)
class NumbersQuery:
    """Which figures are wanted.

    Attributes:
        team: Only what this team had; None: everything.
        language: Only in this language; None: in any.
    """

    period: Period
    team: str | None = None
    language: str | None = None


class RatingFacts(NamedTuple):
    """A question of how it went, and the answer; ``team`` is None when no agent had it."""

    conversation: Any
    team: str | None
    language: str
    asked_s: int
    score: int | None


class MoodFacts(NamedTuple):
    """How a customer felt before a handoff and after an agent accepted, each in [-1, 1]."""

    handoff: Any
    before: float
    after: float


class NumbersRepository:
    """Reads within the caller's transaction, in its thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_open(self, query: NumbersQuery) -> tuple[HandoffFacts, ...]:
        """Every open handoff, whenever it was asked for; longest waiting first."""
        question = select(*_FACTS).where(IS_OPEN, *_whose(_handoffs.c, query))
        rows = self._connection.execute(question.order_by(_handoffs.c.requested_at))
        return tuple(HandoffFacts(*row) for row in rows)

    def list_handoffs(self, query: NumbersQuery) -> tuple[HandoffFacts, ...]:
        """Those that were asked for in the period, and all of the conversations that began in it; in order.

        Neither team nor language is looked at: a conversation's handoffs belong together.
        """
        in_period = _handoffs.c.requested_at < query.period.ends_at
        question = (
            select(*_FACTS)
            .join(_conversations, _conversations.c.id == _handoffs.c.conversation_id)
            .where(
                _handoffs.c.requested_at >= query.period.begins_at, or_(in_period, and_(*_began_in(query)))
            )
        )
        rows = self._connection.execute(question.order_by(_handoffs.c.requested_at))
        return tuple(HandoffFacts(*row) for row in rows)

    def read_conversations(self, query: NumbersQuery) -> Iterator[tuple[Any, str, ContactFacts]]:
        """The conversations that began in the period and in which the customer wrote: key, language, facts.

        Each as if it were one contact without handoffs, and its newest message were the last.
        """
        question = (
            select(
                _key(_conversations.c.id),
                _LANGUAGE,
                whole_seconds(_conversations.c.created_at),
                whole_seconds(_conversations.c.last_active_at),
                _last.c.author,
                _last.c.turn_state,
                _last.c.response,
                whole_seconds(_next_conversation_at()),
            )
            .join(
                _last,
                and_(
                    _last.c.conversation_id == _conversations.c.id,
                    _last.c.sequence == _conversations.c.last_sequence,
                ),
            )
            .where(*_began_in(query), _has_a_customer())
        )
        if query.language is not None:
            question = question.where(query.language == _LANGUAGE)
        found = self._connection.execute(question, execution_options={"yield_per": ROWS_AT_ONCE})
        for rows in found.partitions():
            for key, language, started_s, at_s, author, turn_state, response, elsewhere_s in rows:
                last = Said(at_s, author, turn_state, response)
                yield key, language, ContactFacts(started_s, last, None, elsewhere_s)

    def read_pauses(self, keys: Sequence[Any]) -> Mapping[Any, Sequence[Pause]]:
        """Where in these conversations a customer wrote after an hour of quiet, in order."""
        found: dict[Any, list[Pause]] = {}
        for start in range(0, len(keys), LOOK_UP_SIZE):
            question = _pauses_of(keys[start : start + LOOK_UP_SIZE])
            for key, again_s, *last in self._connection.execute(question):
                found.setdefault(key, []).append(Pause(Said(*last), again_s))
        return found

    def read_ratings(self, query: NumbersQuery) -> Iterator[RatingFacts]:
        """The questions that were asked in the period."""
        language = func.coalesce(_ratings.c.language, UNKNOWN_LANGUAGE)
        asked_s = whole_seconds(_ratings.c.asked_at)
        question = (
            select(_key(_ratings.c.conversation_id), _handoffs.c.team, language, asked_s, _ratings.c.score)
            .outerjoin(_handoffs, _handoffs.c.id == _ratings.c.handoff_id)
            .where(_ratings.c.asked_at >= query.period.begins_at, _ratings.c.asked_at < query.period.ends_at)
        )
        if query.team is not None:
            question = question.where(_handoffs.c.team == query.team)
        if query.language is not None:
            question = question.where(language == query.language)
        for row in self._connection.execute(question, execution_options={"yield_per": ROWS_AT_ONCE}):
            yield RatingFacts(*row)

    def read_moods(self, query: NumbersQuery) -> Iterator[MoodFacts]:
        """How customers felt whom an agent accepted, where both is known.

        The mean of the last messages before the request, and of the last ones that the agent had: joy and
        gratitude less anger, sadness, fear and confusion. Those that could not be read do not count.
        """
        seen = _read_messages(query).subquery()
        was_read, pleasant = seen.c.emotion["known"].as_boolean(), _pleasantness(seen.c.emotion)
        before = func.avg(case((and_(was_read, seen.c.is_after == 0), pleasant)), type_=Float)
        after = func.avg(case((and_(was_read, seen.c.is_after == 1), pleasant)), type_=Float)
        question = (
            select(seen.c.handoff, before, after)
            .where(seen.c.place <= MOOD_MESSAGES)
            .group_by(seen.c.handoff)
            .having(and_(before.is_not(None), after.is_not(None)))
        )
        for row in self._connection.execute(question, execution_options={"yield_per": ROWS_AT_ONCE}):
            yield MoodFacts(*row)


def _pauses_of(keys: Sequence[Any]) -> Any:
    before = {"partition_by": _messages.c.conversation_id, "order_by": _messages.c.sequence}
    at_s = whole_seconds(_messages.c.created_at)
    said = (
        select(
            _key(_messages.c.conversation_id).label("conversation"),
            _messages.c.author.label("next_author"),
            at_s.label("again_s"),
            func.lag(at_s).over(**before).label("at_s"),
            func.lag(_messages.c.author).over(**before).label("author"),
            func.lag(_messages.c.turn_state).over(**before).label("turn_state"),
            func.lag(_messages.c.response).over(**before).label("response"),
            _messages.c.sequence,
        )
        .where(_key(_messages.c.conversation_id).in_(keys))
        .subquery()
    )
    c = said.c
    return (
        select(c.conversation, c.again_s, c.at_s, c.author, c.turn_state, c.response)
        .where(c.next_author == "customer", c.again_s - c.at_s >= PAUSE_S)
        .order_by(c.conversation, c.sequence)
    )


def _read_messages(query: NumbersQuery) -> Any:
    """The messages that say how a customer felt; place 1 is the last before, and the last after."""
    at, handoff = _messages.c.created_at, _handoffs.c
    before, after = at <= handoff.requested_at, at >= handoff.accepted_at
    till_the_end = or_(handoff.ended_at.is_(None), at <= handoff.ended_at)
    is_after = case((after, 1), else_=0)
    place = func.row_number().over(partition_by=(handoff.id, is_after), order_by=_messages.c.sequence.desc())
    return (
        select(
            _key(handoff.id).label("handoff"),
            is_after.label("is_after"),
            _messages.c.emotion,
            place.label("place"),
        )
        .join(_messages, _messages.c.conversation_id == handoff.conversation_id)
        .where(
            handoff.requested_at >= query.period.begins_at,
            handoff.requested_at < query.period.ends_at,
            handoff.accepted_at.is_not(None),
            *_whose(handoff, query),
            _messages.c.author == "customer",
            _messages.c.emotion.is_not(None),
            or_(before, and_(after, till_the_end)),
        )
    )


def _pleasantness(emotion: Any) -> Any:
    def share(label: str) -> Any:
        return func.coalesce(emotion[("probabilities", label)].as_float(), 0.0)

    pleasant, unpleasant = [share(each) for each in PLEASANT], [share(each) for each in UNPLEASANT]
    return sum(pleasant[1:], pleasant[0]) - sum(unpleasant[1:], unpleasant[0])


def _next_conversation_at() -> Any:
    return (
        select(func.min(_next.c.created_at))
        .where(
            _next.c.customer_id == _conversations.c.customer_id,
            _next.c.created_at > _conversations.c.created_at,
            _next.c.last_sequence > 0,
        )
        .scalar_subquery()
    )


def _has_a_customer() -> Any:
    any_message = exists().where(
        _messages.c.conversation_id == _conversations.c.id, _messages.c.author == "customer"
    )
    # The last message nearly always tells already.
    return or_(_last.c.author == "customer", _last.c.in_reply_to.is_not(None), any_message)


def _began_in(query: NumbersQuery) -> tuple[Any, ...]:
    created_at, period = _conversations.c.created_at, query.period
    return (
        _conversations.c.last_active_at >= period.begins_at,  # follows from the next one, and has an index
        created_at >= period.begins_at,
        created_at < period.ends_at,
    )


def _whose(columns: Any, query: NumbersQuery) -> list[Any]:
    wanted = {columns.team: query.team, columns.language: query.language}
    return [column == value for column, value in wanted.items() if value is not None]
