"""What comes of a change that is asked for: an offer to confirm, then done or refused. Plain values.

A refusal is an answer, not an error; what was answered once is kept and answered again (``change_keys``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeAlias

from pydantic import TypeAdapter

from balie.kernel.money import Money
from balie.orders.kinds import Undertaking
from balie.orders.policy_facts import Alternative, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What a change means in money and days; what a confirmation has to name.

    Attributes:
        total: What the order costs afterwards.
        refund: What goes back to the customer; None when nothing does.
        refund_by: The last day on which the customer should see it; None while it waits for a return.
        to_pay: What the customer has still to pay; None when nothing.
        fee: What is kept of the refund; None when nothing.
        send_by: The last day of the return label.
        pick_up_on: The day on which the carrier comes for a return; None when nobody does.
        reserved_until: How long the other variant of an exchange is kept aside.
        promised_by: The last day on which the customer is to hear of a case; None when none is opened.
        wants_person: Whether a person decides what happens.
    """

    total: Money
    refund: Money | None = None
    refund_by: date | None = None
    to_pay: Money | None = None
    fee: Money | None = None
    send_by: date | None = None
    pick_up_on: date | None = None
    reserved_until: date | None = None
    promised_by: date | None = None
    wants_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What would be done. Nothing has changed yet.

    Attributes:
        offer_id: Goes back with the confirmation, which is refused when anything of this has changed.
    """

    undertaking: Undertaking
    order_number: str
    offer_id: str
    effects: Effects


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It is done, once.

    Attributes:
        return_number: Of a return or exchange; None for everything else.
        case_number: Of the case that was opened; None where none was.
        repeated: Whether it was done before, under the same key, and nothing happened now.
    """

    undertaking: Undertaking
    order_number: str
    effects: Effects
    return_number: str | None = None
    case_number: str | None = None
    repeated: bool = False
    kind: Literal["done"] = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It is not done, and nothing has changed.

    Attributes:
        alternative: What helps instead; None when nothing does.
        position: The line that is the trouble; None when it is the whole order, or a line to be added.
        at_most: How many pieces would be possible, where that is the trouble.
        until: The last day on which it would have been possible, where that is the trouble.
        possible_from: The first day on which it is possible, where the day is the trouble.
        repeated: Whether this was already said, under the same key.
    """

    undertaking: Undertaking
    order_number: str
    reason: Reason
    alternative: Alternative | None = None
    position: int | None = None
    at_most: int | None = None
    until: date | None = None
    possible_from: date | None = None
    repeated: bool = False
    kind: Literal["refused"] = "refused"


Outcome: TypeAlias = Done | Refused

_OUTCOME: Final[TypeAdapter[Outcome]] = TypeAdapter(Outcome)


def outcome_document(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON can hold it."""
    document: dict[str, Any] = _OUTCOME.dump_python(outcome, mode="json")
    return document


def read_outcome(document: dict[str, Any]) -> Outcome:
    """The outcome that :func:`outcome_document` wrote."""
    return _OUTCOME.validate_python(document)
