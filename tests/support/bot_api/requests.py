"""What the bot asked."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.bot_api.state import Json


@dataclass(frozen=True)
class Request:
    """A request of the bot, in the order they came."""

    method: str
    fields: Json
    at: float
    """Monotonic seconds."""
    outcome: str
    """``ok``, the words of the refusal, or the kind of trouble that was played."""

    @property
    def chat(self) -> int | None:
        """The chat that it is about."""
        found = str(self.fields.get("chat_id", ""))
        return int(found) if found.lstrip("-").isdigit() else None
