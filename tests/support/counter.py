"""A customer at the counter: runs actions as Rasa calls them, and reads what they say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from actions.registry import ActionServices, build_actions
from actions.server import ActionServer
from balie.advice.adviser import Adviser
from balie.advice.terms import AdviceTerms
from balie.assistant.manners import Manners
from balie.assistant.personal_facts import PersonalFacts
from balie.assistant.private_words import PrivateTexts
from balie.assistant.redaction import redact
from balie.assistant.speech import NlgRequest, Speaker
from balie.assistant.spoken_language import Tongue
from balie.catalogue.goods_words import GoodsWords
from balie.catalogue.service import CatalogueService
from balie.conversations.bell import Bell
from balie.conversations.code_service import CodeService
from balie.conversations.service import ConversationService
from balie.conversations.views import Conversation, NewReply, TurnOutcome, TurnState
from balie.customers.service import CustomerService
from balie.errands.preparing import Outside
from balie.errands.service import ErrandService
from balie.errands.terms import ErrandTerms
from balie.kernel.clock import Clock
from balie.orders.changes import ChangeService
from balie.orders.demo.personas import DemoCustomer
from balie.orders.invoice_mail import InvoiceMail
from balie.orders.service import OrderService
from balie.orders.terms import Terms
from balie.payments.links import PaymentLinks
from balie.payments.service import PaymentService
from balie.payments.simulated import SimulatedProvider
from balie.payments.terms import PaymentTerms
from balie.recommendations.outcomes import OutcomeService
from balie.recommendations.service import RecommendationService
from balie.recommendations.terms import RecommendationTerms
from balie.storage.unit_of_work import UnitOfWork
from tests.support.codes import CodeBook
from tests.support.content import real_renderer
from tests.support.links import PlainAccountLinks, basket_books

ORDER_NUMBER = re.compile(r"\bdd\s?(\d{7})\b|\b(\d{7})\b", re.IGNORECASE)


class PlainLinks:
    """Links that say what they open."""

    def label(self, return_number: str) -> str:
        return f"/api/v1/documents/labels/{return_number}.pdf"

    def invoice(self, invoice_number: str) -> str:
        return f"/api/v1/documents/invoices/{invoice_number}.pdf"


class Shop:
    """Every service on one database, and the actions on top."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self.unit_of_work = unit_of_work
        self.conversations = ConversationService(unit_of_work, Bell(), clock=clock)
        self.customers = CustomerService(unit_of_work, clock=clock)
        self.orders = OrderService(unit_of_work, clock=clock)
        terms = Terms.from_shop(real_renderer().library.shop)
        self.changes = ChangeService(unit_of_work, terms, clock=clock)
        goods = GoodsWords.from_shop(real_renderer().library.shop)
        self.catalogue = CatalogueService(unit_of_work, goods=goods, clock=clock)
        self.code_book = CodeBook()
        self.codes = CodeService(
            unit_of_work, "s" * 32, post_bell=self.code_book, clock=clock, codes=self.code_book
        )
        facts = PersonalFacts(self.conversations, self.customers, self.orders, clock=clock)
        self.private = PrivateTexts()
        payment_terms = PaymentTerms.from_shop(real_renderer().library.shop)
        self.provider = SimulatedProvider(unit_of_work, base_url="https://balie.example", clock=clock)
        self.payments = PaymentService(
            unit_of_work,
            PaymentLinks(unit_of_work, self.provider, payment_terms, clock=clock),
            payment_terms,
            clock=clock,
        )
        self.errands = ErrandService(
            unit_of_work,
            ErrandTerms.from_shop(real_renderer().library.shop),
            Outside(self.code_book, PlainAccountLinks(), basket_books()),
            clock=clock,
        )
        self.speaker = Speaker(real_renderer(), facts)
        self.manners = Manners(self.conversations, real_renderer().library)
        recommending = RecommendationTerms.from_shop(_without_chance(real_renderer().library.shop))
        self.outcomes = OutcomeService(unit_of_work, recommending, clock=clock)
        self.adviser = Adviser(
            RecommendationService(unit_of_work, recommending, clock=clock),
            self.outcomes,
            self.catalogue,
            self.conversations,
            clock=clock,
        )
        self.services = ActionServices(
            conversations=self.conversations,
            codes=self.codes,
            customers=self.customers,
            catalogue=self.catalogue,
            orders=self.orders,
            changes=self.changes,
            errands=self.errands,
            payments=self.payments,
            invoice_mail=InvoiceMail(unit_of_work, self.code_book, clock=clock),
            private=self.private,
            country="NL",
            tongue=Tongue(["nl", "en"], "nl"),
            answer_words=real_renderer().library.words_of_answers,
            links=PlainLinks(),
            adviser=self.adviser,
            advice_terms=AdviceTerms.from_shop(real_renderer().library.shop),
            manners=self.manners,
            clock=clock,
        )
        self.actions = ActionServer(build_actions(self.services), timeout=timedelta(seconds=3))

    async def stranger(self, language: str = "nl") -> Customer:
        """Somebody who just opened a conversation."""
        return Customer(self, await self.conversations.open_conversation(page_language=language), language)

    async def known(self, persona: DemoCustomer, language: str = "nl") -> Customer:
        """Somebody whom the shop vouches for."""
        found = await self.customers.find_by_external_id(persona.external_id)
        assert found is not None
        conversation = await self.conversations.open_conversation(
            page_language=language, customer_id=found.id
        )
        return Customer(self, conversation, language)


def _without_chance(shop: Mapping[str, Any]) -> dict[str, Any]:
    """The shop's facts, where nothing is shown to learn of it and nobody is held out."""
    calm = {"explore_percent": 0, "hold_out_percent": 0}
    return {**shop, "recommendations": {**shop["recommendations"], **calm}}


@dataclass
class Answer:
    """What the customer sees of one action: texts, buttons, and the names of the replies."""

    responses: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    buttons: list[dict[str, Any]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def titles(self) -> list[str]:
        return [button["title"] for button in self.buttons]


@dataclass
class Customer:
    """One side of a conversation. Slots are kept as Rasa would keep them."""

    shop: Shop
    conversation: Conversation
    language: str
    slots: dict[str, Any] = field(default_factory=dict)
    active_loop: str | None = None
    last_message_id: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    emotion: dict[str, Any] | None = None
    """How what they type reads."""
    carried: list[str] = field(default_factory=list)
    """Every text that Rasa has passed on: what stands in it Rasa knows."""

    async def ask(self, action: str, text: str = "vraag", *, intent: str | None = None) -> Answer:
        """Type something on which Rasa runs an action; ``intent`` when it is not the action's own."""
        recorded = await self.shop.conversations.record_customer_message(
            self.conversation.id, text, client_message_id=uuid4()
        )
        found = ORDER_NUMBER.search(text)
        entities = {"order_number": f"DD{found[1] or found[2]}"} if found else {}
        self.last_message_id = str(recorded.message.id)
        return await self._run(action, text, entities, self.last_message_id, intent=intent)

    async def repeat(self, action: str, text: str) -> Answer:
        """Have Rasa run an action (again) in the turn of the last message."""
        return await self._run(action, text, {}, self.last_message_id)

    async def run_again(self, action: str, said: str) -> Answer:
        """Have Rasa run an action (again) in the turn of the last message, typed or pressed."""
        _, brace, entities = said.partition("{")
        return await self._run(
            action, said, json.loads(brace + entities) if brace else {}, self.last_message_id
        )

    async def go_on_confirming(self, said: Answer, text: str) -> Answer:
        """What Rasa's form does after its validation: make the change, or ask."""
        if self.slots.get("confirmation") is not None:
            self.active_loop = None
            return await self.repeat("action_make_change", text)
        asked = await self.repeat("action_ask_confirmation", text)
        return Answer(
            said.responses + asked.responses, said.texts + asked.texts, said.buttons + asked.buttons
        )

    async def wants(self, task: str, text: str) -> Answer:
        """Ask for a change; when the action leaves it pending, Rasa runs the form."""
        answer = await self.ask(f"action_{task}", text)
        return await self._begin_form(answer)

    async def chooses_order(self, task: str, payload: str) -> Answer:
        """Press one of the buttons that name an order."""
        return await self._begin_form(await self.press(f"action_{task}", payload))

    async def _begin_form(self, answer: Answer) -> Answer:
        if self.slots.get("pending_change") is None:
            return answer
        self.active_loop = "confirm_form"
        return await self.press("action_ask_confirmation", "")

    async def says(self, text: str, intent: str = "out_of_scope") -> Answer:
        """Type something while the form goes on."""
        said = await self.ask("validate_confirm_form", text, intent=intent)
        return await self.go_on_confirming(said, text)

    async def taps(self, answer: Answer, title: str) -> Answer:
        """Press the button of this title, while the form goes on."""
        [payload] = [button["payload"] for button in answer.buttons if button["title"] == title]
        said = await self.press("validate_confirm_form", payload)
        return await self.go_on_confirming(said, payload)

    async def sends_photo(self, photo_id: str) -> Answer:
        """Send a photo, while the form goes on."""
        payload = f'/send_photo{{"photo": "{photo_id}"}}'
        return await self.go_on_confirming(await self.press("validate_confirm_form", payload), payload)

    async def press(self, action: str, payload: str) -> Answer:
        """Press a button; its payload names what Rasa would make of it."""
        _, brace, entities = payload.partition("{")
        self.last_message_id = str(uuid4())
        return await self._run(
            action, payload, json.loads(brace + entities) if brace else {}, self.last_message_id
        )

    async def hears(self, text: str, response: str = "utter_greet") -> None:
        """Have the assistant's reply recorded as the turn's answer."""
        turn = await self.shop.conversations.find_pending_turn(self.conversation.id)
        assert turn is not None
        reply = NewReply(text, (), response, self.language)
        await self.shop.conversations.record_replies(
            turn, [reply], TurnOutcome(TurnState.ANSWERED, self.language)
        )

    async def fill_in(self, text: str) -> Answer:
        """Answer a question of the form, the way Rasa's form goes on from there."""
        await self.enter_identify_form()
        return await self._go_on_identifying(await self.ask("validate_identify_form", text), text)

    async def taps_in_form(self, payload: str) -> Answer:
        """Press a button while the form asks who the customer is."""
        await self.enter_identify_form()
        return await self._go_on_identifying(await self.press("validate_identify_form", payload), payload)

    async def enter_identify_form(self) -> Answer:
        """Begin the form: it asks its question, unless it did."""
        self.active_loop = "identify_form"
        self.slots["requested_slot"] = "identity_proof"
        return Answer() if self.slots.get("asked") else await self.repeat("action_ask_identity_proof", "")

    async def _go_on_identifying(self, said: Answer, text: str) -> Answer:
        """What Rasa's form does after its validation: end, ask, or leave the message to other rules."""
        if not self.events or self.slots.get("requested_slot") is None:
            return said
        is_known = self.slots.get("identity_proof") is not None
        self.active_loop = None if is_known else "identify_form"
        after = await self.repeat("action_resume_task" if is_known else "action_ask_identity_proof", text)
        return Answer(
            said.responses + after.responses, said.texts + after.texts, said.buttons + after.buttons
        )

    async def _run(
        self,
        action: str,
        text: str,
        entities: Mapping[str, str],
        message_id: str,
        *,
        intent: str | None = None,
    ) -> Answer:
        without_slot = {"offer", "detail", "photo", "card"}
        self.slots.update({name: value for name, value in entities.items() if name not in without_slot})
        call = self._call(action, text, entities, message_id)
        if intent is not None:
            call["tracker"]["latest_message"]["intent"]["name"] = intent
        result = await self.shop.actions.handle(call)
        self.events = result["events"]
        for event in result["events"]:
            if event["event"] == "active_loop":
                self.active_loop = event["name"]
            elif event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        return await self._spoken(result["responses"], call["tracker"])

    def _call(self, action: str, text: str, entities: Mapping[str, str], message_id: str) -> dict[str, Any]:
        intent = text[1:].partition("{")[0] if text.startswith("/") else action.removeprefix("action_")
        message = {
            "text": text if text.startswith("/") else redact(text),
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "language": {"code": self.language, "confidence": 0.9},
            "metadata": {"message_id": message_id, "language": None, "languages": [], "page_language": None},
        }
        if self.emotion is not None:
            message["emotion"] = self.emotion
        tracker = {
            "sender_id": str(self.conversation.id),
            "slots": dict(self.slots),
            "latest_message": message,
            "events": [],
            "active_loop": {"name": self.active_loop} if self.active_loop else {},
            "paused": False,
        }
        return {"next_action": action, "sender_id": str(self.conversation.id), "tracker": tracker}

    async def _spoken(self, responses: list[dict[str, Any]], tracker: Mapping[str, Any]) -> Answer:
        answer = Answer()
        for response in json.loads(json.dumps(responses)):
            name = response.pop("response")
            request = NlgRequest(response=name, arguments=response, tracker=dict(tracker))
            spoken = await self.shop.speaker.speak(request)
            answer.responses.append(spoken["custom"]["balie"]["response"])
            self.carried += [json.dumps(response, ensure_ascii=False), spoken["text"]]
            answer.texts.append(self.shop.private.show(spoken["text"]))
            answer.buttons += spoken["buttons"]
            answer.cards += spoken["custom"]["balie"].get("cards", [])
        return answer
