"""What can go wrong with desks and channels elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class OutsideUnavailableError(BalieError):
    """The other side did not do it now; it is tried again.

    Attributes:
        reason: A code, such as ``timed_out``; nothing that the other side wrote.
        maybe_done: Whether it may have done it all the same.
        retry_after: How long it asks to be left alone; None when it does not say.
        is_turn: Whether nothing went wrong and nothing was tried: others came first. It is tried again after
            ``retry_after``, however often that happens.
    """

    code: ClassVar[str] = "outside_unavailable"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE

    def __init__(
        self,
        reason: str,
        *,
        maybe_done: bool,
        retry_after: timedelta | None = None,
        is_turn: bool = False,
    ) -> None:
        super().__init__(f"The other side did not take it: {reason}.")
        self.is_turn = is_turn
        self.reason = reason
        self.maybe_done = maybe_done
        self.retry_after = retry_after


class OutsideRefusedError(BalieError):
    """The other side will not have it, however often it is asked.

    Attributes:
        reason: A code, such as ``answered_404``.
    """

    code: ClassVar[str] = "outside_refused"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self, reason: str) -> None:
        super().__init__(f"The other side refuses it: {reason}.")
        self.reason = reason


class NotWantedAnyMoreError(BalieError):
    """What a call was about has ended; there is nothing to send."""

    code: ClassVar[str] = "not_wanted_any_more"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self) -> None:
        super().__init__("What was to be told has ended meanwhile.")


class CustomerGoneError(NotWantedAnyMoreError):
    """The customer has blocked us, or is no more: nothing reaches them in this channel."""

    code: ClassVar[str] = "customer_gone"


class SignatureInvalidError(BalieError):
    """A webhook is not signed by who may send it, or was signed too long ago."""

    code: ClassVar[str] = "signature_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAUTHENTICATED

    def __init__(self) -> None:
        super().__init__("The signature is missing, wrong, or older than five minutes.")


class DeskEventInvalidError(BalieError):
    """A webhook desk sent something that is none of the events of docs/webhook-desk.md."""

    code: ClassVar[str] = "desk_event_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self, problem: str) -> None:
        super().__init__(f"Not an event of docs/webhook-desk.md: {problem}.")


class ChannelEventInvalidError(BalieError):
    """A provider sent something that is none of the events of docs/webhook-channel.md."""

    code: ClassVar[str] = "channel_event_invalid"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self, problem: str) -> None:
        super().__init__(f"Not an event of docs/webhook-channel.md: {problem}.")


class DeskEventRepeatedError(BalieError):
    """An event with this id was taken before; it is not taken again."""

    code: ClassVar[str] = "desk_event_repeated"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self) -> None:
        super().__init__("This event was taken before.")
