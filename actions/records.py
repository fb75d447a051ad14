"""The one door to a customer's records: whatever an action learns about somebody, it learns here."""

from __future__ import annotations

from dataclasses import dataclass

from balie.audit.turns import Turn
from balie.conversations.access import Access, decide_access, has_lapsed
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.service import ConversationService
from balie.conversations.views import Conversation
from balie.customers.service import CustomerService
from balie.customers.views import AddressView, LoyaltyView
from balie.kernel.clock import Clock
from balie.kernel.ids import ConversationId
from balie.orders.changes import ChangeService
from balie.orders.changes_asked import Request
from balie.orders.errors import OrderNotFoundError
from balie.orders.invoice_mail import InvoiceMail
from balie.orders.options import Options
from balie.orders.outcomes import Offer, Outcome, Refused
from balie.orders.policy_facts import Change
from balie.orders.service import OrderService
from balie.orders.views import DeliveryView, InvoiceView, OrderView, RefundView
from balie.payments.service import PaymentService
from balie.payments.views import LinkRefused, PaymentLink, PaymentSituation, PromisedLink


@dataclass(frozen=True, slots=True)
class Books:
    """Where records are kept."""

    orders: OrderService
    customers: CustomerService
    changes: ChangeService
    payments: PaymentService
    invoice_mail: InvoiceMail


class Records:
    """One customer's records, as far as the conversation may see them."""

    def __init__(self, access: Access, books: Books) -> None:
        self.access = access
        self._orders = books.orders
        self._customers = books.customers
        self._changes = books.changes
        self._payments = books.payments
        self._invoice_mail = books.invoice_mail

    async def list_recent_orders(self, limit: int) -> tuple[OrderView, ...]:
        """The orders that may be seen, newest first."""
        if self.access.only_order is None:
            return await self._orders.list_recent_orders(self.access.customer_id, limit)
        return (await self.get_order(self.access.only_order),)

    async def get_order(self, order_number: str) -> OrderView:
        """One order.

        Raises:
            OrderNotFoundError: There is none, or it is somebody else's, or it may not be seen.
        """
        return await self._orders.get_order(self.access.customer_id, self._visible(order_number))

    async def get_delivery(self, order_number: str) -> DeliveryView:
        """Where an order is.

        Raises:
            OrderNotFoundError: See :meth:`get_order`.
        """
        return await self._orders.get_delivery(self.access.customer_id, self._visible(order_number))

    async def get_invoice(self, order_number: str | None) -> InvoiceView:
        """The invoice of an order, or the newest that may be seen.

        Raises:
            OrderNotFoundError: See :meth:`get_order`.
            InvoiceNotFoundError: There is no invoice yet.
        """
        return await self._orders.get_invoice(self.access.customer_id, self._narrowed(order_number))

    async def mail_invoice(self, invoice: InvoiceView, *, turn: Turn) -> str:
        """Have an invoice mailed to the address that the store knows; answers it, shown in part.

        Raises:
            InvoiceNotFoundError: It is gone, or somebody else's.
        """
        return await self._invoice_mail.send(
            self.access.customer_id, invoice.number, invoice.order_number, turn=turn
        )

    async def list_refunds(self, order_number: str | None) -> tuple[RefundView, ...]:
        """The refunds of an order, or all that may be seen, newest first.

        Raises:
            OrderNotFoundError: See :meth:`get_order`.
        """
        return await self._orders.list_refunds(self.access.customer_id, self._narrowed(order_number))

    async def list_options(self, order_number: str, change: Change) -> Options:
        """What may be chosen of an order when it is to be changed.

        Raises:
            OrderNotFoundError: See :meth:`get_order`.
        """
        return await self._changes.list_options(self.access.customer_id, self._visible(order_number), change)

    async def offer_change(self, order_number: str, request: Request) -> Offer | Refused:
        """What a change would mean; nothing is changed.

        Raises:
            OrderNotFoundError: See :meth:`get_order`.
        """
        return await self._changes.offer(self.access.customer_id, self._visible(order_number), request)

    async def make_change(
        self, order_number: str, request: Request, *, turn: Turn, confirmed: str
    ) -> Outcome:
        """Do what was offered, once; see :meth:`balie.orders.changes.ChangeService.make`.

        Raises:
            OrderNotFoundError: See :meth:`get_order`.
        """
        number = self._visible(order_number)
        return await self._changes.make(
            self.access.customer_id, number, request, turn=turn, confirmed=confirmed
        )

    async def get_payment_situation(self, order_number: str) -> PaymentSituation:
        """How it stands with the money for an order.

        Raises:
            OrderNotFoundError: See :meth:`get_order`.
        """
        return await self._payments.get_situation(self.access.customer_id, self._visible(order_number))

    async def make_payment_link(self, order_number: str, *, key: str) -> PaymentLink | LinkRefused:
        """Where what is due can be paid; see :meth:`balie.payments.service.PaymentService.make_retry_link`.

        Raises:
            OrderNotFoundError: See :meth:`get_order`.
            PaymentProviderDownError: There is no link now.
        """
        number = self._visible(order_number)
        return await self._payments.make_retry_link(self.access.customer_id, number, key=key)

    async def promise_payment_link(self, order_number: str, *, key: str) -> PromisedLink | LinkRefused:
        """Have such a link mailed as soon as there is one.

        Raises:
            OrderNotFoundError: See :meth:`get_order`.
        """
        number = self._visible(order_number)
        return await self._payments.promise_link(self.access.customer_id, number, key=key)

    async def find_loyalty(self) -> LoyaltyView | None:
        """How the customer stands in the loyalty programme; None when that may not be seen."""
        if not self.access.covers_customer:
            return None
        return await self._customers.get_loyalty(self.access.customer_id)

    async def find_home(self) -> AddressView | None:
        """Where the customer lives; None when unknown, or when that may not be used."""
        if not self.access.covers_customer:
            return None
        return await self._customers.find_home_address(self.access.customer_id)

    def _narrowed(self, order_number: str | None) -> str | None:
        """The order to ask for: the one that may be seen when none is named; None means all of them."""
        return self.access.only_order if order_number is None else self._visible(order_number)

    def _visible(self, order_number: str) -> str:
        if not self.access.covers_order(order_number):
            raise OrderNotFoundError(order_number)
        return order_number


class RecordsOffice:
    """Opens records for conversations whose customer is known."""

    def __init__(
        self,
        conversations: ConversationService,
        books: Books,
        *,
        clock: Clock,
    ) -> None:
        self._conversations = conversations
        self._books = books
        self._clock = clock

    async def open_for(self, conversation_id: ConversationId | None) -> Records | None:
        """The records that a conversation may see; None when nobody showed who they are, or too long ago."""
        conversation = await self._find(conversation_id)
        access = None if conversation is None else decide_access(conversation, now=self._clock())
        if access is None:
            return None
        return Records(access, self._books)

    async def has_lapsed(self, conversation_id: ConversationId | None) -> bool:
        """Whether somebody showed who they are in this conversation, but too long ago to go by it."""
        conversation = await self._find(conversation_id)
        return conversation is not None and has_lapsed(conversation, now=self._clock())

    async def _find(self, conversation_id: ConversationId | None) -> Conversation | None:
        if conversation_id is None:
            return None
        try:
            return await self._conversations.get_conversation(conversation_id)
        except ConversationNotFoundError:
            return None
