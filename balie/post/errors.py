"""Why a mail did not leave."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class MailNotSentError(BalieError):
    """A mail was not sent.

    Attributes:
        permanent: Whether trying again is no use.
        reason: A code, such as ``recipient_refused``; nothing that the mail server wrote.
        stops_all: Whether other mails would fail just now for the same reason.
    """

    code: ClassVar[str] = "mail_not_sent"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE

    def __init__(self, *, permanent: bool, reason: str, stops_all: bool = False) -> None:
        super().__init__(f"The mail was not sent: {reason}.")
        self.permanent = permanent
        self.reason = reason
        self.stops_all = stops_all
