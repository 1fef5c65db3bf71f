"""Names that mean something to markdown, HTML or a reader from the right: every page shows them letter by letter."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Page

from lib.config import DataConfig, Flatten, ModelConfig, RunConfig, TrainConfig
from lib.datasets.own import OwnSet, save_own
from tests.e2e.kept import UNBROKEN
from tests.e2e.screens import Train, until
from tests.e2e.served import ROOT, serve

pytestmark = pytest.mark.e2e

NAMES = ("www.example.com", "- a", "1. b", "Bob's", "हिन्दी", "עברית", "क्\u200dष", "a -- b", "+x", "ไทย")
UNSEEN = dict.fromkeys(map(ord, "\u2060\u2068\u2069"))
# Where each name stands on its page.
VIEWS = {
    "/data?data-view=Pictures": NAMES,
    "/data?data-view=Split": (),
    "/data?data-view=Your+own+classes": NAMES,
    "/look_inside?view=Feature+maps": NAMES,
    "/classify?classify-view=Your+picture": NAMES,
    "/diagnose?diagnose-view=Confusion+matrix": NAMES,
    "/diagnose?diagnose-view=The+doctor": (),
    "/compare?compare-view=Runs": (),
    "/learn?section=iteration": (),
}


@pytest.fixture(scope="module")
def made(home: Path) -> OwnSet:
    drawn = np.random.default_rng(0).integers(0, 256, (10, 8, 1, 28, 28), dtype=np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLASSHOUSE_HOME", str(home))
        return save_own(
            "1. www.example.org", "drawing", dict(zip(NAMES, map(list, torch.from_numpy(drawn)), strict=True))
        )


def test_names_are_shown_letter_by_letter(visit: Callable[..., Page], made: OwnSet) -> None:
    page = visit(f"/train?data={made.name}&net=f-d8&epochs=2&batch=16&lr=0.01&valid=0.2")
    train = Train(page)
    assert made.title in shown(page)
    train.press("Train")
    train.wait_for_state("finished")
    assert_harmless(page)
    for address, names in VIEWS.items():
        page = visit(f"{address}&run={train.run_id}&data={made.name}", page.context)
        page.locator(".st-key-page-head").wait_for()
        for name in names:
            letters = "[\u2060\u2068\u2069]*".join(map(re.escape, name))
            page.get_by_text(re.compile(letters)).first.wait_for(state="attached")
        assert_harmless(page)


def shown(page: Page) -> str:
    return page.locator("body").inner_text().translate(UNSEEN)


def assert_harmless(page: Page) -> None:
    """Nothing became a link, a list or another sign."""
    links = page.locator("a").evaluate_all("all => all.map(each => each.href)")
    assert not [each for each in links if "example" in each]
    main = page.get_by_test_id("stMain")
    assert not [each for each in main.locator("li").all_inner_texts() if each.translate(UNSEEN) in ("a", "b", "x")]
    assert not re.search(r"a — b|\\[-.]", shown(page))


# What Plotly would make of it: bold text, a link, a line break, a sign, a number of the point.
MEANT = '<b>x</b><img src=x onerror="window.hacked=1"><a href="https://example.org">%{y}</a><br>&amp;&lt;{x}'


def test_a_hover_label_is_text_whatever_a_run_is_called(visit: Callable[..., Page], tmp_path: Path) -> None:
    home = tmp_path / "home"
    data = DataConfig(name="digits", train_size=80, test_size=40)
    config = RunConfig(data=data, model=ModelConfig(layers=(Flatten(),)), train=TrainConfig(epochs=3))
    asked = [sys.executable, "-c", UNBROKEN, str(home), config.model_dump_json()]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT)
    run_id = done.stdout.split()[-1]
    with closing(sqlite3.connect(next(home.glob("*.sqlite*")))) as book:
        book.execute("UPDATE runs SET name = ?", (MEANT,))  # no door lets such a name in: this one is past all doors
        book.commit()
    with serve(home) as served:
        page = visit(f"{served.address}/compare?compare-view=Runs&runs={run_id}")
        chart = page.get_by_test_id("overlay-accuracy")
        plot = "(node.layout ? node : node.querySelector('.js-plotly-plot'))"
        until(lambda: len(chart.evaluate(f"node => {plot}?.data?.[0]?.x ?? []")) > 1, "two points")
        chart.evaluate(f"node => window.Plotly.Fx.hover({plot}, [{{ curveNumber: 0, pointNumber: 1 }}])")
        label = chart.locator(".hoverlayer .hovertext")
        label.wait_for()
        assert MEANT in label.text_content().replace("\u200b", "")
        assert label.locator("a, img, [style*=bold]").count() == 0
        assert page.evaluate("window.hacked") is None
        assert page.get_by_role("link", name="%{y}").count() == 0
