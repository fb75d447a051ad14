"""Links to our own pages and papers, where they are read elsewhere than on our pages. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from balie.conversations.views import VisibleButton


def from_outside(address: str, public_url: str) -> str:
    """The address of a link: a path of ours means something on our own pages only.

    Args:
        address: An address, or a path of ours.
        public_url: How customers reach us, without a slash at the end.

    >>> from_outside("/products/DD-1", "https://balie.shop.example")
    'https://balie.shop.example/products/DD-1'
    >>> from_outside("https://shop.example/tent", "https://balie.shop.example")
    'https://shop.example/tent'
    """
    return f"{public_url}{address}" if address.startswith("/") else address


def buttons_from_outside(buttons: Sequence[VisibleButton], public_url: str) -> list[VisibleButton]:
    """The buttons, with links that lead to us from anywhere."""
    return [
        button if button.url is None else replace(button, url=from_outside(button.url, public_url))
        for button in buttons
    ]
