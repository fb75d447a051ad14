"""When a person is needed, and what customers do who wait for one: what Rasa has no say in.

Reads before the turn is recorded; what changes is done in the transaction of the replies, so that a turn
that is taken again does it once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from balie.assistant.emotion_policy import choose_stance
from balie.assistant.manners import look_back
from balie.assistant.port import AssistantAnswer, Understanding
from balie.content.library import Library
from balie.conversations.mood import Mood, Reading, find_mood
from balie.conversations.service import Also
from balie.conversations.status import ConversationStatus
from balie.conversations.views import (
    Author,
    Conversation,
    NewButton,
    NewReply,
    PastMessage,
    PendingTurn,
)
from balie.handoff.book import Book, Tools, as_facts
from balie.handoff.callers import NOBODY, Caller
from balie.handoff.card_reading import FLOW_SLOTS
from balie.handoff.planner import HandoffPlanner, Need, Plan
from balie.handoff.promising import let_help, withdraw
from balie.handoff.sayings import Sayings
from balie.handoff.steps import request
from balie.handoff.triggers import (
    ASKED_BACK_RESPONSES,
    ASKED_RESPONSE,
    FAILED_RESPONSES,
    NOT_UNDERSTOOD_RESPONSES,
    Act,
    Situation,
    find_trigger,
)
from balie.handoff.views import Handoff, Place
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.turns.apology import HUMAN_INTENT

CALLING_RESPONSES: Final = {ASKED_RESPONSE} | NOT_UNDERSTOOD_RESPONSES | FAILED_RESPONSES
"""They can call for a person, and are not said when one comes: neither an apology nor a shrug."""
RECALLS: Final = "utter_ask_again_"
"""So begin the names of questions that are recalled: whoever is put in line is asked for nothing."""
STOP_INTENT: Final = "stop_flow"
LIKELY_SHOWN: Final = 3
_MOODS_THAT_MATTER: Final = frozenset({"anger", "confusion"})


@dataclass(frozen=True, slots=True)
class Said:
    """What is said in a turn, and what else is done with it.

    Attributes:
        also: Done in the transaction that stores the replies.
    """

    replies: tuple[NewReply, ...]
    also: Also | None = None


class Conversations(Protocol):
    """What is looked at of conversations (``ConversationService`` has it)."""

    async def get_conversation(self, conversation_id: ConversationId) -> Conversation:
        """The conversation as it stands."""
        ...

    async def list_past(self, conversation_id: ConversationId) -> tuple[PastMessage, ...]:
        """The last messages without their words, in order."""
        ...


class Persons:
    """Calls a person when one is needed, and answers for them while the customer waits."""

    def __init__(
        self,
        conversations: Conversations,
        planner: HandoffPlanner,
        tools: Tools,
        library: Library,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self._conversations = conversations
        self.planner = planner
        self._tools = tools
        self._library = library
        self._clock = clock

    @property
    def sayings(self) -> Sayings:
        """What customers are told."""
        return self._tools.sayings

    def now(self) -> datetime:
        """The present moment."""
        return self._clock()

    async def get_conversation(self, conversation_id: ConversationId) -> Conversation:
        """The conversation as it stands."""
        return await self._conversations.get_conversation(conversation_id)

    async def find_open(self, conversation_id: ConversationId) -> Handoff | None:
        """The conversation's open handoff."""
        return await self.planner.find_open(conversation_id)

    async def after_answer(
        self, turn: PendingTurn, answer: AssistantAnswer, replies: Sequence[NewReply]
    ) -> Said:
        """The assistant's replies, or what is said instead because a person is needed."""
        spoken = Said(tuple(replies))
        if not _is_worth_a_look(answer, replies) or turn.status is not ConversationStatus.WITH_ASSISTANT:
            return await self._while_waiting_for(turn, spoken) if _asks(replies) else spoken
        past = await self._conversations.list_past(turn.conversation_id)
        mood = _mood_with(past, turn, answer)
        responses = {reply.response for reply in replies}
        trouble = _trouble(past, turn, responses)
        conversation = await self._conversations.get_conversation(turn.conversation_id)
        caller = NOBODY
        if responses & FAILED_RESPONSES or mood.leading == "anger" or _asks(replies):
            caller = await self.planner.find_caller(conversation)
        trigger = find_trigger(
            replace(
                trouble,
                asked=_asks(replies),
                leading=mood.leading,
                angry_turns=mood.angry_turns,
                confused_turns=mood.confused_turns,
                band=caller.band,
            )
        )
        if trigger is None:
            return self._said_differently(spoken, past, trouble)
        if trigger.act is Act.CHOOSE:
            return self._let_choose(turn, answer, spoken, past)
        if caller is NOBODY:
            caller = await self.planner.find_caller(conversation)
        need = Need(
            reason=trigger.reason,
            mood=choose_stance(mood).priority.value,
            intent=_intent(answer, conversation),
            facts=trigger.facts,
        )
        spoken_to = replace(conversation, language=answer.language or conversation.language)
        return await self._hand_off(spoken_to, need, caller, spoken)

    async def after_failure(self, turn: PendingTurn, apology: NewReply) -> Said:
        """The apology for a turn that failed; or, when it was not the first in a row, a person."""
        answer = AssistantAnswer((), turn.likely_language)
        return await self.after_answer(turn, answer, (apology,))

    async def while_waiting(self, turn: PendingTurn, understood: Understanding) -> Said:
        """What is said to a customer who waits for a person and writes: little."""
        language = understood.language or turn.likely_language
        if understood.intent == STOP_INTENT:
            return self.withdrawn(turn, language)
        if understood.intent == HUMAN_INTENT:
            return await self.still_waiting(turn, language)
        return Said(())

    def is_question(self, understood: Understanding) -> bool:
        """Whether a message wants an answer: it is about something, and not only small talk."""
        article = self._library.articles.get(understood.intent or "")
        return article is not None and article.kind != "small_talk"

    async def still_waiting(self, turn: PendingTurn, language: str | None) -> Said:
        """Where the customer stands."""
        place = await self.planner.find_place(turn.conversation_id)
        return Said((self._waiting(place, language),))

    def withdrawn(self, turn: PendingTurn, language: str | None, *, promised: bool = False) -> Said:
        """The customer does not want a person any more, or what they were promised."""
        return Said(
            (self.sayings.say("handoff_withdrawn", language, {"promised": promised}),),
            self.in_book(lambda book: withdraw(book, turn.conversation_id)),
        )

    def helping(self, turn: PendingTurn, language: str | None) -> Said:
        """The assistant answers while the customer waits."""
        return Said(
            (self.sayings.say("handoff_helping", language),),
            self.in_book(lambda book: let_help(book, turn.conversation_id)),
        )

    async def _while_waiting_for(self, turn: PendingTurn, spoken: Said) -> Said:
        """Whoever asks for a person again while they wait hears where they stand."""
        if turn.status is not ConversationStatus.WAITING_FOR_AGENT:
            return spoken
        kept = tuple(reply for reply in spoken.replies if reply.response != ASKED_RESPONSE)
        place = await self.planner.find_place(turn.conversation_id)
        return Said((*kept, self._waiting(place, turn.likely_language)), spoken.also)

    def _waiting(self, place: Place, language: str | None) -> NewReply:
        return self.sayings.say("handoff_already_waiting", language, as_facts(place))

    async def _hand_off(self, conversation: Conversation, need: Need, caller: Caller, spoken: Said) -> Said:
        plan = await self.planner.plan(conversation, need, caller)
        if plan is None:
            return spoken
        self._tools.measures.handoff_requested(need.reason.value)
        kept = tuple(reply for reply in spoken.replies if _stands_beside_a_person(reply.response or ""))
        return Said((*kept, plan.reply), self._queue(conversation.id, plan) if plan.queues else None)

    def _queue(self, conversation_id: ConversationId, plan: Plan) -> Also:
        return self.in_book(lambda book: request(book.handoffs, conversation_id, plan.request, book.now))

    def in_book(self, work: Callable[[Book], object]) -> Also:
        """Work that is done in the transaction of the replies."""
        return self.planner.books.opening(work)

    def _said_differently(self, spoken: Said, past: Sequence[PastMessage], trouble: Situation) -> Said:
        """Never the same sentence twice: who is not understood again later hears it in other words."""
        before = _times_not_understood(past)
        if trouble.not_understood != 1 or before == 0:
            return spoken
        return self._instead(spoken, "assistant_rephrase", {"before": before - 1})

    def _let_choose(
        self, turn: PendingTurn, answer: AssistantAnswer, spoken: Said, past: Sequence[PastMessage]
    ) -> Said:
        language = answer.language or turn.likely_language
        likely = [name for name in answer.likely if name in self._library.articles][:LIKELY_SHOWN]
        before = sum(message.response == "assistant_choose" for message in past)
        said = self._instead(spoken, "assistant_choose", {"choices": len(likely), "before": before})
        spoken_language = self.sayings.language_of(language)
        topics = [
            NewButton(self._library.articles[name].title[spoken_language], payload=f"/{name}")
            for name in likely
        ]
        person = NewButton(
            self._library.articles[HUMAN_INTENT].title[spoken_language], payload=f"/{HUMAN_INTENT}"
        )
        return replace(said, replies=tuple(_with_choices(reply, topics, person) for reply in said.replies))

    def _instead(self, spoken: Said, response: str, facts: dict[str, int]) -> Said:
        replies = [
            replace(self.sayings.say(response, reply.language, facts), buttons=reply.buttons)
            if reply.response in NOT_UNDERSTOOD_RESPONSES - ASKED_BACK_RESPONSES
            else reply
            for reply in spoken.replies
        ]
        return replace(spoken, replies=tuple(replies))


def _with_choices(reply: NewReply, topics: Sequence[NewButton], person: NewButton) -> NewReply:
    """The reply with what it may be about, and a person; what asks about goods has buttons of its own."""
    if reply.response == "assistant_choose":
        return replace(reply, buttons=(*topics, person))
    if reply.response in ASKED_BACK_RESPONSES:
        return replace(reply, buttons=(*reply.buttons, person))
    return reply


def _asks(replies: Sequence[NewReply]) -> bool:
    return any(reply.response == ASKED_RESPONSE for reply in replies)


def _stands_beside_a_person(response: str) -> bool:
    return response not in CALLING_RESPONSES and not response.startswith(RECALLS)


def _is_worth_a_look(answer: AssistantAnswer, replies: Sequence[NewReply]) -> bool:
    """Whether anything of this turn alone can call for a person: most turns are not looked into."""
    label = None if answer.emotion is None else answer.emotion.label
    called = any(reply.response in CALLING_RESPONSES for reply in replies)
    return label in _MOODS_THAT_MATTER or called


def _mood_with(past: Sequence[PastMessage], turn: PendingTurn, answer: AssistantAnswer) -> Mood:
    readings = look_back([message for message in past if message.id != turn.message_id]).readings
    emotion = None if turn.payload is not None else answer.emotion
    return find_mood([*readings, Reading(turn.message_id, emotion)])


def _trouble(past: Sequence[PastMessage], turn: PendingTurn, responses: set[str | None]) -> Situation:
    """How many turns in a row went wrong, this one included."""
    earlier = _turns_before(past, turn)
    return Situation(
        not_understood=_in_a_row([responses, *earlier], NOT_UNDERSTOOD_RESPONSES),
        failed=_in_a_row([responses, *earlier], FAILED_RESPONSES),
    )


def _turns_before(past: Sequence[PastMessage], turn: PendingTurn) -> list[set[str | None]]:
    """What each earlier turn was answered with, the latest first."""
    turns: list[set[str | None]] = []
    said: set[str | None] = set()
    for message in reversed(past):
        if message.id == turn.message_id:
            said = set()
        elif message.author is Author.CUSTOMER:
            turns.append(said)
            said = set()
        elif message.author is Author.ASSISTANT:
            said.add(message.response)
    return turns


def _in_a_row(turns: Sequence[set[str | None]], wanted: frozenset[str]) -> int:
    count = 0
    for responses in turns:
        if not responses & wanted:
            break
        count += 1
    return count


def _times_not_understood(past: Sequence[PastMessage]) -> int:
    return sum(message.response in NOT_UNDERSTOOD_RESPONSES for message in past)


def _intent(answer: AssistantAnswer, conversation: Conversation) -> str | None:
    """What it is about: the flow under way, else what was asked last, unless that was for a person."""
    for slot in FLOW_SLOTS:
        task = (answer.slots or conversation.slots).get(slot)
        if task:
            return str(task)
    return None if answer.intent == HUMAN_INTENT else answer.intent
