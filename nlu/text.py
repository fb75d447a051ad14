"""What a word is, in every language; nothing here assumes spaces.

The service reads keyword patterns by the same rules (``balie.content.keywords``); the cases in
``tests/fixtures/keyword_cases.yml`` hold both halves to one meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# The service puts this invisible character before a slash that a customer typed, so that Rasa does
# not read the text as a command.
SLASH_GUARD = "\u2060"
LONGEST_MESSAGE = 2000

_IDEOGRAPHS = "㐀-鿿豈-\ufaff"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]+(?:['’][^\W_{_IDEOGRAPHS}]+)*")
# Pictographs, dingbats and flags: one token each, because they carry mood.
_EMOJI = re.compile("[\u2600-\u27bf\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]")
_TOKEN = re.compile(rf"{_WORD.pattern}|{_EMOJI.pattern}|[?!]+")
# Control characters, marks of direction and width, and halves of broken surrogate pairs.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
_BETWEEN_IDEOGRAPHS = re.compile(rf"(?<=[{_IDEOGRAPHS}]) (?=[{_IDEOGRAPHS}])")
_SPACES = re.compile(r"\s+")
# The service puts such words where an address, a number or a code stood (balie/assistant/redaction.py).
_HIDDEN = re.compile("‹[^‹›]{1,40}›")
_ORDER_NUMBER = re.compile(
    r"(?<![0-9A-Za-zÀ-ÿ-])(?:dd[ –.:#-]{0,2})?[0-9]{7}(?![0-9A-Za-zÀ-ÿ])", re.IGNORECASE
)


class Span(NamedTuple):
    """A piece of a text and where it begins."""

    text: str
    start: int


def clean(text: str) -> str:
    """The text without control and invisible characters, cut to the longest message we read."""
    visible = _INVISIBLE.sub(" ", text[:LONGEST_MESSAGE])
    return _SPACES.sub(" ", visible).strip()


def without_hidden(text: str) -> str:
    """The text without the words that stand for what the service hides: nobody typed them.

    >>> without_hidden("mijn nummer is ‹phone›").split()
    ['mijn', 'nummer', 'is']
    """
    return _HIDDEN.sub(" ", text)


def with_one_order_number(text: str) -> str:
    """The text with the same number for every order: which one it is says nothing about what is wanted.

    >>> with_one_order_number("waar is dd-1046479, en 1050077?")
    'waar is DD1048213, en DD1048213?'
    """
    return _ORDER_NUMBER.sub("DD1048213", text)


def fold(text: str) -> str:
    """Lower case without accents, so that ``Één`` and ``een`` are one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def split_words(text: str) -> list[str]:
    """The words of a text, folded; every Chinese character is one.

    >>> split_words("Waar is m'n pakketje?! 我的订单")
    ['waar', 'is', "m'n", 'pakketje', '我', '的', '订', '单']
    """
    return _WORD.findall(fold(text).replace("’", "'"))


def join_words(words: Iterable[str]) -> str:
    """Words as a reader expects them: Chinese characters without spaces between them."""
    return _BETWEEN_IDEOGRAPHS.sub("", " ".join(words))


def iterate_tokens(text: str) -> Iterator[Span]:
    """Words, emoji and runs of ``?`` and ``!`` with their places in the text as it was typed."""
    for match in _TOKEN.finditer(text):
        yield Span(match.group(), match.start())


def has_ideographs(text: str) -> bool:
    """Whether the text holds Chinese characters."""
    return re.search(rf"[{_IDEOGRAPHS}]", text) is not None
