from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from balie.conversations.bell import Bell
from balie.conversations.code_service import CodeService
from balie.conversations.service import ConversationService
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.codes import CodeBook
from tests.support.store import copy_database, opened


@pytest.fixture
async def unit_of_work(tmp_path: Path) -> AsyncIterator[UnitOfWork]:
    async with opened(copy_database(tmp_path)) as unit_of_work:
        yield unit_of_work


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def conversations(unit_of_work: UnitOfWork, clock: StillClock) -> ConversationService:
    return ConversationService(unit_of_work, Bell(), clock=clock)


@pytest.fixture
def code_book() -> CodeBook:
    return CodeBook()


@pytest.fixture
def codes(unit_of_work: UnitOfWork, clock: StillClock, code_book: CodeBook) -> CodeService:
    return CodeService(unit_of_work, "s" * 32, post_bell=code_book, clock=clock, codes=code_book)
