"""A conversation without Rasa and without a store: readings go in, what the customer sees comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from balie.assistant.emotion_policy import Stance
from balie.assistant.manners import Manners, report_mood
from balie.assistant.personal_facts import PersonalFacts
from balie.assistant.speech import NlgRequest, Speaker
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.views import Author, Conversation, PastMessage
from balie.kernel.emotion import EMOTIONS, Emotion, EmotionLabel
from balie.kernel.ids import ConversationId, MessageId
from tests.support.content import real_renderer

MODEL = "0123456789ab"


def emotion(*, known: bool = True, **shares: float) -> Emotion:
    """A reading with these probabilities; the rest is neutral.

    >>> emotion(anger=0.9).label
    'anger'
    """
    named: dict[EmotionLabel, float] = {each: shares.get(each, 0.0) for each in EMOTIONS}
    named["neutral"] = shares.get("neutral", max(0.0, 1 - sum(shares.values())))
    return Emotion(max(EMOTIONS, key=lambda each: named[each]), named, MODEL, known)


@dataclass
class Memory:
    """What a conversation store would know; can be gone, and counts how often it is asked."""

    messages: list[PastMessage] = field(default_factory=list)
    failure: Exception | None = None
    reads: int = 0

    async def list_past(self, conversation_id: ConversationId) -> tuple[PastMessage, ...]:
        self.reads += 1
        if self.failure is not None:
            raise self.failure
        return tuple(self.messages)

    def add(self, author: Author, message_id: UUID | None = None, **said: Any) -> PastMessage:
        """The next message."""
        message = PastMessage(MessageId(message_id or uuid4()), len(self.messages) + 1, author, **said)
        self.messages.append(message)
        return message

    def replace(self, message: PastMessage) -> None:
        """The same message, known better."""
        self.messages[message.sequence - 1] = message


class NobodyKnown:
    """Every customer is a stranger."""

    async def get_conversation(self, conversation_id: ConversationId) -> Conversation:
        raise ConversationNotFoundError

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} is asked about a stranger")


@dataclass(frozen=True)
class Said:
    """One reply as Rasa gets it, and what the mood called for."""

    answer: Mapping[str, Any]
    stance: Stance

    @property
    def text(self) -> str:
        return str(self.answer["text"])

    @property
    def mark(self) -> Mapping[str, Any]:
        return dict(self.answer["custom"]["balie"])

    @property
    def opening(self) -> str | None:
        return self.mark.get("opening")

    @property
    def remark(self) -> str | None:
        return self.mark.get("remark")

    @property
    def payloads(self) -> list[str]:
        return [button["payload"] for button in self.answer["buttons"] if "payload" in button]

    @property
    def urls(self) -> list[str]:
        return [button["url"] for button in self.answer["buttons"] if "url" in button]


class MoodyConversation:
    """One customer whose readings are given."""

    def __init__(self, language: str = "nl") -> None:
        self.id = ConversationId(uuid4())
        self.language = language
        self.memory = Memory()
        stranger = NobodyKnown()
        self.manners = Manners(self.memory, real_renderer().library)
        self.speaker = Speaker(real_renderer(), PersonalFacts(stranger, stranger, stranger), self.manners)

    async def turn(
        self,
        asks: str = "delivery_period",
        reading: Emotion | None = None,
        *,
        press: bool = False,
        seed: UUID | None = None,
    ) -> Said:
        """The customer says something that reads so, and is answered with ``utter_<asks>``."""
        asked = self.memory.add(Author.CUSTOMER, seed, pressed=press)
        said = await self.speak(asked, f"utter_{asks}", reading, attempt=uuid4().hex)
        self.memory.replace(PastMessage(asked.id, asked.sequence, Author.CUSTOMER, press, said.emotion))
        self.record(said.answer)
        stance = report_mood(self.memory.messages).stance
        return Said(said.answer, stance)

    async def speak(
        self,
        asked: PastMessage,
        response: str,
        reading: Emotion | None,
        *,
        attempt: str,
        slots: Mapping[str, Any] | None = None,
        **arguments: Any,
    ) -> _Spoken:
        """One call of Rasa for a text, in one attempt to answer a message."""
        message: dict[str, Any] = {
            "message_id": attempt,
            "language": {"code": self.language, "confidence": 0.99},
            "metadata": {"message_id": str(asked.id)},
        }
        if reading is not None:
            message["emotion"] = reading.as_document()
        tracker = {"sender_id": str(self.id), "latest_message": message, "slots": dict(slots or {})}
        request = {"response": response, "tracker": tracker, "arguments": arguments}
        answer = await self.speaker.speak(NlgRequest.model_validate(request))
        return _Spoken(answer, None if asked.pressed else reading)

    def record(self, answer: Mapping[str, Any]) -> None:
        """Remember a reply, as the store would."""
        mark = answer["custom"]["balie"]
        self.memory.add(
            Author.ASSISTANT,
            response=mark["response"],
            opening=mark.get("opening"),
            remark=mark.get("remark"),
        )


@dataclass(frozen=True)
class _Spoken:
    answer: Mapping[str, Any]
    emotion: Emotion | None
