"""Reads the body of a webhook as one of the events that are described."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

Event = TypeVar("Event")


def read_event(
    events: TypeAdapter[Event], content: bytes | dict[str, Any], invalid: Callable[[str], Exception]
) -> Event:
    """An event, from a body or as it was stored.

    Args:
        events: What it may be.
        content: The body, or what was kept of it.
        invalid: Makes the error, of the places where it is wrong; nothing is quoted.

    Raises:
        Exception: What ``invalid`` makes: it is none of them.
    """
    try:
        if isinstance(content, bytes):
            return events.validate_json(content)
        return events.validate_python(content)
    except ValidationError as error:
        places = {".".join(map(str, problem["loc"])) or problem["type"] for problem in error.errors()}
        raise invalid(", ".join(sorted(places))) from None
