"""From a letter of the outbox to the mail: words, papers, and an id that every try bears."""

from __future__ import annotations

import hashlib
from datetime import datetime

from balie.content.render import Renderer
from balie.kernel.mail_address import Mailbox, is_plain_address
from balie.outbox.letters import ClaimedLetter
from balie.post.errors import MailNotSentError
from balie.post.port import Attachment, DrawsPapers, Mail


class LetterWriter:
    """Writes letters when they are sent, so that words and papers are those of that moment."""

    def __init__(self, renderer: Renderer, papers: DrawsPapers, sender: Mailbox) -> None:
        self._renderer = renderer
        self._papers = papers
        self._sender = sender

    async def write(self, claimed: ClaimedLetter, *, at: datetime) -> Mail:
        """The mail of a letter.

        Raises:
            MailNotSentError: The recipient is not one plain address.
            ResponseNotFoundError: The content has no such letter.
            ResponseNotRenderedError: Its words ask for a fact that is not there.
            BalieError: One of its papers does not exist.
            StoreUnavailableError: The database cannot be used.
        """
        letter = claimed.letter
        if not is_plain_address(letter.recipient):
            raise MailNotSentError(permanent=True, reason="recipient_unusable")
        words = self._renderer.render_letter(letter.name, letter.language, letter.facts)
        attachments = [
            Attachment(f"{paper.number}.pdf", await self._papers.draw(paper)) for paper in letter.papers
        ]
        return Mail(
            message_id=message_id(claimed.key, self._sender),
            sender=self._sender,
            recipient=letter.recipient,
            subject=words.subject,
            text=words.text,
            language=words.language,
            written_at=at,
            attachments=tuple(attachments),
        )


def message_id(key: str, sender: Mailbox) -> str:
    """The Message-ID of a letter: the same key gives the same, and the key cannot be read from it."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}.balie@{sender.domain}>"
