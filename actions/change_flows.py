"""Every change that a customer can make in the chat: what has to be known first, and what is then asked for.

A flow is a row of :data:`FLOWS`. Its details are asked one after another, in their order; one that has only
one possible value is not asked at all. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from actions.errand_details import THE_PIECES, a_thing, the_variant
from actions.flow import Detail, Flow, Source, Told, Values, anything
from actions.wishes import (
    ADDRESS,
    COLOUR,
    CONDITION,
    COUNT,
    DAY,
    ITEMS,
    KIND,
    METHOD,
    PHOTO,
    PROBLEM,
    PRODUCT,
    QUANTITY,
    REASON,
    REMEDY,
    SIZE,
    STORY,
    VARIANT,
    Wish,
)
from balie.cases.kinds import CaseKind, Remedy
from balie.conversations.access import Level
from balie.orders.changes_asked import (
    OUR_FAULT,
    AskRefund,
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    DeliveryAddress,
    LineWish,
    ReportProblem,
    Request,
    ReturnItems,
    ReturnWish,
)
from balie.orders.kinds import ReturnMethod, ReturnReason, Undertaking
from balie.orders.options import ItemOption, Options
from balie.orders.policy_facts import Change, ItemCondition
from balie.orders.remedies import possible_remedies

MOST_DAYS: Final = 5
NO_PHOTO: Final = "none"
MOST_PIECES: Final = 5
"""So many pieces have a button each; a larger number can be typed."""
REMOVE, PIECES, SWAP, ADD = "remove", "pieces", "swap", "add"
"""Kinds of change of an order: of an item that is there, or something more."""

NO_ADDRESS: Final = DeliveryAddress(street="", house_number="", postcode="", city="", country="")
"""Of a message that is gone: the policy refuses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFlow(Flow):
    """One change of an order.

    Attributes:
        change: Its row in the policy.
        undertaking: What is done in one transaction.
        request: What is asked of the store once every detail is known.
    """

    level: Level = Level.ORDER
    change: Change
    undertaking: Undertaking
    request: Callable[[Wish, Options, Told], Request]


def chosen_items(wish: Wish, options: Options) -> list[ItemOption]:
    """The items that were chosen, or what is to be added; those that are not there any more are left out."""
    if wish.get(KIND) == ADD:
        return [] if options.addition is None else [options.addition]
    return [item for position in wish.positions if (item := options.find(position)) is not None]


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


def list_variants(wish: Wish, options: Options) -> list[str]:
    """Other sizes and colours; those in the same colour first."""
    item = _single(wish, options)
    if item is None:
        return []
    colours = item.colours
    return [one.sku for one in sorted(item.variants, key=lambda variant: variant.colours != colours)]


def _methods(_wish: Wish, options: Options) -> list[str]:
    picked_up = [ReturnMethod.PICK_UP.value] if options.pick_up_days else []
    return [ReturnMethod.PARCEL.value, ReturnMethod.STORE.value, *picked_up]


def _days(_wish: Wish, options: Options) -> list[str]:
    return [day.isoformat() for day in options.pick_up_days[:MOST_DAYS]]


def _is_a_day(value: str, _wish: Wish, _options: Options) -> bool:
    # Whether anybody comes then, the policy says: it names the first day that would be possible.
    return bool(value)


def _day_of(wish: Wish) -> date | None:
    day = wish.get(DAY)
    return None if day is None else date.fromisoformat(day)


def _reasons(_wish: Wish, _options: Options) -> list[str]:
    return [reason.value for reason in ReturnReason]


ONE_ITEM: Final = Detail(name=ITEMS, values=_one_item)
_QUANTITY: Final = Detail(name=QUANTITY, values=_pieces, is_needed=_has_several_pieces, allows=_is_number)
_REASON: Final = Detail(name=REASON, values=_reasons)
_CONDITION: Final = Detail(name=CONDITION, values=_conditions, is_needed=_is_not_our_fault)
_METHOD: Final = Detail(name=METHOD, values=_methods)
_DAY: Final = Detail(
    name=DAY,
    values=_days,
    source=Source.DAY,
    is_needed=lambda wish, _options: wish.get(METHOD) == ReturnMethod.PICK_UP,
    allows=_is_a_day,
)
_COMING_BACK: Final = (_QUANTITY, _REASON, _CONDITION, _METHOD, _DAY)
"""What has to be known of pieces that come back, for money or for others."""


def _cancel(_wish: Wish, _options: Options, _told: Told) -> Request:
    return CancelOrder()


def _refund(_wish: Wish, _options: Options, _told: Told) -> Request:
    return AskRefund()


def _return(wish: Wish, options: Options, _told: Told) -> Request:
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
    method = ReturnMethod(wish.get(METHOD) or ReturnMethod.PARCEL)
    return ReturnItems(tuple(wishes), method, _day_of(wish))


def _lines(wish: Wish, options: Options, _told: Told) -> Request:
    kind, wishes = wish.get(KIND), []
    if kind == ADD:
        count, sku = int(wish.get(COUNT) or 1), wish.get(VARIANT)
        return ChangeLines((LineWish(position=None, quantity=count, variant_sku=sku),))
    for item in chosen_items(wish, options):
        quantity = {REMOVE: 0, PIECES: int(wish.get(QUANTITY) or 0)}.get(kind or SWAP, item.left)
        wishes.append(LineWish(position=item.position, quantity=quantity, variant_sku=wish.get(VARIANT)))
    return ChangeLines(tuple(wishes))


def _address(_wish: Wish, _options: Options, told: Told) -> Request:
    return ChangeAddress(told.address or NO_ADDRESS)


def _problem_of(wish: Wish, otherwise: CaseKind) -> CaseKind:
    return CaseKind(wish.get(PROBLEM) or otherwise)


def _remedies(otherwise: CaseKind) -> Values:
    def list_remedies(wish: Wish, options: Options) -> list[str]:
        item = _single(wish, options)
        problem = _problem_of(wish, otherwise)
        return [] if item is None else [one.value for one in possible_remedies(problem, item.trouble)]

    return list_remedies


def _comes_back(wish: Wish, _options: Options) -> bool:
    never_came = wish.get(PROBLEM) == CaseKind.MISSING_ITEM
    return not never_came and wish.get(REMEDY) in {Remedy.REPLACEMENT, Remedy.REFUND}


def _report(otherwise: CaseKind) -> Callable[[Wish, Options, Told], Request]:
    def report(wish: Wish, options: Options, told: Told) -> Request:
        item = chosen_items(wish, options)[0]
        photos = wish.get(PHOTO) or NO_PHOTO
        return ReportProblem(
            problem=_problem_of(wish, otherwise),
            position=item.position,
            quantity=int(wish.get(QUANTITY) or item.left),
            remedy=Remedy(wish.get(REMEDY) or Remedy.REFUND),
            photos=() if photos == NO_PHOTO else tuple(photos.split(",")),
            story=told.texts.get(STORY),
            method=ReturnMethod(wish.get(METHOD) or ReturnMethod.PARCEL),
            pick_up_on=_day_of(wish),
        )

    return report


def _kinds(wish: Wish, options: Options) -> list[str]:
    items = chosen_items(wish, options) or options.possible
    return [PIECES, *([SWAP] if any(item.variants for item in items) else []), REMOVE, ADD]


def _is_kind(*kinds: str) -> Callable[[Wish, Options], bool]:
    return lambda wish, _options: wish.get(KIND) in kinds


def _to_add(detail: Detail) -> Detail:
    """The same, asked of what is added only."""
    return replace(
        detail,
        is_needed=lambda wish, options: wish.get(KIND) == ADD and detail.is_needed(wish, options),
    )


def _becomes(wish: Wish, options: Options) -> list[str]:
    return the_variant(wish, options) if wish.get(KIND) == ADD else list_variants(wish, options)


def _remedy(otherwise: CaseKind) -> Detail:
    return Detail(name=REMEDY, values=_remedies(otherwise))


_SOMETHING_MORE: Final = tuple(
    _to_add(detail)
    for detail in a_thing(lambda variant: variant.in_stock > 0)
    if detail.name in {PRODUCT, SIZE, COLOUR}
)
_METHOD_BACK: Final = replace(_METHOD, is_needed=_comes_back)
_STORY: Final = anything(STORY, Source.STORY)
_PHOTO: Final = Detail(
    name=PHOTO,
    values=lambda _wish, _options: [NO_PHOTO],
    source=Source.PHOTO,
    is_open=True,
    allows=lambda _value, _wish, _options: True,
    fills_itself=False,
)

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
        details=(ONE_ITEM, Detail(name=VARIANT, values=list_variants), *_COMING_BACK),
    ),
    ChangeFlow(
        intent="change_order",
        change=Change.CHANGE_VARIANT,
        undertaking=Undertaking.CHANGE_LINES,
        request=_lines,
        details=(
            Detail(name=KIND, values=_kinds),
            replace(ONE_ITEM, is_needed=lambda wish, _options: wish.get(KIND) != ADD),
            *_SOMETHING_MORE,
            Detail(
                name=QUANTITY,
                values=lambda wish, _options: [str(count + 1) for count in range(MOST_PIECES)],
                is_needed=_is_kind(PIECES),
                allows=_is_some_number,
            ),
            Detail(name=VARIANT, values=_becomes, is_needed=_is_kind(SWAP, ADD)),
            _to_add(replace(THE_PIECES, name=COUNT)),
        ),
    ),
    ChangeFlow(
        intent="change_shipping_address",
        change=Change.CHANGE_ADDRESS,
        undertaking=Undertaking.CHANGE_ADDRESS,
        request=_address,
        details=(anything(ADDRESS, Source.ADDRESS),),
    ),
    ChangeFlow(intent="get_refund", change=Change.REFUND, undertaking=Undertaking.REFUND, request=_refund),
    ChangeFlow(
        intent="damaged_item",
        change=Change.REPORT_DAMAGE,
        undertaking=Undertaking.REPORT_PROBLEM,
        request=_report(CaseKind.DAMAGED),
        details=(ONE_ITEM, _QUANTITY, _STORY, _PHOTO, _remedy(CaseKind.DAMAGED), _METHOD_BACK, _DAY),
    ),
    ChangeFlow(
        intent="wrong_or_missing_item",
        change=Change.REPORT_MISSING,
        undertaking=Undertaking.REPORT_PROBLEM,
        request=_report(CaseKind.MISSING_ITEM),
        details=(
            Detail(
                name=PROBLEM,
                values=lambda _wish, _options: [CaseKind.WRONG_ITEM.value, CaseKind.MISSING_ITEM.value],
            ),
            ONE_ITEM,
            _QUANTITY,
            replace(_PHOTO, is_needed=lambda wish, _options: wish.get(PROBLEM) == CaseKind.WRONG_ITEM),
            _remedy(CaseKind.MISSING_ITEM),
            _METHOD_BACK,
            _DAY,
        ),
    ),
    ChangeFlow(
        intent="warranty",
        change=Change.CLAIM_WARRANTY,
        undertaking=Undertaking.REPORT_PROBLEM,
        request=_report(CaseKind.WARRANTY),
        details=(ONE_ITEM, _QUANTITY, _STORY, _PHOTO, _remedy(CaseKind.WARRANTY), _METHOD_BACK, _DAY),
        is_meant=lambda wish: wish.get(ITEMS) is not None or wish.get(STORY) is not None,
        offers_to_begin=True,
    ),
)

FLOWS: Final[Mapping[str, ChangeFlow]] = {flow.intent: flow for flow in _FLOWS}
"""By the intent that begins them."""
