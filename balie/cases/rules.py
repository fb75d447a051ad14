"""Numbers of cases. Pure."""

from __future__ import annotations

from typing import Final

FIRST_NUMBER: Final = 100_000
"""So that all numbers are equally long and the first customer does not read that they are the first."""

_PREFIX: Final = "CS"


def case_number(row_id: int) -> str:
    """What the customer is told, and may quote.

    >>> case_number(1)
    'CS100001'
    """
    return f"{_PREFIX}{FIRST_NUMBER + row_id}"
