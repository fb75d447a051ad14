"""What the public app works with; bootstrap fills it, tests fill it with fakes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends
from starlette.requests import HTTPConnection

from balie.content.render import Renderer
from balie.conversations.service import ConversationService
from balie.customers.views import CustomerView
from balie.gateway.limits import RateLimit
from balie.gateway.tokens import AgentTokens, CustomerTokens, DocumentLinks, VisitorTokens
from balie.kernel.ids import ConversationId
from balie.orders.invoice_papers import InvoicePapers
from balie.orders.return_labels import ReturnLabels
from balie.settings import Settings

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
class GatewayServices:
    """Everything behind the routes.

    Attributes:
        ready_checks: The parts that must work before customers can be served, by name.
    """

    settings: Settings
    conversations: ConversationService
    turns: Turns
    customers: CustomerDirectory
    visitor_tokens: VisitorTokens
    customer_tokens: CustomerTokens
    agent_tokens: AgentTokens
    papers: Papers
    message_limit: RateLimit
    conversation_limit: RateLimit
    ready_checks: Mapping[str, IsReady]


async def _services_of(connection: HTTPConnection) -> GatewayServices:
    services: GatewayServices = connection.app.state.services
    return services


Services = Annotated[GatewayServices, Depends(_services_of)]
