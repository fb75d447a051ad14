"""Actions about the conversation itself: stopping what goes on, saying the last answer again."""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.advice_wishes import ADVICE_SLOTS
from actions.answers import say
from actions.asking import ask_afresh
from actions.code_steps import CODE_STEP
from actions.forms import FORGOTTEN as CHANGE_SLOTS
from actions.reading import IDENTITY_PROOF, ORDER_NUMBER, PENDING_TASK, WAITING_TASK, conversation_id_of
from balie.assistant.private_words import PrivateTexts
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.service import ConversationService
from balie.conversations.views import Author, Message
from balie.kernel.ids import ConversationId

LOOK_BACK: Final = 20
"""An answer further back than so many messages is not the one that is meant."""

FORGOTTEN: Final = (
    *(PENDING_TASK, WAITING_TASK, ORDER_NUMBER, IDENTITY_PROOF, CODE_STEP),
    *CHANGE_SLOTS,
    *ADVICE_SLOTS,
)
"""What the forms were for."""

NOT_WORTH_REPEATING: Final = frozenset(
    {"utter_repeat_answer", "utter_default", "utter_assistant_unavailable"}
)


class ActionStopFlow(Action):
    """Breaks off the form, if one is going on."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_stop_flow"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Say that we stop, and forget what the form was for."""
        if tracker.active_loop_name is None:
            say(dispatcher, "utter_nothing_to_stop")
            return []
        say(dispatcher, "utter_stop_flow")
        return [SlotSet(slot, None) for slot in FORGOTTEN]


class ActionRepeatAnswer(Action):
    """Says the assistant's last answer of this conversation again."""

    def __init__(self, conversations: ConversationService, private: PrivateTexts) -> None:
        self._conversations = conversations
        self._private = private

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_repeat_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Repeat, or say that there is nothing to repeat; a form repeats its question by itself."""
        if tracker.active_loop_name is not None:
            return [ask_afresh()]
        conversation_id = conversation_id_of(tracker)
        last = None if conversation_id is None else await self._find_last_answer(conversation_id)
        if last is None:
            say(dispatcher, "utter_repeat_answer")
            return []
        say(dispatcher, "utter_repeat", answer=self._private.hide(last.answer))
        return []

    async def _find_last_answer(self, conversation_id: ConversationId) -> Message | None:
        try:
            conversation = await self._conversations.get_conversation(conversation_id)
        except ConversationNotFoundError:
            return None
        after = max(0, conversation.last_sequence - LOOK_BACK)
        page = await self._conversations.list_messages(conversation_id, after=after)
        answers = (
            message
            for message in reversed(page.messages)
            if message.author is Author.ASSISTANT and message.response not in NOT_WORTH_REPEATING
        )
        return next(answers, None)
