"""Recommends in a conversation: asks for a list, writes down what is shown of it, and hands over cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from balie.advice.page_links import link_with_key
from balie.assistant.card_words import CardFacts
from balie.catalogue.service import CatalogueService
from balie.catalogue.views import ProductPicture
from balie.conversations.service import ConversationService
from balie.conversations.views import Conversation
from balie.kernel.clock import Clock
from balie.kernel.ids import ConversationId, MessageId
from balie.recommendations.asked import Occasion, Recommended, RecommendedProduct, Silence, Who, Wish
from balie.recommendations.kinds import OutcomeKind, Reason
from balie.recommendations.outcomes import OutcomeService
from balie.recommendations.service import RecommendationService
from balie.recommendations.whom import who_is

SHOWN_AT_ONCE: Final = 3
"""More are not compared, they are skipped."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn of a conversation in which something may be shown.

    Attributes:
        who: The customer as far as they showed who they are, else a stranger.
        occasion: Asked again for the same turn, the same is shown, and it is one exposure.
    """

    conversation: Conversation
    who: Who
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class Advice:
    """What to show.

    Attributes:
        silence: Why there are no cards; None when there are.
        is_personal: Whether the first of them rests on what we know of the customer.
        is_popular: Whether others choose them, or the like; not of what merely lies on the shelf.
    """

    cards: tuple[CardFacts, ...]
    silence: Silence | None = None
    is_personal: bool = False
    is_popular: bool = False


class Adviser:
    """What conversations ask for recommendations; everything it hands out to be shown is written down."""

    def __init__(
        self,
        recommendations: RecommendationService,
        outcomes: OutcomeService,
        catalogue: CatalogueService,
        conversations: ConversationService,
        *,
        clock: Clock,
    ) -> None:
        self._recommendations = recommendations
        self._outcomes = outcomes
        self._catalogue = catalogue
        self._conversations = conversations
        self._clock = clock

    async def open(
        self, conversation_id: ConversationId, message_id: MessageId | None, mood: str | None = None
    ) -> Moment:
        """The moment of a turn.

        Args:
            conversation_id: Whose.
            message_id: The message that is answered; None for one that did not come by our gateway.
            mood: How the customer feels, where it is read.

        Raises:
            ConversationNotFoundError: No such conversation.
        """
        conversation = await self._conversations.get_conversation(conversation_id)
        who = who_is(conversation, now=self._clock())
        turn = conversation.last_sequence if message_id is None else message_id
        return Moment(conversation, who, Occasion(f"{conversation_id}:{turn}", conversation.heard_via, mood))

    async def personal(self, moment: Moment, wish: Wish, *, only_personal: bool = False) -> Advice:
        """What fits a customer, or what is popular; see :meth:`RecommendationService.personal`.

        Args:
            moment: When it is asked, and by whom.
            wish: What they want.
            only_personal: Whether what is merely popular is no answer; then nothing is shown.
        """
        recommended = await self._recommendations.personal(moment.who, moment.occasion, wish)
        if only_personal and not _is_personal(recommended):
            return Advice((), recommended.silence or Silence.NOTHING_FITS)
        return await self._show(moment, recommended)

    async def suggest(self, moment: Moment) -> Advice:
        """One thing that fits a customer, unasked; nothing to those who do not want it, or are held out.

        What is merely popular is not worth bringing up, and what merely lies on the shelf even less.
        """
        wish = Wish(n=1, is_unasked=True)
        recommended = await self._recommendations.personal(moment.who, moment.occasion, wish)
        if not _is_personal(recommended):
            return Advice((), recommended.silence or Silence.NOTHING_FITS)
        return await self._show(moment, recommended)

    async def look(
        self, conversation: Conversation, occasion: Occasion, wish: Wish
    ) -> tuple[tuple[CardFacts, ...] | None, Silence | None]:
        """What fits a customer, for somebody else's eyes, and why not to show it; nothing is written down.

        None for a stranger.
        """
        who = who_is(conversation, now=self._clock())
        if who.customer_id is None:
            return None, None
        recommended = await self._recommendations.personal(who, occasion, wish)
        return await self._cards(
            recommended.items or recommended.withheld, is_shown=False
        ), recommended.silence

    async def complementary(
        self, moment: Moment, anchors: Sequence[str], wish: Wish, *, of_kind: bool = False
    ) -> Advice:
        """What goes with products, or with a kind; see :meth:`RecommendationService.complementary`."""
        asked = self._recommendations.complementary(
            moment.who, anchors, moment.occasion, wish, of_kind=of_kind
        )
        return await self._show(moment, await asked)

    async def alternatives(self, moment: Moment, anchor: str, wish: Wish) -> Advice:
        """Something like a product; see :meth:`RecommendationService.alternatives`."""
        asked = self._recommendations.alternatives(moment.who, anchor, moment.occasion, wish)
        return await self._show(moment, await asked)

    async def has_suggested(self, moment: Moment) -> bool:
        """Whether this conversation has had its one suggestion, or the hold-out's silence in its place."""
        return await self._outcomes.has_suggested(moment.conversation.id)

    async def note(self, key: str, kind: OutcomeKind, message_id: MessageId | None) -> None:
        """Write down what somebody did with a card; an unknown one is passed over."""
        await self._outcomes.note(key, kind, str(message_id or key))

    async def dismiss(self, moment: Moment, sku: str, key: str) -> None:
        """Never show this product to this person again."""
        await self._outcomes.dismiss(moment.who, sku, key)

    async def _show(self, moment: Moment, recommended: Recommended) -> Advice:
        await self._outcomes.note_shown(moment.who, recommended, moment.occasion)
        cards = await self._cards(recommended.items)
        is_known = all(item.reason is not Reason.ON_THE_SHELF for item in recommended.items)
        return Advice(cards, recommended.silence, _is_personal(recommended), is_popular=is_known)

    async def _cards(
        self, items: Sequence[RecommendedProduct], *, is_shown: bool = True
    ) -> tuple[CardFacts, ...]:
        if not items:
            return ()
        pictures = await self._catalogue.find_pictures([item.sku for item in items])
        return tuple(card_facts(item, pictures.get(item.sku), is_shown=is_shown) for item in items)


_PERSONAL: Final = frozenset({Reason.FITS_YOU, Reason.BECAUSE_YOU_HAVE, Reason.POPULAR_WITH_YOU})


def _is_personal(recommended: Recommended) -> bool:
    return any(item.reason in _PERSONAL for item in (*recommended.items, *recommended.withheld))


def card_facts(
    item: RecommendedProduct, picture: ProductPicture | None, *, is_shown: bool = True
) -> CardFacts:
    """A recommended product as it is handed over to be put into words.

    Args:
        item: The product.
        picture: What shows it, and where its page is; None where the catalogue does not know it.
        is_shown: Whether customers see it: only then a view of its page is told as what came of it.
    """
    page_url = None if picture is None else picture.page_url
    return CardFacts(
        sku=item.sku,
        names=dict(item.names),
        price=item.price_from.minor_units,
        currency=item.price_from.currency,
        reason=item.reason.value,
        about=None if item.about_names is None else dict(item.about_names),
        key=item.key,
        picture=(picture and picture.url) or f"/api/v1/products/{quote(item.sku, safe='')}/picture.svg",
        url=link_with_key(page_url, item.key) if page_url is not None and is_shown else page_url,
    )
