"""Canned replies, filled in for one conversation and ready to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from balie.content.render import Renderer
from balie.conversations.rows import conversation_from
from balie.customers.repository import CustomerRepository
from balie.handoff.card_loading import find_access, named_orders
from balie.handoff.card_repository import CardRepository
from balie.handoff.card_views import CardReader
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import Session, UnitOfWork


@dataclass(frozen=True, slots=True)
class FilledReply:
    """A canned reply; ``text`` is in the customer's language, and so is ``title``."""

    shortcut: str
    title: str
    text: str


class CannedReplies:
    """Fills in what agents send with a few keystrokes."""

    def __init__(self, unit_of_work: UnitOfWork, renderer: Renderer) -> None:
        """Build it on the content that has the words."""
        self._unit_of_work = unit_of_work
        self._renderer = renderer

    async def list_for(
        self, conversation_id: ConversationId | None, reader: CardReader, *, language: str | None
    ) -> tuple[FilledReply, ...]:
        """Every canned reply, in the order of the content.

        Args:
            conversation_id: Whose customer and order fill the gaps; None leaves them out.
            reader: The agent who sends them.
            language: Of the customer; one that the content has no words for falls back to the shop's.

        Raises:
            ConversationNotFoundError: There is no such conversation.
            ResponseNotRenderedError: A text misses a fact; the content check finds that before.
        """
        known: dict[str, Any] = {"customer": None, "order": None}
        if conversation_id is not None:
            known = await self._unit_of_work.run_asking(lambda session: _find_facts(session, conversation_id))
        facts = {**known, "agent": {"display_name": reader.display_name}}
        spoken = self._renderer.language_or_default(language)
        return tuple(
            FilledReply(
                canned.shortcut, canned.title[spoken], self._renderer.render_canned(canned, spoken, facts)
            )
            for canned in self._renderer.library.canned
        )


async def _find_facts(session: Session, conversation_id: ConversationId) -> dict[str, Any]:
    """Whom and which order the conversation is about: the one that was named, else the newest."""
    row, access = await find_access(session, conversation_id)
    if access is None:
        return {"customer": None, "order": None}
    customer = await CustomerRepository(session).find_by_id(access.customer_id)
    named = named_orders(conversation_from(row), dict(row.slots or {}))
    orders = await CardRepository(session).list_orders(
        access.customer_id, named, only=access.only_order, limit=1
    )
    meant = next((order for number in named for order in orders if order.number == number), None)
    order = meant or next(iter(orders), None)
    greets = customer is not None and access.covers_customer
    return {
        "customer": {"first_name": customer.first_name} if greets and customer is not None else None,
        "order": None if order is None else {"number": order.number},
    }
