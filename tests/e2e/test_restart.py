"""The server is killed and started again under an open page: the page has the buttons of its run again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.complaints import Complaints
from tests.e2e.screens import Train, until
from tests.e2e.served import serve

pytestmark = pytest.mark.e2e

LONG = "/train?net=c4k3-m4-f-d12&data=digits&pictures=300&epochs=200"
AWAY = ["ERR_CONNECTION_REFUSED", "WebSocket", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "ERR_INCOMPLETE_CHUNKED"]
AWAY += ["Client Error"]  # Streamlit's own client, which looks whether the server is back


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
        server.kill()
        until(
            lambda: page.get_by_test_id("run-monitor").get_by_text("reconnecting").count() > 0, "the page misses it", 20
        )
        server.start()
        until(lambda: train.is_awake("Resume"), "a button that resumes the run", 90)
        points = train.points
        train.press("Resume")
        train.wait_for_state("running")
        train.wait_for_points(points)
        train.press("Stop")
        train.wait_for_state("stopped")
