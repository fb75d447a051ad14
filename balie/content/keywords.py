"""The little language of keyword patterns, for checking them here.

The Rasa half matches the same patterns with spaCy; ``tests/fixtures/keyword_cases.yml`` holds both
to one meaning.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

GAP = "..."
GAP_WORDS = 3
# A Chinese, Japanese or Korean character is a word of its own; elsewhere letters and digits run on.
WORD = re.compile(r"[㐀-鿿豈-﫿]|[^\W_㐀-鿿豈-﫿]+(?:['’][^\W_㐀-鿿豈-﫿]+)*")


def fold(text: str) -> str:
    """Lower case without accents, so that ``Één`` and ``een`` are one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def split_words(text: str) -> list[str]:
    """The words of a text, folded; every Chinese character is one."""
    return WORD.findall(fold(text).replace("’", "'"))


def pattern_fires(pattern: str, text: str) -> bool:
    """Whether a pattern occurs in a text.

    >>> pattern_fires("hoe (lang|snel) ... bezorg*", "Hoe lang duurt het bezorgen?")
    True
    >>> pattern_fires("retour*", "kan dat terug?")
    False
    """
    return compile_pattern(pattern).search(" " + " ".join(split_words(text)) + " ") is not None


@lru_cache(maxsize=8192)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Turn a pattern into a regular expression over words that are parted by single spaces.

    Raises:
        ValueError: The pattern is empty, begins or ends with a gap, or has an unclosed bracket.
    """
    parts = re.findall(r"\.\.\.|\([^()]*\)\*?|[^\s()]+", fold(pattern))
    if "".join(parts).replace(" ", "") != re.sub(r"\s", "", fold(pattern)):
        raise ValueError(f"cannot read the keyword pattern {pattern!r}")
    if not parts or GAP in (parts[0], parts[-1]):
        raise ValueError(f"the keyword pattern {pattern!r} must begin and end with a word")
    return re.compile("".join(_part_expression(part) for part in parts) + r"(?= )")


def _part_expression(part: str) -> str:
    if part == GAP:
        return rf"(?: \S+){{0,{GAP_WORDS}}}"
    if part.startswith("("):
        return "(?:" + "|".join(_word_expression(word) for word in part.strip("()").split("|")) + ")"
    return _word_expression(part)


def _word_expression(word: str) -> str:
    is_prefix = word.endswith("*")
    words = split_words(word.rstrip("*"))
    if not words:
        raise ValueError(f"{word!r} holds no word")
    return "".join(" " + re.escape(each) for each in words) + (r"\S*" if is_prefix else r"(?= )")
