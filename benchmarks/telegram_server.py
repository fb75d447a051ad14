"""Balie as a process whose assistant repeats what it hears, so that every answer tells what it answers.

``.venv/bin/python -m benchmarks.telegram_server`` reads the settings as ``balie up`` does, and serves until
it is killed.
"""

from __future__ import annotations

import asyncio

from balie.assistant.port import AssistantAnswer, AssistantReply, AssistantTurn, Understanding
from balie.kernel.ids import ConversationId
from balie.server import Server
from balie.settings import Settings


class RepeatingAssistant:
    """Says what was said."""

    async def reply_to(self, conversation_id: ConversationId, turn: AssistantTurn) -> AssistantAnswer:
        """An answer at once."""
        return AssistantAnswer((AssistantReply(f"U zei: {turn.text}", (), "utter_greet", "nl"),), "nl")

    async def begin_again(self, conversation_id: ConversationId) -> None:
        """Nothing was being asked."""

    async def parse(self, text: str) -> Understanding:
        """Everything is about a parcel."""
        return Understanding("nl", 1.0, "track_order", 1.0, ())

    async def is_ready(self) -> bool:
        """Always."""
        return True


async def serve() -> None:
    """Serve with the settings of the environment until the process ends."""
    await Server(Settings(), assistant=RepeatingAssistant()).run()


if __name__ == "__main__":
    asyncio.run(serve())
