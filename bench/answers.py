"""How quickly the pages answer a person while the article CNN trains, and while the same run is paused."""

import math
import time
from contextlib import closing
from http.client import HTTPConnection
from os import getpid
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Page

from bench.browser import browsing, milliseconds
from bench.dashboard import served
from bench.machine import BUSY_CORES, Usage
from lib.config import MAX_EPOCHS
from lib.models import preset
from lib.ui.setup.link import to_link
from tests.e2e.screens import Train, go_to, settled_box

Times = dict[str, list[float]]  # what was asked of the page -> milliseconds

STATES = ("training", "paused")
_PINGS = 60
_PAUSE_MS = 250  # between two answers, as a quick person needs
_SHEET = 6  # strokes, then a new sheet
_WARM_UP = 3  # answers that do not count: the first ones load code


def measure(rounds: int, each: int, *, force: bool) -> dict[str, Times]:
    """Ask in interleaved rounds, `each` times a round; gives the times in each of `STATES`.

    Rounds in which others used the machine do not count, unless `force`.
    """
    config = preset("article-cnn")
    config = config.model_copy(update={"train": config.train.model_copy(update={"epochs": MAX_EPOCHS})})
    found: dict[str, Times] = {state: {} for state in STATES}
    with served() as (address, _), browsing() as page:
        page.goto(f"{address}/train?{urlencode(to_link(config))}")
        Train(page).start()
        _ask(page, address, _WARM_UP)
        for number in range(rounds):
            for state in STATES:
                before = Usage.now()
                _bring_to(page, state)
                times = _ask(page, address, each)
                cores, busiest = Usage.now().others_since(before, getpid())
                counts = force or cores <= BUSY_CORES
                said = ", ".join(f"{what} {sorted(ms)[len(ms) // 2]:.1f}" for what, ms in times.items())
                print(f"  {number + 1} {state}: {said} ms" + ("" if counts else f"; {busiest} was busy"), flush=True)
                for what, ms in times.items() if counts else ():
                    found[state].setdefault(what, []).extend(ms)
    return found


def _bring_to(page: Page, state: str) -> None:
    """Pause the run, or let it go on until the curve moves."""
    train = Train(page)
    if state == "paused":
        train.press("Pause")
        train.wait_for_state("paused")
    elif train.state != "running":
        train.press("Resume")
        train.wait_for_state("running")
        train.wait_for_points(train.points + 2)


def _ask(page: Page, address: str, each: int) -> Times:
    """Move a slider on Train, draw on Classify, ask for a sign of life; ends on Train."""
    slider = [_move_slider(page, ("ArrowRight", "ArrowLeft")[number % 2]) for number in range(each)]
    go_to(page, "Classify")
    strokes = [_draw_stroke(page, number) for number in range(each)]
    page.get_by_test_id("canvas-clear").click()
    go_to(page, "Train")
    Train(page).wait_for_points(0)
    return {"slider": slider, "stroke": strokes, "ticker": _ping(address)}


def _move_slider(page: Page, key: str) -> float:
    """One key press on **Batch size**, until the server's new number of iterations is to be seen."""
    page.wait_for_timeout(_PAUSE_MS)
    page.get_by_role("slider", name="Batch size").focus()
    return milliseconds(page, lambda: page.keyboard.press(key), "keydown", ".st-key-iterations")


def _draw_stroke(page: Page, number: int) -> float:
    """One short stroke, from letting go until the bars are other ones."""
    if number % _SHEET == 0 and page.get_by_test_id("verdict").count():
        page.get_by_test_id("canvas-clear").click()
        page.get_by_test_id("verdict").wait_for(state="detached")
    box = settled_box(page.get_by_test_id("canvas-surface"))
    turn = number % _SHEET / _SHEET * math.tau
    x, y = (box[side] / 2 + 0.3 * box[side] * way(turn) for side, way in (("width", math.cos), ("height", math.sin)))
    start = box["x"] + x, box["y"] + y
    page.mouse.move(*start)

    def stroke() -> None:
        page.mouse.down()
        page.mouse.move(start[0] + 30, start[1] - 20, steps=2)
        page.mouse.up()

    page.wait_for_timeout(_PAUSE_MS)
    return milliseconds(page, stroke, "pointerup", "[data-testid=bar]")


def _ping(address: str) -> list[float]:
    """Ask the server for a sign of life again and again, on one connection: what its event loop is late by, or more."""
    times = []
    with closing(HTTPConnection(urlsplit(address).netloc)) as connection:
        for _ in range(_PINGS):
            started = perf_counter()
            connection.request("GET", "/_stcore/health")
            connection.getresponse().read()
            times.append(1e3 * (perf_counter() - started))
            time.sleep(0.05)
    return times
