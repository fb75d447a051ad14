"""An answer too long for one message of a channel, as several, cut where it hurts least.

First between paragraphs and list items, then at line breaks, at the ends of sentences, at spaces, and only
then between two visible characters. Never inside a link or a visible character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final, TypeVar

from balie.channels.lines import Line, Words
from balie.channels.rendering import as_telegram_text
from balie.channels.rich_text import Block, Bullets, Inline, Paragraph, RichText

Measure = Callable[[RichText], int]
"""How long a channel finds a text."""

_SMALLEST_SHARE: Final = 3
"""A cut that leaves less than this part of a message is worse than a worse place further on."""


def utf16_length(text: str) -> int:
    """The length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def telegram_length(rich: RichText) -> int:
    """How long Telegram finds a text: without its tags."""
    return utf16_length(as_telegram_text(rich))


def split(rich: RichText, limit: int, measure: Measure = telegram_length) -> list[RichText]:
    """The text in parts that are each at most ``limit`` long; one part when it fits.

    Args:
        rich: The whole text.
        limit: The longest part, in what ``measure`` counts; room for one visible character at least.
        measure: The length of a text in this channel.
    """
    parts: list[RichText] = []
    waiting: RichText = ()
    for block in rich:
        *full, last = _pieces(block, limit, measure)
        if full:
            parts += _runs_that_fit(waiting, limit, measure)
            parts += [(piece,) for piece in full]
            waiting = ()
        waiting = (*waiting, last)
    return [*parts, *_runs_that_fit(waiting, limit, measure)]


T = TypeVar("T")


def _runs_that_fit(
    things: tuple[T, ...], limit: int, measure: Callable[[tuple[T, ...]], int]
) -> Iterator[tuple[T, ...]]:
    """As many as fit together, one after the other; each fits by itself."""
    start = 0
    while start < len(things):
        ends = range(start + 1, len(things) + 1)
        fitting = bisect_right(ends, limit, key=lambda end: measure(things[start:end]))
        end = start + max(1, fitting)
        yield things[start:end]
        start = end


def _pieces(block: Block, limit: int, measure: Measure) -> Iterator[Block]:
    """A block; when it is too long, in pieces that are not."""
    if measure((block,)) <= limit:
        yield block
    elif isinstance(block, Bullets):
        yield from _pieces_of_list(block, limit, measure)
    else:
        yield from _pieces_of_lines(block.children, limit, measure)


def _pieces_of_list(block: Bullets, limit: int, measure: Measure) -> Iterator[Block]:
    def length(items: tuple[Words, ...]) -> int:
        return measure((Bullets(items),))

    for is_short, run in groupby(block.items, key=lambda item: length((item,)) <= limit):
        if is_short:
            for items in _runs_that_fit(tuple(run), limit, length):
                yield Bullets(items)
        else:
            for item in run:
                yield from _pieces_of_item(item, limit, measure)


def _pieces_of_item(item: Sequence[Inline], limit: int, measure: Measure) -> Iterator[Block]:
    """Only the first piece keeps the bullet: the others go on with it."""
    first, *others = _cut(item, limit, lambda words: measure((Bullets((words,)),)))
    yield Bullets((first,))
    for words in others:
        yield Paragraph(words)


def _pieces_of_lines(children: Sequence[Inline], limit: int, measure: Measure) -> Iterator[Block]:
    for words in _cut(children, limit, lambda words: measure((Paragraph(words),))):
        yield Paragraph(words)


def _cut(children: Sequence[Inline], limit: int, measure: Callable[[Words], int]) -> Iterator[Words]:
    line = Line.of(children, limit, measure)
    start = line.skip_space(0)
    while start < line.length:
        end = _best_end(line, start, limit, measure)
        yield line.words(start, line.trim_space(start, end))
        start = line.skip_space(end)


def _best_end(line: Line, start: int, limit: int, measure: Callable[[Words], int]) -> int:
    """Where the piece that begins at ``start`` ends: a position between two visible characters."""
    allowed = range(start + 1, line.length + 1)
    fitting = bisect_right(allowed, limit, key=lambda end: measure(line.words(start, end)))
    furthest = start + max(1, fitting)
    if furthest >= line.length:
        return line.length
    enough = start + (furthest - start) // _SMALLEST_SHARE
    for places in (line.breaks, line.sentence_ends, line.spaces):
        at = bisect_right(places, furthest) - 1
        if at >= 0 and places[at] > enough and not line.is_in_link(places[at]):
            return places[at]
    return line.outside_link(start, furthest)
