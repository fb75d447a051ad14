"""Lets the simulated provider know of the payments that the demo shop says it took."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from balie.orders.models import OrderRow, PaymentRow
from balie.payments.kinds import ProviderState
from balie.payments.models import SimulatedPaymentRow, SimulatedRefundRow
from balie.storage.bulk import delete_everything, insert_rows
from balie.storage.engine import open_sync_engine
from balie.storage.unit_of_work import bulk_write


def adopt_demo_payments(database_url: str) -> int:
    """Let the simulated provider begin anew with the payments of a demo shop that was just loaded.

    Returns:
        How many there are.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    engine = open_sync_engine(database_url)
    query = (
        select(
            PaymentRow.provider_id,
            PaymentRow.amount_minor,
            PaymentRow.paid_at,
            OrderRow.currency,
            OrderRow.number,
        )
        .join(OrderRow, OrderRow.id == PaymentRow.order_id)
        .where(PaymentRow.provider_id.is_not(None))
    )
    try:
        with bulk_write(engine) as connection:
            delete_everything(connection, (SimulatedRefundRow, SimulatedPaymentRow))
            rows = [
                _row(provider_id, amount_minor, paid_at, currency, number)
                for provider_id, amount_minor, paid_at, currency, number in connection.execute(query)
                if provider_id is not None and paid_at is not None
            ]
            insert_rows(connection, SimulatedPaymentRow, rows)
    finally:
        engine.dispose()
    return len(rows)


def _row(
    provider_id: str, amount_minor: int, paid_at: datetime, currency: str, order_number: str
) -> dict[str, Any]:
    return {
        "provider_id": provider_id,
        "key": provider_id,
        "amount_minor": amount_minor,
        "currency": currency,
        "description": order_number,
        "return_url": "",
        "state": ProviderState.PAID.value,
        "failure": None,
        "expires_at": paid_at + timedelta(days=1),
        "paid_at": paid_at,
    }
