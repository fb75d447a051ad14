"""How sentences and letters name a thing that is sold. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from balie.catalogue.words import in_language
from balie.errands.outcomes import Facts

LANGUAGES: Final = ("nl", "en", "fr", "zh")
"""Those that Balie may speak: a name is borrowed from another where the shop has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One size and colour of a product, with its texts per language."""

    names: Mapping[str, str]
    size: str | None
    colours: Mapping[str, str]

    @property
    def facts(self) -> Facts:
        """What a sentence may name, in whatever language it is said.

        >>> Thing(names={"nl": "tent"}, size=None, colours={}).facts["names"]["en"]
        'tent'
        """
        return {
            "names": in_every_language(self.names),
            "size": self.size,
            "colours": in_every_language(self.colours) if self.colours else {},
        }

    def facts_in(self, language: str) -> Facts:
        """What a letter in one language may name; ``colour`` is empty when there is only one.

        >>> Thing(names={"nl": "tent", "en": "the tent"}, size="2", colours={}).facts_in("en")
        {'product': 'the tent', 'size': '2', 'colour': ''}
        """
        return {
            "product": in_language(self.names, language),
            "size": self.size,
            "colour": in_language(self.colours, language),
        }


def in_every_language(texts: Mapping[str, str]) -> dict[str, str]:
    """The text in each language that may be spoken."""
    return {language: in_language(texts, language) for language in LANGUAGES}
