"""What a flow may have to know: a product in one of its variants, a store, a contact. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from actions.contacts import Field
from actions.flow import Detail, Source, Values, anything
from actions.wishes import (
    CODE,
    COLOUR,
    CONTACT,
    FIELD,
    ITEMS,
    PRODUCT,
    QUANTITY,
    SIZE,
    STORE,
    STORY,
    VARIANT,
    Wish,
)
from balie.orders.options import Options, VariantOption

_PRICE_OR_PLACE: Final = re.compile(r"\d|https?:|www\.", re.IGNORECASE)


def fixed(name: str, values: Sequence[str]) -> Detail:
    """A detail with the same values for everybody."""
    return Detail(name=name, values=lambda _wish, _options: values)


def listed(name: str) -> Callable[[Wish, Options], Sequence[str]]:
    """What the till lists for a detail."""
    return lambda _wish, options: list(options.choices.get(name, {}))


def tells_a_price(text: str) -> bool:
    """Whether a sentence says for how much, or where, something can be had."""
    return _PRICE_OR_PLACE.search(text) is not None


A_STORY: Final = replace(anything(STORY, Source.STORY), grows=True)
"""What happened, in the customer's own words; more can be added until it is confirmed."""


def contact_field(value: str) -> tuple[Field, str]:
    """Which field a contact is for, and the message that says it.

    >>> contact_field("phone:0b9f4a3e")
    (<Field.PHONE: 'phone'>, '0b9f4a3e')
    """
    field, _, place = value.partition(":")
    return Field(field), place


def _is_for_the_field(value: str, wish: Wish, _options: Options) -> bool:
    return contact_field(value)[0] == (wish.get(FIELD) or Field.EMAIL)


THE_CONTACT: Final = Detail(
    name=CONTACT,
    values=lambda _wish, _options: [],
    source=Source.CONTACT,
    is_open=True,
    allows=_is_for_the_field,
)
"""A name, number or address; one that was given for another field counts no more."""

A_CODE: Final = anything(CODE, Source.CODE)
THE_PIECES: Final = Detail(
    name=QUANTITY,
    values=lambda _wish, _options: ["1"],
    source=Source.PIECES,
    # How many there may be, the shop's rules say.
    allows=lambda value, _wish, _options: value.isascii() and value.isdigit() and len(value) <= 12,
)
"""How many; one, unless more are named."""

THE_PRODUCT: Final = Detail(
    name=PRODUCT,
    values=listed(PRODUCT),
    source=Source.PRODUCT,
    is_open=True,
    allows=lambda _value, _wish, _options: True,
    # One that may be meant is not yet the one that is.
    fills_itself=False,
)
THE_STORE: Final = Detail(
    name=STORE,
    values=listed(STORE),
    source=Source.STORE,
    is_open=True,
    allows=lambda _value, _wish, _options: True,
)


def a_thing(can_be_meant: Callable[[VariantOption], bool] = lambda _variant: True) -> tuple[Detail, ...]:
    """A product, and which of its variants: size and colour are asked for where it comes in several.

    Args:
        can_be_meant: Whether a variant gets a button; any other may still be typed.
    """

    def sizes(_wish: Wish, options: Options) -> list[str]:
        return _sizes(filter(can_be_meant, variants_of(options)))

    def colours(wish: Wish, options: Options) -> list[str]:
        return list(colours_of(filter(can_be_meant, _of_size(wish, options))))

    return (
        THE_PRODUCT,
        _follows(ITEMS, _the_item),
        Detail(
            name=SIZE,
            values=sizes,
            is_needed=lambda _wish, options: len(_sizes(variants_of(options))) > 1,
            allows=lambda value, _wish, options: value in _sizes(variants_of(options)),
            fills_itself=False,
        ),
        Detail(
            name=COLOUR,
            values=colours,
            is_needed=lambda wish, options: len(colours_of(_of_size(wish, options))) > 1,
            allows=lambda value, wish, options: value in colours_of(_of_size(wish, options)),
            fills_itself=False,
        ),
        _follows(VARIANT, the_variant),
    )


def _follows(name: str, values: Values) -> Detail:
    return Detail(
        name=name,
        values=values,
        source=Source.OTHERS,
        is_needed=lambda _wish, options: bool(options.items),
    )


def variants_of(options: Options) -> Sequence[VariantOption]:
    """Everything that the product comes in; nothing while no product is known."""
    items = options.items if options.addition is None else (options.addition,)
    return [variant for item in items for variant in item.variants]


def colours_of(variants: Iterable[VariantOption]) -> Mapping[str, Mapping[str, str]]:
    """The colours among variants, each with its names per language."""
    return {colour_name(one.colours): one.colours for one in variants if one.colours}


def colour_name(colours: Mapping[str, str]) -> str:
    """What a colour is called in the dialogue.

    >>> colour_name({"nl": "donkerblauw", "en": "dark blue"})
    'dark blue'
    """
    return colours.get("en") or next(iter(colours.values()))


def _the_item(_wish: Wish, options: Options) -> list[str]:
    return [str(item.position) for item in options.items]


def _sizes(variants: Iterable[VariantOption]) -> list[str]:
    return list(dict.fromkeys(one.size for one in variants if one.size is not None))


def _of_size(wish: Wish, options: Options) -> list[VariantOption]:
    size = wish.get(SIZE)
    return [one for one in variants_of(options) if size is None or one.size == size]


def the_variant(wish: Wish, options: Options) -> list[str]:
    """The one of the size and colour that were said."""
    colour = wish.get(COLOUR)
    of_size = _of_size(wish, options)
    return [one.sku for one in of_size if colour is None or colour_name(one.colours or {"": ""}) == colour]
