"""What a call says, put together when it is sent, from how things stand then."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from balie.channels.customer_planning import MESSAGE
from balie.channels.errors import NotWantedAnyMoreError
from balie.channels.own_links import from_outside
from balie.channels.port import ChannelLimits, ConversationBook, Words
from balie.channels.recap import LOOK_BACK, recap_of
from balie.channels.rendering import as_plain
from balie.channels.rich_text import RichText, parse_marks, to_json
from balie.channels.splitting import split
from balie.channels.views import ClaimedCall
from balie.conversations.views import Author, Message, VisibleButton


class Composer:
    """Knows what each call says.

    Attributes:
        limits: What can be said there.
    """

    def __init__(
        self, conversations: ConversationBook, words: Words, *, limits: ChannelLimits, public_url: str
    ) -> None:
        """Build it.

        Args:
            conversations: Where the messages are.
            words: The content.
            limits: What can be said there.
            public_url: Where our own pages and papers are; without a slash at the end.
        """
        self._conversations = conversations
        self._words = words
        self._public_url = public_url
        self.limits = limits

    async def compose(self, call: ClaimedCall) -> list[dict[str, Any]]:
        """What is posted for a message or a recap, one for each part.

        Raises:
            NotWantedAnyMoreError: The message is gone.
        """
        if call.kind != MESSAGE:
            return await self._compose_recap(call)
        message = await self.find_message(call)
        photos = [
            await self._conversations.get_photo(call.conversation_id, photo.id) for photo in message.photos
        ]
        shown = [
            {"jpeg_base64": b64encode(photo.jpeg).decode(), "width": photo.width, "height": photo.height}
            for photo in photos
        ]
        about = {"author": message.author.value, "language": message.language}
        return self._parts(message.text, message.buttons, shown, about)

    async def find_message(self, call: ClaimedCall) -> Message:
        """The message that a call is about.

        Raises:
            NotWantedAnyMoreError: It is gone.
        """
        sequence = call.facts["sequence"]
        page = await self._conversations.list_messages(call.conversation_id, after=sequence - 1)
        found = next((message for message in page.messages if message.sequence == sequence), None)
        if found is None:
            raise NotWantedAnyMoreError
        return found

    def split(self, text: str) -> list[RichText]:
        """A text in parts; one without words when there are none: there is still a photo, or a button."""
        rich, limit = parse_marks(text), self.limits.longest_text
        return (split(rich, limit, _plain_length) if limit else [rich]) or [()]

    async def _compose_recap(self, call: ClaimedCall) -> list[dict[str, Any]]:
        conversation = await self._conversations.get_conversation(call.conversation_id)
        page = await self._conversations.list_messages(
            call.conversation_id, after=max(0, conversation.last_sequence - LOOK_BACK)
        )
        recap = recap_of(page.messages)
        facts = {"question": recap.question, "answer": recap.answer}
        words = self._words.render("channel_recap", conversation.spoken_language, facts)
        about = {"author": Author.SYSTEM.value, "language": words.language}
        return self._parts(words.text, recap.buttons, [], about)

    def _parts(
        self,
        text: str,
        buttons: tuple[VisibleButton, ...],
        photos: list[dict[str, Any]],
        about: dict[str, Any],
    ) -> list[dict[str, Any]]:
        parts = self.split(text)
        told = [
            {
                "part": number,
                "parts": len(parts),
                **about,
                "text": as_plain(rich),
                "rich": to_json(rich),
                "buttons": [],
                "photos": [],
            }
            for number, rich in enumerate(parts, 1)
        ]
        told[-1] |= {"buttons": [self._button(button) for button in buttons], "photos": photos}
        return told

    def _button(self, button: VisibleButton) -> dict[str, Any]:
        if button.url is None:
            return {"id": button.id, "title": button.plain_title}
        return {"url": from_outside(button.url, self._public_url), "title": button.plain_title}


def _plain_length(rich: RichText) -> int:
    return len(as_plain(rich))
