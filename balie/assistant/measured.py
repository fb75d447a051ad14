"""An assistant whose turns are counted and timed."""

from __future__ import annotations

import time
from collections.abc import Callable

from balie.assistant.port import Assistant, AssistantAnswer, AssistantTurn, Understanding
from balie.kernel.ids import ConversationId
from balie.kernel.measures import Measures


class MeasuredAssistant:
    """Passes everything on to another assistant; see :class:`balie.assistant.port.Assistant`."""

    def __init__(
        self, assistant: Assistant, measures: Measures, *, seconds: Callable[[], float] = time.perf_counter
    ) -> None:
        self._assistant = assistant
        self._measures = measures
        self._seconds = seconds

    async def reply_to(self, conversation_id: ConversationId, turn: AssistantTurn) -> AssistantAnswer:
        """What the other assistant says."""
        started, failed = self._seconds(), True
        try:
            answer = await self._assistant.reply_to(conversation_id, turn)
            failed = False
        finally:
            self._measures.turn_taken(self._seconds() - started, failed=failed)
        return answer

    async def begin_again(self, conversation_id: ConversationId) -> None:
        """Let go of what was being asked."""
        await self._assistant.begin_again(conversation_id)

    async def parse(self, text: str) -> Understanding:
        """How the other assistant reads a text."""
        return await self._assistant.parse(text)

    async def is_ready(self) -> bool:
        """Whether the other assistant could answer now."""
        return await self._assistant.is_ready()
