"""A whole Balie for the browser tests: service, Rasa and demo shop as they are, in a folder of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from balie.cli.running_rasa import free_port
from balie.conversations.continuing import ContinuationService
from balie.conversations.views import WEB_WIDGET
from balie.kernel.ids import ConversationId
from balie.orders.demo.personas import DAVID
from balie.recommendations.kinds import ListKind
from balie.settings import PROJECT_ROOT
from balie.storage.engine import open_async_engine
from balie.storage.unit_of_work import UnitOfWork

BALIE = Path(sys.executable).with_name("balie")
START_WITHIN_S = 600
"""Training included, for a checkout that has no model yet."""
RASA_BACK_WITHIN_S = 90
LEARNED_WITHIN_S = 180
TOLD_WITHIN_S = 15


@dataclass(frozen=True)
class KnownOrder:
    """An order of the demo shop, with what its customer knows about it."""

    number: str
    email: str
    postcode: str
    external_id: str
    first_name: str


class RunningBalie:
    """What ``balie up`` starts."""

    def __init__(self, folder: Path, *, allowed_origin: str, more: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._port = free_port()
        self._log = folder / "up.log"
        self._settings = {
            "BALIE_VAR_DIR": str(folder),
            "BALIE_DATABASE_URL": "",
            "BALIE_PUBLIC_PORT": str(self._port),
            "BALIE_INTERNAL_PORT": str(free_port()),
            "BALIE_RASA_PORT": str(free_port()),
            "BALIE_RASA_WORKERS": "1",
            "BALIE_DEMO": "true",
            "BALIE_ALLOWED_ORIGINS": allowed_origin,
            **(more or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where the demo shop is, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it and wait until customers can be served."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(BALIE), "up"],
                cwd=PROJECT_ROOT,
                env=os.environ | self._settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.wait_until_ready(START_WITHIN_S)

    def stop(self) -> None:
        """Ask it to stop, as Ctrl-C does."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait_until_ready(self, within_s: float) -> None:
        """Wait until the store and Rasa answer."""
        assert self._process is not None
        deadline = time.monotonic() + within_s
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(
                    f"Balie did not get ready:\n{self._log.read_text(errors='replace')[-4000:]}"
                )
            time.sleep(0.2)

    @contextmanager
    def without_rasa(self) -> Iterator[None]:
        """Rasa stands still for the length of the block: it accepts calls and answers none."""
        rasa = self._rasa_pid()
        os.kill(rasa, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(rasa, signal.SIGCONT)
            self.wait_until_ready(RASA_BACK_WITHIN_S)

    def kill_rasa(self) -> None:
        """End Rasa without warning; the service starts another."""
        os.kill(self._rasa_pid(), signal.SIGKILL)

    def agent_token(self) -> str:
        """A token for the agents' addresses, as an operator makes one."""
        made = subprocess.run(
            [str(BALIE), "agent", "token"],
            check=True,
            cwd=PROJECT_ROOT,
            env=os.environ | self._settings,
            capture_output=True,
            text=True,
        )
        return made.stdout.strip()

    def learn_to_recommend(self) -> None:
        """Train the lists on the demo shop's orders, or wait for the training that goes on."""
        trained = subprocess.run(
            [str(BALIE), "recommend", "train"],
            check=False,
            cwd=PROJECT_ROOT,
            env=os.environ | self._settings,
            capture_output=True,
            text=True,
        )
        if trained.returncode:
            assert "training_goes_on" in trained.stderr, trained.stderr
            self._wait_for_lists()

    def _wait_for_lists(self) -> None:
        deadline = time.monotonic() + LEARNED_WITHIN_S
        while self._ask(_LIVE_LISTS)[0][0] < len(ListKind):
            assert time.monotonic() < deadline, "Nothing was learned."
            time.sleep(0.2)

    def find_order_on_its_way(self, *, language: str) -> KnownOrder:
        """The newest order that has left and not arrived, of a customer for whom it is the latest order."""
        return KnownOrder(*self._ask(_ORDER_ON_ITS_WAY, language)[0])

    def find_order_to_cancel(self) -> KnownOrder:
        """The newest order that is not packed yet, of nobody whose order another test changes."""
        return KnownOrder(*self._ask(_ORDER_NOT_PACKED, DAVID.order_number)[0])

    def is_cancelled(self, order_number: str) -> bool:
        """Whether the store has an order as called off."""
        return self._ask("SELECT cancelled_at FROM orders WHERE number = ?", order_number)[0][0] is not None

    def count_returns(self, order_number: str) -> int:
        """How many returns of an order are registered."""
        query = "SELECT count(*) FROM returns JOIN orders ON orders.id = order_id WHERE orders.number = ?"
        return int(self._ask(query, order_number)[0][0])

    def address_of(self, order_number: str) -> str:
        """Street and number of where an order goes."""
        query = "SELECT street || ' ' || house_number FROM orders WHERE number = ?"
        return self._ask(query, order_number)[0][0]

    def cases_of(self, order_number: str) -> list[tuple[str, str, str, int]]:
        """The cases about an order: kind, remedy, story, and how many photos go with it."""
        return self._ask(_CASES_OF_ORDER, order_number)

    def count_kept_aside(self, order_number: str) -> int:
        """How many pieces wait for what comes back of an order."""
        return int(self._ask(_KEPT_ASIDE, order_number)[0][0])

    def count_refunds_of_payments(self, order_number: str) -> int:
        """How many payments of an order that were taken for nothing go back."""
        query = """
            SELECT count(*) FROM refunds JOIN orders ON orders.id = order_id
            WHERE orders.number = ? AND payment_id IS NOT NULL
        """
        return int(self._ask(query, order_number)[0][0])

    def phone_of(self, external_id: str) -> str | None:
        """The telephone number of a customer."""
        return self._ask("SELECT phone FROM customers WHERE external_id = ?", external_id)[0][0]

    def find_product_without_choice(self, language: str) -> str:
        """The name of a product that comes in one variant only, of which there are enough."""
        return str(self._ask(_PRODUCT_WITHOUT_CHOICE, f"$.{language}")[0][0])

    def list_outcomes(self, key: str) -> list[str]:
        """What came of a recommendation, by its key."""
        return [kind for (kind,) in self._ask(_OUTCOMES, key)]

    def expect_outcomes(self, key: str, *kinds: str) -> None:
        """Wait until just this has come of a recommendation: a page that was left tells it on the way out."""
        deadline = time.monotonic() + TOLD_WITHIN_S
        while self.list_outcomes(key) != list(kinds):
            assert time.monotonic() < deadline, self.list_outcomes(key)
            time.sleep(0.1)

    def count_messages(self, text: str) -> int:
        """How often a customer's message is stored."""
        return int(
            self._ask("SELECT count(*) FROM messages WHERE author = 'customer' AND text = ?", text)[0][0]
        )

    def photos_said_after(self, text: str) -> list[tuple[int, int, bytes]]:
        """Width, height and file of the photos in the conversation in which a customer said this."""
        return self._ask(_PHOTOS_OF_CONVERSATION, text)

    def make_way_back(self, conversation_id: str) -> str:
        """A code that leads to a conversation on the website, as a messenger gives one."""

        async def make() -> str:
            engine = open_async_engine(f"sqlite:///{self._folder / 'balie.db'}")
            try:
                service = ContinuationService(UnitOfWork(engine))
                made = await service.create(ConversationId(UUID(conversation_id)), WEB_WIDGET)
            finally:
                await engine.dispose()
            return made.code

        # In a thread of its own: the browser's calls run in a loop of this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, make()).result()

    def _ask(self, query: str, *values: str) -> list[Any]:
        with closing(sqlite3.connect(f"file:{self._folder / 'balie.db'}?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False

    def _rasa_pid(self) -> int:
        assert self._process is not None
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self._process.pid)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return next(int(line.split()[0]) for line in listed.splitlines() if "nlu.serve" in line)


_ORDER_ON_ITS_WAY = """
SELECT orders.number, orders.email, orders.postcode, customers.external_id, customers.first_name
FROM orders
JOIN customers ON customers.id = orders.customer_id
JOIN shipments ON shipments.order_id = orders.id
WHERE customers.language = ? AND shipments.shipped_at IS NOT NULL
  AND shipments.delivered_at IS NULL AND shipments.ready_at IS NULL AND orders.cancelled_at IS NULL
  AND orders.delivery_method = 'standard'
  AND orders.id = (
    SELECT latest.id FROM orders AS latest
    WHERE latest.customer_id = customers.id ORDER BY latest.placed_at DESC LIMIT 1
  )
ORDER BY orders.placed_at DESC
LIMIT 1
"""

_LIVE_LISTS = "SELECT count(DISTINCT list) FROM recommendation_runs WHERE state = 'live'"

_OUTCOMES = """
SELECT kind FROM recommendation_outcomes
JOIN recommendation_exposures ON recommendation_exposures.id = exposure_id
WHERE recommendation_exposures.key = ?
ORDER BY kind
"""

_PHOTOS_OF_CONVERSATION = """
SELECT photos.width, photos.height, photos.jpeg
FROM photos JOIN messages ON messages.conversation_id = photos.conversation_id
WHERE messages.text = ?
ORDER BY photos.created_at
"""

_CASES_OF_ORDER = """
SELECT cases.kind, cases.remedy, cases.story, json_array_length(cases.facts, '$.photos')
FROM cases JOIN orders ON orders.id = cases.order_id
WHERE orders.number = ?
"""

_KEPT_ASIDE = """
SELECT coalesce(sum(reservations.quantity), 0)
FROM reservations
JOIN return_lines ON return_lines.id = reservations.return_line_id
JOIN returns ON returns.id = return_lines.return_id
JOIN orders ON orders.id = returns.order_id
WHERE orders.number = ?
"""

_PRODUCT_WITHOUT_CHOICE = """
SELECT json_extract(products.names, ?)
FROM products
JOIN product_variants ON product_variants.product_id = products.id
JOIN stock ON stock.variant_id = product_variants.id AND stock.store_id IS NULL
WHERE products.active
GROUP BY products.id
HAVING count(*) = 1 AND min(stock.quantity) >= 5
ORDER BY products.sku
LIMIT 1
"""

_ORDER_NOT_PACKED = """
SELECT orders.number, orders.email, orders.postcode, customers.external_id, customers.first_name
FROM orders
JOIN customers ON customers.id = orders.customer_id
WHERE orders.packed_at IS NULL AND orders.cancelled_at IS NULL AND orders.number <> ?
ORDER BY orders.placed_at DESC
LIMIT 1
"""
