"""What is said, written as a channel wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Final

from balie.channels.rich_text import Block, Bold, Break, Bullets, Inline, Link, RichText, Text

PLAIN_BULLET: Final = "- "
TELEGRAM_BULLET: Final = "• "


def as_plain(rich: RichText) -> str:
    """Without marks: a link is followed by its address."""
    return _blocks(rich, PLAIN_BULLET, lambda inline, _: _plain_inline(inline))


def as_telegram_html(rich: RichText) -> str:
    """As Telegram's HTML; whatever is no mark is escaped."""
    return _blocks(rich, TELEGRAM_BULLET, _telegram_inline)


def as_telegram_text(rich: RichText) -> str:
    """What Telegram shows of ``as_telegram_html``, which is what it counts."""
    return _blocks(rich, TELEGRAM_BULLET, lambda inline, _: _telegram_words(inline))


_Write = Callable[[Inline, bool], str]
"""Writes an inline; the flag says whether it already stands in bold."""


def _blocks(rich: RichText, bullet: str, write: _Write) -> str:
    found: list[str] = []
    before: Block | None = None
    for block in rich:
        if before is not None:
            # A list belongs to the sentence above it.
            found.append("\n" if isinstance(block, Bullets) and not isinstance(before, Bullets) else "\n\n")
        if isinstance(block, Bullets):
            found.append("\n".join(bullet + _inlines(item, write) for item in block.items))
        else:
            found.append(_inlines(block.children, write))
        before = block
    return "".join(found)


def _inlines(inlines: Sequence[Inline], write: _Write, *, in_bold: bool = False) -> str:
    return "".join(write(inline, in_bold) for inline in inlines)


def _plain_inline(inline: Inline) -> str:
    match inline:
        case Text(text):
            return text
        case Bold(children):
            return "".join(map(_plain_inline, children))
        case Link(text, url):
            return with_address(text, url)
        case Break():
            return "\n"


def _telegram_inline(inline: Inline, in_bold: bool) -> str:  # noqa: FBT001
    match inline:
        case Bold(children):
            words = _inlines(children, _telegram_inline, in_bold=True)
            return words if in_bold else f"<b>{words}</b>"
        case Link(text, url) if _is_kept(url):
            return f'<a href="{escape(url)}">{escape(text, quote=False)}</a>'
        case _:
            return escape(_telegram_words(inline), quote=False)


def _telegram_words(inline: Inline) -> str:
    match inline:
        case Bold(children):
            return "".join(map(_telegram_words, children))
        case Link(text, url) if _is_kept(url):
            return text
        case _:
            return _plain_inline(inline)


def _is_kept(url: str) -> bool:
    """Telegram takes links to pages only; an address or a number in the text it makes a link by itself."""
    return url.startswith(("https:", "http:"))


def with_address(text: str, url: str) -> str:
    """A link where there are no links: its words, and its address unless they are the same."""
    address = url.removeprefix("mailto:").removeprefix("tel:")
    told = text.strip().removesuffix("/").removeprefix("https://")
    is_same = told == address.removeprefix("https://").removesuffix("/")
    return (
        text
        if is_same or (url.startswith("tel:") and _digits(text) == _digits(url))
        else f"{text} ({address})"
    )


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
