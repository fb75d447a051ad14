"""A simulated customer: plays one goal against the public API, with typos, changes of mind and interruptions.

It sees what customers see, texts and buttons, and knows what it wants. It presses a button or types; now and
then it asks something else in between, or says something it does not mean and corrects it when it is shown.
"""

from __future__ import annotations

import random
from typing import Final

import httpx

from benchmarks.flow_answers import Mind
from benchmarks.flow_chat import Chat, Say
from benchmarks.flow_kinds import Goal, Play
from benchmarks.flow_words import Titles

MOST_TURNS: Final = 20
INTERRUPTS: Final = 0.2


class SimulatedCustomer:
    """Plays one goal to its end."""

    def __init__(self, http: httpx.AsyncClient, goal: Goal, titles: Titles, seed: int) -> None:
        self._play = Play(goal)
        self._chance = random.Random(seed)
        self._chat, self._mind = Chat(http, self._play), Mind(self._play, titles, self._chance)

    async def run(self) -> Play:
        """Ask, and answer whatever is asked until nothing is."""
        await self._chat.open()
        seen = await self._chat.give(Say(self._mind.wish()))
        for _ in range(MOST_TURNS):
            if self._chance.random() < INTERRUPTS and seen.buttons:
                await self._chat.give(Say(self._mind.question()))
            answer = self._mind.answer(seen)
            if answer is None:
                break
            says_yes = self._mind.says_yes(answer)
            seen = await self._chat.give(answer)
            if says_yes:
                self._play.writing_s.append(self._play.turns_s[-1])
        return self._play
