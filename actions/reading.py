"""What actions read of Rasa's tracker: who is talking, what they typed, what they named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from rasa_sdk.interfaces import Tracker

from balie.kernel.ids import ConversationId, MessageId

ORDER_NUMBER: Final = "order_number"
PENDING_TASK: Final = "pending_task"
"""The look-up that asked just now who the customer is: the rules begin the form for it."""
WAITING_TASK: Final = "waiting_task"
"""The one the form is for, also when another was answered in between."""
IDENTITY_PROOF: Final = "identity_proof"
IDENTIFY_FORM: Final = "identify_form"
PRODUCT: Final = "product_query"
PLACE: Final = "place"
REQUESTED: Final = "requested_slot"
ASKED: Final = "asked"
DETAIL: Final = "detail"
"""What a button of a question means: ``question:order:value``."""
BEGIN: Final = "begin"
"""What the button below an article means: it is not only asked about, it is wanted."""


@dataclass(frozen=True, slots=True)
class OrderMention:
    """The order that is talked about.

    Attributes:
        number: None when no order was named in this conversation.
        named_now: Whether the latest message names it; else it was named before.
    """

    number: str | None
    named_now: bool


def conversation_id_of(tracker: Tracker) -> ConversationId | None:
    """Our conversation; None when Rasa talks to somebody else, such as a developer in its shell."""
    try:
        return ConversationId(UUID(tracker.sender_id))
    except ValueError:
        return None


def message_id_of(tracker: Tracker) -> MessageId | None:
    """Our id of the latest customer message; None when it did not come from our gateway."""
    metadata = tracker.latest_message.get("metadata") or {}
    try:
        return MessageId(UUID(metadata.get("message_id")))
    except (ValueError, TypeError, AttributeError):
        return None


def typed_text(tracker: Tracker) -> str:
    """What the customer typed, as far as Rasa may know it; empty when a button was pressed."""
    text = tracker.latest_message.get("text") or ""
    return "" if text.startswith("/") else text


def payload_of(tracker: Tracker) -> str | None:
    """What the pressed button means to Rasa; None when something was typed."""
    text = tracker.latest_message.get("text") or ""
    return text if text.startswith("/") else None


def intent_of(tracker: Tracker) -> str | None:
    """What the latest message was understood as."""
    intent: str | None = (tracker.latest_message.get("intent") or {}).get("name")
    return intent


def named_in_message(tracker: Tracker, entity: str) -> str | None:
    """The first thing of a kind that the latest message names, or None."""
    return _first(list(tracker.get_latest_entity_values(entity)))


def remembered(tracker: Tracker, slot: str) -> str | None:
    """What the dialogue remembers under a name, or None."""
    return _first(tracker.slots.get(slot))


def waiting_task(tracker: Tracker) -> str | None:
    """The look-up that is done once the customer is known, or None."""
    return remembered(tracker, PENDING_TASK) or remembered(tracker, WAITING_TASK)


def order_mention(tracker: Tracker) -> OrderMention:
    """The order that the latest message names, else the one talked about before."""
    named = named_in_message(tracker, ORDER_NUMBER)
    return OrderMention(named or remembered(tracker, ORDER_NUMBER), named_now=named is not None)


def _first(value: object) -> str | None:
    # Rasa makes a list of it when a message names several.
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, str) and value else None
