"""Reviews, and who may write one."""

from __future__ import annotations

from sqlalchemy import select

from balie.catalogue.models import ProductRow, ProductVariantRow
from balie.errands.models import ReviewRow
from balie.orders.assemble import order_status
from balie.orders.models import OrderLineRow, OrderRow
from balie.orders.repository import OrderRepository
from balie.orders.status import OrderStatus
from balie.storage.unit_of_work import Session

_RECEIVED = frozenset({OrderStatus.DELIVERED, OrderStatus.RETURNED})


class ReviewRepository:
    """Works within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_received_product(self, sku: str, customer_id: int) -> ProductRow | None:
        """The product of this number, sold or not, if this customer received it once; else None."""
        product = (await self._session.scalars(select(ProductRow).where(ProductRow.sku == sku))).one_or_none()
        if product is None:
            return None
        query = (
            select(OrderRow)
            .join(OrderLineRow, OrderLineRow.order_id == OrderRow.id)
            .join(ProductVariantRow, ProductVariantRow.id == OrderLineRow.variant_id)
            .where(OrderRow.customer_id == customer_id, ProductVariantRow.product_id == product.id)
            .distinct()
        )
        orders = (await self._session.scalars(query)).all()
        records = await OrderRepository(self._session).load_records(orders)
        return product if any(order_status(record) in _RECEIVED for record in records) else None

    async def find_review(self, product_id: int, customer_id: int) -> ReviewRow | None:
        """What the customer said of the product before, or None."""
        query = select(ReviewRow).where(
            ReviewRow.product_id == product_id, ReviewRow.customer_id == customer_id
        )
        return (await self._session.scalars(query)).one_or_none()
