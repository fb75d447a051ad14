"""One house, one channel at a time, and the website beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from balie.settings import Settings
from tests.contract.channels.driver import Rig
from tests.contract.channels.house import House, house_with
from tests.contract.channels.rigs import RIGS, open_rig
from tests.contract.channels.widget import WidgetRig
from tests.support.store import copy_database

USUAL: dict[str, Any] = {
    "messages_per_minute": 1000,
    "conversations_per_minute": 1000,
    "desk_always_open": True,
}


@pytest.fixture(params=RIGS)
def channel(request: pytest.FixtureRequest) -> str:
    """Whose rig a test gets."""
    name: str = request.param
    return name


@pytest.fixture
async def rig(channel: str, tmp_path: Path) -> AsyncIterator[Rig]:
    """The channel, with the service behind it."""
    async with AsyncExitStack() as stack:
        rig, settings = await open_rig(channel, stack)
        given = {**USUAL, "var_dir": tmp_path, "database_url": copy_database(tmp_path), **settings}
        house = await stack.enter_async_context(house_with(Settings(**given)))
        rig.move_in(house)
        stack.push_async_callback(rig.aclose)
        house.rigs.append(rig)
        yield rig


@pytest.fixture
def house(rig: Rig) -> House:
    """The service."""
    found: House = rig.house
    return found


@pytest.fixture
async def website(rig: Rig, house: House) -> AsyncIterator[WidgetRig]:
    """The website of the same house, whichever channel is tested."""
    if isinstance(rig, WidgetRig):
        yield rig
        return
    website = WidgetRig()
    website.move_in(house)
    house.rigs.append(website)
    yield website
    await website.aclose()
