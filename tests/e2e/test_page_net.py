"""A net that runs in the page: maps and answer follow the pen before the server hears of it."""

import base64
from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Page

from lib.datasets import prepare
from lib.nets.ready import ready_net
from lib.pictures.load import load_drawing
from lib.training import predict
from tests.drawings.sheet import SIDE, doodle_drawings
from tests.e2e.screens import settled_box, until

pytestmark = pytest.mark.e2e

HOUSE = next(drawing for drawing in doodle_drawings() if drawing.kind == "house")
PICTURES = """maps => ["canvas.shown", "[data-layer=conv1] canvas", "[data-layer=pool2] canvas"].map(
  (name) => maps.querySelector(name).toDataURL())"""


class Wire:
    """What goes over the websocket from now on: bytes, and the last drawing that was sent."""

    def __init__(self, page: Page) -> None:
        self.sent = list[bytes]()
        self.received = 0
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.webSocketFrameSent", lambda event: self.sent.append(_bytes(event)))
        network.on("Network.webSocketFrameReceived", self._receive)

    def _receive(self, event: dict[str, dict[str, str]]) -> None:
        self.received += len(_bytes(event))

    @property
    def drawing(self) -> str:
        """The PNG in the last message, as base64."""
        text = self.sent[-1]
        start = text.index(b"iVBORw0KGgo")
        return text[start : text.index(b'"', start)].rstrip(b"\\").decode()


def _bytes(event: dict[str, dict[str, str]]) -> bytes:
    return base64.b64decode(event["response"]["payloadData"])


def test_maps_and_answer_follow_the_pen_and_the_server_hears_of_it_afterwards(visit: Callable[..., Page]) -> None:
    page = visit("/")
    maps = page.get_by_test_id("feature-maps")
    until(lambda: maps.get_attribute("data-computed") == "both", "the net in the page")
    page.wait_for_timeout(1_000)
    wire = Wire(page)
    box = settled_box(page.get_by_test_id("canvas-surface"))
    seen = maps.evaluate(PICTURES)
    for stroke in HOUSE.strokes:
        first, *rest = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke[::2]]
        page.mouse.move(*first)
        page.mouse.down()
        for half in (rest[: len(rest) // 2], rest[len(rest) // 2 :]):
            for point in half:
                page.mouse.move(*point)
            until(lambda: maps.get_attribute("data-computed") == "page", "maps made in the page")
            now = maps.evaluate(PICTURES)
            assert all(new != old for new, old in zip(now, seen, strict=True))  # while the pen is down
            seen = now
        assert wire.sent == []
        page.mouse.up()
    drawn = {bar["name"]: bar["share"] for bar in _bars(page)}
    assert max(drawn, key=drawn.__getitem__) == "house"
    until(lambda: maps.get_attribute("data-computed") == "both", "what the server says")
    assert len(wire.sent) == 1
    assert wire.received < 12_000
    net = ready_net()
    x = prepare(load_drawing(wire.drawing, SIDE), net.dataset).tensor
    said = predict(net.model()[1], x)[0]
    assert torch.equal(torch.tensor([bar["share"] for bar in _bars(page)]), said)  # to the last digit
    torch.testing.assert_close(torch.tensor(list(drawn.values())), said, rtol=0, atol=1e-4)
    assert maps.evaluate(PICTURES) == seen  # and nothing moved


def _bars(page: Page) -> list[dict[str, object]]:
    return page.get_by_test_id("answer-bar").evaluate_all(
        "bars => bars.map((bar) => ({ name: bar.dataset.class, share: Number(bar.dataset.probability) }))"
    )


def test_classify_answers_while_the_pen_is_down_and_gives_way_to_what_the_server_says(
    visit: Callable[..., Page],
) -> None:
    page = visit("/classify")
    box = settled_box(page.get_by_test_id("canvas-surface"))
    page.get_by_test_id("pen-answer").wait_for(state="attached")
    page.wait_for_timeout(1_000)
    wire, ahead = Wire(page), page.get_by_test_id("pen-answer")
    for stroke in HOUSE.strokes:
        first, *rest = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke[::2]]
        page.mouse.move(*first)
        page.mouse.down()
        for point in rest:
            page.mouse.move(*point)
        until(ahead.is_visible, "an answer made in the page")
        assert wire.sent == []
        page.mouse.up()
    assert page.get_by_test_id("pen-verdict").get_attribute("data-class") == "house"
    until(lambda: not ahead.is_visible(), "what the server says")
    assert page.get_by_test_id("verdict").get_attribute("data-class") == "house"
    assert len(wire.sent) == 1
