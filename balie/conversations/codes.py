"""Codes that are sent to a customer's mailbox: how they look, how long they live, how they are kept. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from balie.kernel.ids import ConversationId

CODE_LASTS: Final = timedelta(minutes=10)
TRIES_PER_CODE: Final = 5
CODES_PER_CONVERSATION: Final = 3
CONVERSATION_WINDOW: Final = timedelta(hours=1)
CODES_PER_ADDRESS: Final = 5
"""Over all conversations within ``ADDRESS_WINDOW``: nobody fills somebody else's mailbox."""
ADDRESS_WINDOW: Final = timedelta(days=1)

_DIGITS: Final = 6
# Not part of a longer number: neither of a phone number in groups nor of an order number.
_CODE: Final = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9][ .-])([0-9]{3})[ .-]?([0-9]{3})(?![0-9A-Za-z]|[ .-][0-9])"
)

CodeMaker: TypeAlias = Callable[[], str]
"""Makes a code that nobody can foresee."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A customer whose mailbox is known. ``language`` is the one of their account."""

    customer_id: int
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class CodeRequested:
    """A code is on its way, if the address is a customer's; whoever asked hears the same either way."""

    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CodeAccepted:
    """The code was right: this is the customer, and the conversation knows it."""

    customer_id: int


@dataclass(frozen=True, slots=True)
class CodeRefused:
    """The code was wrong. With no tries left, it is dead."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class NoCode:
    """No code is open: it has expired, was used or tried too often, or none was asked for."""


CodeChecked: TypeAlias = CodeAccepted | CodeRefused | NoCode


def make_code() -> str:
    """Six digits that nobody can foresee."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"


def read_code(text: str) -> str | None:
    """The one code in what somebody wrote, sentence around it or not; None when there is none, or several.

    >>> read_code("de code is 482 913."), read_code("bel 06 123 456 78"), read_code("DD1048213")
    ('482913', None, None)
    """
    found = {"".join(match) for match in _CODE.findall(unicodedata.normalize("NFKC", text))}
    return found.pop() if len(found) == 1 else None


def may_request(*, asked_here: int, asked_for_address: int) -> bool:
    """Whether one more code may be made, after so many within the windows.

    >>> may_request(asked_here=2, asked_for_address=4), may_request(asked_here=3, asked_for_address=0)
    (True, False)
    """
    return asked_here < CODES_PER_CONVERSATION and asked_for_address < CODES_PER_ADDRESS


class CodeSeal:
    """Turns codes and addresses into what may be stored: without the secret nobody learns or forges them."""

    def __init__(self, secret: str) -> None:
        self._key = secret.encode()

    def of_code(self, conversation_id: ConversationId, code: str) -> str:
        """The digest of a code, good in one conversation only."""
        return self._digest(b"one-time code", conversation_id.bytes + code.encode())

    def of_address(self, email: str) -> str:
        """The digest of a normalised address, to count by."""
        return self._digest(b"address", email.encode())

    def fits(self, conversation_id: ConversationId, code: str, digest: str) -> bool:
        """Whether a digest is this code's; takes as long for a near miss as for any other."""
        return hmac.compare_digest(self.of_code(conversation_id, code), digest)

    def _digest(self, purpose: bytes, message: bytes) -> str:
        # The purpose keeps a digest of one kind from passing for one of another, or for a token.
        return hmac.new(self._key, purpose + b"\0" + message, hashlib.sha256).hexdigest()
