"""Measure how quickly Start answers a drawing: from the end of a stroke to the bars that belong to it.

The real server and a real browser on the same machine; people's drawings from the tests, nothing training meanwhile.
"""

import argparse
import json
import sys
from datetime import date
from os import getpid
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page

from bench.browser import browsing, milliseconds
from bench.dashboard import served
from bench.machine import BUSY_CORES, NOT_JUDGED, Usage, describe, is_ours
from tests.drawings.sheet import Points, doodle_drawings
from tests.e2e.screens import settled_box

BAR_MS = 150.0
_PLACE = "[data-testid=answer-bar]"
_QUIET_MS = 400  # without another answer: the last one belongs to the whole stroke
_PAUSE_MS = 250  # between two strokes, as a quick person needs
_WARM_UP = 2  # drawings that do not count: the first ones load code
_ATTEMPTS = 2  # at most so many times the rounds that count


def measure(rounds: int, each: int, *, force: bool) -> list[float]:
    """Draw `each` doodles a round; gives the milliseconds of every stroke.

    Rounds in which others used the machine do not count, unless `force`.
    """
    drawings = [drawing for drawing in doodle_drawings()[::4] if len(drawing.strokes) < 4]
    found: list[float] = []
    with served() as (address, _), browsing() as page:
        page.goto(address)
        page.get_by_test_id("map-tile").first.wait_for()
        _draw(page, [drawing.strokes for drawing in drawings[:_WARM_UP]])
        counted = 0
        for number in range(_ATTEMPTS * rounds):
            first = number * each
            some = [drawings[(first + place) % len(drawings)].strokes for place in range(each)]
            before = Usage.now()
            times = _draw(page, some)
            cores, busiest = Usage.now().others_since(before, getpid())
            counts = force or cores <= BUSY_CORES
            said = "" if counts else f"; void, {busiest} was busy"
            print(
                f"  {number + 1}: median of {len(times)} strokes {median(times):.0f} ms{said}",
                file=sys.stderr,
                flush=True,
            )
            found += times if counts else []
            counted += counts
            if counted == rounds:
                return found
    return []


def _draw(page: Page, drawings: list[list[Points]]) -> list[float]:
    """Draw each on an empty sheet with the mouse; the time of every stroke."""
    times = []
    for strokes in drawings:
        if page.get_by_test_id("canvas-clear").is_enabled():
            page.get_by_test_id("canvas-clear").click()
        box = settled_box(page.get_by_test_id("canvas-surface"))
        for stroke in strokes:
            first, *rest = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
            page.mouse.move(*first)

            def draw(rest: Points = rest) -> None:
                page.mouse.down()
                for point in rest[::2]:
                    page.mouse.move(*point)
                page.mouse.move(*rest[-1])
                page.mouse.up()

            page.wait_for_timeout(_PAUSE_MS)
            times.append(milliseconds(page, draw, "pointerup", _PLACE, _QUIET_MS))
    return times


def report(found: dict[str, Any]) -> str:
    """Write what was measured in Markdown."""
    machine, times = found["machine"], found["milliseconds"]
    middle, late = median(times), quantiles(times, n=20, method="inclusive")[-1]
    verdict = "reached" if middle <= BAR_MS else "**missed**"
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, browser and server on it; {found['date']}",
        "",
        "| Start, from the end of a stroke to its bars | strokes | median | 95 % within | bar for the median | |",
        "|---|---|---|---|---|---|",
        f"| with all maps of the ready net | {len(times)} | {middle:.0f} ms | {late:.0f} ms | {BAR_MS:.0f} ms "
        f"| {verdict} |",
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure, write the results, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.start", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--each", type=int, default=8, help="drawings in a round")
    parser.add_argument("--force", action="store_true", help="judge although other processes use the machine")
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results/start.json")
    options = parser.parse_args()
    if not options.force and not is_ours():
        return NOT_JUDGED
    times = measure(options.rounds, options.each, force=options.force)
    if not times:
        print("Other processes were busy in too many rounds: not judged. --force measures anyway.")
        return NOT_JUDGED
    found = {"machine": describe(), "date": date.today().isoformat(), "milliseconds": times}
    options.results.parent.mkdir(exist_ok=True)
    options.results.write_text(json.dumps(found) + "\n")
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
