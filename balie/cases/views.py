"""What other features may know of a case. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from balie.cases.kinds import CaseKind, CaseState, Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case to be opened.

    Attributes:
        customer_id: None while nobody has shown who they are.
        promised_by: The last day on which the customer is to hear from us.
        wants_person: Whether a person has to decide.
        story: In the customer's own words; None where they only chose.
    """

    kind: CaseKind
    customer_id: int | None
    conversation_id: UUID
    message_id: UUID
    promised_by: date
    order_id: int | None = None
    wants_person: bool = False
    remedy: Remedy | None = None
    story: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as it stands.

    Attributes:
        story: In the customer's own words.
        is_overdue: Whether the promised day has passed and the customer has not heard from us.
    """

    number: str
    kind: CaseKind
    state: CaseState
    opened_at: datetime
    promised_by: date
    wants_person: bool
    remedy: Remedy | None
    story: str | None
    is_overdue: bool
