"""The demo shop in a real database: loaded once, copied for every test. Its last day is the still clock's."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from balie.orders.demo.load import DemoSize, load_demo_shop
from balie.storage.migrate import upgrade

TODAY = date(2026, 11, 3)


@cache
def _loaded() -> Path:
    path = Path(tempfile.mkdtemp(prefix="balie-test-")) / "demo.db"
    upgrade(f"sqlite:///{path}")
    load_demo_shop(f"sqlite:///{path}", today=TODAY, size=DemoSize(customers=20, orders=60))
    return path


def copy_demo_shop(folder: Path) -> str:
    """The address of a small demo shop in this folder."""
    path = folder / "balie.db"
    shutil.copy(_loaded(), path)
    return f"sqlite:///{path}"
