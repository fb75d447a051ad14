"""The turn in which something is asked for. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Author(StrEnum):
    """Who wanted a change."""

    CUSTOMER = "customer"
    AGENT = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The turn in which something is asked for; with the undertaking it is the key of the change.

    Attributes:
        message_id: The customer's message that confirmed it: the same one again never does it twice.
        part: Tells apart several changes of one kind that one message asks for, 0 first.
        author: Who wanted it.
    """

    conversation_id: UUID
    message_id: UUID
    part: int = 0
    author: Author = Author.CUSTOMER
