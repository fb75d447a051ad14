"""What a turn needs from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from balie.content.render import RenderedReply


class Renderer(Protocol):
    """Puts content into words (``balie.content.render.Renderer`` does)."""

    def render(self, response: str, language: str | None, facts: Mapping[str, Any]) -> RenderedReply:
        """One response in one language; an unknown language falls back to the shop's own."""
        ...

    def title_of(self, intent: str, language: str | None) -> str:
        """What a button that asks for this intent says."""
        ...
