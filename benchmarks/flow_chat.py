"""The conversation of a simulated customer: the public API, seen as a customer sees it."""

from __future__ import annotations

import asyncio
import io
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

import httpx
from PIL import Image

from benchmarks.flow_kinds import Goal, Play

POLL_S: Final = 0.005
ANSWER_WITHIN_S: Final = 30.0
MAIL_WITHIN_S: Final = 10.0
_CODE: Final = re.compile(r"^\d{6}$", re.MULTILINE)

Button: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Say:
    """Type this."""

    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """Press this button."""

    button: Button


@dataclass(frozen=True, slots=True)
class SendPhoto:
    """Send a photo of what is wrong."""


@dataclass(frozen=True, slots=True)
class TypeCode:
    """Read the mail, and type the code that stands in it."""


Answer: TypeAlias = Say | Press | SendPhoto | TypeCode


@dataclass(frozen=True, slots=True)
class Seen:
    """What the assistant said last.

    Attributes:
        buttons: Those that answer; links are left out.
    """

    text: str
    buttons: tuple[Button, ...]

    def find(self, title: str) -> Button | None:
        """The button with this title, or None."""
        return next((button for button in self.buttons if button["title"] == title), None)

    def find_like(self, start: str) -> Button | None:
        """The first button whose title begins so, or None."""
        return next((button for button in self.buttons if button["title"].startswith(start)), None)


class Chat:
    """One customer's thread with the assistant; what is said is written into the play."""

    def __init__(self, http: httpx.AsyncClient, play: Play) -> None:
        self._http, self._play = http, play
        self._path, self._headers = "", {}

    async def open(self) -> None:
        """Begin: as somebody the shop vouches for, or as a stranger."""
        goal, body = self._play.goal, {"language": self._play.goal.language}
        if goal.known:
            login = {"external_id": goal.external_id}
            signed = (await self._http.post("/demo/customer-token", json=login)).raise_for_status().json()
            body["customer_token"] = signed["customer_token"]
        opened = (await self._http.post("/api/v1/conversations", json=body)).raise_for_status().json()
        self._play.conversation = UUID(opened["id"]).hex
        self._path = f"/api/v1/conversations/{opened['id']}"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    async def give(self, answer: Answer) -> Seen:
        """Do what the customer wants to do next, and wait for what is said to it."""
        match answer:
            case Say():
                return await self._say(answer.text)
            case Press():
                title, button_id = answer.button["title"], answer.button["id"]
                return await self._answered(f"[{title}]", await self._post({"button_id": button_id}))
            case SendPhoto():
                self._play.photos += 1
                return await self._answered("[a photo]", await self._post_photo())
            case TypeCode():
                return await self._say(await self._read_code(self._play.goal))

    async def _say(self, text: str) -> Seen:
        return await self._answered(text, await self._post({"text": text}))

    async def _post(self, what: dict[str, str]) -> tuple[int, float]:
        """The number of the message in the thread, and when it was sent."""
        started = asyncio.get_running_loop().time()
        body = {"client_message_id": str(uuid.uuid4()), **what}
        posted = await self._http.post(f"{self._path}/messages", json=body, headers=self._headers)
        return posted.raise_for_status().json()["message"]["sequence"], started

    async def _post_photo(self) -> tuple[int, float]:
        started = asyncio.get_running_loop().time()
        posted = await self._http.post(
            f"{self._path}/photos",
            params={"client_message_id": str(uuid.uuid4())},
            content=_photo(),
            headers={**self._headers, "Content-Type": "image/jpeg"},
        )
        return posted.raise_for_status().json()["message"]["sequence"], started

    async def _answered(self, said: str, posted: tuple[int, float]) -> Seen:
        self._play.said.append(f"> {said}")
        (sequence, started), loop = posted, asyncio.get_running_loop()
        while loop.time() - started < ANSWER_WITHIN_S:
            page = await self._http.get(
                f"{self._path}/messages", params={"after": sequence}, headers=self._headers
            )
            messages = page.raise_for_status().json()["messages"]
            answers = [one for one in messages if one["author"] == "assistant"]
            if answers:
                self._play.turns_s.append(loop.time() - started)
                return self._see(answers)
            await asyncio.sleep(POLL_S)
        raise TimeoutError(f"no answer to {said} in {self._path}")

    def _see(self, answers: list[dict[str, Any]]) -> Seen:
        text = "\n".join(one["text"] for one in answers)
        buttons = tuple(button for one in answers for button in one["buttons"] if "id" in button)
        self._play.said.append(f"< {text} {[button['title'] for button in buttons]}")
        return Seen(text, buttons)

    async def _read_code(self, goal: Goal) -> str:
        """The code in the customer's newest mail; the mailbox shows what everybody would have received."""
        deadline = asyncio.get_running_loop().time() + MAIL_WITHIN_S
        while asyncio.get_running_loop().time() < deadline:
            mails = (await self._http.get("/demo/mail")).raise_for_status().json()
            mine = (_CODE.search(mail["text"]) for mail in mails if mail["to"] == goal.email)
            code = next((found.group() for found in mine if found is not None), None)
            if code is not None:
                return code
            await asyncio.sleep(POLL_S)
        raise TimeoutError(f"no code was mailed in {self._path}")


def _photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 60)).save(file, "JPEG")
    return file.getvalue()
