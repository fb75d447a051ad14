"""Links that are mailed: one row, one letter, in one transaction. Only the letter holds the link itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from balie.errands.kinds import LinkPurpose
from balie.errands.models import AccountLinkRow
from balie.errands.preparing import Visit
from balie.outbox.letters import Letter
from balie.outbox.repository import OutboxRepository

MOST_A_DAY: Final = 3
"""Links of a kind for one address: more is somebody who annoys its owner."""
A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedLink:
    """A link, and the letter it stands in.

    Attributes:
        customer_id: Whose account it is about; None for an address that has none.
        email: What it confirms, or whom it is sent to.
        letter: Name of the words; None makes the link and mails nothing.
        recipient: Where the letter goes; None for ``email``.
        facts: What the words may use besides ``url`` and ``hours``.
    """

    purpose: LinkPurpose
    customer_id: int | None
    email: str
    letter: str | None
    recipient: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


async def mail_link(visit: Visit, link: MailedLink) -> UUID:
    """Make the link and promise its letter; answers the link's id."""
    link_id = uuid4()
    visit.session.add(
        AccountLinkRow(
            id=link_id,
            purpose=link.purpose.value,
            customer_id=link.customer_id,
            email=link.email,
            created_at=visit.now,
            expires_at=visit.now + visit.terms.link_lifetime,
        )
    )
    await visit.session.flush()
    if link.letter is not None:
        language = visit.asker.language
        letter = Letter(
            name=link.letter,
            recipient=link.recipient or link.email,
            language=language,
            facts={
                **link.facts,
                "url": visit.links.url(link_id, link.purpose, language),
                "hours": hours_of(visit.terms.link_lifetime),
            },
            customer_id=link.customer_id,
        )
        await OutboxRepository(visit.session).put(letter, key=f"link:{link_id}", at=visit.now)
    return link_id


def hours_of(lifetime: timedelta) -> int:
    """A lifetime in whole hours, never less than one.

    >>> hours_of(timedelta(minutes=60)), hours_of(timedelta(minutes=90)), hours_of(timedelta(minutes=5))
    (1, 2, 1)
    """
    return max(1, math.ceil(lifetime / timedelta(hours=1)))
