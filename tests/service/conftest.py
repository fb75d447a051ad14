from collections.abc import AsyncIterator

import httpx
import pytest

from balie.agents.kinds import Role
from tests.support.app_fixtures import balie, database_url, static_dir
from tests.support.desk import desk_browser, sign_in
from tests.support.gateway import Balie

__all__ = ["balie", "database_url", "static_dir"]


@pytest.fixture
async def browser(balie: Balie) -> AsyncIterator[httpx.AsyncClient]:
    """On the desk's page; nobody is signed in."""
    async with desk_browser(balie) as http:
        yield http


@pytest.fixture
async def lead(balie: Balie, browser: httpx.AsyncClient) -> httpx.AsyncClient:
    await sign_in(balie, browser, Role.LEAD)
    return browser
