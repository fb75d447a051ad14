"""What an agent might suggest to the customer they have in front of them, and why they had better not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from balie.advice.adviser import SHOWN_AT_ONCE, Adviser
from balie.assistant.card_words import in_language, word_cards
from balie.assistant.manners import report_mood
from balie.content.render import Renderer
from balie.conversations.views import Conversation, PastMessage
from balie.kernel.ids import ConversationId
from balie.kernel.money import Money
from balie.recommendations.asked import Occasion, Silence, Wish

DESK: Final = "desk"


class Withheld(StrEnum):
    """Why an agent had better suggest nothing."""

    UNKNOWN = "unknown"
    """Nobody knows who it is."""
    NO_CONSENT = "no_consent"
    HELD_OUT = "held_out"
    MOOD = "mood"
    NOTHING_FITS = "nothing_fits"
    SWITCHED_OFF = "switched_off"


_BY_SILENCE: Final = {
    Silence.NO_CONSENT: Withheld.NO_CONSENT,
    Silence.HELD_OUT: Withheld.HELD_OUT,
    Silence.NOTHING_FITS: Withheld.NOTHING_FITS,
    Silence.SWITCHED_OFF: Withheld.SWITCHED_OFF,
}


@dataclass(frozen=True, slots=True)
class AgentCard:
    """One product an agent might suggest.

    Attributes:
        name: In the agent's language; ``reason`` likewise.
        said: The name in the customer's language, to be typed.
        url: Its page in the shop; None when it has none.
    """

    sku: str
    name: str
    said: str
    price: Money
    reason: str
    url: str | None


@dataclass(frozen=True, slots=True)
class AgentAdvice:
    """What to suggest; with ``withheld`` it is only to be looked at, or there is nothing."""

    cards: tuple[AgentCard, ...]
    withheld: Withheld | None


class Conversations(Protocol):
    """What is looked at of conversations (``ConversationService`` has it)."""

    async def get_conversation(self, conversation_id: ConversationId) -> Conversation:
        """The conversation as it stands."""
        ...

    async def list_past(self, conversation_id: ConversationId) -> tuple[PastMessage, ...]:
        """The last messages without their words, in order."""
        ...


class AgentAdviser:
    """Puts it together; writes nothing down, because the customer is shown nothing by it."""

    def __init__(self, adviser: Adviser, conversations: Conversations, renderer: Renderer) -> None:
        self._adviser = adviser
        self._conversations = conversations
        self._renderer = renderer

    async def build(self, conversation_id: ConversationId, read_in: str | None) -> AgentAdvice:
        """What fits the customer of a conversation.

        Args:
            conversation_id: Whose.
            read_in: The language that the agent reads.

        Raises:
            ConversationNotFoundError: No such conversation.
        """
        conversation = await self._conversations.get_conversation(conversation_id)
        mood = report_mood(await self._conversations.list_past(conversation_id))
        occasion = Occasion(f"{conversation_id}:{DESK}", DESK, mood.mood.leading)
        wish = Wish(n=SHOWN_AT_ONCE, is_unasked=True)
        facts, silence = await self._adviser.look(conversation, occasion, wish)
        if facts is None:
            return AgentAdvice((), Withheld.UNKNOWN)
        withheld = None if silence is None else _BY_SILENCE[silence]
        if withheld is None and not mood.stance.allows_offers:
            withheld = Withheld.MOOD
        language = self._renderer.language_or_default(read_in)
        spoken = self._renderer.language_or_default(conversation.spoken_language)
        worded = word_cards(facts, self._renderer, language)
        cards = tuple(
            AgentCard(card.sku, card.name, in_language(fact.names, spoken), card.price, card.reason, card.url)
            for card, fact in zip(worded, facts, strict=True)
        )
        return AgentAdvice(cards, withheld)
