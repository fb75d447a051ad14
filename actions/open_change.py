"""The change that the form is about, as it stands in this turn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rasa_sdk.interfaces import Action, Tracker

from actions.change_flows import FLOWS, ChangeFlow
from actions.changing import PENDING_CHANGE, WISH, ChangeTools
from actions.reading import ORDER_NUMBER, conversation_id_of, remembered
from actions.records import Records
from actions.wishes import ADDRESS, Wish
from balie.orders.changes_asked import Request
from balie.orders.options import Options


class Answer(StrEnum):
    """What the customer says to an offer."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class OpenChange:
    """The change that the form is about, as it stands in this turn.

    Attributes:
        wish: Settled: only what is still possible, and what can only be one thing filled in.
    """

    flow: ChangeFlow
    number: str
    records: Records
    options: Options
    wish: Wish


class FormAction(Action):
    """What every action of the form has in common: it opens the change that the form is about."""

    def __init__(self, tools: ChangeTools) -> None:
        self.tools = tools

    async def open_change(self, tracker: Tracker, *, settled: bool = True) -> OpenChange | None:
        """The change of this conversation; None when there is none, or nobody may see it any more.

        Args:
            tracker: Of the running action.
            settled: Whether what is no longer possible is taken out of the wish. What was confirmed is asked
                for as it was confirmed: a turn that comes again finds the order changed already.

        Raises:
            OrderNotFoundError: The order is gone, or it is somebody else's.
        """
        flow = FLOWS.get(remembered(tracker, PENDING_CHANGE) or "")
        number = remembered(tracker, ORDER_NUMBER)
        records = await self.tools.office.open_for(conversation_id_of(tracker))
        if flow is None or number is None or records is None:
            return None
        options = await records.list_options(number, flow.change)
        said = Wish.from_slot(remembered(tracker, WISH))
        wish = flow.settle(said, options) if settled else said
        return OpenChange(flow, options.order_number, records, options, wish)

    async def request_of(self, change: OpenChange, tracker: Tracker) -> Request:
        """What is asked of the store for a wish that is complete; the address is read where it was typed."""
        address = None
        if change.wish.get(ADDRESS) is not None:
            order = await change.records.get_order(change.number)
            address = await self.tools.addresses.read(
                conversation_id_of(tracker), change.wish.get(ADDRESS), country=order.country
            )
        return change.flow.request(change.wish, change.options, address)
