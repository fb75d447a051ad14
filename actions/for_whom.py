"""For whom something is to be recommended, as a sentence tells it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from actions.typed_answers import AnswerReader
from balie.catalogue.goods_words import Audience

FOR_WHOM: Final = "for_whom"
_AUDIENCE: Final = "audience"
GIFT: Final = "gift"
_MYSELF: Final = "myself"
GROWN_UP_AT: Final = 15
"""Years: sizes for children end about there."""

_AGE: Final = re.compile(
    r"\b(\d{1,2})[ -]?(?:jaar|jarige?|years?|yrs?|yo|y/o)\b"
    r"|\b(?:van|aged?|turning|wordt|is)\s+(\d{1,2})\b(?![.,]?\d|\s*(?:euro|eur|pounds?|quid|liter|l|km|kg|cm)\b)",
    re.IGNORECASE,
)
_SHORT_MY: Final = re.compile(r"\bm['’]?n\b", re.IGNORECASE)
_YOUNG: Final = frozenset({Audience.CHILDREN, Audience.GIRLS, Audience.BOYS})
_GROWN: Final = {Audience.GIRLS: Audience.WOMEN, Audience.BOYS: Audience.MEN}


@dataclass(frozen=True, slots=True)
class ForWhom:
    """For whom something is.

    Attributes:
        is_gift: It is for somebody else.
        audience: None for anybody, or where it is not said.
    """

    is_gift: bool = False
    audience: Audience | None = None


def hear_for_whom(text: str, reader: AnswerReader) -> ForWhom:
    """For whom something is, by the words of ``for_whom`` and ``audience``, and by an age."""
    text = _SHORT_MY.sub("mijn", text)
    said = reader.find_all(FOR_WHOM, text)
    people = frozenset(map(Audience, reader.find_all(_AUDIENCE, text)))
    # Who speaks of a child speaks of somebody else.
    is_gift = bool(GIFT in said or people & _YOUNG) and _MYSELF not in said
    return ForWhom(is_gift, _audience(people, find_age(text)))


def find_age(text: str) -> int | None:
    """How old somebody is, in years; None when that is not said.

    >>> find_age("mijn dochter van 8"), find_age("my 12-year-old"), find_age("a jacket of 80 euro")
    (8, 12, None)
    """
    found = _AGE.search(text)
    return None if found is None else int(found[1] or found[2])


def _audience(people: frozenset[Audience], age: int | None) -> Audience | None:
    """The one audience that all of them belong to; None when they have none in common."""
    if people and people <= _YOUNG and age is not None and age >= GROWN_UP_AT:
        people = frozenset(_GROWN[each] for each in people & _GROWN.keys())
    if len(people) == 1:
        return next(iter(people))
    if people & {Audience.GIRLS, Audience.BOYS} and people <= _YOUNG:
        named = people - {Audience.CHILDREN}
        return next(iter(named)) if len(named) == 1 else Audience.CHILDREN
    return None
