import re
import shutil
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from balie.settings import PROJECT_ROOT
from tests.e2e.desk import Desk
from tests.e2e.service import RunningBalie
from tests.e2e.widget import Widget

RESULTS = PROJECT_ROOT / "test-results"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CALM = (
    "--no-sandbox",  # a root user's Chromium refuses to start with one
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
LOCALES = {"nl": "nl-NL", "en": "en-GB"}
HTML_OF_A_SHOP = """<!doctype html><html lang="en"><title>Another shop</title>
<h1>Another shop</h1><p>With its own style: <button>Buy</button></p>
<script src="{balie}/widget/widget.js" data-title="Another shop" data-colour="#ffd400"></script>"""
STRICT_POLICY = (
    "default-src 'none'; script-src {balie}; connect-src {balie} {socket}; require-trusted-types-for 'script'"
)

NewPage = Callable[..., Page]


class StrictShop:
    """A page of somebody else, on another origin, with the strictest content security policy."""

    def __init__(self) -> None:
        self.balie = ""
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shop.answer(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        socket = self.balie.replace("http", "ws", 1)
        request.send_response(200)
        request.send_header("Content-Type", "text/html; charset=utf-8")
        request.send_header("Content-Security-Policy", STRICT_POLICY.format(balie=self.balie, socket=socket))
        request.end_headers()
        request.wfile.write(HTML_OF_A_SHOP.format(balie=self.balie).encode())

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture(scope="session")
def strict_shop() -> Iterator[StrictShop]:
    shop = StrictShop()
    yield shop
    shop.stop()


@pytest.fixture(scope="session")
def balie(tmp_path_factory: pytest.TempPathFactory, strict_shop: StrictShop) -> Iterator[RunningBalie]:
    """The real thing, once for all tests."""
    running = RunningBalie(tmp_path_factory.mktemp("balie"), allowed_origin=strict_shop.address)
    strict_shop.balie = running.address
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def _learned(balie: RunningBalie) -> None:
    """There is something to recommend."""
    balie.learn_to_recommend()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The Chromium that is installed, else Playwright's own."""
    installed = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    browser = playwright.chromium.launch(executable_path=installed, args=list(CALM))
    yield browser
    browser.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers that nobody has used yet."""
    contexts: list[BrowserContext] = []

    def make(language: str = "en", **options: Any) -> BrowserContext:
        defaults = {
            "locale": LOCALES[language],
            "timezone_id": "Europe/Amsterdam",
            "reduced_motion": "reduce",
        }
        contexts.append(browser.new_context(**(defaults | options)))
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def new_page(
    request: pytest.FixtureRequest, balie: RunningBalie, new_context: Callable[..., BrowserContext]
) -> Iterator[NewPage]:
    """Opens the demo shop in a fresh browser, or in a further tab of one."""
    pages: list[Page] = []
    problems: list[str] = []

    def make(
        language: str = "en", *, beside: Page | None = None, url: str | None = None, **options: Any
    ) -> Page:
        context = beside.context if beside else new_context(language, **options)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.extend(_refused_by_policy(line.text)))
        page.goto(url or f"{balie.address}/?lang={language}")
        pages.append(page)
        return page

    yield make
    if request.node.stash.get(FAILED, False):
        _keep_screenshots(request.node.name, pages)
    assert not problems, "\n".join(problems)


@pytest.fixture
def desk(balie: RunningBalie, new_page: NewPage) -> Iterator[Callable[..., Desk]]:
    """An agent of the demo shop at the desk; gone when the test is over."""
    open_desks: list[Desk] = []

    def make(name: str, language: str, **options: object) -> Desk:
        page = new_page(language, url=f"{balie.address}/desk", **options)
        open_desks.append(Desk(page, language).sign_in(name))
        open_desks[-1].be("online")
        return open_desks[-1]

    yield make
    for each in open_desks:
        each.be("offline")


@pytest.fixture
def chat(new_page: NewPage) -> Callable[..., Widget]:
    """A visitor of the demo shop with the chat open."""

    def make(language: str = "en", **options: Any) -> Widget:
        return Widget(new_page(language, **options), language).open()

    return make


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


def _refused_by_policy(line: str) -> list[str]:
    return [line] if "Content Security Policy" in line or "TrustedScript" in line else []


def _keep_screenshots(test: str, pages: list[Page]) -> None:
    RESULTS.mkdir(exist_ok=True)
    name = re.sub(r"[^\w-]+", "-", test)
    for number, page in enumerate(pages, start=1):
        page.screenshot(path=Path(RESULTS) / f"{name}-{number}.png")
