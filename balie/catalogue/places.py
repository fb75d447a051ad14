"""Rules that find out where a customer is, and how far a store is from there. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from balie.catalogue.place_tables import BELGIAN_POSTCODES, CITIES, DUTCH_POSTCODES, Point
from balie.catalogue.words import normalise_words

CITY_SIMILARITY: Final = 85
"""Of 100; lets "Amersfort" and "utrect" through and keeps Almelo and Almere apart."""

_EARTH_RADIUS_KM: Final = 6371.0
_POSTCODE = re.compile(r"(?<!\d)(?P<digits>[1-9]\d{3})(?!\d)\s?(?P<letters>[A-Za-z]{2}\b)?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a customer says they are.

    Attributes:
        text: A postcode or city, or a sentence that names one.
        country: Whose postcodes four digits without letters are: ``NL`` or ``BE``.
    """

    text: str
    country: str = "NL"


def locate(place: Place, *, extra_places: Mapping[str, Point] | None = None) -> Point | None:
    """Where a place lies.

    Args:
        place: ``3811BK``, ``2000``, ``Den Haag``, ``de winkel in utrecht``.
        extra_places: Places to know besides the table, such as the cities of the stores.

    Returns:
        Latitude and longitude, or None when no place is recognised.
    """
    found = _locate_postcode(place)
    if found is not None:
        return found
    places = {" ".join(normalise_words(name)): point for name, point in _all_places(extra_places)}
    name = _best_name(normalise_words(place.text), places)
    return None if name is None else places[name]


def distance_km(here: Point, there: Point) -> float:
    """Distance as the crow flies.

    >>> round(distance_km((52.09, 5.12), (52.37, 4.90)))
    35
    """
    phi_1, phi_2 = math.radians(here[0]), math.radians(there[0])
    half_phi = (phi_2 - phi_1) / 2
    half_lambda = math.radians(there[1] - here[1]) / 2
    inner = math.sin(half_phi) ** 2 + math.cos(phi_1) * math.cos(phi_2) * math.sin(half_lambda) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(inner))


def _locate_postcode(place: Place) -> Point | None:
    found = _POSTCODE.search(place.text)
    if found is None:
        return None
    belgian = place.country == "BE" and found["letters"] is None
    table = BELGIAN_POSTCODES if belgian else DUTCH_POSTCODES
    digits = found["digits"]
    return table.get(digits[:3]) or table.get(digits[:2])


def _all_places(extra_places: Mapping[str, Point] | None) -> Iterable[tuple[str, Point]]:
    yield from CITIES.items()
    yield from (extra_places or {}).items()


def _best_name(words: list[str], places: Mapping[str, Point]) -> str | None:
    """The place whose name resembles one to four successive words most; of equals the longest."""
    names = list(places)
    found = [
        (match[1], len(phrase), match[0])
        for phrase in _phrases(words, longest=4)
        if (match := process.extractOne(phrase, names, scorer=fuzz.ratio, score_cutoff=_cutoff(phrase)))
    ]
    return max(found)[2] if found else None


def _phrases(words: list[str], *, longest: int) -> Iterable[str]:
    for length in range(1, longest + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _cutoff(phrase: str) -> int:
    # Among short names one wrong letter is another word: "eden" is not Ede.
    return 100 if len(phrase) < 5 else CITY_SIMILARITY
