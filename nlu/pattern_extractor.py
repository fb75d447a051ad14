"""Finds order numbers and Dutch postcodes, by their characters, not by words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from nlu.component import PlainComponent, is_command

ORDER_NUMBER = "order_number"
POSTCODE = "postcode"
# Not \w: a Chinese character may stand right before or after a number.
_LETTER_OR_DIGIT = "0-9A-Za-zÀ-ÿ"
_ORDER_NUMBER = re.compile(
    rf"(?<![{_LETTER_OR_DIGIT}-])(?:dd[\s\-–.:#]{{0,2}})?(\d{{7}})(?![{_LETTER_OR_DIGIT}])", re.IGNORECASE
)
_POSTCODE = re.compile(
    rf"(?<![{_LETTER_OR_DIGIT}-])([1-9]\d{{3}})[ \-]?([a-z]{{2}})(?![{_LETTER_OR_DIGIT}])", re.IGNORECASE
)
# Letter pairs that Dutch postcodes never have; also keeps "2024 ss" out.
_UNUSED_LETTERS = {"SA", "SD", "SS"}
# "1234 is", "2000 km": a year or an amount followed by a two-letter word. Letters close to the digits
# or in capitals make it a postcode all the same.
_SHORT_WORDS = frozenset(
    "an as at be by do go he if in is it me my no of on or so to up us we am pm "
    "ik je ze en de op te om nu al er ie ne na "
    "km cm mm kg gr st nd rd th le la un et ou du au ce se sa".upper().split()
)


def _fold_width(text: str) -> str:
    return "".join(chr(ord(each) - 0xFEE0) if "！" <= each <= "～" else each for each in text)


def _order_number(match: re.Match[str]) -> str | None:
    return f"DD{match.group(1)}"


def _postcode(match: re.Match[str]) -> str | None:
    digits, letters = match.groups()
    is_spaced = len(match.group()) > len(digits) + len(letters)
    if letters.upper() in _UNUSED_LETTERS:
        return None
    if is_spaced and not letters.isupper() and letters.upper() in _SHORT_WORDS:
        return None
    return f"{digits} {letters.upper()}"


_PATTERNS: dict[str, tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]]] = {
    ORDER_NUMBER: (_ORDER_NUMBER, _order_number),
    POSTCODE: (_POSTCODE, _postcode),
}


def find_patterns(text: str) -> Iterator[dict[str, Any]]:
    """Order numbers (as ``DD`` and seven digits) and postcodes (``1234 AB``) with their places.

    >>> [found["value"] for found in find_patterns("mijn order dd 1048213 naar 3811mg")]
    ['DD1048213', '3811 MG']
    """
    folded = _fold_width(text)
    for entity, (pattern, normalise) in _PATTERNS.items():
        for match in pattern.finditer(folded):
            value = normalise(match)
            if value is not None:
                yield {
                    ENTITY_ATTRIBUTE_TYPE: entity,
                    ENTITY_ATTRIBUTE_START: match.start(),
                    ENTITY_ATTRIBUTE_END: match.end(),
                    ENTITY_ATTRIBUTE_VALUE: value,
                }


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PatternExtractor(PlainComponent, EntityExtractorMixin):
    """Adds ``order_number`` and ``postcode`` entities, normalised."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is found to the entities of each message."""
        for message in messages:
            if not is_command(message):
                found = self.add_extractor_name(list(find_patterns(message.get(TEXT) or "")))
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
