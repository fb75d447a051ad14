"""Refusals as errors, for an edge that has no other way to say no; the service answers with ``Refused``."""

from __future__ import annotations

from typing import Any, ClassVar

from balie.baskets.kinds import Reason
from balie.baskets.outcomes import Refused
from balie.kernel.errors import BalieError, ErrorKind
from balie.kernel.money import Money


class BasketRefusedError(BalieError):
    """What was asked for cannot be put into the basket; ``data`` says why, and how many could."""

    code: ClassVar[str] = "basket_refused"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, refused: Refused) -> None:
        super().__init__(f"Not put into the basket: {refused.reason.value}.")
        self.data = refusal_facts(refused)


class CodeRefusedError(BalieError):
    """A code cannot be used with this basket; ``data`` says why, and what is missing."""

    code: ClassVar[str] = "code_refused"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, refused: Refused) -> None:
        super().__init__(f"The code cannot be used: {refused.reason.value}.")
        self.data = refusal_facts(refused)


class TooManyTriesError(BalieError):
    """Too many wrong codes in one conversation: not even a right one is looked at for a while."""

    code: ClassVar[str] = "too_many_tries"
    kind: ClassVar[ErrorKind] = ErrorKind.LIMITED

    def __init__(self) -> None:
        super().__init__("Too many wrong codes within an hour: try again later.")


def code_error(refused: Refused) -> BalieError:
    """The error that says the same as the refusal of a code."""
    return TooManyTriesError() if refused.reason is Reason.TOO_MANY_TRIES else CodeRefusedError(refused)


def refusal_facts(refused: Refused) -> dict[str, Any]:
    """A refusal as JSON has it: the reason, and only those facts that there are."""
    facts = {
        "reason": refused.reason.value,
        "at_most": refused.at_most,
        "missing_minor": _minor(refused.missing),
        "minimum_minor": _minor(refused.minimum),
        "on": None if refused.on is None else refused.on.isoformat(),
        "other_code": refused.other_code,
    }
    return {name: fact for name, fact in facts.items() if fact is not None}


def _minor(money: Money | None) -> int | None:
    return None if money is None else money.minor_units
