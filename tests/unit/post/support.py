"""A mail without fault."""

from __future__ import annotations

from typing import Any

from balie.kernel.mail_address import Mailbox
from balie.post.port import Mail
from tests.support.clock import StillClock

SENDER = Mailbox("Duin & Dal", "service@duinendal.example")


def mail(**changes: Any) -> Mail:
    """``changes`` replace its parts."""
    usual: dict[str, Any] = {
        "message_id": "<0123456789abcdef.balie@duinendal.example>",
        "sender": SENDER,
        "recipient": "sanne@voorbeeld.example",
        "subject": "Je code",
        "text": "Hoi,\n\nJe code is 048213.\n",
        "language": "nl",
        "written_at": StillClock().now,
    }
    return Mail(**{**usual, **changes})
