"""What a channel says by itself: sentences of the content, stored like all that is said, without a turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from balie.channels.port import ConversationBook, Words
from balie.content.render import RenderedReply
from balie.conversations.views import NewButton, NewReply
from balie.kernel.ids import ConversationId


class Notices:
    """Says them in the language of the conversation."""

    def __init__(self, conversations: ConversationBook, words: Words) -> None:
        self._conversations = conversations
        self._words = words

    async def say(
        self,
        conversation_id: ConversationId,
        response: str,
        facts: Mapping[str, Any] | None = None,
        *,
        notice_id: UUID,
        buttons: tuple[NewButton, ...] = (),
    ) -> bool:
        """Say one, once per id; False: it was said before.

        Raises:
            BalieError: There is no such conversation, or no such sentence.
        """
        words = await self._render(conversation_id, response, facts or {})
        reply = NewReply(words.text, buttons, response, words.language)
        return await self._conversations.record_notice(conversation_id, reply, notice_id=notice_id)

    async def word(
        self, conversation_id: ConversationId, response: str, facts: Mapping[str, Any] | None = None
    ) -> str:
        """The words of one, without saying it.

        Raises:
            BalieError: There is no such conversation, or no such sentence.
        """
        return (await self._render(conversation_id, response, facts or {})).text

    async def _render(
        self, conversation_id: ConversationId, response: str, facts: Mapping[str, Any]
    ) -> RenderedReply:
        conversation = await self._conversations.get_conversation(conversation_id)
        return self._words.render(response, conversation.spoken_language, facts)
