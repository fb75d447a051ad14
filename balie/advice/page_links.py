"""Where a card leads: the product's page, with the key by which it can tell that it was followed. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit, urlunsplit

PARAMETER: Final = "balie"
"""What the key is called in the address of a page."""


def link_with_key(page_url: str, key: str) -> str | None:
    """The address of a page, with the key of the exposure that leads there; None where it is no address.

    >>> link_with_key("https://shop.example/tent?size=2#facts", "0a1b")
    'https://shop.example/tent?size=2&balie=0a1b#facts'
    >>> link_with_key("/products/DD-1", "0a1b")
    '/products/DD-1?balie=0a1b'
    """
    try:
        parts = urlsplit(page_url)
    except ValueError:
        return None
    query = f"{parts.query}&{PARAMETER}={key}" if parts.query else f"{PARAMETER}={key}"
    return urlunsplit(parts._replace(query=query))
