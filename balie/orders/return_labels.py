"""What stands on the label of a return, read from the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from balie.customers.repository import CustomerRepository
from balie.kernel.clock import DEFAULT_TIMEZONE, local_day
from balie.orders.assemble import name_and_address
from balie.orders.errors import ReturnNotFoundError
from balie.orders.kinds import ReturnMethod
from balie.orders.models import OrderLineRow, OrderRow, ReturnLineRow, ReturnRow
from balie.orders.terms import Terms
from balie.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledItem:
    """Pieces that go into the parcel; names per language."""

    names: Mapping[str, str]
    size: str | None
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLabelView:
    """A label and what is packed under it.

    Attributes:
        language: The customer's own.
        sender: Lines of the address it comes from, the name first.
        send_by: The last day on which the label can be used.
        pick_up_on: The day on which the carrier comes for it; None when the customer takes it there.
        track_code: The carrier's number; None while the carrier does not know of it.
    """

    return_number: str
    order_number: str
    language: str
    sender: tuple[str, ...]
    sender_country: str
    send_by: date
    items: tuple[LabelledItem, ...]
    pick_up_on: date | None = None
    track_code: str | None = None


class ReturnLabels:
    """Finds labels by the number of the return."""

    def __init__(
        self, unit_of_work: UnitOfWork, terms: Terms, *, timezone: ZoneInfo = DEFAULT_TIMEZONE
    ) -> None:
        self._unit_of_work = unit_of_work
        self._terms = terms
        self._timezone = timezone

    async def get_label(self, return_number: str) -> ReturnLabelView:
        """The label of a return that a carrier brings; it does not wait for the carrier's number.

        Raises:
            ReturnNotFoundError: There is no such return, or it is handed in at a store.
            StoreUnavailableError: The database cannot be used.
        """
        async with self._unit_of_work.read() as session:
            returned = await session.scalar(select(ReturnRow).where(ReturnRow.number == return_number))
            if returned is None or returned.method == ReturnMethod.STORE:
                raise ReturnNotFoundError
            order = await session.get_one(OrderRow, returned.order_id)
            customer = await CustomerRepository(session).find_by_id(order.customer_id)
            lines = await session.execute(
                select(ReturnLineRow, OrderLineRow)
                .join(OrderLineRow, OrderLineRow.id == ReturnLineRow.order_line_id)
                .where(ReturnLineRow.return_id == returned.id)
                .order_by(OrderLineRow.position)
            )
            items = tuple(
                LabelledItem(names=line.names, size=line.size, quantity=back.quantity) for back, line in lines
            )
        announced_on = local_day(returned.announced_at, self._timezone)
        return ReturnLabelView(
            return_number=returned.number,
            order_number=order.number,
            language="" if customer is None else customer.language,
            sender=name_and_address(order, customer),
            sender_country=order.country,
            send_by=announced_on + timedelta(days=self._terms.label_days),
            items=items,
            pick_up_on=returned.pick_up_on,
            track_code=returned.track_code,
        )
