"""Takes a conversation away, with everything that belongs to it alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, update

from balie.baskets.models import BasketRow, CodeAttemptsRow
from balie.cases.kinds import CaseState
from balie.cases.models import CaseRow
from balie.conversations.models import ConversationRow
from balie.kernel.ids import ConversationId

_conversations: Any = ConversationRow.__table__
_baskets: Any = BasketRow.__table__
_attempts: Any = CodeAttemptsRow.__table__
_cases: Any = CaseRow.__table__


class ErasureRepository:
    """Works within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def erase(self, conversation_id: ConversationId) -> None:
        """Take away the conversation, and what names it without being a part of it.

        Messages, photos, buttons, codes, handoffs with notes and ratings, links to other channels and calls
        to them are parts: they go with its row. A stranger's open basket goes too. Of a case that is over the
        customer's words go; an open one stays as it is, because somebody still has to answer it, and so does
        the record of what was changed in the shop's books.
        """
        self._connection.execute(
            delete(_baskets).where(
                _baskets.c.conversation_id == conversation_id, _baskets.c.ordered_at.is_(None)
            )
        )
        self._connection.execute(delete(_attempts).where(_attempts.c.conversation_id == conversation_id))
        over = update(_cases).where(
            _cases.c.conversation_id == conversation_id, _cases.c.state != CaseState.OPEN.value
        )
        self._connection.execute(over.values(story=None, facts={}))
        self._connection.execute(delete(_conversations).where(_conversations.c.id == conversation_id))
