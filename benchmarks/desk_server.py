"""Balie as a process with an assistant that answers at once: what is measured is everything but Rasa.

``.venv/bin/python -m benchmarks.desk_server`` reads the settings as ``balie up`` does, and serves until it is
killed.
"""

from __future__ import annotations

import asyncio

from balie.assistant.port import AssistantAnswer, AssistantReply, AssistantTurn, Understanding
from balie.kernel.ids import ConversationId
from balie.server import Server
from balie.settings import Settings
from benchmarks.desk_people import ASKS


class QuickAssistant:
    """Calls a person when asked for one, and otherwise says one sentence."""

    async def reply_to(self, conversation_id: ConversationId, turn: AssistantTurn) -> AssistantAnswer:
        """An answer at once."""
        response = "utter_contact_human_agent" if turn.text == ASKS else "utter_greet"
        return AssistantAnswer((AssistantReply("Goed.", (), response, "nl"),), "nl")

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
    await Server(Settings(), assistant=QuickAssistant()).run()


if __name__ == "__main__":
    asyncio.run(serve())
