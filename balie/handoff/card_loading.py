"""Reads all that a card is made of, in one transaction, and no more than the conversation may see.

Whose records those are is decided once, by what was shown in the conversation (``conversations/access.py``);
every query goes by that. That a proof has worn off meanwhile closes nothing: an agent talks to whoever had
shown it, and is told (``CardCustomer.lapsed``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from balie.cases.models import CaseRow
from balie.conversations.access import Access, decide_access
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.models import ConversationRow
from balie.conversations.rows import conversation_from
from balie.conversations.views import Conversation
from balie.customers.models import CustomerRow, LoyaltyEntryRow
from balie.customers.repository import CustomerRepository
from balie.handoff.bands import Purchases
from balie.handoff.card_repository import CardRepository, NoteRecord
from balie.handoff.views import Handoff
from balie.kernel.ids import ConversationId
from balie.orders.change_repository import ChangeRepository
from balie.orders.identification import order_number_candidates
from balie.orders.models import OrderRow, RefundRow, ReturnRow
from balie.orders.repository import OrderRecord, OrderRepository
from balie.orders.scene import Scene
from balie.storage.unit_of_work import Session

NEWEST_ORDERS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """A customer, as far as the conversation may see them.

    Attributes:
        orders: Newest first; after them those that were talked about and are older.
        refunds: Of these orders, newest first.
        entries: Of the loyalty programme, oldest first; None for whoever is not in it, and where only an
            order is known.
        purchases: None where only an order is known.
        earlier: How many conversations there were before, and when anything was said in them last.
    """

    customer: CustomerRow
    orders: Sequence[OrderRecord]
    refunds: Sequence[tuple[RefundRow, OrderRow, ReturnRow | None]]
    consents: dict[str, bool]
    entries: Sequence[LoyaltyEntryRow] | None
    purchases: Purchases | None
    earlier: tuple[int, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRecord:
    """All rows of one card.

    Attributes:
        messages: The last ones, oldest first, column by column.
        handoff: The open one, else the last; None when there never was one.
        access: What the conversation has shown, at the moment it was shown; None: nothing.
        person: None when nothing was shown.
    """

    conversation: Conversation
    slots: dict[str, Any]
    messages: list[Any]
    handoff: Handoff | None
    notes: list[NoteRecord]
    access: Access | None
    person: PersonRecord | None
    cases: Sequence[CaseRow]


def shown_access(conversation: Conversation) -> Access | None:
    """What the customer has shown in this conversation, whether it has worn off since or not."""
    if conversation.proven_at is None:
        return None
    return decide_access(conversation, now=conversation.proven_at)


def named_orders(conversation: Conversation, slots: dict[str, Any]) -> tuple[str, ...]:
    """Numbers that this conversation is about, as the store may write them, the most telling first."""
    said = slots.get("order_number")
    candidates = order_number_candidates(said) if isinstance(said, str) else ()
    proven = conversation.proven_order_number
    return (*candidates, *(() if proven is None else (proven,)))


async def find_access(
    session: Session, conversation_id: ConversationId
) -> tuple[ConversationRow, Access | None]:
    """The conversation's row, and what was shown in it.

    Raises:
        ConversationNotFoundError: There is none.
    """
    row = await CardRepository(session).find_conversation(conversation_id)
    if row is None:
        raise ConversationNotFoundError
    return row, shown_access(conversation_from(row))


async def load_card(session: Session, conversation_id: ConversationId, *, currency: str) -> CardRecord:
    """Everything a card is made of.

    Raises:
        ConversationNotFoundError: There is no such conversation.
    """
    repository = CardRepository(session)
    row, access = await find_access(session, conversation_id)
    person = None if access is None else await _load_person(session, row, access, currency)
    cases = await repository.list_open_cases(
        conversation_id,
        customer_id=access.customer_id if access is not None and access.covers_customer else None,
        order_ids=[] if person is None else [record.order.id for record in person.orders],
    )
    return CardRecord(
        conversation=conversation_from(row),
        slots=dict(row.slots or {}),
        messages=await repository.list_messages(conversation_id),
        handoff=await repository.find_handoff(conversation_id),
        notes=await repository.list_notes(conversation_id),
        access=access,
        person=person,
        cases=cases,
    )


async def load_scene(session: Session, order: OrderRow, now: datetime, timezone: ZoneInfo) -> Scene:
    """What the policy looks at of one order."""
    return await ChangeRepository(session).load_scene(order, (), now=now, timezone=timezone, lock=False)


async def _load_person(
    session: Session, row: ConversationRow, access: Access, currency: str
) -> PersonRecord | None:
    customers, repository = CustomerRepository(session), CardRepository(session)
    customer = await customers.find_by_id(access.customer_id)
    if customer is None:
        return None
    orders = await repository.list_orders(
        customer.id,
        named_orders(conversation_from(row), dict(row.slots or {})),
        only=access.only_order,
        limit=NEWEST_ORDERS,
    )
    records = await OrderRepository(session).load_records(orders)
    refunds = await repository.list_refunds([order.id for order in orders])
    if not access.covers_customer:
        return PersonRecord(
            customer=customer,
            orders=records,
            refunds=refunds,
            consents={},
            entries=None,
            purchases=None,
            earlier=(0, None),
        )
    is_member = await customers.find_loyalty_account(customer.id) is not None
    return PersonRecord(
        customer=customer,
        orders=records,
        refunds=refunds,
        consents=await repository.list_consents(customer.id),
        entries=await customers.list_loyalty_entries(customer.id) if is_member else None,
        purchases=await repository.find_purchases(customer.id, currency),
        earlier=await repository.find_earlier(row),
    )
