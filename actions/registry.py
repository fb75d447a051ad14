"""Every custom action, put together with the services it needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from rasa_sdk.interfaces import Action

from actions.addresses import AddressBook
from actions.advice_showing import AdviceDesk
from actions.advice_tools import AdviceTools
from actions.asking_back import ActionOutOfScope
from actions.availability import ActionProductAvailability
from actions.card_buttons import (
    ActionNotInterested,
    ActionPutInBasket,
    ActionShowProduct,
    ActionSomethingElse,
)
from actions.card_follow_ups import ActionCardFollowUp
from actions.change_flows import FLOWS
from actions.changing import ActionBeginChange
from actions.code_desk import CodeDesk
from actions.code_way import CodeWay
from actions.confirming import ActionAskConfirmation, ValidateConfirmForm
from actions.conversation import ActionRepeatAnswer, ActionStopFlow
from actions.documents import Documents, Links
from actions.errand_flows import ERRANDS
from actions.errand_till import ErrandTools
from actions.errands import ActionBeginErrand, BeginTools
from actions.identify import ActionResumeTask, ValidateIdentifyForm
from actions.identity_question import ActionAskIdentityProof
from actions.invoices import ActionCheckInvoice, ActionGetInvoice
from actions.listening import Listener
from actions.look_up import PersonalLookUp
from actions.loyalty import ActionLoyaltyPoints
from actions.making import ActionMakeChange
from actions.messages import MessageBook
from actions.order_till import OrderTools
from actions.orders import ActionChooseOrder, ActionTrackOrder
from actions.payments import ActionPaymentIssue
from actions.product_options import ProductChoices
from actions.products import ActionProductInformation, ProductFinder
from actions.recommend_flow import (
    ActionAskAdvice,
    ActionGiveAdvice,
    ActionRecommendProduct,
    ValidateAdviceForm,
)
from actions.records import Books, RecordsOffice
from actions.refunds import ActionTrackRefund
from actions.related_products import (
    ActionAlternativeProducts,
    ActionComplementaryProducts,
    AnchorFinder,
    Instead,
)
from actions.stores import ActionOpeningHours, ActionStoreLocation
from actions.till_opener import TillOpener
from actions.typed_answers import AnswerReader
from actions.whereabouts import WhereaboutsFinder
from actions.which_order import WhichOrder
from balie.advice.adviser import Adviser
from balie.advice.terms import AdviceTerms
from balie.assistant.manners import Manners
from balie.assistant.private_words import PrivateTexts
from balie.assistant.spoken_language import Tongue
from balie.catalogue.service import CatalogueService
from balie.content.articles import AnswerWords
from balie.conversations.code_service import CodeService
from balie.conversations.service import ConversationService
from balie.customers.service import CustomerService
from balie.errands.service import ErrandService
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, local_day, utc_now
from balie.orders.changes import ChangeService
from balie.orders.invoice_mail import InvoiceMail
from balie.orders.service import OrderService
from balie.payments.service import PaymentService


@dataclass(frozen=True, slots=True)
class ActionServices:
    """What actions ask.

    Attributes:
        tongue: In which language names of products are to be told.
        answer_words: What customers type when a flow asks them something.
        links: Where papers can be downloaded.
        private: Hides from Rasa what it only carries.
        country: The shop's own, as ISO 3166 code.
        adviser: Knows what to recommend, and writes down what was shown.
        advice_terms: What customers are asked who want help to choose.
        manners: Knows the mood; None where no mood is read.
        clock: The present moment.
        timezone: Where the shop's days begin and end.
    """

    conversations: ConversationService
    codes: CodeService
    customers: CustomerService
    catalogue: CatalogueService
    orders: OrderService
    changes: ChangeService
    errands: ErrandService
    payments: PaymentService
    invoice_mail: InvoiceMail
    private: PrivateTexts
    tongue: Tongue
    answer_words: AnswerWords
    links: Links
    country: str
    adviser: Adviser
    advice_terms: AdviceTerms
    manners: Manners | None = None
    clock: Clock = utc_now
    timezone: ZoneInfo = DEFAULT_TIMEZONE

    def today(self) -> date:
        """The shop's present day."""
        return local_day(self.clock(), self.timezone)


def build_actions(services: ActionServices) -> Collection[Action]:
    """Every action of the domain, ready to run."""
    conversations = services.conversations
    books = Books(
        services.orders, services.customers, services.changes, services.payments, services.invoice_mail
    )
    office = RecordsOffice(conversations, books, clock=services.clock)
    reader = AnswerReader(services.answer_words)
    desk = CodeDesk(services.codes, conversations, services.customers, office)
    documents, messages = Documents(services.links), MessageBook(conversations)
    listener = Listener(reader, services.tongue, messages, services.catalogue, today=services.today)
    opener = _open_tills(services, office, documents, messages)
    begin_tools = BeginTools(office, opener.open_errand, listener)
    changes = {
        flow.intent: ActionBeginChange(flow, office, listener, today=services.today)
        for flow in FLOWS.values()
    }
    track_order = ActionTrackOrder(office, WhichOrder(changes, reader), today=services.today)
    look_ups: tuple[PersonalLookUp, ...] = (
        track_order,
        ActionCheckInvoice(office, today=services.today),
        ActionGetInvoice(office, documents, reader, today=services.today),
        ActionTrackRefund(office, today=services.today),
        ActionLoyaltyPoints(office, today=services.today),
        ActionPaymentIssue(office, today=services.today, timezone=services.timezone),
        *changes.values(),
        *(ActionBeginErrand(flow, begin_tools, today=services.today) for flow in ERRANDS.values()),
    )
    tasks = {look_up.task: look_up for look_up in look_ups}
    return (
        *look_ups,
        ActionChooseOrder(office, track_order),
        ActionAskIdentityProof(desk, tasks),
        ValidateIdentifyForm(conversations, services.orders, CodeWay(services.codes, reader), tasks),
        ActionResumeTask(office, tasks),
        ActionAskConfirmation(opener.open_till, listener),
        ValidateConfirmForm(opener.open_till, listener),
        ActionMakeChange(opener.open_till, listener),
        ActionStopFlow(),
        ActionRepeatAnswer(conversations, services.private),
        *_public_actions(services, office, reader),
        *_advice_actions(services, office, opener, reader),
    )


def _open_tills(
    services: ActionServices, office: RecordsOffice, documents: Documents, messages: MessageBook
) -> TillOpener:
    errand_tools = ErrandTools(
        services.errands,
        services.catalogue,
        services.customers,
        messages,
        services.private,
        services.country,
    )
    order_tools = OrderTools(
        messages, AddressBook(messages), documents, services.private, ProductChoices(services.catalogue)
    )
    return TillOpener(office, services.tongue, order_tools, errand_tools)


def _public_actions(
    services: ActionServices, office: RecordsOffice, reader: AnswerReader
) -> tuple[Action, ...]:
    """Those that answer anybody; for a known customer they look near home."""
    catalogue, today = services.catalogue, services.today
    whereabouts = WhereaboutsFinder(office, catalogue)
    finder = ProductFinder(catalogue, services.tongue)
    desk = AdviceDesk(services.adviser, catalogue)
    instead = Instead(desk, services.manners)
    availability = ActionProductAvailability(finder, catalogue, whereabouts, instead, today=today)
    tools = AdviceTools(desk, catalogue, reader, services.tongue, services.advice_terms)
    return (
        ActionProductInformation(finder, catalogue),
        availability,
        ActionOutOfScope(tools, ActionRecommendProduct(tools), availability, services.manners),
        ActionOpeningHours(catalogue, whereabouts, today=today),
        ActionStoreLocation(catalogue, whereabouts, today=today),
    )


def _advice_actions(
    services: ActionServices, office: RecordsOffice, opener: TillOpener, reader: AnswerReader
) -> tuple[Action, ...]:
    """Those that recommend something, and what the buttons of their cards do."""
    desk = AdviceDesk(services.adviser, services.catalogue)
    anchors = AnchorFinder(services.catalogue, office, services.tongue)
    tools = AdviceTools(desk, services.catalogue, reader, services.tongue, services.advice_terms)
    related = (ActionAlternativeProducts(tools, anchors), ActionComplementaryProducts(tools, anchors))
    by_task = {action.task: action for action in related}
    return (
        *related,
        ActionRecommendProduct(tools),
        ActionAskAdvice(tools),
        ValidateAdviceForm(tools, by_task),
        ActionGiveAdvice(tools, by_task),
        ActionShowProduct(desk, services.catalogue, services.tongue),
        ActionPutInBasket(desk, opener.open_errand),
        ActionNotInterested(desk),
        ActionSomethingElse(desk),
        ActionCardFollowUp(desk, services.manners),
    )
