"""Finds baskets and writes their lines. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from balie.baskets.models import BasketLineRow, BasketRow
from balie.baskets.views import Owner
from balie.catalogue.models import ProductRow, ProductVariantRow, StockRow
from balie.storage.unit_of_work import Session

_TRIES: Final = 5
"""A basket that is ordered or merged while we wait for it is gone: then the next one is opened."""

_ONLINE: Final = and_(StockRow.variant_id == ProductVariantRow.id, StockRow.store_id.is_(None))


@dataclass(frozen=True, slots=True)
class Article:
    """A variant with its product and what lies of it in the web warehouse (None where none is kept)."""

    variant: ProductVariantRow
    product: ProductRow
    stock: StockRow | None

    @property
    def is_sold(self) -> bool:
        """Whether it can be bought at all."""
        return self.product.active

    @property
    def in_stock(self) -> int:
        """How many there are."""
        return self.stock.quantity if self.stock is not None and self.is_sold else 0


@dataclass(frozen=True, slots=True)
class LineRecord:
    """A line, and what it is a line of."""

    line: BasketLineRow
    article: Article


class BasketRepository:
    """Finds, opens and fills baskets, within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_open(self, owner: Owner) -> BasketRow | None:
        """The basket that is not ordered yet, or None."""
        return (await self._session.scalars(_open_of(owner))).one_or_none()

    async def is_left_by_a_stranger(self, conversation_id: UUID) -> bool:
        """Whether somebody whom nobody knew filled a basket in this conversation."""
        found = exists().where(*_strangers(conversation_id))
        return bool(await self._session.scalar(select(found)))

    async def open_locked(self, owner: Owner, currency: str, now: datetime) -> BasketRow:
        """The open basket, made when there is none; nobody else changes it until this transaction ends."""
        for _ in range(_TRIES):
            await self._insert_unless_there(owner, currency, now)
            basket = await self._lock(_open_of(owner))
            if basket is not None:
                basket.changed_at = now
                return basket
        raise RuntimeError("The basket was taken away again and again.")

    async def lock_open(self, owner: Owner) -> BasketRow | None:
        """The open basket, locked, or None."""
        return await self._lock(_open_of(owner))

    async def lock_strangers(self, conversation_id: UUID) -> BasketRow | None:
        """The basket that this conversation has without a customer, locked, or None."""
        return await self._lock(select(BasketRow).where(*_strangers(conversation_id)))

    async def delete(self, basket: BasketRow) -> None:
        """Remove a basket and what lies in it."""
        await self._session.delete(basket)
        await self._session.flush()

    async def list_lines(self, basket_id: int) -> list[LineRecord]:
        """What lies in a basket, in the order in which it was put in."""
        query = (
            select(BasketLineRow, ProductVariantRow, ProductRow, StockRow)
            .join(ProductVariantRow, ProductVariantRow.id == BasketLineRow.variant_id)
            .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
            .outerjoin(StockRow, _ONLINE)
            .where(BasketLineRow.basket_id == basket_id)
            .order_by(BasketLineRow.added_at, BasketLineRow.variant_id)
        )
        rows = await self._session.execute(query)
        return [LineRecord(line, Article(variant, product, stock)) for line, variant, product, stock in rows]

    async def find_article(self, sku: str) -> Article | None:
        """The variant with this number, or None."""
        query = (
            select(ProductVariantRow, ProductRow, StockRow)
            .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
            .outerjoin(StockRow, _ONLINE)
            .where(ProductVariantRow.sku == sku)
        )
        row = (await self._session.execute(query)).one_or_none()
        return None if row is None else Article(*row)

    async def put_line(self, basket_id: int, variant_id: int, quantity: int, now: datetime) -> None:
        """Let so many of a variant lie in a locked basket."""
        line = await self._session.get(BasketLineRow, (basket_id, variant_id))
        if line is not None:
            line.quantity = quantity
        else:
            self._session.add(
                BasketLineRow(basket_id=basket_id, variant_id=variant_id, quantity=quantity, added_at=now)
            )
        await self._session.flush()

    async def remove_line(self, basket_id: int, sku: str) -> None:
        """Take a variant out of a locked basket; nothing happens when it is not there."""
        variant = select(ProductVariantRow.id).where(ProductVariantRow.sku == sku)
        await self._session.execute(
            delete(BasketLineRow).where(
                BasketLineRow.basket_id == basket_id,
                BasketLineRow.variant_id.in_(variant.scalar_subquery()),
            )
        )

    async def forget_strangers(self, older_than: datetime) -> int:
        """Remove strangers' baskets that nobody has touched since; answers how many."""
        query = delete(BasketRow).where(
            BasketRow.conversation_id.is_not(None),
            BasketRow.ordered_at.is_(None),
            BasketRow.changed_at < older_than,
        )
        return len((await self._session.scalars(query.returning(BasketRow.id))).all())

    async def _insert_unless_there(self, owner: Owner, currency: str, now: datetime) -> None:
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        known = owner.customer_id is not None
        basket = {
            "customer_id": owner.customer_id,
            "conversation_id": None if known else owner.conversation_id,
            "currency": currency,
            "created_at": now,
            "changed_at": now,
        }
        # Whoever opens the same basket at the same time waits here until the other transaction has ended.
        await self._session.execute(dialect.insert(BasketRow).values(**basket).on_conflict_do_nothing())

    async def _lock(self, query: Select[BasketRow]) -> BasketRow | None:
        fresh = query.with_for_update().execution_options(populate_existing=True)
        return (await self._session.scalars(fresh)).one_or_none()


def _open_of(owner: Owner) -> Select[BasketRow]:
    if owner.customer_id is None:
        return select(BasketRow).where(*_strangers(owner.conversation_id))
    return select(BasketRow).where(BasketRow.customer_id == owner.customer_id, BasketRow.ordered_at.is_(None))


def _strangers(conversation_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (BasketRow.conversation_id == conversation_id, BasketRow.ordered_at.is_(None))
