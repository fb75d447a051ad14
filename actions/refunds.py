"""Where money on its way back has got to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.answers import say
from actions.look_up import PersonalLookUp
from actions.reading import OrderMention, order_mention
from actions.records import Records
from balie.assistant.speech import Choice
from balie.orders.errors import OrderNotFoundError
from balie.orders.status import RefundState
from balie.orders.views import RefundView

REPLY: Final[Mapping[RefundState, str]] = {
    RefundState.ASKED: "utter_refund_asked",
    RefundState.WAITING_FOR_RETURN: "utter_refund_waiting_for_return",
    RefundState.APPROVED: "utter_refund_approved",
    RefundState.PAID: "utter_refund_paid",
    RefundState.REFUSED: "utter_refund_refused",
}
OVERDUE_REPLY: Final = "utter_refund_overdue"
MOST_CHOICES: Final = 2
RECENTLY: Final = timedelta(days=7)
"""So long after we paid, it is worth mentioning that banks take their time."""

_DONE: Final = frozenset({RefundState.PAID, RefundState.REFUSED})


class ActionTrackRefund(PersonalLookUp):
    """Tells of the refund of the order that was named, or of the newest that is still to be paid."""

    task = "track_refund"

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records) -> str | None:
        """See :class:`PersonalLookUp`."""
        mention = order_mention(tracker)
        try:
            refunds = await _find(records, mention)
        except OrderNotFoundError:
            say(dispatcher, "utter_order_not_found", number=mention.number)
            return None
        if not refunds:
            say(dispatcher, "utter_no_refund", number=mention.number if mention.named_now else None)
            return mention.number
        told, *others = sorted(refunds, key=lambda refund: refund.state in _DONE)
        waiting = [other for other in others if other.state not in _DONE]
        reply = OVERDUE_REPLY if told.overdue else REPLY[told.state]
        facts = _describe(told, today=self._today())
        say(dispatcher, reply, choices=_choose(waiting[:MOST_CHOICES], told), **facts)
        return told.order_number


async def _find(records: Records, mention: OrderMention) -> tuple[RefundView, ...]:
    """The refunds of the order; of all orders when it was only talked about before and has none."""
    found = await records.list_refunds(mention.number)
    return found if found or mention.named_now else await records.list_refunds(None)


def _choose(others: Sequence[RefundView], told: RefundView) -> list[Choice]:
    return [
        Choice(
            intent="track_refund",
            slots={"order_number": other.order_number},
            title="title_of_refund",
            facts={"number": other.order_number, "amount": other.amount.minor_units},
        )
        for other in others
        if other.order_number != told.order_number
    ]


def _describe(refund: RefundView, *, today: date) -> dict[str, Any]:
    return {
        "number": refund.order_number,
        "amount": refund.amount,
        "method": refund.method,
        "asked_on": refund.asked_on,
        "refused_on": refund.refused_on,
        "paid_on": refund.paid_on,
        "paid_recently": refund.paid_on is not None and today - refund.paid_on <= RECENTLY,
        "expected_by": refund.expected_by,
        "today": today,
    }
