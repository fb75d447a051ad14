"""How one simulated customer puts it: a button, or words of ``flow_wishes.yml``, now and then with a slip."""

from __future__ import annotations

import random
from typing import Final

from babel.dates import format_date

from benchmarks import flow_words as words
from benchmarks.flow_chat import Answer, Button, Press, Say
from benchmarks.flow_kinds import Goal

TYPES: Final = 0.5
_ALWAYS_PRESSED: Final = frozenset({"kind"})


class Voice:
    """One customer's way of answering."""

    def __init__(self, goal: Goal, chance: random.Random) -> None:
        self._goal, self.chance = goal, chance
        self._words = words.WISHES[goal.language]
        self._typed: set[str] = set()

    def choose(self, occasion: str) -> str:
        """One of the sentences for an occasion, with what this customer wants in it."""
        said, goal = self.chance.choice(self._words[occasion]), self._goal
        return said.format(
            item=goal.item.lower() if self.chance.random() < TYPES else goal.item,
            number=goal.order_number,
            pieces=goal.pieces,
            phone=self.phone(goal.phone),
            address=words.written_address(goal.address),
            email=goal.email,
            day=format_date(goal.day, "EEEE", locale=goal.language),
            size=goal.size,
            colour=goal.colour,
        )

    def phone(self, number: str) -> str:
        """A telephone number as somebody writes it."""
        return words.written_phone(number, self.chance)

    def mistyped(self, text: str) -> str:
        """The text, now and then with a slip."""
        return words.mistyped(text, self.chance)

    def is_yes(self, text: str) -> bool:
        """Whether these are words for yes."""
        return text in self._words["yes"]

    def press_or_say(self, button: Button, occasion: str) -> Answer:
        """Press it, or put it in one's own words; who is asked again presses."""
        types = self.chance.random() < TYPES and not self._is_typed_already(occasion)
        return Say(self.choose(occasion)) if types else Press(button)

    def press_or_type(self, button: Button, question: str) -> Answer:
        """Press it, or type what stands on it, much the same; who is asked again presses."""
        types = question not in _ALWAYS_PRESSED and self.chance.random() < TYPES
        if not types or self._is_typed_already(question):
            return Press(button)
        return Say(self.mistyped(button["title"].lower()))

    def _is_typed_already(self, question: str) -> bool:
        was_typed = question in self._typed
        self._typed.add(question)
        return was_typed
