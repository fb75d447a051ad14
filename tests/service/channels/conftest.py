from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.elsewhere import Elsewhere, elsewhere
from tests.support.store import copy_database


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return copy_database(tmp_path)


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Elsewhere]:
    async with elsewhere(database_url) as house:
        yield house
