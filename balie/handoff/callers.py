"""Who asks for a person: how much they have bought, and where they can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from balie.conversations.views import Conversation
from balie.customers.masking import mask_email
from balie.customers.repository import CustomerRepository
from balie.handoff.bands import Band, BandTerms, find_band
from balie.handoff.card_loading import shown_access
from balie.handoff.card_repository import CardRepository
from balie.handoff.contacts import mask_number
from balie.handoff.kinds import Wish
from balie.storage.unit_of_work import Session


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever is at the other end, as far as they have shown it.

    Attributes:
        email: Of the account; None while nobody has shown to be its owner.
        phone: The same.
    """

    customer_id: int | None = None
    band: Band = Band.NEW
    email: str | None = None
    phone: str | None = None

    def contact_for(self, wish: Wish) -> str | None:
        """Where the shop knows to reach them."""
        return self.phone if wish is Wish.CALL else self.email


NOBODY = Caller()


async def find_caller(
    session: Session, conversation: Conversation, terms: BandTerms, now: datetime
) -> Caller:
    """Whoever a conversation is with."""
    access = shown_access(conversation)
    if access is None:
        return NOBODY
    customer = await CustomerRepository(session).find_by_id(access.customer_id)
    if customer is None:
        return NOBODY
    purchases = await CardRepository(session).find_purchases(customer.id, terms.currency)
    band = find_band(purchases, terms, now)
    if not access.covers_customer:
        return Caller(customer.id, band)
    return Caller(customer.id, band, customer.email, customer.phone)


def masked(wish: Wish, contact: str | None) -> str | None:
    """A number or an address that is shown in part."""
    if contact is None:
        return None
    return mask_number(contact) if wish is Wish.CALL else mask_email(contact)
