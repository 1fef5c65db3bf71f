"""The live curve when things are not as usual: a connection that breaks, a run of very many points."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from lib import RunConfig
from lib.runs.names import name_for
from lib.runs.store import Store
from tests.e2e.screens import Chart, Train, until
from tests.e2e.test_train_page import LONG
from tests.e2e.wire import Wire, wire_to

pytestmark = pytest.mark.e2e

MANY = 30_000
PEAK = 12_345  # the one point where the loss jumps


def _published(address: str, run_id: str) -> list[list[float]]:
    """All points of a run, from its stream."""
    with urllib.request.urlopen(f"{address}/api/runs/{run_id}/events", timeout=10) as stream:
        for line in stream:
            if line.startswith(b"event: points"):
                found: list[list[float]] = json.loads(stream.readline().removeprefix(b"data: "))["points"]
                return found
    raise AssertionError("no points")


@pytest.fixture
def wire(address: str) -> Iterator[Wire]:
    """A connection that can be cut."""
    with wire_to(address) as wire:
        yield wire


def test_after_a_lost_connection_nothing_is_missing_and_nothing_is_there_twice(
    visit: Callable[..., Page], address: str, wire: Wire
) -> None:
    page = visit(wire.address + LONG, forgive="net::ERR_")
    train = Train(page)
    train.start()
    run_id, lost = train.run_id, page.get_by_text("connection lost, reconnecting")
    wire.cut()
    lost.wait_for()
    seen = train.points
    until(lambda: len(_published(address, run_id)) > seen + 10, "it trains on meanwhile")
    assert train.points == seen
    wire.mend()
    train.wait_for_points(seen + 20)
    lost.wait_for(state="detached")
    until(lambda: train.is_awake("Pause"), "Pause")
    train.press("Pause")
    train.wait_for_state("paused")

    published = _published(address, run_id)
    until(lambda: train.points == len(published), "every point")
    assert Chart(page, "loss").shown == [[epochs, loss] for epochs, loss, _ in published]
    train.press("Stop")
    train.wait_for_state("stopped")


def test_thirty_thousand_points_keep_their_shape(visit: Callable[..., Page], address: str, home: Path) -> None:
    run_id = _run_of_many_points(home)
    page = visit(f"/train?run={run_id}")
    train = Train(page)
    until(lambda: train.points == MANY, "all points have arrived")
    chart = Chart(page, "loss")
    until(lambda: chart.is_drawn, "the chart is drawn")
    shown = chart.shown
    assert len(shown) < 3_000  # Plotly draws all it holds anew each time
    assert [PEAK / 1000, 5.0] in shown
    assert [shown[0][0], shown[-1][0]] == pytest.approx([0, MANY / 1000], abs=0.06)

    chart.zoom(12.0, 12.6)
    until(lambda: chart.range[1] - chart.range[0] < 1, "zoomed in")
    left, right = chart.range
    inside = [point for point in chart.shown if left < point[0] < right]
    assert inside == [point[:2] for point in _published(address, run_id) if left < point[0] < right]


def _run_of_many_points(home: Path) -> str:
    """Put a run that has ended into the server's folder, as an earlier process would have left it."""
    points = [[i / 1000, 5.0 if i == PEAK else round(2 / (1 + i / 1000), 5), 0.5] for i in range(MANY)]
    config = RunConfig.model_validate({"data": {"name": "digits"}, "train": {"epochs": MANY // 1000}})
    store = Store(home)
    store.create("many-points", "somebody", config, name_for)
    store.append("many-points", "point", [(point[0], point) for point in points])
    store.set_state("many-points", "stopped", None)
    store.close()
    return "many-points"
