"""What comes of something that is asked for. Plain values; a refusal is an answer, not an error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeAlias

from pydantic import TypeAdapter

from balie.baskets.kinds import Reason
from balie.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """It may be done."""

    kind: Literal["allowed"] = "allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It is not done, and nothing has changed.

    Attributes:
        missing: What the goods cost too little, where there is a minimum.
        minimum: That minimum.
        on: The last day it would have been possible, or the first day it will be.
        at_most: How many pieces would be possible, where that is the trouble; 0 when none.
        other_code: The code that is there already and does not go together with this one.
        repeated: Whether this was already said, under the same key.
    """

    reason: Reason
    missing: Money | None = None
    minimum: Money | None = None
    on: date | None = None
    at_most: int | None = None
    other_code: str | None = None
    repeated: bool = False
    kind: Literal["refused"] = "refused"


Verdict: TypeAlias = Allowed | Refused

_VERDICT: Final[TypeAdapter[Verdict]] = TypeAdapter(Verdict)


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON can hold it."""
    document: dict[str, Any] = _VERDICT.dump_python(verdict, mode="json")
    return document


def read_verdict(document: dict[str, Any]) -> Verdict:
    """The verdict that :func:`verdict_document` wrote."""
    return _VERDICT.validate_python(document)
