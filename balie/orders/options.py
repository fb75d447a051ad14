"""What a customer may choose from when they want an order changed: its items, and other variants of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from balie.kernel.money import Money
from balie.orders.models import OrderLineRow
from balie.orders.pick_up import list_pick_up_days
from balie.orders.policy import before_choosing, decide
from balie.orders.policy_facts import Allowed, Change, ChangeFacts, Verdict
from balie.orders.remedies import Trouble
from balie.orders.scene import Scene, VariantRecord
from balie.orders.terms import Terms

_COME_BACK: Final = frozenset(
    {
        Change.RETURN_ITEM,
        Change.EXCHANGE_ITEM,
        Change.REPORT_DAMAGE,
        Change.REPORT_MISSING,
        Change.CLAIM_WARRANTY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantOption:
    """Another variant of the same product that can be bought now."""

    sku: str
    size: str | None
    colours: Mapping[str, str]
    price: Money
    in_stock: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOption:
    """One line of the receipt.

    Attributes:
        position: On the receipt, 1 first.
        names: Of the product, per language; ``colours`` likewise, empty when there is only one.
        left: Pieces that are not on their way back, nor back already, and about which no case is open.
        sealed: Whether it is only taken back with its seal.
        verdict: Whether the change may be made to this line.
        variants: What it could become; empty unless that was asked for.
        trouble: What can be done about it when it is not as it should be.
    """

    position: int
    names: Mapping[str, str]
    size: str | None
    colours: Mapping[str, str]
    left: int
    sealed: bool
    verdict: Verdict
    trouble: Trouble
    variants: tuple[VariantOption, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What may be chosen: of one order, or of the shop.

    Attributes:
        order_number: Empty when it is about no order.
        verdict: Whether the change may be made at all.
        items: In the order of the receipt, those that the policy rules out included.
        pick_up_days: On which a carrier can come for what is sent back; empty where none does.
        choices: What else there is to choose from, by question: each value with its name per language.
        addition: What of the catalogue is to be put into the order; None while that is unknown.
    """

    order_number: str
    verdict: Verdict
    items: tuple[ItemOption, ...] = ()
    pick_up_days: tuple[date, ...] = ()
    choices: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    addition: ItemOption | None = None

    @property
    def possible(self) -> tuple[ItemOption, ...]:
        """The items of which the change may be made."""
        return tuple(item for item in self.items if isinstance(item.verdict, Allowed))

    def find(self, position: int) -> ItemOption | None:
        """The item at a position of the receipt, or None."""
        return next((item for item in self.items if item.position == position), None)


def list_options(
    change: Change, scene: Scene, facts: ChangeFacts, terms: Terms, siblings: Sequence[VariantRecord]
) -> Options:
    """The options of one order. Pure.

    Args:
        change: What is wanted.
        scene: The order as it stands.
        facts: What the policy looks at, while no line is chosen.
        terms: The shop's conditions.
        siblings: Variants of the products that were ordered.
    """
    return Options(
        order_number=scene.record.order.number,
        verdict=decide(change, before_choosing(facts), terms),
        items=tuple(_item_option(line, change, scene, facts, terms, siblings) for line in scene.record.lines),
        pick_up_days=list_pick_up_days(facts.today, facts.country, terms) if change in _COME_BACK else (),
    )


def _item_option(  # noqa: PLR0913, PLR0917 (one line of one order, seen from all sides)
    line: OrderLineRow,
    change: Change,
    scene: Scene,
    facts: ChangeFacts,
    terms: Terms,
    siblings: Sequence[VariantRecord],
) -> ItemOption:
    item = scene.item_facts(line, terms)
    return ItemOption(
        position=line.position,
        names=line.names,
        size=line.size,
        colours=line.colours,
        left=item.quantity - item.announced - item.reported,
        sealed=item.sealed,
        verdict=decide(change, replace(facts, items=(item,)), terms),
        trouble=scene.trouble_of(line, 1, terms),
        variants=tuple(_variants_for(line, scene, siblings)),
    )


def _variants_for(
    line: OrderLineRow, scene: Scene, siblings: Sequence[VariantRecord]
) -> Sequence[VariantOption]:
    now = scene.find_variant_of(line)
    if now is None:
        return ()
    return [
        VariantOption(
            sku=other.variant.sku,
            size=other.variant.size,
            colours=other.variant.colours,
            price=Money(other.variant.price_minor, other.variant.currency),
            in_stock=other.stock.quantity,
        )
        for other in siblings
        if other.product.id == now.product.id
        and other.variant.id != now.variant.id
        and other.stock is not None
        and other.stock.quantity > 0
        and scene.is_sold(other)
    ]
