"""Reads an address out of a sentence, as people in the countries around us write it.

The postcode is found first: what stands before it is the street, what follows is the city (in Britain both
stand before it). Whatever cannot be read is None, and the customer is asked again; what was read is shown
before anything is sent there. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from babel import Locale

from balie.catalogue.words import normalise_words
from balie.orders.addresses import tidy_address
from balie.orders.changes_asked import DeliveryAddress

_GB: Final = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)
_NL: Final = re.compile(r"\b[1-9]\d{3}\s?(?:[A-Z]{2}|[a-z]{2})\b(?!-)")
_FOUR: Final = re.compile(r"\b(?:(?:B|BE|L|LU)-?\s?)?[1-9]\d{3}\b(?=[\s,]+\D)", re.IGNORECASE)
_FIVE: Final = re.compile(r"\b(?:(?:F|FR|D|DE)-?\s?)?\d{5}\b(?=[\s,]+\D)", re.IGNORECASE)
_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "NL": _NL, "GB": _GB, "BE": _FOUR, "LU": _FOUR, "FR": _FIVE, "DE": _FIVE,
}  # fmt: skip
_LETTERS: Final[Mapping[str, str]] = {"B": "BE", "BE": "BE", "L": "LU", "LU": "LU", "F": "FR", "FR": "FR",
                                      "D": "DE", "DE": "DE"}  # fmt: skip
_GUESSES: Final = ("NL", "GB", "FR", "BE")
"""Tried in this order when the country is neither named nor the usual one."""

_NUMBER_FIRST: Final = re.compile(r"(?P<number>\d+\s?(?:bis|ter|quater|[A-Za-z])?)[\s,]+(?P<street>\D.*)")
_STREET_FIRST: Final = re.compile(r"(?P<street>\D*[^\d\s,])[\s,]+(?P<number>\d.{0,15})")
_LEAD: Final = re.compile(
    r".*(?:[:：]|\b(?:naar|wordt|is|worden|op|in|to|at|become|adres|address|adresse|est|vers|au)\b)[\s:]+(?=\S)",
    re.IGNORECASE | re.DOTALL,
)
_VERB: Final = re.compile(
    r"^(?:voeg|zet|sla|bewaar|gebruik|noteer|add|save|put|store|use)\s+(?=\S)", re.IGNORECASE
)
_REST: Final = re.compile(
    r"\s+(?:(?:toe|erbij|erin|graag|aub|alsjeblieft|please|too)\b.*"
    r"|(?:aan|op|in|to|as|on)\s+(?:mijn|m'n|my|een|an?|the|well)\b.*|op|bij|neer|aan|in)$",
    re.IGNORECASE,
)
"""What belongs to the verb and not to the city: "voeg … toe"."""
_SHORT_NAMES: Final = {
    "nl": "NL", "holland": "NL", "uk": "GB", "gb": "GB", "england": "GB", "engeland": "GB",
    "scotland": "GB", "wales": "GB",
}  # fmt: skip


def read_address(text: str, *, country: str) -> DeliveryAddress | None:
    """The address in a text, in the form in which it is stored; None when there is none to be read.

    Args:
        text: What the customer typed, with whatever words around it.
        country: Where it is when the text does not say, as ISO 3166 code.

    >>> read_address("Stuur maar naar Kerkstraat 5-a, 1012 ab Amsterdam", country="NL").postcode
    '1012AB'
    >>> found = read_address("12 bis rue de la Paix, 75002 Paris", country="FR")
    >>> found.street, found.house_number, found.city
    ('rue de la Paix', '12 bis', 'Paris')
    """
    flat = re.sub(r"\s*[\r\n]+\s*", ", ", text.strip())
    bare, named = _without_country(flat)
    for code in _countries_to_try(named, country):
        # Luxembourg is a city too: then the whole text is tried.
        found = _read(bare, code) or (_read(flat, code) if named is not None else None)
        if found is not None:
            return found
    return _somewhere_else(bare, named)


def _somewhere_else(text: str, named: str | None) -> DeliveryAddress | None:
    """An address in a country whose addresses are not known here: enough for the policy to refuse it."""
    if named is None or named in _FORMS or not any(character.isdigit() for character in text):
        return None
    return DeliveryAddress(street=text, house_number="", postcode="", city="", country=named)


def _countries_to_try(named: str | None, usual: str) -> list[str]:
    # A postcode with letters says by itself where it is, whatever is usual.
    if named is not None:
        return [named]
    own = ["NL", "GB"] if usual in {"NL", "GB"} else [usual]
    return list(dict.fromkeys([*own, *_GUESSES, usual]))


def _read(text: str, country: str) -> DeliveryAddress | None:
    form = _FORMS.get(country)
    matches = [] if form is None else list(form.finditer(text))
    if not matches:
        return None
    match = matches[-1]
    before, after = text[: match.start()], text[match.end() :]
    parts = [part.strip() for part in before.split(",") if part.strip()]
    city = _REST.sub("", after.strip(" ,.").split(",")[0].strip(" ."))
    if country == "GB":
        city, parts = (parts[-1], parts[:-1]) if len(parts) > 1 else (city, parts)
    street = _street_of(parts)
    if street is None:
        return None
    prefix = re.match(r"[A-Z]+(?=-|\s|\d)", match.group(), re.IGNORECASE)
    is_prefixed = prefix is not None and country not in {"GB", "NL"}
    code = _LETTERS.get(prefix.group().upper(), country) if is_prefixed and prefix else country
    postcode = re.sub(r"^[A-Za-z]+-?\s?", "", match.group()) if is_prefixed else match.group()
    return tidy_address(
        DeliveryAddress(street=street[0], house_number=street[1], postcode=postcode, city=city, country=code)
    )


def _street_of(parts: list[str]) -> tuple[str, str] | None:
    """Street and house number out of what stands before the postcode, words of the sentence taken off."""
    if not parts:
        return None
    # "12, rue de la Gare": the number stands by itself.
    joined = " ".join(parts[-2:]) if len(parts) > 1 and re.fullmatch(r".*\b\d+\w?", parts[-2]) else parts[-1]
    joined = _VERB.sub("", joined)
    for written in (_LEAD.sub("", joined), joined):
        for form in (_NUMBER_FIRST, _STREET_FIRST):
            match = form.fullmatch(written.strip())
            if match is not None:
                return match["street"].strip(" ,"), match["number"].strip(" ,")
    return None


def _without_country(text: str) -> tuple[str, str | None]:
    """The text without the country at its end, and the country's code."""
    bare = text.rstrip(" .")
    for count in (3, 2, 1):
        match = re.search(rf"(?:[,\s]+)((?:[^\s,]+\s+){{{count - 1}}}[^\s,]+)$", bare)
        code = None if match is None else _country_names().get(" ".join(normalise_words(match.group(1))))
        if match is not None and code is not None:
            return bare[: match.start()], code
    return text, None


@cache
def _country_names() -> Mapping[str, str]:
    """Countries by every name that customers may write."""
    names = dict(_SHORT_NAMES)
    for language in ("nl", "en", "fr", "de"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names[" ".join(normalise_words(name))] = code
    return names
