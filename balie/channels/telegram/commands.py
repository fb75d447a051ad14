"""Commands, and the buttons of the channel's own that some of them show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from balie.channels.customer_planning import STOPPED
from balie.channels.kinds import TELEGRAM
from balie.channels.telegram.going_on import GoingOn
from balie.channels.telegram.house import TelegramHouse
from balie.channels.telegram.ids import message_id
from balie.channels.telegram.saying import ERASE_IT, KEEP_IT, LANGUAGE
from balie.channels.views import Link, StoredEvent
from balie.conversations.status import ConversationStatus
from balie.conversations.views import NewButton

PAYLOADS: Final[Mapping[str, tuple[str, str]]] = {
    "human": ("channel_title_human", "/contact_human_agent"),
    "privacy": ("channel_title_privacy", "/data_privacy"),
}
"""Commands that mean an intent: what is shown of them, and what they mean to the assistant."""


class Commands:
    """Does them. They are the channel's own business: the assistant hears of those that mean an intent."""

    def __init__(self, house: TelegramHouse) -> None:
        self._house = house
        self._going_on = GoingOn(house)
        self._table: Mapping[str, Callable[[Link, StoredEvent], Awaitable[None]]] = {
            "start": self._greet,
            "help": self._help,
            "human": self._mean,
            "privacy": self._mean,
            "language": self._ask_language,
            "web": self._go_to_the_website,
            "stop": self._stop,
            "delete": self._ask_whether_to_erase,
        }

    async def take(self, event: StoredEvent) -> None:
        """Do a command."""
        link = await self._house.link_for(event)
        if event.body["command"] == "start" and event.body["argument"]:
            await self._going_on.take(link, event)
            return
        await self._table[event.body["command"]](link, event)

    async def choose(self, link: Link, event: StoredEvent, button: str) -> None:
        """Do what a button of the channel's own stands for; nothing for one that we never showed."""
        if button == ERASE_IT:
            await self._erase(link, event)
        elif button == KEEP_IT:
            await self._say(link, event, "channel_delete_kept")
        elif button.startswith(LANGUAGE) and button.removeprefix(LANGUAGE) in self._house.words.languages:
            await self._house.conversations.remember_language(
                link.conversation_id, button.removeprefix(LANGUAGE)
            )
            await self._say(link, event, "channel_language_kept")

    async def _greet(self, link: Link, event: StoredEvent) -> None:
        conversation = await self._house.conversations.get_conversation(link.conversation_id)
        words = self._house.words.render("channel_greeting", conversation.spoken_language, {})
        buttons = tuple(NewButton(button.title, f"/{button.intent}") for button in words.buttons)
        await self._house.tell(link, event, "channel_greeting", buttons=buttons)

    async def _help(self, link: Link, event: StoredEvent) -> None:
        await self._say(link, event, "channel_help")

    async def _mean(self, link: Link, event: StoredEvent) -> None:
        title, payload = PAYLOADS[event.body["command"]]
        await self._house.conversations.record_choice(
            link.conversation_id,
            await self._house.word(link.conversation_id, title),
            payload,
            client_message_id=message_id(event.thread, event.body["message_id"]),
            via=TELEGRAM,
        )
        self._house.turns.submit(link.conversation_id)

    async def _ask_language(self, link: Link, event: StoredEvent) -> None:
        buttons = [
            [
                f"{LANGUAGE}{code}",
                f"={self._house.words.render('channel_language_name', None, {'code': code}).text}",
            ]
            for code in self._house.words.languages
        ]
        await self._say(link, event, "channel_language", buttons)

    async def _go_to_the_website(self, link: Link, event: StoredEvent) -> None:
        await self._house.call(link, self._house.sayings.web(event.key))

    async def _stop(self, link: Link, event: StoredEvent) -> None:
        # Planned before the customer counts as gone: it is the last thing that they hear.
        await self._say(link, event, "channel_stopped")
        await self._house.leaving.note(link, STOPPED, told_by=event.key)

    async def _ask_whether_to_erase(self, link: Link, event: StoredEvent) -> None:
        if await self._is_with_an_agent(link):
            await self._say(link, event, "channel_delete_busy")
            return
        buttons = [[ERASE_IT, "channel_title_delete"], [KEEP_IT, "channel_title_keep"]]
        await self._say(link, event, "channel_delete_ask", buttons)

    async def _erase(self, link: Link, event: StoredEvent) -> None:
        if await self._is_with_an_agent(link):
            await self._say(link, event, "channel_delete_busy")
        else:
            await self._house.call(link, self._house.sayings.erase(event.key))

    async def _is_with_an_agent(self, link: Link) -> bool:
        conversation = await self._house.conversations.get_conversation(link.conversation_id)
        return conversation.status is ConversationStatus.WITH_AGENT

    async def _say(
        self, link: Link, event: StoredEvent, response: str, buttons: list[list[str]] | None = None
    ) -> None:
        await self._house.call(link, self._house.sayings.say(event.key, response, buttons))
