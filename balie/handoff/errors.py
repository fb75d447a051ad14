"""What can go wrong with handoffs."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class HandoffNotFoundError(BalieError):
    """This conversation is with nobody, and waits for nobody."""

    code: ClassVar[str] = "handoff_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("There is no open handoff of this conversation.")


class HandoffTakenError(BalieError):
    """Somebody else was first.

    Attributes:
        by: The agent who has it; None when it is at another desk.
        data: What that agent is called; null while nobody looked.
    """

    code: ClassVar[str] = "handoff_taken"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, by: int | None, name: str | None = None) -> None:
        super().__init__("Somebody else has this conversation already.")
        self.by = by
        self.data = {"agent": name}


class HandoffMovedOnError(BalieError):
    """What was asked for does not fit how the conversation stands now.

    Attributes:
        number: Of the last step it took.
    """

    code: ClassVar[str] = "handoff_moved_on"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, number: int) -> None:
        super().__init__("The conversation has moved on; look again.")
        self.number = number


class StepRefusedError(BalieError):
    """The table of steps has none like this from here.

    Attributes:
        step: What was wanted.
        state: How far the handoff had come; None when there was none.
    """

    code: ClassVar[str] = "handoff_step_refused"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, step: str, state: str | None) -> None:
        super().__init__(f"There is no {step} from {state or 'nothing'}.")
        self.step = step
        self.state = state


class NotYourConversationError(BalieError):
    """Another agent has it, or nobody: only its owner may do this."""

    code: ClassVar[str] = "not_your_conversation"
    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN

    def __init__(self) -> None:
        super().__init__("This conversation is not yours.")


class NoRoomError(BalieError):
    """The agent has as many conversations as they take at once."""

    code: ClassVar[str] = "no_room"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, capacity: int) -> None:
        super().__init__(f"No more than {capacity} conversations at once.")
        self.capacity = capacity


class TeamNotFoundError(BalieError):
    """There is no such team."""

    code: ClassVar[str] = "team_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("There is no such team.")


class AgentNotAvailableError(BalieError):
    """The agent whom it was meant for is not at work."""

    code: ClassVar[str] = "agent_not_available"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self) -> None:
        super().__init__("This agent is not at work.")


class SnoozeInvalidError(BalieError):
    """A conversation cannot be put aside until then."""

    code: ClassVar[str] = "snooze_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self) -> None:
        super().__init__("Snooze until a moment in the next 30 days.")


class ContactInvalidError(BalieError):
    """Neither a telephone number nor an address, whichever was wanted."""

    code: ClassVar[str] = "contact_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self) -> None:
        super().__init__("Nobody can be reached with this.")


class PeriodInvalidError(BalieError):
    """Days that cannot be counted: they end before they begin, or are too many.

    Attributes:
        most_days: The longest period.
    """

    code: ClassVar[str] = "period_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self, most_days: int) -> None:
        super().__init__(f"A period begins before it ends and has at most {most_days} days.")
        self.most_days = most_days


class ChangeRefusedError(BalieError):
    """What an agent wanted done with an order is not allowed, or the order is another by now.

    Attributes:
        reason: A code of ``balie/orders/policy_facts.py``, or ``no_invoice``.
    """

    code: ClassVar[str] = "change_refused"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason
        self.data = {"reason": reason, "text": text}
