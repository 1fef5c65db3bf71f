"""The main job from end to end, on real Fashion-MNIST, as a person does it."""

from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Page

from lib import build_model, load_dataset, predict
from lib.runs.store import Store
from tests.e2e.screens import Train, address, draw, go_to, shares, until

pytestmark = [pytest.mark.e2e, pytest.mark.fashion]


def test_train_look_inside_classify_reload_and_stop(visit: Callable[..., Page], tmp_path_factory) -> None:
    page = visit("/train?data=fashion-mnist")
    train = Train(page)
    train.choose_preset("article-cnn")
    until(lambda: "1,413,834" in train.totals, "the article CNN's parameters")
    train.choose_preset("small-cnn")
    until(lambda: "16,852" in train.totals, "the small CNN's parameters")

    # For so long that it still trains when the slowest of the pages below has been looked at.
    page.goto(address(page).split("?")[0] + "?data=fashion-mnist&net=c8k3-m2-c10k3-m2-f-d32&epochs=200")
    train = Train(page)
    until(lambda: "16,852" in train.totals, "the same net")
    train.start()
    seen = train.points
    train.wait_for_points(seen + 10)  # the curve moves by itself
    run_id = train.run_id
    assert not train.is_awake("Train")
    assert train.is_awake("Pause")

    go_to(page, "Look inside")
    maps = page.get_by_test_id("feature-maps")
    maps.wait_for()
    until(lambda: page.get_by_test_id("map-tile").count() == 8 + 8 + 10 + 10, "a tile for each map")
    first = maps.get_attribute("data-step")
    until(lambda: maps.get_attribute("data-step") != first, "newer maps while it trains")
    assert page.get_by_test_id("run-pill").get_attribute("data-state") == "running"

    go_to(page, "Classify")
    draw(page, [(0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7), (0.3, 0.3)])
    page.get_by_test_id("verdict").wait_for()
    assert sum(shares(page.get_by_test_id("bar"))) == pytest.approx(1, abs=1e-3)

    go_to(page, "Train")
    train = Train(page)
    before = train.points
    page.reload()
    train = Train(page)
    train.wait_for_points(before)
    assert train.run_id == run_id
    assert train.is_awake("Stop")  # still this browser's own run
    train.press("Stop")
    train.wait_for_state("stopped")
    until(lambda: train.is_awake("Train"), "Train can be pressed again")

    frozen = train.settled_points()
    page.get_by_test_id("field-units").first.fill("40")
    page.get_by_test_id("field-units").first.press("Enter")
    until(lambda: "net=c8k3-m2-c10k3-m2-f-d40" in address(page), "the edited net in the address")
    assert train.points == frozen
    assert train.run_id == run_id

    go_to(page, "Look inside")
    page.get_by_test_id("answer-bar").first.wait_for()
    shown = shares(page.get_by_test_id("answer-bar"))
    assert shown == pytest.approx(_stored_answer(run_id, tmp_path_factory), abs=1e-3)


def _stored_answer(run_id: str, tmp_path_factory) -> list[float]:
    """What the weights on disk say to the picture that Look inside shows first: the first ankle boot."""
    store = Store(tmp_path_factory.getbasetemp() / "home0")
    row, kept = store.find(run_id), store.load_checkpoint(run_id)
    store.close()
    assert row
    assert kept
    data = load_dataset(**row.config.data.model_dump())
    net = build_model(row.config.model, data.input_shape, len(data.classes))
    net.load_state_dict({name[6:]: value for name, value in kept.tensors.items() if name.startswith("model.")})
    boot = (data.test.labels == len(data.classes) - 1).nonzero()[0]
    answer: torch.Tensor = predict(net, data.test.batch(boot)[0])[0]
    return answer.tolist()
