"""The till of orders: what is shown and done there goes through the policy of ``balie.orders``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.addresses import AddressBook
from actions.change_facts import (
    describe_address,
    describe_effects,
    describe_order,
    describe_wish,
)
from actions.change_flows import ChangeFlow
from actions.changeable import deny, deny_as_a_whole, find_changeable, order_choices
from actions.documents import Documents
from actions.flow import Told
from actions.messages import MessageBook
from actions.records import Records
from actions.tills import Denied, Made, Shown
from actions.wishes import ADDRESS, STORY, Wish
from balie.assistant.private_words import PrivateTexts
from balie.assistant.speech import Choice
from balie.audit.turns import Turn
from balie.kernel.ids import ConversationId
from balie.orders.changes_asked import ChangeAddress, Request
from balie.orders.options import Options
from balie.orders.outcomes import Refused
from balie.orders.policy_facts import Change, Reason, Refusal


@dataclass(frozen=True, slots=True)
class OrderTools:
    """What the till of orders works with.

    Attributes:
        messages: Finds what was typed; ``addresses`` finds addresses in it.
        documents: Knows which paper goes with what was done.
        private: Hides addresses from Rasa.
    """

    messages: MessageBook
    addresses: AddressBook
    documents: Documents
    private: PrivateTexts


class OrderTill:
    """Open for one change of one order; see :class:`actions.tills.Till`."""

    def __init__(
        self,
        flow: ChangeFlow,
        number: str,
        records: Records,
        conversation_id: ConversationId | None,
        tools: OrderTools,
    ) -> None:
        self.flow = flow
        self.number = number
        self._records = records
        self._conversation_id = conversation_id
        self._tools = tools

    async def list_options(self, _wish: Wish) -> Options:
        """See :class:`actions.tills.Till`."""
        options = await self._records.list_options(self.number, self.flow.change)
        self.number = options.order_number
        return options

    def describe(self, wish: Wish, options: Options) -> Mapping[str, Any]:
        """See :class:`actions.tills.Till`."""
        return {"number": self.number, **describe_wish(wish, options)}

    async def offer(self, wish: Wish, options: Options) -> Shown | Denied:
        """See :class:`actions.tills.Till`."""
        request = await self._request(wish, options)
        offer = await self._records.offer_change(self.number, request)
        if isinstance(offer, Refused):
            return deny(offer)
        order = await self._records.get_order(self.number)
        facts = {**describe_order(order), **self._facts(wish, options, request)}
        return Shown(offer.offer_id, {**facts, **describe_effects(offer.effects)})

    async def make(self, wish: Wish, options: Options, *, turn: Turn, confirmed: str) -> Made | Denied:
        """See :class:`actions.tills.Till`."""
        request = await self._request(wish, options)
        outcome = await self._records.make_change(self.number, request, turn=turn, confirmed=confirmed)
        if isinstance(outcome, Refused):
            return deny(outcome)
        facts = {
            "number": self.number,
            "return_number": outcome.return_number,
            "case_number": outcome.case_number,
            **self._facts(wish, options, request),
            **describe_effects(outcome.effects),
        }
        return Made(facts, self._tools.documents.for_return(outcome))

    async def list_others(self) -> Sequence[Choice]:
        """Other orders of which the same can be had."""
        return order_choices(self.flow, await find_changeable(self.flow, self._records), but=self.number)

    async def country(self) -> str:
        """Where the order goes."""
        return (await self._records.get_order(self.number)).country

    def nothing_to_choose(self, _wish: Wish, options: Options) -> Denied:
        """The policy rules it out for all of this order, or no other size or colour is there."""
        if isinstance(options.verdict, Refusal):
            return deny_as_a_whole(self.flow, self.number, options.verdict)
        is_exchange = self.flow.change is Change.EXCHANGE_ITEM
        refused = Refused(
            undertaking=self.flow.undertaking,
            order_number=self.number,
            reason=Reason.OUT_OF_STOCK,
            alternative=Change.RETURN_ITEM if is_exchange else None,
        )
        return deny(refused)

    def _facts(self, wish: Wish, options: Options, request: Request) -> Mapping[str, Any]:
        address = request.address if isinstance(request, ChangeAddress) else None
        return {**describe_wish(wish, options), "address": describe_address(address, self._tools.private)}

    async def _request(self, wish: Wish, options: Options) -> Request:
        """What is asked of the store; what only the messages hold is read there again."""
        address = None
        if wish.get(ADDRESS) is not None:
            address = await self._tools.addresses.read(
                self._conversation_id, wish.get(ADDRESS), country=await self.country()
            )
        story = await self._tools.messages.read(self._conversation_id, wish.get(STORY))
        texts = {} if story is None else {STORY: story}
        return self.flow.request(wish, options, Told(texts, address))
