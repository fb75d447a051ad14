"""Lists to serve on the demo shop, and what was shown of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, insert, select, update

from balie.catalogue.models import ProductRow, ProductVariantRow, StockRow
from balie.customers.models import ConsentRow, CustomerRow
from balie.orders.demo.personas import DemoCustomer
from balie.recommendations.kinds import ListKind
from balie.recommendations.models import ExposureRow, OutcomeRow
from balie.recommendations.repository import RunWriter
from balie.recommendations.views import LearnedForCustomer, LearnedPair, LearnedPopular
from balie.storage.unit_of_work import UnitOfWork

LEARNED: Final = datetime(2026, 11, 1, tzinfo=UTC)


class Lists:
    """Puts lists live on a shop whose every variant is in stock."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work

    async def stock_up(self, quantity: int = 8) -> None:
        async with self._unit_of_work.write() as session:
            await session.execute(update(StockRow).values(quantity=quantity))

    async def sell_out(self, sku: str) -> None:
        async with self._unit_of_work.write() as session:
            variants = (
                select(ProductVariantRow.id)
                .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
                .where(ProductRow.sku == sku)
            )
            gone = update(StockRow).where(StockRow.variant_id.in_(variants))
            await session.execute(gone.values(quantity=0, restocked_on=None))

    async def products(self, category: str) -> list[str]:
        """Numbers of the products of a category."""
        async with self._unit_of_work.read() as session:
            query = select(ProductRow.sku).where(ProductRow.category == category).order_by(ProductRow.id)
            return list(await session.scalars(query))

    async def without_pages(self) -> None:
        """The shop has no pages of its products."""
        async with self._unit_of_work.write() as session:
            await session.execute(update(ProductRow).values(page_url=None))

    async def name(self, sku: str, language: str = "nl") -> str:
        async with self._unit_of_work.read() as session:
            names = await session.scalar(select(ProductRow.names).where(ProductRow.sku == sku))
        assert names is not None
        return str(names[language])

    async def without_variants(self, category: str) -> str:
        """A product of a category that comes in one size and colour only."""
        async with self._unit_of_work.read() as session:
            for sku in await self.products(category):
                query = (
                    select(ProductVariantRow.id)
                    .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
                    .where(ProductRow.sku == sku)
                )
                if len(list(await session.scalars(query))) == 1:
                    return sku
        raise AssertionError(category)

    async def agree(self, persona: DemoCustomer, *, agreed: bool = True) -> None:
        async with self._unit_of_work.write() as session:
            owner = select(CustomerRow.id).where(CustomerRow.external_id == persona.external_id)
            row = {
                "customer_id": await session.scalar(owner),
                "purpose": "personal_advice",
                "granted": agreed,
                "source": "test",
                "recorded_at": datetime(2026, 11, 2, tzinfo=UTC),
            }
            await session.execute(insert(ConsentRow).values(row))

    async def personal(self, persona: DemoCustomer, skus: Sequence[str], because: str | None = None) -> None:
        def write(connection: Connection) -> None:
            owner = select(CustomerRow.id).where(CustomerRow.external_id == persona.external_id)
            customer_id = connection.scalar(owner)
            assert customer_id is not None
            writer = RunWriter(connection)
            run = writer.begin(ListKind.PERSONAL, 1, LEARNED)
            ranked = enumerate(skus, 1)
            writer.add_personal(
                run, [LearnedForCustomer(customer_id, n, sku, 1 / n, because) for n, sku in ranked]
            )
            writer.put_live(run, {})

        await self._unit_of_work.run_writing(write)

    async def pairs(self, kind: ListKind, anchor: str, skus: Sequence[str]) -> None:
        def write(connection: Connection) -> None:
            writer = RunWriter(connection)
            run = writer.begin(kind, 1, LEARNED)
            ranked = enumerate(skus, 1)
            writer.add_pairs(run, [LearnedPair(anchor, n, sku, 1 / n, lift=2.0) for n, sku in ranked])
            writer.put_live(run, {})

        await self._unit_of_work.run_writing(write)

    async def popular(self, **scopes: Sequence[str]) -> None:
        """``all=[…], category_tents=[…]``."""

        def write(connection: Connection) -> None:
            writer = RunWriter(connection)
            run = writer.begin(ListKind.POPULAR, 1, LEARNED)
            rows = [
                LearnedPopular(scope.replace("category_", "category:", 1), n, sku, 1 / n)
                for scope, skus in scopes.items()
                for n, sku in enumerate(skus, 1)
            ]
            writer.add_popular(run, rows)
            writer.put_live(run, {})

        await self._unit_of_work.run_writing(write)

    async def exposures(self) -> list[tuple[str, str, bool]]:
        """What was shown: list, product, and whether nobody asked for it."""
        async with self._unit_of_work.read() as session:
            rows = await session.scalars(select(ExposureRow).order_by(ExposureRow.id))
            return [(row.list, row.sku, row.is_unasked) for row in rows if not row.withheld]

    async def outcomes(self) -> list[str]:
        async with self._unit_of_work.read() as session:
            query = select(OutcomeRow.kind).order_by(OutcomeRow.id)
            return list(await session.scalars(query))
