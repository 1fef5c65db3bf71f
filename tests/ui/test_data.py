"""The Data page, view by view: what is counted is counted from the pictures themselves."""

from collections.abc import Iterator

import pytest
import torch
from streamlit.testing.v1 import AppTest

from lib.config import RunConfig
from lib.datasets import Split, load_dataset
from lib.datasets.loaded import whole
from lib.runs import get_registry
from lib.ui.data import pictures
from lib.ui.frame.page import PAGES
from lib.ui.setup.session import dataset_info
from lib.ui.words import words_of

VIEWS = ("pictures", "labels", "split", "colour", "own")
TINY = {"net": "f-d16", "data": "digits", "epochs": "8", "lr": "0.003"}


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> Iterator[None]:
    """AppTest has no cookies to tell browsers apart."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    yield
    for run in get_registry().newest():
        run.stop(run.owner)
        run.wait(120)


def opened(view: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / "data.py"), default_timeout=60)
    for name, value in ({"data": "digits"} | query).items():
        at.query_params[name] = value
    at.session_state["data-view"] = view
    return at.run()


def told(at: AppTest) -> str:
    return " ".join(each.value for each in (*at.caption, *at.markdown, *at.info))


def setup(at: AppTest) -> RunConfig:
    return RunConfig.model_validate_json(at.session_state["setup"])


@pytest.mark.parametrize("spoken", ["en", "de"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_in_both_languages(view: str, spoken: str) -> None:
    at = opened(view, lang=spoken)
    assert not at.exception
    assert at.title[0].value == words_of(spoken)["pages.data"]
    assert "{" not in told(at)


def test_S14_the_facts_are_counted_from_the_pictures() -> None:
    at = opened("pictures")
    full = whole("digits")
    counts = torch.bincount(full.train_labels)
    assert f"{len(full.train_labels):,} training and {len(full.test_labels):,} test pictures, 28×28×1" in told(at)
    assert f"{counts.min()} to {counts.max()} training pictures of a class" in told(at)
    assert f"trains on {len(load_dataset('digits').train):,} of them" in told(at)


@pytest.mark.fashion
def test_S14_fashion_mnist_has_60000_and_10000_pictures_of_ten_kinds() -> None:
    at = opened("pictures", data="fashion-mnist")
    assert "60,000 training and 10,000 test pictures, 28×28×1, 10 classes." in told(at)
    assert "6,000 training pictures of each class" in told(at)


def test_the_grid_shows_each_class_with_its_own_pictures() -> None:
    data = load_dataset("digits")
    turned = {"page": 0, "label": None}
    rows, pages = pictures._rows(data, data.train, turned)
    assert [row["label"] for row in rows] == list(range(10))
    counts = torch.bincount(data.train.labels).tolist()
    assert [row["count"] for row in rows] == counts
    assert pages == -(-max(counts) // 12)
    seen: dict[int, list[int]] = {label: [] for label in range(10)}
    for page in range(pages):
        for row in pictures._rows(data, data.train, {"page": page, "label": None})[0]:
            seen[row["label"]] += row["pictures"]
    for label, places in seen.items():
        assert places == (data.train.labels == label).nonzero().flatten().tolist()


def test_one_class_alone_fills_pages_of_its_own_and_no_page_lies_beyond_the_end() -> None:
    data = load_dataset("digits")
    turned = {"page": 99, "label": 4}
    rows, pages = pictures._rows(data, data.train, turned)
    assert [row["label"] for row in rows] == [4]
    assert turned["page"] == pages - 1
    assert rows[0]["pictures"]
    assert all(int(data.train.labels[place]) == 4 for place in rows[0]["pictures"])


def test_the_sheet_holds_the_pictures_row_after_row() -> None:
    import base64
    from io import BytesIO

    import numpy as np
    from PIL import Image

    images = torch.arange(14 * 3 * 4 * 5, dtype=torch.int64).remainder(251).to(torch.uint8).view(14, 3, 4, 5)
    split = Split(images, torch.zeros(14, dtype=torch.int64))
    sheet = pictures._sheet(split, list(range(14)))
    drawn = np.array(Image.open(BytesIO(base64.b64decode(sheet["png"]))))
    assert drawn.shape == (2 * 4, 12 * 5, 3)
    for place in range(14):
        top, left = 4 * (place // 12), 5 * (place % 12)
        assert (drawn[top : top + 4, left : left + 5] == images[place].permute(1, 2, 0).numpy()).all()


def test_validation_can_be_leafed_through_where_there_is_one() -> None:
    at = opened("pictures")
    assert at.segmented_control(key="data-part-3").options == ["training", "validation", "test"]
    at.segmented_control(key="data-part-3").set_value("valid").run()
    assert not at.exception
    at = opened("pictures", valid="0")
    assert at.segmented_control(key="data-part-2").options == ["training", "test"]


def test_S17_the_parts_are_counted_and_test_pictures_never_build_the_model() -> None:
    at = opened("split", valid="0.2", pictures="300")
    data = load_dataset("digits", valid_fraction=0.2, train_size=300)
    bars = " ".join(each.proto.body for each in at.get("html"))
    for name, size in (("train", 300), ("valid", len(data.valid)), ("test", len(data.test))):
        assert f'data-testid="part-{name}" data-count="{size}"' in bars
    assert "never used to build the model" in told(at)
    assert "Other people wrote the test pictures" in told(at)
    assert f"{dataset_info('digits').train_count - len(data.valid) - 300:,} not used" in told(at)


def test_without_validation_the_page_says_what_is_watched() -> None:
    assert "no longer quite untouched" in told(opened("split", valid="0"))


def test_S12_sizes_and_balance_are_the_set_up_and_travel_with_it() -> None:
    at = opened("split")
    at.select_slider(key="setup.data.train_size").set_value(300).run()
    at.button(key="starve-one").click().run()
    assert not at.exception
    assert setup(at).data.train_size == 300
    assert setup(at).data.keep == ((6, 2),)
    assert (at.query_params["pictures"], at.query_params["keep"]) == ("300", "6:2")
    again = opened("split", pictures="300", keep="6:2")
    assert setup(again).data == setup(at).data
    train = AppTest.from_file(str(PAGES / "train.py"), default_timeout=60)
    train.query_params.update({"data": "digits", "pictures": "300", "keep": "6:2"})
    train.run()
    count = len(load_dataset("digits", train_size=300, keep=((6, 2),)).train)
    assert count < 300
    assert any(f"{count:,} pictures" in each.value for each in train.caption)
    assert any(f"{count:,} / 32" in each.value for each in train.caption)


def test_another_data_set_forgets_the_balance_of_the_last() -> None:
    at = opened("split", keep="6:2")
    at.selectbox(key="setup.data.name").set_value("doodles").run()
    assert setup(at).data.keep == ()


def test_the_balance_can_be_hidden_by_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[dict[str, object]] = []
    monkeypatch.setattr("lib.ui.data.split.class_balance", lambda **options: drawn.append(options))
    at = opened("split")
    assert at.button(key="starve-one")
    at = AppTest.from_string(
        "import runpy\nfrom lib.ui.frame.page import PAGES\nfrom lib.ui.lesson import place\nplace.follow('data')\n"
        "runpy.run_path(str(PAGES / 'data.py'))",
        default_timeout=60,
    )
    at.query_params.update({"data": "digits", "hide": "balance,data"})
    at.session_state["data-view"] = "split"
    at.run()
    assert not at.exception
    assert [each["locked"] for each in drawn] == [False, True]
    assert not at.button
    assert not [each for each in at.selectbox if each.key == "setup.data.name"]


def test_S12_both_are_trained_and_each_class_is_compared() -> None:
    at = opened("split", keep="3:0", **TINY)
    at.button(key="starve-both").click().run()
    assert not at.exception
    everything, starved = (get_registry().find(run_id) for run_id in at.session_state["starving-runs"])
    assert everything
    assert starved
    assert (everything.config.data.keep, starved.config.data.keep) == ((), ((3, 0),))
    assert everything.config.model == starved.config.model
    assert everything.wait(120)
    assert starved.wait(120)
    at.run()
    assert not at.exception
    assert at.button(key="starve-both").label == "Train both again"
    assert everything.tested
    assert starved.tested
    recalls = [float(each.tested.confusion[3, 3] / each.tested.confusion[3].sum()) for each in (everything, starved)]
    assert recalls[0] > 0.5  # threes of other hands than those it trained on
    assert recalls[1] < 0.1  # it never learned that there is such a class
    assert starved.tested.accuracy < everything.tested.accuracy
    only = round((recalls[0] - recalls[1]) * int(everything.tested.confusion[3].sum()))
    assert f"{only} are right only with every picture and 0 only without" in told(at)
    assert "(McNemar's test, p" in told(at)
    assert "One seed each says nothing about chance between seeds" in told(at)


def test_what_cannot_start_is_said() -> None:
    at = opened("split", keep="3:0", net="c8k3", data="digits")
    at.button(key="starve-both").click().run()
    assert not at.exception
    assert at.error


def test_S15_more_planes_cost_the_first_layer_more() -> None:
    at = opened("colour")
    table = at.table[0].value
    assert table["1 plane"].tolist() == ["131,200", "3,200"]
    assert table["3 planes"].tolist() == ["393,344", "9,472"]


def test_a_set_that_is_not_here_is_offered_and_the_page_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.datasets.catalogue.locate", {}.get)
    for view in VIEWS:
        at = opened(view, data="mnist")
        assert not at.exception
        if view in ("pictures", "split"):
            assert "MNIST is not on this machine yet." in told(at)
