"""The channels that keep the contract, and what each can do."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any, Final

from tests.contract.channels.driver import Rig
from tests.contract.channels.provider import provider
from tests.contract.channels.telegram import telegram
from tests.contract.channels.widget import WidgetRig

RIGS: Final = ("web_widget", "telegram", "webhook_channel")
ELSEWHERE: Final = ("telegram", "webhook_channel")
CAN_EDIT: Final = ("telegram", "webhook_channel")
CAN_BE_LEFT: Final = ("telegram", "webhook_channel")
"""Channels whose customers can see to it that nothing reaches them."""


async def open_rig(channel: str, stack: AsyncExitStack) -> tuple[Rig, dict[str, Any]]:
    """The other side of a channel, and the settings by which we find it."""
    match channel:
        case "web_widget":
            return WidgetRig(), {}
        case "telegram":
            messenger = await stack.enter_async_context(telegram())
            return messenger, messenger.settings
        case "webhook_channel":
            rig = await stack.enter_async_context(provider())
            return rig, rig.settings
    raise AssertionError(channel)
