"""A small shop with baskets, codes and gift cards; a test says what is different."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from balie.audit.turns import Turn
from balie.baskets.codes import CardDigests, last_four
from balie.baskets.models import CodeAttemptsRow, DiscountCodeRow, GiftCardEntryRow, GiftCardRow
from balie.baskets.outcomes import Refused
from balie.baskets.service import BasketService
from balie.baskets.terms import BasketTerms
from balie.baskets.views import BasketView, Changed, Outcome, Owner
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW, ChangingShop, shop_facts
from tests.support.store import add_customer

TODAY = NOW.date()
SECRET = "the secret of the basket tests, long enough"


def basket_terms(*, combinable: bool = False) -> BasketTerms:
    facts = shop_facts()
    facts["discounts"]["combinable"] = combinable
    return BasketTerms.from_shop(facts)


def a_conversation() -> ConversationId:
    return ConversationId(uuid4())


def a_stranger() -> Owner:
    return Owner(customer_id=None, conversation_id=a_conversation())


def a_key(owner: Owner, message_id: UUID | None = None) -> Turn:
    return Turn(conversation_id=owner.conversation_id, message_id=message_id or uuid4())


class BasketShop:
    """Shoes for 80 euros, a tent for 200, a swimsuit for 30, a bicycle for 900: five of each in stock."""

    def __init__(self, unit_of_work: UnitOfWork, *, combinable: bool = False) -> None:
        self.unit_of_work = unit_of_work
        self.orders = ChangingShop(unit_of_work)
        self.clock = self.orders.clock
        self.terms = basket_terms(combinable=combinable)
        self.service = BasketService(unit_of_work, self.terms, SECRET, clock=self.clock)

    async def open(self) -> BasketShop:
        await self.orders.open()
        return self

    async def customer(self, external_id: str = "K-2002") -> Owner:
        customer_id = await add_customer(self.unit_of_work, external_id)
        return Owner(customer_id=customer_id, conversation_id=a_conversation())

    async def code(self, code: str = "WELKOM10", **details: Any) -> int:
        usual: dict[str, Any] = {
            "min_order_minor": 0,
            "uses": 0,
            "once_per_customer": False,
            "combinable": False,
            "active": True,
            **({} if "amount_minor" in details else {"percent": 10}),
        }
        row = DiscountCodeRow(code=code, **{**usual, **details})
        async with self.unit_of_work.write() as session:
            session.add(row)
        return row.id

    async def card(self, code: str, initial_minor: int = 5000, *, spent: int = 0, **details: Any) -> None:
        usual: dict[str, Any] = {
            "code_digest": CardDigests(SECRET).digest(code),
            "last_four": last_four(code),
            "currency": "EUR",
            "initial_minor": initial_minor,
            "issued_on": date(2024, 1, 1),
            "expires_on": TODAY + timedelta(days=400),
            "blocked": False,
        }
        row = GiftCardRow(**{**usual, **details})
        async with self.unit_of_work.write() as session:
            session.add(row)
            await session.flush()
            if spent:
                session.add(
                    GiftCardEntryRow(card_id=row.id, amount_minor=-spent, reason="spent", recorded_at=NOW)
                )

    async def wrong_codes(self) -> list[int]:
        """How many are counted, per conversation."""
        async with self.unit_of_work.read() as session:
            return list((await session.scalars(select(CodeAttemptsRow.failed))).all())

    async def put(self, owner: Owner, sku: str, quantity: int = 1) -> BasketView:
        return changed(await self.service.add_to_basket(owner, sku, quantity))


def changed(outcome: Outcome) -> BasketView:
    assert isinstance(outcome, Changed), outcome
    return outcome.basket


def refused(outcome: object) -> Refused:
    assert isinstance(outcome, Refused), outcome
    return outcome


def pieces(basket: BasketView) -> dict[str, int]:
    return {line.sku: line.quantity for line in basket.lines}
