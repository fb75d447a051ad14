"""What the buttons of a card do: show it, put it into the basket, never show it again, show others."""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.advice_showing import OTHERS, SOMETHING_ELSE, AdviceDesk, Query
from actions.answers import say
from actions.errand_flows import ERRANDS
from actions.errand_till import ErrandTill
from actions.errands import OpensErrand
from actions.forms import begin, over
from actions.products import tell_product
from actions.reading import DETAIL, PRODUCT, conversation_id_of, message_id_of, named_in_message
from actions.tills import Denied, Made, Shown, say_denial
from actions.wishes import PRODUCT as WISHED_PRODUCT
from actions.wishes import Wish
from balie.assistant.card_words import CARD, NOT_INTERESTED, PUT_IN_BASKET, SHOW_PRODUCT, read_card_mark
from balie.assistant.speech import APOLOGY, Choice
from balie.assistant.spoken_language import Tongue
from balie.audit.turns import Turn
from balie.catalogue.errors import ProductNotFoundError
from balie.catalogue.service import CatalogueService
from balie.recommendations.kinds import OutcomeKind

PLACE_ORDER: Final = "place_order"


class ActionShowProduct(Action):
    """Tells the facts of a product on a card."""

    def __init__(self, desk: AdviceDesk, catalogue: CatalogueService, tongue: Tongue) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._tongue = tongue

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{SHOW_PRODUCT}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Tell them, with a button that puts it into the basket."""
        mark = named_in_message(tracker, CARD) or ""
        key, sku = read_card_mark(mark)
        await self._desk.adviser.note(key, OutcomeKind.CLICK, message_id_of(tracker))
        try:
            product = await self._catalogue.get_product(sku, self._tongue.of(tracker.latest_message))
        except ProductNotFoundError:
            say(dispatcher, "utter_product_gone")
            return []
        to_basket = Choice(intent=PUT_IN_BASKET, slots={CARD: mark}, title=f"title_{PUT_IN_BASKET}")
        tell_product(dispatcher, product, first=(to_basket,))
        return [SlotSet(PRODUCT, product.sku)]


class ActionPutInBasket(Action):
    """Puts a product on a card into the basket; where it comes in several, the form asks which one."""

    def __init__(self, desk: AdviceDesk, open_till: OpensErrand) -> None:
        self._desk = desk
        self._open_till = open_till

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{PUT_IN_BASKET}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Do it: the card showed the product and its price, so pressing its button is the yes."""
        key, sku = read_card_mark(named_in_message(tracker, CARD) or "")
        await self._desk.adviser.note(key, OutcomeKind.CLICK, message_id_of(tracker))
        till = await self._open_till(ERRANDS[PLACE_ORDER], tracker) if sku else None
        if till is None:
            say(dispatcher, APOLOGY)
            return over(tracker)
        said = Wish().having(WISHED_PRODUCT, sku)
        options = await till.list_options(said)
        wish = till.flow.settle(said, options)
        if till.flow.next_detail(wish, options) is not None:
            return begin(PLACE_ORDER, said)
        await self._put(till, wish, key, dispatcher, tracker)
        return [*over(tracker), SlotSet(PRODUCT, sku)]

    async def _put(
        self, till: ErrandTill, wish: Wish, key: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> None:
        options = await till.list_options(wish)
        shown = await till.offer(wish, options)
        conversation_id, message_id = conversation_id_of(tracker), message_id_of(tracker)
        if isinstance(shown, Denied):
            say_denial(dispatcher, PLACE_ORDER, shown)
            return
        if not isinstance(shown, Shown) or conversation_id is None or message_id is None:
            say(dispatcher, APOLOGY)
            return
        turn = Turn(conversation_id=conversation_id, message_id=message_id)
        outcome = await till.make(wish, options, turn=turn, confirmed=shown.offer_id)
        if isinstance(outcome, Made):
            await self._desk.adviser.note(key, OutcomeKind.BASKET, message_id)
            say(dispatcher, f"utter_{PLACE_ORDER}_done", choices=outcome.choices, **outcome.facts)
        else:
            say_denial(dispatcher, PLACE_ORDER, outcome)


class ActionNotInterested(Action):
    """Remembers that somebody does not want to see a product again."""

    def __init__(self, desk: AdviceDesk) -> None:
        self._desk = desk

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{NOT_INTERESTED}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Remember it, and say thanks; nothing is asked."""
        key, sku = read_card_mark(named_in_message(tracker, CARD) or "")
        moment = await self._desk.open(tracker)
        if moment is not None and sku:
            await self._desk.adviser.dismiss(moment, sku, key)
        say(dispatcher, "utter_not_interested")
        return []


class ActionSomethingElse(Action):
    """Shows the next products of a list."""

    def __init__(self, desk: AdviceDesk) -> None:
        self._desk = desk

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{SOMETHING_ELSE}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Show them, or say that there are no more."""
        query = Query.from_button(named_in_message(tracker, DETAIL))
        advice = None if query is None else await self._desk.ask(tracker, query)
        if query is None or advice is None or not advice.cards:
            say(dispatcher, "utter_nothing_else")
        else:
            self._desk.show(dispatcher, OTHERS, query, advice)
        return []
