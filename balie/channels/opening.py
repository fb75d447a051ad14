"""Puts together what the settings ask for: which channels are somebody else's, and the loop behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from balie.channels.chatwoot.client import ChatwootAccess, ChatwootClient
from balie.channels.chatwoot.desk import ChatwootDesk
from balie.channels.chatwoot.intake import ChatwootIntake
from balie.channels.chatwoot.sending import ChatwootSender
from balie.channels.chatwoot.taking import ChatwootEvents
from balie.channels.dispatcher import Dispatcher
from balie.channels.kinds import CHATWOOT, WEBHOOK_DESK
from balie.channels.leaving import Leaving
from balie.channels.notices import Notices
from balie.channels.port import (
    Cards,
    ConversationBook,
    CustomerChannel,
    HandoffBook,
    OutsideChannel,
    TurnTaker,
    Words,
)
from balie.channels.signed_webhooks.client import WebhookAccess, WebhookClient
from balie.channels.store import ChannelStore
from balie.channels.telegram.channel import TelegramChannel, TelegramDoor
from balie.channels.telegram.opening import open_telegram, telegram_settings
from balie.channels.typing import TypingShower
from balie.channels.webhook_channel.channel import WebhookChannel
from balie.channels.webhook_channel.composing import Composer
from balie.channels.webhook_channel.intake import WebhookChannelIntake
from balie.channels.webhook_channel.sending import WebhookChannelSender, limits_of
from balie.channels.webhook_channel.taking import Mouths, WebhookChannelTaker
from balie.channels.webhook_desk.desk import WebhookDesk
from balie.conversations.bell import Bell
from balie.conversations.continuing import ContinuationService
from balie.handoff.views import OWN_DESK
from balie.kernel.clock import Clock
from balie.settings import Settings
from balie.storage.unit_of_work import UnitOfWork

DeskOf = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The parts of the house that channels work with; ``public_url`` is how customers reach it."""

    conversations: ConversationBook
    continuations: ContinuationService
    bell: Bell
    turns: TurnTaker
    handoffs: HandoffBook
    cards: Cards
    words: Words
    clock: Clock
    public_url: str


Opener = Callable[[ChannelStore, House], CustomerChannel]
"""Puts one channel that customers talk in together."""


@dataclass(frozen=True, slots=True)
class Channels:
    """Everything about channels.

    Attributes:
        dispatcher: The loop; it does nothing where there are no channels.
        chatwoot: Where Chatwoot's events are handed in; None without Chatwoot.
        webhook_desk: Where a webhook desk's events are handed in; None without one.
        telegram: Where Telegram's updates come in, and conversations can be gone on with; None without it.
        webhook_channel: Where a provider's events are handed in; None without one.
        of_customers: Those that customers talk in.
        typing: Shows in them that somebody writes; None where there are none.
    """

    dispatcher: Dispatcher
    chatwoot: ChatwootIntake | None = None
    webhook_desk: WebhookDesk | None = None
    telegram: TelegramDoor | None = None
    webhook_channel: WebhookChannelIntake | None = None
    of_customers: tuple[CustomerChannel, ...] = ()
    typing: TypingShower | None = None

    def start(self) -> None:
        """Begin, until :meth:`stop`."""
        self.dispatcher.start()
        if self.telegram is not None:
            self.telegram.start()
        if self.typing is not None:
            self.typing.start()

    async def stop(self, grace: timedelta) -> None:
        """Begin nothing else, and break off what is not done by then.

        Args:
            grace: How long to wait.
        """
        if self.typing is not None:
            await self.typing.stop()
        if self.telegram is not None:
            await self.telegram.stop()
        await self.dispatcher.stop(grace)


def desk_of(settings: Settings) -> DeskOf:
    """Which desk a conversation is handed over to, by the channel that it is held in."""
    elsewhere = WEBHOOK_DESK if settings.webhook_desk_url else OWN_DESK
    return lambda channel: CHATWOOT if channel == CHATWOOT else elsewhere


def open_channels(settings: Settings, unit_of_work: UnitOfWork, house: House) -> Channels:
    """Every channel that the settings name; opens connections only when something is sent."""
    access, hook = chatwoot_access(settings), webhook_access(settings)
    return open_with(
        unit_of_work,
        house,
        chatwoot=None if access is None else ChatwootClient.at(access),
        webhook_desk=None if hook is None else WebhookClient.at(hook, house.clock),
        of_customers=tuple(_openers(settings)),
    )


def open_with(
    unit_of_work: UnitOfWork,
    house: House,
    *,
    chatwoot: ChatwootClient | None = None,
    webhook_desk: WebhookClient | None = None,
    of_customers: Sequence[Opener] = (),
) -> Channels:
    """The channels behind these clients."""
    store = ChannelStore(unit_of_work, clock=house.clock)
    outside: list[OutsideChannel] = []
    if chatwoot is not None:
        outside.append(_open_chatwoot(chatwoot, store, house))
    desk = None
    if webhook_desk is not None:
        desk = WebhookDesk(
            webhook_desk, store, house.conversations, (house.handoffs, house.cards), house.clock
        )
        outside.append(desk)
    customers = tuple(open_one(store, house) for open_one in of_customers)
    dispatcher = Dispatcher(store, [*outside, *customers], house.bell, clock=house.clock)
    telegram = next((one for one in customers if isinstance(one, TelegramChannel)), None)
    provider = next((one for one in customers if isinstance(one, WebhookChannel)), None)
    return Channels(
        dispatcher=dispatcher,
        chatwoot=None if chatwoot is None else ChatwootIntake(store, dispatcher, chatwoot.access.account),
        webhook_desk=desk,
        telegram=None if telegram is None else telegram.open_door(dispatcher.express),
        webhook_channel=None
        if provider is None
        else WebhookChannelIntake(store, dispatcher.express, provider.sender.secret, house.clock),
        of_customers=customers,
        typing=TypingShower(house.bell, store, house.conversations, customers),
    )


def chatwoot_access(settings: Settings) -> ChatwootAccess | None:
    """Where our Chatwoot is; None where the settings name none."""
    if not settings.chatwoot_url:
        return None
    return ChatwootAccess(
        url=settings.chatwoot_url.rstrip("/"),
        account=settings.chatwoot_account,
        token=settings.chatwoot_token.get_secret_value(),
        read_token=settings.chatwoot_read_token.get_secret_value(),
        teams=settings.chatwoot_teams,
        own_url=settings.resolved_public_url,
    )


def webhook_access(settings: Settings) -> WebhookAccess | None:
    """Where a webhook desk listens; None where the settings name none."""
    if not settings.webhook_desk_url:
        return None
    return WebhookAccess(settings.webhook_desk_url, settings.webhook_desk_secret.get_secret_value())


def webhook_channel_access(settings: Settings) -> WebhookAccess | None:
    """Where a provider of messages listens; None where the settings name none."""
    if not settings.webhook_channel_url:
        return None
    return WebhookAccess(settings.webhook_channel_url, settings.webhook_channel_secret.get_secret_value())


def _openers(settings: Settings) -> Iterator[Opener]:
    telegram = telegram_settings(settings)
    if telegram is not None:
        yield lambda store, house: open_telegram(telegram, store, house)
    access = webhook_channel_access(settings)
    if access is not None:
        yield lambda store, house: _open_webhook_channel(settings, access, store, house)


def _open_webhook_channel(
    settings: Settings, access: WebhookAccess, store: ChannelStore, house: House
) -> WebhookChannel:
    conversations, words, clock = house.conversations, house.words, house.clock
    leaving = Leaving(store, house.handoffs, words)
    limits = limits_of(settings.webhook_channel_longest_text)
    composer = Composer(conversations, words, limits=limits, public_url=house.public_url)
    mouths = Mouths(house.turns, leaving, Notices(conversations, words))
    return WebhookChannel(
        WebhookChannelTaker(store, conversations, house.continuations, mouths, clock),
        WebhookChannelSender(WebhookClient.at(access, clock), store, composer, leaving),
    )


def _open_chatwoot(client: ChatwootClient, store: ChannelStore, house: House) -> ChatwootDesk:
    conversations, clock = house.conversations, house.clock
    return ChatwootDesk(
        client,
        ChatwootEvents(client, store, conversations, (house.turns, house.handoffs), clock),
        ChatwootSender(client, store, conversations, (house.cards, house.words), clock),
    )
