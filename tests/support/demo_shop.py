"""The demo shop in a real database: loaded once, copied for every test. Its last day is the still clock's."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from balie.baskets.demo import load_demo_codes
from balie.orders.demo.load import DemoSize, load_demo_shop
from balie.payments.demo import adopt_demo_payments
from balie.storage.migrate import upgrade
from tests.support.content import real_renderer

TODAY = date(2026, 11, 3)


@cache
def _loaded() -> Path:
    path = Path(tempfile.mkdtemp(prefix="balie-test-")) / "demo.db"
    upgrade(f"sqlite:///{path}")
    load_demo_shop(f"sqlite:///{path}", today=TODAY, size=DemoSize(customers=20, orders=60))
    adopt_demo_payments(f"sqlite:///{path}")
    facts = real_renderer().library.shop
    load_demo_codes(f"sqlite:///{path}", shop=facts, today=TODAY, secret="s" * 32)
    return path


def copy_demo_shop(folder: Path) -> str:
    """The address of a small demo shop in this folder."""
    path = folder / "balie.db"
    shutil.copy(_loaded(), path)
    return f"sqlite:///{path}"
