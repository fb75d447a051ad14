"""Pressed buttons: recorded, and answered at once with a word at the top of the screen."""

from __future__ import annotations

from balie.channels.errors import OutsideUnavailableError
from balie.channels.kinds import TELEGRAM
from balie.channels.telegram.commands import Commands
from balie.channels.telegram.house import TelegramHouse
from balie.channels.telegram.ids import press_id
from balie.channels.telegram.saying import OWN
from balie.channels.views import Link, StoredEvent
from balie.conversations.errors import ButtonNotFoundError
from balie.storage.errors import StoreUnavailableError


class Presses:
    """Takes them."""

    def __init__(self, house: TelegramHouse, commands: Commands) -> None:
        self._house = house
        self._commands = commands

    async def take(self, event: StoredEvent) -> None:
        """Record what was pressed, answer Telegram, and take the buttons away."""
        link = await self._house.store.find_link(TELEGRAM, event.thread)
        try:
            toast = await self._gone(link, event) if link is None else await self._press(link, event)
        except StoreUnavailableError:
            # The press is taken up again; the button must not look stuck until then.
            await self._answer(event, "")
            raise
        await self._answer(event, toast)
        if link is not None:
            await self._house.call(link, self._house.sayings.keyboard_off(event.body["message_id"]))

    async def _press(self, link: Link, event: StoredEvent) -> str:
        """What the customer is told."""
        button = event.body["button"]
        if button.startswith(OWN):
            await self._commands.choose(link, event, button)
            return ""
        try:
            recorded = await self._house.conversations.record_button_press(
                link.conversation_id,
                button,
                client_message_id=press_id(event.thread, event.body["message_id"]),
                via=TELEGRAM,
            )
        except ButtonNotFoundError:
            return await self._gone(link, event)
        if recorded.duplicate and event.attempts == 1:
            return await self._house.word(link.conversation_id, "channel_button_used")
        self._house.turns.submit(link.conversation_id)
        return recorded.message.text

    async def _gone(self, link: Link | None, event: StoredEvent) -> str:
        if link is not None:
            return await self._house.word(link.conversation_id, "channel_button_gone")
        return self._house.words.render("channel_button_gone", event.body.get("language"), {}).text

    async def _answer(self, event: StoredEvent, toast: str) -> None:
        try:
            await self._house.client.answer_press(event.body["press"], toast)
        except OutsideUnavailableError:
            return  # Telegram forgets it by itself after a while
