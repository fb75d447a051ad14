"""Telegram: the stand-in Bot API with its people; this rig is the postman who hands their updates in.

Handing them in here, and not by the stand-in's own postman or by asking for them, lets a test know what each
was answered; both other ways are tested in ``tests/service/channels``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx

from balie.channels.kinds import TELEGRAM
from balie.channels.port import ChannelLimits
from balie.channels.store import ChannelStore
from balie.gateway.telegram_routes import HEADER
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork
from tests.contract.channels.driver import Courier, Person, Seen, Sent, Trouble
from tests.contract.channels.house import House
from tests.support.bot_api import BotApi
from tests.support.bot_api import Person as Phone

SECRET = "a-path-and-word-that-nobody-guesses-42"
PATH = f"/api/v1/channels/telegram/{SECRET}"

Json = dict[str, Any]


class TelegramRig:
    """See :class:`tests.contract.channels.driver.Rig`."""

    channel = TELEGRAM
    house: House
    http: httpx.AsyncClient

    def __init__(self, server: BotApi) -> None:
        self.server = server
        self.courier = Courier()

    @property
    def settings(self) -> Json:
        """How we find it."""
        return {
            "telegram_token": self.server.token,
            "telegram_api_url": self.server.url,
            "telegram_mode": "webhook",
            "telegram_secret": SECRET,
            "telegram_messages_per_second": 30_000,
        }

    @property
    def limits(self) -> ChannelLimits:
        channels = self.house.services.channels
        assert channels is not None
        return next(one.limits for one in channels.of_customers if one.name == TELEGRAM)

    def move_in(self, house: House) -> None:
        self.house = house
        self.http = httpx.AsyncClient(base_url=house.base_url, trust_env=False)

    async def person(self, name: str = "Sanne", *, language: str = "nl") -> InTelegram:
        return InTelegram(self, self.server.person(name, language=language))

    async def forge(self, text: str) -> int:
        """Somebody knows the address, and not the word."""
        phone = self.server.person("Mallory")
        phone.says(text)
        (update,) = self.take_updates()
        return (await self.http.post(PATH, json=update, headers={HEADER: SECRET[:-1]})).status_code

    def fails(self, *troubles: Trouble) -> None:
        for trouble in troubles:
            if trouble is Trouble.REFUSED:
                self.server.faults.fails("sendMessage")
            else:
                self.server.faults.drops("sendMessage", after=True)

    async def carry(self) -> int:
        return await self.courier.carry()

    async def aclose(self) -> None:
        await self.http.aclose()
        assert not self.server.violations

    def take_updates(self) -> list[Json]:
        """What the people did, out of the queue of the stand-in."""
        updates = list(self.server.queue.waiting())
        self.server.queue.forget_all()
        return updates

    async def bring(self, sent_id: str) -> Sent:
        """Hand in what a person has just done."""
        (update,) = self.take_updates()

        async def send() -> int:
            answer = await self.http.post(PATH, json=update, headers={HEADER: SECRET})
            return answer.status_code

        return await self.courier.bring(Sent(sent_id, send))


@dataclass
class InTelegram:
    """One customer, with their phone."""

    rig: TelegramRig
    phone: Phone
    buttons: dict[str, tuple[int, str]] = field(default_factory=dict)
    """The newest ever seen with each title: the message, and what it carries."""

    async def says(self, text: str) -> Sent:
        return await self.rig.bring(str(self.phone.says(text)))

    async def presses(self, title: str) -> Sent:
        await self.sees()
        message, data = self.buttons[title]
        return await self.rig.bring(self.phone.presses_data(message, data).id)

    async def presses_button_of(self, other: Person, title: str) -> Sent:
        await self.sees()
        (mine, _), (_, data) = self.buttons[title], cast("InTelegram", other).buttons[title]
        return await self.rig.bring(self.phone.presses_data(mine, data).id)

    async def sends_photo(self, content: bytes) -> Sent:
        return await self.rig.bring(str(self.phone.sends_photo(content)))

    async def edits(self, sent: Sent, text: str) -> Sent:
        self.phone.edits(int(sent.id), text)
        return await self.rig.bring(sent.id)

    async def leaves(self, *, silently: bool = False) -> None:
        self.phone.blocks()
        if silently:
            self.rig.take_updates()
        else:
            await self.rig.bring("blocked")

    async def returns(self) -> None:
        self.phone.unblocks()
        await self.rig.bring("unblocked")

    async def continues(self, code: str) -> Sent:
        return await self.rig.bring(str(self.phone.starts(code)))

    async def sees(self) -> list[Seen]:
        heard = self.phone.hears()
        for one in heard:
            for button in one.buttons:
                if button.data is not None:
                    self.buttons[button.title] = (one.id, button.data)
        return [Seen(one.text, one.titles, one.photos) for one in heard]

    async def sees_typing(self) -> None:
        await self.phone.waits_until(lambda: self.phone.sees_typing)

    async def conversation_id(self) -> ConversationId:
        store = ChannelStore(UnitOfWork(self.rig.house._engine))
        link = await store.find_link(TELEGRAM, str(self.phone.id))
        assert link is not None
        return link.conversation_id


@asynccontextmanager
async def telegram() -> AsyncIterator[TelegramRig]:
    """Telegram, on loopback."""
    with BotApi() as server:
        yield TelegramRig(server)
