"""Whether a product, size or colour is in stock, online and in the store near the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.product_words import find_colour, find_size
from actions.products import ProductFinder, ProductQuestion, ask_which
from actions.reading import PLACE, PRODUCT
from actions.related_products import Instead
from actions.today import Today
from actions.whereabouts import Whereabouts, WhereaboutsFinder, tell_distance
from balie.assistant.speech import Choice
from balie.catalogue.service import CatalogueService
from balie.catalogue.views import StockView, StoreStockView

OUT_OF_STOCK: Final = "utter_product_out_of_stock"
FEW: Final = 3
"""So many left online, it is fair to say that they are the last ones."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """The size and colour asked for, and from where; None where nothing was said."""

    size: str | None
    colour: str | None
    whereabouts: Whereabouts | None


class ActionProductAvailability(Action):
    """Tells whether there are any, online and in the nearest store."""

    def __init__(
        self,
        finder: ProductFinder,
        catalogue: CatalogueService,
        whereabouts: WhereaboutsFinder,
        instead: Instead,
        *,
        today: Today,
    ) -> None:
        self._finder = finder
        self._catalogue = catalogue
        self._whereabouts = whereabouts
        self._instead = instead
        self._today = today

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_product_availability"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Tell the stock, or ask which product is meant."""
        return await self.tell(dispatcher, tracker, await self._finder.read(tracker))

    async def tell(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, question: ProductQuestion
    ) -> list[EventType]:
        """The same of a question that was read already."""
        if len(question.candidates) != 1:
            return ask_which(dispatcher, question, "product_availability")
        sku = question.candidates[0].sku
        wish = await self._read_wish(tracker, question, sku)
        near = wish.whereabouts.place if wish.whereabouts else None
        stock = await self._catalogue.get_stock(
            sku, question.language, size=wish.size, colour=wish.colour, near=near
        )
        say(
            dispatcher,
            choose_reply(stock),
            choices=[Choice(intent="size_advice")] if stock.sizes and not wish.size else [],
            **_describe(stock, wish, today=self._today()),
        )
        if choose_reply(stock) == OUT_OF_STOCK:
            await self._instead.show(dispatcher, tracker, sku, stock.name)
        return [SlotSet(PRODUCT, sku), *_remember_place(wish.whereabouts)]

    async def _read_wish(self, tracker: Tracker, question: ProductQuestion, sku: str) -> _Wish:
        product = await self._catalogue.get_product(sku, question.language)
        return _Wish(
            size=find_size(question.text, product.sizes),
            colour=find_colour(question.text, product.colours, name=product.name),
            whereabouts=await self._whereabouts.find(tracker, question.text),
        )


def choose_reply(stock: StockView) -> str:
    """The name of the reply that tells the stock."""
    if not stock.variants:
        return "utter_product_not_made"
    if stock.online_quantity:
        return "utter_product_in_stock"
    return "utter_product_only_in_stores" if stock.in_stores else OUT_OF_STOCK


def _describe(stock: StockView, wish: _Wish, *, today: date) -> dict[str, Any]:
    place_known = wish.whereabouts is not None
    nearest = stock.stores[0] if place_known and stock.stores else None
    others = [store for store in stock.in_stores if store is not nearest]
    return {
        "name": stock.name,
        "size": wish.size,
        "colour": wish.colour,
        "sizes": stock.sizes if not stock.variants else _sizes_online(stock),
        "colours": stock.colours,
        "few_left": stock.online_quantity <= FEW,
        "store": _describe_store(nearest),
        "other_store": _describe_store(others[0] if others else None),
        "place_known": place_known,
        "restocked_on": stock.restocked_on,
        "today": today,
    }


def _sizes_online(stock: StockView) -> list[str]:
    available = {variant.size for variant in stock.variants if variant.online_quantity}
    return [size for size in stock.sizes if size in available]


def _describe_store(found: StoreStockView | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "name": found.store.name,
        "city": found.store.city,
        "distance_km": tell_distance(found.distance_km),
        "quantity": found.quantity,
    }


def _remember_place(whereabouts: Whereabouts | None) -> list[EventType]:
    if whereabouts is None or whereabouts.is_home:
        return []
    return [SlotSet(PLACE, whereabouts.nearest_city)]
