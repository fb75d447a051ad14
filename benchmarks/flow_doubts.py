"""What simulated customers correct when they are shown what would be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Final

from benchmarks.flow_chat import Seen
from benchmarks.flow_goals import ADDRESSES
from benchmarks.flow_kinds import Play
from benchmarks.flow_voice import Voice
from benchmarks.flow_words import RECALLS, Titles

CHANGES_MIND, SAYS_HOW_TO_REACH = 0.25, 0.7

_OTHERWISE: Final = {
    "parcel": "store",
    "store": "parcel",
    "pick_up": "parcel",
    "replacement": "refund",
    "refund": "replacement",
}
_ABOUT: Final = {
    "return": "method",
    "exchange": "method",
    "pick_up": "method",
    "damaged_new": "remedy",
    "damaged_money": "remedy",
    "missing_money": "remedy",
    "wrong_swap": "remedy",
}
"""About which detail somebody may think again, by kind of wish."""
_TROUBLES: Final = {
    "damaged": {"nl": "is niet in orde", "en": "isn't right"},
    "missing": {"nl": "ontbreekt", "en": "is missing"},
    "wrong": {"nl": "is niet wat je besteld had", "en": "isn't what you ordered"},
}
"""How what is wrong is shown, by what was said first."""
_MOST_OFTEN: Final = 2
_OLD_PHONE: Final = "+31612345678"


class Doubts:
    """One customer's second thoughts, each voiced once; what was not meant is pointed out twice."""

    def __init__(self, play: Play, voice: Voice, titles: Titles) -> None:
        self._play, self._goal, self._voice, self._titles = play, play.goal, voice, titles
        self._is_undecided = voice.chance.random() < CHANGES_MIND
        self._says_how_to_reach = voice.chance.random() < SAYS_HOW_TO_REACH
        self._said_otherwise: set[str] = set()
        self._voiced: Counter[str] = Counter()
        self._misread: list[str] = []

    def thoughts_about(self, detail: str) -> list[str]:
        """What this customer may answer to a question, first thing first."""
        value = self._goal.details[detail]
        thinks_again = self._is_undecided and _ABOUT.get(self._goal.kind) == detail
        return [_OTHERWISE[value], value] if thinks_again and value not in self._voiced else [value]

    def note(self, detail: str, said: str) -> None:
        """Remember what was answered to a question."""
        if said != self._goal.details[detail]:
            self._said_otherwise.add(detail)

    def address(self) -> tuple[str, str, str, str]:
        """The address that comes to mind first."""
        others = [address for address in ADDRESSES if address != self._goal.address]
        return others[0] if self._is_undecided else self._goal.address

    def phone(self) -> str:
        """The number that comes to mind first."""
        return _OLD_PHONE if self._is_undecided and "that_phone" not in self._voiced else self._goal.phone

    def correct(self, seen: Seen) -> str | None:
        """What to say to what is shown, where it is not to be as it is; None when there is nothing more."""
        if not RECALLS.search(seen.text):
            self._misread = [what for what, shown in self._looked_for().items() if shown not in seen.text]
        again = (one for one in self._misread if self._voiced[one] < _MOST_OFTEN)
        thoughts = (one for one in self._second_thoughts() if not self._voiced[one])
        what = next(chain(thoughts, again), None)
        if what is None:
            return None
        self._voiced[what] += 1
        said = self._voice.choose(what)
        if what in {"more", "reach"}:
            self._play.told.append(said)
        return said

    @property
    def is_as_wanted(self) -> bool:
        """Whether everything that this customer looks for stood in what was shown last."""
        return not self._misread

    def _second_thoughts(self) -> Iterator[str]:
        """The occasions of ``flow_wishes.yml``."""
        goal = self._goal
        detail = _ABOUT.get(goal.kind)
        if detail in self._said_otherwise:
            yield goal.details[detail]
        if goal.kind == "address" and self._is_undecided:
            yield "there"
        if goal.kind == "complaint" and self._is_undecided:
            yield "more"
        if goal.kind == "complaint" and not goal.known and self._says_how_to_reach:
            yield "reach"

    def _looked_for(self) -> dict[str, str]:
        """What has to stand in what is shown, by the occasion on which it is corrected."""
        goal = self._goal
        if goal.of.words in _TROUBLES:
            return {goal.of.words: _TROUBLES[goal.of.words][goal.language]}
        match goal.kind:
            case "phone":
                return {"that_phone": goal.phone}
            case "pick_up":
                return {"that_day": self._titles.of("title_day", day=goal.day.isoformat())}
            case "basket":
                pieces = {"that_many": f"{goal.pieces} ×"} if goal.pieces > 1 else {}
                variant = {"that_size": goal.size, "that_colour": goal.colour}
                named = {what: value for what, value in variant.items() if value is not None}
                return {"that_product": goal.item, **named, **pieces}
        return {}
