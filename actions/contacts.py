"""A name, telephone number or e-mail address in a sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import phonenumbers

from actions.names import find_name
from balie.orders.identification import read_proof


class Field(StrEnum):
    """What an account says of somebody."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What a text says of one field; None for what it does not say."""

    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    email: str | None = None


_INSTEAD: Final = re.compile(
    r"(?:in\s+plaats\s+van|ipv|i\.p\.v\.|instead\s+of|rather\s+than)\b", re.IGNORECASE
)
_BECOMES: Final = re.compile(
    r"\b(?:naar|wordt|worden|moet|is\s+nu|to|into|becomes|is\s+now|should\s+be|and\s+not|en\s+niet)\b",
    re.IGNORECASE,
)


def find_contact(field: Field, text: str, *, country: str, is_asked: bool = True) -> Contact | None:
    """What a text says of a field, a number in its international form; None when it says nothing of it.

    Where it names an old one and a new one, the new one is meant.

    Args:
        field: What is looked for.
        text: What was typed, with whatever words around it.
        country: Of a number without its country code, as ISO 3166 code.
        is_asked: Whether it was asked for; any few words could be a name.

    >>> find_contact(Field.PHONE, "mijn nummer is nu 06 12 34 56 78", country="NL").phone
    '+31612345678'
    >>> find_contact(Field.EMAIL, "van jan@oud.example naar Jan@Nieuw.example.", country="NL").email
    'jan@nieuw.example'
    """
    match field:
        case Field.EMAIL:
            emails = (read_proof(part).emails for part in _likely_parts(text))
            found = next(filter(None, emails), None)
            return None if found is None else Contact(email=found[0])
        case Field.PHONE:
            numbers = (_phone(part, country) for part in _likely_parts(text))
            phone = next(filter(None, numbers), None)
            return None if phone is None else Contact(phone=phone)
        case Field.NAME:
            name = find_name(text, is_asked=is_asked)
            return None if name is None else Contact(first_name=name.first, last_name=name.last)


def find_field(text: str, *, country: str) -> Field | None:
    """Which field a text is about by what stands in it; None when nothing tells."""
    fields = (Field.EMAIL, Field.PHONE)
    return next((field for field in fields if find_contact(field, text, country=country) is not None), None)


def _likely_parts(text: str) -> Iterator[str]:
    """Where the new one stands, most likely first: after "to", before "instead of", anywhere."""
    kept = _INSTEAD.split(text, maxsplit=1)[0]
    becomes = _BECOMES.search(kept)
    if becomes is not None:
        yield kept[becomes.end() :]
    yield kept
    yield text


def _phone(text: str, country: str) -> str | None:
    found = {
        str(phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164))
        for match in phonenumbers.PhoneNumberMatcher(text, country)
    }
    return found.pop() if len(found) == 1 else None
