from pathlib import Path

import pytest

from tests.unit.content.support import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)
