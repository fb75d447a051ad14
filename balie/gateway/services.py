"""What the public app works with; bootstrap fills it, tests fill it with fakes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Protocol

from fastapi import Depends
from starlette.requests import HTTPConnection

from balie.baskets.service import BasketService
from balie.catalogue.service import CatalogueService
from balie.channels.opening import Channels
from balie.content.render import Renderer
from balie.conversations.continuing import ContinuationService
from balie.conversations.service import ConversationService
from balie.customers.views import CustomerView
from balie.errands.links import LinkService
from balie.gateway.desk_services import DeskServices
from balie.gateway.limits import RateLimit
from balie.gateway.metrics import PrometheusMeasures
from balie.gateway.tokens import (
    AccountCodes,
    AccountLinks,
    AgentTokens,
    CustomerTokens,
    DocumentLinks,
    VisitorTokens,
)
from balie.kernel.clock import Clock
from balie.kernel.ids import ConversationId
from balie.orders.invoice_papers import InvoicePapers
from balie.orders.return_labels import ReturnLabels
from balie.payments.simulated import SimulatedProvider
from balie.recommendations.events import EventService
from balie.recommendations.outcomes import OutcomeService
from balie.settings import Settings

BASKET_CHANGES_PER_MINUTE: Final = 120
"""Per conversation: somebody who presses plus and minus is not stopped, a machine is."""

CARDS_FOLLOWED_PER_MINUTE: Final = 60
"""Per conversation: nobody looks at more pages."""

PHOTOS_AT_ONCE: Final = 8
"""Bounds the memory that slow senders of large photos can hold."""

IsReady = Callable[[], Awaitable[bool]]


class CustomerDirectory(Protocol):
    """Finds customers by the shop's own number (``CustomerService`` does)."""

    async def find_by_external_id(self, external_id: str) -> CustomerView | None:
        """The customer, or None."""
        ...


class Turns(Protocol):
    """Gets messages answered (``TurnRunner`` does)."""

    def submit(self, conversation_id: ConversationId) -> None:
        """Say that a message waits in this conversation; returns at once."""
        ...


@dataclass(frozen=True, slots=True)
class Papers:
    """What is needed to print a paper for whoever has its link."""

    labels: ReturnLabels
    invoices: InvoicePapers
    links: DocumentLinks
    renderer: Renderer


@dataclass(frozen=True, slots=True)
class MailedLinks:
    """What the pages behind mailed links work with."""

    service: LinkService
    links: AccountLinks
    codes: AccountCodes


@dataclass(frozen=True, slots=True)
class GatewayServices:
    """Everything behind the routes.

    Attributes:
        checkout: What is behind the demo shop's checkout page; None where there is no such page.
        ring_outgoing: Says that somebody has used it.
        desk: What is behind the agents' desk; None where there is no desk.
        channels: Desks and channels that are somebody else's; None where there are none.
        catalogue: Knows what products look like; None where no product is shown.
        events: Takes in what is done on the shop's pages; None where nobody does.
        measures: Counts what happens, for ``/metrics``.
        photo_places: So many photos are read at once, whoever sends them; the others wait unread.
        ready_checks: The parts that must work before customers can be served, by name.
    """

    settings: Settings
    conversations: ConversationService
    continuations: ContinuationService
    turns: Turns
    customers: CustomerDirectory
    visitor_tokens: VisitorTokens
    customer_tokens: CustomerTokens
    agent_tokens: AgentTokens
    papers: Papers
    mailed_links: MailedLinks
    baskets: BasketService
    basket_limit: RateLimit
    outcomes: OutcomeService
    card_limit: RateLimit
    clock: Clock
    message_limit: RateLimit
    conversation_limit: RateLimit
    ready_checks: Mapping[str, IsReady]
    checkout: SimulatedProvider | None = None
    ring_outgoing: Callable[[], None] = lambda: None
    desk: DeskServices | None = None
    channels: Channels | None = None
    catalogue: CatalogueService | None = None
    events: EventService | None = None
    measures: PrometheusMeasures = field(default_factory=PrometheusMeasures)
    photo_places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PHOTOS_AT_ONCE))

    @property
    def telegram_name(self) -> str | None:
        """What we are called in Telegram; None where nobody can go on there."""
        telegram = None if self.channels is None else self.channels.telegram
        return None if telegram is None else telegram.bot_name


async def _services_of(connection: HTTPConnection) -> GatewayServices:
    services: GatewayServices = connection.app.state.services
    return services


Services = Annotated[GatewayServices, Depends(_services_of)]
