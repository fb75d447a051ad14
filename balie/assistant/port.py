"""What the service asks of an assistant, in the service's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from balie.conversations.cards import ProductCard
from balie.kernel.emotion import Emotion
from balie.kernel.ids import ConversationId, MessageId


@dataclass(frozen=True, slots=True)
class AssistantTurn:
    """One customer message, with what helps to read it.

    Attributes:
        text: As the customer typed it, or the title of the button they pressed; empty for a photo.
        payload: What the pressed button or the photo means; None for typed text.
        explicit_language: Language the customer asked for in so many words.
        recent_languages: Languages of the last typed messages, newest last.
        page_language: Language of the page the conversation was opened on.
    """

    message_id: MessageId
    text: str
    payload: str | None = None
    explicit_language: str | None = None
    recent_languages: tuple[str, ...] = ()
    page_language: str | None = None


@dataclass(frozen=True, slots=True)
class AssistantButton:
    """A suggestion under a reply: exactly one of ``payload`` and ``url``.

    Attributes:
        card: Which card of the reply it belongs to, counted from 0; None: to the reply.
    """

    title: str
    payload: str | None = None
    url: str | None = None
    card: int | None = None


@dataclass(frozen=True, slots=True)
class AssistantReply:
    """One bubble.

    Attributes:
        text: Plain text with the four marks of docs/content.md; never empty.
        response: Name of the content that was rendered.
        language: Language it was rendered in.
        opening: Which words for the customer's mood it begins with (``anger.nl.2``), if any.
        remark: What it adds at its end (``review.nl.1``), if anything.
        cards: Products that it shows.
    """

    text: str
    buttons: tuple[AssistantButton, ...]
    response: str | None
    language: str | None
    opening: str | None = None
    remark: str | None = None
    cards: tuple[ProductCard, ...] = ()


@dataclass(frozen=True, slots=True)
class AssistantAnswer:
    """What the assistant did with a turn.

    Attributes:
        replies: In the order they are shown; empty when it deliberately says nothing.
        language: Language it answered in; None when it could not tell.
        emotion: How the customer's message reads; None when it was not read.
        intent: What the message was understood to be for; None when it did not say.
        slots: What the dialogue knows of the question now; None when it did not say.
        likely: What a message that was not understood may have been for, the likeliest first.
    """

    replies: tuple[AssistantReply, ...]
    language: str | None
    emotion: Emotion | None = None
    intent: str | None = None
    slots: Mapping[str, Any] | None = None
    likely: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FiredKeyword:
    """A keyword pattern that matched, and the words it matched."""

    intent: str
    pattern: str
    text: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """How the assistant reads a text.

    Attributes:
        language: Code of the language; None when it cannot tell.
        language_confidence: In [0, 1].
        intent: ``out_of_scope`` and its like included; None when nothing was found.
        confidence: Of the intent, in [0, 1].
        keywords: In the order they stand in the text.
        emotion: None when emotions are not read (switched off, or a button's payload).
    """

    language: str | None
    language_confidence: float
    intent: str | None
    confidence: float
    keywords: tuple[FiredKeyword, ...]
    emotion: Emotion | None = None


class Assistant(Protocol):
    """Answers customers. Remembers each conversation by its id; one turn of it at a time."""

    async def reply_to(self, conversation_id: ConversationId, turn: AssistantTurn) -> AssistantAnswer:
        """What to say to a customer's message.

        Raises:
            AssistantUnavailableError: Down, too slow, or no usable answer; deliberate silence is an answer.
        """
        ...

    async def begin_again(self, conversation_id: ConversationId) -> None:
        """Let go of what was being asked: a person has dealt with it. What the customer said stays known.

        Raises:
            AssistantUnavailableError: Down or too slow.
        """
        ...

    async def parse(self, text: str) -> Understanding:
        """How a text is read, outside any conversation.

        Raises:
            AssistantUnavailableError: Down, too slow, or no usable answer.
        """
        ...

    async def is_ready(self) -> bool:
        """Whether it could answer now; never raises."""
        ...
