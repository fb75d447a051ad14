"""Rules of the proof with which somebody shows that an order is theirs. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from balie.customers.contact import normalise_email, normalise_postcode

MAX_POSTCODES_PER_TRY: Final = 3
"""A message that lists more is guessing."""

_EMAIL = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+\.[^\s@<>(),;:\".!?]+")
_POSTCODES = (
    re.compile(r"\b[1-9]\d{3}\s?[A-Za-z]{2}\b"),  # NL
    re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2}\b"),  # GB
    re.compile(r"(?<![\w-])(?:[A-Za-z]{1,2}-)?\d{4,5}\b"),  # BE, LU, DE, FR
)
_BARE_NUMBER = re.compile(r"\d{7}")


class ProofKind(StrEnum):
    """What showed that the order is theirs."""

    EMAIL = "email"
    POSTCODE = "postcode"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a text offers as proof, in the form in which it is compared; nothing found is empty."""

    emails: tuple[str, ...]
    postcodes: tuple[str, ...]


def read_proof(text: str) -> Proof:
    """Find the e-mail address or postcode in what somebody wrote, sentence around it or not.

    >>> read_proof("mijn postcode is 3811 bk").postcodes
    ('3811BK', '3811')
    """
    emails = tuple(normalise_email(found) for found in _EMAIL.findall(text)[:1])
    if emails:
        return Proof(emails, ())
    found = (normalise_postcode(match) for pattern in _POSTCODES for match in pattern.findall(text))
    return Proof((), tuple(dict.fromkeys(found))[:MAX_POSTCODES_PER_TRY])


def check_proof(proof: Proof, *, emails: Collection[str], postcodes: Collection[str]) -> ProofKind | None:
    """What of the proof is right, given what is stored; None when nothing is."""
    if any(email in emails for email in proof.emails):
        return ProofKind.EMAIL
    if any(postcode in postcodes for postcode in proof.postcodes):
        return ProofKind.POSTCODE
    return None


def order_number_candidates(text: str) -> tuple[str, ...]:
    """The stored forms that a written order number may have, best first.

    >>> order_number_candidates("dd-1048213")
    ('DD-1048213', 'DD1048213')
    >>> order_number_candidates("1048213")
    ('1048213', 'DD1048213')
    """
    written = text.strip().lstrip("#").strip().upper()
    compact = re.sub(r"[\s.-]", "", written)
    prefixed = (f"DD{compact}",) if _BARE_NUMBER.fullmatch(compact) else ()
    return tuple(dict.fromkeys((written, compact, *prefixed)))
