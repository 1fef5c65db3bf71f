"""Names that mean something to markdown, HTML or a reader from the right: every page shows them letter by letter."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Page

from lib.datasets.own import OwnSet, save_own
from tests.e2e.screens import Train

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
            page.get_by_text(re.compile(letters)).first.wait_for(state="attached", timeout=60_000)
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
