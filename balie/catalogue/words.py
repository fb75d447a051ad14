"""Words as they are compared: lower case, without accents, without the ones that say nothing. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

FALLBACK_LANGUAGES: Final = ("nl", "en")

# Chinese is written without spaces: every character is a word of its own.
_WORD = re.compile(r"[぀-ヿ㐀-鿿]|[^\W_぀-ヿ㐀-鿿]+")
# "That's right" is not about a women's jacket.
_SHORT_FORM = re.compile(r"(?<=[^\W\d_])['’](?:s|t|d|m|re|ve|ll)\b", re.IGNORECASE)

_SILENT = """
aan als ben bent bij dat de deze die dit dus een en er geen graag had heb hebben hebt heeft het hoe
hoeveel ik in is ja je jij jullie kan kun kunnen maar me meer met mij mijn moet na naar nee niet nog nu
of om ook op over te ten toch tot u uit uw van veel via voor waar wanneer wat we welke wel wie wij wil
worden wordt zijn zoek zo zit zitten gaat ga komt weer iets alleen hallo hoi dag goedemorgen goedemiddag
prijs kost kosten a about all also am an and any are as at be been but by can could do does dont for
from get has have hello hey hi how i if im it its just like looking me my no not of on one or our please
so some still than that the their them there these they this those to us want was we were what when
where which who will with would you your price cost costs much many voorraad leverbaar verkrijgbaar
beschikbaar winkel winkels filiaal online maat maten kleur kleuren product artikel vraag info informatie
vertellen weten zoeken verkopen verkoop stock available availability store stores shop size sizes colour
colours color colors item question information tell know sell open laat dicht vandaag morgen goed goede
beste best good today tomorrow back terug
"""

SILENT_WORDS: Final = frozenset(_SILENT.split())
"""Frequent words, and words of the question itself, that name no product."""


def normalise_words(text: str) -> list[str]:
    """The words of a text, lower case and without accents.

    >>> normalise_words("Fjällstig 's-Hertogenbosch")
    ['fjallstig', 's', 'hertogenbosch']
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _WORD.findall(plain)


def whole_words(text: str) -> list[str]:
    """The same without what is left of a word after an apostrophe.

    >>> whole_words("that's the women’s jacket, 's avonds")
    ['that', 'the', 'women', 'jacket', 's', 'avonds']
    """
    return normalise_words(_SHORT_FORM.sub(" ", text))


def telling_words(text: str) -> list[str]:
    """The words that may name a product; all of them when none would be left.

    >>> telling_words("Hebben jullie de Fjellvik tent nog?")
    ['fjellvik', 'tent']
    """
    words = whole_words(text)
    return [word for word in words if word not in SILENT_WORDS] or words


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, else in one that most readers know, else any; empty when there is none.

    >>> in_language({"nl": "tent", "en": "tent"}, "fr")
    'tent'
    """
    for wanted in (language, *FALLBACK_LANGUAGES):
        if wanted in texts:
            return texts[wanted]
    return next(iter(texts.values()), "")
