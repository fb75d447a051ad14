"""What can go wrong with a carrier."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class ParcelCarrierDownError(BalieError):
    """The carrier gave no answer; what was asked of it may have been done all the same.

    Asking again with the same key does it at most once.
    """

    code: ClassVar[str] = "parcel_carrier_down"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE

    def __init__(self) -> None:
        super().__init__("The carrier does not answer.")


class ParcelRefusedError(BalieError):
    """The carrier will not do this, now or later.

    Attributes:
        reason: ``unknown_parcel``, ``day_not_possible``, ``country_not_served``, or a word of the carrier's.
    """

    code: ClassVar[str] = "parcel_refused"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, reason: str) -> None:
        super().__init__(f"The carrier refuses this: {reason}.")
        self.reason = reason
