"""Queries on products and stores. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from balie.catalogue.models import (
    CategoryRow,
    ProductRow,
    ProductVariantRow,
    StockRow,
    StoreHoursRow,
    StoreRow,
    StoreSpecialHoursRow,
)
from balie.storage.unit_of_work import Session


class ProductRepository:
    """Finds products, variants and stock, within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def fingerprint(self) -> tuple[int, datetime | None]:
        """Differs whenever the catalogue has changed: how many products, and when the last one did."""
        query = select(func.count(ProductRow.id), func.max(ProductRow.updated_at))
        count, changed_at = (await self._session.execute(query)).one()
        return count, changed_at

    async def list_active(self) -> Sequence[tuple[ProductRow, CategoryRow]]:
        """Everything that is sold, with its category, by product number."""
        query = (
            select(ProductRow, CategoryRow)
            .join(CategoryRow, CategoryRow.code == ProductRow.category)
            .where(ProductRow.active)
            .order_by(ProductRow.sku)
        )
        return [(product, category) for product, category in await self._session.execute(query)]

    async def find_by_skus(self, skus: Sequence[str]) -> dict[str, tuple[ProductRow, CategoryRow]]:
        """Products with their category, by product number; unknown numbers are left out."""
        query = (
            select(ProductRow, CategoryRow)
            .join(CategoryRow, CategoryRow.code == ProductRow.category)
            .where(ProductRow.sku.in_(skus))
        )
        return {product.sku: (product, category) for product, category in await self._session.execute(query)}

    async def find_products_of(self, variant_skus: Sequence[str]) -> dict[str, str]:
        """Numbers of products by those of their variants."""
        query = (
            select(ProductVariantRow.sku, ProductRow.sku)
            .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
            .where(ProductVariantRow.sku.in_(variant_skus))
        )
        return {row[0]: row[1] for row in await self._session.execute(query)}

    async def list_categories(self) -> Sequence[CategoryRow]:
        """Those of which something is sold, by code."""
        sold = select(ProductRow.category).where(ProductRow.active)
        query = select(CategoryRow).where(CategoryRow.code.in_(sold)).order_by(CategoryRow.code)
        return (await self._session.scalars(query)).all()

    async def list_variants(self, product_ids: Sequence[int]) -> Sequence[ProductVariantRow]:
        """The variants of these products, in the order in which they are shown."""
        query = (
            select(ProductVariantRow)
            .where(ProductVariantRow.product_id.in_(product_ids))
            .order_by(ProductVariantRow.product_id, ProductVariantRow.position)
        )
        return (await self._session.scalars(query)).all()

    async def list_stock(self, variant_ids: Sequence[int]) -> Sequence[StockRow]:
        """Stock of these variants, everywhere."""
        return (
            await self._session.scalars(select(StockRow).where(StockRow.variant_id.in_(variant_ids)))
        ).all()


class StoreRepository:
    """Finds stores and their hours, within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_all(self) -> Sequence[StoreRow]:
        """Every store, by city."""
        return (await self._session.scalars(select(StoreRow).order_by(StoreRow.city, StoreRow.code))).all()

    async def find_by_code(self, code: str) -> StoreRow | None:
        """The store, or None."""
        return (await self._session.scalars(select(StoreRow).where(StoreRow.code == code))).one_or_none()

    async def list_hours(self, store_id: int) -> Sequence[StoreHoursRow]:
        """The usual week."""
        query = select(StoreHoursRow).where(StoreHoursRow.store_id == store_id)
        return (await self._session.scalars(query)).all()

    async def list_special_hours(self, store_id: int) -> Sequence[StoreSpecialHoursRow]:
        """The days that differ, past and future."""
        query = select(StoreSpecialHoursRow).where(StoreSpecialHoursRow.store_id == store_id)
        return (await self._session.scalars(query)).all()
