"""A simulated customer: plays one goal against the public API, with typos, changes of mind and interruptions.

It sees what customers see, texts and buttons, and knows what it wants. It presses a button or types; now and
then it asks something else in between, wants something else first, or mistypes.
"""

from __future__ import annotations

import asyncio
import random
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import yaml

from balie.content.render import Renderer
from benchmarks.flow_goals import ADDRESSES, Goal
from benchmarks.servers import ROOT

MOST_TURNS: Final = 16
POLL_S: Final = 0.005
ANSWER_WITHIN_S: Final = 30.0
INTERRUPTS, MISTYPES, TYPES, SAYS_ALL, CHANGES_MIND = 0.2, 0.15, 0.5, 0.3, 0.25

_REASON: Final = "too_small"
_DETAIL_TITLES: Final = ("reason", "condition", "kind", "method")

WISHES: Final[Mapping[str, Mapping[str, list[str]]]] = yaml.safe_load(
    (ROOT / "benchmarks" / "data" / "flow_wishes.yml").read_text("utf-8")
)
_FAMILY: Final = {
    "cancel": "cancel", "keep": "cancel", "stop": "cancel", "cancel_too_late": "cancel", "return": "return",
    "return_too_late": "return", "exchange": "exchange", "pieces": "change", "remove": "change",
    "address": "address",
}  # fmt: skip
_ASKS_NUMBER: Final = re.compile(r"bestelnummer|order number", re.IGNORECASE)
_ASKS_EMAIL: Final = re.compile(r"e-mailadres|e-mail address", re.IGNORECASE)
_ASKS_ADDRESS: Final = re.compile(
    r"straat, huisnummer|street, number|Schrijf het zo|Write it like this", re.IGNORECASE
)
_ASKS_VARIANT: Final = re.compile(r"Dit is er nu:|This is available now:")
_LOST: Final = re.compile(r"niet goed mee helpen|not something I can help|weet niet zeker|not sure")
_NUMBERS: Final = re.compile(r"\bDD\d{7}\b")
_ASKS_YES: Final = re.compile(r"Zal ik |Shall I ", re.IGNORECASE)


def _written(address: tuple[str, str, str, str]) -> str:
    street, number, postcode, city = address
    return f"{street} {number}, {postcode[:4]} {postcode[4:]} {city}"


class Titles:
    """What the buttons of the flows say in one language, by what they mean."""

    def __init__(self, renderer: Renderer, language: str) -> None:
        replies = [name for name in renderer.library.replies if name.startswith("title_")]
        plain = [name for name in replies if not renderer.library.replies[name].sample[0]]
        said = {name: renderer.render(name, language, {}).text for name in plain}
        self.meaning = {text: name.removeprefix("title_") for name, text in said.items()}
        self.of_articles = {renderer.title_of(intent, language) for intent in renderer.library.articles}


@dataclass
class Play:
    """What one customer went through.

    Attributes:
        said: Both sides, in order, for whoever wants to know what went wrong.
        turns_s: How long each answer took.
        writing_s: The same of the turns that said yes to a change.
    """

    goal: Goal
    said: list[str] = field(default_factory=list)
    turns_s: list[float] = field(default_factory=list)
    writing_s: list[float] = field(default_factory=list)


class SimulatedCustomer:
    """Plays one goal to its end."""

    def __init__(self, http: httpx.AsyncClient, goal: Goal, titles: Titles, seed: int) -> None:
        self.play = Play(goal)
        self._http, self._goal, self._titles = http, goal, titles
        self._chance = random.Random(seed)
        self._words = WISHES[goal.language]
        self._path, self._headers = "", {}
        self._is_undecided = self._chance.random() < CHANGES_MIND
        self._other_titles = titles.of_articles

    async def run(self) -> Play:
        """Ask, and answer whatever is asked until nothing is."""
        await self._open()
        texts, buttons = await self._say(self._wish())
        for _ in range(MOST_TURNS):
            if self._chance.random() < INTERRUPTS and buttons:
                await self._say(self._chance.choice(self._words["questions"]))
            answer = self._answer(texts, buttons)
            if answer is None:
                break
            says_yes = self._says_yes(answer)
            texts, buttons = await (self._press(answer) if isinstance(answer, dict) else self._say(answer))
            if says_yes:
                self.play.writing_s.append(self.play.turns_s[-1])
        return self.play

    def _wish(self) -> str:
        wish = self._chance.choice(self._words[_FAMILY[self._goal.kind]])
        wish = self._mistyped(wish)
        # Whoever is known may have other orders; the number settles it for some, the buttons for others.
        return f"{wish} {self._goal.order_number}" if self._chance.random() < SAYS_ALL else wish

    def _answer(self, texts: str, buttons: list[dict[str, str]]) -> str | dict[str, str] | None:
        """What to say or press next; None when nothing is asked any more."""
        by_meaning = {self._titles.meaning.get(button["title"], ""): button for button in buttons}
        confirm = next((button for name, button in by_meaning.items() if name.startswith("confirm_")), None)
        if confirm is not None and _ASKS_YES.search(texts):
            return self._confirm(texts, confirm, by_meaning)
        mine = next((button for button in buttons if self._goal.order_number in button["title"]), None)
        if mine is not None:
            return mine
        if self._is_about_another_order(texts):
            wish = self._chance.choice(self._words[_FAMILY[self._goal.kind]])
            return f"{wish} {self._goal.order_number}"
        return self._detail(texts, buttons, by_meaning) or self._number_or_proof(texts, buttons)

    def _detail(
        self, texts: str, buttons: list[dict[str, str]], by_meaning: Mapping[str, dict[str, str]]
    ) -> str | dict[str, str] | None:
        """The answer to a question of the flow; None when it asks something else."""
        for detail in _DETAIL_TITLES:
            button = by_meaning.get(f"{detail}_{self._value(detail)}")
            if button is not None:
                return self._typed(button, detail) or button
        named = next((one for one in buttons if one["title"].startswith(self._goal.item)), None)
        if named is not None:
            return named
        if _ASKS_ADDRESS.search(texts) and self._goal.kind == "address":
            others = [address for address in ADDRESSES if address != self._goal.address]
            return _written(others[0] if self._is_undecided else self._goal.address)
        return None

    def _number_or_proof(self, texts: str, buttons: list[dict[str, str]]) -> str | dict[str, str] | None:
        if _ASKS_VARIANT.search(texts):
            # Sizes and colours: what no button of another kind says.
            swaps = [button for button in buttons if not self._is_about_something_else(button)]
            return self._chance.choice(swaps)
        wanted = rf"{self._goal.pieces} \w+$"
        pieces = next((button for button in buttons if re.match(wanted, button["title"])), None)
        if pieces is not None:
            return pieces if self._chance.random() > TYPES else str(self._goal.pieces)
        if _LOST.search(texts):
            return self._chance.choice(self._words[_FAMILY[self._goal.kind]])
        if _ASKS_EMAIL.search(texts):
            return self._goal.email
        if _ASKS_NUMBER.search(texts) and "?" in texts:
            return self._goal.order_number
        return None

    def _is_about_another_order(self, texts: str) -> bool:
        named = set(_NUMBERS.findall(texts))
        return bool(named) and self._goal.order_number not in named

    def _correction(self) -> str | None:
        """What somebody says who wanted something else at first; None where there is nothing to change."""
        if self._goal.kind == "address":
            address = _written(self._goal.address)
            return self._chance.choice(self._words["there"]).format(address=address)
        if self._goal.kind in {"return", "exchange"}:
            return self._chance.choice(self._words[self._goal.method])
        return None

    def _is_about_something_else(self, button: dict[str, str]) -> bool:
        return button["title"] in self._other_titles

    def _confirm(
        self, texts: str, confirm: dict[str, str], by_meaning: Mapping[str, dict[str, str]]
    ) -> str | dict[str, str]:
        if self._goal.order_number not in texts:
            return self._chance.choice(self._words["other"]).format(number=self._goal.order_number)
        if self._is_undecided and (correction := self._correction()) is not None:
            self._is_undecided = False
            return correction
        if self._goal.kind == "stop":
            return self._chance.choice(self._words["stop"])
        if self._goal.kind == "keep":
            decline = next(button for name, button in by_meaning.items() if name.startswith("decline_"))
            return decline if self._chance.random() > TYPES else self._chance.choice(self._words["no"])
        return confirm if self._chance.random() > TYPES else self._chance.choice(self._words["yes"])

    def _says_yes(self, answer: str | dict[str, str]) -> bool:
        if isinstance(answer, dict):
            return self._titles.meaning.get(answer["title"], "").startswith("confirm_")
        return answer in self._words["yes"]

    def _value(self, detail: str) -> str:
        kind = {"pieces": "pieces", "remove": "remove"}.get(self._goal.kind, "")
        other = {"store": "parcel", "parcel": "store"}[self._goal.method]
        method = other if self._is_undecided else self._goal.method
        return {"reason": _REASON, "condition": "unused", "method": method, "kind": kind}[detail]

    def _typed(self, button: dict[str, str], detail: str) -> str | None:
        """What some type instead of pressing: much the same, and now and then with a slip."""
        if detail == "kind" or self._chance.random() > TYPES:
            return None
        return self._mistyped(button["title"].lower())

    def _mistyped(self, text: str) -> str:
        words = list(re.finditer(r"[a-z]{6,}", text))
        if not words or self._chance.random() > MISTYPES:
            return text
        word = self._chance.choice(words)
        at = self._chance.randrange(word.start() + 1, word.end() - 2)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]

    async def _open(self) -> None:
        body: dict[str, Any] = {"language": self._goal.language}
        if self._goal.known:
            login = {"external_id": self._goal.external_id}
            signed = (await self._http.post("/demo/customer-token", json=login)).raise_for_status().json()
            body["customer_token"] = signed["customer_token"]
        opened = (await self._http.post("/api/v1/conversations", json=body)).raise_for_status().json()
        self._path = f"/api/v1/conversations/{opened['id']}"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    async def _say(self, text: str) -> tuple[str, list[dict[str, str]]]:
        self.play.said.append(f"> {text}")
        return await self._send({"text": text})

    async def _press(self, button: dict[str, str]) -> tuple[str, list[dict[str, str]]]:
        self.play.said.append(f"> [{button['title']}]")
        return await self._send({"button_id": button["id"]})

    async def _send(self, what: dict[str, str]) -> tuple[str, list[dict[str, str]]]:
        loop = asyncio.get_running_loop()
        started = loop.time()
        body = {"client_message_id": str(uuid.uuid4()), **what}
        posted = await self._http.post(f"{self._path}/messages", json=body, headers=self._headers)
        sequence = posted.raise_for_status().json()["message"]["sequence"]
        while loop.time() - started < ANSWER_WITHIN_S:
            page = await self._http.get(
                f"{self._path}/messages", params={"after": sequence}, headers=self._headers
            )
            answers = [
                one for one in page.raise_for_status().json()["messages"] if one["author"] == "assistant"
            ]
            if answers:
                self.play.turns_s.append(loop.time() - started)
                texts = "\n".join(one["text"] for one in answers)
                buttons = [button for one in answers for button in one["buttons"] if "id" in button]
                self.play.said.append(f"< {texts} {[button['title'] for button in buttons]}")
                return texts, buttons
            await asyncio.sleep(POLL_S)
        raise TimeoutError(f"no answer to {what} in {self._path}")
