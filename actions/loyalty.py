"""How a customer stands in the loyalty programme."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.answers import say
from actions.look_up import PersonalLookUp
from actions.reading import ORDER_NUMBER, remembered
from actions.records import Records
from balie.conversations.access import Level


class ActionLoyaltyPoints(PersonalLookUp):
    """Tells the points, what is missing until a voucher, and what lapses soon."""

    task = "loyalty_points"
    level = Level.CUSTOMER

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records) -> str | None:
        """See :class:`PersonalLookUp`."""
        loyalty = await records.find_loyalty()
        if loyalty is None or not loyalty.member:
            say(dispatcher, "utter_not_a_member")
        else:
            say(
                dispatcher,
                "utter_points",
                points=loyalty.points,
                points_to_voucher=loyalty.points_to_voucher,
                vouchers_ready=loyalty.vouchers_ready,
                expiring_points=loyalty.expiring_points,
                expires_on=loyalty.expires_on,
                today=self._today(),
            )
        return remembered(tracker, ORDER_NUMBER)
