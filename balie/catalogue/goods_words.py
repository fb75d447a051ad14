"""What customers call goods, and whom goods are for, as the shop's facts tell it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from balie.catalogue.errors import GoodsWordsError
from balie.catalogue.word_forms import forms_of
from balie.catalogue.words import whole_words


class Audience(StrEnum):
    """Whom something is for.

    Goods are for women, men, children or anybody. For a girl or a boy goods are sought: children's, and where
    there are none, those of the grown-ups they become.
    """

    WOMEN = "women"
    MEN = "men"
    CHILDREN = "children"
    GIRLS = "girls"
    BOYS = "boys"


GOODS_ARE_FOR: Final = (Audience.WOMEN, Audience.MEN, Audience.CHILDREN)

_SHORTEST_BEGINNING: Final = 5
"""Letters of a word that may begin a compound: a "kinderfiets" is for children, a "mensa" not for men."""


@dataclass(frozen=True, slots=True)
class GoodsWords:
    """Words about goods, as :func:`whole_words` writes them.

    Attributes:
        also_called: What the names of the catalogue say, by what customers say.
        audiences: Words that say whom something is for, and nothing else.
        worn_by: Kinds that are for one audience, whatever their names say.
        never_alone: Words that name a kind only together with the one before them ("bike light").
        purpose: What begins the words about what something is for ("for", "voor").
        without: What begins the words about what is not wanted ("without", "zonder").
        articles: What begins the words about another thing.
        asking: What stands in the part of a sentence that asks for something.
        doing: Words after which a noun is a verb ("ik fiets"); they also begin another thought.
        made_by: What stands before a brand that is all that is said ("iets van Fjellvik").
    """

    also_called: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    audiences: Mapping[Audience, frozenset[str]] = field(default_factory=dict)
    worn_by: Mapping[Audience, frozenset[str]] = field(default_factory=dict)
    never_alone: frozenset[str] = frozenset()
    purpose: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    asking: frozenset[str] = frozenset()
    doing: frozenset[str] = frozenset()
    made_by: frozenset[str] = frozenset()

    @classmethod
    def from_shop(cls, shop: Mapping[str, Any]) -> Self:
        """Read them from the shop's facts (``data/shop/shop.yml``, as parsed); a shop may leave them out.

        Raises:
            GoodsWordsError: Something is not what it should be.
        """
        try:
            written = shop.get("goods", {})
            sentences = written.get("sentences", {})
            return cls(
                also_called={
                    said: tuple(whole_words(str(name)))
                    for name, spoken in written.get("also_called", {}).items()
                    for said in _phrases(spoken)
                },
                audiences=_by_audience(written.get("audiences", {})),
                worn_by=_by_audience(written.get("worn_by", {})),
                never_alone=_words(written.get("never_alone", {})),
                **{part: _words(spoken) for part, spoken in sentences.items()},
            )
        except (TypeError, ValueError, AttributeError) as error:
            raise GoodsWordsError(f"{type(error).__name__}: {error}") from error

    def name_of(self, phrase: tuple[str, ...]) -> tuple[str, ...] | None:
        """What the catalogue calls what customers call so, in any form; None where that is the same."""
        *first, last = phrase
        forms = (last, *sorted(forms_of(last) - {last}))
        return next(
            (self.also_called[said] for form in forms if (said := (*first, form)) in self.also_called), None
        )

    def audience_said(self, words: Sequence[str]) -> Audience | None:
        """Whom words say that something is for, whole or at the beginning of a compound.

        None for nobody in particular, or for several.
        """
        named = {
            audience
            for audience, known in self.audiences.items()
            if any(is_word_of_audience(word, known) for word in words)
        }
        return named.pop() if len(named) == 1 else None

    def audience_of_name(self, words: Sequence[str]) -> Audience | None:
        """Whom something is for that is called so; None for anybody."""
        implied = {audience for audience, kinds in self.worn_by.items() if not kinds.isdisjoint(words)}
        return self.audience_said(words) or (implied.pop() if len(implied) == 1 else None)

    def names_audience(self, word: str) -> bool:
        """Whether a word does nothing but name whom something is for."""
        return any(word in known for known in self.audiences.values())


def is_word_of_audience(word: str, known: frozenset[str]) -> bool:
    """Whether a word is one of an audience's, or a compound that begins with one."""
    return word in known or any(
        len(each) >= _SHORTEST_BEGINNING and word.startswith(each) and word != each for each in known
    )


def _phrases(spoken: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """The phrases of all languages, as words."""
    for phrases in spoken.values():
        for phrase in phrases:
            yield tuple(whole_words(str(phrase)))


def _by_audience(written: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[Audience, frozenset[str]]:
    return {Audience(audience): _words(spoken) for audience, spoken in written.items()}


def _words(spoken: Mapping[str, Sequence[str]]) -> frozenset[str]:
    return frozenset(word for phrase in _phrases(spoken) for word in phrase)
