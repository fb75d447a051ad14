"""Lengths as Telegram counts them: UTF-16 code units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


def units(text: str) -> int:
    """How many UTF-16 code units a text has."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, offset: int, length: int) -> str:
    """The piece of a text that an entity covers."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


@dataclass(frozen=True)
class Entity:
    """A marked piece of a text; offset and length in UTF-16 code units."""

    type: str
    offset: int
    length: int
    argument: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the Bot API writes it."""
        found: dict[str, Any] = {"type": self.type, "offset": self.offset, "length": self.length}
        names = {"text_link": "url", "pre": "language", "custom_emoji": "custom_emoji_id"}
        if self.argument and self.type in names:
            found[names[self.type]] = self.argument
        return found
