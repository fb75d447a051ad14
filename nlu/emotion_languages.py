"""Whether a text in Latin script is in a language that the emotion classifier never learned.

The classifier would answer anyway, with figures that nobody measured. A text is judged by its short common
words only: several of one foreign language, more of them than of any of ours. Languages written in other
scripts are told apart by their letters (``nlu.emotion_text``).

``other_languages.json`` comes from ``tools/other_languages.py``. Of 2,676 messages by writers whose words
it had not seen, none was taken for foreign; of *lingua*'s test sentences none in Dutch, English, French and
Chinese was, but 93 % of the German, 85 % of the Italian, 83 % of the Portuguese and 77 % of the Spanish ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlu.text import split_words

WORDS_FILE = Path(__file__).with_name("other_languages.json")
# Letters that none of our languages has; å, ä, ö and ø stand in names of things that a shop sells.
_FOREIGN_LETTERS = frozenset("ßñ¿¡ãõłąęśżźćńčšžřěůőűğşıđơư")
_LEAD = 2
_MOST_LETTERS = 2


@dataclass(frozen=True)
class CommonWords:
    """Short common words, folded as ``split_words`` does.

    Attributes:
        ours: Of each language that the classifier knows.
        others: Of each language that it does not know.
        shared: Words of the others that people who write in our languages use too.
    """

    ours: Mapping[str, frozenset[str]]
    others: Mapping[str, frozenset[str]]
    shared: frozenset[str]


def is_other_language(text: str) -> bool:
    """Whether a text is in none of the classifier's languages; short and mixed texts count as known.

    >>> [is_other_language(text) for text in ("das ist eine Frechheit", "dat is een brutaliteit")]
    [True, False]
    """
    words = split_words(text)
    common = _common_words()
    letters = min(_MOST_LETTERS, len(_FOREIGN_LETTERS.intersection(text.lower())))
    known = max(_count(words, ours) for ours in common.ours.values())
    for others in common.others.values():
        foreign = [word for word in words if word in others]
        telling = letters + sum(word not in common.shared for word in foreign)
        if telling and letters + len(foreign) - known >= _LEAD:
            return True
    return False


def _count(words: Iterable[str], known: frozenset[str]) -> int:
    return sum(word in known for word in words)


@lru_cache(maxsize=1)
def _common_words() -> CommonWords:
    document = json.loads(WORDS_FILE.read_text(encoding="utf-8"))
    return CommonWords(
        ours={code: frozenset(words.split()) for code, words in document["ours"].items()},
        others={code: frozenset(words.split()) for code, words in document["others"].items()},
        shared=frozenset(document["shared"].split()),
    )
