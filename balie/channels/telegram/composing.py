"""What a call says, in the pieces in which it goes out; put together when it is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardMarkup

from balie.channels.customer_planning import MESSAGE
from balie.channels.errors import NotWantedAnyMoreError
from balie.channels.own_links import buttons_from_outside
from balie.channels.port import ConversationBook
from balie.channels.recap import LOOK_BACK, recap_of
from balie.channels.rendering import as_telegram_html, as_telegram_text
from balie.channels.rich_text import RichText, parse_marks
from balie.channels.splitting import split, telegram_length
from balie.channels.telegram.house import TelegramHouse
from balie.channels.telegram.keyboards import keyboard_of, links_in_words
from balie.channels.telegram.saying import ERASE, RECAP, SAY, WEB
from balie.channels.views import ClaimedCall
from balie.conversations.continuing import LASTS
from balie.conversations.views import WEB_WIDGET, Message, VisibleButton
from balie.kernel.ids import ConversationId

LONGEST_TEXT: Final = 4096
"""UTF-16 code units, counted without tags (core.telegram.org/bots/api#sendmessage)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of ours over there: a text, or a photo."""

    text: RichText = ()
    jpeg: bytes | None = None
    keyboard: InlineKeyboardMarkup | None = None

    @property
    def html(self) -> str:
        """As Telegram takes it."""
        return as_telegram_html(self.text)

    @property
    def plain(self) -> str:
        """As it is shown."""
        return as_telegram_text(self.text)


class Composer:
    """Knows for each kind of call what it says."""

    def __init__(self, house: TelegramHouse) -> None:
        self._house = house
        self._composers: Mapping[str, Callable[[ClaimedCall], Awaitable[Sequence[Piece]]]] = {
            MESSAGE: self._compose_message,
            SAY: self._compose_saying,
            RECAP: self._compose_recap,
            WEB: self._compose_web,
            ERASE: self._compose_farewell,
        }

    async def compose(self, call: ClaimedCall) -> Sequence[Piece]:
        """The pieces, in order; the keyboard is under the last one.

        Raises:
            NotWantedAnyMoreError: There is nothing to say.
            BalieError: It cannot be put into words.
        """
        pieces = await self._composers[call.kind](call)
        if not pieces:
            raise NotWantedAnyMoreError
        return pieces

    async def _compose_message(self, call: ClaimedCall) -> Sequence[Piece]:
        message = await find_message(self._house.conversations, call)
        if message is None:
            raise NotWantedAnyMoreError
        photos = [
            (await self._house.conversations.get_photo(call.conversation_id, mark.id)).jpeg
            for mark in message.photos
        ]
        return pieces_of(message.text, self._from_outside(message.buttons), photos)

    async def _compose_saying(self, call: ClaimedCall) -> Sequence[Piece]:
        buttons = [
            VisibleButton(await self._title(call.conversation_id, title), id=carried)
            for carried, title in call.facts.get("buttons") or []
        ]
        text = await self._house.word(call.conversation_id, call.facts["response"])
        return pieces_of(text, buttons)

    async def _title(self, conversation_id: ConversationId, title: str) -> str:
        if title.startswith("="):
            return title.removeprefix("=")
        return await self._house.word(conversation_id, title)

    async def _compose_recap(self, call: ClaimedCall) -> Sequence[Piece]:
        last = (await self._house.conversations.get_conversation(call.conversation_id)).last_sequence
        page = await self._house.conversations.list_messages(
            call.conversation_id, after=max(0, last - LOOK_BACK)
        )
        recap = recap_of(page.messages)
        text = await self._house.word(
            call.conversation_id, "channel_recap", question=recap.question, answer=recap.answer
        )
        return pieces_of(text, self._from_outside(recap.buttons))

    def _from_outside(self, buttons: Sequence[VisibleButton]) -> Sequence[VisibleButton]:
        return buttons_from_outside(buttons, self._house.public_url)

    async def _compose_web(self, call: ClaimedCall) -> Sequence[Piece]:
        made = await self._house.continuations.create(call.conversation_id, WEB_WIDGET)
        title = await self._house.word(call.conversation_id, "channel_title_web")
        minutes = int(LASTS.total_seconds() // 60)
        text = await self._house.word(call.conversation_id, "channel_web", minutes=minutes)
        link = VisibleButton(title, url=f"{self._house.page_url}#balie={made.code}")
        return pieces_of(text, (link,))

    async def _compose_farewell(self, call: ClaimedCall) -> Sequence[Piece]:
        return pieces_of(await self._house.word(call.conversation_id, "channel_deleted"), ())


async def find_message(conversations: ConversationBook, call: ClaimedCall) -> Message | None:
    """The message that a call brings; None when it is gone."""
    if call.message is not None:
        return call.message
    sequence = call.facts["sequence"]
    page = await conversations.list_messages(call.conversation_id, after=sequence - 1)
    return next((found for found in page.messages if found.sequence == sequence), None)


def pieces_of(text: str, buttons: Sequence[VisibleButton], photos: Sequence[bytes] = ()) -> list[Piece]:
    """What is said, with what can be pressed under it, in pieces that Telegram takes. Pure."""
    links = links_in_words(buttons)
    whole = "\n\n".join(part for part in (text, links) if part.strip())
    pieces = [Piece(jpeg=jpeg) for jpeg in photos]
    pieces += [Piece(text=part) for part in split(parse_marks(whole), LONGEST_TEXT, telegram_length)]
    if pieces:
        last = pieces[-1]
        pieces[-1] = Piece(last.text, last.jpeg, keyboard_of(buttons))
    return pieces
