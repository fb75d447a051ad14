"""What the stand-in remembers: chats with their messages, people, files, button presses."""

from __future__ import annotations

import hashlib
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.support.bot_api.refusals import bad_request, forbidden

Json = dict[str, Any]
ChatKind = Literal["private", "group", "supergroup", "channel"]

BOT_ID = 7_000_000_001
TOKEN = f"{BOT_ID}:AAStandInBotApiOfTheTestsNoSecret000"
"""No secret: it opens the stand-in only."""


@dataclass
class Message:
    """One message as it stands now."""

    id: int
    chat: Chat
    sender: Json | None
    date: int
    body: Json
    keyboard: Json | None = None
    edited: int | None = None
    versions: list[Json] = field(default_factory=list)
    """What it said before each edit."""
    is_deleted: bool = False
    is_of_the_bot: bool = False

    def to_json(self) -> Json:
        """As the Bot API writes it."""
        found: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.info, **self.body}
        if self.sender is not None:
            found["from"] = self.sender
        if self.edited is not None:
            found["edit_date"] = self.edited
        if self.keyboard and self.keyboard.get("inline_keyboard"):
            found["reply_markup"] = self.keyboard
        return found


@dataclass
class Chat:
    """A private chat, a group or a channel. Its messages in order."""

    info: Json
    ids: itertools.count[int]
    """Private chats share the counter of the bot; a supergroup or a channel has its own."""
    messages: dict[int, Message] = field(default_factory=dict)
    reply_keyboard: Json | None = None
    is_open: bool = False
    """The person wrote here, or the bot is a member."""
    has_blocked: bool = False
    is_deactivated: bool = False
    is_gone: bool = False
    action: tuple[str, float] | None = None
    """What the bot is doing just now ("typing"), and since when (monotonic seconds)."""
    actions: list[str] = field(default_factory=list)
    watchers: list[Callable[[], None]] = field(default_factory=list)

    @property
    def id(self) -> int:
        """Its number: negative for groups and channels."""
        return int(self.info["id"])

    @property
    def is_private(self) -> bool:
        """Whether it is a chat with one person."""
        return bool(self.info["type"] == "private")


@dataclass(frozen=True)
class StoredFile:
    """A file on the server."""

    id: str
    path: str
    content: bytes

    @property
    def unique_id(self) -> str:
        """The same for the same content."""
        return hashlib.sha256(self.content).hexdigest()[:16]


@dataclass
class Press:
    """A pressed button, and what the bot made of it."""

    id: str
    chat: Chat
    data: str
    at: float
    toast: str | None = None
    is_alert: bool = False
    is_answered: bool = False
    is_old: bool = False

    def grows_old(self) -> None:
        """Too late: the bot may no longer answer it."""
        self.is_old = True


class World:
    """Everything there is. Whoever reads or writes it holds ``lock``: tests and server are two threads."""

    def __init__(self, *, name: str, username: str, clock: Callable[[], float] = time.time) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.bot: Json = {"id": BOT_ID, "is_bot": True, "first_name": name, "username": username}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.presses: dict[str, Press] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.words: dict[tuple[str, str], str] = {}
        """Names and descriptions of the bot, by kind and language."""
        self.press_patience_s = 15.0
        self.message_ids = itertools.count(1)
        self.user_ids = itertools.count(5_000_000_001)
        self.group_ids = itertools.count(1_001)
        self._file_numbers = itertools.count(1)
        self._press_numbers = itertools.count(4_000_000_000_000_000_001)
        self._clock = clock

    def now(self) -> int:
        """Unix seconds."""
        return int(self._clock())

    def open_chat(self, info: Json, *, own_ids: bool = False) -> Chat:
        """A chat that the bot may see once somebody writes."""
        with self.lock:
            chat = Chat(info, itertools.count(1) if own_ids else self.message_ids)
            self.chats[chat.id] = chat
            return chat

    def chat_to_write_in(self, chat_id: str) -> Chat:
        """The chat of a request of the bot.

        Raises:
            Refusal: There is none, or the bot may not write there.
        """
        if not chat_id:
            raise bad_request("chat_id is empty")
        chat = self._find_chat(chat_id)
        if chat is None or not chat.is_open or chat.is_gone:
            raise bad_request("chat not found")
        if chat.is_deactivated:
            raise forbidden("user is deactivated")
        if chat.has_blocked:
            where = {"private": "blocked by the user", "channel": "kicked from the channel chat"}
            kicked = f"kicked from the {chat.info['type']} chat"
            raise forbidden(f"bot was {where.get(chat.info['type'], kicked)}")
        return chat

    def _find_chat(self, chat_id: str) -> Chat | None:
        if chat_id.startswith("@"):
            named = [chat for chat in self.chats.values() if chat.info.get("username") == chat_id[1:]]
            return named[0] if named and not named[0].is_private else None
        return self.chats.get(int(chat_id)) if chat_id.lstrip("-").isdigit() else None

    def add_message(
        self,
        chat: Chat,
        sender: Json | None,
        body: Json,
        *,
        keyboard: Json | None = None,
        by_bot: bool = False,
    ) -> Message:
        """Put a message at the end of a chat."""
        with self.lock:
            message = Message(next(chat.ids), chat, sender, self.now(), body, keyboard, is_of_the_bot=by_bot)
            chat.messages[message.id] = message
            self.tell(chat)
            return message

    def change_message(self, message: Message, body: Json, keyboard: Json | None) -> None:
        """Give a message other words or buttons."""
        with self.lock:
            if body != message.body:
                message.versions.append(message.body)
                message.edited = self.now()
            message.body, message.keyboard = body, keyboard
            self.tell(message.chat)

    def tell(self, chat: Chat) -> None:
        """Say that something changed in a chat, to whoever waits for it."""
        self.changed.notify_all()
        for watcher in list(chat.watchers):
            watcher()

    def store_file(self, content: bytes, folder: str, ending: str) -> StoredFile:
        """Keep a file."""
        with self.lock:
            number = next(self._file_numbers)
            kept = StoredFile(f"AgACStandIn{number:08d}", f"{folder}/file_{number}.{ending}", content)
            self.files[kept.id] = kept
            return kept

    def add_press(self, chat: Chat, data: str) -> Press:
        """A button was pressed just now."""
        with self.lock:
            press = Press(str(next(self._press_numbers)), chat, data, time.monotonic())
            self.presses[press.id] = press
            return press
