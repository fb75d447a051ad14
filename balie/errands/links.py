"""What mailed links do, once: join the newsletter, confirm half of a new address, vouch for a mailbox.

Looking at a link changes nothing, because programs that guard mailboxes open every link before people do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from balie.customers.kinds import ConsentPurpose
from balie.customers.masking import mask_email
from balie.customers.models import CustomerRow
from balie.customers.repository import CustomerRepository
from balie.errands.account_repository import AccountRepository
from balie.errands.kinds import LinkPurpose, LinkTrouble
from balie.errands.models import AccountLinkRow
from balie.kernel.clock import Clock, utc_now
from balie.storage.unit_of_work import Session, UnitOfWork

CONFIRMED_BY: Final = "mail"
"""Source of the answer of somebody who joined the newsletter."""


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link that works, as its page shows it."""

    purpose: LinkPurpose
    masked_email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkUsed:
    """A link has done what it stands for, just now and for the only time.

    Attributes:
        is_complete: False when a new address still waits for the other one's confirmation.
        email: Whose mailbox it came to.
        external_id: The shop's number of whose password it is; None for an account that is yet to be made.
    """

    purpose: LinkPurpose
    email: str
    is_complete: bool = True
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class LinkRefused:
    """A link does nothing, and nothing was changed."""

    trouble: LinkTrouble


class LinkService:
    """Opens links and uses them. Whether a link is one of ours at all is the gateway's to say."""

    def __init__(self, unit_of_work: UnitOfWork, *, clock: Clock = utc_now) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    async def open(self, link_id: UUID) -> LinkView | LinkRefused:
        """What a link would do; nothing is changed.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        async with self._unit_of_work.read() as session:
            link = await AccountRepository(session).find_link(link_id)
        refused = _check(link, self._clock())
        if refused is not None or link is None:
            return refused or LinkRefused(LinkTrouble.UNKNOWN)
        return LinkView(LinkPurpose(link.purpose), mask_email(link.email))

    async def use(self, link_id: UUID) -> LinkUsed | LinkRefused:
        """Do what a link stands for, and mark it as used, in one transaction.

        Raises:
            StoreUnavailableError: The database cannot be used; the link can be used again.
        """
        now = self._clock()
        async with self._unit_of_work.write() as session:
            link = await AccountRepository(session).find_link(link_id, lock=True)
            refused = _check(link, now)
            if refused is not None or link is None:
                return refused or LinkRefused(LinkTrouble.UNKNOWN)
            return await _use(session, link, now)

    async def forget_expired(self, before: datetime) -> int:
        """Remove links that could not be used any more at a moment; answers how many there were.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        async with self._unit_of_work.write() as session:
            return await AccountRepository(session).forget_expired_links(before)


def _check(link: AccountLinkRow | None, now: datetime) -> LinkRefused | None:
    if link is None:
        return LinkRefused(LinkTrouble.UNKNOWN)
    if link.used_at is not None:
        return LinkRefused(LinkTrouble.USED)
    return LinkRefused(LinkTrouble.EXPIRED) if link.expires_at <= now else None


async def _use(session: Session, link: AccountLinkRow, now: datetime) -> LinkUsed | LinkRefused:
    match LinkPurpose(link.purpose):
        case LinkPurpose.NEWSLETTER:
            done = await _join_newsletter(session, link, now)
        case LinkPurpose.CONFIRM_EMAIL:
            done = await _confirm_email(session, link, now)
        case LinkPurpose.NEW_PASSWORD:
            done = await _vouch(session, link)
        case LinkPurpose.CREATE_ACCOUNT:
            done = LinkUsed(purpose=LinkPurpose.CREATE_ACCOUNT, email=link.email)
    if done is None:
        return LinkRefused(LinkTrouble.UNKNOWN)
    link.used_at = now
    return done


async def _join_newsletter(session: Session, link: AccountLinkRow, now: datetime) -> LinkUsed | None:
    customer = await _find_owner(session, link)
    if customer is None:
        return None
    accounts, purpose = AccountRepository(session), ConsentPurpose.NEWSLETTER
    if not await accounts.has_consented(customer.id, purpose):
        accounts.record_consent(customer.id, purpose, granted=True, source=CONFIRMED_BY, at=now)
    return LinkUsed(purpose=LinkPurpose.NEWSLETTER, email=link.email)


async def _vouch(session: Session, link: AccountLinkRow) -> LinkUsed | None:
    customer = await _find_owner(session, link)
    if customer is None:
        return None
    return LinkUsed(purpose=LinkPurpose.NEW_PASSWORD, email=link.email, external_id=customer.external_id)


async def _confirm_email(session: Session, link: AccountLinkRow, now: datetime) -> LinkUsed | None:
    """One half of a new address; with the second one the account gets it."""
    accounts = AccountRepository(session)
    change = await accounts.find_email_change(link.id)
    if change is None:
        return None
    other_id = change.new_link_id if link.id == change.old_link_id else change.old_link_id
    other = await accounts.find_link(other_id)
    if other is None or other.used_at is None:
        return LinkUsed(purpose=LinkPurpose.CONFIRM_EMAIL, email=link.email, is_complete=False)
    customer = await accounts.find_customer(change.customer_id, lock=True)
    if customer is None or await CustomerRepository(session).find_by_email(change.new_email) is not None:
        # Somebody else has got this address meanwhile.
        return None
    customer.email, change.done_at = change.new_email, now
    return LinkUsed(purpose=LinkPurpose.CONFIRM_EMAIL, email=link.email)


async def _find_owner(session: Session, link: AccountLinkRow) -> CustomerRow | None:
    """Whose account it is about, while the address that it was sent to is theirs."""
    if link.customer_id is None:
        return None
    customer = await AccountRepository(session).find_customer(link.customer_id, lock=True)
    return customer if customer is not None and customer.email == link.email else None
