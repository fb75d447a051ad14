"""Writes ``nlu/other_languages.json``: ``.venv-rasa/bin/python -m tools.other_languages``.

Common words of European and some other languages in Latin script, from spaCy's language data (MIT), and
which of them people use who write in ours: the shop's articles and the writers of ``data/emotions``.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from nlu.articles import read_content
from nlu.emotion_languages import WORDS_FILE
from nlu.text import split_words

DATA = Path(__file__).resolve().parent.parent / "data"
OURS = ("en", "nl", "fr")
OTHERS = (
    *("ca", "cs", "da", "de", "es", "et", "fi", "hr", "hu", "id", "it"),
    *("lt", "lv", "nb", "pl", "pt", "ro", "sk", "sl", "sv", "tr", "vi"),
)
LONGEST_WORD = 8  # the common words proper; longer ones tell little and take room


def main() -> None:
    """Write the file anew."""
    ours = {code: common_words(code) for code in OURS}
    others = {code: {w for w in common_words(code) if 1 < len(w) <= LONGEST_WORD} for code in OTHERS}
    used = set(words_of_our_writers()).union(*ours.values())
    document = {
        "ours": {code: " ".join(sorted(words)) for code, words in ours.items()},
        "others": {code: " ".join(sorted(words)) for code, words in others.items()},
        "shared": " ".join(sorted(set().union(*others.values()) & used)),
    }
    WORDS_FILE.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def common_words(code: str) -> set[str]:
    """What spaCy calls stop words."""
    module = importlib.import_module(f"spacy.lang.{code}.stop_words")
    return {word for entry in module.STOP_WORDS for word in split_words(entry)}


def words_of_our_writers() -> Iterator[str]:
    """Every word that somebody used in one of our languages."""
    for example in read_content(DATA).examples:
        yield from split_words(example.text)
    for file in sorted((DATA / "emotions").glob("*.yml")):
        messages = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)["messages"]
        for texts in messages.values():
            for text in texts:
                yield from split_words(text)


if __name__ == "__main__":
    main()
