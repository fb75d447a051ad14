"""HTML as the Bot API reads it: few tags, strict nesting, offsets of errors in bytes of UTF-8."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.support.bot_api.refusals import Refusal, bad_request
from tests.support.bot_api.utf16 import Entity, units

TAGS: Final = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
LINKS: Final = re.compile(r"(?:https?|tg|ton|tonsite)://\S+", re.IGNORECASE)
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ESCAPE: Final = re.compile(r"&(?:#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}))|([a-z]+));?")
_TAG_NAME: Final = re.compile(r"[^\s>]*")
_ATTRIBUTE: Final = re.compile(
    r"\s*(?P<name>[^\s=>]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<token>[\w.-]+)(?=[\s>])))?"
)
_BARE: Final = {"expandable"}


@dataclass(frozen=True)
class Opened:
    """A tag that waits for its end."""

    name: str
    argument: str
    offset: int
    at: int


class HtmlReader:
    """Reads one text."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._position = 0
        self._pieces: list[str] = []
        self._offset = 0
        self._open: list[Opened] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        """The text without its tags, and what they marked.

        Raises:
            Refusal: It is not what the real server would take.
        """
        markup = self._markup
        while self._position < len(markup):
            character = markup[self._position]
            if character == "<":
                is_end = markup.startswith("</", self._position)
                (self._end_tag if is_end else self._start_tag)()
            elif character == "&":
                self._escape()
            else:
                self._say(character)
                self._position += 1
        if self._open:
            raise broken(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        order: Callable[[Entity], tuple[int, int]] = lambda one: (one.offset, -one.length)  # noqa: E731
        return "".join(self._pieces), sorted(self._entities, key=order)

    def _say(self, text: str) -> None:
        self._pieces.append(text)
        self._offset += units(text)

    def _escape(self) -> None:
        found = _ESCAPE.match(self._markup, self._position)
        text = unescaped(found) if found else None
        self._say(text if text is not None else "&")
        self._position += len(found[0]) if found and text is not None else 1

    def _start_tag(self) -> None:
        begin = self._position
        named = _TAG_NAME.match(self._markup, begin + 1)
        assert named is not None
        name, position = named[0].lower(), named.end()
        where = f"at byte offset {self._byte(begin)}"
        if position >= len(self._markup):
            raise broken(f"Unclosed start tag {where}")
        if name not in TAGS:
            raise broken(f'Unsupported start tag "{name}" {where}')
        attributes, position = self._attributes(name, position, where)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise broken(f'Tag "span" must have class "tg-spoiler" {where}')
        self._position = position
        self._open.append(Opened(name, _argument(name, attributes), self._offset, len(self._pieces)))

    def _attributes(self, tag: str, position: int, where: str) -> tuple[dict[str, str], int]:
        attributes: dict[str, str] = {}
        markup = self._markup
        while True:
            while position < len(markup) and markup[position].isspace():
                position += 1
            if position >= len(markup):
                raise broken(f"Unclosed start tag {where}")
            if markup[position] == ">":
                return attributes, position + 1
            found = _ATTRIBUTE.match(markup, position)
            if found is None:
                raise broken(f'Empty attribute name in the tag "{tag}" {where}')
            value = next((found[n] for n in ("double", "single", "token") if found[n] is not None), None)
            if value is None and found["name"] not in _BARE:
                raise broken(f'Expected equal sign in declaration of an attribute of the tag "{tag}" {where}')
            attributes[found["name"]] = _ESCAPE.sub(lambda one: unescaped(one) or one[0], value or "")
            position = found.end()

    def _end_tag(self) -> None:
        begin = self._position
        where = f"at byte offset {self._byte(begin)}"
        if not self._open:
            raise broken(f"Unexpected end tag {where}")
        end = self._markup.find(">", begin)
        if end < 0:
            raise broken(f"Unclosed end tag {where}")
        name, opened = self._markup[begin + 2 : end].strip(), self._open.pop()
        if name and name != opened.name:
            expected = f'expected "</{opened.name}>", found "</{name}>"'
            raise broken(f"Unmatched end tag {where}, {expected}")
        self._position = end + 1
        if self._offset > opened.offset:
            self._mark(opened, "".join(self._pieces[opened.at :]))

    def _mark(self, opened: Opened, marked: str) -> None:
        kind, argument = TAGS[opened.name], opened.argument
        if kind == "text_link":
            argument = checked_link(argument or marked)
            if not argument:
                return
        if opened.name == "code" and self._open and self._open[-1].name == "pre":
            outer = self._open.pop()
            self._open.append(Opened("pre", argument, outer.offset, outer.at))
            return
        self._entities.append(Entity(kind, opened.offset, self._offset - opened.offset, argument))

    def _byte(self, position: int) -> int:
        return len(self._markup[:position].encode())


def checked_link(address: str) -> str:
    """A link that Telegram keeps; empty for every other (the text stays, the link goes)."""
    if LINKS.fullmatch(address):
        return address
    has_host = re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?", address)
    return f"http://{address}" if has_host else ""


def unescaped(found: re.Match[str]) -> str | None:
    """What an escape stands for; None when it stands for itself."""
    hexadecimal, decimal, name = found.groups()
    if name is not None:
        return _NAMED.get(name)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    is_known = 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000
    return chr(code) if is_known else None


def broken(why: str) -> Refusal:
    """400: the markup is not right."""
    return bad_request(f"can't parse entities: {why}")


def _argument(name: str, attributes: dict[str, str]) -> str:
    if name == "code":
        return attributes.get("class", "").removeprefix("language-")
    return attributes.get({"a": "href", "tg-emoji": "emoji-id"}.get(name, ""), "")
