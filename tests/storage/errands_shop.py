"""The small shop, with stores, where customers run errands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from balie.audit.models import AuditEntryRow, ChangeKeyRow
from balie.audit.turns import Turn
from balie.catalogue.models import ProductRow, ProductVariantRow, StockRow, StoreHoursRow, StoreRow
from balie.conversations.holdings import HOLDINGS as CONVERSATIONS
from balie.customers.models import ConsentRow, CustomerAddressRow, CustomerRow
from balie.errands.asked import Asker, Errand
from balie.errands.holdings import HOLDINGS
from balie.errands.links import LinkService
from balie.errands.models import AccountLinkRow, CollectionRow, ReviewRow
from balie.errands.outcomes import ErrandDone, ErrandOffer, ErrandOutcome, ErrandRefused
from balie.errands.preparing import Outside
from balie.errands.privacy import PrivacyService
from balie.errands.service import ErrandService
from balie.errands.terms import ErrandTerms
from balie.orders.models import RefundRow
from balie.outbox.models import OutboxLetterRow
from balie.recommendations.holdings import HOLDINGS as RECOMMENDATIONS
from balie.storage.engine import open_async_engine
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW, ChangingShop, shop_facts
from tests.storage.test_changes_at_once import FailingAt, MachineFailedError
from tests.support.links import CountingBell, PlainAccountLinks, basket_books
from tests.support.store import add_customer

EMAIL = "k-1001@voorbeeld.example"
CONVERSATION = uuid4()


class ErrandShop(ChangingShop):
    """Sanne, who may ask for anything, and Tom; a store in Utrecht and two others."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        super().__init__(unit_of_work)
        self.bell = CountingBell()
        self.errands = self.counter(unit_of_work)
        self.links = LinkService(unit_of_work, clock=self.clock)
        self.privacy = PrivacyService(
            unit_of_work, _terms(), (*HOLDINGS, *RECOMMENDATIONS, *CONVERSATIONS), clock=self.clock
        )
        self.tom = 0

    def counter(self, unit_of_work: UnitOfWork) -> ErrandService:
        outside = Outside(self.bell, PlainAccountLinks(), basket_books())
        return ErrandService(unit_of_work, _terms(), outside, clock=self.clock)

    async def open(self, **order: Any) -> ErrandShop:
        await super().open(**order)
        self.tom = await add_customer(self.unit_of_work, "K-2002")
        await self.set_customer_of(self.tom, first_name="Tom", last_name="Janssens")
        await self.address("home")
        for code, city, place in (
            ("UTR", "Utrecht", (52.09, 5.12)),
            ("AMS", "Amsterdam", (52.37, 4.90)),
            ("GRN", "Groningen", (53.22, 6.57)),
        ):
            await self._store(code, city, place)
        await self._store("OUT", "Oudeschild", (53.04, 4.85), services=[])
        return self

    async def _store(
        self, code: str, city: str, place: tuple[float, float], *, services: list[str] | None = None
    ) -> None:
        store = StoreRow(
            code=code, name=f"Duin & Dal {city}", street="Stationsplein", house_number="1", postcode="3511AA",
            city=city, country="NL", latitude=place[0], longitude=place[1], phone="+31 30 123 45 67",
            services=["click_and_collect"] if services is None else services, directions={},
        )  # fmt: skip
        async with self.unit_of_work.write() as session:
            session.add(store)
            await session.flush()
            session.add_all(
                StoreHoursRow(store_id=store.id, weekday=day, opens_at=time(9), closes_at=time(18))
                for day in range(6)
            )
            variants = (await session.scalars(select(ProductVariantRow))).all()
            session.add_all(
                StockRow(variant_id=variant.id, store_id=store.id, quantity=0) for variant in variants
            )

    async def address(self, kind: str, **parts: str) -> None:
        values = {
            "street": "Beukenlaan", "house_number": "12", "postcode": "3811BK", "city": "Amersfoort",
            "country": "NL", **parts,
        }  # fmt: skip
        await self.add(CustomerAddressRow(customer_id=self.customer, kind=kind, **values))

    def asker(self, customer_id: int | None = -1, language: str = "nl") -> Asker:
        customer = self.customer if customer_id == -1 else customer_id
        return Asker(customer_id=customer, conversation_id=CONVERSATION, language=language)

    async def offered(self, errand: Errand, *, asker: Asker | None = None) -> ErrandOffer:
        offer = await self.errands.offer(asker or self.asker(), errand)
        assert isinstance(offer, ErrandOffer), offer
        return offer

    async def refused(self, errand: Errand, *, asker: Asker | None = None) -> ErrandRefused:
        offer = await self.errands.offer(asker or self.asker(), errand)
        assert isinstance(offer, ErrandRefused), offer
        return offer

    async def agree(
        self,
        errand: Errand,
        offer: ErrandOffer,
        *,
        turn: Turn | None = None,
        asker: Asker | None = None,
        at: ErrandService | None = None,
    ) -> ErrandOutcome:
        turn = turn or Turn(conversation_id=CONVERSATION, message_id=uuid4())
        counter = at or self.errands
        return await counter.make(asker or self.asker(), errand, turn=turn, confirmed=offer.offer_id)

    async def done(self, errand: Errand, *, asker: Asker | None = None) -> ErrandDone:
        """Offer and confirm in one go."""
        outcome = await self.agree(errand, await self.offered(errand, asker=asker), asker=asker)
        assert isinstance(outcome, ErrandDone), outcome
        return outcome

    async def sanne(self) -> CustomerRow:
        async with self.unit_of_work.read() as session:
            return await session.get_one(CustomerRow, self.customer)

    async def set_customer(self, **values: Any) -> None:
        await self.set_customer_of(self.customer, **values)

    async def set_customer_of(self, customer_id: int, **values: Any) -> None:
        async with self.unit_of_work.write() as session:
            customer = await session.get_one(CustomerRow, customer_id)
            for name, value in values.items():
                setattr(customer, name, value)

    async def set_address(self, kind: str, **values: str) -> None:
        async with self.unit_of_work.write() as session:
            query = select(CustomerAddressRow).where(CustomerAddressRow.kind == kind)
            row = (await session.scalars(query)).one()
            for name, value in values.items():
                setattr(row, name, value)

    async def refund(self, **moments: Any) -> None:
        times = {"approved_at": None, "refused_at": None, "paid_at": None, **moments}
        await self.add(
            RefundRow(
                order_id=self.order.id,
                payment_id=None,
                return_id=None,
                method="ideal",
                amount_minor=100,
                asked_at=NOW,
                expected_by=None,
                **times,
            )
        )

    async def set_product(self, sku: str, **values: Any) -> None:
        async with self.unit_of_work.write() as session:
            product = (await session.scalars(select(ProductRow).where(ProductRow.sku == sku))).one()
            for name, value in values.items():
                setattr(product, name, value)

    async def consent(self, *, granted: bool) -> None:
        await self.add(
            ConsentRow(
                customer_id=self.customer,
                purpose="newsletter",
                granted=granted,
                source="shop",
                recorded_at=self.clock.now,
            )
        )

    async def fetch_everything(self) -> None:
        """Whoever something is kept aside for comes and takes it home."""
        async with self.unit_of_work.write() as session:
            waiting = select(CollectionRow).where(
                CollectionRow.collected_at.is_(None), CollectionRow.released_at.is_(None)
            )
            for row in (await session.scalars(waiting)).all():
                row.collected_at = self.clock.now

    async def publish_reviews(self) -> None:
        async with self.unit_of_work.write() as session:
            for row in (await session.scalars(select(ReviewRow))).all():
                row.published_at = self.clock.now

    async def letters(self) -> list[OutboxLetterRow]:
        return await self.rows(OutboxLetterRow)

    async def letter(self) -> OutboxLetterRow:
        [letter] = await self.letters()
        return letter

    async def letter_names(self) -> list[str]:
        return [letter.letter for letter in await self.letters()]

    async def link(self, email: str | None = None) -> AccountLinkRow:
        """The newest link, of an address where one is given."""
        async with self.unit_of_work.read() as session:
            query = select(AccountLinkRow).order_by(AccountLinkRow.created_at)
            links = [one for one in (await session.scalars(query)).all() if email in (None, one.email)]
        return links[-1]

    async def stock_in(self, code: str, sku: str) -> int:
        async with self.unit_of_work.read() as session:
            return (await session.scalars(_stock(code, sku))).one().quantity

    async def set_stock_in(self, code: str, sku: str, quantity: int) -> None:
        async with self.unit_of_work.write() as session:
            (await session.scalars(_stock(code, sku))).one().quantity = quantity

    async def set_online(self, sku: str, quantity: int) -> None:
        async with self.unit_of_work.write() as session:
            query = select(StockRow).join(ProductVariantRow).where(ProductVariantRow.sku == sku)
            (await session.scalars(query.where(StockRow.store_id.is_(None)))).one().quantity = quantity

    async def traces(self) -> tuple[int, int, int]:
        """Letters, audit entries and keys."""
        return (
            await self.count(OutboxLetterRow),
            await self.count(AuditEntryRow),
            await self.count(ChangeKeyRow),
        )

    async def survives_failures(self, engine: AsyncEngine, errand: Errand) -> ErrandDone:
        """Confirm on a machine that fails at every statement in turn; the same turn succeeds in the end."""
        turn, offer = Turn(conversation_id=CONVERSATION, message_id=uuid4()), await self.offered(errand)
        before, failures = await self.traces(), 0
        while True:
            try:
                with FailingAt(engine, failures):
                    outcome = await self.agree(errand, offer, turn=turn)
            except MachineFailedError:
                failures += 1
                assert await self.traces() == before
                continue
            assert failures > 3
            assert isinstance(outcome, ErrandDone)
            return outcome


@asynccontextmanager
async def another_counter(database_url: str, shop: ErrandShop) -> AsyncIterator[ErrandService]:
    """The same shop in another process."""
    engine = open_async_engine(database_url)
    try:
        yield shop.counter(UnitOfWork(engine))
    finally:
        await engine.dispose()


def _terms() -> ErrandTerms:
    return ErrandTerms.from_shop(shop_facts())


def _stock(code: str, sku: str) -> Any:
    return (
        select(StockRow)
        .join(ProductVariantRow, ProductVariantRow.id == StockRow.variant_id)
        .join(StoreRow, StoreRow.id == StockRow.store_id)
        .where(ProductVariantRow.sku == sku, StoreRow.code == code)
    )
