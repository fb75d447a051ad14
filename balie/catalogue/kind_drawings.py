"""Drawings of kinds of products whose category's icon would show something else: a headlamp is no pan. Pure.

The kind is read from the product's names, so that every shop has it: no kind is stored anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

_WORD: Final = re.compile(r"[\w’'-]+")
LONG_SLEEVES: Final = "M18 8c1 5 11 5 12 0l9 5l4 22l-6 2l-4-13v18h-18v-18l-4 13l-6-2l4-22z"

KINDS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (
        frozenset({"tunneltent", "tunnel tent"}),
        "M4 39c0-15 4-25 11-25h20c6 0 9 9 9 25zM15 14c7 0 11 10 11 25M11 39c0-8 1-13 4-13s5 5 5 13M33 14"
        "c3 5 5 14 5 25",
    ),
    (
        frozenset({"slaapzak", "sleeping bag"}),
        "M24 5c7 0 10 5 10 11c0 4 2 6 2 12l-4 15H16l-4-15c0-6 2-8 2-12c0-6 3-11 10-11zM24 9a5 6 0 1 0 0 12"
        "a5 6 0 1 0 0-12M24 21v6M13 30h22M14 37h20",
    ),
    (
        frozenset({"slaapmat", "sleeping mat"}),
        "M13 15a9 9 0 1 0 0 18a9 9 0 1 0 0-18M13 20a4 4 0 1 0 4 4M13 15h22a9 9 0 0 1 0 18H13M23 15"
        "c5 4 5 14 0 18M31 15c5 4 5 14 0 18",
    ),
    (
        frozenset({"kussen", "reiskussen", "pillow"}),
        "M9 12c6 3 24 3 30 0c3 0 4 3 2 5c-2 5-2 9 0 14c2 3 0 5-2 5c-6-3-24-3-30 0c-3 0-4-3-2-5c2-5 2-9 0-14"
        "c-2-3 0-5 2-5zM16 19c4 2 12 2 16 0",
    ),
    (
        frozenset({"brander", "gasbrander", "stove"}),
        "M24 5c6 5 7 10 3 14h-6c-5-4 1-6 3-14M12 22h24M16 22l3 6h10l3-6M20 28v4h8v-4M14 32h20v8c0 2-2 3-4 3"
        "H18c-2 0-4-1-4-3z",
    ),
    (
        frozenset({"drinkfles", "bidon", "bottle", "water bottle"}),
        "M20 5h8v5h-8zM20 10c0 4-5 5-5 10v19c0 2 2 4 4 4h10c2 0 4-2 4-4V20c0-5-5-6-5-10M15 24h18M15 34h18",
    ),
    (
        frozenset({"hoofdlamp", "headlamp"}),
        "M5 15a19 9 0 0 1 38 0v6c-3 4-7 6-11 7M5 15v6c3 4 7 6 11 7M5 15c3 4 7 6 11 6.6M43 15c-3 4-7 6-11 6.6"
        "M16 19h16v14H16zM24 22a4 4 0 1 0 0 8a4 4 0 1 0 0-8M24 38v5M15 37l-3 4M33 37l3 4",
    ),
    (
        frozenset({"batterijen", "batterij", "oplaadbare batterijen", "batteries", "battery"}),
        "M9 14h4v-4h5v4h4v26H9zM26 14h4v-4h5v4h4v26H26zM9 21h13M26 21h13M15.5 27v7"
        "M12 30.5h7M32.5 27v7M29 30.5h7",
    ),
    (
        frozenset({"wandelstokken", "trekking poles", "hiking poles"}),
        "M10 6l4-2l3 8l-4 2zM38 6l-4-2l-3 8l4 2zM15 13l13 30M33 13L20 43M22 39l7-3M26 39l-7-3M10 6"
        "c-4 3-5 7-2 10M38 6c4 3 5 7 2 10",
    ),
    (
        frozenset({"schoenonderhoud", "shoe care", "shoe care set"}),
        "M5 26h31v6H5zM8 32v7M13 32v7M18 32v7M23 32v7M28 32v7M33 32v7M9 26c0-5 3-8 8-8h7c5 0 8 3 8 8M41 6"
        "c3 4 4 6 4 8a4 4 0 0 1-8 0c0-2 1-4 4-8",
    ),
    (
        frozenset({"sokken", "wandelsokken", "hardloopsokken", "socks"}),
        "M22 5h13v19c0 3-1 5-4 7l-9 9c-3 3-8 2-10-1s-1-7 2-9l8-6zM22 11h13M15 30c4 0 7 3 8 8M29 23"
        "c2 1 4 2 6 2",
    ),
    (
        frozenset({"fleecetrui", "trui", "fleece sweater", "sweater"}),
        f"{LONG_SLEEVES}M24 12v11M18 36h12",
    ),
    (
        frozenset({"thermoset", "thermal set"}),
        f"{LONG_SLEEVES}M19 22c2-2 3-2 5 0s3 2 5 0M19 29c2-2 3-2 5 0s3 2 5 0M19 36c2-2 3-2 5 0s3 2 5 0",
    ),
    (
        frozenset({"wandelschoenen", "laarzen", "hiking boots", "walking boots", "boots"}),
        "M11 7h13v13c3 4 9 5 14 8c3 2 4 4 4 8H11zM9 36h34v5H9zM24 12h-5M24 18l-5 1M27 23l-4 3M32 26l-3 3",
    ),
    (
        frozenset({"wandelsandalen", "sandalen", "sandals"}),
        "M23 5c6-1 11 4 11 12c0 6-3 9-3 14c0 7-2 12-7 12s-7-5-7-11c0-5-3-8-2-15c1-7 4-11 8-12zM15 15"
        "c6-2 13 2 18 7M34 14c-6 0-14 3-18 9M17 32h14",
    ),
    (
        frozenset({"klimschoenen", "climbing shoes"}),
        "M9 12c6 0 9 3 11 8c6 4 16 7 21 15c1 4-3 6-8 6c-9 0-13-4-21-3c-5 0-7-4-6-10zM17 17l7-2M21 22l7-3"
        "M26 26l7-3M7 27c5-2 10 1 12 11",
    ),
    (
        frozenset({"fietsverlichting", "fietslamp", "bike light", "bike light set", "bike lights"}),
        "M10 15h14c8 0 12 4 12 9s-4 9-12 9H10c-3 0-5-4-5-9s2-9 5-9zM25 15c-4 5-4 13 0 18M12 33v8h9v-8M40 24h5"
        "M39 16l4-3M39 32l4 3",
    ),
    (
        frozenset({"fietsslot", "slot", "bike lock", "lock"}),
        "M13 23v-7a11 11 0 0 1 22 0v7M18 23v-7a6 6 0 0 1 12 0v7M9 23h30v15c0 2-1 3-3 3H12c-2 0-3-1-3-3z"
        "M24 29a2 2 0 1 0 0 4a2 2 0 1 0 0-4M24 33v4",
    ),
    (
        frozenset({"fietspomp", "bike pump", "pump"}),
        "M13 6h18M22 6v10M18 16h8v23h-8zM11 43h22M22 39v4M26 36c9 0 12-4 12-10c0-5-3-8 1-11M36 12h6",
    ),
    (
        frozenset({"buitenband", "tyre"}),
        "M24 5a19 19 0 1 0 0 38a19 19 0 1 0 0-38M24 12a12 12 0 1 0 0 24a12 12 0 1 0 0-24M24 5v3"
        "M24 40v3M5 24h3"
        "M40 24h3M10.5 10.5l2 2M35.5 35.5l2 2M37.5 10.5l-2 2M12.5 35.5l-2 2",
    ),
    (
        frozenset({"fietsstoeltje", "child bike seat", "child seat"}),
        "M13 5h13c3 0 4 2 5 4l3 17h6v7H17c-3 0-4-2-5-4L9 9c0-2 1-4 4-4zM18 33l-3 9M34 33v9h-8M19 11l4 15"
        "M27 11v15M21 20h7",
    ),
    (
        frozenset({"fietshandschoenen", "handschoenen", "cycling gloves", "gloves"}),
        "M15 43V33c-4-4-9-8-9-12c1-3 4-3 6-1l5 5V11c0-4 5-4 5 0V8c0-4 5-4 5 0v3c0-4 5-4 5 0v4c0-4 5-4 5 0v18"
        "l-2 10zM22 11v10M27 11v10M32 15v7M15 36h21",
    ),
    (
        frozenset({"winterhandschoenen", "wanten", "winter gloves", "mittens"}),
        "M15 43v-9c-4-4-9-8-9-12c0-4 5-4 7-1l5 5V15c0-6 4-10 9-10s10 4 10 10v19l-2 9zM15 36h21"
        "M27 14v10M22 17l10 5M32 17l-10 5",
    ),
    (
        frozenset({"fietsbroek", "korte broek", "cycling shorts", "shorts"}),
        "M12 7h24l4 30H27l-3-15l-3 15H8zM12 13h24M24 13v9M9 32h12M27 32h12",
    ),
    (
        frozenset({"zwembroek", "swim trunks"}),
        "M11 9h26l4 27H27l-3-12l-3 12H7zM11 15h26M24 15v9M24 15l-4 6M24 15l4 6M34 21l5 6M14 21l-5 6",
    ),
    (
        frozenset({"hardlooptight", "running tights", "tights"}),
        "M15 5h18l4 38h-8l-5-24l-5 24h-8zM15 11h18M33 20l-3 16M15 20l3 16",
    ),
    (
        frozenset({"drinkvest", "hydration vest"}),
        "M14 6l5 5h10l5-5l6 9v19c0 4-3 7-7 7H15c-4 0-7-3-7-7V15zM19 11c0 6-2 8-2 14v16M29 11c0 6 2 8 2 14v16"
        "M17 22h14M8 30h9M31 30h9",
    ),
    (
        frozenset({"energiereep", "energierepen", "energy bar", "energy bars"}),
        "M11 15h26v18H11zM11 15l-6-2v22l6-2M37 15l6-2v22l-6-2M17 21h14M17 27h8",
    ),
    (
        frozenset({"badpak", "swimsuit"}),
        "M16 5v9c0 4-4 6-4 11c0 4 2 6 2 10c4 0 7 3 8 8h4c1-5 4-8 8-8c0-4 2-6 2-10c0-5-4-7-4-11V5M16 14"
        "c2 6 14 6 16 0M13 26h22",
    ),
    (
        frozenset({"wetsuit"}),
        "M19 5h10l8 4l4 16l-6 2l-3-9l-1 25h-6l-1-16l-1 16h-6l-1-25l-3 9l-6-2l4-16zM24 5v13M19 12"
        "l-4 6M29 12l4 6",
    ),
    (
        frozenset({"handdoek", "reishanddoek", "towel", "travel towel"}),
        "M5 9h38M10 9v27h28V9M10 16h28M10 30h28M10 36v5M17 36v5M24 36v5M31 36v5M38 36v5",
    ),
    (
        frozenset({"supboard", "sup", "paddle board"}),
        "M18 4c6 6 8 14 8 22c0 8-3 14-8 18c-5-4-8-10-8-18c0-8 2-16 8-22zM18 12v18M14 33h8M38 5v26"
        "M34 5h8M35 31"
        "h6l-1 12h-4z",
    ),
    (
        frozenset({"zwemvest", "reddingsvest", "buoyancy aid", "life jacket"}),
        "M15 5l5 9v28h-9V20c0-6 1-10 4-15zM33 5l-5 9v28h9V20c0-6-1-10-4-15zM20 14c2 3 6 3 8 0M11 25"
        "h26M11 33h26"
        "M22 23h4v4h-4zM22 31h4v4h-4z",
    ),
    (
        frozenset({"waterdichte zak", "dry bag"}),
        "M14 6h20v6H14zM14 12c-4 7-6 13-6 21c0 6 2 10 7 10h18c5 0 7-4 7-10c0-8-2-14-6-21M34 9c6 0 8 5 6 11"
        "M24 22c4 5 5 7 5 9a5 5 0 0 1-10 0c0-2 1-4 5-9",
    ),
    (
        frozenset({"klimgordel", "climbing harness", "harness"}),
        "M7 13c4-6 30-6 34 0v6c-6 4-28 4-34 0zM21 22v9h6v-9M10 21c-3 8-3 14 0 18c4 4 10 2 11-4v-4M38 21"
        "c3 8 3 14 0 18c-4 4-10 2-11-4v-4M20 13h8v6h-8z",
    ),
    (
        frozenset({"klimtouw", "climbing rope", "rope"}),
        "M15 7c-9 5-9 29 0 34M20 7c-8 5-8 29 0 34M33 7c9 5 9 29 0 34M28 7c8 5 8 29 0 34M15 7c4-3 14-3 18 0"
        "M15 41c4 3 14 3 18 0M17 19h14v4H17zM17 23h14v4H17zM17 27h14v4H17z",
    ),
    (
        frozenset({"zekerapparaat", "belay device"}),
        "M12 14c0-5 5-8 12-8s12 3 12 8v15c0 7-5 13-12 13s-12-6-12-13zM18 13a3 3 0 0 1 3 3v9a3 3 0 0 1-6 0v-9"
        "a3 3 0 0 1 3-3M30 13a3 3 0 0 1 3 3v9a3 3 0 0 1-6 0v-9a3 3 0 0 1 3-3M24 32a3 3 0 1 0 0 6"
        "a3 3 0 1 0 0-6",
    ),
    (
        frozenset({"pofzak", "magnesiumzak", "chalk bag"}),
        "M11 14c0-4 26-4 26 0s-26 4-26 0l-2 21c0 5 5 8 15 8s15-3 15-8l-2-21M20 11c0-8 8-8 8 0M10 32h28"
        "M20 22l4 4l4-4",
    ),
    (
        frozenset({"skibril", "ski goggles"}),
        "M6 18c0-5 3-7 8-7h20c5 0 8 2 8 7v8c0 6-4 10-9 10c-4 0-5-5-9-5s-5 5-9 5c-5 0-9-4-9-10zM12 18"
        "c5-2 10-2 14-1M6 19H2v7h4M42 19h4v7h-4",
    ),
    (
        frozenset({"muts", "beanie", "hat"}),
        "M9 31c0-13 6-19 15-19s15 6 15 19M6 31h36v9H6zM24 5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7"
        "M14 31v9M24 31v9"
        "M34 31v9M24 16v11M17 20v7M31 20v7",
    ),
    (
        frozenset({"schaatsen", "ice skates", "skates"}),
        "M12 5h12v13c3 3 9 4 13 7c2 2 3 4 3 8H11zM16 33v7M33 33v7M7 40h33c3 0 4-1 5-4M24 11h-5M25 17l-5 2"
        "M30 21l-3 4",
    ),
    (
        frozenset({"yogamat", "yoga mat"}),
        "M14 18a11 11 0 1 0 0 22h30v-4H25M14 18a11 11 0 0 1 11 11a7 7 0 0 1-14 0a4 4 0 0 1 7 0M30 36"
        "v-2M37 36v-2",
    ),
    (
        frozenset({"weerstandsbanden", "resistance bands"}),
        "M6 6h10M32 6h10M11 6v9M37 6v9M9 15c0 34 30 34 30 0M13 15c0 27 22 27 22 0M9 15h4M35 15h4",
    ),
    (
        frozenset({"donsjas", "down jacket"}),
        f"{LONG_SLEEVES}M18 8c-2-7 14-7 12 0M24 12v30M15 21h18M15 28h18M15 35h18",
    ),
)
"""Words that name a kind, in lower case, and its drawing on a field of 48 × 48."""


def find_drawing(names: Mapping[str, str]) -> str | None:
    """The drawing of a product's kind; None when its names speak of none of ours.

    Args:
        names: What it is called, per language.

    >>> find_drawing({"en": "Kampvuur Torsa headlamp"}) == find_drawing({"nl": "Kampvuur Torsa hoofdlamp"})
    True
    >>> find_drawing({"en": "Fjellvik Halde dome tent"}) is None
    True
    """
    said = [f" {' '.join(_WORD.findall(name.lower()))} " for name in names.values()]
    found = max(_spoken_of(said), default=None)
    return None if found is None else found[1]


def _spoken_of(said: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Every drawing whose words stand in a name, with how many letters they have: the longest say it best."""
    for words, drawing in KINDS:
        for word in words:
            if any(f" {word} " in name for name in said):
                yield len(word), drawing
