"""A letter as it is put into the outbox, and as the post room takes it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

PaperKind = Literal["invoice", "label"]


class LetterState(StrEnum):
    """How far a letter has come."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that goes with a letter, drawn when the letter is sent.

    Attributes:
        number: Of the invoice or credit note; for a label, of the return.
    """

    kind: PaperKind
    number: str


@dataclass(frozen=True)
class Letter:
    """What to tell whom. Its words are looked up when it is sent.

    Attributes:
        name: Of the content (``data/letters``), such as ``letter_invoice``.
        recipient: One plain address (``balie.kernel.mail_address``); anything else is given up.
        language: Code of the customer's language; an unknown one falls back to the shop's.
        facts: What the words may use; has to fit into JSON: money as cents, days as ISO dates.
        papers: Go with it as PDF.
        customer_id: Whose letter it is, if that is known: it goes when the customer is erased.
    """

    name: str
    recipient: str
    language: str
    facts: Mapping[str, Any]
    papers: tuple[Paper, ...] = ()
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimedLetter:
    """A letter that one post room may send, until ``claimed_until``.

    Attributes:
        attempts: How often it was claimed, this time included.
    """

    id: int
    key: str
    letter: Letter
    attempts: int
    claimed_until: datetime


class PostBell(Protocol):
    """Wakes whoever sends letters (``balie.post.post_room.PostRoom`` does)."""

    def ring(self) -> None:
        """Say that a letter was committed; returns at once, and an extra ring does no harm."""
        ...
