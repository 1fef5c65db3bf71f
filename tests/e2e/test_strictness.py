"""The browser suite is strict: whatever goes wrong in a page or in a server fails the test."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.complaints import Complaints
from tests.e2e.conftest import CHROMIUM
from tests.e2e.screens import PATIENCE, until
from tests.e2e.served import Served, complaints_in

pytestmark = pytest.mark.e2e


def _shown(page: Page, html: str) -> None:
    """Show a page of this content, from no server."""
    page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<script>console.error('so it says')</script>", "so it says"),
        ("<script>null.mount()</script>", "Cannot read properties of null"),
        ("<script>Promise.reject(new Error('never caught'))</script>", "never caught"),
        ("<div data-testid='stException'>An error occurred</div>", "a red box: An error occurred"),
        (
            "<body><script>setTimeout(() => { document.body.innerHTML = '<p><b data-testid=stException>late</b></p>' })"
            "</script>",
            "a red box: late",
        ),
    ],
)
def test_a_context_that_a_test_opens_itself_is_heard_too(
    browser: Browser, complaints: Complaints, html: str, said: str
) -> None:
    _shown(browser.new_context().new_page(), html)
    pages = [page for context in browser.contexts for page in context.pages]
    until(lambda: pages[-1].evaluate("1") == 1 and len(complaints.all) > 0, "a complaint")
    assert said in complaints.all[0]
    complaints.forgiven.append(said)


def test_a_page_that_a_test_opens_without_a_context_or_in_a_browser_of_its_own_is_heard_too(
    browser: Browser, complaints: Complaints, tmp_path: Path
) -> None:
    complaints.forgiven += ["one says", "another says"]
    _shown(browser.new_page(), "<script>console.error('one says')</script>")
    kept = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=CHROMIUM, args=["--no-sandbox"], timeout=1000 * PATIENCE
    )
    _shown(kept.new_page(), "<script>console.error('another says')</script>")
    until(lambda: kept.pages[-1].evaluate("1") == 1 and len(complaints.heard) > 1, "both complaints")
    assert complaints.heard == ["one says", "another says"]
    assert complaints.all == []


def test_a_server_that_a_test_starts_itself_is_heard_too(tmp_path: Path) -> None:
    mine = Served(tmp_path / "home")
    Served.launched.append(mine)  # as `launch` does
    mine.log_file.write_text("all is well\n", encoding="utf-8")
    assert mine.complaints() == []
    with mine.log_file.open("a", encoding="utf-8") as log:
        log.write(_LOG)
    assert len(mine.complaints()) == 2
    assert mine.complaints() == []  # told once, to the test that it belongs to


def test_a_server_that_answers_with_an_error_is_heard(browser: Browser, complaints: Complaints) -> None:
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(status=500, body="broken", content_type="text/html"))
    context.new_page().goto("http://127.0.0.1:9/data")
    assert complaints.all[0] == "500 http://127.0.0.1:9/data"
    complaints.forgiven.append("500")


_LOG = """
  You can now view your Streamlit app in your browser.
2026-11-28 10:00:00.000 Uncaught app execution
Traceback (most recent call last):
  File "a.py", line 1, in <module>
    raise ValueError("no number")
ValueError: no number
2026-11-28 10:00:01.000 The fragment with id 1f does not exist anymore
"""


def test_tracebacks_and_warnings_of_a_server_are_found_whole() -> None:
    found = complaints_in(_LOG + "2026-11-28 10:00:02.000 WARNING: slow\n")
    assert len(found) == 3
    assert "Uncaught app execution" in found[0]
    assert "ValueError: no number" in found[0]
    assert "WARNING: slow" in found[2]
    assert complaints_in(_LOG, forgive=("no number", "does not exist anymore")) == []
    assert complaints_in("  You can now view your Streamlit app in your browser.\n  URL: http://127.0.0.1:1\n") == []
