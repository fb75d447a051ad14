"""What stands on an invoice or credit note, read from the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from balie.customers.repository import CustomerRepository
from balie.kernel.clock import DEFAULT_TIMEZONE, local_day
from balie.kernel.money import Money
from balie.orders.assemble import deciding_payment, name_and_address
from balie.orders.errors import InvoiceNotFoundError
from balie.orders.kinds import InvoiceKind
from balie.orders.models import InvoiceRow, OrderRow
from balie.orders.repository import OrderRepository
from balie.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One position: names per language, price with tax."""

    names: Mapping[str, str]
    size: str | None
    quantity: int
    unit_price: Money
    price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePaper:
    """An invoice, or a credit note, which has no lines of its own.

    Attributes:
        language: The customer's own.
        buyer: Lines of name and address, without the country.
        tax: Contained in ``total``; ``net`` is the total without it.
        tax_percent: As the store's amounts give it, to a tenth.
        paid_on: None while it is not paid, and on a credit note.
    """

    number: str
    kind: InvoiceKind
    order_number: str
    language: str
    buyer: tuple[str, ...]
    country: str
    issued_on: date
    due_on: date
    paid_on: date | None
    lines: tuple[InvoiceLine, ...]
    shipping: Money
    discount: Money
    net: Money
    tax: Money
    tax_percent: float
    total: Money


class InvoicePapers:
    """Finds invoices by their number."""

    def __init__(self, unit_of_work: UnitOfWork, *, timezone: ZoneInfo = DEFAULT_TIMEZONE) -> None:
        self._unit_of_work = unit_of_work
        self._timezone = timezone

    async def get_paper(self, number: str) -> InvoicePaper:
        """One invoice or credit note.

        Raises:
            InvoiceNotFoundError: There is none with this number.
            StoreUnavailableError: The database cannot be used.
        """
        async with self._unit_of_work.read() as session:
            invoice = await session.scalar(select(InvoiceRow).where(InvoiceRow.number == number))
            if invoice is None:
                raise InvoiceNotFoundError(None)
            order = await session.get_one(OrderRow, invoice.order_id)
            customer = await CustomerRepository(session).find_by_id(order.customer_id)
            [record] = await OrderRepository(session).load_records([order])
        is_invoice = invoice.kind == InvoiceKind.INVOICE
        payment = deciding_payment(record)
        paid_at = payment.paid_at if payment is not None and is_invoice else None
        currency, net_minor = order.currency, invoice.total_minor - invoice.tax_minor
        return InvoicePaper(
            number=invoice.number,
            kind=InvoiceKind(invoice.kind),
            order_number=order.number,
            language="" if customer is None else customer.language,
            buyer=name_and_address(order, customer),
            country=order.country,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            paid_on=None if paid_at is None else local_day(paid_at, self._timezone),
            lines=tuple(
                InvoiceLine(
                    names=line.names,
                    size=line.size,
                    quantity=line.quantity,
                    unit_price=Money(line.unit_price_minor, currency),
                    price=Money(line.quantity * line.unit_price_minor, currency),
                )
                for line in (record.lines if is_invoice else ())
            ),
            shipping=Money(order.shipping_minor if is_invoice else 0, currency),
            discount=Money(order.discount_minor if is_invoice else 0, currency),
            net=Money(net_minor, currency),
            tax=Money(invoice.tax_minor, currency),
            tax_percent=round(100 * invoice.tax_minor / net_minor, 1) if net_minor else 0.0,
            total=Money(invoice.total_minor, currency),
        )
