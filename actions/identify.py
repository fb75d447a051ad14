"""The short form that finds out who a customer is: order number and e-mail address or postcode, or a code.

Rasa never sees the address: its tracker holds ``‹e-mail›``. The message itself is read from our own store,
and the form's slot holds only the word ``given``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.asking import Asked, ask_afresh, asked, asked_before, give_up
from actions.code_steps import CODE_STEP, ON_FILE, CodeStep, Step
from actions.code_way import GIVEN, CodeWay
from actions.identity_question import OTHER_WAY
from actions.look_up import PersonalLookUp
from actions.reading import (
    IDENTITY_PROOF,
    ORDER_NUMBER,
    PENDING_TASK,
    WAITING_TASK,
    conversation_id_of,
    intent_of,
    message_id_of,
    named_in_message,
    payload_of,
    remembered,
    waiting_task,
)
from actions.records import RecordsOffice
from balie.assistant.speech import APOLOGY
from balie.content.articles import OUT_OF_SCOPE
from balie.conversations.access import Level
from balie.conversations.errors import IdentificationLimitedError
from balie.conversations.service import ConversationService
from balie.conversations.views import Author, Proof
from balie.kernel.ids import ConversationId
from balie.orders.identification import ProofKind, read_proof
from balie.orders.service import OrderService

LOOK_BACK: Final = 6
"""An e-mail address may have been typed so many messages before the order number was."""

_PROOF: Final[Mapping[ProofKind, Proof]] = {
    ProofKind.EMAIL: Proof.ORDER_EMAIL,
    ProofKind.POSTCODE: Proof.ORDER_POSTCODE,
}
_ORDER_NUMBER: Final = re.compile(r"\b(?:dd[\s.:#-]{0,2})?\d{7}\b", re.IGNORECASE)
_SOME_NUMBER: Final = re.compile(r"\d{4}")
_LONG_NUMBER: Final = re.compile(r"\d{5}")
_ABOUT_AN_ORDER: Final = frozenset({None, OUT_OF_SCOPE, "track_order", "check_invoice", "track_refund"})
_LETTERS: Final = re.compile(r"[A-Z]")


@dataclass(frozen=True, slots=True)
class _Try:
    """One try to show who somebody is.

    Attributes:
        text: Holds the proof, in a sentence or not.
        level: What the waiting task needs.
    """

    conversation_id: ConversationId
    order_number: str
    text: str
    level: Level


class ValidateIdentifyForm(Action):
    """Checks each answer to the form; five wrong ones and it ends.

    Not rasa-sdk's ``FormValidationAction``: that needs the whole domain sent with every call, and looks only
    at what Rasa has seen.
    """

    def __init__(
        self,
        conversations: ConversationService,
        orders: OrderService,
        code_way: CodeWay,
        tasks: Mapping[str, PersonalLookUp],
    ) -> None:
        """Build the action; ``tasks`` are the look-ups that can be pending, by intent."""
        self._conversations = conversations
        self._orders = orders
        self._code_way = code_way
        self._tasks = tasks

    def name(self) -> str:
        """Rasa's name of the action."""
        return "validate_identify_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Slots that are good (or have to be asked again); none when the message was about something else."""
        conversation_id = conversation_id_of(tracker)
        if conversation_id is None:
            return []
        if payload_of(tracker) is not None:
            return self._code_way.pressed(tracker)
        text = await self._text_with_proof(conversation_id, tracker)
        said = await self._code_way.typed(conversation_id, text, dispatcher, tracker)
        return said or await self._by_order(conversation_id, text, dispatcher, tracker)

    async def _by_order(
        self, conversation_id: ConversationId, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        number, named_now = remembered(tracker, ORDER_NUMBER), named_in_message(tracker, ORDER_NUMBER)
        if remembered(tracker, CODE_STEP) is not None and named_now is None:
            return []
        if number is None:
            return _ask_number_again(dispatcher, tracker, text)
        if not _offers_proof(text, asked_for=asked_before(tracker, IDENTITY_PROOF) is not None):
            return [] if named_now is None else [SlotSet(ORDER_NUMBER, number), *_by_order_again()]
        level = self._needed(tracker)
        if level >= Level.CUSTOMER and not read_proof(text).emails:
            say(dispatcher, "utter_identity_email_needed", choices=OTHER_WAY)
            return [*_refused(IDENTITY_PROOF), SlotSet(CODE_STEP, None)]
        return await self._try(_Try(conversation_id, number, text, level), dispatcher)

    async def _try(self, attempt: _Try, dispatcher: CollectingDispatcher) -> list[EventType]:
        try:
            # Counted before it is looked at: two messages at once are two tries.
            left = await self._conversations.count_attempt(attempt.conversation_id, attempt.order_number)
        except IdentificationLimitedError:
            return _give_up(dispatcher)
        identified = await self._orders.identify(attempt.order_number, attempt.text)
        if identified is None:
            if left == 0:
                return _give_up(dispatcher)
            say(dispatcher, "utter_identity_not_matched", tries_left=left)
            return [*_refused(IDENTITY_PROOF), SlotSet(CODE_STEP, None)]
        await self._conversations.recognise_customer(
            attempt.conversation_id,
            identified.customer_id,
            proof=_PROOF[identified.proof_kind],
            order_number=identified.order_number,
        )
        known = [SlotSet(ORDER_NUMBER, identified.order_number)]
        if attempt.level is Level.FRESH:
            # What belongs to an order says who somebody is, but not that it is they who sit there now.
            wanted = CodeStep(Step.WANTED, ON_FILE).as_slot
            return [*known, SlotSet(CODE_STEP, wanted), SlotSet(IDENTITY_PROOF, None), ask_afresh()]
        return [*known, SlotSet(IDENTITY_PROOF, GIVEN), SlotSet(CODE_STEP, None)]

    async def _text_with_proof(self, conversation_id: ConversationId, tracker: Tracker) -> str:
        """What the customer really wrote, without order numbers (they look like postcodes).

        When the order number came after the e-mail address, the address is in an earlier message.
        """
        message_id = message_id_of(tracker)
        if message_id is None:
            return ""
        latest = await self._conversations.get_message(conversation_id, message_id)
        texts = [_ORDER_NUMBER.sub(" ", latest.text)]
        if named_in_message(tracker, ORDER_NUMBER) is not None and not read_proof(texts[0]).emails:
            page = await self._conversations.list_messages(
                conversation_id, after=max(0, latest.sequence - LOOK_BACK)
            )
            earlier = [each.text for each in page.messages if each.author is Author.CUSTOMER]
            texts += [text for text in reversed(earlier) if read_proof(text).emails]
        return "\n".join(texts[:2])

    def _needed(self, tracker: Tracker) -> Level:
        task = self._tasks.get(waiting_task(tracker) or "")
        return Level.NOBODY if task is None else task.level


class ActionResumeTask(Action):
    """Does the look-up that waited for the customer to be known."""

    def __init__(self, office: RecordsOffice, tasks: Mapping[str, PersonalLookUp]) -> None:
        self._office = office
        self._tasks = tasks

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_resume_task"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Answer what was asked; nothing when the form was given up."""
        task = self._tasks.get(waiting_task(tracker) or "")
        finished = [SlotSet(slot, None) for slot in (PENDING_TASK, WAITING_TASK, IDENTITY_PROOF, CODE_STEP)]
        if task is None:
            return finished
        records = await self._office.open_for(conversation_id_of(tracker))
        if records is None or not task.is_open(records.access, tracker):
            say(dispatcher, APOLOGY)
            return finished
        return [*finished, *await task.answer(dispatcher, tracker, records)]


def _offers_proof(text: str, *, asked_for: bool) -> bool:
    """Whether there is something to try. Unasked, four bare digits are a year or an amount, no postcode."""
    proof = read_proof(text)
    if proof.emails:
        return True
    return any(asked_for or _LETTERS.search(postcode) for postcode in proof.postcodes)


def _ask_number_again(dispatcher: CollectingDispatcher, tracker: Tracker, text: str) -> list[EventType]:
    if asked_before(tracker, ORDER_NUMBER) is None:
        return []
    if _offers_proof(text, asked_for=False):
        return [SlotSet(IDENTITY_PROOF, None)]
    if not _tries_a_number(text, tracker):
        return []
    say(dispatcher, "utter_order_number_unreadable", choices=OTHER_WAY)
    return _refused(ORDER_NUMBER)


def _tries_a_number(text: str, tracker: Tracker) -> bool:
    """Whether the digits are meant as an order number; four in another question are a postcode or a year."""
    if _LONG_NUMBER.search(text):
        return True
    return _SOME_NUMBER.search(text) is not None and intent_of(tracker) in _ABOUT_AN_ORDER


def _by_order_again() -> list[EventType]:
    """Go on by the order number, whatever way was gone before."""
    return [SlotSet(IDENTITY_PROOF, None), SlotSet(CODE_STEP, None)]


def _refused(slot: str) -> list[EventType]:
    """Let the slot stay empty; what was said to it is the question."""
    return [SlotSet(slot, None), asked(slot, Asked.REFUSED)]


def _give_up(dispatcher: CollectingDispatcher) -> list[EventType]:
    say(dispatcher, "utter_identity_given_up")
    return give_up()
