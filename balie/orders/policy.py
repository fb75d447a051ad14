"""What may be done with an order in which state, and what to offer instead. Pure: facts in, verdict out.

Three tables: :data:`BY_STATUS` says what the state of the order rules out, :data:`ORDER_CONDITIONS` and
:data:`ITEM_CONDITIONS` what else does. The flows ask :func:`decide`; the numbers in it are the shop's own
(:class:`~balie.orders.terms.Terms`), the same that the answers quote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeAlias

from balie.orders.kinds import DeliveryMethod
from balie.orders.pick_up import first_pick_up_day, list_pick_up_days
from balie.orders.policy_facts import (
    Allowed,
    Alternative,
    Change,
    ChangeFacts,
    Elsewhere,
    ItemCondition,
    ItemFacts,
    Reason,
    Refusal,
    Verdict,
    WantedVariant,
)
from balie.orders.status import OrderStatus
from balie.orders.terms import Terms

MOST_PIECES_PER_LINE: Final = 99
"""More than a household needs; business orders go through a person."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """Why not, and what may help instead: of the alternatives the first that is possible is offered."""

    reason: Reason
    alternatives: tuple[Alternative, ...] = ()


_R, _C, _E, _S = Reason, Change, Elsewhere, OrderStatus

_YES: Final = None
_PACKED: Final = Barrier(_R.PACKED, (_E.PERSON,))
_LEFT: Final = Barrier(_R.SHIPPED, (_C.RETURN_ITEM, _E.PERSON))
_HERE: Final = Barrier(_R.DELIVERED, (_C.RETURN_ITEM, _E.PERSON))
_LEFT_SWAP: Final = Barrier(_R.SHIPPED, (_C.EXCHANGE_ITEM, _E.PERSON))
_HERE_SWAP: Final = Barrier(_R.DELIVERED, (_C.EXCHANGE_ITEM, _E.PERSON))
_LEFT_MORE: Final = Barrier(_R.SHIPPED, (_E.NEW_ORDER,))
_HERE_MORE: Final = Barrier(_R.DELIVERED, (_E.NEW_ORDER,))
_PACKED_MORE: Final = Barrier(_R.PACKED, (_E.NEW_ORDER,))
_LEFT_MOVE: Final = Barrier(_R.SHIPPED, (_E.PERSON,))
_HERE_MOVE: Final = Barrier(_R.DELIVERED)
_NOT_YET: Final = Barrier(_R.NOT_SHIPPED, (_C.CANCEL_ORDER, _E.PERSON))
_NOT_YET_SWAP: Final = Barrier(_R.NOT_SHIPPED, (_C.CHANGE_VARIANT, _E.PERSON))
_NOT_YET_HERE: Final = Barrier(_R.NOT_SHIPPED, (_E.TRACK_ORDER,))
_UNDERWAY: Final = Barrier(_R.ON_ITS_WAY, (_E.TRACK_ORDER,))
_GONE: Final = Barrier(_R.ALREADY_CANCELLED, (_E.TRACK_REFUND,))
_GONE_MORE: Final = Barrier(_R.ALREADY_CANCELLED, (_E.NEW_ORDER,))
_BACK: Final = Barrier(_R.ALREADY_RETURNED, (_E.TRACK_REFUND,))
_BACK_MORE: Final = Barrier(_R.ALREADY_RETURNED, (_E.NEW_ORDER,))

_STAGES: Final[tuple[tuple[OrderStatus, ...], ...]] = (
    (_S.PLACED, _S.PAID),
    (_S.PACKED,),
    (_S.SHIPPED, _S.OUT_FOR_DELIVERY, _S.READY_FOR_PICKUP),
    (_S.DELIVERED,),
    (_S.CANCELLED,),
    (_S.RETURNED,),
)

_BY_STAGE: Final[Mapping[Change, tuple[Barrier | None, ...]]] = {
    #                   placed, paid    packed         underway     delivered    cancelled   returned
    _C.CANCEL_ORDER:    (_YES,          _PACKED,       _LEFT,       _HERE,       _GONE,      _BACK),
    _C.CANCEL_LINE:     (_YES,          _PACKED,       _LEFT,       _HERE,       _GONE,      _BACK),
    _C.CHANGE_QUANTITY: (_YES,          _PACKED,       _LEFT,       _HERE,       _GONE,      _BACK),
    _C.CHANGE_VARIANT:  (_YES,          _PACKED,       _LEFT_SWAP,  _HERE_SWAP,  _GONE,      _BACK),
    _C.ADD_LINE:        (_YES,          _PACKED_MORE,  _LEFT_MORE,  _HERE_MORE,  _GONE_MORE, _BACK_MORE),
    _C.CHANGE_ADDRESS:  (_YES,          _PACKED,       _LEFT_MOVE,  _HERE_MOVE,  _GONE,      _BACK),
    _C.RETURN_ITEM:     (_NOT_YET,      _PACKED,       _YES,        _YES,        _GONE,      _BACK),
    _C.EXCHANGE_ITEM:   (_NOT_YET_SWAP, _PACKED,       _YES,        _YES,        _GONE,      _BACK),
    _C.REFUND:          (_YES,          _YES,          _YES,        _YES,        _YES,       _YES),
    _C.REPORT_DAMAGE:   (_NOT_YET_HERE, _NOT_YET_HERE, _UNDERWAY,   _YES,        _GONE,      _BACK),
    _C.REPORT_MISSING:  (_NOT_YET_HERE, _NOT_YET_HERE, _UNDERWAY,   _YES,        _GONE,      _BACK),
    _C.CLAIM_WARRANTY:  (_NOT_YET_HERE, _NOT_YET_HERE, _UNDERWAY,   _YES,        _GONE,      _BACK),
}  # fmt: skip

BY_STATUS: Final[Mapping[Change, Mapping[OrderStatus, Barrier | None]]] = {
    change: {status: barrier for stage, barrier in zip(_STAGES, row, strict=True) for status in stage}
    for change, row in _BY_STAGE.items()
}
"""What the state of the order rules out; None where it rules out nothing."""

OrderCondition: TypeAlias = Callable[[ChangeFacts, Terms], bool]
ItemRule: TypeAlias = Callable[[ItemFacts, ChangeFacts, Terms], bool]

_PERSON: Final = (_E.PERSON,)


def _nothing_held(facts: ChangeFacts, _terms: Terms) -> bool:
    return facts.refundable_minor <= 0


def _period_is_over(change: Change) -> OrderCondition:
    def is_over(facts: ChangeFacts, terms: Terms) -> bool:
        last = last_day(change, facts, terms)
        return last is not None and last < facts.today

    return is_over


def _warranty_is_over(facts: ChangeFacts, terms: Terms) -> bool:
    return facts.received_on is not None and facts.today >= _years_later(
        facts.received_on, terms.warranty_years
    )


def _is_under_warranty(facts: ChangeFacts, terms: Terms) -> bool:
    if facts.received_on is None or not _period_is_over(_C.REPORT_DAMAGE)(facts, terms):
        return False
    return not _warranty_is_over(facts, terms)


def _goes_to_a_pickup_place(facts: ChangeFacts, _terms: Terms) -> bool:
    return facts.delivery_method in {DeliveryMethod.PICKUP_POINT, DeliveryMethod.CLICK_AND_COLLECT}


def _is_outside_our_countries(facts: ChangeFacts, terms: Terms) -> bool:
    return facts.new_country is not None and facts.new_country not in terms.countries


def _is_another_country(facts: ChangeFacts, _terms: Terms) -> bool:
    # VAT, delivery price and promised day would all be others: that is another order.
    return facts.new_country is not None and facts.new_country != facts.country


def _nobody_comes_then(facts: ChangeFacts, terms: Terms) -> bool:
    return facts.pick_up and facts.pick_up_on not in list_pick_up_days(facts.today, facts.country, terms)


def _is_made_to_measure(facts: ChangeFacts, _terms: Terms) -> bool:
    # Whether building has begun, and so what it costs, is not ours to guess.
    return facts.made_to_measure


_OVER: Final = frozenset({_S.CANCELLED, _S.RETURNED})
_NOT_PICKED_UP: Final = (_nobody_comes_then, Barrier(_R.PICK_UP_NOT_POSSIBLE))
_BEING_BUILT: Final = Barrier(_R.MADE_TO_MEASURE, _PERSON)

ORDER_CONDITIONS: Final[Mapping[Change, tuple[tuple[OrderCondition, Barrier], ...]]] = {
    _C.CANCEL_ORDER: ((_is_made_to_measure, _BEING_BUILT),),
    _C.CANCEL_LINE: ((_is_made_to_measure, _BEING_BUILT),),
    _C.CHANGE_QUANTITY: ((_is_made_to_measure, _BEING_BUILT),),
    _C.CHANGE_VARIANT: ((_is_made_to_measure, _BEING_BUILT),),
    _C.CHANGE_ADDRESS: (
        (_goes_to_a_pickup_place, Barrier(_R.COLLECTED, _PERSON)),
        (_is_outside_our_countries, Barrier(_R.COUNTRY_NOT_SERVED)),
        (_is_another_country, Barrier(_R.OTHER_COUNTRY, (_C.CANCEL_ORDER, _E.PERSON))),
    ),
    _C.RETURN_ITEM: (
        (_period_is_over(_C.RETURN_ITEM), Barrier(_R.PERIOD_OVER, _PERSON)),
        _NOT_PICKED_UP,
    ),
    _C.EXCHANGE_ITEM: (
        (_period_is_over(_C.EXCHANGE_ITEM), Barrier(_R.PERIOD_OVER, (_C.RETURN_ITEM, _E.PERSON))),
        _NOT_PICKED_UP,
    ),
    _C.REFUND: (
        (
            lambda facts, terms: _nothing_held(facts, terms) and facts.refund_refused,
            Barrier(_R.REFUND_REFUSED, _PERSON),
        ),
        (
            lambda facts, terms: _nothing_held(facts, terms) and facts.refund_waiting,
            Barrier(_R.REFUND_ON_ITS_WAY, (_E.TRACK_REFUND,)),
        ),
        (
            lambda facts, terms: _nothing_held(facts, terms) and facts.status in _OVER,
            Barrier(_R.NOTHING_TO_REFUND, (_E.TRACK_REFUND,)),
        ),
        (_nothing_held, Barrier(_R.NOTHING_TO_REFUND, (_C.CANCEL_ORDER, _C.RETURN_ITEM, _E.PERSON))),
    ),
    _C.REPORT_DAMAGE: (
        (_is_under_warranty, Barrier(_R.PERIOD_OVER, (_E.WARRANTY,))),
        (_period_is_over(_C.REPORT_DAMAGE), Barrier(_R.PERIOD_OVER, _PERSON)),
    ),
    _C.REPORT_MISSING: ((_period_is_over(_C.REPORT_MISSING), Barrier(_R.PERIOD_OVER, _PERSON)),),
    _C.CLAIM_WARRANTY: ((_warranty_is_over, Barrier(_R.PERIOD_OVER, _PERSON)),),
}
"""What else rules out a change of the whole order, first reason first."""


def _is_no_quantity(item: ItemFacts, _facts: ChangeFacts, _terms: Terms) -> bool:
    return item.wanted is not None and item.wanted < 1


def _is_a_warehouse(item: ItemFacts, _facts: ChangeFacts, _terms: Terms) -> bool:
    fewer = item.variant is not None and item.variant.needed <= 0
    return item.wanted is not None and item.wanted > MOST_PIECES_PER_LINE and not fewer


def _is_more_than_left(item: ItemFacts, _facts: ChangeFacts, _terms: Terms) -> bool:
    return item.wanted is not None and item.wanted > item.quantity - item.announced


def _is_being_collected(item: ItemFacts, facts: ChangeFacts, _terms: Terms) -> bool:
    # What a store has put aside comes from its own shelves, not from the web warehouse.
    more = item.variant is not None and item.variant.needed > 0
    return more and facts.delivery_method is DeliveryMethod.CLICK_AND_COLLECT


def _variant(rule: Callable[[WantedVariant], bool]) -> ItemRule:
    return lambda item, _facts, _terms: item.variant is not None and rule(item.variant)


_SOLD_AND_THERE: Final[tuple[tuple[ItemRule, Barrier], ...]] = (
    (_variant(lambda v: v.needed > 0 and not v.sold), Barrier(_R.NOT_SOLD, _PERSON)),
    (_variant(lambda v: v.needed > 0 and not v.fits_delivery), Barrier(_R.OTHER_DELIVERY, (_E.NEW_ORDER,))),
    (_is_being_collected, Barrier(_R.COLLECTED, _PERSON)),
    (_variant(lambda v: v.needed > v.in_stock), Barrier(_R.OUT_OF_STOCK, (_E.STOCK_ALERT,))),
)
_BUYABLE: Final[tuple[tuple[ItemRule, Barrier], ...]] = (
    (_is_no_quantity, Barrier(_R.INVALID_QUANTITY)),
    (_is_a_warehouse, Barrier(_R.TOO_MANY, _PERSON)),
    *_SOLD_AND_THERE,
)
_FIT_TO_COME_BACK: Final[tuple[tuple[ItemRule, Barrier], ...]] = (
    (_is_no_quantity, Barrier(_R.INVALID_QUANTITY)),
    (lambda item, _f, _t: item.announced >= item.quantity, Barrier(_R.ALREADY_ANNOUNCED, (_E.TRACK_REFUND,))),
    (_is_more_than_left, Barrier(_R.TOO_MANY)),
    (lambda item, _f, _t: item.excluded, Barrier(_R.NOT_RETURNABLE, _PERSON)),
    (
        lambda item, _f, _t: item.sealed and item.condition is ItemCondition.SEAL_BROKEN,
        Barrier(_R.SEAL_BROKEN, _PERSON),
    ),
    (lambda item, _f, _t: item.condition is ItemCondition.USED, Barrier(_R.USED, _PERSON)),
)

_REPORTABLE: Final[tuple[tuple[ItemRule, Barrier], ...]] = (
    (_is_no_quantity, Barrier(_R.INVALID_QUANTITY)),
    (lambda item, _f, _t: item.announced >= item.quantity, Barrier(_R.ALREADY_ANNOUNCED, (_E.TRACK_REFUND,))),
    (lambda item, _f, _t: item.reported + item.announced >= item.quantity,
     Barrier(_R.ALREADY_REPORTED, _PERSON)),
    (lambda item, _f, _t: item.wanted is not None
     and item.wanted > item.quantity - item.announced - item.reported,
     Barrier(_R.TOO_MANY)),
)  # fmt: skip

ITEM_CONDITIONS: Final[Mapping[Change, tuple[tuple[ItemRule, Barrier], ...]]] = {
    _C.CANCEL_LINE: (),
    _C.CHANGE_QUANTITY: _BUYABLE,
    _C.CHANGE_VARIANT: _BUYABLE,
    _C.ADD_LINE: _BUYABLE,
    _C.RETURN_ITEM: _FIT_TO_COME_BACK,
    _C.REPORT_DAMAGE: _REPORTABLE,
    _C.REPORT_MISSING: _REPORTABLE,
    _C.CLAIM_WARRANTY: _REPORTABLE,
    _C.EXCHANGE_ITEM: (
        *_FIT_TO_COME_BACK,
        (_variant(lambda v: v.needed > 0 and not v.sold), Barrier(_R.NOT_SOLD, (_C.RETURN_ITEM, _E.PERSON))),
        (_variant(lambda v: v.costs_more), Barrier(_R.COSTS_MORE, (_C.RETURN_ITEM, _E.PERSON))),
        (
            _variant(lambda v: v.needed > v.in_stock),
            Barrier(_R.OUT_OF_STOCK, (_C.RETURN_ITEM, _E.STOCK_ALERT)),
        ),
    ),
}
"""What rules out a change of one line; a question about several is refused when each of them is."""

_PERIODS: Final[Mapping[Change, Callable[[Terms], int]]] = {
    _C.RETURN_ITEM: lambda terms: terms.return_days,
    _C.EXCHANGE_ITEM: lambda terms: terms.exchange_days,
    _C.REPORT_DAMAGE: lambda terms: terms.damage_days,
    _C.REPORT_MISSING: lambda terms: terms.damage_days,
}


def decide(change: Change, facts: ChangeFacts, terms: Terms) -> Verdict:
    """Whether this may be done, and if not, why not and what helps instead.

    A question about several items is allowed when it is for at least one of them.
    """
    barrier = _first_barrier(change, facts, terms)
    if barrier is None:
        return Allowed(last_day(change, facts, terms))
    return Refusal(
        barrier.reason,
        next((other for other in barrier.alternatives if _is_possible(other, facts, terms)), None),
        at_most=_at_most(barrier.reason, change, facts),
        until=last_day(change, facts, terms) if barrier.reason is Reason.PERIOD_OVER else None,
        possible_from=(
            first_pick_up_day(facts.today, facts.country, terms)
            if barrier.reason is Reason.PICK_UP_NOT_POSSIBLE
            else None
        ),
    )


def last_day(change: Change, facts: ChangeFacts, terms: Terms) -> date | None:
    """The last day on which this may be asked for; None before delivery, and where no period holds."""
    if facts.received_on is None or change not in _PERIODS:
        return None
    return facts.received_on + timedelta(days=_PERIODS[change](terms))


def _first_barrier(change: Change, facts: ChangeFacts, terms: Terms) -> Barrier | None:
    by_status = BY_STATUS[change][facts.status]
    if by_status is not None:
        return by_status
    for rules_out, barrier in ORDER_CONDITIONS.get(change, ()):
        if rules_out(facts, terms):
            return barrier
    return _barrier_of_all_items(change, facts, terms) if change in ITEM_CONDITIONS else None


def _barrier_of_all_items(change: Change, facts: ChangeFacts, terms: Terms) -> Barrier | None:
    first: Barrier | None = None
    for item in facts.items:
        barrier = next(
            (barrier for rules_out, barrier in ITEM_CONDITIONS[change] if rules_out(item, facts, terms)), None
        )
        if barrier is None:
            return None
        first = first or barrier
    return first or Barrier(Reason.NO_SUCH_ITEM)


def _is_possible(alternative: Alternative, facts: ChangeFacts, terms: Terms) -> bool:
    if isinstance(alternative, Elsewhere):
        return True
    return _first_barrier(alternative, before_choosing(facts), terms) is None


def before_choosing(facts: ChangeFacts) -> ChangeFacts:
    """The same facts when nothing has been said yet about how many, for what, where to and how."""
    items = tuple(replace(item, wanted=None, variant=None) for item in facts.items)
    return replace(facts, items=items, new_country=None, pick_up=False, pick_up_on=None)


def _at_most(reason: Reason, change: Change, facts: ChangeFacts) -> int | None:
    if not facts.items or reason not in {Reason.TOO_MANY, Reason.OUT_OF_STOCK}:
        return None
    item = facts.items[0]
    if reason is Reason.OUT_OF_STOCK:
        return (
            None if item.variant is None else (item.wanted or 0) - item.variant.needed + item.variant.in_stock
        )
    comes_back = change in {Change.RETURN_ITEM, Change.EXCHANGE_ITEM}
    return item.quantity - item.announced if comes_back else MOST_PIECES_PER_LINE


def _years_later(day: date, years: int) -> date:
    # A purchase of 29 February is as old as one of 1 March.
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
