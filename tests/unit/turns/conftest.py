from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from balie.conversations.bell import Bell
from balie.conversations.service import ConversationService
from tests.support.assistants import FakeAssistant
from tests.support.store import copy_database, opened


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return copy_database(tmp_path)


@pytest.fixture
async def conversations(database_url: str) -> AsyncIterator[ConversationService]:
    async with opened(database_url, lock_wait=timedelta(milliseconds=10)) as unit_of_work:
        yield ConversationService(unit_of_work, Bell())


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()
