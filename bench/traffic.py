"""Measure what the pages send: the bytes of a stroke's answer, of Look inside while a net trains, of a slider's step.

A relay counts what travels to a real Chromium, compressed as it is; the browser counts what it unpacks of it and
names what that was for.
"""

import argparse
import base64
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from google.protobuf.message import DecodeError
from playwright.sync_api import Page
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.browser import browsing
from bench.dashboard import served
from bench.kept import keep
from bench.relay import Relay, relayed
from lib.config import MAX_EPOCHS
from lib.models import preset
from lib.ui.setup.link import to_link
from tests.drawings.sheet import doodle_drawings
from tests.e2e.screens import Train, settled_box

START, CLASSIFY, INSIDE, SLIDER = (
    "a stroke on Start",
    "a stroke on Classify",
    "Look inside, a second",
    "a slider's step",
)
BARS = {START: 12_000.0, CLASSIFY: 12_000.0, INSIDE: 25_000.0, SLIDER: 15_000.0}  # bytes
_QUIET_MS = 1_500  # without another message: the answer was whole
_LONGEST_MS = 20_000
_OPENING_MS = 120_000
_WATCHED_MS = 15_000
_MOST_NAMED = 5  # kinds of messages in the report


WIRE = "travelled"  # among what was received: all bytes on the wire


@dataclass
class Received:
    """What a page has received since the last `clear`, by what it was for."""

    relay: Relay
    before: int = 0  # bytes on the wire
    bytes: Counter[str] = field(default_factory=Counter)
    messages: int = 0

    def follow(self, page: Page) -> None:
        """Count everything that `page` receives from now on."""
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.webSocketFrameReceived", lambda event: self._frame(event["response"]["payloadData"]))
        network.on("Network.dataReceived", lambda event: self._count("requests", event["encodedDataLength"]))

    def clear(self) -> None:
        """Begin anew."""
        self.bytes.clear()
        self.messages = 0
        self.before = self.relay.received

    def all(self) -> Counter[str]:
        """Everything until now, with what it took on the wire."""
        return self.bytes + Counter({WIRE: self.relay.received - self.before})

    def _frame(self, payload: str) -> None:
        data = base64.b64decode(payload)
        self._count(named(data), len(data))

    def _count(self, name: str, size: int) -> None:
        self.bytes[name] += size
        self.messages += 1


def named(data: bytes) -> str:
    """Say what a message of Streamlit's is for: a kind of element and its key, or a kind of message."""
    try:
        message = ForwardMsg.FromString(data)
    except DecodeError:
        return "unread"
    if message.WhichOneof("type") != "delta":
        return message.WhichOneof("type") or "nothing"
    if message.delta.WhichOneof("type") != "new_element":
        return message.delta.WhichOneof("type") or "nothing"
    element = message.delta.new_element
    kind = element.WhichOneof("type") or "nothing"
    name = getattr(getattr(element, kind, None), "component_name", "")
    return f"{kind} {name}".strip()


def strokes(address: str, relay: Relay, path: str, count: int) -> list[Counter[str]]:
    """Draw on the sheet of a page; gives what each stroke brought."""
    drawings = [drawing.strokes for drawing in doodle_drawings()[::4] if len(drawing.strokes) < 4]
    paths = [stroke for drawing in drawings for stroke in drawing]
    with browsing() as page:
        page.goto(f"{address}{path}")
        page.get_by_test_id("canvas-surface").first.wait_for(timeout=_OPENING_MS)
        page.wait_for_timeout(4 * _QUIET_MS)
        received = Received(relay)
        received.follow(page)
        box = settled_box(page.get_by_test_id("canvas-surface"))
        found = []
        for stroke in paths[: count + 1]:
            first, *rest = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]

            def draw(first: tuple[float, float] = first, rest: list[tuple[float, float]] = rest) -> None:
                page.mouse.move(*first)
                page.mouse.down()
                for point in rest[::2]:
                    page.mouse.move(*point)
                page.mouse.up()

            found.append(_after(page, received, draw))
    return found[1:]  # the first one may bring what was not there yet


def train(address: str, relay: Relay, steps: int) -> tuple[list[Counter[str]], str]:
    """Step a slider on Train; gives what each step brought, and the address of a run that has been started there."""
    with browsing() as page:
        page.goto(f"{address}/train?{urlencode(to_link(preset('small-cnn')) | {'epochs': MAX_EPOCHS})}")
        train_page = Train(page)
        page.wait_for_timeout(4 * _QUIET_MS)
        received = Received(relay)
        received.follow(page)
        slider = page.get_by_role("slider").first
        slider.focus()
        found = [_after(page, received, lambda: page.keyboard.press("ArrowRight")) for _ in range(steps + 1)]
        train_page.start()
        return found[1:], train_page.run_id


def inside(address: str, relay: Relay, run_id: str) -> Counter[str]:
    """Watch Look inside while that run trains; gives what came in a second."""
    with browsing() as page:
        page.goto(f"{address}/look_inside?run={run_id}")
        page.get_by_test_id("map-tile").first.wait_for(timeout=_OPENING_MS)
        page.wait_for_timeout(4 * _QUIET_MS)
        received = Received(relay)
        received.follow(page)
        received.clear()
        page.wait_for_timeout(_WATCHED_MS)
        return Counter({name: round(1_000 * size / _WATCHED_MS) for name, size in received.all().items()})


def _after(page: Page, received: Received, act: Callable[[], None]) -> Counter[str]:
    """Act, and wait until nothing more comes."""
    received.clear()
    act()
    waited, last = 0, -1
    while waited < _LONGEST_MS and (not received.messages or received.messages != last):
        last = received.messages
        page.wait_for_timeout(_QUIET_MS)
        waited += _QUIET_MS
    return received.all()


def report(found: dict[str, list[Counter[str]]]) -> str:
    """Write what was measured in Markdown; the middle one counts."""
    lines = [
        "| what the browser receives | on the wire, median | most | bar | | unpacked | most of that |",
        "|---|---|---|---|---|---|---|",
    ]
    for what, counted in found.items():
        sizes = [each[WIRE] for each in counted]
        middle, bar = median(sizes), BARS[what]
        unpacked = median(each.total() - each[WIRE] for each in counted)
        together = sum(counted, Counter())
        del together[WIRE]
        parts = [f"{name} {size / len(counted) / 1e3:.1f}" for name, size in together.most_common(_MOST_NAMED)]
        verdict = "reached" if middle < bar else "**missed**"
        lines.append(
            f"| {what} | {middle / 1e3:.1f} kB | {max(sizes) / 1e3:.1f} kB | {bar / 1e3:.0f} kB | {verdict} "
            f"| {unpacked / 1e3:.1f} kB | {', '.join(parts)} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Measure, write the results, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.traffic", description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=6, help="strokes and steps")
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results/traffic.json")
    options = parser.parse_args()
    found: dict[str, list[Counter[str]]] = {}
    with served() as (server, _), relayed(server) as (address, relay):
        found[START] = strokes(address, relay, "/", options.each)
        found[CLASSIFY] = strokes(address, relay, "/classify?classify-view=Your+picture", options.each)
        found[SLIDER], run_id = train(address, relay, options.each)
        found[INSIDE] = [inside(address, relay, run_id)]
    results: dict[str, Any] = {what: [dict(each) for each in counted] for what, counted in found.items()}
    keep(results, options.results)
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
