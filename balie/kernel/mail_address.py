"""Rules of e-mail addresses, as far as letters need them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

LONGEST_ADDRESS: Final = 254
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN: Final = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address with the name that people read before it."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.partition("@")[2]


def is_plain_address(text: str) -> bool:
    r"""Whether this is one address and nothing else: no name, no list, no line break, no quotation marks.

    >>> is_plain_address("sanne@voorbeeld.example")
    True
    >>> wrong = ("Sanne <s@a.example>", "a@a.example, b@b.example", "s@a.example\nBcc: b@b.example")
    >>> [is_plain_address(text) for text in wrong]
    [False, False, False]
    """
    return len(text) <= LONGEST_ADDRESS and _PLAIN.fullmatch(text) is not None


def read_mailbox(text: str) -> Mailbox:
    """The name and address of ``Duin & Dal <service@duinendal.example>``, or of a bare address.

    Raises:
        ValueError: There is not exactly one plain address in it.
    """
    name, address = parseaddr(text)
    if not is_plain_address(address) or not text.isprintable() or text.count("@") != 1:
        raise ValueError("must be one address: Shop <service@shop.example>")
    return Mailbox(name, address)
