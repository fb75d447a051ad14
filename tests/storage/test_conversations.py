"""The suites of tests/unit/conversations that need a store, on both databases."""

from __future__ import annotations

import pytest

from balie.conversations.bell import Bell
from balie.conversations.service import ConversationService
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.unit.conversations.test_concurrency import *  # noqa: F403
from tests.unit.conversations.test_emotion import *  # noqa: F403
from tests.unit.conversations.test_identification import *  # noqa: F403
from tests.unit.conversations.test_service import *  # noqa: F403


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def conversations(unit_of_work: UnitOfWork, clock: StillClock) -> ConversationService:
    return ConversationService(unit_of_work, Bell(), clock=clock)
