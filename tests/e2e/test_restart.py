"""The server is killed and started again under an open page: the page has the buttons of its run again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.complaints import Complaints
from tests.e2e.screens import Train, draw, until
from tests.e2e.served import serve
from tests.e2e.test_pictures import CIRCLE, TRIANGLE

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


COUNT_BOXES = """() => {
  window.glasshouseBoxes = 0;
  new MutationObserver((records) => {
    for (const { addedNodes } of records)
      for (const node of addedNodes) if (node.querySelector?.("section[role=dialog]")) window.glasshouseBoxes += 1;
  }).observe(document.body, { childList: true, subtree: true });
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


def test_while_the_server_is_away_one_line_says_so_and_one_draws_on(
    visit: Callable[..., Page], complaints: Complaints, tmp_path: Path
) -> None:
    with serve(tmp_path / "home") as server:
        page = visit(server.address + "/classify?lang=de")
        complaints.forgiven += [*AWAY, "Not connected"]
        page.evaluate(COUNT_BOXES)
        verdict, line = page.get_by_test_id("verdict"), page.locator("#gh-away")
        draw(page, CIRCLE)
        until(lambda: verdict.get_attribute("data-class") == "Kreis", "a circle")
        expect(line).to_be_hidden()
        server.kill()
        expect(line).to_have_text(
            "Die Verbindung ist unterbrochen. Gezeichnetes und Eingestelltes bleibt; es geht von selbst weiter."
        )
        until(lambda: page.evaluate("glasshouseBoxes") > 0, "Streamlit's own box")
        page.get_by_test_id("canvas-clear").click()  # no box stands before it
        draw(page, TRIANGLE)
        assert page.locator("section[role=dialog]").count() == 0
        server.start()
        expect(line).to_have_text("Wieder verbunden.")
        until(lambda: verdict.get_attribute("data-class") == "Dreieck", "what was drawn meanwhile")
        expect(line).to_be_hidden()
