"""What can go wrong with a payment provider, and with what is asked of it."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class PaymentProviderDownError(BalieError):
    """The payment provider gave no answer; what was asked of it may have been done all the same.

    Asking again with the same key does it at most once.
    """

    code: ClassVar[str] = "payment_provider_down"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE

    def __init__(self) -> None:
        super().__init__("The payment provider does not answer.")


class PaymentRefusedError(BalieError):
    """The payment provider will not do this, now or later.

    Attributes:
        reason: ``unknown_payment``, ``not_paid``, ``more_than_paid``, ``key_taken``, or its own word.
    """

    code: ClassVar[str] = "payment_refused"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, reason: str) -> None:
        super().__init__(f"The payment provider refuses this: {reason}.")
        self.reason = reason
