"""The till of everything that is not an order: what is shown and done there is an errand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from actions.addresses import AddressBook
from actions.codes import find_code
from actions.contacts import find_contact, find_field
from actions.errand_details import contact_field
from actions.errand_flows import NO_WORDS, ErrandFlow
from actions.flow import Told
from actions.messages import MessageBook
from actions.order_facts import in_every_language
from actions.product_options import THE_ITEM, ProductChoices
from actions.reading import PRODUCT as PRODUCT_QUERY
from actions.tills import Answered, Denied, Made, Shown
from actions.wishes import ADDRESS, BOUGHT, CANDIDATES, CODE, CONTACT, FIELD, PRODUCT, STORE, STORY, Wish
from balie.assistant.private_words import PrivateTexts
from balie.assistant.speech import Choice
from balie.audit.turns import Turn
from balie.catalogue.kinds import StoreService
from balie.catalogue.service import CatalogueService
from balie.catalogue.views import StoreView
from balie.customers.service import CustomerService
from balie.customers.views import AddressView
from balie.errands.asked import Asker
from balie.errands.kinds import Obstacle
from balie.errands.outcomes import ErrandRefused
from balie.errands.service import ErrandService
from balie.kernel.ids import ConversationId
from balie.orders.options import Options
from balie.orders.policy_facts import Allowed


@dataclass(frozen=True, slots=True)
class ErrandTools:
    """What the till of errands works with."""

    errands: ErrandService
    catalogue: CatalogueService
    customers: CustomerService
    messages: MessageBook
    private: PrivateTexts
    country: str


class ErrandTill:
    """Open for one errand of one conversation; see :class:`actions.tills.Till`."""

    number = ""

    def __init__(
        self, flow: ErrandFlow, asker: Asker, conversation_id: ConversationId, tools: ErrandTools
    ) -> None:
        self.flow = flow
        self._asker = asker
        self._conversation_id = conversation_id
        self._tools = tools
        self._addresses = AddressBook(tools.messages)
        self._products = ProductChoices(tools.catalogue)

    async def list_options(self, wish: Wish) -> Options:
        """See :class:`actions.tills.Till`."""
        choices: dict[str, Mapping[str, Mapping[str, str]]] = {}
        if wish.get(CANDIDATES) is not None:
            choices[PRODUCT] = await self._products.list_candidates(wish)
        if self.flow.find_detail(BOUGHT) is not None and self._asker.customer_id is not None:
            bought = await self._tools.errands.list_bought(self._asker)
            choices[BOUGHT] = {sku: in_every_language(names) for sku, names in bought.items()}
        if self.flow.find_detail(STORE) is not None:
            choices[STORE] = {
                store.code: in_every_language({"": store.city}) for store in await self._stores()
            }
        items = await self._products.list_items(wish)
        return Options(order_number="", verdict=Allowed(), items=items, choices=choices)

    def describe(self, wish: Wish, options: Options) -> Mapping[str, Any]:
        """See :class:`actions.tills.Till`."""
        item = options.find(THE_ITEM)
        bought = options.choices.get(BOUGHT, {}).get(wish.get(BOUGHT) or "")
        names = bought if item is None else item.names
        return {
            "product": None if names is None else in_every_language(names),
            "field": wish.get(FIELD),
            "candidates": len(options.choices.get(PRODUCT, {})),
            "parts": len(_places_of(wish.get(STORY))),
        }

    def _describe_told(self, told: Told, wish: Wish, options: Options) -> Mapping[str, Any]:
        """What was said, and whether we know how to reach who said it: as a customer, or by their story."""
        told_us = find_field(told.texts.get(STORY, ""), country=self._tools.country)
        is_reachable = self._asker.customer_id is not None or told_us is not None
        return {**self.describe(wish, options), "reachable": is_reachable}

    async def offer(self, wish: Wish, options: Options) -> Shown | Answered | Denied:
        """See :class:`actions.tills.Till`."""
        told = await self._told(wish)
        offer = await self._tools.errands.offer(self._asker, self.flow.request(wish, told))
        if isinstance(offer, ErrandRefused):
            return self._deny(offer, wish, options)
        facts = {**self._describe_told(told, wish, options), **self._said(offer.facts)}
        return Answered(facts) if self.flow.only_tells else Shown(offer.offer_id, facts)

    async def make(self, wish: Wish, options: Options, *, turn: Turn, confirmed: str) -> Made | Denied:
        """See :class:`actions.tills.Till`."""
        told = await self._told(wish)
        errand = self.flow.request(wish, told)
        outcome = await self._tools.errands.make(self._asker, errand, turn=turn, confirmed=confirmed)
        if isinstance(outcome, ErrandRefused):
            return self._deny(outcome, wish, options)
        return Made({**self._describe_told(told, wish, options), **self._said(outcome.facts)})

    async def list_others(self) -> Sequence[Choice]:
        """There is nothing else that may have been meant."""
        return ()

    async def country(self) -> str:
        """Where the customer lives; the shop's own where nobody knows."""
        home = await self._home()
        return self._tools.country if home is None else home.country

    def nothing_to_choose(self, wish: Wish, options: Options) -> Denied:
        """No variant of the product is what it would have to be, or nothing was ever bought."""
        if self.flow.find_detail(BOUGHT) is not None:
            return self._deny(ErrandRefused(obstacle=Obstacle.NOT_BOUGHT), wish, options)
        names = self.describe(wish, options)["product"]
        every = {"names": names, "size": None, "colours": {}, "at_most": None}
        obstacle, instead = self.flow.nothing_fits
        return self._deny(ErrandRefused(obstacle=obstacle, instead=instead, facts=every), wish, options)

    async def _home(self) -> AddressView | None:
        customer_id = self._asker.customer_id
        return None if customer_id is None else await self._tools.customers.find_home_address(customer_id)

    async def _stores(self) -> Sequence[StoreView]:
        """Where things can be collected, those near home first."""
        stores, home = await self._tools.catalogue.list_stores(), await self._home()
        if home is not None:
            near = await self._tools.catalogue.find_stores_near(
                home.postcode, len(stores), country=home.country
            )
            stores = tuple(one.store for one in near) or stores
        return [store for store in stores if StoreService.CLICK_AND_COLLECT in store.services]

    async def _told(self, wish: Wish) -> Told:
        """What stands in the messages that the wish names."""
        country, texts = await self.country(), {}
        address = await self._addresses.read(self._conversation_id, wish.get(ADDRESS), country=country)
        parts = [await self._read(place) for place in _places_of(wish.get(STORY))]
        if any(parts):
            texts[STORY] = "\n\n".join(filter(None, parts))
        if wish.get(CONTACT) is not None:
            field, place = contact_field(wish.get(CONTACT) or "")
            contact = find_contact(field, await self._read(place) or "", country=country)
            texts |= {} if contact is None else {name: text for name, text in asdict(contact).items() if text}
        code = await self._read(wish.get(CODE) or "")
        if code is not None:
            texts[CODE] = find_code(code, is_asked=True) or ""
        return Told(texts, address)

    async def _read(self, place: str) -> str | None:
        return await self._tools.messages.read(self._conversation_id, place or None)

    def _said(self, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """The facts as Rasa may carry them."""
        return {name: self._hidden(name, value) for name, value in facts.items()}

    def _hidden(self, name: str, value: Any) -> Any:
        match value:
            case str() if name in self.flow.private:
                return self._tools.private.hide(value)
            case Mapping():
                return self._said(value)
            case list() | tuple():
                return [self._hidden(name, each) for each in value]
            case _:
                return value

    def _deny(self, refused: ErrandRefused, wish: Wish, options: Options) -> Denied:
        elsewhere = refused.facts.get("elsewhere")
        values = None if elsewhere is None else tuple(store["store_code"] for store in elsewhere)
        return Denied(
            refused.obstacle,
            {**self.describe(wish, options), **self._said(refused.facts)},
            self._instead(refused, wish),
            values,
        )

    def _instead(self, refused: ErrandRefused, wish: Wish) -> Sequence[Choice]:
        """A button to what helps instead, with the same product."""
        if refused.instead is None:
            return []
        product = wish.get(PRODUCT)
        slots = {} if product is None else {PRODUCT_QUERY: product}
        return [Choice(intent=refused.instead, slots=slots)]


def _places_of(story: str | None) -> list[str]:
    """The messages that tell it; none when nothing is to be told."""
    return [] if story in {None, NO_WORDS} else story.split(",")
