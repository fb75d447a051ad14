"""What a change means, as the replies about it may use it, and the buttons of its questions. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from actions.change_flows import chosen_items
from actions.errand_details import colours_of, variants_of
from actions.flow import Detail
from actions.order_facts import in_every_language
from actions.wishes import (
    BOUGHT,
    COLOUR,
    CONDITION,
    COUNT,
    DAY,
    ITEMS,
    KIND,
    METHOD,
    PROBLEM,
    PRODUCT,
    QUANTITY,
    REASON,
    REMEDY,
    SIZE,
    STARS,
    STORE,
    VARIANT,
    Wish,
)
from balie.assistant.private_words import PrivateTexts
from balie.assistant.speech import Choice
from balie.orders.changes_asked import DeliveryAddress
from balie.orders.options import ItemOption, Options
from balie.orders.outcomes import Effects, Refused
from balie.orders.policy_facts import Alternative, Change, Elsewhere
from balie.orders.views import OrderView

MOST_ITEMS: Final = 5
"""So many products of an order are named in a sentence."""
MOST_BUTTONS: Final = 8

_INTENT: Final[Mapping[Alternative, str]] = {
    Change.CANCEL_ORDER: "cancel_order",
    Change.CANCEL_LINE: "change_order",
    Change.CHANGE_QUANTITY: "change_order",
    Change.CHANGE_VARIANT: "change_order",
    Change.ADD_LINE: "change_order",
    Change.CHANGE_ADDRESS: "change_shipping_address",
    Change.RETURN_ITEM: "return_item",
    Change.EXCHANGE_ITEM: "exchange_item",
    Change.REFUND: "get_refund",
    Change.REPORT_DAMAGE: "damaged_item",
    Change.REPORT_MISSING: "wrong_or_missing_item",
    Change.CLAIM_WARRANTY: "warranty",
    Elsewhere.PERSON: "contact_human_agent",
    Elsewhere.TRACK_ORDER: "track_order",
    Elsewhere.TRACK_REFUND: "track_refund",
    Elsewhere.WARRANTY: "warranty",
    Elsewhere.NEW_ORDER: "place_order",
    Elsewhere.STOCK_ALERT: "back_in_stock_alert",
}
"""The question that leads to what helps instead."""


def alternative_choices(refused: Refused) -> list[Choice]:
    """A button to what helps instead, for the same order; none when nothing does."""
    if refused.alternative is None:
        return []
    slots = {"order_number": refused.order_number} if isinstance(refused.alternative, Change) else {}
    return [Choice(intent=_INTENT[refused.alternative], slots=slots)]


def describe_effects(effects: Effects) -> dict[str, Any]:
    """Money and days of a change; None for what does not happen."""
    return {
        "total": effects.total,
        "refund": effects.refund,
        "refund_by": effects.refund_by,
        "fee": effects.fee,
        "to_pay": effects.to_pay,
        "send_by": effects.send_by,
        "reserved_until": effects.reserved_until,
        "pick_up_on": effects.pick_up_on,
        "promised_by": effects.promised_by,
        "wants_person": effects.wants_person,
    }


def describe_order(order: OrderView) -> dict[str, Any]:
    """The order that a change is about."""
    return {
        "number": order.number,
        "placed_on": order.placed_on,
        "items": [in_every_language(line.names) for line in order.lines[:MOST_ITEMS]],
        "more_items": len(order.lines) > MOST_ITEMS,
        "order_total": order.total,
    }


def describe_wish(wish: Wish, options: Options) -> dict[str, Any]:
    """What was chosen so far: products by name, the rest as it is."""
    chosen = chosen_items(wish, options)
    variants = [one for item in chosen for one in item.variants if one.sku == wish.get(VARIANT)]
    return {
        "chosen": [in_every_language(item.names) for item in chosen[:MOST_ITEMS]],
        "quantity": _number(wish.get(QUANTITY) or wish.get(COUNT)),
        "reason": wish.get(REASON),
        "condition": wish.get(CONDITION),
        "method": wish.get(METHOD),
        "day": wish.get(DAY),
        "kind": wish.get(KIND),
        "problem": wish.get(PROBLEM),
        "remedy": wish.get(REMEDY),
        "new_size": variants[0].size if variants else None,
        "new_colour": in_every_language(variants[0].colours) if variants and variants[0].colours else None,
    }


def describe_address(address: DeliveryAddress | None, private: PrivateTexts) -> dict[str, str] | None:
    """An address as a reply may name it; Rasa carries words in its place."""
    if address is None:
        return None
    return {
        "street": private.hide(f"{address.street} {address.house_number}"),
        "place": private.hide(f"{address.postcode} {address.city}"),
        "country": address.country,
    }


def detail_choices(
    detail: Detail, number: str, wish: Wish, options: Options, *, values: Sequence[str] | None = None
) -> list[Choice]:
    """A button for each value of a question, or for these of them, tied to the question and the order."""
    word = _WORDING.get(detail.name, _as_it_is)
    shown = detail.values(wish, options) if values is None else values
    return [
        Choice(
            intent="choose_detail",
            slots={"detail": f"{detail.name}:{number}:{value}"},
            title=title,
            facts=facts,
        )
        for value in shown[:MOST_BUTTONS]
        for title, facts in [word(detail, value, wish, options)]
    ]


def _number(value: str | None) -> int | None:
    return None if value is None else int(value)


_Wording = Callable[[Detail, str, Wish, Options], tuple[str, dict[str, Any]]]


def _as_it_is(detail: Detail, value: str, _wish: Wish, _options: Options) -> tuple[str, dict[str, Any]]:
    return f"title_{detail.name}_{value}", {}


def _pieces(_detail: Detail, value: str, _wish: Wish, _options: Options) -> tuple[str, dict[str, Any]]:
    return "title_pieces", {"count": int(value)}


def _item(_detail: Detail, value: str, _wish: Wish, options: Options) -> tuple[str, dict[str, Any]]:
    if "," in value:
        return "title_all_items", {}
    item = options.find(int(value))
    assert item is not None, "it is one of the options"
    return "title_item", {"name": in_every_language(item.names), "size": _size_if_needed(item, options.items)}


def _size_if_needed(item: ItemOption, items: Sequence[ItemOption]) -> str | None:
    """The size, where two items have the same name."""
    same = [other for other in items if other.names == item.names]
    return item.size if len(same) > 1 else None


def _variant(_detail: Detail, value: str, wish: Wish, options: Options) -> tuple[str, dict[str, Any]]:
    item = chosen_items(wish, options)[0]
    variant = next(one for one in item.variants if one.sku == value)
    differs = variant.colours != item.colours
    colour = in_every_language(variant.colours) if variant.colours and (differs or not variant.size) else None
    return "title_variant", {"size": variant.size, "colour": colour}


def _named(detail: Detail, value: str, _wish: Wish, options: Options) -> tuple[str, dict[str, Any]]:
    return "title_of_choice", {"name": options.choices[detail.name][value]}


def _size(_detail: Detail, value: str, _wish: Wish, _options: Options) -> tuple[str, dict[str, Any]]:
    return "title_variant", {"size": value, "colour": None}


def _colour(_detail: Detail, value: str, _wish: Wish, options: Options) -> tuple[str, dict[str, Any]]:
    colours = colours_of(variants_of(options))
    return "title_variant", {"size": None, "colour": in_every_language(colours[value])}


def _stars(_detail: Detail, value: str, _wish: Wish, _options: Options) -> tuple[str, dict[str, Any]]:
    return "title_stars", {"count": int(value)}


def _day(_detail: Detail, value: str, _wish: Wish, _options: Options) -> tuple[str, dict[str, Any]]:
    return "title_day", {"day": value}


_WORDING: Final[Mapping[str, _Wording]] = {
    ITEMS: _item,
    QUANTITY: _pieces,
    COUNT: _pieces,
    VARIANT: _variant,
    STARS: _stars,
    DAY: _day,
    SIZE: _size,
    COLOUR: _colour,
    PRODUCT: _named,
    BOUGHT: _named,
    STORE: _named,
}
"""How the buttons are worded that are not the same for every order."""
