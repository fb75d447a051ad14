from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from balie.orders.kinds import ShipmentEventKind
from balie.orders.status import (
    OrderFacts,
    OrderStatus,
    ParcelFacts,
    PaymentState,
    RefundState,
    derive_order_status,
    derive_payment_state,
    derive_refund_state,
    late_by_working_days,
)

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
PLACED = OrderFacts(
    paid=False, packed_at=None, cancelled_at=None, parcels=(), ordered_quantity=2, returned_quantity=0
)
SENT = ParcelFacts(shipped_at=NOON, ready_at=None, delivered_at=None, latest_event=None)
DELIVERED = replace(SENT, delivered_at=NOON)
READY = replace(SENT, ready_at=NOON)
ON_THE_VAN = replace(SENT, latest_event=ShipmentEventKind.OUT_FOR_DELIVERY)
NOBODY_HOME = replace(SENT, latest_event=ShipmentEventKind.DELIVERY_FAILED)
ANNOUNCED = replace(SENT, shipped_at=None)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (PLACED, OrderStatus.PLACED),
        (replace(PLACED, paid=True), OrderStatus.PAID),
        (replace(PLACED, paid=True, packed_at=NOON), OrderStatus.PACKED),
        (replace(PLACED, packed_at=NOON, parcels=[ANNOUNCED]), OrderStatus.PACKED),
        (replace(PLACED, parcels=[SENT]), OrderStatus.SHIPPED),
        (replace(PLACED, parcels=[ON_THE_VAN]), OrderStatus.OUT_FOR_DELIVERY),
        (replace(PLACED, parcels=[NOBODY_HOME]), OrderStatus.SHIPPED),
        (replace(PLACED, parcels=[READY]), OrderStatus.READY_FOR_PICKUP),
        (replace(PLACED, parcels=[DELIVERED]), OrderStatus.DELIVERED),
        (replace(PLACED, parcels=[DELIVERED, SENT]), OrderStatus.SHIPPED),
        (replace(PLACED, parcels=[DELIVERED, ON_THE_VAN]), OrderStatus.OUT_FOR_DELIVERY),
        (replace(PLACED, parcels=[READY, SENT]), OrderStatus.SHIPPED),
        (replace(PLACED, parcels=[DELIVERED], returned_quantity=1), OrderStatus.DELIVERED),
        (replace(PLACED, parcels=[DELIVERED], returned_quantity=2), OrderStatus.RETURNED),
        (replace(PLACED, paid=True, cancelled_at=NOON), OrderStatus.CANCELLED),
        (replace(PLACED, ordered_quantity=0), OrderStatus.PLACED),
    ],
)
def test_status_follows_from_the_facts(facts: OrderFacts, status: OrderStatus) -> None:
    assert derive_order_status(facts) is status


@pytest.mark.parametrize(
    ("promised_on", "arrived_on", "today", "days"),
    [
        (date(2026, 11, 3), None, date(2026, 11, 3), 0),
        (date(2026, 11, 3), None, date(2026, 11, 2), 0),
        (date(2026, 11, 3), None, date(2026, 11, 4), 1),
        (date(2026, 10, 30), None, date(2026, 11, 1), 0),
        (date(2026, 10, 30), None, date(2026, 11, 2), 1),
        (date(2026, 10, 30), date(2026, 10, 31), date(2026, 12, 1), 0),
        (date(2026, 10, 30), date(2026, 11, 3), date(2026, 12, 1), 2),
        (date(2026, 12, 24), None, date(2026, 12, 28), 1),
    ],
    ids=[
        "promised today",
        "promised tomorrow",
        "promised yesterday",
        "only a weekend lies between",
        "a weekend and a Monday",
        "arrived on Saturday",
        "arrived two working days late",
        "Christmas and a weekend do not count",
    ],
)
def test_lateness_counts_working_days(
    promised_on: date, arrived_on: date | None, today: date, days: int
) -> None:
    assert late_by_working_days(promised_on, arrived_on=arrived_on, today=today, country="NL") == days


def test_holidays_of_the_country_it_goes_to_count() -> None:
    lateness = {
        country: late_by_working_days(
            date(2026, 11, 10), arrived_on=None, today=date(2026, 11, 11), country=country
        )
        for country in ("NL", "BE", "XX")
    }

    assert lateness == {"NL": 1, "BE": 0, "XX": 1}


@pytest.mark.parametrize(
    ("paid_at", "failed_at", "state"),
    [
        (NOON, None, PaymentState.PAID),
        (None, NOON, PaymentState.FAILED),
        (None, None, PaymentState.OPEN),
    ],
)
def test_payment_is_open_until_it_succeeds_or_fails(
    paid_at: datetime | None, failed_at: datetime | None, state: PaymentState
) -> None:
    assert derive_payment_state(paid_at=paid_at, failed_at=failed_at) is state


@pytest.mark.parametrize(
    ("approved", "refused", "paid", "waits", "state"),
    [
        (None, None, None, False, RefundState.ASKED),
        (None, None, None, True, RefundState.WAITING_FOR_RETURN),
        (NOON, None, None, False, RefundState.APPROVED),
        (NOON, None, NOON, False, RefundState.PAID),
        (None, NOON, None, False, RefundState.REFUSED),
    ],
)
def test_refund_state_follows_from_its_moments(
    approved: datetime | None,
    refused: datetime | None,
    paid: datetime | None,
    waits: bool,
    state: RefundState,
) -> None:
    found = derive_refund_state(
        approved_at=approved, refused_at=refused, paid_at=paid, waits_for_return=waits
    )

    assert found is state
