"""What people do becomes messages and updates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.support.bot_api.state import Chat, Json
from tests.support.bot_api.utf16 import Entity, units

if TYPE_CHECKING:
    from tests.support.bot_api.server import BotApi

_COMMAND: Final = re.compile(r"(?<!\S)/[a-zA-Z0-9_]{1,32}(?:@\w+)?(?!\w)")
_LINK: Final = re.compile(r"https?://\S+")
_MAIL: Final = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")


def text_body(text: str) -> Json:
    """A text as the server passes it on, with what it recognises in it."""
    kinds = (("bot_command", _COMMAND), ("url", _LINK), ("email", _MAIL))
    found = [
        Entity(kind, units(text[: one.start()]), units(one[0])).to_json()
        for kind, pattern in kinds
        for one in pattern.finditer(text)
    ]
    return {"text": text, **({"entities": found} if found else {})}


def sent_by(server: BotApi, chat: Chat, user: Json | None, body: Json) -> int:
    """Put a message of somebody in a chat and tell the bot; its id."""
    with server.world.lock:
        chat.is_open = True
        message = server.world.add_message(chat, user, body)
        if user is None:
            message.body.setdefault("sender_chat", chat.info)
        kind = "channel_post" if chat.info["type"] == "channel" else "message"
        server.queue.add(kind, message.to_json(), chat=chat.id)
        return message.id


def tell_membership(server: BotApi, chat: Chat, user: Json, status: tuple[str, str]) -> None:
    """Tell the bot that it is blocked, unblocked, added or removed."""
    before, after = (
        {"user": server.world.bot, "status": one, **({"until_date": 0} if one == "kicked" else {})}
        for one in status
    )
    change = {
        "chat": chat.info,
        "from": user,
        "date": server.world.now(),
        "old_chat_member": before,
        "new_chat_member": after,
    }
    server.queue.add("my_chat_member", change, chat=chat.id)
