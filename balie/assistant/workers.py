"""Several assistants as one: each conversation always goes to the same of them, which holds its dialogue."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence

from balie.assistant.port import Assistant, AssistantAnswer, AssistantTurn, Understanding
from balie.kernel.ids import ConversationId


class AssistantWorkers:
    """Shares the work out; see :class:`balie.assistant.port.Assistant`.

    Args:
        workers: At least one; their order must be the same in every process that shares them.
    """

    def __init__(self, workers: Sequence[Assistant]) -> None:
        self._workers = tuple(workers)
        self._in_turn = itertools.cycle(self._workers)

    async def reply_to(self, conversation_id: ConversationId, turn: AssistantTurn) -> AssistantAnswer:
        """What the conversation's own worker says."""
        return await self._workers[conversation_id.int % len(self._workers)].reply_to(conversation_id, turn)

    async def begin_again(self, conversation_id: ConversationId) -> None:
        """Tell the conversation's own worker that its dialogue begins again."""
        await self._workers[conversation_id.int % len(self._workers)].begin_again(conversation_id)

    async def parse(self, text: str) -> Understanding:
        """How any of them reads a text: reading needs no memory."""
        return await next(self._in_turn).parse(text)

    async def is_ready(self) -> bool:
        """Whether all could answer now; a conversation cannot move to another."""
        return all(await asyncio.gather(*(worker.is_ready() for worker in self._workers)))
