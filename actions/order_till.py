"""The till of orders: what is shown and done there goes through the policy of ``balie.orders``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions.addresses import AddressBook
from actions.change_facts import (
    describe_address,
    describe_effects,
    describe_order,
    describe_wish,
)
from actions.change_flows import ADD, ChangeFlow
from actions.changeable import deny, deny_as_a_whole, find_changeable, order_choices
from actions.documents import Documents
from actions.flow import Told
from actions.messages import MessageBook
from actions.order_facts import in_every_language
from actions.product_options import ProductChoices
from actions.reading import PRODUCT as PRODUCT_QUERY
from actions.records import Records
from actions.tills import Denied, Made, Shown
from actions.wishes import ADDRESS, CANDIDATES, KIND, PRODUCT, STORY, Wish
from balie.assistant.private_words import PrivateTexts
from balie.assistant.speech import Choice
from balie.audit.turns import Turn
from balie.kernel.ids import ConversationId
from balie.orders.changes_asked import ChangeAddress, Request
from balie.orders.options import Options
from balie.orders.outcomes import Refused
from balie.orders.policy_facts import Change, Elsewhere, Reason, Refusal


@dataclass(frozen=True, slots=True)
class OrderTools:
    """What the till of orders works with.

    Attributes:
        messages: Finds what was typed; ``addresses`` finds addresses in it.
        documents: Knows which paper goes with what was done.
        private: Hides addresses from Rasa.
        products: What else there is to put into an order.
    """

    messages: MessageBook
    addresses: AddressBook
    documents: Documents
    private: PrivateTexts
    products: ProductChoices


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

    async def list_options(self, wish: Wish) -> Options:
        """See :class:`actions.tills.Till`."""
        options = await self._records.list_options(self.number, self.flow.change)
        self.number = options.order_number
        return await self._with_addition(wish, options) if wish.get(KIND) == ADD else options

    def describe(self, wish: Wish, options: Options) -> Mapping[str, Any]:
        """See :class:`actions.tills.Till`."""
        addition = options.addition
        return {
            "number": self.number,
            "product": None if addition is None else in_every_language(addition.names),
            "candidates": len(options.choices.get(PRODUCT, {})),
            **describe_wish(wish, options),
        }

    async def offer(self, wish: Wish, options: Options) -> Shown | Denied:
        """See :class:`actions.tills.Till`."""
        request = await self._request(wish, options)
        offer = await self._records.offer_change(self.number, request)
        if isinstance(offer, Refused):
            return _deny(offer, wish)
        order = await self._records.get_order(self.number)
        facts = {**describe_order(order), **self._facts(wish, options, request)}
        return Shown(offer.offer_id, {**facts, **describe_effects(offer.effects)})

    async def make(self, wish: Wish, options: Options, *, turn: Turn, confirmed: str) -> Made | Denied:
        """See :class:`actions.tills.Till`."""
        request = await self._request(wish, options)
        outcome = await self._records.make_change(self.number, request, turn=turn, confirmed=confirmed)
        if isinstance(outcome, Refused):
            return _deny(outcome, wish)
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

    def nothing_to_choose(self, wish: Wish, options: Options) -> Denied:
        """The policy rules it out for all of this order, or no other size or colour is there."""
        if isinstance(options.verdict, Refusal):
            return deny_as_a_whole(self.flow, self.number, options.verdict)
        is_exchange = self.flow.change is Change.EXCHANGE_ITEM
        alternative = Elsewhere.STOCK_ALERT if wish.get(KIND) == ADD else None
        refused = Refused(
            undertaking=self.flow.undertaking,
            order_number=self.number,
            reason=Reason.OUT_OF_STOCK,
            alternative=Change.RETURN_ITEM if is_exchange else alternative,
        )
        return _deny(refused, wish)

    async def _with_addition(self, wish: Wish, options: Options) -> Options:
        products = self._tools.products
        candidates = {} if wish.get(CANDIDATES) is None else await products.list_candidates(wish)
        addition = next(iter(await products.list_items(wish)), None)
        return replace(options, choices={PRODUCT: candidates}, addition=addition)

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


def _deny(refused: Refused, wish: Wish) -> Denied:
    """A refusal of the store; news of stock is offered of the product that was to be added."""
    denied, product = deny(refused), wish.get(PRODUCT)
    if wish.get(KIND) != ADD or product is None or refused.alternative is not Elsewhere.STOCK_ALERT:
        return denied
    alert = Choice(intent="back_in_stock_alert", slots={PRODUCT_QUERY: product})
    # Which size it is follows from what was said: there is nothing to choose again.
    return replace(denied, choices=[alert], values=denied.values if refused.at_most else ())
