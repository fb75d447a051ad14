"""Finds what a customer may choose from."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from balie.catalogue.models import ProductRow, ProductVariantRow
from balie.orders.models import OrderLineRow, OrderRow, ShipmentRow
from balie.storage.unit_of_work import Session


class ChoiceRepository:
    """Works within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_delivered(self, customer_id: int) -> Sequence[ProductRow]:
        """Products of orders of which something was delivered, newest order first; some more than once."""
        delivered = (
            select(ShipmentRow.id)
            .where(ShipmentRow.order_id == OrderRow.id, ShipmentRow.delivered_at.is_not(None))
            .exists()
        )
        query = (
            select(ProductRow)
            .join(ProductVariantRow, ProductVariantRow.product_id == ProductRow.id)
            .join(OrderLineRow, OrderLineRow.variant_id == ProductVariantRow.id)
            .join(OrderRow, OrderRow.id == OrderLineRow.order_id)
            .where(OrderRow.customer_id == customer_id, delivered)
            .order_by(OrderRow.placed_at.desc(), OrderLineRow.position)
            .limit(50)
        )
        return (await self._session.scalars(query)).all()
