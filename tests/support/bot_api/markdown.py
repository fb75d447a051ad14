"""MarkdownV2 as the Bot API reads it: every reserved character is a mark or escaped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.support.bot_api.html import broken, checked_link
from tests.support.bot_api.utf16 import Entity, units

RESERVED: Final = frozenset("_*[]()~`>#+-=|{}.!")
_NAMES: Final = {
    "bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough",
    "spoiler": "Spoiler", "code": "Code", "pre": "Pre", "text_link": "TextUrl", "custom_emoji": "CustomEmoji",
}  # fmt: skip
_MARKS: Final = (
    ("```", "pre"), ("__", "underline"), ("||", "spoiler"), ("![", "custom_emoji"), ("*", "bold"),
    ("_", "italic"), ("~", "strikethrough"), ("`", "code"), ("[", "text_link"),
)  # fmt: skip
_ENDS: Final = {
    "bold": "*", "italic": "_", "underline": "__", "strikethrough": "~", "spoiler": "||", "code": "`",
    "pre": "```", "text_link": "]", "custom_emoji": "]",
}  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """A mark that waits for its end."""

    kind: str
    offset: int
    at: int
    byte: int
    argument: str = ""


class MarkdownReader:
    """Reads one text."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._position = 0
        self._pieces: list[str] = []
        self._offset = 0
        self._open: list[Opened] = []
        self._entities: list[Entity] = []
        self._quote: int | None = None

    def read(self) -> tuple[str, list[Entity]]:
        """The text without its marks, and what they marked.

        Raises:
            Refusal: It is not what the real server would take.
        """
        while self._position < len(self._markup):
            self._step()
        self._end_quote()
        if self._open:
            last = self._open[-1]
            raise broken(f"Can't find end of {_NAMES[last.kind]} entity at byte offset {last.byte}")
        return "".join(self._pieces), sorted(self._entities, key=lambda one: (one.offset, -one.length))

    def _step(self) -> None:
        character = self._markup[self._position]
        follows = self._markup[self._position + 1 : self._position + 2]
        is_raw = bool(self._open) and self._open[-1].kind in {"code", "pre"}
        if character == "\\" and follows and 0 < ord(follows) <= 126:
            self._say(follows, 2)
        elif self._closes():
            self._close()
        elif is_raw and character != "`":
            self._say(character, 1)
        elif self._is_line_start() and not self._open and self._quotes(character):
            return
        elif character in RESERVED:
            self._begin(character)
        else:
            self._say(character, 1)

    def _say(self, text: str, length: int) -> None:
        self._pieces.append(text)
        self._offset += units(text)
        self._position += length

    def _is_line_start(self) -> bool:
        return self._position == 0 or self._markup[self._position - 1] == "\n"

    def _quotes(self, character: str) -> bool:
        if character != ">":
            self._end_quote()
            return False
        self._quote = self._offset if self._quote is None else self._quote
        self._position += 1
        return True

    def _end_quote(self) -> None:
        if self._quote is not None and self._offset > self._quote:
            self._entities.append(Entity("blockquote", self._quote, self._offset - self._quote))
        self._quote = None

    def _closes(self) -> bool:
        if not self._open:
            return False
        kind = self._open[-1].kind
        is_italic_mark = kind == "italic" and self._markup.startswith("__", self._position)
        return self._markup.startswith(_ENDS[kind], self._position) and not is_italic_mark

    def _begin(self, character: str) -> None:
        for mark, kind in _MARKS:
            if self._markup.startswith(mark, self._position):
                begin = self._position
                self._position += len(mark)
                argument = self._language() if kind == "pre" else ""
                byte = len(self._markup[:begin].encode())
                self._open.append(Opened(kind, self._offset, len(self._pieces), byte, argument))
                return
        raise broken(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")

    def _language(self) -> str:
        rest = self._markup[self._position :]
        first, line_end, _ = rest.partition("\n")
        is_language = bool(line_end) and "`" not in first and " " not in first
        self._position += len(first) + 1 if is_language else 0
        return first if is_language else ""

    def _close(self) -> None:
        opened = self._open.pop()
        self._position += len(_ENDS[opened.kind])
        argument = opened.argument
        if opened.kind in {"text_link", "custom_emoji"}:
            argument = self._address() or "".join(self._pieces[opened.at :])
            argument = checked_link(argument) if opened.kind == "text_link" else argument
            if not argument:
                return
        if self._offset > opened.offset:
            self._entities.append(Entity(opened.kind, opened.offset, self._offset - opened.offset, argument))

    def _address(self) -> str:
        if not self._markup.startswith("(", self._position):
            return ""
        begin = self._position = self._position + 1
        found: list[str] = []
        while self._position < len(self._markup) and self._markup[self._position] != ")":
            if self._markup[self._position] == "\\":
                self._position += 1
            found.append(self._markup[self._position : self._position + 1])
            self._position += 1
        if self._position >= len(self._markup):
            raise broken(f"Can't find end of a URL at byte offset {len(self._markup[:begin].encode())}")
        self._position += 1
        return "".join(found)
