"""The app with a store of its own, for every folder that tests it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.gateway import Balie, balie_with
from tests.support.store import copy_database


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return copy_database(tmp_path)


@pytest.fixture
def static_dir(tmp_path: Path) -> Path:
    """Web assets as the build leaves them."""
    for path, content in {
        "widget/widget.js": "/* widget */",
        "demo/index.html": "<!doctype html><title>Duin & Dal</title>",
        "demo/product.html": "<!doctype html><title>A product of Duin & Dal</title>",
        "demo/shop.css": "body {}",
        "desk/index.html": "<!doctype html><title>Balie</title>",
        "desk/assets/index-0123456789.css": "body {}",
        "docs/swagger-ui-bundle.js": "/* docs */",
        "pages/page.css": "body {}",
    }.items():
        file = tmp_path / "static" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return tmp_path / "static"


@pytest.fixture
async def balie(database_url: str, static_dir: Path) -> AsyncIterator[Balie]:
    async with balie_with(database_url, static_dir=static_dir) as balie:
        yield balie
