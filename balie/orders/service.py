"""What the rest of Balie may ask about orders.

Every question names the customer it is asked for: an order of somebody else and a missing one are the
same :class:`OrderNotFoundError`.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from balie.customers.repository import CustomerRepository
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, local_day, utc_now
from balie.orders.assemble import ViewAssembler
from balie.orders.errors import InvoiceNotFoundError, OrderNotFoundError
from balie.orders.identification import check_proof, order_number_candidates, read_proof
from balie.orders.models import OrderRow
from balie.orders.repository import OrderRecord, OrderRepository
from balie.orders.views import DeliveryView, Identified, InvoiceView, OrderView, RefundView
from balie.storage.unit_of_work import Session, UnitOfWork


class OrderService:
    """Answers questions about orders; changes nothing.

    Order numbers may be given as people write them: ``dd 1048213``, ``#DD1048213``, ``1048213``.
    """

    def __init__(
        self, unit_of_work: UnitOfWork, *, clock: Clock = utc_now, timezone: ZoneInfo = DEFAULT_TIMEZONE
    ) -> None:
        """Build the service; ``timezone`` is where the shop's days begin and end."""
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._timezone = timezone
        self._assembler = ViewAssembler(timezone)

    async def get_order(self, customer_id: int, order_number: str) -> OrderView:
        """One order of this customer.

        Raises:
            OrderNotFoundError: There is none with this number, or it is somebody else's.
        """
        return self._assembler.order_view(await self._get_record(customer_id, order_number))

    async def find_latest_order(self, customer_id: int) -> OrderView | None:
        """The order placed last, whatever became of it; None for a customer without orders."""
        newest = await self.list_recent_orders(customer_id, limit=1)
        return newest[0] if newest else None

    async def list_recent_orders(self, customer_id: int, limit: int = 5) -> tuple[OrderView, ...]:
        """The customer's orders, newest first, at most ``limit``."""

        async def ask(session: Session) -> list[OrderRecord]:
            repository = OrderRepository(session)
            return await repository.load_records(await repository.list_newest(customer_id, limit))

        records = await self._unit_of_work.run_asking(ask)
        return tuple(self._assembler.order_view(record) for record in records)

    async def identify(self, order_number: str, proof: str) -> Identified | None:
        """Whose order this is, if the proof shows it.

        Args:
            order_number: As written by the customer.
            proof: The e-mail address of the order or the customer, or the postcode of the order or one
                of the customer's addresses; a sentence around it does no harm.

        Returns:
            None when there is no such order as well as when the proof is wrong or missing: nobody
            learns which. How often somebody may try is the caller's to limit.
        """
        async with self._unit_of_work.read() as session:
            order = await OrderRepository(session).find_by_number(order_number_candidates(order_number))
            # The same queries are made without an order, so that time tells nothing either.
            customers = CustomerRepository(session)
            customer_id = 0 if order is None else order.customer_id
            customer = await customers.find_by_id(customer_id)
            addresses = await customers.list_addresses(customer_id)
        if order is None or customer is None:
            return None
        kind = check_proof(
            read_proof(proof),
            emails={order.email, customer.email},
            postcodes={order.postcode, *(address.postcode for address in addresses)},
        )
        return None if kind is None else Identified(order.customer_id, order.number, kind)

    async def get_delivery(self, customer_id: int, order_number: str) -> DeliveryView:
        """Where an order of this customer is.

        Raises:
            OrderNotFoundError: There is none with this number, or it is somebody else's.
        """
        record = await self._get_record(customer_id, order_number)
        return self._assembler.delivery_view(record, today=self._today())

    async def get_invoice(self, customer_id: int, order_number: str | None = None) -> InvoiceView:
        """The invoice of an order, or the customer's newest.

        Raises:
            OrderNotFoundError: There is no such order, or it is somebody else's.
            InvoiceNotFoundError: There is no invoice yet.
        """
        async with self._unit_of_work.read() as session:
            repository = OrderRepository(session)
            order = await _get_order_if_named(session, customer_id, order_number)
            found = await repository.find_invoice(customer_id, None if order is None else order.id)
            if found is None:
                raise InvoiceNotFoundError(None if order is None else order.number)
            invoice, invoiced = found
            [record] = await repository.load_records([invoiced])
        return self._assembler.invoice_view(invoice, record)

    async def list_refunds(self, customer_id: int, order_number: str | None = None) -> tuple[RefundView, ...]:
        """The refunds of an order, or all of the customer's, newest first; empty when there are none.

        Raises:
            OrderNotFoundError: There is no such order, or it is somebody else's.
        """
        async with self._unit_of_work.read() as session:
            order = await _get_order_if_named(session, customer_id, order_number)
            found = await OrderRepository(session).list_refunds(
                customer_id, None if order is None else order.id
            )
        return tuple(self._assembler.refund_view(*rows, today=self._today()) for rows in found)

    async def _get_record(self, customer_id: int, order_number: str) -> OrderRecord:
        return await self._unit_of_work.run_asking(
            lambda session: _get_record(session, customer_id, order_number)
        )

    def _today(self) -> date:
        return local_day(self._clock(), self._timezone)


async def _get_order_row(session: Session, customer_id: int, order_number: str) -> OrderRow:
    order = await OrderRepository(session).find_by_number(order_number_candidates(order_number))
    if order is None:
        raise OrderNotFoundError(order_number)
    if order.customer_id != customer_id:
        raise OrderNotFoundError(order_number)
    return order


async def _get_order_if_named(
    session: Session, customer_id: int, order_number: str | None
) -> OrderRow | None:
    return None if order_number is None else await _get_order_row(session, customer_id, order_number)


async def _get_record(session: Session, customer_id: int, order_number: str) -> OrderRecord:
    order = await _get_order_row(session, customer_id, order_number)
    [record] = await OrderRepository(session).load_records([order])
    return record
