"""Plans and claims for one customer with as few statements as can be: between an answer and its sending.

Statements are written down once, with named gaps: putting one together takes longer than running it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, insert, select, update

from balie.channels.call_repository import UNSENT
from balie.channels.kinds import CallState
from balie.channels.models import ChannelCallRow, ChannelLinkRow
from balie.channels.repository import MESSAGES_AT_ONCE, call_columns, link_from
from balie.channels.views import ClaimedCall, Link, Plan, PlannedCall, Situation, Told
from balie.conversations.models import ConversationRow
from balie.conversations.repository import ConversationRepository
from balie.conversations.views import Author, Message, MessagePage
from balie.kernel.ids import ConversationId

_links: Any = ChannelLinkRow.__table__
_calls: Any = ChannelCallRow.__table__
_conversations: Any = ConversationRow.__table__

_this_link: Any = (_links.c.conversation_id == bindparam("conversation")) & (
    _links.c.channel == bindparam("through")
)
_has_unsent: Any = exists().where(
    _calls.c.conversation_id == bindparam("conversation"),
    _calls.c.channel == bindparam("through"),
    _calls.c.state.in_(UNSENT),
)

_FIND_LINK = (
    select(
        *_links.c,
        _conversations.c.heard_via,
        _conversations.c.handoff_number,
        _has_unsent.label("has_unsent"),
    )
    .join(_conversations, _conversations.c.id == _links.c.conversation_id)
    .where(_this_link)
    .with_for_update(of=_links)
)

_INSERT_CLAIMED = insert(_calls).returning(_calls.c.id)

_KEEP_PLAN = (
    update(_links)
    .where(_this_link)
    .values(
        facts=bindparam("remembered", type_=_links.c.facts.type),
        planned_sequence=bindparam("looked_at"),
        planned_number=bindparam("step"),
        last_call=bindparam("last"),
    )
)

Planner = Callable[[Situation, datetime], Plan]


class HasUnsentError(Exception):
    """Something planned before comes first: it is claimed the usual way; only the store sees this."""


class ExpressRepository:
    """Works within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan_and_claim(
        self, link: tuple[ConversationId, str], planner: Planner, now: datetime, lease: timedelta
    ) -> ClaimedCall | None:
        """Plan, and claim the first call with its message; None when there is nothing to say.

        Args:
            link: The conversation, and the channel.
            planner: What has to go out.
            now: The present moment.
            lease: How long the call is nobody else's.

        Raises:
            HasUnsentError: An earlier call of this conversation waits.
        """
        conversation_id, channel = link
        gaps = {"conversation": conversation_id, "through": channel}
        row = self._connection.execute(_FIND_LINK, gaps).one_or_none()
        if row is None:
            return None
        if row.has_unsent:
            raise HasUnsentError
        page = ConversationRepository(self._connection).find_page(
            conversation_id, after=row.planned_sequence, limit=MESSAGES_AT_ONCE
        )
        if page is None or all(message.author is Author.CUSTOMER for message in page.messages):
            return None
        found = link_from(row)
        plan = planner(_situation(found, row, page), now)
        claimed = self._insert(found, plan.calls, page.messages, (now, now + lease))
        self._connection.execute(
            _KEEP_PLAN,
            {
                **gaps,
                "remembered": dict(plan.facts),
                "looked_at": plan.sequence,
                "step": plan.number,
                "last": found.last_call + len(plan.calls),
            },
        )
        return claimed

    def _insert(
        self,
        link: Link,
        calls: Sequence[PlannedCall],
        messages: Sequence[Message],
        times: tuple[datetime, datetime],
    ) -> ClaimedCall | None:
        if not calls:
            return None
        now, claimed_until = times
        numbered = list(enumerate(calls, link.last_call + 1))
        rows = [call_columns(link, number, call, now) for number, call in numbered]
        first = {**rows[0], "state": CallState.SENDING.value, "attempts": 1, "claimed_until": claimed_until}
        call_id = self._connection.execute(_INSERT_CLAIMED, first).scalar_one()
        if rows[1:]:
            self._connection.execute(insert(_calls), rows[1:])
        number, call = numbered[0]
        return ClaimedCall(
            id=call_id,
            conversation_id=link.conversation_id,
            channel=link.channel,
            external_id=link.external_id,
            link_facts=link.facts,
            number=number,
            kind=call.kind,
            key=call.key,
            facts=call.facts,
            attempts=1,
            maybe_sent=False,
            created_at=now,
            message=_find(messages, call.facts.get("sequence")),
        )


def _situation(link: Link, row: Any, page: MessagePage) -> Situation:
    return Situation(
        link=link,
        status=page.status,
        last_sequence=page.last_sequence,
        handoff_number=row.handoff_number,
        is_being_answered=False,
        messages=tuple(
            Told(
                message.sequence,
                message.author,
                message.author is Author.AGENT and message.agent_id is None,
                message.created_at,
            )
            for message in page.messages
        ),
        heard_via=row.heard_via,
        customer_read=page.customer_read,
    )


def _find(messages: Sequence[Message], sequence: object) -> Message | None:
    return next((message for message in messages if message.sequence == sequence), None)
