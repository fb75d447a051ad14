"""How it stands with the money for an order: why a payment failed, where to pay, what was taken twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.answers import say
from actions.look_up import PersonalLookUp
from actions.order_facts import choose_orders
from actions.reading import message_id_of, order_mention
from actions.records import Records, RecordsOffice
from actions.today import Today
from balie.assistant.speech import Choice
from balie.orders.errors import OrderNotFoundError
from balie.orders.status import OrderStatus
from balie.payments.errors import PaymentProviderDownError
from balie.payments.views import LinkRefused, PaymentLink, PaymentSituation, PromisedLink

PAY_TITLE: Final = "title_pay_now"
RECENT_ORDERS: Final = 4
MOST_CHOICES: Final = 3


class ActionPaymentIssue(PersonalLookUp):
    """Says what is wrong with a payment, with what mends it: a link to pay, or a refund to confirm."""

    task = "payment_issue"
    explains_first = True

    def __init__(self, office: RecordsOffice, *, today: Today, timezone: ZoneInfo) -> None:
        super().__init__(office, today=today)
        self._timezone = timezone

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records) -> str | None:
        """See :class:`PersonalLookUp`."""
        number = order_mention(tracker).number
        try:
            situation = await self._find(number, records)
        except OrderNotFoundError:
            say(dispatcher, "utter_order_not_found", number=number)
            return None
        if situation is None:
            say(dispatcher, "utter_no_orders")
            return None
        await self._answer(situation, records, dispatcher, str(message_id_of(tracker)))
        return situation.order_number

    async def _find(self, number: str | None, records: Records) -> PaymentSituation | None:
        """How it stands with the order that was named, else with the newest of which something is wrong."""
        if number is not None:
            return await records.get_payment_situation(number)
        found = [
            await records.get_payment_situation(order.number)
            for order in await records.list_recent_orders(RECENT_ORDERS)
        ]
        return next((one for one in found if _is_trouble(one)), found[0] if found else None)

    async def _answer(
        self, situation: PaymentSituation, records: Records, dispatcher: CollectingDispatcher, key: str
    ) -> None:
        facts = self._describe(situation)
        open_double = next((one for one in situation.double_charges if one.refund is None), None)
        if open_double is not None:
            refund = Choice(intent="get_refund", slots={"order_number": situation.order_number})
            facts["amount"] = open_double.amount
            say(dispatcher, "utter_payment_doubled", choices=[refund], **facts)
        elif situation.double_charges:
            say(dispatcher, "utter_payment_double_on_its_way", **facts)
        elif situation.status is OrderStatus.CANCELLED:
            say(dispatcher, "utter_payment_cancelled", **facts)
        elif situation.due.minor_units > 0:
            await self._offer_link(facts, situation, records, dispatcher, key)
        else:
            recent = await records.list_recent_orders(MOST_CHOICES + 1)
            others = [one for one in recent if one.number != situation.order_number][:MOST_CHOICES]
            choices = choose_orders(others, intent=self.task)
            say(dispatcher, "utter_payment_fine", choices=choices, **facts)

    async def _offer_link(
        self,
        facts: dict[str, Any],
        situation: PaymentSituation,
        records: Records,
        dispatcher: CollectingDispatcher,
        key: str,
    ) -> None:
        number = situation.order_number
        try:
            link: PaymentLink | PromisedLink | LinkRefused = await records.make_payment_link(number, key=key)
        except PaymentProviderDownError:
            link = await records.promise_payment_link(number, key=key)
        match link:
            case PaymentLink():
                expires = self._local(link.expires_at)
                pay = Choice(url=link.url, title=PAY_TITLE)
                say(dispatcher, "utter_payment_retry", choices=[pay], expires_at=expires, **facts)
            case PromisedLink():
                say(dispatcher, "utter_payment_provider_down", **facts)
            case LinkRefused():
                say(dispatcher, "utter_payment_no_link", reason=link.reason, **facts)

    def _describe(self, situation: PaymentSituation) -> dict[str, Any]:
        last = situation.last_attempt
        ended = None if last is None else last.ended_at
        return {
            "number": situation.order_number,
            "due": situation.due,
            "total": situation.total,
            "amount": situation.double_charges[-1].amount if situation.double_charges else None,
            "method": None if last is None else last.method,
            "failure": None if last is None else last.failure,
            "paid_on": None if ended is None else ended.astimezone(self._timezone).date(),
            "kept_until": None if situation.kept_until is None else self._local(situation.kept_until),
        }

    def _local(self, moment: datetime) -> str:
        """The time of day, as people read it."""
        return f"{moment.astimezone(self._timezone):%H:%M}"


def _is_trouble(situation: PaymentSituation) -> bool:
    is_due = situation.due.minor_units > 0 and situation.status is not OrderStatus.CANCELLED
    return is_due or any(one.refund is None for one in situation.double_charges)
