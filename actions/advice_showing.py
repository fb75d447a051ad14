"""Shows what was recommended as cards, with a button to the next ones; says so where nothing is left."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.advice_wishes import AdviceWish
from actions.answers import say
from actions.reading import DETAIL, conversation_id_of, message_id_of
from balie.advice.adviser import SHOWN_AT_ONCE, Advice, Adviser, Moment
from balie.assistant.reading import read_emotion
from balie.assistant.speech import Choice
from balie.catalogue.goods_finder import MeantGoods
from balie.catalogue.goods_words import Audience
from balie.catalogue.service import CatalogueService
from balie.conversations.errors import ConversationNotFoundError
from balie.recommendations.asked import Silence, Who, Wish
from balie.recommendations.kinds import ListKind

ANYTHING: Final = AdviceWish()
SOMETHING_ELSE: Final = "something_else"
OTHERS: Final = f"utter_{SOMETHING_ELSE}"
"""Above the next ones."""
_MOST_KEPT: Final = 60
"""Products that a button remembers to have been shown: twenty rounds."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question for a list, as the button to the next ones keeps it.

    Attributes:
        list: Which list.
        anchors: What it is about; of alternatives there is one.
        shown: Products that are not to be shown again.
        least: What one must cost at least, in minor units; None for anything.
        kinds: Phrases that name the kinds that it is about, where it is about no single product.
        own_budget: What the customer said it may cost, in minor units, where what costs a little more is
            looked at; None where the wish's budget is their own.
    """

    list: ListKind
    anchors: tuple[str, ...] = ()
    wish: AdviceWish = ANYTHING
    shown: tuple[str, ...] = ()
    least: int | None = None
    kinds: tuple[str, ...] = ()
    own_budget: int | None = None

    def as_button(self) -> Choice:
        """The button to the next ones."""
        kept = {
            "list": self.list.value,
            "anchors": self.anchors,
            "wish": replace(self.wish, asked=(), answered=()).as_slot,
            "shown": self.shown[-_MOST_KEPT:],
            **({} if self.least is None else {"least": self.least}),
            **({"kinds": self.kinds} if self.kinds else {}),
            **({} if self.own_budget is None else {"own_budget": self.own_budget}),
        }
        return Choice(
            intent=SOMETHING_ELSE, slots={DETAIL: json.dumps(kept)}, title=f"title_{SOMETHING_ELSE}"
        )

    @classmethod
    def from_button(cls, written: str | None) -> Self | None:
        """Read what :meth:`as_button` keeps; None for anything else."""
        try:
            kept: dict[str, Any] = json.loads(written or "")
            return cls(
                ListKind(kept["list"]),
                tuple(map(str, kept["anchors"])),
                AdviceWish.from_slot(kept["wish"]),
                tuple(map(str, kept["shown"])),
                None if kept.get("least") is None else int(kept["least"]),
                tuple(map(str, kept.get("kinds", ()))),
                None if kept.get("own_budget") is None else int(kept["own_budget"]),
            )
        except (ValueError, KeyError, TypeError):
            return None


class AdviceDesk:
    """Asks for lists in the moment of a turn, and shows what comes of it."""

    def __init__(self, adviser: Adviser, catalogue: CatalogueService) -> None:
        self.adviser = adviser
        self._catalogue = catalogue

    async def open(self, tracker: Tracker) -> Moment | None:
        """The moment; None when Rasa talks to somebody who is not in our store."""
        conversation_id = conversation_id_of(tracker)
        if conversation_id is None:
            return None
        emotion = read_emotion(tracker.latest_message.get("emotion"))
        mood = None if emotion is None else emotion.label
        try:
            return await self.adviser.open(conversation_id, message_id_of(tracker), mood)
        except ConversationNotFoundError:
            return None

    async def ask(self, tracker: Tracker, query: Query) -> Advice | None:
        """What answers a question in the turn of a tracker; None where :meth:`open` has no moment."""
        moment = await self.open(tracker)
        return None if moment is None else await self.find(moment, query)

    async def find(self, moment: Moment, query: Query, *, only_personal: bool = False) -> Advice:
        """What answers a question.

        Args:
            moment: Of the turn.
            query: The question.
            only_personal: Whether what is merely popular is no answer.
        """
        wish = _wish_of(query)
        match query.list:
            case ListKind.COMPLEMENTARY:
                anchors = query.anchors or sorted(await self._catalogue.find_goods_of(query.kinds))
                is_kind = not query.anchors
                return await self.adviser.complementary(moment, anchors, wish, of_kind=is_kind)
            case ListKind.ALTERNATIVES:
                return await self.adviser.alternatives(moment, query.anchors[0], wish)
            case _:
                if query.wish.is_gift:
                    # What fits the giver says nothing of who it is for.
                    moment = replace(moment, who=Who(None, moment.conversation.id))
                return await self._personal(moment, query, only_personal=only_personal)

    async def _personal(self, moment: Moment, query: Query, *, only_personal: bool) -> Advice:
        """What fits somebody of the goods that are meant; of what suits them best, if there is any of it."""
        advice = Advice((), Silence.NOTHING_FITS)
        for goods in await self._list_meant(query.wish, ""):
            wish = _wish_of(query, goods)
            advice = await self.adviser.personal(moment, wish, only_personal=only_personal)
            if advice.cards:
                break
        return advice

    async def find_shown(self, query: Query, advice: Advice, language: str) -> MeantGoods:
        """The goods that were meant and are shown, with what they are called in a language."""
        skus = {card.sku for card in advice.cards}
        for goods in await self._list_meant(query.wish, language):
            if goods.among is not None and skus <= goods.among:
                return goods
        return MeantGoods()

    async def _list_meant(self, wish: AdviceWish, language: str) -> Sequence[MeantGoods]:
        if not wish.names_goods:
            return (MeantGoods(),)
        audience = None if wish.audience is None else Audience(wish.audience)
        return await self._catalogue.narrow_goods(wish.words, audience, wish.categories, language)

    def show(
        self, dispatcher: CollectingDispatcher, response: str, query: Query, advice: Advice, **facts: Any
    ) -> None:
        """Show the cards of an advice that has some."""
        shown = replace(query, shown=(*query.shown, *(card.sku for card in advice.cards)))
        if response == OTHERS:
            facts |= {"over_budget": _exceeded(query, advice)}
        say(dispatcher, response, choices=[shown.as_button()], cards=advice.cards, **facts)


def _exceeded(query: Query, advice: Advice) -> int | None:
    """What the customer wanted to pay, in minor units, where something that is shown costs more."""
    own = query.own_budget
    is_exceeded = own is not None and any(card.price > own for card in advice.cards)
    return own if is_exceeded else None


def _wish_of(query: Query, goods: MeantGoods | None = None) -> Wish:
    """What recommendations are asked for; ``goods`` are those that are meant, where that was looked up."""
    return replace(query.wish.as_wish(SHOWN_AT_ONCE, query.shown, goods), least_minor=query.least)


def explain(dispatcher: CollectingDispatcher, task: str, advice: Advice | None, query: Query) -> None:
    """Say why nothing is shown: it is switched off, or nothing fits what was asked."""
    if advice is None or advice.silence is Silence.SWITCHED_OFF or not _is_narrow(query):
        say(dispatcher, f"utter_{task}")
    else:
        say(dispatcher, "utter_nothing_fits", budget=query.wish.budget)


def _is_narrow(query: Query) -> bool:
    return query.list is ListKind.PERSONAL and query.wish.says_something
