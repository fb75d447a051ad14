"""The other side of the chat, as a test plays it: people with a phone, groups, channels."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tests.support.bot_api import contents
from tests.support.bot_api.files import new_document, sizes_of
from tests.support.bot_api.seen import Seen, seen
from tests.support.bot_api.state import Json, Message, Press
from tests.support.bot_api.telling import sent_by, tell_membership, text_body

if TYPE_CHECKING:
    from tests.support.bot_api.server import BotApi

ACTION_LASTS_S: Final = 5.0


class Person:
    """Somebody who talks with the bot."""

    def __init__(self, server: BotApi, user: Json) -> None:
        self._server = server
        self._world = server.world
        self.user = user
        names: Json = {key: user[key] for key in ("first_name", "last_name", "username") if key in user}
        self.chat = server.world.open_chat({"id": user["id"], "type": "private", **names})

    @property
    def id(self) -> int:
        """The number of the person, and of the chat with them."""
        return self.chat.id

    # What they do. Each answers what the test may need later: the id of the message, the press.

    def says(self, text: str, *, reply_to: int | None = None) -> int:
        """Write something; the id of the message."""
        body = text_body(text)
        if reply_to is not None:
            body["reply_to_message"] = self.chat.messages[reply_to].to_json()
        return self._send(body)

    def starts(self, payload: str = "") -> int:
        """Press Start, perhaps after a link with a payload."""
        return self.says(f"/start {payload}".rstrip())

    def edits(self, message_id: int, text: str) -> None:
        """Change what was said; under a photo the caption."""
        with self._world.lock:
            message = self.chat.messages[message_id]
            if "text" in message.body:
                body = {**message.body, **text_body(text)}
            else:
                body = {**message.body, "caption": text}
            self._world.change_message(message, body, None)
            self._server.queue.add("edited_message", message.to_json(), chat=self.id)

    def presses(self, title: str, *, message_id: int | None = None) -> Press:
        """Press the lowest button with this title (of one message, when its id is given).

        Raises:
            LookupError: There is no such button now.
        """
        with self._world.lock:
            for seen in reversed(self.sees()):
                for button in seen.buttons:
                    if button.title == title and message_id in (None, seen.id):
                        assert button.data is not None, "a link is opened, not pressed"
                        return self.presses_data(seen.id, button.data)
        raise LookupError(f"no button {title!r} to press")

    def presses_data(self, message_id: int, data: str) -> Press:
        """Press a button that may be gone meanwhile, or that never was."""
        with self._world.lock:
            press = self._world.add_press(self.chat, data)
            message = self.chat.messages[message_id]
            query = {
                "id": press.id,
                "from": self.user,
                "chat_instance": str(-self.id),
                "message": message.to_json(),
                "data": data,
            }
            self._server.queue.add("callback_query", query, chat=self.id)
            return press

    def taps(self, title: str) -> int:
        """Tap a key of the keyboard below the chat, which writes its words."""
        keyboard = self.chat.reply_keyboard or {"keyboard": []}
        keys = [key if isinstance(key, str) else key["text"] for row in keyboard["keyboard"] for key in row]
        if title not in keys:
            raise LookupError(f"no key {title!r} to tap")
        return self.says(title)

    def sends_photo(self, content: bytes, *, caption: str = "", album: str | None = None) -> int:
        """Send a photo."""
        body: Json = {"photo": sizes_of(self._world, content)}
        if album is not None:
            body["media_group_id"] = album
        return self._send({**body, **({"caption": caption} if caption else {})})

    def sends_document(self, content: bytes, name: str, *, kind: str | None = None, caption: str = "") -> int:
        """Send a file; ``kind`` is its media type."""
        body = {"document": new_document(self._world, content, name, kind)}
        return self._send({**body, **({"caption": caption} if caption else {})})

    def sends(self, kind: str, **more: Any) -> int:
        """Send anything else: see ``contents.KINDS`` (sticker, voice, location, poll, unknown, …)."""
        return self._send({**contents.body_of(kind, self._world), **more})

    def sends_body(self, body: Json) -> int:
        """Send a message with any content."""
        return self._send(body)

    def blocks(self) -> None:
        """Stop and block the bot."""
        self.chat.has_blocked = True
        self._changes_membership("member", "kicked")

    def unblocks(self) -> None:
        """Let the bot write again."""
        self.chat.has_blocked = False
        self._changes_membership("kicked", "member")

    def leaves_telegram(self) -> None:
        """Delete the account."""
        self.chat.is_deactivated = True

    def is_forgotten(self) -> None:
        """The server knows the chat no more ("chat not found")."""
        self.chat.is_gone = True

    # What they see.

    def sees(self) -> list[Seen]:
        """The chat as it stands, both sides, in order."""
        with self._world.lock:
            return [self._seen(one) for one in self.chat.messages.values() if not one.is_deleted]

    def hears(self) -> list[Seen]:
        """What the bot said, in order."""
        return [seen for seen in self.sees() if not seen.mine]

    @property
    def texts(self) -> list[str]:
        """The words of what the bot said."""
        return [seen.text for seen in self.hears()]

    @property
    def sees_typing(self) -> bool:
        """Whether the app shows just now that the bot is typing."""
        action = self.chat.action
        return action is not None and time.monotonic() - action[1] < ACTION_LASTS_S

    async def waits_for(self, count: int, *, timeout_s: float = 10.0) -> list[Seen]:
        """What the bot said, once it has said this many messages.

        Raises:
            TimeoutError: It did not.
        """
        await self.waits_until(lambda: len(self.hears()) >= count, timeout_s=timeout_s)
        return self.hears()

    async def waits_until(self, is_so: Callable[[], Any], *, timeout_s: float = 10.0) -> None:
        """Wait until something is so in this chat."""
        loop, rung = asyncio.get_running_loop(), asyncio.Event()

        def ring() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(rung.set)

        self.chat.watchers.append(ring)
        try:
            async with asyncio.timeout(timeout_s):
                while not is_so():
                    await rung.wait()
                    rung.clear()
        finally:
            self.chat.watchers.remove(ring)

    def waits_here_for(self, count: int, *, timeout_s: float = 10.0) -> list[Seen]:
        """As ``waits_for``, for tests without a loop: blocks this thread."""
        self._server.waits_until(lambda: len(self.hears()) >= count, timeout_s=timeout_s)
        return self.hears()

    def _send(self, body: Json) -> int:
        return sent_by(self._server, self.chat, self.user, body)

    def _changes_membership(self, before: str, after: str) -> None:
        tell_membership(self._server, self.chat, self.user, (before, after))

    def _seen(self, message: Message) -> Seen:
        return seen(self._world.files, message, mine=not message.is_of_the_bot)


class Group:
    """A group or a channel with the bot in it."""

    def __init__(self, server: BotApi, title: str, kind: str) -> None:
        self._server = server
        number = -next(server.world.group_ids)
        group_id = number if kind == "group" else number - 1_000_000_000_000
        info = {"id": group_id, "type": kind, "title": title}
        self.chat = server.world.open_chat(info, own_ids=kind != "group")
        self.chat.is_open = True

    @property
    def id(self) -> int:
        """Its number, which is negative."""
        return self.chat.id

    def is_joined_by_the_bot(self, person: Person) -> None:
        """Somebody adds the bot."""
        self.chat.is_open = True
        tell_membership(self._server, self.chat, person.user, ("left", "member"))

    def says(self, person: Person, text: str) -> int:
        """Somebody writes in the group."""
        return sent_by(self._server, self.chat, person.user, text_body(text))

    def posts(self, text: str) -> int:
        """The channel posts something."""
        return sent_by(self._server, self.chat, None, text_body(text))

    def sees(self) -> list[Seen]:
        """What stands there."""
        with self._server.world.lock:
            shown = [one for one in self.chat.messages.values() if not one.is_deleted]
            return [seen(self._server.world.files, one, mine=not one.is_of_the_bot) for one in shown]

    def hears(self) -> list[Seen]:
        """What the bot said there."""
        return [one for one in self.sees() if not one.mine]
