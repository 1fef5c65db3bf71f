"""The report: one page with nothing from elsewhere, its numbers those of the run, its pictures those of the net."""

import base64
import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from lib.config import Dense, Flatten
from lib.datasets import DatasetUnavailable
from lib.explain import record_activations
from lib.export.charts import Line, chart, round_up
from lib.export.drawings import DIVERGING, VIRIDIS, map_image, weights_image
from lib.export.html_report import report
from lib.nets.recording import recorded_runs
from lib.runs.run import Run
from tests.runs.whole_runs import LONG, finished

PALETTE = Path(__file__).parents[2] / "lib" / "ui" / "components" / "base" / "palette.js"
VOID = {"meta", "img", "br", "link", "input"}


class Page(HTMLParser):
    """What is on the page; every tag must be closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_it_opens_without_a_network(run):
    text = report(run)
    page = Page(text)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "iframe", "object"})
    addresses = [value for _, a in page.tags for name, value in a.items() if name in ("src", "href", "action")]
    assert addresses
    assert all(address.startswith("data:image/png;base64,") for address in addresses)
    assert re.findall(r"url\(|@import|https?:", text) == []
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_everything_drawn_can_be_read(run):
    page = Page(report(run))
    assert all(a.get("alt") for tag, a in page.tags if tag == "img")
    drawings = [a for tag, a in page.tags if tag == "svg"]
    assert len(drawings) == 2
    assert all(a["role"] == "img" and a["aria-label"] for a in drawings)


def test_its_numbers_are_those_of_the_run(run):
    text = report(run)
    assert f"{run.tested.accuracy * 100:.1f} %" in text
    cells = re.findall(r'<td class="(?:right|none|)" style="--share: [\d.]+">([\d,]+)</td>', text)
    assert [int(cell.replace(",", "")) for cell in cells] == run.tested.confusion.flatten().tolist()
    assert "conv1" in text
    assert "3 filters 3×3, same, ReLU" in text


def decoded(address):
    return np.asarray(Image.open(BytesIO(base64.b64decode(address.split(",")[1]))).convert("RGB")).astype(int)


def test_the_maps_are_those_of_the_net(run):
    _, net = run.model()
    data = run.dataset
    index = int((data.test.labels == 9).nonzero()[0])
    maps = record_activations(net, data.test.batch(torch.tensor([index]))[0])
    text = report(run)
    for name in ("conv1", "pool1"):
        for each in maps[name]:
            assert map_image(each) in text
    weights = net.conv1.weight.detach().mean(1)
    assert weights_image(weights[0], float(weights.abs().max())) in text


def test_colours_are_the_product_s_and_zero_is_the_middle():
    script = PALETTE.read_text(encoding="utf-8")
    for name, ours in (("VIRIDIS_ANCHORS", VIRIDIS), ("DIVERGING_ANCHORS", DIVERGING)):
        block = re.search(rf"const {name} = \[(.*?)\];", script, re.DOTALL)[1]
        assert tuple(tuple(map(int, row)) for row in re.findall(r"\[(\d+), (\d+), (\d+)\]", block)) == ours
    ends = decoded(map_image(torch.tensor([[0.0, 1.0]])))
    assert (ends[0, 0].tolist(), ends[0, 1].tolist()) == (list(VIRIDIS[0]), list(VIRIDIS[-1]))
    low, zero, high = decoded(weights_image(torch.tensor([[-2.0, 0.0, 2.0]]), 2.0))[0]
    assert (low.tolist(), high.tolist()) == (list(DIVERGING[0]), list(DIVERGING[-1]))
    assert np.abs(zero - DIVERGING[3]).max() <= 2


def test_a_recorded_run_has_a_report_without_insides():
    run = recorded_runs()["recorded-two-layer-sigmoid-unscaled"]
    text = report(run)
    Page(text)
    assert f"{run.recording.test.accuracy * 100:.1f} %" in text
    assert "The curves of this run were kept, not its weights." in text


def test_a_run_that_broke_or_lost_its_pictures_still_has_one(registry, set_up, run, monkeypatch):
    broken = registry.start(set_up(Flatten(), Dense(8), optimizer="sgd", learning_rate=10.0, epochs=60,
                                   data={"scale_pixels": False}), "me")  # fmt: skip
    assert broken.wait(LONG)
    Page(report(broken))

    def gone(_run):
        raise DatasetUnavailable("not here")

    monkeypatch.setattr(Run, "dataset", property(gone))
    assert "are not on the machine that wrote this" in report(run)


def test_names_are_no_code(registry, small):
    run = finished(registry, small)
    run.own_name = '<script>alert("x")</script>$title'
    text = report(run)
    Page(text)
    assert "<script" not in text


@pytest.mark.parametrize("value", [0.013, 0.5, 1.0, 1.01, 2.31, 9.9, 100.0, 12_345.0])
def test_axes_end_at_a_round_number(value):
    assert value <= round_up(value) * 1.0001
    assert round_up(value) < 2.1 * value


def test_a_curve_with_holes_is_drawn_in_pieces():
    text = chart("x", [Line("training", [(0, 0.1), (1, None), (2, 0.3), (3, 0.4)])], 3, 1.0, percent=True, marks=[])
    (path,) = re.findall(r'class="line training" d="([^"]*)"', text)
    assert path.count("M") == 2
    assert path.count("L") == 1
