"""The customer's side of a card: who it is, and how the order they talk about stands. Touches no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from balie.cases.kinds import CaseKind
from balie.cases.models import CaseRow
from balie.conversations.access import Level, has_lapsed
from balie.customers.loyalty import PointsEntry, work_out_balance
from balie.customers.models import LoyaltyEntryRow
from balie.handoff.bands import BandTerms, find_band
from balie.handoff.card_loading import CardRecord, named_orders
from balie.handoff.card_views import CardCase, CardCustomer, CardOrder, History
from balie.handoff.suggestions import CaseSituation, OrderSituation, RefundSituation
from balie.kernel.clock import local_day
from balie.kernel.money import Money
from balie.orders.assemble import ViewAssembler, order_status
from balie.orders.kinds import ShipmentEventKind
from balie.orders.policy_facts import Change, Verdict
from balie.orders.repository import OrderRecord
from balie.orders.status import OrderStatus, RefundState
from balie.orders.views import DeliveryView, RefundView

REPEAT_HOURS: Final = (24, 72)
"""A conversation so soon after another is said to be the same question again (``numbers``)."""
_ARRIVED: Final = frozenset(
    {OrderStatus.DELIVERED, OrderStatus.CANCELLED, OrderStatus.RETURNED, OrderStatus.READY_FOR_PICKUP}
)
_NOT_HANDED_OVER: Final = frozenset({ShipmentEventKind.DELIVERY_FAILED, ShipmentEventKind.SENT_BACK})
_URGENCY: Final[Mapping[RefundState, int]] = {RefundState.REFUSED: 1, RefundState.PAID: 3}


@dataclass(frozen=True, slots=True)
class Focus:
    """The order that it is about."""

    record: OrderRecord
    delivery: DeliveryView
    placed_on: date


class PersonReader:
    """Reads the rows of a card at one moment."""

    def __init__(self, record: CardRecord, terms: BandTerms, now: datetime, timezone: ZoneInfo) -> None:
        """Build it; ``timezone`` is where the shop's days begin and end."""
        self._record = record
        self._terms = terms
        self._now = now
        self._timezone = timezone
        self._assembler = ViewAssembler(timezone)

    @property
    def today(self) -> date:
        """The day in the shop's time zone."""
        return local_day(self._now, self._timezone)

    def read_customer(self) -> CardCustomer | None:
        """Who it is; None while nobody has shown who they are."""
        person, access = self._record.person, self._record.access
        if person is None or access is None:
            return None
        customer, purchases = person.customer, person.purchases
        return CardCustomer(
            known=access.covers_customer,
            level=access.level.name.lower(),
            lapsed=has_lapsed(self._record.conversation, now=self._now),
            name=f"{customer.first_name} {customer.last_name}",
            external_id=customer.external_id,
            language=customer.language,
            band=None if purchases is None else find_band(purchases, self._terms, self._now),
            since=customer.registered_at if access.covers_customer else None,
            lifetime_total=None if purchases is None else Money(purchases.paid_minor, self._terms.currency),
            orders=tuple(_card_order(record) for record in person.orders),
            open_cases=self.read_cases(),
            consents=person.consents,
            loyalty_points=None if person.entries is None else self._points(person.entries),
        )

    def read_cases(self) -> tuple[CardCase, ...]:
        """The open cases, the one that was promised first first."""
        return tuple(self._card_case(case) for case in self._record.cases)

    def read_history(self) -> History:
        """The conversations before this one."""
        count, last_at = (0, None) if self._record.person is None else self._record.person.earlier
        if last_at is None:
            return History(count)
        ago = self._record.conversation.created_at - last_at
        within = next((hours for hours in REPEAT_HOURS if ago <= timedelta(hours=hours)), None)
        return History(count, last_at, within)

    def find_focus(self) -> Focus | None:
        """The order that was named; else one that is in trouble; else the newest; None without orders."""
        records = () if self._record.person is None else self._record.person.orders
        all_of_them = [self._focus_on(record) for record in records]
        named = named_orders(self._record.conversation, self._record.slots)
        of_it = (one for number in named for one in all_of_them if one.record.order.number == number)
        troubled = (one for one in all_of_them if _late_by(one.delivery) or _is_back(one.delivery))
        return next(of_it, None) or next(troubled, None) or next(iter(all_of_them), None)

    def read_refund(self, focus: Focus | None) -> RefundView | None:
        """The refund that needs somebody most, of the order that it is about before those of others."""
        found = [] if self._record.person is None else self._record.person.refunds
        views = [self._assembler.refund_view(*rows, today=self.today) for rows in found]
        number = None if focus is None else focus.record.order.number
        waiting = [view for view in views if view.state is not RefundState.PAID]
        return min(
            waiting,
            key=lambda view: (not view.overdue, view.order_number != number, _URGENCY.get(view.state, 2)),
            default=None,
        )

    @property
    def is_known(self) -> bool:
        """Whether anybody has shown who they are, if only with an order."""
        return self._record.access is not None and self._record.access.level >= Level.ORDER

    def _focus_on(self, record: OrderRecord) -> Focus:
        delivery = self._assembler.delivery_view(record, today=self.today)
        return Focus(record, delivery, local_day(record.order.placed_at, self._timezone))

    def _points(self, entries: Sequence[LoyaltyEntryRow]) -> int:
        points = [
            PointsEntry(entry.points, local_day(entry.recorded_at, self._timezone), entry.expires_on)
            for entry in entries
        ]
        return work_out_balance(points, today=self.today).points

    def _card_case(self, case: CaseRow) -> CardCase:
        return CardCase(
            number=case.number,
            kind=CaseKind(case.kind),
            promised_by=case.promised_by,
            wants_person=case.wants_person,
            overdue=case.promised_by < self.today,
        )


def order_situation(focus: Focus, verdicts: Mapping[Change, Verdict]) -> OrderSituation:
    """How an order stands, for whoever suggests something."""
    delivery = focus.delivery
    return OrderSituation(
        number=delivery.order_number,
        status=delivery.status,
        promised_on=delivery.promised_on,
        late_by=_late_by(delivery),
        is_shipped=any(parcel.shipped_on is not None for parcel in delivery.parcels),
        is_back=_is_back(delivery),
        verdicts=verdicts,
    )


def refund_situation(refund: RefundView) -> RefundSituation:
    """How a refund stands, for whoever suggests something."""
    return RefundSituation(refund.order_number, refund.state, refund.overdue, refund.expected_by)


def case_situation(cases: Sequence[CardCase]) -> CaseSituation | None:
    """The case that needs somebody most; None without any."""
    if not cases:
        return None
    case = min(cases, key=lambda one: (not one.overdue, not one.wants_person, one.promised_by))
    return CaseSituation(case.number, case.kind.value, case.promised_by, case.wants_person, case.overdue)


def _card_order(record: OrderRecord) -> CardOrder:
    order = record.order
    total = Money(order.total_minor, order.currency)
    return CardOrder(order.number, order_status(record), order.placed_at, total)


def _late_by(delivery: DeliveryView) -> int:
    """What has arrived, however late, is not late any more."""
    return 0 if delivery.status in _ARRIVED else delivery.late_by_working_days


def _is_back(delivery: DeliveryView) -> bool:
    events = delivery.events
    return delivery.status not in _ARRIVED and bool(events) and events[0].kind in _NOT_HANDED_OVER
