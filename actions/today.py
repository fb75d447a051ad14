"""The shop's present day, handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

Today = Callable[[], date]
