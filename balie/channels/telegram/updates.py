"""What Telegram tells us, read: an update becomes what it is for us, or nothing. Pure.

Only what is needed afterwards is kept of it: no names, no profile, nothing that somebody forwarded from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from balie.channels.errors import DeskEventInvalidError
from balie.channels.kinds import TELEGRAM
from balie.channels.telegram.fields import ABOUT_A_MESSAGE, KNOWN_MEDIA, SAYS_NOTHING
from balie.channels.views import Facts, NewEvent

ALLOWED_UPDATES: Final = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
"""What we ask Telegram for; anything else that comes is acknowledged and dropped."""

KEY_DIGITS: Final = 15
"""Keys of events begin with the number of the update, filled up with zeros: as text they sort like numbers.

After it comes the number of the message, which is all that is left of an event that is dealt with.
"""

MOST_TEXT: Final = 5000
"""Telegram takes 4,096 characters; more is not kept."""

_PHOTO_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"})


class Kind(StrEnum):
    """What an update is for us."""

    TEXT = "text"
    EDIT = "edit"
    PHOTO = "photo"
    PRESS = "press"
    COMMAND = "command"
    UNSUPPORTED = "unsupported"
    """Something that the assistant cannot read."""
    LEFT = "left"
    """The customer has blocked the bot."""
    CAME_BACK = "came_back"
    ELSEWHERE = "elsewhere"
    """A group, a channel, another bot: not a customer."""


OF_CUSTOMERS: Final = frozenset({Kind.TEXT, Kind.EDIT, Kind.PHOTO, Kind.COMMAND, Kind.UNSUPPORTED})
"""Kinds of events that are about a message of the customer's own."""

COMMANDS: Final = ("start", "human", "language", "privacy", "web", "stop", "delete", "help")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An update, read.

    Attributes:
        update_id: Telegram's number of it.
        chat: Telegram's number of the chat.
        message_id: Of the message it is about; 0 when it is about none.
        body: What the kind needs: ``text``; ``file``, ``caption``; ``press``, ``button``; ``command``,
            ``argument``; ``what``, ``caption``. And ``language``, where the app has told its own.
    """

    kind: Kind
    update_id: int
    chat: int
    message_id: int = 0
    body: Facts

    def as_event(self) -> NewEvent:
        """To be stored. Elsewhere the chat is the key: one sentence, for as long as events are kept."""
        is_elsewhere = self.kind is Kind.ELSEWHERE
        return NewEvent(
            channel=TELEGRAM,
            key=f"elsewhere:{self.chat}"
            if is_elsewhere
            else f"{self.update_id:0{KEY_DIGITS}}:{self.message_id}",
            thread=str(self.chat),
            kind=self.kind.value,
            body={**self.body, "message_id": self.message_id},
        )


def number_of(update: object) -> int:
    """The number of an update, whatever else it may be.

    Raises:
        DeskEventInvalidError: It is no update.
    """
    number = update.get("update_id") if isinstance(update, Mapping) else None
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 10**KEY_DIGITS:
        raise DeskEventInvalidError("it has no `update_id`")
    return number


def update_of(key: str) -> int:
    """The number of the update in a key."""
    return int(key.partition(":")[0])


def message_of(key: str) -> int:
    """The number of the message in a key; 0 when the update was about none."""
    return int(key.partition(":")[2] or 0)


def read_update(update: Mapping[str, Any], *, largest_photo: int) -> Heard | None:
    """What an update is for us; None when it is nothing.

    Args:
        update: As Telegram sent it.
        largest_photo: In bytes.

    Raises:
        DeskEventInvalidError: It is no update.
    """
    number = number_of(update)
    readers: Mapping[str, Callable[[Mapping[str, Any]], Heard | None]] = {
        "message": lambda found: _read_message(number, found, largest_photo),
        "edited_message": lambda found: _read_edit(number, found),
        "channel_post": lambda found: _read_elsewhere(number, found),
        "callback_query": lambda found: _read_press(number, found),
        "my_chat_member": lambda found: _read_membership(number, found),
    }
    for name, read in readers.items():
        found = update.get(name)
        if isinstance(found, Mapping):
            try:
                return read(found)
            except (KeyError, TypeError, ValueError, AttributeError):
                # Telegram changes its types now and then: what cannot be read must not stop what can.
                return None
    return None


def _read_message(number: int, message: Mapping[str, Any], largest_photo: int) -> Heard | None:
    if not _is_from_a_customer(message):
        return _read_elsewhere(number, message)
    read = _read_words(message) or _read_photo(message, largest_photo) or _read_other(message)
    return None if read is None else _heard(number, message, *read)


def _heard(number: int, message: Mapping[str, Any], kind: Kind, body: Mapping[str, Any]) -> Heard:
    return Heard(
        kind=kind,
        update_id=number,
        chat=int(message["chat"]["id"]),
        message_id=int(message["message_id"]),
        body={**body, **_language_of(message.get("from"))},
    )


def _is_from_a_customer(message: Mapping[str, Any]) -> bool:
    sender = message.get("from")
    is_bot = isinstance(sender, Mapping) and bool(sender.get("is_bot"))
    return message["chat"]["type"] == "private" and not is_bot


def _read_words(message: Mapping[str, Any]) -> tuple[Kind, dict[str, Any]] | None:
    text = message.get("text")
    if text is None:
        # A sticker that stands for an emoji says what the emoji says.
        sticker = message.get("sticker")
        text = sticker.get("emoji") if isinstance(sticker, Mapping) else None
    if not isinstance(text, str) or not text.strip():
        return None
    command = _read_command(text)
    return command or (Kind.TEXT, {"text": text[:MOST_TEXT]})


def _read_command(text: str) -> tuple[Kind, dict[str, Any]] | None:
    first, _, rest = text.strip().partition(" ")
    name = first.removeprefix("/").partition("@")[0].lower()
    if not first.startswith("/") or name not in COMMANDS:
        return None
    return Kind.COMMAND, {"command": name, "argument": rest.strip()[:64]}


def _read_photo(message: Mapping[str, Any], largest: int) -> tuple[Kind, dict[str, Any]] | None:
    caption = _caption_of(message)
    sizes = message.get("photo")
    if sizes:
        fitting = [size for size in sizes if int(size.get("file_size") or 0) <= largest]
        best = max(fitting, key=lambda size: int(size["width"]) * int(size["height"]), default=None)
        return Kind.PHOTO, {"file": None if best is None else str(best["file_id"]), **caption}
    document = message.get("document")
    if isinstance(document, Mapping) and document.get("mime_type") in _PHOTO_TYPES:
        fits = int(document.get("file_size") or 0) <= largest
        return Kind.PHOTO, {"file": str(document["file_id"]) if fits else None, **caption}
    return None


def _read_other(message: Mapping[str, Any]) -> tuple[Kind, dict[str, Any]] | None:
    kinds = [name for name in message if name not in ABOUT_A_MESSAGE]
    if not kinds or any(name in SAYS_NOTHING for name in kinds):
        return None
    # A venue is a location, too, and an animation a document: the first of the two says more.
    what = min((name for name in kinds if name in KNOWN_MEDIA), key=_telling, default="other")
    return Kind.UNSUPPORTED, {"what": what, **_caption_of(message)}


def _telling(name: str) -> tuple[bool, str]:
    return name in {"document", "location"}, name


def _caption_of(message: Mapping[str, Any]) -> dict[str, Any]:
    caption = message.get("caption")
    return {"caption": caption[:MOST_TEXT]} if isinstance(caption, str) and caption.strip() else {}


def _read_edit(number: int, message: Mapping[str, Any]) -> Heard | None:
    if not _is_from_a_customer(message):
        return None
    if isinstance(text := message.get("text"), str):
        return _heard(number, message, Kind.EDIT, {"text": text[:MOST_TEXT], "is_caption": False})
    caption = _caption_of(message).get("caption")
    if caption is None:
        return None
    return _heard(number, message, Kind.EDIT, {"text": caption, "is_caption": True})


def _read_press(number: int, query: Mapping[str, Any]) -> Heard | None:
    message, button = query.get("message"), query.get("data")
    if not isinstance(message, Mapping) or not isinstance(button, str):
        return None
    if message["chat"]["type"] != "private":
        return None
    return Heard(
        kind=Kind.PRESS,
        update_id=number,
        chat=int(message["chat"]["id"]),
        message_id=int(message["message_id"]),
        body={"press": str(query["id"]), "button": button[:64], **_language_of(query.get("from"))},
    )


def _read_membership(number: int, change: Mapping[str, Any]) -> Heard | None:
    status = change["new_chat_member"]["status"]
    if change["chat"]["type"] != "private":
        was = change["old_chat_member"]["status"]
        came_in = status in {"member", "administrator"} and was in {"left", "kicked"}
        return _read_elsewhere(number, change) if came_in else None
    kind = Kind.LEFT if status == "kicked" else Kind.CAME_BACK
    return Heard(
        kind=kind,
        update_id=number,
        chat=int(change["chat"]["id"]),
        body=_language_of(change.get("from")),
    )


def _read_elsewhere(number: int, about: Mapping[str, Any]) -> Heard | None:
    if any(name in SAYS_NOTHING for name in about):
        return None
    return Heard(
        kind=Kind.ELSEWHERE,
        update_id=number,
        chat=int(about["chat"]["id"]),
        body=_language_of(about.get("from")),
    )


def _language_of(sender: object) -> dict[str, Any]:
    code = sender.get("language_code") if isinstance(sender, Mapping) else None
    if not isinstance(code, str) or len(code) < 2 or not code[:2].isascii() or not code[:2].isalpha():
        return {}
    return {"language": code[:2].lower()}
