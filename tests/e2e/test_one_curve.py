"""The page, another process, gives the curve that a loop over `fit` gives here: to the last published digit."""

from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page

from lib.ui.setup.link import from_link
from tests.e2e.screens import Train
from tests.runs.whole_runs import trained_by_hand

pytestmark = pytest.mark.e2e

# Dropout and augmentation draw random numbers; a schedule depends on the step; the page pauses in between.
SET_UP = "net=c4k3-m2-f-o0.3-d16&data=digits&epochs=4&batch=16&sched=cosine&augment=yes&precision=fp32&lr=0.003&seed=7"
EPOCHS = """id => new Promise(done => {
  const source = new EventSource(`/api/runs/${id}/events`);
  source.addEventListener("epochs", message => { source.close(); done(JSON.parse(message.data).epochs); });
})"""


def test_equal_to_a_plain_loop(visit: Callable[..., Page]) -> None:
    page = visit(f"/train?{SET_UP}")
    train = Train(page)
    train.press("Step")
    train.wait_for_state("paused")
    train.press("Resume")
    train.wait_for_state("finished")
    shown = page.evaluate(EPOCHS, train.run_id)

    config, refused = from_link(dict(parse_qsl(SET_UP)))
    assert refused == []
    assert config.train.augment
    ends = [event for event in trained_by_hand(config)[0] if event.kind == "epoch_end"]
    assert [epoch["epoch"] for epoch in shown] == [0, 1, 2, 3, 4]
    for name in ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy"):
        assert [epoch[name] for epoch in shown[1:]] == [round(getattr(event, name), 6) for event in ends], name
