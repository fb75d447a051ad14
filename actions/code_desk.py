"""Sends one-time codes and says so: the one place of the actions that knows where they go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from rasa_sdk.executor import CollectingDispatcher

from actions.answers import say
from actions.code_steps import ON_FILE, SEND_CODE_AGAIN
from actions.records import RecordsOffice
from balie.assistant.speech import Choice
from balie.conversations.code_service import CodeService
from balie.conversations.codes import Addressee
from balie.conversations.errors import CodesLimitedError, MessageNotFoundError
from balie.conversations.service import ConversationService
from balie.customers.masking import mask_email
from balie.customers.service import CustomerService
from balie.customers.views import ContactView
from balie.kernel.ids import ConversationId, MessageId
from balie.orders.identification import read_proof

AGAIN: Final = (Choice(intent=SEND_CODE_AGAIN, title="title_send_code_again"),)
"""The button for another code."""


@dataclass(frozen=True, slots=True)
class CodeDesk:
    """Sends codes for conversations."""

    codes: CodeService
    conversations: ConversationService
    customers: CustomerService
    office: RecordsOffice

    async def send(
        self,
        conversation_id: ConversationId,
        place: str,
        dispatcher: CollectingDispatcher,
        *,
        by_order: bool,
    ) -> bool:
        """Send a code to the address that stands in a place, and say so.

        Nobody learns from what is said whether an address they typed is a customer's.

        Args:
            conversation_id: Where it may be typed.
            place: See :class:`actions.code_steps.CodeStep`.
            dispatcher: Of the running action.
            by_order: Whether an order number would do as well, when no more codes are sent.

        Returns:
            False when there is no address in that place (any more); nothing was said then.
        """
        contact, email = await self._find(conversation_id, place)
        if email is None:
            return False
        if not await self._request(conversation_id, contact, email):
            say(dispatcher, "utter_codes_limited", by_order=by_order)
        elif place == ON_FILE:
            say(dispatcher, "utter_code_on_file", choices=AGAIN, address=mask_email(email))
        else:
            say(dispatcher, "utter_code_sent", choices=AGAIN)
        return True

    async def _find(
        self, conversation_id: ConversationId, place: str
    ) -> tuple[ContactView | None, str | None]:
        """Whose address stands in a place, and the address; neither when none does."""
        if place == ON_FILE:
            contact = await self._on_file(conversation_id)
            return contact, None if contact is None else contact.email
        email = await self._typed(conversation_id, place)
        return None if email is None else await self.customers.find_contact_by_email(email), email

    async def _request(
        self, conversation_id: ConversationId, contact: ContactView | None, email: str
    ) -> bool:
        customer = (
            None if contact is None else Addressee(contact.customer_id, contact.email, contact.language)
        )
        try:
            await self.codes.request_code(conversation_id, customer=customer, recipient=email)
        except CodesLimitedError:
            return False
        return True

    async def _on_file(self, conversation_id: ConversationId) -> ContactView | None:
        records = await self.office.open_for(conversation_id)
        return None if records is None else await self.customers.find_contact(records.access.customer_id)

    async def _typed(self, conversation_id: ConversationId, place: str) -> str | None:
        try:
            message = await self.conversations.get_message(conversation_id, MessageId(UUID(place)))
        except MessageNotFoundError:
            return None
        return next(iter(read_proof(message.text).emails), None)
