"""What a turn needs from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from balie.content.render import RenderedReply
from balie.conversations.views import PendingTurn


@dataclass(frozen=True, slots=True)
class HeardAs:
    """What a typed text means as if it had been pressed.

    Attributes:
        payload: What the assistant is asked instead: put together by us, never anything typed.
        language: In which it was typed; None when that cannot be told.
    """

    payload: str
    language: str | None = None


class FollowUps(Protocol):
    """Reads what is typed about what the customer has before them (``actions.card_follow_ups`` does)."""

    async def read(self, turn: PendingTurn) -> HeardAs | None:
        """What a typed text means; None when it is like any other.

        Raises:
            StoreUnavailableError: Nobody can say what the customer has before them.
        """
        ...


class Renderer(Protocol):
    """Puts content into words (``balie.content.render.Renderer`` does)."""

    def render(self, response: str, language: str | None, facts: Mapping[str, Any]) -> RenderedReply:
        """One response in one language; an unknown language falls back to the shop's own."""
        ...

    def title_of(self, intent: str, language: str | None) -> str:
        """What a button that asks for this intent says."""
        ...
