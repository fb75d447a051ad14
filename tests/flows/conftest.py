from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.clock import StillClock
from tests.support.counter import Shop
from tests.support.demo_shop import copy_demo_shop
from tests.support.store import opened


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return copy_demo_shop(tmp_path)


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    async with opened(database_url) as unit_of_work:
        yield Shop(unit_of_work, StillClock())
