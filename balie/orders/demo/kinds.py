"""The kinds of product the demo shop sells, read from ``tables/kinds_*.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import tomllib

from balie.catalogue.kinds import DeliveryKind

_FOLDER: Final = Path(__file__).with_name("tables")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something customers ask about, with the values it may have; texts per language."""

    label: dict[str, str]
    values: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductKind:
    """A kind of product, of which the shop sells ``count``.

    Attributes:
        name: What it is, per language.
        pitch: What it is for; ends a sentence.
        interest: The sort of customer who buys it.
        euros: Cheapest and dearest.
        brands: Which of ``vocabulary.BRANDS`` make it; ``sizes``, ``colours`` and ``season`` likewise.
        popularity: How often it is bought; 1.0 is average.
        returns: Share of pieces that come back.
        gendered: Whether there is one for women, one for men.
        facts: Written ``gewicht/weight: 1,9 kg; 2,4 kg``, with ``nl~en`` where values differ.
        goes_with: Kinds bought in the same basket, and how often.
    """

    code: str
    category: str
    interest: str
    name: dict[str, str]
    pitch: dict[str, str]
    count: int
    euros: tuple[int, int]
    brands: str
    sizes: str = "one"
    colours: str = "none"
    season: str = "all"
    popularity: float = 1.0
    returns: float = 0.04
    gendered: bool = False
    delivery: DeliveryKind = DeliveryKind.PARCEL
    facts: tuple[Fact, ...] = ()
    goes_with: tuple[tuple[str, float], ...] = ()


@cache
def load_kinds() -> tuple[ProductKind, ...]:
    """Every kind, in the order of the files."""
    tables = (
        tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("kinds_*.toml"))
    )
    return tuple(_kind(entry) for table in tables for entry in table["kind"])


def _kind(entry: dict[str, Any]) -> ProductKind:
    low, high = entry["euros"]
    read: dict[str, Any] = {
        "euros": (low, high),
        "delivery": DeliveryKind(entry.get("delivery", DeliveryKind.PARCEL)),
        "facts": tuple(_fact(line) for line in entry.get("facts", ())),
        "goes_with": tuple(entry.get("goes_with", {}).items()),
    }
    return ProductKind(**(entry | read))


def _fact(line: str) -> Fact:
    label, _, values = line.partition(": ")
    dutch, _, english = label.partition("/")
    return Fact({"nl": dutch, "en": english}, tuple(_value(value.strip()) for value in values.split(";")))


def _value(text: str) -> dict[str, str]:
    dutch, _, english = text.partition("~")
    return {"nl": dutch, "en": english or _DECIMAL_COMMA.sub(".", dutch)}
