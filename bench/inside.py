"""Measure how quickly Look inside answers in a real browser: the overview of a net, and the time machine's frames."""

import argparse
import sys
from collections.abc import Callable
from os import getpid
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from playwright.sync_api import Page

from bench.browser import browsing
from bench.dashboard import served
from bench.kept import keep
from bench.machine import BUSY_CORES, NOT_JUDGED, Usage, is_ours
from lib.models import preset
from lib.ui.setup.link import to_link
from tests.e2e.screens import Train, go_to

Times = dict[str, dict[str, list[float]]]  # preset -> what was asked of the page -> milliseconds

OPEN, ANOTHER, SCRUB = "the overview, from Train", "the overview of another picture", "the time machine, a moment"
BARS = {
    ("small-cnn", OPEN): 300.0,
    ("small-cnn", ANOTHER): 300.0,
    ("small-cnn", SCRUB): 150.0,
    ("article-cnn", OPEN): 1_000.0,
    ("article-cnn", ANOTHER): 1_000.0,
}
_LEARNING_MS = {"small-cnn": 4_000, "article-cnn": 8_000}  # so that there are moments to go through
_ATTEMPTS = 2  # at most so many times the rounds that count
_PAUSE_MS = 250  # between two answers, as a quick person needs
_LONGEST_MS = 30_000

# From the moment the browser heard of what the person did to the frame that shows other maps; a message after a
# frame's callbacks arrives when that frame has been drawn. Components live in shadow roots, where no selector reaches.
_START = """event => {
  const roots = () => [...document.querySelectorAll("*")].map(element => element.shadowRoot).filter(Boolean);
  const shown = () => {
    const maps = roots().map(root => root.querySelector(".maps")).find(Boolean);
    if (!maps?.querySelector("[data-testid=answer-bar]")) return null;
    return maps.dataset.step + maps.querySelector("img").src;
  };
  const before = shown();
  window.answered = new Promise(done => {
    let began = null;
    window.addEventListener(event, heard => { began = heard.timeStamp; }, { capture: true, once: true });
    const look = () => {
      const now = shown();
      if (began === null || now === null || now === before) return requestAnimationFrame(look);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now() - began);
      port2.postMessage(null);
    };
    requestAnimationFrame(look);
  });
}"""
_STOP = """patience => Promise.race([
  window.answered,
  new Promise((_, give_up) => setTimeout(() => give_up("the maps did not change"), patience)),
])"""


def measure(name: str, rounds: int, each: int, *, force: bool) -> dict[str, list[float]]:
    """Train a preset for a moment, stop it, and ask `each` times a round; rounds in which others were busy are void."""
    found: dict[str, list[float]] = {}
    with served() as (address, _), browsing() as page:
        page.goto(f"{address}/train?{urlencode(to_link(preset(name)))}")
        train = Train(page)
        train.start()
        page.wait_for_timeout(_LEARNING_MS[name])
        train.press("Stop")
        train.wait_for_state("stopped")
        _ask(page, 2)  # does not count: the first answers load code
        counted = 0
        for _ in range(_ATTEMPTS * rounds):
            before = Usage.now()
            times = _ask(page, each)
            cores, busiest = Usage.now().others_since(before, getpid())
            counts = force or cores <= BUSY_CORES
            said = ", ".join(f"{what} {median(ms):.0f}" for what, ms in times.items())
            print(
                f"  {name}: {said} ms" + ("" if counts else f"; void, {busiest} was busy"), file=sys.stderr, flush=True
            )
            for what, ms in times.items() if counts else ():
                found.setdefault(what, []).extend(ms)
            counted += counts
            if counted == rounds:
                return found
    return {}


def _ask(page: Page, each: int) -> dict[str, list[float]]:
    """Open the page, ask for other pictures, go through the moments; ends on Train."""
    opened, others, moments = [], [], []
    for _ in range(each):
        go_to(page, "Train")
        Train(page).wait_for_points(0)
        opened.append(_milliseconds(page, lambda: go_to(page, "Look inside"), "click"))
    for _ in range(each):
        another = page.get_by_role("button", name="Another")
        others.append(_milliseconds(page, another.click, "click"))
    slider = page.get_by_test_id("time-slider")
    slider.focus()
    for number in range(each):
        key = ("ArrowLeft", "Home", "End")[number % 3]  # each is another moment than the one before
        moments.append(_milliseconds(page, lambda key=key: page.keyboard.press(key), "keydown"))
    page.keyboard.press("End")
    page.wait_for_timeout(_PAUSE_MS)
    go_to(page, "Train")
    return {OPEN: opened, ANOTHER: others, SCRUB: moments}


def _milliseconds(page: Page, act: Callable[[], object], event: str) -> float:
    """Time how long after `event`, which `act` leads to, other maps are drawn."""
    page.wait_for_timeout(_PAUSE_MS)
    page.evaluate(_START, event)
    act()
    taken: float = page.evaluate(_STOP, _LONGEST_MS)
    return taken


def report(found: Times) -> str:
    """Write what was measured in Markdown; a bar is reached when 95 % of the answers are quicker."""
    lines = ["| from the click or key to drawn maps | median | 95 % within | bar | |", "|---|---|---|---|---|"]
    for name, times in found.items():
        for what, ms in times.items():
            late, most = quantiles(ms, n=20, method="inclusive")[-1], BARS.get((name, what))
            bar = "| – | |" if most is None else f"| {most:,.0f} ms | {'reached' if late <= most else '**missed**'} |"
            lines.append(f"| {name}: {what} | {median(ms):,.0f} ms | {late:,.0f} ms {bar}")
    return "\n".join(lines)


def main() -> int:
    """Measure, write the results, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.inside", description=__doc__)
    parser.add_argument("--only", choices=_LEARNING_MS, action="append", help="this preset; may be repeated")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--each", type=int, default=9, help="answers of each kind in a round")
    parser.add_argument("--force", action="store_true", help="judge although other processes use the machine")
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results/inside.json")
    options = parser.parse_args()
    found: Times = {}
    for name in options.only or _LEARNING_MS:
        if not options.force and not is_ours():
            return NOT_JUDGED
        found[name] = measure(name, options.rounds, options.each, force=options.force)
        if not found[name]:
            print(f"{name}: other processes were busy in too many rounds: not judged. --force measures anyway.")
            return NOT_JUDGED
    keep(found, options.results)
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
