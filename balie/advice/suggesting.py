"""One suggestion, unasked: to a glad customer who has just been helped, once in a conversation."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from balie.advice.adviser import Advice, Adviser
from balie.assistant.card_words import card_buttons, list_cards, word_cards
from balie.assistant.dressing import CLOSINGS, REVIEW
from balie.assistant.emotion_policy import choose_stance
from balie.assistant.manners import look_back, was_helped
from balie.assistant.port import AssistantAnswer
from balie.content.render import Renderer
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.mood import Mood, Reading, find_mood
from balie.conversations.status import ConversationStatus
from balie.conversations.views import Conversation, NewButton, NewReply, PastMessage, PendingTurn
from balie.kernel.errors import BalieError
from balie.kernel.ids import ConversationId

RESPONSE: Final = "suggestion"
SHOWING: Final = frozenset(
    {
        *("utter_recommended", "utter_goes_with", "utter_alternatives"),
        *("utter_alternatives_instead", "utter_something_else", RESPONSE),
        *("utter_cheaper", "utter_dearer", "utter_instead_of_those"),
    }
)
"""Whoever has seen products in this conversation needs no more of them."""

_log = logging.getLogger(__name__)


class Conversations(Protocol):
    """What is looked at of conversations (``ConversationService`` has it)."""

    async def get_conversation(self, conversation_id: ConversationId) -> Conversation:
        """The conversation as it stands."""
        ...

    async def list_past(self, conversation_id: ConversationId) -> tuple[PastMessage, ...]:
        """The last messages without their words, in order."""
        ...


class Suggester:
    """Adds a suggestion to what is said, where the moment is right for one."""

    def __init__(self, adviser: Adviser, conversations: Conversations, renderer: Renderer) -> None:
        self._adviser = adviser
        self._conversations = conversations
        self._renderer = renderer

    async def after_answer(
        self, turn: PendingTurn, answer: AssistantAnswer, replies: Sequence[NewReply]
    ) -> tuple[NewReply, ...]:
        """The replies, with a suggestion behind them where one is made.

        It takes the place of the request for a review: nobody is asked for two things at once. Where it
        cannot be made, nothing is missing.
        """
        if not _may_be_right(turn, answer, replies):
            return tuple(replies)
        try:
            suggestion = await self._suggest(turn, answer)
        except BalieError as error:
            _log.warning("Nothing was suggested: %s", error.code)
            suggestion = None
        if suggestion is None:
            return tuple(replies)
        return (*map(_without_review, replies), suggestion)

    async def _suggest(self, turn: PendingTurn, answer: AssistantAnswer) -> NewReply | None:
        past = [
            message
            for message in await self._conversations.list_past(turn.conversation_id)
            if message.id != turn.message_id
        ]
        mood = _mood(past, turn, answer)
        stance = choose_stance(mood)
        if not (stance.invites and stance.allows_offers and was_helped(past, self._renderer.library)):
            return None
        if any(message.response in SHOWING for message in past):
            return None
        try:
            moment = await self._adviser.open(turn.conversation_id, turn.message_id, mood.leading)
        except ConversationNotFoundError:
            return None
        if moment.who.customer_id is None or await self._adviser.has_suggested(moment):
            return None
        advice = await self._adviser.suggest(moment)
        return self._worded(advice, answer.language or turn.likely_language) if advice.cards else None

    def _worded(self, advice: Advice, language: str | None) -> NewReply:
        spoken = self._renderer.language_or_default(language)
        cards = word_cards(advice.cards, self._renderer, spoken)
        facts = {"cards": list_cards(cards, self._renderer, spoken)}
        buttons = tuple(
            NewButton(button.title, button.payload, button.url, button.card)
            for button in card_buttons(cards, self._renderer, spoken)
        )
        text = self._renderer.render(RESPONSE, spoken, facts).text
        return NewReply(text, buttons, RESPONSE, spoken, cards=cards)


def _may_be_right(turn: PendingTurn, answer: AssistantAnswer, replies: Sequence[NewReply]) -> bool:
    """Whether anything of this turn alone speaks for it: hardly any turn is looked into."""
    is_end = len(replies) == 1 and replies[0].response in CLOSINGS
    is_ours = turn.status is ConversationStatus.WITH_ASSISTANT and not turn.assistant_helps
    return is_end and is_ours and turn.payload is None and answer.emotion is not None


def _mood(past: Sequence[PastMessage], turn: PendingTurn, answer: AssistantAnswer) -> Mood:
    return find_mood([*look_back(past).readings, Reading(turn.message_id, answer.emotion)])


def _without_review(reply: NewReply) -> NewReply:
    """The reply without its request for a review, which is its last paragraph."""
    if reply.remark is None or not reply.remark.startswith(REVIEW):
        return reply
    buttons = tuple(button for button in reply.buttons if button.payload != f"/{REVIEW}")
    text = "\n\n".join(reply.text.split("\n\n")[:-1])
    return replace(reply, text=text, buttons=buttons, remark=None)
