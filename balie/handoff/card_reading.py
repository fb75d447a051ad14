"""What the messages of a conversation tell an agent: wishes, quotes, mood, what was tried. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any, Final, Protocol

from balie.conversations.mood import Reading, find_mood, follow_mood, list_movers
from balie.conversations.views import Author
from balie.handoff.card_views import AskedFor, MoodLine, MoodPoint, Mover, Quote, Tried, Wants
from balie.kernel.emotion import Emotion
from balie.kernel.ids import MessageId

MOST_INTENTS: Final = 3
MOST_QUOTES: Final = 3
MOST_MOVERS: Final = 2
MOST_TRIED: Final = 6
MOST_CHARACTERS: Final = 280
"""Of a quote: the whole message stands beside the card."""
MOST_TITLE_CHARACTERS: Final = 60
FLOW_SLOTS: Final = ("pending_change", "pending_task", "waiting_task")
"""Where the dialogue keeps what it is in the middle of, the most telling first."""

TELLING_SLOTS: Final = ("order_number", "product_query", "place")
"""What the question is about; the others are the dialogue's own."""

NO_SUBJECT: Final = frozenset({"contact_human_agent", "contact_customer_service", "complaint"})
"""Who says this has not said yet what it is about."""
THANKS: Final = "thank"


class Titles(Protocol):
    """What the content knows of intents and answers."""

    def is_small_talk(self, intent: str) -> bool:
        """Whether it is hello, thanks or a rejected message: nothing that anybody came for."""
        ...

    def find_title(self, intent: str) -> str | None:
        """What it is called, for the agent; None where the content has no article."""
        ...

    def find_subject(self, response: str) -> str | None:
        """The intent that an answer is about by its name; None where the name does not say."""
        ...

    def is_answer(self, response: str) -> bool:
        """Whether it was more than a question back, small talk or silence."""
        ...


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message, as far as a card needs it.

    Attributes:
        intent: What a customer's message was for; None when nobody understood it, or has read it.
        pressed: Whether a button was pressed, or a photo sent, instead of typing.
        in_reply_to: The customer's message that an assistant's answers.
    """

    id: MessageId
    sequence: int
    author: Author
    text: str
    at: datetime
    language: str | None = None
    intent: str | None = None
    pressed: bool = False
    emotion: Emotion | None = None
    response: str | None = None
    in_reply_to: MessageId | None = None


def spoken_from(row: Any) -> Spoken:
    """One message from its columns."""
    return Spoken(
        id=MessageId(row.id),
        sequence=row.sequence,
        author=Author(row.author),
        text=row.text,
        at=row.created_at,
        language=row.language,
        intent=row.intent or _intent_pressed(row.payload),
        pressed=row.payload is not None,
        emotion=None if row.emotion is None else Emotion.from_document(row.emotion),
        response=row.response,
        in_reply_to=None if row.in_reply_to is None else MessageId(row.in_reply_to),
    )


def read_wants(messages: Sequence[Spoken], slots: Mapping[str, Any], titles: Titles) -> Wants:
    """What the customer came for, and what the dialogue was in the middle of."""
    asked = [message for message in messages if message.intent is not None]
    telling = [message for message in asked if not titles.is_small_talk(message.intent or "")] or asked
    newest: dict[str, Spoken] = {}
    for message in reversed(telling):
        newest.setdefault(message.intent or "", message)
    flow = next((slots[name] for name in FLOW_SLOTS if slots.get(name)), None)
    return Wants(
        intents=tuple(
            AskedFor(intent, titles.find_title(intent) or intent, message.at)
            for intent, message in list(newest.items())[:MOST_INTENTS]
        ),
        flow=None if flow is None else str(flow),
        flow_title=None if flow is None else titles.find_title(str(flow)),
        slots={name: str(slots[name]) for name in TELLING_SLOTS if slots.get(name) is not None},
    )


def find_subject(messages: Sequence[Spoken], titles: Titles) -> str | None:
    """The intent that it is about; None when the customer has only said that they want a person."""
    intents = [message.intent for message in messages if message.intent is not None]
    telling = (
        each for each in reversed(intents) if each not in NO_SUBJECT and not titles.is_small_talk(each)
    )
    return next(telling, None)


def read_quotes(messages: Sequence[Spoken]) -> tuple[Quote, ...]:
    """The last things the customer typed, in order."""
    typed = [message for message in messages if _is_typed(message)]
    return tuple(Quote(each.sequence, _cut(each.text), each.at) for each in typed[-MOST_QUOTES:])


def read_mood(messages: Sequence[Spoken]) -> MoodLine | None:
    """How the customer has been feeling; None when no message could be read."""
    turns = [message for message in messages if message.author is Author.CUSTOMER]
    readings = [Reading(turn.id, None if turn.pressed else turn.emotion) for turn in turns]
    if not any(reading.says_something for reading in readings):
        return None
    mood = find_mood(readings)
    by_id = {turn.id: turn for turn in turns}
    movers = list_movers(readings, mood.leading, MOST_MOVERS) if mood.leading != "neutral" else ()
    return MoodLine(
        leading=mood.leading,
        strength=mood.strength,
        line=tuple(
            MoodPoint(turn.sequence, leading, strength)
            for turn, reading, (leading, strength) in zip(turns, readings, follow_mood(readings), strict=True)
            if reading.says_something
        ),
        moved_by=tuple(_mover(by_id[moved]) for moved in movers),
    )


def read_tried(messages: Sequence[Spoken], titles: Titles) -> tuple[Tried, ...]:
    """What the assistant answered, in order; an answer that was given twice is there once, the last time."""
    by_id = {message.id: message for message in messages}
    found: dict[str, Tried] = {}
    for message in messages:
        response = message.response
        if message.author is not Author.ASSISTANT or response is None or not titles.is_answer(response):
            continue
        asked = None if message.in_reply_to is None else by_id.get(message.in_reply_to)
        subject = titles.find_subject(response) or (None if asked is None else asked.intent)
        title = None if subject is None else titles.find_title(subject)
        found.pop(response, None)
        helped = _helped(message, subject, messages)
        found[response] = Tried(response, title or _first_words(message.text), message.at, helped)
    return tuple(found.values())[-MOST_TRIED:]


def _helped(answer: Spoken, subject: str | None, messages: Sequence[Spoken]) -> bool | None:
    later = [
        message.intent
        for message in messages
        if message.author is Author.CUSTOMER and message.sequence > answer.sequence
    ]
    if subject is not None and subject in later:
        return False
    return True if later and later[0] == THANKS else None


def _mover(message: Spoken) -> Mover:
    assert message.emotion is not None, "only what was read moves a mood"
    return Mover(message.sequence, _cut(message.text), message.emotion.label)


def _is_typed(message: Spoken) -> bool:
    return message.author is Author.CUSTOMER and not message.pressed and bool(message.text.strip())


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1].rstrip()}…"


def _first_words(text: str) -> str:
    """How a message begins, on one line."""
    return shorten(text.replace("**", ""), MOST_TITLE_CHARACTERS, placeholder=" …")


def _intent_pressed(payload: str | None) -> str | None:
    """What a button asks for: ``/track_order{…}``; None for what the service itself handles."""
    if payload is None or not payload.startswith("/"):
        return None
    intent = payload[1:].partition("{")[0].strip()
    return intent or None
