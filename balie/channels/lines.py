"""Words with the places where they may be cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Final, TypeAlias

import regex  # type: ignore[import-untyped]

from balie.channels.rendering import with_address
from balie.channels.rich_text import Bold, Break, Inline, Link, Text

_CHARACTER: Final = regex.compile(r"\X")
_LATIN_ENDS: Final = ".!?…"
_WIDE_ENDS: Final = "。！？"
_CLOSING: Final = "\"'”’)»」』）"
_GLUE: Final = "\u00a0\u2007\u202f"
"""Spaces that keep their words together."""

Words: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True)
class Segment:
    """A stretch of text of one kind."""

    text: str
    is_bold: bool
    url: str | None = None


class Line:
    """Words with the positions where they may be cut, counted in visible characters."""

    def __init__(self, segments: Sequence[Segment], is_too_long: Callable[[str], bool]) -> None:
        self._segments = segments
        text = "".join(segment.text for segment in segments)
        characters = list(_characters(text, is_too_long))
        self._offsets = [0, *accumulate(map(len, characters))]
        self.length = len(characters)
        self._is_space = [character.isspace() for character in characters]
        self.breaks = [at for at, character in enumerate(characters) if character == "\n"]
        self.spaces = [
            at for at, character in enumerate(characters) if character.isspace() and character not in _GLUE
        ]
        self.sentence_ends = [at for at in range(1, self.length) if self._ends_sentence(characters, at)]
        ends = list(accumulate(len(segment.text) for segment in segments))
        self._links = [
            (end - len(segment.text), end) for segment, end in zip(segments, ends, strict=True) if segment.url
        ]

    @classmethod
    def of(cls, children: Sequence[Inline], limit: int, measure: Callable[[Words], int]) -> Line:
        """The words of a paragraph; a link that does not fit into a message by itself becomes text."""
        return cls(
            [_fitting(segment, limit, measure) for segment in _segments(children, is_bold=False)],
            lambda character: measure((Text(character),)) > limit,
        )

    def skip_space(self, at: int) -> int:
        """The next position that does not begin with a space."""
        while at < self.length and self._is_space[at]:
            at += 1
        return at

    def trim_space(self, start: int, end: int) -> int:
        """This end, or one before the spaces that lie in front of it."""
        while end > start and self._is_space[end - 1]:
            end -= 1
        return end

    def is_in_link(self, at: int) -> bool:
        """Whether a cut here would be inside a link."""
        return any(begin < self._offsets[at] < end for begin, end in self._links)

    def outside_link(self, start: int, at: int) -> int:
        """This position, or one before the link that it lies in."""
        before = at
        while before > start and self.is_in_link(before):
            before -= 1
        return before if before > start else at

    def words(self, start: int, end: int) -> Words:
        """What stands between two positions."""
        first, last = self._offsets[start], self._offsets[end]
        found: list[Segment] = []
        offset = 0
        for segment in self._segments:
            piece = segment.text[max(0, first - offset) : max(0, last - offset)]
            offset += len(segment.text)
            if piece:
                found.append(Segment(piece, segment.is_bold, segment.url))
        return tuple(_inlines(found))

    def _ends_sentence(self, characters: Sequence[str], at: int) -> bool:
        """Whether a sentence ends right before this position."""
        last = at - 1
        while last > 0 and characters[last] in _CLOSING:
            last -= 1
        if characters[last] in _WIDE_ENDS:
            return True
        return characters[last] in _LATIN_ENDS and self._is_space[at]


def _characters(text: str, is_too_long: Callable[[str], bool]) -> Iterator[str]:
    """Visible characters. One with so many accents that it fills a message is cut all the same."""
    for character in _CHARACTER.findall(text):
        if len(character) > 1 and is_too_long(character):
            yield from character
        else:
            yield character


def _segments(children: Sequence[Inline], *, is_bold: bool) -> Iterator[Segment]:
    for child in children:
        match child:
            case Text(text):
                yield Segment(text, is_bold)
            case Bold(inner):
                yield from _segments(inner, is_bold=True)
            case Link(text, url):
                yield Segment(text, is_bold, url)
            case Break():
                yield Segment("\n", is_bold)


def _fitting(segment: Segment, limit: int, measure: Callable[[Words], int]) -> Segment:
    if segment.url is None or measure((Link(segment.text, segment.url),)) <= limit:
        return segment
    return Segment(with_address(segment.text, segment.url), segment.is_bold)


def _inlines(segments: Sequence[Segment]) -> Iterator[Inline]:
    for is_bold, run in groupby(segments, key=lambda segment: segment.is_bold):
        children = tuple(one for segment in run for one in _inlines_of(segment))
        if is_bold:
            yield Bold(children)
        else:
            yield from children


def _inlines_of(segment: Segment) -> Iterator[Inline]:
    if segment.url is not None:
        yield Link(segment.text, segment.url)
        return
    for number, line in enumerate(segment.text.split("\n")):
        if number:
            yield Break()
        if line:
            yield Text(line)
