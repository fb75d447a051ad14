"""Puts Telegram together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from balie.channels.express import Express
from balie.channels.leaving import Leaving
from balie.channels.notices import Notices
from balie.channels.port import ConversationBook, HandoffBook, TurnTaker, Words
from balie.channels.store import ChannelStore
from balie.channels.telegram.channel import TelegramChannel, TelegramDoor, TelegramPlanner
from balie.channels.telegram.client import TelegramAccess, TelegramClient
from balie.channels.telegram.house import TelegramHouse
from balie.channels.telegram.intake import TelegramIntake
from balie.channels.telegram.numbers import MessageNumbers
from balie.channels.telegram.pacing import Pacer
from balie.channels.telegram.saying import Sayings
from balie.channels.telegram.sending import TelegramSender
from balie.channels.telegram.taking import TelegramEvents
from balie.conversations.continuing import ContinuationService
from balie.kernel.clock import Clock
from balie.kernel.ids import ConversationId
from balie.settings import Settings

MEGABYTE: Final = 1_000_000
WEBHOOK: Final = "webhook"


class HouseParts(Protocol):
    """Of the house, what Telegram works with (``balie.channels.opening.House`` has it)."""

    @property
    def conversations(self) -> ConversationBook: ...  # noqa: D102
    @property
    def continuations(self) -> ContinuationService: ...  # noqa: D102
    @property
    def turns(self) -> TurnTaker: ...  # noqa: D102
    @property
    def handoffs(self) -> HandoffBook: ...  # noqa: D102
    @property
    def words(self) -> Words: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def public_url(self) -> str: ...  # noqa: D102


@dataclass(slots=True)
class Ringer:
    """Rings for a conversation, once there is somebody who hears it: who serves channels is made of them."""

    express: Express | None = None

    def ring(self, conversation_id: ConversationId) -> None:
        """Say that a customer may have something to be told."""
        if self.express is not None:
            self.express.ring(conversation_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """What an operator can change about Telegram.

    Attributes:
        longest: How long Telegram may take for one request.
        secret: Of the webhook; empty: updates are asked for.
        page_url: A page of the website with the chat on it.
        largest_photo: In bytes.
    """

    access: TelegramAccess
    longest: timedelta
    secret: str
    messages_per_second: int
    messages_per_minute: int
    page_url: str
    largest_photo: int


def telegram_settings(settings: Settings) -> TelegramSettings | None:
    """What the settings say; None where they name no bot."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return None
    is_webhook = settings.telegram_mode == WEBHOOK
    return TelegramSettings(
        access=TelegramAccess(token=token, url=settings.telegram_api_url),
        longest=settings.telegram_timeout,
        secret=settings.telegram_secret.get_secret_value() if is_webhook else "",
        messages_per_second=settings.telegram_messages_per_second,
        messages_per_minute=settings.messages_per_minute,
        page_url=settings.resolved_widget_page_url,
        largest_photo=settings.photo_max_megabytes * MEGABYTE,
    )


def open_telegram(settings: TelegramSettings, store: ChannelStore, house: HouseParts) -> TelegramChannel:
    """The channel; its door is opened once there is somebody to take up what comes in."""
    client, numbers = TelegramClient(settings.access, longest=settings.longest), MessageNumbers()
    pacer = Pacer(settings.messages_per_second, seconds=lambda: house.clock().timestamp())
    planner = TelegramPlanner(numbers, pacer)
    ringer = Ringer()
    shared = TelegramHouse(
        client=client,
        store=store,
        conversations=house.conversations,
        continuations=house.continuations,
        turns=house.turns,
        notices=Notices(house.conversations, house.words),
        leaving=Leaving(store, house.handoffs, house.words),
        words=house.words,
        numbers=numbers,
        sayings=Sayings(numbers),
        clock=house.clock,
        ring=ringer.ring,
        planner=planner.plan,
        page_url=settings.page_url,
        public_url=house.public_url,
        largest_photo=settings.largest_photo,
    )
    events = TelegramEvents(shared, messages_per_minute=settings.messages_per_minute)

    def open_door(express: Express) -> TelegramDoor:
        ringer.express = express
        intake = TelegramIntake(store, express, numbers, house.clock, largest_photo=settings.largest_photo)
        return TelegramDoor(client, intake, secret=settings.secret)

    return TelegramChannel(
        client,
        (planner, events, TelegramSender(shared, pacer), pacer),
        open_door,
        largest_photo=settings.largest_photo,
    )
