"""The port through which mail leaves, and what is handed to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final, Protocol

from balie.kernel.mail_address import Mailbox
from balie.outbox.letters import Paper

_NOT_FOR_HEADERS: Final = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")
_NOT_FOR_FILE_NAMES: Final = re.compile(r"[^\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    content: bytes
    subtype: str = "pdf"
    """Of ``application/…``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one person, in plain text.

    Attributes:
        message_id: With its angle brackets; the same for every try to send the same letter.
        recipient: One plain address.
        written_at: What stands on it as its date.
    """

    message_id: str
    sender: Mailbox
    recipient: str
    subject: str
    text: str
    language: str
    written_at: datetime
    attachments: tuple[Attachment, ...] = ()

    def as_message(self) -> EmailMessage:
        """As it goes over the wire; whatever is in subject and text, it cannot become a header.

        Raises:
            ValueError: The recipient, or the message id, holds a line break.
        """
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(display_name=_one_line(self.sender.name), addr_spec=self.sender.address)
        message["To"] = Address(addr_spec=self.recipient)
        message["Subject"] = _one_line(self.subject)
        message["Date"] = format_datetime(self.written_at)
        message["Message-ID"] = self.message_id
        # So that nobody's out-of-office answers it (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        # Not every server takes eight bits.
        message.set_content(self.text, charset="utf-8", cte="quoted-printable")
        for attachment in self.attachments:
            message.add_attachment(
                attachment.content,
                maintype="application",
                subtype=attachment.subtype,
                filename=_NOT_FOR_FILE_NAMES.sub("-", attachment.name),
            )
        message["Content-Language"] = self.language  # setting content takes such headers away
        return message


def _one_line(text: str) -> str:
    return _NOT_FOR_HEADERS.sub(" ", text).strip()


class MailCarrier(Protocol):
    """Takes mail out of the house (``SmtpCarrier`` and ``EmlFolder`` do)."""

    async def send(self, mail: Mail) -> None:
        """Hand over a mail; when this returns, somebody else answers for it.

        Raises:
            MailNotSentError: Nobody took it.
        """
        ...


class DrawsPapers(Protocol):
    """Draws the papers that go with letters (``balie.documents.printer.Printer`` does)."""

    async def draw(self, paper: Paper) -> bytes:
        """The paper as a PDF.

        Raises:
            BalieError: There is no such paper.
            StoreUnavailableError: The database cannot be used.
        """
        ...
