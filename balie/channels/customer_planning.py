"""What has to go to a customer, and in which order: the same in every channel that customers talk in. Pure.

A customer is reached where they said something last. Elsewhere they hear of what an agent wrote only when
they have not read it on the website for a while. Whoever has left hears nothing, and nothing afterwards,
except what agents wrote meanwhile.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from balie.channels.views import Facts, Plan, PlannedCall, Situation, Told
from balie.conversations.views import Author

MESSAGE: Final = "message"

UNREAD: Final = timedelta(seconds=60)
"""What an agent wrote and nobody has read on the website by then goes to the customer's channel too."""

LEFT: Final = "left"
"""Among the facts of a link: why nothing may be sent, such as :data:`STOPPED`; None while everything may."""
STOPPED: Final = "stopped"
BLOCKED: Final = "blocked"

HELD: Final = "held"
"""Among the facts of a link: numbers of messages that are sent once the customer is back."""
MOST_HELD: Final = 20


def has_left(facts: Facts) -> bool:
    """Whether a customer has seen to it that nothing reaches them."""
    return bool(facts.get(LEFT))


def plan_for_customer(situation: Situation, now: datetime, extra: Facts | None = None) -> Plan:
    """The next calls of one conversation.

    Args:
        situation: As it stands.
        now: The present moment.
        extra: Facts that every call of this channel bears.
    """
    link = situation.link
    if has_left(link.facts):
        return _plan_for_later(situation)
    held = tuple(link.facts.get(HELD) or ())
    # Under another key than before: they may have been on their way already when the customer left.
    calls = [_call(sequence, extra, f":{link.last_call}") for sequence in held]
    looked_at = link.planned_sequence
    for told in situation.messages:
        if _goes_now(told, situation, now):
            calls.append(_call(told.sequence, extra))
        elif _may_go_later(told, situation):
            break
        looked_at = told.sequence
    facts = {name: value for name, value in link.facts.items() if name != HELD}
    return Plan(calls=tuple(calls), facts=facts, sequence=looked_at, number=situation.handoff_number)


def _goes_now(told: Told, situation: Situation, now: datetime) -> bool:
    if told.author is Author.CUSTOMER:
        return False
    if situation.heard_via == situation.link.channel:
        return True
    is_old = told.created_at is not None and now >= told.created_at + UNREAD
    return _may_go_later(told, situation) and is_old


def _may_go_later(told: Told, situation: Situation) -> bool:
    return told.author is Author.AGENT and told.sequence > situation.customer_read


def _plan_for_later(situation: Situation) -> Plan:
    link = situation.link
    held = [*(link.facts.get(HELD) or ())]
    held += [told.sequence for told in situation.messages if told.author is Author.AGENT]
    facts: dict[str, Any] = {**link.facts, HELD: held[-MOST_HELD:]}
    looked_at = max((told.sequence for told in situation.messages), default=link.planned_sequence)
    return Plan(calls=(), facts=facts, sequence=looked_at, number=situation.handoff_number)


def _call(sequence: int, extra: Facts | None, again: str = "") -> PlannedCall:
    return PlannedCall(MESSAGE, f"{MESSAGE}:{sequence}{again}", {"sequence": sequence, **(extra or {})})
