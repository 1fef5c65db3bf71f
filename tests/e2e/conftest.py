"""The real server on a free port, and a real browser in front of it; whatever either complains about fails a test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.complaints import Complaints
from tests.e2e.served import Served, complaints_in, serve

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps its runs; empty at first."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def servers() -> list[Served]:
    """The server of all tests, once a test has asked for it."""
    return []


@pytest.fixture(scope="session")
def server(home: Path, servers: list[Served]) -> Iterator[Served]:
    """Glasshouse, served once for all tests; its log must stay free of errors and warnings."""
    with serve(home) as served:
        servers.append(served)
        yield served


@pytest.fixture(scope="session")
def address(server: Served) -> str:
    """Where the server of all tests answers."""
    return server.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def complaints(servers: list[Served], monkeypatch: pytest.MonkeyPatch) -> Iterator[Complaints]:
    """Hear every context of every browser that the test opens, also by itself, and the server of all tests."""
    heard, opened, new_context = Complaints(), list[BrowserContext](), Browser.new_context
    said = {server.pid: len(server.log) for server in servers}

    def new_watched_context(self: Browser, **options: object) -> BrowserContext:
        opened.append(new_context(self, **options))
        heard.listen(opened[-1])
        return opened[-1]

    monkeypatch.setattr(Browser, "new_context", new_watched_context)
    yield heard
    for context in opened:
        if context.browser and context.browser.is_connected():
            context.close()
    assert heard.all == []
    for server in servers:
        assert complaints_in(server.log[said.get(server.pid, 0) :]) == []


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest, complaints: Complaints) -> Callable[..., Page]:
    """`visit("/train")` opens a page in a browser of its own (or in `context`); nothing may be complained about.

    A path may be a whole address, of a server that the test serves itself. `forgive` is a part of the complaints that
    a test brings about.
    """

    def open_page(path: str, context: BrowserContext | None = None, forgive: str = "", **options: object) -> Page:
        complaints.forgiven.extend([forgive] if forgive else [])
        if context is None:
            context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(path if path.startswith("http") else request.getfixturevalue("address") + path)
        return page

    return open_page
