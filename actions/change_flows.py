"""Every change that a customer can make in the chat: what has to be known first, and what is then asked for.

A flow is a row of :data:`FLOWS`. Its details are asked one after another, in their order; one that has only
one possible value is not asked at all. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from actions.wishes import ADDRESS, CONDITION, ITEMS, KIND, METHOD, ORDER, QUANTITY, REASON, VARIANT, Wish
from balie.orders.changes_asked import (
    OUR_FAULT,
    AskRefund,
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    DeliveryAddress,
    LineWish,
    Request,
    ReturnItems,
    ReturnWish,
)
from balie.orders.kinds import ReturnMethod, ReturnReason, Undertaking
from balie.orders.options import ItemOption, Options
from balie.orders.policy_facts import Change, ItemCondition

MOST_PIECES: Final = 5
"""So many pieces have a button each; a larger number can be typed."""
REMOVE, PIECES, SWAP = "remove", "pieces", "swap"
"""Kinds of change of an item."""

NO_ADDRESS: Final = DeliveryAddress(street="", house_number="", postcode="", city="", country="")
"""Of a message that is gone: the policy refuses it."""

Values: TypeAlias = Callable[[Wish, Options], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """Something that has to be known before a change can be shown.

    Attributes:
        values: What can be said; each gets a button. Empty where anything can be, such as an address.
        is_needed: Whether it matters, given what was said.
        is_open: Whether more than the listed values can be said.
        allows: Whether a value is one that can be said; those of ``values`` are.
    """

    name: str
    values: Values
    is_needed: Callable[[Wish, Options], bool] = lambda _wish, _options: True
    is_open: bool = False
    allows: Callable[[str, Wish, Options], bool] = lambda _value, _wish, _options: False

    def accepts(self, value: str, wish: Wish, options: Options) -> bool:
        """Whether this can be said now."""
        return value in self.values(wish, options) or self.allows(value, wish, options)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFlow:
    """One change.

    Attributes:
        intent: What the customer asks for.
        change: Its row in the policy.
        undertaking: What is done in one transaction.
        request: What is asked of the store once every detail is known; the address where there is one.
        explains: Whether a stranger is told how it works before they are asked who they are.
    """

    intent: str
    change: Change
    undertaking: Undertaking
    request: Callable[[Wish, Options, DeliveryAddress | None], Request]
    details: tuple[Detail, ...] = ()
    explains: bool = True

    def settle(self, wish: Wish, options: Options) -> Wish:
        """The wish with what is no longer possible taken out, and what can only be one thing filled in.

        What was said of another order is forgotten.
        """
        if wish.get(ORDER) not in {None, options.order_number}:
            wish = Wish()
        settled = Wish().having(ORDER, options.order_number)
        for detail in self.details:
            value = wish.get(detail.name)
            if not detail.is_needed(settled, options):
                continue
            if value is None or not detail.accepts(value, settled, options):
                value = _only(detail.values(settled, options))
            if value is not None:
                settled = settled.having(detail.name, value)
        return settled

    def next_detail(self, wish: Wish, options: Options) -> Detail | None:
        """What has to be asked next; None when the change can be shown."""
        unsaid = (detail for detail in self.details if wish.get(detail.name) is None)
        return next((detail for detail in unsaid if detail.is_needed(wish, options)), None)

    def find_detail(self, name: str) -> Detail | None:
        """The detail of this name, or None."""
        return next((detail for detail in self.details if detail.name == name), None)


def chosen_items(wish: Wish, options: Options) -> list[ItemOption]:
    """The items that were chosen; those that are not there any more are left out."""
    return [item for position in wish.positions if (item := options.find(position)) is not None]


def _only(values: Sequence[str]) -> str | None:
    return values[0] if len(values) == 1 else None


def _one_item(_wish: Wish, options: Options) -> list[str]:
    return [str(item.position) for item in options.possible]


def _some_items(wish: Wish, options: Options) -> list[str]:
    single = _one_item(wish, options)
    return [*single, ",".join(single)] if len(single) > 1 else single


def _are_items(value: str, _wish: Wish, options: Options) -> bool:
    possible = set(_one_item(Wish(), options))
    parts = value.split(",")
    return set(parts) <= possible and len(set(parts)) == len(parts)


def _single(wish: Wish, options: Options) -> ItemOption | None:
    chosen = chosen_items(wish, options)
    return chosen[0] if len(chosen) == 1 else None


def _pieces(wish: Wish, options: Options) -> list[str]:
    item = _single(wish, options)
    return [] if item is None else [str(count + 1) for count in range(min(item.left, MOST_PIECES))]


def _is_number(value: str, _wish: Wish, _options: Options) -> bool:
    # How many there may be, the policy says: it names the number that would be possible.
    return value.isascii() and value.isdigit() and len(value) <= 9


def _is_some_number(value: str, wish: Wish, options: Options) -> bool:
    # None at all is something else: then it is taken out.
    return _is_number(value, wish, options) and int(value) > 0


def _has_several_pieces(wish: Wish, options: Options) -> bool:
    item = _single(wish, options)
    return item is not None and item.left > 1


def _is_not_our_fault(wish: Wish, _options: Options) -> bool:
    return wish.get(REASON) not in {reason.value for reason in OUR_FAULT}


def _conditions(wish: Wish, options: Options) -> list[str]:
    sealed = any(item.sealed for item in chosen_items(wish, options))
    seal = [ItemCondition.SEAL_BROKEN.value] if sealed else []
    return [ItemCondition.UNUSED.value, *seal, ItemCondition.USED.value]


def _variants(wish: Wish, options: Options) -> list[str]:
    """Other sizes and colours; those in the same colour first."""
    item = _single(wish, options)
    if item is None:
        return []
    colours = item.colours
    return [one.sku for one in sorted(item.variants, key=lambda variant: variant.colours != colours)]


def _methods(_wish: Wish, _options: Options) -> list[str]:
    return [method.value for method in ReturnMethod]


def _reasons(_wish: Wish, _options: Options) -> list[str]:
    return [reason.value for reason in ReturnReason]


_ONE_ITEM: Final = Detail(name=ITEMS, values=_one_item)
_QUANTITY: Final = Detail(name=QUANTITY, values=_pieces, is_needed=_has_several_pieces, allows=_is_number)
_REASON: Final = Detail(name=REASON, values=_reasons)
_CONDITION: Final = Detail(name=CONDITION, values=_conditions, is_needed=_is_not_our_fault)
_METHOD: Final = Detail(name=METHOD, values=_methods)
_COMING_BACK: Final = (_QUANTITY, _REASON, _CONDITION, _METHOD)
"""What has to be known of pieces that come back, for money or for others."""


def _cancel(_wish: Wish, _options: Options, _address: DeliveryAddress | None) -> Request:
    return CancelOrder()


def _refund(_wish: Wish, _options: Options, _address: DeliveryAddress | None) -> Request:
    return AskRefund()


def _return(wish: Wish, options: Options, _address: DeliveryAddress | None) -> Request:
    chosen = chosen_items(wish, options)
    wishes = [
        ReturnWish(
            position=item.position,
            quantity=int(wish.get(QUANTITY) or item.left),
            reason=ReturnReason(wish.get(REASON) or ReturnReason.CHANGED_MIND),
            condition=ItemCondition(wish.get(CONDITION) or ItemCondition.UNUSED),
            variant_sku=wish.get(VARIANT),
        )
        for item in chosen
    ]
    return ReturnItems(tuple(wishes), ReturnMethod(wish.get(METHOD) or ReturnMethod.PARCEL))


def _lines(wish: Wish, options: Options, _address: DeliveryAddress | None) -> Request:
    kind, wishes = wish.get(KIND), []
    for item in chosen_items(wish, options):
        quantity = {REMOVE: 0, PIECES: int(wish.get(QUANTITY) or 0)}.get(kind or SWAP, item.left)
        wishes.append(LineWish(position=item.position, quantity=quantity, variant_sku=wish.get(VARIANT)))
    return ChangeLines(tuple(wishes))


def _address(_wish: Wish, _options: Options, address: DeliveryAddress | None) -> Request:
    return ChangeAddress(address or NO_ADDRESS)


def _kinds(wish: Wish, options: Options) -> list[str]:
    item = _single(wish, options)
    return [PIECES, *([SWAP] if item is not None and item.variants else []), REMOVE]


_FLOWS: Final = (
    ChangeFlow(
        intent="cancel_order",
        change=Change.CANCEL_ORDER,
        undertaking=Undertaking.CANCEL_ORDER,
        request=_cancel,
        explains=False,
    ),
    ChangeFlow(
        intent="return_item",
        change=Change.RETURN_ITEM,
        undertaking=Undertaking.RETURN_ITEMS,
        request=_return,
        details=(Detail(name=ITEMS, values=_some_items, allows=_are_items), *_COMING_BACK),
    ),
    ChangeFlow(
        intent="exchange_item",
        change=Change.EXCHANGE_ITEM,
        undertaking=Undertaking.RETURN_ITEMS,
        request=_return,
        details=(_ONE_ITEM, Detail(name=VARIANT, values=_variants), *_COMING_BACK),
    ),
    ChangeFlow(
        intent="change_order",
        change=Change.CHANGE_VARIANT,
        undertaking=Undertaking.CHANGE_LINES,
        request=_lines,
        details=(
            _ONE_ITEM,
            Detail(name=KIND, values=_kinds),
            Detail(
                name=QUANTITY,
                values=lambda wish, _options: [str(count + 1) for count in range(MOST_PIECES)],
                is_needed=lambda wish, _options: wish.get(KIND) == PIECES,
                allows=_is_some_number,
            ),
            Detail(
                name=VARIANT,
                values=_variants,
                is_needed=lambda wish, _options: wish.get(KIND) == SWAP,
            ),
        ),
    ),
    ChangeFlow(
        intent="change_shipping_address",
        change=Change.CHANGE_ADDRESS,
        undertaking=Undertaking.CHANGE_ADDRESS,
        request=_address,
        details=(
            Detail(
                name=ADDRESS,
                values=lambda _wish, _options: [],
                is_open=True,
                allows=lambda _value, _wish, _options: True,
            ),
        ),
    ),
    ChangeFlow(intent="get_refund", change=Change.REFUND, undertaking=Undertaking.REFUND, request=_refund),
)

FLOWS: Final[Mapping[str, ChangeFlow]] = {flow.intent: flow for flow in _FLOWS}
"""By the intent that begins them."""
