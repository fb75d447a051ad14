"""Which orders may be changed, and why another may not: with buttons to what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from actions.change_facts import alternative_choices
from actions.change_flows import ChangeFlow
from actions.order_facts import choose_orders
from actions.records import Records
from actions.tills import Denied
from balie.assistant.speech import Choice
from balie.orders.options import Options
from balie.orders.outcomes import Refused
from balie.orders.policy import BY_STATUS
from balie.orders.policy_facts import Allowed, Refusal
from balie.orders.views import OrderView

RECENT_ORDERS: Final = 6
"""So many are looked through; an older one has to be named."""
MOST_CHOICES: Final = 3


@dataclass(frozen=True, slots=True)
class Changeable:
    """An order that may be changed, and what may be chosen of it."""

    order: OrderView
    options: Options


async def find_changeable(flow: ChangeFlow, records: Records) -> list[Changeable]:
    """The newest orders of which the policy allows the change: those that are offered, and one more."""
    found: list[Changeable] = []
    for order in await records.list_recent_orders(RECENT_ORDERS):
        if BY_STATUS[flow.change][order.status] is not None:
            continue
        options = await records.list_options(order.number, flow.change)
        if isinstance(options.verdict, Allowed):
            found.append(Changeable(order, options))
        if len(found) > MOST_CHOICES:
            break
    return found


def order_choices(flow: ChangeFlow, possible: Sequence[Changeable], *, but: str = "") -> list[Choice]:
    """A button for each of the newest that may be changed."""
    orders = [one.order for one in possible if one.order.number != but]
    return choose_orders(orders[:MOST_CHOICES], intent=flow.intent)


def deny(refused: Refused) -> Denied:
    """A refusal of the store, as its reply may name it, with a button to what helps instead."""
    facts = {
        "number": refused.order_number,
        "alternative": refused.alternative,
        "at_most": refused.at_most,
        "until": refused.until,
        "possible_from": refused.possible_from,
    }
    return Denied(refused.reason, facts, alternative_choices(refused))


def deny_as_a_whole(flow: ChangeFlow, number: str, refusal: Refusal) -> Denied:
    """A refusal of the policy before anything was chosen."""
    return deny(
        Refused(
            undertaking=flow.undertaking,
            order_number=number,
            reason=refusal.reason,
            alternative=refusal.alternative,
            at_most=refusal.at_most,
            until=refusal.until,
        )
    )
