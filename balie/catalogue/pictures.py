"""Drawings of products without a picture of their own: an icon of the kind or category, in its own colour.

Pure. Nothing of the product stands in the drawing: it can be cached by everybody for as long as they like.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

from balie.catalogue.kind_drawings import LONG_SLEEVES, find_drawing

WIDTH: Final = 320
HEIGHT: Final = 240
_HUES: Final = 24
"""So many that two cards beside each other seldom look alike, so few that none looks muddy."""

_WHEELS: Final = "M6 31a7 7 0 1 0 14 0a7 7 0 1 0-14 0M28 31a7 7 0 1 0 14 0a7 7 0 1 0-14 0"
_BICYCLE: Final = f"{_WHEELS}M13 31l6-13h12l4 13M19 18l6 13l6-13M16 13h6M31 18l-2-6h5M13 31h12"
_SHIRT: Final = "M16 8l8 4l8-4l9 7l-5 7l-4-3v21H16V19l-4 3l-5-7z"
_BOX: Final = "M8 16l16-8l16 8v17l-16 8l-16-8zM8 16l16 8l16-8M24 24v17"

ICONS: Final[Mapping[str, str]] = {
    "bikes": _BICYCLE,
    "e_bikes": f"{_BICYCLE}M26 3l-5 6h5l-3 5",
    "helmets": "M7 28c0-11 8-18 17-18s17 7 17 18zM7 28h34v4H7zM19 11c-2 5-3 11-3 17M29 11c2 5 3 11 3 17"
    "M14 32l4 9",
    "bike_bags": "M10 18h28v22H10zM10 18l3-6h22l3 6M10 26h28M20 12V8h8v4M24 26v5",
    "bike_parts": "M30 8a9 9 0 0 0-9 12L8 33a4 4 0 0 0 6 6l13-13a9 9 0 0 0 12-9l-6 5-6-2-2-6z",
    "cycling_clothes": f"{_SHIRT}M24 12v10M18 34h12",
    "tents": "M24 8L5 40h38zM24 8v10M24 18l-9 22M24 18l9 22M24 8l-3-3M24 8l3-3",
    "sleeping": "M7 34c0-6 4-8 9-8h20c4 0 6 3 6 6v4H7zM7 38h35M14 26v-4h9v4M31 18h6l-6-7h6M25 12h4l-4-5h4",
    "camp_kitchen": "M9 20h26v14c0 4-3 6-6 6H15c-3 0-6-2-6-6zM35 23h8M9 20h26M16 14c-2-3 2-4 0-8"
    "M24 14c-2-3 2-4 0-8",
    "backpacks": "M13 20c0-7 4-11 11-11s11 4 11 11v20H13zM19 9V6h10v3M17 28h14v8H17zM13 26H9v11h4"
    "M35 26h4v11h-4",
    "hiking_gear": "M4 40l14-24l8 13l4-6l14 17zM14 23l4 4l4-4M36 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8",
    "jackets": f"{LONG_SLEEVES}M18 8c-2-7 14-7 12 0M24 12v30M18 33v5M30 33v5",
    "trousers": "M14 7h20l4 34h-9l-5-22l-5 22h-9zM14 13h20M24 13v6",
    "base_layers": f"{_SHIRT}M18 9c2 4 10 4 12 0",
    "shoes": "M6 22c4 3 9 2 11-3l12 9c6 2 12 2 13 8H6zM6 40h36v-4M20 22l-2 3M24 25l-2 3",
    "running_clothes": f"{_SHIRT}M16 26l16-6",
    "running_gear": "M24 13a11 11 0 1 0 0 22a11 11 0 1 0 0-22M19 14l1-9h8l1 9M19 34l1 9h8l1-9M24 18v6l4 3",
    "nutrition": "M12 12l4-4l3 3l3-3l3 3l3-3l3 3l3-3l2 4v26l-3 4l-3-3l-3 3l-3-3l-3 3l-3-3l-3 3l-3-3zM18 20h12"
    "M18 27h12",
    "swimwear": "M6 22c0-4 3-6 8-6s8 2 8 6s-3 7-8 7s-8-3-8-7M26 22c0-4 3-6 8-6s8 2 8 6s-3 7-8 7s-8-3-8-7"
    "M22 21h4M4 38c4-4 6-4 10 0s6 4 10 0s6-4 10 0s6 4 10 0",
    "water_sports": "M24 6v24M24 8l14 20H24M24 12L12 28h12M7 32h34l-5 7H12z",
    "climbing": "M17 8h13c6 0 9 4 8 10l-3 14c-1 6-5 9-11 9c-7 0-11-4-11-11V12c0-2 2-4 4-4zM13 20v6"
    "M18 13h11c3 0 5 2 4 5l-3 13",
    "winter_sports": "M24 5v38M8 14l32 20M40 14L8 34M19 8l5 5l5-5M19 40l5-5l5 5M9 21l6-2l-1-6M39 27l-6 2l1 6",
    "fitness": "M5 20v8M10 15v18M15 12v24M33 12v24M38 15v18M43 20v8M15 24h18",
}
"""By category, on a field of 48 × 48; drawn as lines. Categories of other shops get a parcel."""


def draw_picture(category: str, sku: str, names: Mapping[str, str]) -> str:
    """The drawing as SVG: of the kind that the names speak of, else of the category, else a parcel.

    >>> draw_picture("tents", "DD-1", {"en": "Halde dome tent"}).startswith("<svg ")
    True
    """
    icon = find_drawing(names) or ICONS.get(category, _BOX)
    hue = blake2b(sku.encode(), digest_size=1).digest()[0] % _HUES * (360 // _HUES)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="hsl({hue},42%,91%)"/>'
        f'<circle cx="160" cy="120" r="92" fill="hsl({hue},45%,84%)"/>'
        f'<path transform="translate(88 48) scale(3)" d="{icon}" fill="none" '
        f'stroke="hsl({hue},48%,28%)" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>'
        "</svg>"
    )
