"""The suites of tests/unit/conversations that need a store, on both databases."""

from __future__ import annotations

import pytest

from balie.conversations.bell import Bell
from balie.conversations.code_service import CodeService
from balie.conversations.service import ConversationService
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.codes import CodeBook
from tests.unit.conversations.test_across_channels import *  # noqa: F403
from tests.unit.conversations.test_code_service import *  # noqa: F403
from tests.unit.conversations.test_concurrency import *  # noqa: F403
from tests.unit.conversations.test_continuing import *  # noqa: F403
from tests.unit.conversations.test_emotion import *  # noqa: F403
from tests.unit.conversations.test_identification import *  # noqa: F403
from tests.unit.conversations.test_photos import *  # noqa: F403
from tests.unit.conversations.test_service import *  # noqa: F403
from tests.unit.conversations.test_typed_titles import *  # noqa: F403


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
