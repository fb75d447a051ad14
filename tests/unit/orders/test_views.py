from __future__ import annotations

from datetime import date

from balie.orders.kinds import DeliveryMethod
from balie.orders.status import OrderStatus
from balie.orders.views import DeliveryView


def test_delivery_without_parcels_has_no_carrier() -> None:
    day = date(2026, 11, 3)

    delivery = DeliveryView(
        order_number="DD1048213",
        status=OrderStatus.PAID,
        method=DeliveryMethod.STANDARD,
        promised_on=day,
        expected_on=day,
        delivered_on=None,
        late_by_working_days=0,
        pickup_place=None,
        city="Ede",
        parcels=(),
    )

    assert (delivery.carrier, delivery.track_code, delivery.track_url, delivery.events) == (
        None,
        None,
        None,
        (),
    )
    assert not delivery.is_late
