"""Whether the other side of a webhook channel takes what we post: one signed event that is about nobody."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

import httpx

from balie.channels.errors import OutsideRefusedError, OutsideUnavailableError
from balie.channels.signed_webhooks.client import WebhookAccess, WebhookClient
from balie.channels.webhook_channel.sending import PING
from balie.kernel.clock import Clock, utc_now

ANSWER_WAIT_S: Final = 3.0

UNSIGNED: Final = frozenset({"answered_401", "answered_403"})
"""What the other side answers when it shares another secret with us, or its clock is off."""


async def find_trouble(access: WebhookAccess, *, clock: Clock = utc_now) -> str | None:
    """Why the other side does not take a ``ping``, as a code; None when it takes it."""
    client = WebhookClient(access, httpx.AsyncClient(timeout=ANSWER_WAIT_S, trust_env=False), clock=clock)
    try:
        await client.post({"id": str(uuid4()), "type": PING})
    except (OutsideUnavailableError, OutsideRefusedError) as error:
        return error.reason
    finally:
        await client.aclose()
    return None
