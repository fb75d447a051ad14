"""What the rest of the service sees of conversations: plain values, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from balie.conversations.cards import ProductCard
from balie.conversations.status import ConversationStatus, TurnMode, mode_of
from balie.kernel.emotion import Emotion
from balie.kernel.ids import ConversationId, MessageId, PhotoId

WEB_WIDGET: Final = "web_widget"
"""The channel of our own: the chat on the shop's pages."""


class Author(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    AGENT = "agent"
    SYSTEM = "system"


class TurnState(StrEnum):
    """How far the assistant is with a customer's message."""

    NONE = "none"
    PENDING = "pending"
    ANSWERED = "answered"
    FAILED = "failed"


class Proof(StrEnum):
    """How a customer has shown who they are."""

    SHOP_TOKEN = "shop_token"  # noqa: S105 (the name of a proof, not a secret)
    ORDER_EMAIL = "order_email"
    ORDER_POSTCODE = "order_postcode"
    EMAIL_CODE = "email_code"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One thread with one customer.

    Attributes:
        page_language: Language of the page on which it was opened, when the page said so.
        explicit_language: Language the customer asked for in so many words; beats all others.
        language: Language last spoken; None before anything is known.
        recent_languages: Languages of the last typed messages, newest last.
        customer_id: Who this is, once known.
        proof: How that was shown; None as long as it was not.
        proven_order_number: The order that served as proof, for the two proofs by order.
        proven_at: When it was shown last; ``balie.conversations.access`` says how long it holds.
        assistant_helps: Whether the customer wants answers while they wait for a person.
        slots: What the dialogue knows of the question.
        handoff_number: Of the last step that a handoff took; 0: there was none.
        channel: The kind of place it began in.
        heard_via: The channel by which the customer said something last.
    """

    id: ConversationId
    status: ConversationStatus
    page_language: str | None
    explicit_language: str | None
    language: str | None
    recent_languages: tuple[str, ...]
    customer_id: int | None
    proof: Proof | None
    proven_order_number: str | None
    proven_at: datetime | None
    last_sequence: int
    created_at: datetime
    assistant_helps: bool = False
    slots: Mapping[str, Any] = field(default_factory=dict)
    handoff_number: int = 0
    channel: str = WEB_WIDGET
    heard_via: str = WEB_WIDGET

    @property
    def mode(self) -> TurnMode:
        """What the assistant does with the customer's messages now."""
        return mode_of(self.status, assistant_helps=self.assistant_helps)

    @property
    def spoken_language(self) -> str | None:
        """In which language the customer is spoken to; None before anything is known."""
        return self.explicit_language or self.language or self.page_language


@dataclass(frozen=True, slots=True)
class VisibleButton:
    """What leaves the house of a button: a title with an opaque id, or with a link.

    Attributes:
        card: Which card of the message it belongs to, counted from 0; None: to the message.
    """

    title: str
    id: str | None = None
    url: str | None = None
    card: int | None = None

    @property
    def plain_title(self) -> str:
        """Its title where cards are lines of a text: the number of its line comes first.

        >>> VisibleButton("Bekijk", id="a", card=1).plain_title
        '2 · Bekijk'
        """
        return self.title if self.card is None else f"{self.card + 1} · {self.title}"


@dataclass(frozen=True, slots=True)
class PhotoMark:
    """That a message shows a photo, and how large it is in pixels."""

    id: PhotoId
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo.

    Attributes:
        message_id: The message that shows it.
        jpeg: The whole file: upright, without metadata.
    """

    id: PhotoId
    message_id: MessageId
    jpeg: bytes
    width: int
    height: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One bubble.

    Attributes:
        text: Empty when a photo says it all.
        language: Language it is in; None while the assistant has not read a customer's message yet.
        client_message_id: The sender's own id of a customer message, by which repeats are known.
        response: Name of the content behind an assistant's message.
        emotion: How a customer's message reads; None while, and when, nobody read it. For agents only.
        opening: Which words for the customer's mood a reply began with (``anger.nl.2``).
        remark: What a reply added at its end (``review.nl.1``).
        agent_id: Which agent wrote it, at our own desk.
        intent: What a customer's message was understood to be for. For agents only.
        edited_at: When the customer put this text in place of another; None when they did not.
        cards: Products that it shows, each a numbered line of the text as well.
    """

    id: MessageId
    sequence: int
    author: Author
    text: str
    language: str | None
    buttons: tuple[VisibleButton, ...]
    created_at: datetime
    client_message_id: UUID | None = None
    response: str | None = None
    emotion: Emotion | None = None
    opening: str | None = None
    remark: str | None = None
    photos: tuple[PhotoMark, ...] = ()
    agent_id: int | None = None
    intent: str | None = None
    edited_at: datetime | None = None
    cards: tuple[ProductCard, ...] = ()

    @property
    def answer(self) -> str:
        """The text without the words for a mood, which are paragraphs of their own."""
        paragraphs = self.text.split("\n\n")
        first = 1 if self.opening is not None and not self.opening.endswith(".own") else 0
        last = len(paragraphs) - (1 if self.remark is not None else 0)
        return "\n\n".join(paragraphs[first:last])


@dataclass(frozen=True, slots=True)
class RecordedMessage:
    """A customer message that is safely stored.

    Attributes:
        duplicate: True when it had been stored before; then ``message`` is the first one.
    """

    message: Message
    duplicate: bool


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages in order of sequence, and where the conversation stands.

    Attributes:
        last_sequence: Highest number in the conversation; more than the last message's when the page is full.
        assistant_helps: Whether the assistant answers while a person is waited for.
        customer_read: The last message that the customer has had in front of them.
        agent_read: The same of agents.
    """

    messages: tuple[Message, ...]
    last_sequence: int
    status: ConversationStatus
    language: str | None
    assistant_helps: bool = False
    customer_read: int = 0
    agent_read: int = 0


@dataclass(frozen=True, slots=True)
class PastMessage:
    """What was said before, without the words: how it felt, and how it was answered.

    Attributes:
        pressed: Whether the customer pressed a button or sent a photo instead of typing.
        emotion: Of a customer's message; None when it was not read.
        response: Name of the content behind an assistant's message.
        opening: See :class:`Message`.
        remark: See :class:`Message`.
    """

    id: MessageId
    sequence: int
    author: Author
    pressed: bool = False
    emotion: Emotion | None = None
    response: str | None = None
    opening: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class NewButton:
    """A button to show: exactly one of ``payload`` (sent to the assistant) and ``url`` (opened).

    Attributes:
        card: Which card of the message it belongs to, counted from 0; None: to the message.
    """

    title: str
    payload: str | None = None
    url: str | None = None
    card: int | None = None


@dataclass(frozen=True, slots=True)
class NewReply:
    """A message of the assistant that is to be stored."""

    text: str
    buttons: tuple[NewButton, ...]
    response: str | None
    language: str | None
    opening: str | None = None
    remark: str | None = None
    cards: tuple[ProductCard, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """How a turn ended.

    Attributes:
        state: ``ANSWERED`` or ``FAILED``.
        language: The language the assistant found the customer to speak; None when it could not tell.
        emotion: How the customer's message reads; None when it was not read.
        intent: What it was understood to be for; None when nobody could tell.
        slots: What the dialogue knows now; None when it did not say.
    """

    state: TurnState
    language: str | None = None
    emotion: Emotion | None = None
    intent: str | None = None
    slots: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PendingTurn:
    """A customer message that waits for its answer, with what the assistant needs to know.

    Attributes:
        payload: What a pressed button or a photo means; None for typed text.
        sequence: Of the message: what has a higher one was said after it.
        status: Of the conversation.
        had_handoff: Whether an agent was ever wanted.
        handed_back: Whether an agent has given the conversation back since the assistant's last answer.
    """

    conversation_id: ConversationId
    message_id: MessageId
    text: str
    payload: str | None
    page_language: str | None
    explicit_language: str | None
    recent_languages: tuple[str, ...]
    sequence: int
    status: ConversationStatus = ConversationStatus.WITH_ASSISTANT
    assistant_helps: bool = False
    had_handoff: bool = False
    handed_back: bool = False

    @property
    def mode(self) -> TurnMode:
        """What the assistant is to do with it."""
        return mode_of(self.status, assistant_helps=self.assistant_helps)

    @property
    def likely_language(self) -> str | None:
        """Best guess before anybody has read the message."""
        last = self.recent_languages[-1] if self.recent_languages else None
        return self.explicit_language or last or self.page_language
