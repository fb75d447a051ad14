"""The numbers that keep baskets and guesses within bounds."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

MOST_PIECES: Final = 99
"""Of one variant; whoever needs more is helped by a person."""

MOST_LINES: Final = 100
"""Different variants in one basket."""

WRONG_CODES_ALLOWED: Final = 10
WRONG_CODES_WINDOW: Final = timedelta(hours=1)
"""So many wrong codes a conversation may try, counted from the first one for this long."""

LONGEST_CODE: Final = 40

STRANGERS_BASKETS_KEPT: Final = timedelta(days=30)
"""As long as a browser may come back to its conversation."""
ATTEMPTS_KEPT: Final = timedelta(days=1)
"""Counts of wrong codes are kept longer than they count."""
