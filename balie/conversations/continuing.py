"""Going on with a conversation in another channel: a code that opens it there, once, for ten minutes.

Whoever has the code has the conversation, with everything said in it and whoever it knows its customer to
be. So it is long enough that nobody guesses it, short-lived, good in one direction, and kept as a digest.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from balie.conversations.bell import Bell
from balie.conversations.continuation_repository import ContinuationRepository
from balie.conversations.errors import ContinuationInvalidError, ConversationNotFoundError
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import StoreConnection, UnitOfWork

Also = Callable[[StoreConnection, ConversationId], object]
"""More work within the transaction in which a code is used up."""

LASTS: Final = timedelta(minutes=10)
CODE_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Continuation:
    """A way into a conversation from another channel.

    Attributes:
        code: 22 characters of base64url: fits in a link, and in Telegram's ``start``.
        expires_at: From then on it is worth nothing.
    """

    code: str
    expires_at: datetime


class ContinuationService:
    """Makes codes, and takes them in."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock = utc_now, *, bell: Bell | None = None) -> None:
        """Build it; ``bell`` is rung when somebody has gone on elsewhere."""
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._bell = bell

    async def create(self, conversation_id: ConversationId, towards: str) -> Continuation:
        """Make a code; the one that was made before in this direction, and not used, is void.

        Args:
            conversation_id: What it opens.
            towards: The channel it works in, as ``conversations.heard_via`` names it.

        Raises:
            ConversationNotFoundError: No such conversation.
        """
        now = self._clock()
        made = Continuation(secrets.token_urlsafe(CODE_BYTES), now + LASTS)

        def store(connection: StoreConnection) -> None:
            codes = ContinuationRepository(connection)
            if not codes.lock_conversation(conversation_id):
                raise ConversationNotFoundError
            codes.forget(conversation_id, towards, now=now)
            codes.insert(
                _digest(made.code), conversation_id, towards, created_at=now, expires_at=made.expires_at
            )

        await self._unit_of_work.run_writing(store)
        return made

    async def claim(self, code: str, towards: str, *, also: Also | None = None) -> ConversationId:
        """Use a code up: its conversation goes on in this channel, where its customer is reached from now on.

        Args:
            code: As it was typed, or stood in a link.
            towards: The channel.
            also: What has to be done in the same transaction.

        Raises:
            ContinuationInvalidError: Unknown, used, expired, or good elsewhere: nobody learns which.
        """
        now = self._clock()

        def use(connection: StoreConnection) -> ConversationId | None:
            codes = ContinuationRepository(connection)
            conversation_id = codes.use(_digest(code), towards, now=now)
            if conversation_id is not None:
                codes.note_heard(conversation_id, towards)
                if also is not None:
                    also(connection, conversation_id)
            return conversation_id

        conversation_id = await self._unit_of_work.run_writing(use)
        if conversation_id is None:
            raise ContinuationInvalidError
        if self._bell is not None:
            self._bell.ring(conversation_id)
        return conversation_id

    async def look(self, code: str, towards: str) -> ConversationId | None:
        """What a code would open here, without using it; None when it opens nothing."""
        now = self._clock()
        return await self._unit_of_work.run_reading(
            lambda connection: ContinuationRepository(connection).find(_digest(code), towards, now=now)
        )


def _digest(code: str) -> str:
    # Whatever was typed has a digest: also what is no text that can be sent anywhere.
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
