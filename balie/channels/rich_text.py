"""What is said, with its four marks, in a form that every channel can write in its own way.

The marks are those of the widget (``marks.ts``): a blank line parts paragraphs, lines that begin with ``- ``
are a list, ``**bold**``, ``[text](https://…)``. Everything else is text. ``tests/fixtures/marks.json`` keeps
both readers the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from balie.channels.web_address import safe_address

# What a browser takes for white space; Python's own \s knows some other characters.
_SPACE: Final = "\t\n\x0b\x0c\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_BLANK: Final = re.compile(f"[{_SPACE}]*")
_LIST_ITEM: Final = re.compile(f"[{_SPACE}]*- +")
_MARK: Final = re.compile(
    rf"\*\*(?=[^{_SPACE}])(?P<bold>[^\n\r\u2028\u2029]+?)(?<=[^{_SPACE}])\*\*"
    rf"|\[(?P<text>[^\[\]\n]+)\]\((?P<address>[^(){_SPACE}]+(?:\([^(){_SPACE}]*\)[^(){_SPACE}]*)*)\)"
)


@dataclass(frozen=True)
class Text:
    """Words as they are."""

    text: str


@dataclass(frozen=True)
class Bold:
    """Words that stand out."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere; the address is safe to follow."""

    text: str
    url: str


@dataclass(frozen=True)
class Break:
    """The next line begins here."""


Inline: TypeAlias = Text | Bold | Link | Break


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[tuple[Inline, ...], ...]


Block: TypeAlias = Paragraph | Bullets
RichText: TypeAlias = tuple[Block, ...]


def parse_marks(text: str) -> RichText:
    """What the assistant or an agent says, with its marks."""
    return tuple(_block(lines) for lines in _runs(text))


def as_typed(text: str) -> RichText:
    """What somebody typed: stars and brackets are stars and brackets."""
    return tuple(
        Paragraph(tuple(_lines([(Text(line),) for line in lines]))) for lines in _runs(text, has_lists=False)
    )


def to_json(rich: RichText) -> list[dict[str, Any]]:
    """The neutral form for those who write it themselves (docs/webhook-channel.md)."""
    return [_block_to_json(block) for block in rich]


def _runs(text: str, *, has_lists: bool = True) -> list[list[str]]:
    """Runs of lines that belong together: blank lines part them, and so does the start or end of a list."""
    runs: list[list[str]] = []
    previous = ""
    for line in re.sub("\r\n?", "\n", text).split("\n"):
        is_blank = _BLANK.fullmatch(line) is not None
        if not is_blank:
            same = not has_lists or _is_item(line) == _is_item(previous)
            if previous and same:
                runs[-1].append(line)
            else:
                runs.append([line])
        previous = "" if is_blank else line.strip(_TRIMMED)
    return runs


_TRIMMED: Final = "".join(chr(code) for code in range(0x10000) if _BLANK.fullmatch(chr(code)))


def _is_item(line: str) -> bool:
    return _LIST_ITEM.match(line) is not None


def _block(lines: Sequence[str]) -> Block:
    if _is_item(lines[0]):
        return Bullets(tuple(tuple(_inline(_LIST_ITEM.sub("", line, count=1))) for line in lines))
    return Paragraph(tuple(_lines([tuple(_inline(line)) for line in lines])))


def _lines(lines: Sequence[Sequence[Inline]]) -> Iterator[Inline]:
    for number, line in enumerate(lines):
        if number:
            yield Break()
        yield from line


def _inline(line: str) -> Iterator[Inline]:
    end = 0
    for found in _MARK.finditer(line):
        if found.start() > end:
            yield Text(line[end : found.start()])
        yield _mark(found)
        end = found.end()
    if end < len(line):
        yield Text(line[end:])


def _mark(found: re.Match[str]) -> Inline:
    if found["bold"] is not None:
        return Bold(tuple(_inline(found["bold"])))
    url = safe_address(found["address"])
    return Link(found["text"], url) if url else Text(found[0])


def _block_to_json(block: Block) -> dict[str, Any]:
    if isinstance(block, Bullets):
        return {"kind": "list", "items": [_inlines_to_json(item) for item in block.items]}
    return {"kind": "paragraph", "children": _inlines_to_json(block.children)}


def _inlines_to_json(inlines: Sequence[Inline]) -> list[dict[str, Any]]:
    return [_inline_to_json(one) for one in inlines]


def _inline_to_json(inline: Inline) -> dict[str, Any]:
    match inline:
        case Text(text):
            return {"kind": "text", "text": text}
        case Bold(children):
            return {"kind": "bold", "children": _inlines_to_json(children)}
        case Link(text, url):
            return {"kind": "link", "text": text, "url": url}
        case _:
            return {"kind": "break"}
