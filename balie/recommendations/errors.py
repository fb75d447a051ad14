"""What can go wrong with recommendations. No text names anybody."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class RunNotFoundError(BalieError):
    """No training has this number."""

    code: ClassVar[str] = "recommendation_run_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self, run_id: int) -> None:
        super().__init__(f"No training of recommendations has the number {run_id}.")


class CardNotFoundError(BalieError):
    """Nothing with this key was shown in the conversation."""

    code: ClassVar[str] = "card_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("This conversation has shown no such card.")


class FiguresPeriodError(BalieError):
    """Days of which no figures can be counted."""

    code: ClassVar[str] = "figures_period_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self, longest_days: int) -> None:
        super().__init__(f"The period ends before it begins, or is longer than {longest_days} days.")


class ListTrainingFailedError(BalieError):
    """A training of recommendations broke off; what was served before still is.

    Attributes:
        reason: Why, as a sentence without its full stop.
    """

    code: ClassVar[str] = "list_training_failed"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE

    def __init__(self, reason: str) -> None:
        super().__init__(f"The training of recommendations broke off: {reason}.")
        self.reason = reason


class TrainingGoesOnError(BalieError):
    """Another process is training recommendations; nothing was begun."""

    code: ClassVar[str] = "training_goes_on"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self) -> None:
        super().__init__("Recommendations are being trained already, by another process.")
