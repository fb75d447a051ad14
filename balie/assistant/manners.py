"""How to answer the turn that is going on: the customer's mood, what was said for it, what it calls for.

Reads the store once per turn, however many texts Rasa asks for, and never stands in the way of an answer:
without the store nothing is brought up unasked, and that is all.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from balie.assistant.emotion_policy import CALM, NOTHING_SAID, Said, Stance, choose_stance
from balie.assistant.reading import read_emotion
from balie.content.articles import Article, Reply
from balie.content.errors import ResponseNotFoundError
from balie.content.library import Library
from balie.conversations.mood import Mood, Reading, find_mood
from balie.conversations.views import Author, PastMessage
from balie.kernel.emotion import Emotion
from balie.kernel.ids import ConversationId, MessageId
from balie.storage.errors import StoreUnavailableError

LOOK_UP_LIMIT: Final = timedelta(milliseconds=500)
"""Sympathy is not worth waiting longer for."""
TURNS_REMEMBERED: Final = 1000
"""Turns that go on at the same time are far fewer."""

_log = logging.getLogger(__name__)


class Conversations(Protocol):
    """Knows how earlier messages felt and were answered (``ConversationService`` does)."""

    async def list_past(self, conversation_id: ConversationId) -> tuple[PastMessage, ...]:
        """The last messages without their words, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Bearing:
    """How to say one reply.

    Attributes:
        emotion: How the customer's message reads; None when it was not read.
        is_first: Whether this is the turn's first reply: only that one has words for the mood.
        said: Which words for the mood were said before.
        heard: The same, one by one (``anger.nl.2``), newest last.
        was_helped: Whether the last question may have been solved.
        seed: The same for the same message, so that a turn that is taken again is answered alike.
    """

    stance: Stance = CALM
    emotion: Emotion | None = None
    is_first: bool = True
    said: Said = NOTHING_SAID
    heard: tuple[str, ...] = ()
    was_helped: bool = False
    seed: str = ""


PLAIN: Final = Bearing()
"""When messages are not read."""


@dataclass(frozen=True, slots=True)
class Retrospect:
    """What the past of a conversation says about its mood."""

    readings: tuple[Reading, ...]
    said: Said
    heard: tuple[str, ...]


def look_back(past: Sequence[PastMessage]) -> Retrospect:
    """Readings and words for the mood, from messages in order; the last turn is the newest of a customer."""
    turns = [message for message in past if message.author is Author.CUSTOMER]
    turns_since: dict[str, int] = {}
    heard: list[str] = []
    for message in past:
        for key in filter(None, (message.opening, message.remark)):
            turns_since[key.partition(".")[0]] = sum(turn.sequence > message.sequence for turn in turns)
            heard.append(key)
    readings = tuple(Reading(turn.id, None if turn.pressed else turn.emotion) for turn in turns)
    return Retrospect(readings, Said(turns_since), tuple(heard))


class Manners:
    """Decides how each turn is answered."""

    def __init__(
        self, conversations: Conversations, library: Library, *, limit: timedelta = LOOK_UP_LIMIT
    ) -> None:
        """Build it; ``limit`` is how long the store may take."""
        self._conversations = conversations
        self._library = library
        self._limit_s = limit.total_seconds()
        self._going_on: OrderedDict[ConversationId, tuple[str, Bearing]] = OrderedDict()

    async def choose(
        self, conversation_id: ConversationId | None, latest_message: Mapping[str, Any]
    ) -> Bearing:
        """How to say the next reply to Rasa's latest message.

        Args:
            conversation_id: None when Rasa talks to somebody who is not in our store.
            latest_message: As Rasa's tracker has it; ``emotion`` is the reading, ``message_id`` Rasa's own
                number of this attempt to answer it.
        """
        attempt = str(latest_message.get("message_id") or "")
        if conversation_id is None:
            return self._bearing((), latest_message)
        known = self._going_on.get(conversation_id)
        if known is not None and attempt and known[0] == attempt:
            return replace(known[1], is_first=False)
        bearing = await self._look_up(conversation_id, latest_message)
        self._going_on[conversation_id] = (attempt, bearing)
        self._going_on.move_to_end(conversation_id)
        if len(self._going_on) > TURNS_REMEMBERED:
            self._going_on.popitem(last=False)
        return bearing

    async def look(
        self, conversation_id: ConversationId | None, latest_message: Mapping[str, Any]
    ) -> Bearing:
        """The bearing of the turn without saying anything: the next reply is still the first."""
        if conversation_id is None:
            return self._bearing((), latest_message)
        known = self._going_on.get(conversation_id)
        attempt = str(latest_message.get("message_id") or "")
        if known is not None and attempt and known[0] == attempt:
            return known[1]
        return await self._look_up(conversation_id, latest_message)

    async def _look_up(self, conversation_id: ConversationId, latest_message: Mapping[str, Any]) -> Bearing:
        try:
            async with asyncio.timeout(self._limit_s):
                past = await self._conversations.list_past(conversation_id)
        except (StoreUnavailableError, TimeoutError) as error:
            _log.warning("Said without knowing the mood: %s", type(error).__name__)
            bearing = self._bearing((), latest_message)
            return replace(bearing, stance=replace(bearing.stance, allows_offers=False, invites=False))
        return self._bearing(past, latest_message)

    def _bearing(self, past: Sequence[PastMessage], latest_message: Mapping[str, Any]) -> Bearing:
        now = _message_id(latest_message)
        current = next((message for message in past if message.id == now), None)
        emotion = (
            None if current is not None and current.pressed else read_emotion(latest_message.get("emotion"))
        )
        earlier = [message for message in past if current is None or _is_before(message, current)]
        this = replace(current, emotion=emotion) if current is not None else _unknown(now, earlier, emotion)
        seen = look_back([*earlier, this])
        stance = choose_stance(find_mood(seen.readings), seen.said)
        if emotion is None:
            # Whoever presses a button has asked for what it says, in full.
            stance = replace(stance, is_brief=False)
        return Bearing(
            stance=stance,
            emotion=emotion,
            said=seen.said,
            heard=seen.heard,
            was_helped=was_helped(earlier, self._library),
            seed=str(now or latest_message.get("message_id") or ""),
        )


def was_helped(earlier: Sequence[PastMessage], library: Library) -> bool:
    """Whether the last thing that was more than small talk was an answer."""
    for message in reversed(earlier):
        content = _content(message.response, library)
        if content is None or (isinstance(content, Article) and content.kind == "small_talk"):
            continue
        return content.solves
    return False


def _content(response: str | None, library: Library) -> Article | Reply | None:
    try:
        return None if response is None else library.get_response(response)
    except ResponseNotFoundError:
        return None


def _is_before(message: PastMessage, current: PastMessage) -> bool:
    """Whether it was there when the current message is answered: replies are, messages behind it are not."""
    if message.author is Author.CUSTOMER:
        return message.sequence < current.sequence
    return True


def _unknown(
    message_id: MessageId | None, earlier: Sequence[PastMessage], emotion: Emotion | None
) -> PastMessage:
    """A message that is not in the store: the newest."""
    sequence = max((message.sequence for message in earlier), default=0) + 1
    return PastMessage(message_id or MessageId(UUID(int=0)), sequence, Author.CUSTOMER, emotion=emotion)


def _message_id(latest_message: Mapping[str, Any]) -> MessageId | None:
    metadata = latest_message.get("metadata") or {}
    try:
        return MessageId(UUID(metadata.get("message_id")))
    except (ValueError, TypeError, AttributeError):
        return None


@dataclass(frozen=True, slots=True)
class MoodReport:
    """What an agent may know of a customer's mood."""

    mood: Mood
    stance: Stance


def report_mood(past: Sequence[PastMessage]) -> MoodReport:
    """The mood of a conversation as it stands, and what it calls for."""
    seen = look_back(past)
    mood = find_mood(seen.readings)
    return MoodReport(mood, choose_stance(mood, seen.said))
