"""The one error tree of the service: a stable code, a kind, facts as attributes, text for people.

Edges translate kinds (HTTP status, websocket event, a plain sentence in a channel); nobody else does.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar


class ErrorKind(Enum):
    """What went wrong, in the ways an edge has to tell apart."""

    UNAUTHENTICATED = "unauthenticated"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"


class BalieError(Exception):
    """Root of every error that Balie raises on purpose.

    Attributes:
        code: Stable word for programs; never changes once published.
        kind: Decides how an edge presents it.
        data: Facts for programs, as JSON can hold them; nothing personal. None when there are none.
    """

    code: ClassVar[str] = "error"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID
    data: Mapping[str, Any] | None = None


def place_of(error: Exception) -> str:
    """What kind of error it was, and where; not what it says."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}, line {last.lineno} of {Path(last.filename).name}"
