"""Typed follow-ups on cards: what they mean where cards are before the customer, and what is done about them.

Where the newest that was said shows products, "anything cheaper?" is about those. The reader
(:class:`CardFollowUps`) is asked before Rasa is: it hands over what a button would mean, so nothing else of
what was typed is read, neither as another wish nor as a mood. Everything that it does not know goes to Rasa
as it was typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, Self

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.advice_showing import SOMETHING_ELSE, AdviceDesk, Query
from actions.answers import say
from actions.follow_up_words import CardWish, FollowUp, FollowUpWords
from actions.offers import may_offer, may_offer_in
from actions.reading import DETAIL, named_in_message
from balie.advice.adviser import Advice, Moment
from balie.assistant.card_words import (
    CARD,
    NOT_INTERESTED,
    PUT_IN_BASKET,
    SHOW_PRODUCT,
    card_mark,
    read_card_mark,
)
from balie.assistant.manners import Manners
from balie.assistant.speech import APOLOGY, Choice
from balie.conversations.cards import ProductCard
from balie.conversations.status import ConversationStatus
from balie.conversations.views import Author, Message, PendingTurn
from balie.kernel.ids import ConversationId, MessageId
from balie.recommendations.kinds import ListKind
from balie.turns.ports import HeardAs

CARD_FOLLOW_UP: Final = "card_follow_up"
INSTEAD_OF_THOSE: Final = "utter_instead_of_those"
LOOK_BACK: Final = 5
"""Messages: so much may be said about cards before they are out of sight."""
STILL_ABOUT_THEM: Final = frozenset(
    {
        *("utter_product_facts", "utter_product_gone", "utter_place_order_done", "utter_why_these"),
        *("utter_not_interested", "utter_none_of_those", "utter_nothing_else"),
        *("utter_nothing_cheaper", "utter_nothing_dearer"),
    }
)
"""What is said about cards without showing new ones; everything else is another subject."""


class Conversations(Protocol):
    """What is looked at of conversations (``ConversationService`` has it)."""

    async def list_said(
        self, conversation_id: ConversationId, most: int, *, before: int
    ) -> tuple[Message, ...]:
        """What the assistant and agents said last before a message of that number, the newest first."""
        ...

    async def list_meanings(
        self, conversation_id: ConversationId, message_id: MessageId
    ) -> Mapping[str, str]:
        """What the buttons of a message mean, by their ids."""
        ...


@dataclass(frozen=True, slots=True)
class InSight:
    """The cards before a customer.

    Attributes:
        shown: The message that shows them.
        told: What was said about one of them since; None when nothing was.
    """

    shown: Message
    told: Message | None = None


def find_in_sight(said: Sequence[Message]) -> InSight | None:
    """The cards that are before a customer; None when there are none.

    Args:
        said: By the assistant and agents, the newest first.
    """
    told: Message | None = None
    for message in said:
        if message.author is not Author.ASSISTANT:
            return None
        if message.cards:
            return InSight(message, told)
        if message.response not in STILL_ABOUT_THEM:
            return None
        told = told or (message if message.buttons else None)
    return None


@dataclass(frozen=True, slots=True)
class CardQuestion:
    """What is wanted of cards, as the intent ``card_follow_up`` carries it.

    Attributes:
        query: What the button to the next ones keeps; None when they came without one.
        cards: Their marks (:func:`card_mark`).
        limit: Of the price, in minor units: the most for cheaper ones, the least for dearer ones.
        is_named: Whether the customer named that limit.
        reasons: Name and reason of each, to be told again.
        again: Whether these had come in place of others that were not liked.
    """

    wish: CardWish
    query: str | None = None
    cards: tuple[str, ...] = ()
    limit: int | None = None
    is_named: bool = False
    reasons: tuple[tuple[str, str], ...] = ()
    again: bool = False

    @property
    def payload(self) -> str:
        """What Rasa is asked."""
        kept = {
            "wish": self.wish.value,
            "query": self.query,
            "cards": self.cards,
            "limit": self.limit,
            "is_named": self.is_named,
            "reasons": self.reasons,
            "again": self.again,
        }
        known = {name: value for name, value in kept.items() if value}
        return Choice(intent=CARD_FOLLOW_UP, slots={DETAIL: json.dumps(known)}).payload

    @classmethod
    def from_detail(cls, written: str | None) -> Self | None:
        """Read what :attr:`payload` carries; None for anything else."""
        try:
            kept: dict[str, Any] = json.loads(written or "")
            return cls(
                CardWish(kept["wish"]),
                kept.get("query"),
                tuple(map(str, kept.get("cards", ()))),
                kept.get("limit"),
                bool(kept.get("is_named")),
                tuple((str(name), str(reason)) for name, reason in kept.get("reasons", ())),
                bool(kept.get("again")),
            )
        except (ValueError, KeyError, TypeError):
            return None

    def next_query(self) -> Query:
        """The question for the next ones: as before, within the limit."""
        shown = tuple(sku for _, sku in map(read_card_mark, self.cards))
        query = Query.from_button(self.query) or Query(ListKind.PERSONAL, shown=shown)
        if self.limit is None:
            return query
        if self.wish is CardWish.DEARER:
            return replace(query, least=self.limit, wish=replace(query.wish, budget=None))
        return replace(query, least=None, wish=replace(query.wish, budget=self.limit))


class CardFollowUps:
    """Reads what is typed where cards are before the customer, see :class:`balie.turns.ports.FollowUps`."""

    def __init__(self, conversations: Conversations, words: FollowUpWords, manners: Manners | None) -> None:
        self._conversations = conversations
        self._words = words
        self._manners = manners

    async def read(self, turn: PendingTurn) -> HeardAs | None:
        """What a typed text means; None when it is like any other."""
        if turn.status is not ConversationStatus.WITH_ASSISTANT:
            return None
        # Two messages typed in a row are both about what was there then: the answer to the first is not.
        said = await self._conversations.list_said(turn.conversation_id, LOOK_BACK, before=turn.sequence)
        in_sight = find_in_sight(said)
        if in_sight is None:
            return None
        found = self._words.read(turn.text, in_sight.shown.cards)
        if found is None or (found.is_complaint and not await may_offer_in(self._manners, turn)):
            return None
        payload = await self._payload(turn.conversation_id, in_sight, found)
        return None if payload is None else HeardAs(payload, found.language)

    async def _payload(self, conversation_id: ConversationId, now: InSight, found: FollowUp) -> str | None:
        if found.wish in _OF_ONE:
            mark = await self._mark(conversation_id, now, found)
            if mark is not None:
                return Choice(intent=_OF_ONE[found.wish], slots={CARD: mark}).payload
            is_unknown_which = found.is_of_one and len(now.shown.cards) > 1
            if found.wish is not CardWish.DISLIKED or is_unknown_which:
                return None
        query = await self._query(conversation_id, now.shown)
        if found.wish is CardWish.MORE and query is not None and found.budget is None:
            return Choice(intent=SOMETHING_ELSE, slots={DETAIL: query}).payload
        return _question(now.shown, found, query).payload

    async def _mark(self, conversation_id: ConversationId, now: InSight, found: FollowUp) -> str | None:
        """The card that is meant: the one that was named, else the one that was told of last.

        "Not interesting" of a single card asks for another, as of several.
        """
        is_only_one = found.wish is CardWish.DISLIKED and len(now.shown.cards) == 1
        if found.card is not None and not is_only_one:
            return _mark_of(now.shown.cards[found.card])
        if now.told is None:
            return None
        meanings = await self._conversations.list_meanings(conversation_id, now.told.id)
        marks = (_slot(payload, PUT_IN_BASKET, CARD) for payload in meanings.values())
        return next(filter(None, marks), None)

    async def _query(self, conversation_id: ConversationId, shown: Message) -> str | None:
        meanings = await self._conversations.list_meanings(conversation_id, shown.id)
        return next(filter(None, (_slot(each, SOMETHING_ELSE, DETAIL) for each in meanings.values())), None)


_OF_ONE: Final = {
    CardWish.SHOW: SHOW_PRODUCT,
    CardWish.TAKE: PUT_IN_BASKET,
    CardWish.DISLIKED: NOT_INTERESTED,
}
"""What a button of a card does."""


def _question(shown: Message, found: FollowUp, query: str | None) -> CardQuestion:
    meant = shown.cards if found.card is None else (shown.cards[found.card],)
    return CardQuestion(
        found.wish,
        query,
        tuple(map(_mark_of, shown.cards)),
        found.budget or _limit(found.wish, meant),
        is_named=found.budget is not None,
        reasons=tuple((card.name, card.reason) for card in meant) if found.wish is CardWish.WHY else (),
        again=shown.response == INSTEAD_OF_THOSE,
    )


def _limit(wish: CardWish, cards: Sequence[ProductCard]) -> int | None:
    """Below the cheapest, or above the dearest, of those that are meant."""
    prices = [card.price.minor_units for card in cards]
    match wish:
        case CardWish.CHEAPER:
            return min(prices) - 1
        case CardWish.DEARER:
            return max(prices) + 1
        case _:
            return None


def _mark_of(card: ProductCard) -> str:
    return card_mark(card.key, card.sku)


def _slot(payload: str, intent: str, name: str) -> str | None:
    """What a button of ours carries under a name; None of a button for another intent."""
    if not payload.startswith(f"/{intent}{{"):
        return None
    value = json.loads(payload.removeprefix(f"/{intent}")).get(name)
    return value if isinstance(value, str) else None


class ActionCardFollowUp(Action):
    """Shows others, cheaper or dearer ones, says why, or remembers that none of them was liked."""

    def __init__(self, desk: AdviceDesk, manners: Manners | None) -> None:
        self._desk = desk
        self._manners = manners

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{CARD_FOLLOW_UP}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Do it."""
        question = CardQuestion.from_detail(named_in_message(tracker, DETAIL))
        moment = await self._desk.open(tracker)
        if question is None or moment is None:
            say(dispatcher, APOLOGY)
        elif question.wish is CardWish.WHY:
            reasons = [{"name": name, "reason": reason} for name, reason in question.reasons]
            say(dispatcher, "utter_why_these", reasons=reasons)
        elif question.wish is CardWish.DISLIKED:
            await self._put_aside(dispatcher, tracker, moment, question)
        else:
            await self._show(dispatcher, moment, question)
        return []

    async def _show(self, dispatcher: CollectingDispatcher, moment: Moment, question: CardQuestion) -> None:
        query = question.next_query()
        advice = await self._desk.find(moment, query)
        found, nothing = _RESPONSES[question.wish]
        limit = question.limit if question.is_named else None
        if advice.cards:
            self._desk.show(dispatcher, found, query, advice, budget=limit)
        else:
            say(dispatcher, nothing, budget=limit)

    async def _put_aside(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, moment: Moment, question: CardQuestion
    ) -> None:
        """Remember it of each, and show others once; then it is better to ask what they are after."""
        for key, sku in map(read_card_mark, question.cards):
            await self._desk.adviser.dismiss(moment, sku, key)
        query = question.next_query()
        advice: Advice | None = None
        # Nobody asked for others: an angry customer is not shown any.
        if not question.again and await may_offer(self._manners, tracker):
            advice = await self._desk.find(moment, query)
        if advice is not None and advice.cards:
            self._desk.show(dispatcher, INSTEAD_OF_THOSE, query, advice)
        else:
            say(dispatcher, "utter_none_of_those")


_RESPONSES: Final = {
    CardWish.MORE: ("utter_something_else", "utter_nothing_else"),
    CardWish.CHEAPER: ("utter_cheaper", "utter_nothing_cheaper"),
    CardWish.DEARER: ("utter_dearer", "utter_nothing_dearer"),
}
