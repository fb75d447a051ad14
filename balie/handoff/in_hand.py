"""Everything an agent has in hand beside a conversation, put together."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from balie.content.render import Renderer
from balie.handoff.bands import BandTerms
from balie.handoff.canned import CannedReplies
from balie.handoff.card import CardService, CardTerms
from balie.handoff.desk_orders import DeskOrders, DeskTools
from balie.kernel.clock import Clock, utc_now
from balie.orders.changes import ChangeService
from balie.orders.invoice_mail import InvoiceMail
from balie.orders.service import OrderService
from balie.orders.terms import Terms
from balie.outbox.letters import PostBell
from balie.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class InHand:
    """The card, the canned replies, and what can be done with orders."""

    card: CardService
    canned: CannedReplies
    orders: DeskOrders


def open_in_hand(
    unit_of_work: UnitOfWork, renderer: Renderer, *, post: PostBell, clock: Clock = utc_now
) -> InHand:
    """Put it together.

    Args:
        unit_of_work: The store.
        renderer: The words, and the shop's facts.
        post: Rung when a letter was written.
        clock: The present moment.

    Raises:
        ShopTermsError: The shop's facts lack terms of orders, or of value bands.
    """
    shop = renderer.library.shop
    timezone, terms = ZoneInfo(shop["timezone"]), Terms.from_shop(shop)
    tools = DeskTools(
        orders=OrderService(unit_of_work, clock=clock, timezone=timezone),
        changes=ChangeService(unit_of_work, terms, clock=clock, timezone=timezone, post=post),
        invoice_mail=InvoiceMail(unit_of_work, post, clock=clock),
    )
    bands = BandTerms.from_shop(shop)
    return InHand(
        card=CardService(unit_of_work, renderer, CardTerms(terms, bands), clock=clock, timezone=timezone),
        canned=CannedReplies(unit_of_work, renderer),
        orders=DeskOrders(unit_of_work, tools, renderer, clock=clock, timezone=timezone),
    )
