"""An assistant whose replies get back what Rasa never sees: the customer's name, and other private texts."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from balie.assistant.port import Assistant, AssistantAnswer, AssistantReply, AssistantTurn, Understanding
from balie.assistant.private_words import PrivateTexts
from balie.kernel.ids import ConversationId


class Names(Protocol):
    """Knows the customer's name (``balie.assistant.personal_facts.PersonalFacts`` does)."""

    async def show_name(self, conversation_id: ConversationId, text: str) -> str:
        """The text with the customer's first name where its word stood."""
        ...


class NamingAssistant:
    """Passes everything on to another assistant; see :class:`balie.assistant.port.Assistant`."""

    def __init__(self, assistant: Assistant, names: Names, private: PrivateTexts) -> None:
        self._assistant = assistant
        self._names = names
        self._private = private

    async def reply_to(self, conversation_id: ConversationId, turn: AssistantTurn) -> AssistantAnswer:
        """What the other assistant says, with the name in it."""
        answer = await self._assistant.reply_to(conversation_id, turn)
        replies = [await self._named(conversation_id, reply) for reply in answer.replies]
        return replace(answer, replies=tuple(replies))

    async def begin_again(self, conversation_id: ConversationId) -> None:
        """Let go of what was being asked."""
        await self._assistant.begin_again(conversation_id)

    async def parse(self, text: str) -> Understanding:
        """How the other assistant reads a text."""
        return await self._assistant.parse(text)

    async def is_ready(self) -> bool:
        """Whether the other assistant could answer now."""
        return await self._assistant.is_ready()

    async def _named(self, conversation_id: ConversationId, reply: AssistantReply) -> AssistantReply:
        text = self._private.show(reply.text)
        return replace(reply, text=await self._names.show_name(conversation_id, text))
