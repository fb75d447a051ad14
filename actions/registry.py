"""Every custom action, put together with the services it needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from rasa_sdk.interfaces import Action

from actions.addresses import AddressBook
from actions.asking import ActionAskIdentityProof, ActionAskOrderNumber
from actions.availability import ActionProductAvailability
from actions.change_flows import FLOWS
from actions.changing import ActionBeginChange, ChangeTools
from actions.confirming import ActionAskConfirmation, ValidateConfirmForm
from actions.conversation import ActionRepeatAnswer, ActionStopFlow
from actions.documents import Documents, Links
from actions.identify import ActionResumeTask, ValidateIdentifyForm
from actions.invoices import ActionCheckInvoice, ActionGetInvoice
from actions.look_up import PersonalLookUp
from actions.loyalty import ActionLoyaltyPoints
from actions.making import ActionMakeChange
from actions.orders import ActionChooseOrder, ActionTrackOrder
from actions.products import ActionProductInformation, ProductFinder
from actions.records import RecordsOffice
from actions.refunds import ActionTrackRefund
from actions.stores import ActionOpeningHours, ActionStoreLocation
from actions.typed_answers import AnswerReader
from actions.whereabouts import WhereaboutsFinder
from balie.assistant.personal_facts import PersonalFacts
from balie.assistant.spoken_language import Tongue
from balie.catalogue.service import CatalogueService
from balie.content.articles import AnswerWords
from balie.conversations.service import ConversationService
from balie.customers.service import CustomerService
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, local_day, utc_now
from balie.orders.changes import ChangeService
from balie.orders.service import OrderService


@dataclass(frozen=True, slots=True)
class ActionServices:
    """What actions ask.

    Attributes:
        tongue: In which language names of products are to be told.
        answer_words: What customers type when a flow asks them something.
        links: Where papers can be downloaded.
        clock: The present moment.
        timezone: Where the shop's days begin and end.
    """

    conversations: ConversationService
    customers: CustomerService
    catalogue: CatalogueService
    orders: OrderService
    changes: ChangeService
    personal_facts: PersonalFacts
    tongue: Tongue
    answer_words: AnswerWords
    links: Links
    clock: Clock = utc_now
    timezone: ZoneInfo = DEFAULT_TIMEZONE

    def today(self) -> date:
        """The shop's present day."""
        return local_day(self.clock(), self.timezone)


def build_actions(services: ActionServices) -> Collection[Action]:
    """Every action of the domain, ready to run."""
    office = RecordsOffice(services.conversations, services.orders, services.customers, services.changes)
    tools = ChangeTools(
        office,
        AddressBook(services.conversations),
        AnswerReader(services.answer_words),
        services.tongue,
    )
    documents = Documents(services.links)
    track_order = ActionTrackOrder(office, today=services.today)
    look_ups: tuple[PersonalLookUp, ...] = (
        track_order,
        ActionCheckInvoice(office, today=services.today),
        ActionGetInvoice(office, documents, today=services.today),
        ActionTrackRefund(office, today=services.today),
        ActionLoyaltyPoints(office, today=services.today),
        *(ActionBeginChange(flow, tools, today=services.today) for flow in FLOWS.values()),
    )
    tasks = {look_up.task: look_up for look_up in look_ups}
    return (
        *look_ups,
        ActionChooseOrder(office, track_order),
        ActionAskOrderNumber(),
        ActionAskIdentityProof(),
        ValidateIdentifyForm(services.conversations, services.orders, tasks),
        ActionResumeTask(office, tasks),
        ActionAskConfirmation(tools),
        ValidateConfirmForm(tools),
        ActionMakeChange(tools, documents),
        ActionStopFlow(),
        ActionRepeatAnswer(services.conversations, services.personal_facts),
        *_public_actions(services, office),
    )


def _public_actions(services: ActionServices, office: RecordsOffice) -> tuple[Action, ...]:
    """Those that answer anybody; for a known customer they look near home."""
    catalogue, today = services.catalogue, services.today
    whereabouts = WhereaboutsFinder(office, catalogue)
    finder = ProductFinder(catalogue, services.tongue)
    return (
        ActionProductInformation(finder, catalogue),
        ActionProductAvailability(finder, catalogue, whereabouts, today=today),
        ActionOpeningHours(catalogue, whereabouts, today=today),
        ActionStoreLocation(catalogue, whereabouts, today=today),
    )
