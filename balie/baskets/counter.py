"""Looks at a basket as it is now: what lies in it, which codes count, what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from balie.baskets.code_repository import CodeRepository
from balie.baskets.kinds import StockState
from balie.baskets.models import BasketRow, DiscountCodeRow
from balie.baskets.outcomes import Refused, Verdict
from balie.baskets.repository import Article, BasketRepository, LineRecord
from balie.baskets.rules import (
    BasketFacts,
    BasketTotals,
    CodeFacts,
    PricedLine,
    check_discount,
    price_basket,
)
from balie.baskets.terms import BasketTerms
from balie.baskets.views import BasketLineView, BasketView, DiscountView, Owner
from balie.catalogue.kinds import DeliveryKind
from balie.customers.kinds import AddressKind
from balie.customers.repository import CustomerRepository
from balie.kernel.money import Money
from balie.storage.unit_of_work import Session


@dataclass(frozen=True, slots=True)
class _Sight:
    """Everything that is seen of a basket at one moment; codes that are refused give nothing."""

    records: Sequence[LineRecord]
    verdicts: Sequence[tuple[CodeFacts, Verdict]]
    totals: BasketTotals
    country: str


class Counter:
    """Prices one owner's basket, within one session."""

    def __init__(self, session: Session, terms: BasketTerms, owner: Owner, *, today: date) -> None:
        """Build it; ``today`` is the shop's present day."""
        self._baskets = BasketRepository(session)
        self._codes = CodeRepository(session)
        self._customers = CustomerRepository(session)
        self._terms = terms
        self._owner = owner
        self._today = today

    async def show(self, basket: BasketRow | None) -> BasketView:
        """The basket with what it costs; an empty one when there is none."""
        return self._view(await self._look(basket))

    async def price(self, basket: BasketRow | None, gift_card: Money) -> BasketTotals:
        """What the basket costs, and what a gift card that holds so much pays of it."""
        return (await self._look(basket, gift_card_minor=gift_card.minor_units)).totals

    async def check_code(self, basket: BasketRow, row: DiscountCodeRow) -> Verdict:
        """Whether a code may be entered into a basket, beside those that are there."""
        records = await self._baskets.list_lines(basket.id)
        entered = [other for other in await self._codes.list_entered(basket.id) if other.id != row.id]
        return (await self._check_all(records, [*entered, row]))[-1][1]

    async def find_counting(self, basket: BasketRow) -> list[DiscountCodeRow]:
        """The codes in a basket that count as it is now."""
        entered = await self._codes.list_entered(basket.id)
        verdicts = await self._check_all(await self._baskets.list_lines(basket.id), entered)
        return [
            row
            for row, (_, verdict) in zip(entered, verdicts, strict=True)
            if not isinstance(verdict, Refused)
        ]

    async def _look(self, basket: BasketRow | None, *, gift_card_minor: int = 0) -> _Sight:
        records = [] if basket is None else await self._baskets.list_lines(basket.id)
        entered = [] if basket is None else await self._codes.list_entered(basket.id)
        verdicts = await self._check_all(records, entered)
        country = await self._country()
        totals = price_basket(
            self._priced(records),
            [code.discount for code, verdict in verdicts if not isinstance(verdict, Refused)],
            gift_card_minor=gift_card_minor,
            delivery=self._terms.delivery,
            country=country,
        )
        return _Sight(records, verdicts, totals, country)

    async def _check_all(
        self, records: Sequence[LineRecord], entered: Sequence[DiscountCodeRow]
    ) -> list[tuple[CodeFacts, Verdict]]:
        """Each code with its verdict; of those that do not go together the one entered first counts."""
        used = await self._codes.find_used([row.id for row in entered], self._owner.customer_id)
        goods = sum(line.unit_price_minor * line.quantity for line in self._priced(records))
        checked: list[tuple[CodeFacts, Verdict]] = []
        for row in entered:
            code = self._facts(row, used=row.id in used)
            basket = BasketFacts(
                goods=self._money(goods),
                customer_id=self._owner.customer_id,
                codes=tuple(other for other, verdict in checked if not isinstance(verdict, Refused)),
                combinable=self._terms.combinable,
            )
            checked.append((code, check_discount(code, basket, today=self._today)))
        return checked

    def _facts(self, row: DiscountCodeRow, *, used: bool) -> CodeFacts:
        amount = None if row.amount_minor is None else Money(row.amount_minor, row.currency or "")
        return CodeFacts(
            code=row.code,
            percent=row.percent,
            amount=amount,
            min_order=self._money(row.min_order_minor),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            max_uses=row.max_uses,
            uses=row.uses,
            once_per_customer=row.once_per_customer,
            customer_id=row.customer_id,
            combinable=row.combinable,
            active=row.active,
            used_by_customer=used,
        )

    def _priced(self, records: Sequence[LineRecord]) -> list[PricedLine]:
        """What counts: what is not sold any more costs nothing, and cannot be checked out."""
        return [
            PricedLine(
                unit_price_minor=record.article.variant.price_minor,
                quantity=record.line.quantity,
                delivery_kind=DeliveryKind(record.article.product.delivery_kind),
            )
            for record in records
            if self._can_be_bought(record.article)
        ]

    def _can_be_bought(self, article: Article) -> bool:
        return article.is_sold and article.variant.currency == self._terms.currency

    async def _country(self) -> str:
        if self._owner.customer_id is None:
            return self._terms.country
        home = await self._customers.find_address(self._owner.customer_id, AddressKind.HOME)
        is_served = home is not None and home.country in self._terms.countries
        return home.country if home is not None and is_served else self._terms.country

    def _view(self, seen: _Sight) -> BasketView:
        lines, totals = tuple(map(self._line_view, seen.records)), seen.totals
        free_in = totals.free_delivery_in_minor
        is_there = all(line.stock is StockState.AVAILABLE for line in lines)
        return BasketView(
            lines=lines,
            discounts=self._discount_views(seen),
            pieces=sum(line.quantity for line in lines),
            goods=self._money(totals.goods_minor),
            discount=self._money(totals.discount_minor),
            delivery=self._money(totals.delivery_minor),
            total=self._money(totals.total_minor),
            country=seen.country,
            delivers=totals.delivers,
            free_delivery_in=None if free_in is None else self._money(free_in),
            can_check_out=bool(lines) and is_there and totals.delivers,
            checkout_url=self._terms.checkout_url,
        )

    def _line_view(self, record: LineRecord) -> BasketLineView:
        variant, product = record.article.variant, record.article.product
        sold, quantity = self._can_be_bought(record.article), record.line.quantity
        return BasketLineView(
            sku=variant.sku,
            product_sku=product.sku,
            names=product.names,
            size=variant.size,
            colours=variant.colours,
            quantity=quantity,
            unit_price=Money(variant.price_minor, variant.currency),
            total=Money(variant.price_minor * quantity if sold else 0, variant.currency),
            stock=_stock_state(record, sold=sold),
            at_most=record.article.in_stock if sold else 0,
        )

    def _discount_views(self, seen: _Sight) -> tuple[DiscountView, ...]:
        given = iter(seen.totals.discounts_minor)
        return tuple(
            DiscountView(
                code=code.code,
                percent=code.percent,
                amount=code.amount,
                gives=self._money(0 if isinstance(verdict, Refused) else next(given)),
                refused=verdict if isinstance(verdict, Refused) else None,
            )
            for code, verdict in seen.verdicts
        )

    def _money(self, minor_units: int) -> Money:
        return Money(minor_units, self._terms.currency)


def _stock_state(record: LineRecord, *, sold: bool) -> StockState:
    if not sold:
        return StockState.NOT_SOLD
    if record.article.in_stock == 0:
        return StockState.SOLD_OUT
    return StockState.AVAILABLE if record.article.in_stock >= record.line.quantity else StockState.TOO_FEW
