"""Mail as files: for who has no mail server yet. The demo shop shows them, mail programs open them."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final, cast

from balie.post.errors import MailNotSentError
from balie.post.port import Attachment, Mail

MOST_KEPT: Final = 500
"""So many files stay: a folder nobody empties must not grow without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenMail:
    """A mail as it lies in the folder."""

    id: str
    recipient: str
    subject: str
    date: datetime
    text: str
    language: str
    attachments: tuple[Attachment, ...]


class EmlFolder:
    """Writes each mail into a file of its own, ``<time>-<hash>.eml``, whole or not at all.

    The same letter is one file: a second try finds the first one's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, mail: Mail) -> None:
        """Write a mail down.

        Raises:
            MailNotSentError: The file could not be written.
        """
        content = mail.as_message().as_bytes()
        try:
            await asyncio.to_thread(self._write, mail, content)
        except OSError as error:
            raise MailNotSentError(permanent=False, reason="folder_unusable", stops_all=True) from error

    def list_newest(self, count: int) -> list[WrittenMail]:
        """The newest mails, newest first."""
        return [_read(path) for path in self._files()[:count]]

    def find(self, mail_id: str) -> WrittenMail | None:
        """The mail of an id that :meth:`list_newest` gave, or None."""
        return next((_read(path) for path in self._files() if path.stem == mail_id), None)

    def _files(self) -> Sequence[Path]:
        return sorted(self._folder.glob("*.eml"), reverse=True)

    def _write(self, mail: Mail, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256(mail.message_id.encode()).hexdigest()[:20]
        if any(self._folder.glob(f"*-{digest}.eml")):
            return
        stamp = mail.written_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        path = self._folder / f"{stamp}-{digest}.eml"
        draft = path.with_suffix(f".{os.getpid()}.draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        draft.replace(path)
        for old in self._files()[MOST_KEPT:]:
            old.unlink(missing_ok=True)


def _read(path: Path) -> WrittenMail:
    message = message_from_bytes(path.read_bytes(), policy=default)
    body = message.get_body(("plain",))
    return WrittenMail(
        id=path.stem,
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        date=parsedate_to_datetime(str(message["Date"])).astimezone(UTC),
        language=str(message["Content-Language"] or ""),
        text="" if body is None else body.get_content().replace("\r\n", "\n"),
        attachments=tuple(
            Attachment(
                part.get_filename("") or "",
                cast("bytes", part.get_payload(decode=True)),
                part.get_content_subtype(),
            )
            for part in message.iter_attachments()
        ),
    )
