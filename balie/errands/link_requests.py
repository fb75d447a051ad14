"""Links to make an account, or to choose a password: whoever asks learns nothing of who has an account."""

from __future__ import annotations

from balie.customers.contact import normalise_email
from balie.customers.masking import mask_email
from balie.customers.repository import CustomerRepository
from balie.errands.account_repository import AccountRepository
from balie.errands.asked import MailLink
from balie.errands.kinds import LinkPurpose, Obstacle
from balie.errands.mailed_links import A_DAY, MOST_A_DAY, MailedLink, hours_of, mail_link
from balie.errands.outcomes import ErrandRefused, Facts
from balie.errands.preparing import Prepared, Visit
from balie.kernel.mail_address import is_plain_address

_WORDS = {LinkPurpose.CREATE_ACCOUNT: "create", LinkPurpose.NEW_PASSWORD: "password"}


def read_email(written: str) -> str | None:
    """The one plain address that was written, as it is stored; None when it is none.

    >>> read_email(" Sanne@Voorbeeld.example "), read_email("sanne"), read_email("a@b.example, c@d.example")
    ('sanne@voorbeeld.example', None, None)
    """
    email = normalise_email(written)
    return email if is_plain_address(email) else None


def purpose_for(*, creates: bool, known: bool) -> LinkPurpose | None:
    """What is mailed to an address; None mails nothing.

    Whoever has an account already learns so from their own mailbox, and nobody else from the answer.

    >>> purpose_for(creates=True, known=True).value, purpose_for(creates=False, known=False)
    ('new_password', None)
    """
    if known:
        return LinkPurpose.NEW_PASSWORD
    return LinkPurpose.CREATE_ACCOUNT if creates else None


async def prepare_link(visit: Visit, errand: MailLink) -> Prepared | ErrandRefused:
    """A link by mail; offer and answer are the same whether the address has an account or not."""
    email = read_email(errand.email)
    if email is None:
        return ErrandRefused(obstacle=Obstacle.INVALID_EMAIL)
    facts: Facts = {
        "creates": errand.creates,
        "email": mask_email(email),
        "hours": hours_of(visit.terms.link_lifetime),
    }

    async def write() -> Facts:
        known = await CustomerRepository(visit.session).find_by_email(email)
        purpose = purpose_for(creates=errand.creates, known=known is not None)
        earlier = await AccountRepository(visit.session).count_links(
            email, _WORDS.keys(), since=visit.now - A_DAY
        )
        if purpose is not None and earlier < MOST_A_DAY:
            link = MailedLink(
                purpose=purpose,
                customer_id=None if known is None else known.id,
                email=email,
                letter="letter_account_link",
                facts={"purpose": _WORDS[purpose]},
            )
            await mail_link(visit, link)
        return {}

    return Prepared(facts=facts, write=write, after={"link": "create" if errand.creates else "password"})
