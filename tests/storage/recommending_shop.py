"""A small shop with lists to serve: bicycles, helmets, tents, swimwear, gels; five of each in stock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, insert, select, update

from balie.catalogue.models import CategoryRow, ProductRow, ProductVariantRow, StockRow
from balie.conversations.models import ConversationRow
from balie.customers.models import ConsentRow
from balie.kernel.ids import ConversationId
from balie.orders.models import OrderLineRow, OrderRow, ReturnLineRow, ReturnRow
from balie.recommendations.asked import Occasion, Recommended, Who, Wish
from balie.recommendations.events import EventService
from balie.recommendations.figures import FiguresService
from balie.recommendations.kinds import ListKind
from balie.recommendations.outcomes import OutcomeService
from balie.recommendations.repository import RunWriter
from balie.recommendations.service import RecommendationService
from balie.recommendations.terms import RecommendationTerms
from balie.recommendations.views import LearnedForCustomer, LearnedPair, LearnedPopular
from balie.storage.base import Base
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.content import real_renderer
from tests.support.store import add_customer

NOW: Final = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
PRODUCTS: Final = {
    "BIKE": ("bikes", 90_000),
    "BIKE-2": ("bikes", 120_000),
    "BIKE-3": ("bikes", 60_000),
    "HELMET": ("helmets", 6_000),
    "HELMET-2": ("helmets", 9_000),
    "LIGHT": ("bike_parts", 2_500),
    "LOCK": ("bike_parts", 4_000),
    "PUMP": ("bike_parts", 3_000),
    "TENT": ("tents", 20_000),
    "SWIMSUIT": ("swimwear", 3_000),
    "GOGGLES": ("swimwear", 2_000),
    "GEL": ("nutrition", 300),
}


def shop_facts(**changed: Any) -> dict[str, Any]:
    """The real shop's facts, without chance unless a test wants it."""
    facts = dict(real_renderer().library.shop)
    calm = {"explore_percent": 0, "hold_out_percent": 0}
    return {**facts, "recommendations": {**facts["recommendations"], **calm, **changed}}


def an_occasion(key: str = "one", *, mood: str | None = None) -> Occasion:
    return Occasion(key, "widget", mood)


def skus(recommended: Recommended) -> list[str]:
    return [each.sku for each in recommended.items]


class RecommendingShop:
    """The store and the services on it; a test says what is different."""

    def __init__(self, unit_of_work: UnitOfWork, **changed: Any) -> None:
        self.unit_of_work = unit_of_work
        self.clock = StillClock(NOW)
        self.terms = RecommendationTerms.from_shop(shop_facts(**changed))
        self.service = RecommendationService(unit_of_work, self.terms, clock=self.clock)
        self.outcomes = OutcomeService(unit_of_work, self.terms, clock=self.clock)
        self.events = EventService(unit_of_work, clock=self.clock)
        self.figures = FiguresService(unit_of_work, self.terms, clock=self.clock)
        self.orders = 0

    async def open(self) -> RecommendingShop:
        await self.unit_of_work.run_writing(_fill)
        return self

    async def customer(self, external_id: str = "K-1", *, agreed: bool = True) -> int:
        customer_id = await add_customer(self.unit_of_work, external_id)
        await self.answer(customer_id, agreed=agreed)
        return customer_id

    async def answer(self, customer_id: int, *, agreed: bool) -> None:
        await self.add(
            ConsentRow,
            customer_id=customer_id,
            purpose="personal_advice",
            granted=agreed,
            source="test",
            recorded_at=self.clock(),
        )

    async def conversation(self, customer_id: int | None = None) -> ConversationId:
        row = ConversationRow(
            id=uuid4(),
            channel="widget",
            heard_via="widget",
            status="with_assistant",
            recent_languages=[],
            customer_id=customer_id,
            slots={},
            assistant_helps=False,
            handoff_number=0,
            customer_read=0,
            agent_read=0,
            last_sequence=0,
            created_at=self.clock(),
            last_active_at=self.clock(),
        )
        async with self.unit_of_work.write() as session:
            session.add(row)
        return ConversationId(row.id)

    async def is_known_in(self, conversation_id: UUID, customer_id: int) -> None:
        async with self.unit_of_work.write() as session:
            await session.execute(
                update(ConversationRow)
                .where(ConversationRow.id == conversation_id)
                .values(customer_id=customer_id)
            )

    async def pairs(self, kind: ListKind, anchor: str, *names: str, run_id: int | None = None) -> int:
        """Put a list of pairs live (or add to one)."""

        def write(connection: Connection) -> int:
            writer = RunWriter(connection, clock=self.clock)
            run = run_id or writer.begin(kind, 1, NOW)
            writer.add_pairs(run, [LearnedPair(anchor, n, sku, 1 / n, lift=2.5) for n, sku in _ranked(names)])
            writer.put_live(run, {"recall_at_10": 0.2})
            return run

        return await self.unit_of_work.run_writing(write)

    async def personal(self, customer_id: int, *names: str, because: str | None = None) -> int:
        def write(connection: Connection) -> int:
            writer = RunWriter(connection, clock=self.clock)
            run = writer.begin(ListKind.PERSONAL, 1, NOW)
            rows = [LearnedForCustomer(customer_id, n, sku, 1 / n, because) for n, sku in _ranked(names)]
            writer.add_personal(run, rows)
            writer.put_live(run, {})
            return run

        return await self.unit_of_work.run_writing(write)

    async def popular(self, **scopes: Sequence[str]) -> int:
        """``all=[…], category_tents=[…], segment_bikes=[…]``."""

        def write(connection: Connection) -> int:
            writer = RunWriter(connection, clock=self.clock)
            run = writer.begin(ListKind.POPULAR, 1, NOW)
            for scope, names in scopes.items():
                named = scope.replace("_", ":", 1)
                writer.add_popular(run, [LearnedPopular(named, n, sku, 1 / n) for n, sku in _ranked(names)])
            writer.put_live(run, {})
            return run

        return await self.unit_of_work.run_writing(write)

    async def buy(
        self, customer_id: int, *names: str, at: datetime | None = None, quantity: int = 1, **order: Any
    ) -> str:
        """An order of one line for each product; answers its number."""
        self.orders += 1
        number = f"DD{self.orders:07}"
        order_id = await self.add(OrderRow, **{**_order(number, customer_id, at or self.clock()), **order})
        variants = {sku: await self._variant(sku) for sku in dict.fromkeys(names)}
        lines = [
            {
                "order_id": order_id,
                "position": position,
                "variant_id": variants[sku][0],
                "sku": f"{sku}-V",
                "names": {"en": sku},
                "colours": {},
                "quantity": quantity,
                "unit_price_minor": variants[sku][1],
            }
            for position, sku in enumerate(names, start=1)
        ]
        async with self.unit_of_work.write() as session:
            await session.execute(insert(OrderLineRow), lines)
        return number

    async def send_back(self, number: str, *, quantity: int = 1, received: bool = True) -> None:
        async with self.unit_of_work.read() as session:
            order_id = await session.scalar(select(OrderRow.id).where(OrderRow.number == number))
            line_id = await session.scalar(
                select(OrderLineRow.id).where(OrderLineRow.order_id == order_id, OrderLineRow.position == 1)
            )
        return_id = await self.add(
            ReturnRow,
            order_id=order_id,
            number=f"R{number}",
            method="parcel",
            announced_at=self.clock(),
            received_at=self.clock() if received else None,
        )
        await self.add(
            ReturnLineRow,
            return_id=return_id,
            order_line_id=line_id,
            quantity=quantity,
            reason="changed_mind",
        )

    async def sell_out(self, sku: str) -> None:
        variant_id, _ = await self._variant(sku)
        async with self.unit_of_work.write() as session:
            await session.execute(
                update(StockRow).where(StockRow.variant_id == variant_id).values(quantity=0)
            )

    async def show(
        self, who: Who, anchor: str = "BIKE", occasion: str = "one", mood: str | None = None, **wish: Any
    ) -> Recommended:
        """Recommend what goes with a product, and write it down."""
        moment = an_occasion(occasion, mood=mood)
        shown = await self.service.complementary(who, [anchor], moment, Wish(**wish))
        await self.outcomes.note_shown(who, shown, moment)
        return shown

    async def rows(self, model: type[Base], *columns: str) -> list[Any]:
        table = model.__table__
        assert isinstance(table, Table)
        async with self.unit_of_work.read() as session:
            query = select(*(table.c[name] for name in columns)).order_by(*table.primary_key)
            found = (await session.execute(query)).all()
        return [row[0] if len(columns) == 1 else tuple(row) for row in found]

    async def add(self, model: Any, **values: Any) -> int:
        async with self.unit_of_work.write() as session:
            added: int = (
                await session.execute(insert(model).values(**values).returning(model.id))
            ).scalar_one()
        return added

    async def _variant(self, sku: str) -> tuple[int, int]:
        query = select(ProductVariantRow.id, ProductVariantRow.price_minor).where(
            ProductVariantRow.sku == f"{sku}-V"
        )
        async with self.unit_of_work.read() as session:
            variant_id, price = (await session.execute(query)).one()
        return variant_id, price


def _ranked(names: Iterable[str]) -> Iterable[tuple[int, str]]:
    return enumerate(names, start=1)


def _order(number: str, customer_id: int, at: datetime) -> dict[str, Any]:
    return {
        "number": number,
        "customer_id": customer_id,
        "placed_at": at,
        "promised_on": date(2026, 11, 5),
        "delivery_method": "standard",
        "email": "k@voorbeeld.example",
        "street": "Dorpsstraat",
        "house_number": "1",
        "postcode": "1234AB",
        "city": "Utrecht",
        "country": "NL",
        "currency": "EUR",
        "shipping_minor": 0,
        "discount_minor": 0,
        "total_minor": 1000,
    }


def _fill(connection: Connection) -> None:
    categories = dict.fromkeys(category for category, _ in PRODUCTS.values())
    connection.execute(
        insert(CategoryRow),
        [{"code": code, "names": {"en": code}, "search_words": {}} for code in categories],
    )
    for number, (sku, (category, price)) in enumerate(PRODUCTS.items(), start=1):
        names = {"nl": sku.lower(), "en": sku.lower()}
        details = {"brand": "Rijwind", "names": names, "descriptions": names, "facts": {}}
        connection.execute(
            insert(ProductRow).values(
                id=number,
                sku=sku,
                category=category,
                delivery_kind="parcel",
                active=True,
                updated_at=NOW - timedelta(days=9),
                **details,
            )
        )
        connection.execute(
            insert(ProductVariantRow).values(
                id=number,
                product_id=number,
                sku=f"{sku}-V",
                position=1,
                colours={},
                price_minor=price,
                currency="EUR",
            )
        )
        connection.execute(insert(StockRow).values(variant_id=number, quantity=5))
