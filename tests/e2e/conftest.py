"""The real server on a free port, and a real browser in front of it; whatever either complains about fails a test."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Error, Page, expect, sync_playwright

from tests.e2e.complaints import Complaints
from tests.e2e.screens import PATIENCE
from tests.e2e.served import Served, serve

expect.set_options(timeout=1000 * PATIENCE)
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


_SEEN = pytest.StashKey[list[BrowserContext]]()  # what a test has opened


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails says what its pages showed: on another machine nobody can look."""
    report = yield
    if report.when == "call" and report.failed:
        pages = [page for context in item.stash.get(_SEEN, []) for page in context.pages]
        report.sections += [(f"a page at {page.url}", _words_on(page)) for page in pages]
    return report


def _words_on(page: Page) -> str:
    try:
        page.set_default_timeout(5000)  # it may have broken down
        return page.locator("body").inner_text()[:5000]
    except Error as problem:
        return str(problem)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps its runs; empty at first."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[Served]:
    """Glasshouse, served once for all tests."""
    with serve(home) as served:
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
def complaints(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Complaints]:
    """Hear every context of every browser and every server that the test opens, also by itself.

    The servers of several tests are heard too: a test may not have asked for them.
    """
    heard = Complaints()
    opened = request.node.stash[_SEEN] = list[BrowserContext]()
    new_context, launch_persistent_context = Browser.new_context, BrowserType.launch_persistent_context

    def watched(context: BrowserContext) -> BrowserContext:
        opened.append(context)
        context.set_default_timeout(1000 * PATIENCE)
        heard.listen(context)
        return context

    monkeypatch.setattr(Browser, "new_context", lambda self, **options: watched(new_context(self, **options)))
    monkeypatch.setattr(Browser, "new_page", lambda self, **options: self.new_context(**options).new_page())
    monkeypatch.setattr(
        BrowserType,
        "launch_persistent_context",
        lambda self, *folder, **options: watched(launch_persistent_context(self, *folder, **options)),
    )
    yield heard
    for context in opened:
        if context.browser is None or context.browser.is_connected():
            context.close()
    assert heard.all == []
    assert [each for server in Served.launched for each in server.complaints()] == []


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
        page.goto(path if path.startswith("http") else request.getfixturevalue("address") + path)
        return page

    return open_page
