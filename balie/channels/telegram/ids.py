"""Our ids of what customers say in Telegram, made of its numbers: however often it comes, the same."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

IDS: Final = UUID("5d3f0c1e-8a57-4a0b-9a53-3c1f7d6b2e90")


def message_id(chat: str, message: int) -> UUID:
    """Of a message."""
    return uuid5(IDS, f"{chat}:{message}")


def caption_id(chat: str, message: int) -> UUID:
    """Of the words under a photo, which are a message of their own here."""
    return uuid5(IDS, f"{chat}:{message}:caption")


def press_id(chat: str, message: int) -> UUID:
    """Of the choice under a message of ours: one of its buttons can be pressed, once."""
    return uuid5(IDS, f"{chat}:{message}:press")


def notice_id(chat: str, key: str, response: str) -> UUID:
    """Of what an event is answered with by the channel itself."""
    return uuid5(IDS, f"{chat}:{key}:{response}")
