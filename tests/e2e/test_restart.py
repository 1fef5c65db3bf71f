"""The server is killed and started again under an open page: the page has the buttons of its run again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.complaints import Complaints
from tests.e2e.screens import Train, until
from tests.e2e.served import serve

pytestmark = pytest.mark.e2e

LONG = "/train?net=c4k3-m4-f-d12&data=digits&epochs=200&batch=4"
AWAY = ["ERR_CONNECTION_REFUSED", "WebSocket", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "ERR_INCOMPLETE_CHUNKED"]
AWAY += ["Client Error", "Streamlit server is not responding", "disconnected from server"]  # of Streamlit's own client

APP = "[data-testid='stApp']"
COUNT_RUNS = """app => {
  const watched = document.querySelector(app);
  window.glasshouseRuns = 0;
  new MutationObserver(() => {
    const { testScriptState: script, testConnectionState: connection } = watched.dataset;
    if (script === "running" && connection === "CONNECTED") window.glasshouseRuns += 1;
  }).observe(watched, { attributeFilter: ["data-test-script-state"] });
}"""


@pytest.mark.parametrize("state", ["running", "paused"])
def test_after_a_restart_the_open_page_has_the_buttons_of_its_run(
    visit: Callable[..., Page], complaints: Complaints, tmp_path: Path, state: str
) -> None:
    with serve(tmp_path / "home") as server:
        page = visit(server.address + LONG)
        complaints.forgiven += AWAY
        train = Train(page)
        train.start()
        if state == "paused":
            train.press("Pause")
            until(lambda: train.is_awake("Resume"), "the run paused")
        page.evaluate(COUNT_RUNS, APP)
        server.kill()
        until(lambda: page.get_by_test_id("run-monitor").get_by_text("reconnecting").count() > 0, "the page misses it")
        server.start()
        until(lambda: page.evaluate("glasshouseRuns") > 0, "the page run by the new server")
        page.locator(f"{APP}[data-test-script-state='notRunning']").wait_for()
        until(lambda: train.is_awake("Resume"), "a button that resumes the run")
        points = train.points
        train.press("Resume")
        train.wait_for_state("running")
        train.wait_for_points(points)
        train.press("Stop")
        train.wait_for_state("stopped")
