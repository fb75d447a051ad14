"""A tiny shop on disk, to break in one place at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from balie.content.check import check_content
from balie.content.check_moods import MIN_OPENINGS, MIN_REMARKS, OPENINGS, REMARKS
from balie.content.findings import Finding
from balie.content.library import load_library

WORDS = {
    "working_day": {
        "one": {"nl": "{number} werkdag", "en": "{number} working day"},
        "many": {"nl": "{number} werkdagen", "en": "{number} working days"},
    },
    "day_format": {"nl": "d MMMM", "en": "d MMMM"},
    "time_format": {"whole_hour": {"nl": "H.mm", "en": "h a"}, "minutes": {"nl": "H.mm", "en": "h:mm a"}},
    "hours": {"nl": "{periods} uur", "en": "{periods}"},
    "days": {"nl": "{first} t/m {last}", "en": "{first} to {last}"},
}
SHOP = {
    "name": "Duin & Dal",
    "languages": ["nl", "en"],
    "default_language": "nl",
    "currency": "EUR",
    "links": {"returns": "https://shop.example/returns"},
    "returns": {"period_days": 30, "price": 395},
    "delivery": {"countries": ["NL", "BE", "DE"]},
}
NUMBERS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")
MANY = [f"{first} {second} {third}" for first in NUMBERS for second in NUMBERS for third in ("a", "b", "c")]


def article(intent: str = "return_item", **changes: Any) -> dict[str, Any]:
    """An article without fault; ``changes`` replace its parts."""
    return {
        "intent": intent,
        "title": {"nl": f"Titel {intent}"[:40], "en": f"Title {intent}"[:40]},
        "keywords": {"nl": [f"woord {intent}"], "en": [f"word {intent}"]},
        "examples": {
            "nl": [f"{intent} vraag {number}" for number in range(15)],
            "en": [f"{intent} question {number}" for number in range(15)],
        },
        "answer": {"nl": "Binnen {{ shop.returns.period_days }} dagen.", "en": "Within 30 days."},
        **changes,
    }


def out_of_scope() -> dict[str, Any]:
    """The article of what the assistant is not for, broad enough."""
    return {
        **article("out_of_scope"),
        "keywords": {},
        "examples": {"nl": [f"ver {text}" for text in MANY], "en": [f"far {text}" for text in MANY]},
        "near_misses": {"nl": [f"mis {text}" for text in MANY], "en": [f"miss {text}" for text in MANY]},
    }


def mood_words() -> dict[str, Any]:
    """Words for every mood, as many as are needed."""
    return {
        "topic": "openings",
        "openings": {each: _ways(each, MIN_OPENINGS) for each in OPENINGS},
        "remarks": {each: _ways(each, MIN_REMARKS) for each in REMARKS},
        "promises": {"nl": ["beloof"], "en": ["promise"]},
    }


def _ways(occasion: str, count: int) -> dict[str, list[str]]:
    return {
        language: [f"{occasion} {language} {index}." for index in range(count)] for language in ("nl", "en")
    }


class Shop:
    """Content files below a temporary ``data`` folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.articles = [article(), out_of_scope()]
        self.voices: list[dict[str, Any]] = []
        self.replies: dict[str, Any] = {}
        self.more_replies: dict[str, Any] = {}
        self.letters: dict[str, Any] = {}
        self.answer_words: dict[str, Any] | None = None
        self.mood_words: dict[str, Any] | None = mood_words()
        self.teams: dict[str, Any] | None = None
        self.facts: dict[str, Any] = dict(SHOP)

    def write(self) -> Path:
        """Write everything and give the folder."""
        intents = {each["intent"]: "what it means" for each in self.articles}
        self._dump("taxonomy.yml", {"groups": [{"group": "All", "intents": intents}]})
        self._dump("shop/shop.yml", self.facts)
        self._dump("shop/words.yml", WORDS)
        self._dump("faq/all.yml", {"topic": "all", "articles": self.articles})
        for voice in self.voices:
            self._dump(f"faq/voices/{voice['writer']}.yml", voice)
        if self.replies:
            self._dump("replies/all.yml", {"topic": "all", "replies": self.replies})
        if self.more_replies:
            self._dump("replies/more.yml", {"topic": "more", "replies": self.more_replies})
        if self.letters:
            self._dump("letters/all.yml", {"topic": "all", "letters": self.letters})
        if self.answer_words is not None:
            self._dump("shop/answers.yml", self.answer_words)
        if self.mood_words is not None:
            self._dump("replies/openings.yml", self.mood_words)
        if self.teams is not None:
            self._dump("desk/teams.yml", self.teams)
        return self.folder

    def check(self) -> list[Finding]:
        """What the content check says."""
        return check_content(load_library(self.write()))

    def rules_broken(self) -> set[str]:
        """The names of the rules that found something."""
        return {finding.rule for finding in self.check()}

    def _dump(self, name: str, value: Any) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")
