"""Some of many. Pure, and without chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def evenly(items: Sequence[Item], most: int) -> Sequence[Item]:
    """At most so many of them, from the beginning to the end at equal distances; all where they are fewer.

    >>> evenly("abcdefghij", 4)
    ['a', 'c', 'f', 'h']
    """
    if len(items) <= most:
        return items
    return [items[place * len(items) // most] for place in range(most)]
