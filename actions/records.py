"""The one door to a customer's records: whatever an action learns about somebody, it learns here."""

from __future__ import annotations

from balie.assistant.access import Access, decide_access
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.service import ConversationService
from balie.customers.service import CustomerService
from balie.customers.views import AddressView, LoyaltyView
from balie.kernel.ids import ConversationId
from balie.orders.changes import ChangeService
from balie.orders.changes_asked import Request, Turn
from balie.orders.errors import OrderNotFoundError
from balie.orders.options import Options
from balie.orders.outcomes import Offer, Outcome, Refused
from balie.orders.policy_facts import Change
from balie.orders.service import OrderService
from balie.orders.views import DeliveryView, InvoiceView, OrderView, RefundView


class Records:
    """One customer's records, as far as the conversation may see them."""

    def __init__(
        self, access: Access, orders: OrderService, customers: CustomerService, changes: ChangeService
    ) -> None:
        self.access = access
        self._orders = orders
        self._customers = customers
        self._changes = changes

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
        orders: OrderService,
        customers: CustomerService,
        changes: ChangeService,
    ) -> None:
        self._conversations = conversations
        self._orders = orders
        self._customers = customers
        self._changes = changes

    async def open_for(self, conversation_id: ConversationId | None) -> Records | None:
        """The records that a conversation may see; None when nobody has shown who they are."""
        if conversation_id is None:
            return None
        try:
            conversation = await self._conversations.get_conversation(conversation_id)
        except ConversationNotFoundError:
            return None
        access = decide_access(conversation)
        if access is None:
            return None
        return Records(access, self._orders, self._customers, self._changes)
