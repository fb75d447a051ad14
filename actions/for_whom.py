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

ANY_AGE: Final = "any_age"
"""The table of people who may be children as well as grown-ups."""

_NO_AGE: Final = (
    r"(?![.,]?\d|\s*(?:tot|to|à|-|–)\s*[€£]?\s*\d|\s*(?:[€£\"”%]|(?:euro|eur|pounds?|quid|inch(?:es)?|liter|litres?|"
    r"l|km|kg|cm|mm|m)\b))"
)
"""A price, a length or a size."""
_AGE_AFTER: Final = re.compile(
    r"\b(?P<who>\w+)(?:\s*[(,]\s*|\s+)(?P<links>(?:(?:he|she|hij|ze|zij|die|who|is|he['’]s|she['’]s|van|of|aged?|"
    r"turns|turning|wordt|net|nu|now|just|bijna|almost|nearly|morgen|tomorrow|soon|binnenkort)\s+){0,4})"
    rf"(?P<age>\d{{1,2}})\b{_NO_AGE}",
    re.IGNORECASE,
)
"""How old somebody is, right after who it is: "dochter van 8", "son is 12", "zoon (9)"."""
_UNIT_OF_AGE: Final = r"(?:[ -]?jarigen?|[ -]?jaar oude?|[ -]?(?:years?|yrs?)[ -]olds?|[ -]?(?:yo|y/o))\b"
_AGE_BEFORE: Final = re.compile(
    rf"\b(?P<age>\d{{1,2}}){_UNIT_OF_AGE}\s*(?P<who>\w+(?:\s+\w+)?)?", re.IGNORECASE
)
"""The same right before it: "6 year old son", "40-jarige man"."""
_AGED: Final = re.compile(rf"\b(?:\d{{1,2}}{_UNIT_OF_AGE}|jarige)\s+(?=\w)", re.IGNORECASE)
_YOUNG_ONE: Final = re.compile(
    r"\b(?:[1-9]|1[0-4]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|een|twee|"
    rf"drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien){_UNIT_OF_AGE}"
    r"(?=\s*(?:$|[.,;:!?)]|(?:who|that|needs?|wants?|is|has|loves?|likes?|starts?|starting|and|or|to|with|under|up|"
    r"for|die|dat|wil|heeft|gaat|moet|houdt|en|of|om|met|tot|onder|voor)\b))",
    re.IGNORECASE,
)
"""Somebody of whom only an age is said: "for my six year old"; "my 3 year old tent" is nobody."""
_SHORT_MY: Final = re.compile(r"\bm['’]?n\b", re.IGNORECASE)
_YOUNG: Final = frozenset({Audience.CHILDREN, Audience.GIRLS, Audience.BOYS})
_GROWN: Final = {Audience.GIRLS: Audience.WOMEN, Audience.BOYS: Audience.MEN}
_LITTLE: Final = {grown: young for young, grown in _GROWN.items()}


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
    # "My 40 year old husband" is my husband.
    plain = _AGED.sub("", text)
    said = reader.find_all(FOR_WHOM, plain)
    called = frozenset(map(Audience, reader.find_all(_AUDIENCE, plain)))
    people = _of_age(called, find_age(text, reader))
    if not people and _YOUNG_ONE.search(text):
        people = frozenset({Audience.CHILDREN})
    # Who speaks of a child speaks of somebody else.
    is_gift = bool(GIFT in said or (called | people) & _YOUNG) and _MYSELF not in said
    return ForWhom(is_gift, _audience(people))


@dataclass(frozen=True, slots=True)
class Age:
    """How old somebody is.

    Attributes:
        years: At least 0.
        of_any_age: Whether the word for who it is says nothing of it ("niece", "zus").
    """

    years: int
    of_any_age: bool = False


def find_age(text: str, reader: AnswerReader) -> Age | None:
    """How old the first person is whose age is said right beside who it is; None when that is not said."""
    for found in (*_AGE_AFTER.finditer(text), *_AGE_BEFORE.finditer(text)):
        who = found["who"] or ""
        if reader.find_all(_AUDIENCE, who):
            return Age(int(found["age"]), bool(reader.find_all(ANY_AGE, who)))
    return None


def _of_age(people: frozenset[Audience], age: Age | None) -> frozenset[Audience]:
    """The same people by their age: a daughter of 19 is a woman, a "neef" of 8 a boy."""
    if age is None:
        return people
    if age.years >= GROWN_UP_AT and people <= _YOUNG:
        return frozenset(_GROWN[each] for each in people & _GROWN.keys())
    if age.years < GROWN_UP_AT and age.of_any_age:
        return frozenset(_LITTLE.get(each, each) for each in people)
    return people


def _audience(people: frozenset[Audience]) -> Audience | None:
    """The one audience that all of them belong to; None when they have none in common."""
    if len(people) == 1:
        return next(iter(people))
    if people & {Audience.GIRLS, Audience.BOYS} and people <= _YOUNG:
        named = people - {Audience.CHILDREN}
        return next(iter(named)) if len(named) == 1 else Audience.CHILDREN
    return None
