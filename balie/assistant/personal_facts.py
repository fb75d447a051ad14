"""The personal facts that texts may use, looked up for whoever a conversation knows the customer to be."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import timedelta
from typing import Any, Final, Protocol, TypeVar

from balie.assistant.private_words import FIRST_NAME_WORD, show_name
from balie.conversations.access import Access, decide_access
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.views import Conversation
from balie.customers.errors import CustomerNotFoundError
from balie.customers.views import CustomerView, LoyaltyView
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.orders.views import OrderView
from balie.storage.errors import StoreUnavailableError

LOOK_UP_LIMIT: Final = timedelta(seconds=1)
"""A greeting with a name is not worth waiting longer for."""

Found = TypeVar("Found")

_log = logging.getLogger(__name__)


class Conversations(Protocol):
    """Knows who a customer has shown to be."""

    async def get_conversation(self, conversation_id: ConversationId) -> Conversation:
        """The conversation as it stands."""
        ...


class Customers(Protocol):
    """Knows names and points."""

    async def get_customer(self, customer_id: int) -> CustomerView:
        """The customer with this id."""
        ...

    async def get_loyalty(self, customer_id: int) -> LoyaltyView:
        """How the customer stands in the loyalty programme."""
        ...


class Orders(Protocol):
    """Knows what was bought."""

    async def find_latest_order(self, customer_id: int) -> OrderView | None:
        """The order placed last."""
        ...


class PersonalFacts:
    """Finds facts about the customer of a conversation; where none can be had, texts do without."""

    def __init__(
        self,
        conversations: Conversations,
        customers: Customers,
        orders: Orders,
        *,
        limit: timedelta = LOOK_UP_LIMIT,
        clock: Clock = utc_now,
    ) -> None:
        """Build the finder; ``limit`` is how long one look-up may take."""
        self._conversations = conversations
        self._customers = customers
        self._orders = orders
        self._limit_s = limit.total_seconds()
        self._clock = clock

    async def find(self, conversation_id: ConversationId, wanted: Collection[str]) -> Mapping[str, Any]:
        """The wanted facts that are known and may be told.

        Args:
            conversation_id: Whose customer.
            wanted: Names of docs/content.md; nothing is looked up when there are none.

        Returns:
            Facts by name, the first name as its word (``private_words``). Empty for a stranger, and when
            the store cannot be used or is too slow.
        """
        if not wanted:
            return {}
        return await self._in_time(lambda: self._look_up(conversation_id, wanted), {})

    async def show_name(self, conversation_id: ConversationId, text: str) -> str:
        """A text that Rasa handed back, with the customer's first name where its word stood."""
        if FIRST_NAME_WORD not in text:
            return text
        name = await self._in_time(lambda: self._first_name(conversation_id), None)
        return show_name(text, name)

    async def _in_time(self, look_up: Callable[[], Awaitable[Found]], otherwise: Found) -> Found:
        try:
            async with asyncio.timeout(self._limit_s):
                return await look_up()
        except (StoreUnavailableError, TimeoutError) as error:
            _log.warning("Said without personal facts: %s", type(error).__name__)
        except (ConversationNotFoundError, CustomerNotFoundError):
            # `rasa shell` has conversations of its own, and somebody may just have been erased.
            pass
        return otherwise

    async def _look_up(self, conversation_id: ConversationId, wanted: Collection[str]) -> Mapping[str, Any]:
        access = await self._access(conversation_id)
        facts: dict[str, Any] = {}
        if access is not None and "customer" in wanted:
            facts["customer"] = await self._customer(access)
        if access is not None and "latest_order" in wanted:
            facts["latest_order"] = await self._latest_order(access)
        return facts

    async def _access(self, conversation_id: ConversationId) -> Access | None:
        conversation = await self._conversations.get_conversation(conversation_id)
        access = decide_access(conversation, now=self._clock())
        return access if access is not None and access.covers_customer else None

    async def _first_name(self, conversation_id: ConversationId) -> str | None:
        access = await self._access(conversation_id)
        if access is None:
            return None
        return (await self._customers.get_customer(access.customer_id)).first_name

    async def _customer(self, access: Access) -> dict[str, Any]:
        loyalty = await self._customers.get_loyalty(access.customer_id)
        return {
            "first_name": FIRST_NAME_WORD,
            "points": loyalty.points,
            "points_to_voucher": loyalty.points_to_voucher,
        }

    async def _latest_order(self, access: Access) -> dict[str, Any] | None:
        order = await self._orders.find_latest_order(access.customer_id)
        return None if order is None else {"number": order.number, "placed_on": order.placed_on}
