"""Puts together what the settings ask for: which channels are somebody else's, and the loop behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from balie.channels.chatwoot.client import ChatwootAccess, ChatwootClient
from balie.channels.chatwoot.desk import ChatwootDesk
from balie.channels.chatwoot.intake import ChatwootIntake
from balie.channels.chatwoot.sending import ChatwootSender
from balie.channels.chatwoot.taking import ChatwootEvents
from balie.channels.dispatcher import Dispatcher
from balie.channels.kinds import CHATWOOT, WEBHOOK_DESK
from balie.channels.port import Cards, ConversationBook, HandoffBook, OutsideChannel, TurnTaker, Words
from balie.channels.store import ChannelStore
from balie.channels.webhook_desk.client import WebhookAccess, WebhookClient
from balie.channels.webhook_desk.desk import WebhookDesk
from balie.conversations.bell import Bell
from balie.handoff.views import OWN_DESK
from balie.kernel.clock import Clock
from balie.settings import Settings
from balie.storage.unit_of_work import UnitOfWork

DeskOf = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The parts of the house that channels work with."""

    conversations: ConversationBook
    bell: Bell
    turns: TurnTaker
    handoffs: HandoffBook
    cards: Cards
    words: Words
    clock: Clock


@dataclass(frozen=True, slots=True)
class Channels:
    """Everything about channels.

    Attributes:
        dispatcher: The loop; it does nothing where there are no channels.
        chatwoot: Where Chatwoot's events are handed in; None without Chatwoot.
        webhook_desk: Where a webhook desk's events are handed in; None without one.
    """

    dispatcher: Dispatcher
    chatwoot: ChatwootIntake | None = None
    webhook_desk: WebhookDesk | None = None


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
    )


def open_with(
    unit_of_work: UnitOfWork,
    house: House,
    *,
    chatwoot: ChatwootClient | None = None,
    webhook_desk: WebhookClient | None = None,
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
    dispatcher = Dispatcher(store, outside, house.bell, clock=house.clock)
    intake = None if chatwoot is None else ChatwootIntake(store, dispatcher, chatwoot.access.account)
    return Channels(dispatcher, intake, desk)


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
    )


def webhook_access(settings: Settings) -> WebhookAccess | None:
    """Where a webhook desk listens; None where the settings name none."""
    if not settings.webhook_desk_url:
        return None
    return WebhookAccess(settings.webhook_desk_url, settings.webhook_desk_secret.get_secret_value())


def _open_chatwoot(client: ChatwootClient, store: ChannelStore, house: House) -> ChatwootDesk:
    conversations, clock = house.conversations, house.clock
    return ChatwootDesk(
        client,
        ChatwootEvents(client, store, conversations, (house.turns, house.handoffs), clock),
        ChatwootSender(client, store, conversations, (house.cards, house.words), clock),
    )
