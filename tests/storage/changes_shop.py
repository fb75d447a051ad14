"""A small shop whose orders can be changed: products with stock, orders in any state."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import yaml
from sqlalchemy import func, select

from balie.audit.models import AuditEntryRow
from balie.audit.turns import Turn
from balie.catalogue.models import CategoryRow, ProductRow, ProductVariantRow, StockRow
from balie.customers.models import LoyaltyAccountRow
from balie.orders.changes import ChangeService
from balie.orders.changes_asked import Request
from balie.orders.models import (
    OrderLineRow,
    OrderRow,
    PaymentRow,
    RefundRow,
    ShipmentRow,
)
from balie.orders.outcomes import Offer, Outcome, Refused
from balie.orders.terms import Terms
from balie.settings import PROJECT_ROOT
from balie.storage.base import Base
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.store import add_customer

NOW = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
NUMBER = "DD1048213"


def shop_facts() -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load((PROJECT_ROOT / "data/shop/shop.yml").read_text("utf-8"))
    return facts


def shop_terms(**named: list[str]) -> Terms:
    facts = shop_facts()
    facts["returns"]["categories"] = named
    return Terms.from_shop(facts)


def a_turn(conversation_id: UUID | None = None) -> Turn:
    return Turn(conversation_id=conversation_id or uuid4(), message_id=uuid4())


class ChangingShop:
    """One customer, one order of two shoes and one tent; a test says what is different."""

    def __init__(self, unit_of_work: UnitOfWork, terms: Terms | None = None) -> None:
        self.unit_of_work = unit_of_work
        self.clock = StillClock(NOW)
        self.service = ChangeService(unit_of_work, terms or shop_terms(), clock=self.clock)
        self.customer = 0
        self.order: OrderRow

    async def open(self, **order: Any) -> ChangingShop:
        self.customer = await add_customer(self.unit_of_work)
        await self.add(CategoryRow(code="shoes", names={"nl": "schoenen"}, search_words={}))
        await self.add(CategoryRow(code="swimwear", names={"nl": "zwemkleding"}, search_words={}))
        await self.product("SHOE", {"SHOE-42": 8000, "SHOE-43": 8000, "SHOE-44": 7500, "SHOE-45": 9000})
        await self.product("TENT", {"TENT": 20000})
        await self.product("SUIT", {"SUIT": 3000}, category="swimwear")
        await self.product("BIKE", {"BIKE": 90000}, delivery_kind="bike")
        await self.product("OLD", {"OLD": 1000}, active=False)
        self.order = await self.place(NUMBER, {"SHOE-42": 2, "TENT": 1}, **order)
        return self

    async def product(self, sku: str, variants: dict[str, int], **details: Any) -> None:
        values = {"category": "shoes", "delivery_kind": "parcel", "active": True, **details}
        product = ProductRow(
            sku=sku, brand="Zandpad", names={"nl": sku.lower()}, descriptions={}, facts={},
            updated_at=NOW, **values,
        )  # fmt: skip
        variants_of_it = [
            ProductVariantRow(
                sku=variant_sku,
                position=position,
                size=variant_sku.partition("-")[2] or None,
                colours={},
                price_minor=price,
                currency="EUR",
            )
            for position, (variant_sku, price) in enumerate(variants.items(), start=1)
        ]
        async with self.unit_of_work.write() as session:
            session.add(product)
            await session.flush()
            for variant in variants_of_it:
                variant.product_id = product.id
            session.add_all(variants_of_it)
            await session.flush()
            session.add_all(StockRow(variant_id=one.id, store_id=None, quantity=5) for one in variants_of_it)

    async def place(self, number: str, lines: dict[str, int], **details: Any) -> OrderRow:
        variants = await self._variants()
        goods = sum(variants[sku].price_minor * quantity for sku, quantity in lines.items())
        discount, shipping = details.pop("discount_minor", 0), details.pop("shipping_minor", 395)
        values: dict[str, Any] = {
            "placed_at": NOW - timedelta(hours=1), "packed_at": None, "cancelled_at": None,
            "promised_on": date(2026, 11, 4), "delivery_method": "standard", "pickup_place": None,
            "email": "sanne@voorbeeld.example", "street": "Beukenlaan", "house_number": "12",
            "postcode": "3811BK", "city": "Amersfoort", "country": "NL", "currency": "EUR",
            "customer_id": self.customer, **details,
        }  # fmt: skip
        order = OrderRow(
            number=number, shipping_minor=shipping, discount_minor=discount,
            total_minor=goods + shipping - discount, **values,
        )  # fmt: skip
        async with self.unit_of_work.write() as session:
            session.add(order)
            await session.flush()
            for position, (sku, quantity) in enumerate(lines.items(), start=1):
                variant = variants[sku]
                session.add(
                    OrderLineRow(
                        order_id=order.id,
                        position=position,
                        variant_id=variant.id,
                        sku=sku,
                        names={"nl": sku.lower()},
                        size=variant.size,
                        colours={},
                        quantity=quantity,
                        unit_price_minor=variant.price_minor,
                    )
                )
        return order

    async def pay(self, amount_minor: int | None = None, **times: Any) -> None:
        amount = self.order.total_minor if amount_minor is None else amount_minor
        moments = {"paid_at": NOW, "failed_at": None, **times}
        await self.add(
            PaymentRow(order_id=self.order.id, method="ideal", amount_minor=amount, started_at=NOW, **moments)
        )

    async def ship(self, delivered: int | None = None) -> None:
        """Send it; delivered that many days ago, or not yet."""
        arrived = None if delivered is None else NOW - timedelta(days=delivered)
        await self.set_order(packed_at=NOW - timedelta(days=100))
        await self.add(
            ShipmentRow(
                order_id=self.order.id,
                carrier="PostNL",
                track_code="3S1",
                track_url=None,
                shipped_at=NOW - timedelta(days=100),
                expected_on=date(2026, 11, 4),
                ready_at=None,
                delivered_at=arrived,
            )
        )

    async def join_club(self) -> None:
        await self.add(LoyaltyAccountRow(customer_id=self.customer, joined_on=date(2026, 1, 1)))

    async def set_order(self, **values: Any) -> None:
        """What the shop does meanwhile, behind the assistant's back."""
        async with self.unit_of_work.write() as session:
            order = await session.get_one(OrderRow, self.order.id)
            for name, value in values.items():
                setattr(order, name, value)

    async def offer(self, request: Request) -> Offer:
        offered = await self.service.offer(self.customer, NUMBER, request)
        assert isinstance(offered, Offer), offered
        return offered

    async def refusal(self, request: Request) -> Refused:
        offered = await self.service.offer(self.customer, NUMBER, request)
        assert isinstance(offered, Refused), offered
        return offered

    async def make(self, request: Request, *, turn: Turn | None = None) -> Outcome:
        """Offer and confirm in one go."""
        offered = await self.offer(request)
        return await self.confirm(request, offered, turn=turn)

    async def confirm(self, request: Request, offered: Offer, *, turn: Turn | None = None) -> Outcome:
        return await self.service.make(
            self.customer, NUMBER, request, turn=turn or a_turn(), confirmed=offered.offer_id
        )

    async def add(self, row: Base) -> None:
        async with self.unit_of_work.write() as session:
            session.add(row)

    async def rows(self, model: type[Base]) -> list[Any]:
        async with self.unit_of_work.read() as session:
            return list((await session.scalars(select(model).order_by(model.__table__.c.id))).all())

    async def one_order(self) -> OrderRow:
        async with self.unit_of_work.read() as session:
            return await session.get_one(OrderRow, self.order.id)

    async def in_stock(self, sku: str) -> int:
        async with self.unit_of_work.read() as session:
            query = select(StockRow.quantity).join(ProductVariantRow).where(ProductVariantRow.sku == sku)
            return (await session.scalars(query)).one()

    async def set_stock(self, sku: str, quantity: int) -> None:
        async with self.unit_of_work.write() as session:
            query = select(StockRow).join(ProductVariantRow).where(ProductVariantRow.sku == sku)
            (await session.scalars(query)).one().quantity = quantity

    async def line_id(self, position: int) -> int:
        [found] = [row.id for row in await self.rows(OrderLineRow) if row.position == position]
        return int(found)

    async def count(self, model: type[Base]) -> int:
        async with self.unit_of_work.read() as session:
            return (await session.execute(select(func.count()).select_from(model))).scalar_one()

    async def refunded(self) -> list[int]:
        return [refund.amount_minor for refund in await self.rows(RefundRow)]

    async def audited(self) -> list[AuditEntryRow]:
        return await self.rows(AuditEntryRow)

    async def _variants(self) -> dict[str, ProductVariantRow]:
        async with self.unit_of_work.read() as session:
            return {row.sku: row for row in (await session.scalars(select(ProductVariantRow))).all()}
