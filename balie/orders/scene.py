"""Everything a change has to look at, as it stands in one transaction, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from balie.cases.models import CaseRow
from balie.catalogue.kinds import DeliveryKind
from balie.catalogue.models import ProductRow, ProductVariantRow, StockRow
from balie.kernel.clock import local_day
from balie.orders.amounts import settle
from balie.orders.assemble import deciding_payment, order_status
from balie.orders.double_charges import Taken, find_double_charges
from balie.orders.kinds import DeliveryMethod, PaymentMethod
from balie.orders.models import (
    OrderLineRow,
    PaymentRow,
    RefundRow,
    ReservationRow,
    ReturnLineRow,
    ReturnRow,
)
from balie.orders.policy_facts import ChangeFacts, ItemFacts
from balie.orders.remedies import Trouble
from balie.orders.repository import OrderRecord
from balie.orders.terms import Terms
from balie.orders.working_days import add_working_days

_CARRIES: Mapping[DeliveryKind, frozenset[DeliveryMethod]] = {
    DeliveryKind.PARCEL: frozenset(DeliveryMethod),
    DeliveryKind.BULKY: frozenset(
        {DeliveryMethod.BULKY, DeliveryMethod.BIKE, DeliveryMethod.CLICK_AND_COLLECT}
    ),
    DeliveryKind.BIKE: frozenset({DeliveryMethod.BIKE, DeliveryMethod.CLICK_AND_COLLECT}),
}


@dataclass(frozen=True, slots=True)
class VariantRecord:
    """A variant, its product, and its stock in the web warehouse (None where none is kept)."""

    variant: ProductVariantRow
    product: ProductRow
    stock: StockRow | None


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One order with all that a change of it touches.

    Attributes:
        returns: Oldest first.
        cases: Open ones about this order.
        variants: Those of the lines, and those that are wanted, by their sku.
        member: Whether the customer is in the loyalty programme.
    """

    record: OrderRecord
    returns: Sequence[ReturnRow]
    return_lines: Sequence[ReturnLineRow]
    reservations: Sequence[ReservationRow]
    refunds: Sequence[RefundRow]
    cases: Sequence[CaseRow]
    variants: Mapping[str, VariantRecord]
    member: bool
    now: datetime
    timezone: ZoneInfo

    @property
    def today(self) -> date:
        """The day in the shop's time zone."""
        return local_day(self.now, self.timezone)

    @property
    def delivery_method(self) -> DeliveryMethod:
        """How the order travels."""
        return DeliveryMethod(self.record.order.delivery_method)

    @property
    def received_on(self) -> date | None:
        """When the last of it was delivered; None while that has not happened."""
        moments = [parcel.delivered_at for parcel in self.record.shipments]
        delivered = [moment for moment in moments if moment is not None]
        if not delivered or len(delivered) < len(moments):
            return None
        return local_day(max(delivered), self.timezone)

    @property
    def goods_minor(self) -> int:
        """Price of all pieces, without discount."""
        return sum(line.quantity * line.unit_price_minor for line in self.record.lines)

    @property
    def payment_method(self) -> PaymentMethod | None:
        """The way money goes back, or is asked for; None when nobody ever tried to pay."""
        payment = deciding_payment(self.record)
        return None if payment is None else PaymentMethod(payment.method)

    @property
    def open_payments(self) -> list[PaymentRow]:
        """Tries to pay that have not ended."""
        return [one for one in self.record.payments if one.paid_at is None and one.failed_at is None]

    @property
    def paid_minor(self) -> int:
        """What the customer has paid."""
        return sum(one.amount_minor for one in self.record.payments if one.paid_at is not None)

    @cached_property
    def promised_back(self) -> list[RefundRow]:
        """Refunds that are paid or still going to be."""
        return [refund for refund in self.refunds if refund.refused_at is None]

    @property
    def given_back_minor(self) -> int:
        """What went back because the order became cheaper, not because items came back."""
        return sum(one.amount_minor for one in self.promised_back if one.return_id is None)

    @property
    def held_minor(self) -> int:
        """What we have of the customer and have not promised back: no refund may be more."""
        return max(self.paid_minor - sum(one.amount_minor for one in self.promised_back), 0)

    def money_back_by(self, terms: Terms) -> date:
        """The last day on which a refund of today should be seen."""
        days = terms.refund_working_days + terms.bank_working_days
        return add_working_days(self.today, days, self.record.order.country)

    def find_line(self, position: int) -> OrderLineRow | None:
        """The line at a position of the receipt, or None."""
        return next((line for line in self.record.lines if line.position == position), None)

    def find_variant_of(self, line: OrderLineRow) -> VariantRecord | None:
        """The variant that a line was copied from; None when it is gone."""
        found = (one for one in self.variants.values() if one.variant.id == line.variant_id)
        return next(found, None)

    def is_sold(self, wanted: VariantRecord) -> bool:
        """Whether a variant can be bought now, in the money of this order."""
        return wanted.product.active and wanted.variant.currency == self.record.order.currency

    def carries(self, wanted: VariantRecord) -> bool:
        """Whether a variant can travel the way the order does."""
        return self.delivery_method in _CARRIES[DeliveryKind(wanted.product.delivery_kind)]

    def announced(self, line: OrderLineRow) -> int:
        """How many pieces of a line are on their way back, or back."""
        return sum(one.quantity for one in self.return_lines if one.order_line_id == line.id)

    def refundable_return_lines(self, returned: ReturnRow) -> list[ReturnLineRow]:
        """The lines of a return for which the customer gets money, not another variant."""
        # A variant that went back on the shelf is not waiting for anybody any more.
        exchanged = {one.return_line_id for one in self.reservations if one.released_at is None}
        return [one for one in self.return_lines if one.return_id == returned.id and one.id not in exchanged]

    def unit_price_of(self, returned: ReturnLineRow) -> int:
        """What one piece of it cost on the receipt."""
        found = (line.unit_price_minor for line in self.record.lines if line.id == returned.order_line_id)
        return next(found, 0)

    def overpaid_minor(self, terms: Terms) -> int:
        """Money that we hold although the order does not cost it."""
        order = self.record.order
        cancelled = order.cancelled_at is not None
        total = cancellation_fee(self, terms) if cancelled else order.total_minor
        owed = settle(paid_minor=self.paid_minor, given_back_minor=self.given_back_minor, total_minor=total)
        return min(owed.refund_minor, self.held_minor)

    def double_charges(self, terms: Terms) -> tuple[Taken, ...]:
        """Payments that took an amount a second time and of which nothing goes back yet, oldest first."""
        going_back = {refund.payment_id for refund in self.promised_back}
        taken = [
            Taken(payment_id=one.id, amount_minor=one.amount_minor, paid_at=one.paid_at)
            for one in self.record.payments
            if one.paid_at is not None and one.id not in going_back
        ]
        return find_double_charges(taken, overpaid_minor=self.overpaid_minor(terms))

    def item_facts(self, line: OrderLineRow, terms: Terms) -> ItemFacts:
        """What the policy looks at of one line, while nothing is wanted of it."""
        variant = self.find_variant_of(line)
        category = None if variant is None else variant.product.category
        return ItemFacts(
            quantity=line.quantity,
            announced=self.announced(line),
            reported=self.reported(line),
            sealed=category in terms.sealed_categories,
            # What is built for one customer cannot be sold to the next.
            excluded=category in terms.excluded_categories | terms.made_to_measure_categories,
        )

    def reported(self, line: OrderLineRow) -> int:
        """Pieces of a line about which a case is open, and that are not on their way back."""
        about_it = [case.facts for case in self.cases if case.facts.get("position") == line.position]
        pieces = sum(int(facts.get("quantity", 0)) for facts in about_it)
        return max(pieces - self.announced(line), 0)

    def trouble_of(self, line: OrderLineRow, quantity: int, terms: Terms) -> Trouble:
        """What can be done about pieces of a line that are not as they should be."""
        variant = self.find_variant_of(line)
        in_stock = 0 if variant is None or variant.stock is None else variant.stock.quantity
        return Trouble(
            in_stock=variant is not None and self.is_sold(variant) and in_stock >= quantity,
            repairable=variant is not None and variant.product.category in terms.repairable_categories,
        )

    def change_facts(
        self, terms: Terms, *, refundable_minor: int, new_country: str | None = None
    ) -> ChangeFacts:
        """What the policy looks at, while no line is chosen."""
        categories = {one.product.category for one in map(self.find_variant_of, self.record.lines) if one}
        waiting = any(one.paid_at is None for one in self.promised_back)
        return ChangeFacts(
            status=order_status(self.record),
            today=self.today,
            received_on=self.received_on,
            delivery_method=self.delivery_method,
            country=self.record.order.country,
            refundable_minor=refundable_minor,
            refund_waiting=waiting,
            refund_refused=not waiting and any(one.refused_at is not None for one in self.refunds),
            made_to_measure=not categories.isdisjoint(terms.made_to_measure_categories),
            items=tuple(self.item_facts(line, terms) for line in self.record.lines),
            new_country=new_country,
        )


def cancellation_fee(scene: Scene, terms: Terms) -> int:
    """What is kept of a cancelled order, in cents; never more than was paid."""
    fee = terms.cancellation_fee
    paid = scene.paid_minor - scene.given_back_minor
    return min(fee.minor_units, max(paid, 0)) if fee.currency == scene.record.order.currency else 0
