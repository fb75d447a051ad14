"""What comes of an errand: an offer to confirm, then done or refused. Plain values, as JSON can hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from pydantic import TypeAdapter

from balie.errands.kinds import Obstacle

Facts: TypeAlias = Mapping[str, Any]
"""What a reply may name: texts, numbers, ISO days, minor units, names per language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandOffer:
    """What would be done. Nothing has changed yet.

    Attributes:
        offer_id: Goes back with the confirmation, which is refused when anything of this has changed.
    """

    offer_id: str
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandDone:
    """It is done, once.

    Attributes:
        repeated: Whether it was done before, under the same key, and nothing happened now.
    """

    facts: Facts
    repeated: bool = False
    kind: Literal["done"] = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandRefused:
    """It is not done, and nothing has changed.

    Attributes:
        instead: The intent that helps instead; None when none does.
    """

    obstacle: Obstacle
    instead: str | None = None
    facts: Facts = field(default_factory=dict)
    repeated: bool = False
    kind: Literal["refused"] = "refused"


ErrandOutcome: TypeAlias = ErrandDone | ErrandRefused

_OUTCOME: Final[TypeAdapter[ErrandOutcome]] = TypeAdapter(ErrandOutcome)


def outcome_document(outcome: ErrandOutcome) -> dict[str, Any]:
    """The outcome as JSON can hold it."""
    document: dict[str, Any] = _OUTCOME.dump_python(outcome, mode="json")
    return document


def read_outcome(document: dict[str, Any]) -> ErrandOutcome:
    """The outcome that :func:`outcome_document` wrote."""
    return _OUTCOME.validate_python(document)
