"""The newsletter: left at once, joined when the link in a mail has been used."""

from __future__ import annotations

from typing import Final

from balie.customers.kinds import ConsentPurpose
from balie.customers.masking import mask_email
from balie.errands.account_repository import AccountRepository
from balie.errands.asked import Subscribe
from balie.errands.askers import get_asker
from balie.errands.kinds import LinkPurpose, Obstacle
from balie.errands.mailed_links import A_DAY, MOST_A_DAY, MailedLink, mail_link
from balie.errands.outcomes import ErrandRefused, Facts
from balie.errands.preparing import Prepared, Visit

LEFT_IN: Final = "chat"
"""Source of the answer of somebody who leaves; of somebody who joins it is the mail that they confirmed."""


async def prepare_subscription(visit: Visit, errand: Subscribe) -> Prepared | ErrandRefused:
    """Leave the newsletter, or be mailed a link that joins it."""
    accounts, customer = AccountRepository(visit.session), await get_asker(visit)
    subscribed = await accounts.has_consented(customer.id, ConsentPurpose.NEWSLETTER)
    facts: Facts = {"wanted": errand.wanted, "email": mask_email(customer.email)}
    if subscribed == errand.wanted:
        return ErrandRefused(obstacle=Obstacle.ALREADY_SO, facts=facts)
    if errand.wanted:
        mailed = await accounts.count_links(customer.email, [LinkPurpose.NEWSLETTER], since=visit.now - A_DAY)
        if mailed >= MOST_A_DAY:
            return ErrandRefused(obstacle=Obstacle.TOO_MANY, facts=facts)

    async def join() -> Facts:
        link = MailedLink(
            purpose=LinkPurpose.NEWSLETTER,
            customer_id=customer.id,
            email=customer.email,
            letter="letter_newsletter_confirm",
        )
        await mail_link(visit, link)
        return {}

    async def leave() -> Facts:
        accounts.record_consent(
            customer.id, ConsentPurpose.NEWSLETTER, granted=False, source=LEFT_IN, at=visit.now
        )
        return {}

    return Prepared(
        facts=facts,
        write=join if errand.wanted else leave,
        before={"newsletter": subscribed},
        after={"newsletter": "to_be_confirmed" if errand.wanted else False},
    )
