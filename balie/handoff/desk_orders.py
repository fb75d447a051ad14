"""What an agent may do with an order beside a conversation: the same policy, the same changes, the same mail.

An agent acts for the customer the conversation is with, as far as that customer has shown who they are, and
only while the conversation is theirs. Every action carries an id of the agent's page: the same again does
nothing and says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from balie.audit.errors import ChangeKeyTakenError
from balie.audit.turns import Author, Turn
from balie.content.render import Renderer
from balie.conversations.access import Access
from balie.conversations.rows import conversation_from
from balie.customers.masking import mask_email
from balie.customers.repository import CustomerRepository
from balie.handoff.card_loading import NEWEST_ORDERS, find_access, load_scene, named_orders
from balie.handoff.card_repository import CardRepository
from balie.handoff.desk_order_views import (
    NO_INVOICE,
    Asked,
    DeskAction,
    DeskOffer,
    DeskOrder,
    Possible,
)
from balie.handoff.errors import ChangeRefusedError, HandoffNotFoundError, NotYourConversationError
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.orders.assemble import ViewAssembler
from balie.orders.changes import ChangeService
from balie.orders.changes_asked import AskRefund, CancelOrder
from balie.orders.errors import InvoiceNotFoundError, OrderNotFoundError
from balie.orders.identification import order_number_candidates
from balie.orders.invoice_mail import InvoiceMail
from balie.orders.outcomes import Effects, Offer, Refused
from balie.orders.planning import policy_facts
from balie.orders.policy import decide
from balie.orders.policy_facts import Allowed, Alternative, Change, Verdict
from balie.orders.repository import OrderRecord, OrderRepository
from balie.orders.service import OrderService
from balie.orders.terms import Terms
from balie.orders.views import InvoiceView, OrderView
from balie.storage.unit_of_work import Session, UnitOfWork

_REQUESTS: Final[Mapping[DeskAction, CancelOrder | AskRefund]] = {
    DeskAction.CANCEL: CancelOrder(),
    DeskAction.REFUND: AskRefund(),
}
_CHANGES: Final[Mapping[DeskAction, Change]] = {
    DeskAction.CANCEL: Change.CANCEL_ORDER,
    DeskAction.REFUND: Change.REFUND,
}


@dataclass(frozen=True, slots=True)
class DeskTools:
    """The services that do what an agent asks for."""

    orders: OrderService
    changes: ChangeService
    invoice_mail: InvoiceMail


@dataclass(frozen=True, slots=True)
class _Weighed:
    """An order, and what the policy says of it."""

    order: OrderView
    verdicts: Mapping[DeskAction, Verdict]
    has_invoice: bool


class DeskOrders:
    """Lists a customer's orders with what may be done, shows what would happen, and does it once."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        tools: DeskTools,
        renderer: Renderer,
        *,
        clock: Clock = utc_now,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
    ) -> None:
        """Build it; the shop's terms are read from the renderer's content.

        Raises:
            ShopTermsError: The content does not say them.
        """
        self._unit_of_work = unit_of_work
        self._tools = tools
        self._renderer = renderer
        self._terms = Terms.from_shop(renderer.library.shop)
        self._clock = clock
        self._timezone = timezone

    async def list_orders(
        self, conversation_id: ConversationId, *, language: str | None
    ) -> tuple[DeskOrder, ...]:
        """The customer's newest orders, and the one that was talked about; empty while nobody is known.

        Args:
            conversation_id: The conversation with the customer.
            language: In which the agent reads why something may not be done.

        Raises:
            ConversationNotFoundError: There is no such conversation.
        """
        found = await self._unit_of_work.run_asking(lambda session: self._list(session, conversation_id))
        return tuple(self._desk_order(one, language) for one in found)

    async def preview(self, asked: Asked) -> DeskOffer:
        """What would happen; nothing does.

        Raises:
            ConversationNotFoundError: There is no such conversation.
            HandoffNotFoundError: It is with nobody.
            NotYourConversationError: It is with another agent.
            OrderNotFoundError: There is no such order, or it is not this customer's to speak of.
            ChangeRefusedError: The policy does not allow it.
        """
        customer_id = await self._check(asked)
        if asked.action is DeskAction.RESEND_INVOICE:
            invoice, sent_to = await self._find_invoice(asked, customer_id)
            text = self._say(asked, "offer", invoice_number=invoice.number, sent_to=sent_to)
            return DeskOffer(action=asked.action, order_number=invoice.order_number, text=text)
        request = _REQUESTS[asked.action]
        offered = await self._tools.changes.offer(customer_id, asked.order_number, request)
        if isinstance(offered, Refused):
            raise self._refusal(asked, offered)
        return DeskOffer(
            action=asked.action,
            order_number=offered.order_number,
            text=self._say(asked, "offer", **_effects(offered.effects)),
            offer_id=offered.offer_id,
            effects=offered.effects,
        )

    async def do(self, asked: Asked, client_action_id: UUID, *, offer_id: str | None = None) -> str:
        """Do it, once; what was done, in words.

        Args:
            asked: What is asked for.
            client_action_id: The key: the same again does nothing, and says the same.
            offer_id: What was shown; None takes the order as it stands now.

        Raises:
            ConversationNotFoundError: There is no such conversation.
            HandoffNotFoundError: It is with nobody.
            NotYourConversationError: It is with another agent.
            OrderNotFoundError: There is no such order, or it is not this customer's to speak of.
            ChangeRefusedError: The policy does not allow it, or the order has changed since it was shown.
            ChangeKeyTakenError: The id was used for another order.
        """
        customer_id = await self._check(asked)
        turn = Turn(conversation_id=asked.conversation_id, message_id=client_action_id, author=Author.AGENT)
        if asked.action is DeskAction.RESEND_INVOICE:
            return await self._resend(asked, customer_id, turn)
        request = _REQUESTS[asked.action]
        confirmed = offer_id or await self._current_offer(asked, customer_id)
        outcome = await self._tools.changes.make(
            customer_id, asked.order_number, request, turn=turn, confirmed=confirmed
        )
        if outcome.order_number not in order_number_candidates(asked.order_number):
            raise ChangeKeyTakenError
        if isinstance(outcome, Refused):
            raise self._refusal(asked, outcome)
        return self._say(asked, "done", **_effects(outcome.effects))

    async def _current_offer(self, asked: Asked, customer_id: int) -> str:
        offered = await self._tools.changes.offer(customer_id, asked.order_number, _REQUESTS[asked.action])
        # What is refused now may be done already, under the same key: that is looked up where it is made.
        return offered.offer_id if isinstance(offered, Offer) else ""

    async def _resend(self, asked: Asked, customer_id: int, turn: Turn) -> str:
        invoice, _ = await self._find_invoice(asked, customer_id)
        sent_to = await self._tools.invoice_mail.send(
            customer_id, invoice.number, invoice.order_number, turn=turn
        )
        return self._say(asked, "done", invoice_number=invoice.number, sent_to=sent_to)

    async def _find_invoice(self, asked: Asked, customer_id: int) -> tuple[InvoiceView, str]:
        """The newest invoice of the order, and the address it goes to, shown in part."""
        try:
            invoice = await self._tools.orders.get_invoice(customer_id, asked.order_number)
        except InvoiceNotFoundError as error:
            text = self._why_not(asked.order_number, NO_INVOICE, None, asked.language)
            raise ChangeRefusedError(NO_INVOICE, text) from error
        async with self._unit_of_work.read() as session:
            customer = await CustomerRepository(session).find_by_id(customer_id)
        return invoice, "" if customer is None else mask_email(customer.email)

    async def _check(self, asked: Asked) -> int:
        """Whose order it is, when this agent may act for them."""
        access = await self._unit_of_work.run_asking(lambda session: _owned_access(session, asked))
        if access is None or not access.covers_order(asked.order_number):
            raise OrderNotFoundError(asked.order_number)
        return access.customer_id

    async def _list(self, session: Session, conversation_id: ConversationId) -> list[_Weighed]:
        row, access = await find_access(session, conversation_id)
        if access is None:
            return []
        repository = CardRepository(session)
        orders = await repository.list_orders(
            access.customer_id,
            named_orders(conversation_from(row), dict(row.slots or {})),
            only=access.only_order,
            limit=NEWEST_ORDERS,
        )
        records = await OrderRepository(session).load_records(orders)
        invoiced = await repository.list_invoiced([order.id for order in orders])
        return [await self._weigh(session, record, invoiced) for record in records]

    async def _weigh(self, session: Session, record: OrderRecord, invoiced: frozenset[int]) -> _Weighed:
        scene = await load_scene(session, record.order, self._clock(), self._timezone)
        facts = policy_facts(scene, self._terms)
        verdicts = {action: decide(change, facts, self._terms) for action, change in _CHANGES.items()}
        view = ViewAssembler(self._timezone).order_view(record)
        return _Weighed(view, verdicts, has_invoice=record.order.id in invoiced)

    def _desk_order(self, found: _Weighed, language: str | None) -> DeskOrder:
        number = found.order.number
        may = [
            self._possible(number, action, verdict, language) for action, verdict in found.verdicts.items()
        ]
        resend = Possible(DeskAction.RESEND_INVOICE, allowed=True)
        if not found.has_invoice:
            text = self._why_not(number, NO_INVOICE, None, language)
            resend = Possible(DeskAction.RESEND_INVOICE, allowed=False, reason=NO_INVOICE, text=text)
        return DeskOrder(found.order, (*may, resend))

    def _possible(self, number: str, action: DeskAction, verdict: Verdict, language: str | None) -> Possible:
        if isinstance(verdict, Allowed):
            return Possible(action, allowed=True)
        text = self._why_not(number, verdict.reason.value, verdict.alternative, language)
        return Possible(action, allowed=False, reason=verdict.reason.value, text=text)

    def _say(self, asked: Asked, step: str, **facts: Any) -> str:
        name = f"desk_{step}_{asked.action.value}"
        return self._renderer.render(name, asked.language, {"number": asked.order_number, **facts}).text

    def _refusal(self, asked: Asked, refused: Refused) -> ChangeRefusedError:
        text = self._why_not(asked.order_number, refused.reason.value, refused.alternative, asked.language)
        return ChangeRefusedError(refused.reason.value, text)

    def _why_not(
        self, number: str, reason: str, alternative: Alternative | None, language: str | None
    ) -> str:
        facts = {
            "number": number,
            "reason": reason,
            "alternative": None if alternative is None else alternative.value,
        }
        return self._renderer.render("desk_refused", language, facts).text


async def _owned_access(session: Session, asked: Asked) -> Access | None:
    _, access = await find_access(session, asked.conversation_id)
    handoff = await CardRepository(session).find_handoff(asked.conversation_id)
    if handoff is None or handoff.ended_at is not None:
        raise HandoffNotFoundError
    if not handoff.is_of(asked.agent_id):
        raise NotYourConversationError
    return access


def _effects(effects: Effects) -> dict[str, Any]:
    return {
        "total": effects.total.minor_units,
        "refund": None if effects.refund is None else effects.refund.minor_units,
        "refund_by": effects.refund_by,
        "fee": None if effects.fee is None else effects.fee.minor_units,
    }
