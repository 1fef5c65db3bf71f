"""The time machine without a browser: which moment is shown, what is counted, and what it says without moments."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from lib import evaluate
from lib.config import Conv2d, Dense, Flatten, ModelConfig, RunConfig
from lib.runs import Run, get_registry
from lib.ui.frame.page import PAGES

Calls = dict[str, dict]


def config_of(*layers, **train) -> RunConfig:
    return RunConfig.model_validate(
        {
            "data": {"name": "digits", "train_size": 320, "test_size": 60},
            "model": ModelConfig(layers=layers).model_dump(),
            "train": {"epochs": 2, "learning_rate": 0.003, "batch_size": 32} | train,
        }
    )


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> Run:
    """10 steps an epoch, 2 epochs: 0, 1, 2, 4, 8, 10, 16 and now, which is 20."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    run = get_registry().start(config_of(Conv2d(3), Flatten(), Dense(8)), "this-session")
    assert run.wait(120)
    return run


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Calls]:
    """Open Look inside with the slider at some moment; gives what each component was handed, and the texts."""
    calls: Calls = {}

    def spy(name: str, place: str) -> None:
        def mount(**given: object) -> None:
            assert name != "time_machine" or "maps" in calls  # mounted last: it asks for the next moment
            calls[name] = given

        monkeypatch.setattr(place, mount)

    spy("maps", "lib.ui.look_inside.maps.feature_maps")
    spy("filters", "lib.ui.look_inside.maps.filter_grid")
    spy("confusion", "lib.ui.look_inside.time_machine.confusion")
    spy("time_machine", "lib.ui.look_inside.time_machine.time_machine")

    def open_at(run: Run | None, at: int | None = None, *, broken: bool = False) -> Calls:
        calls.clear()
        if broken:
            calls["maps"] = {}  # a net that is no more numbers has none
        monkeypatch.setattr("lib.ui.look_inside.time_machine.asked_for", lambda _key: at)
        page = AppTest.from_file(str(PAGES / "look_inside.py"), default_timeout=60)
        if run:
            page.query_params["run"] = run.id
        page.run()
        assert not page.exception
        calls["said"] = {
            "captions": " ".join(each.value for each in page.caption),
            "warnings": " ".join(each.value for each in page.warning),
        }
        return dict(calls)

    return open_at


def test_it_stands_at_now_and_offers_the_moments_before(run: Run, look: Callable[..., Calls]) -> None:
    found = look(run)
    row = found["time_machine"]
    assert (row["steps"], row["now"], row["shown"]) == ([0, 1, 2, 4, 8, 10, 16], 20, None)
    assert row["epoch_steps"] == 10
    assert found["maps"]["step"] == 20
    assert "keeps 8 moments of this run" in found["said"]["captions"]
    assert "Never more than 24 moments or 24 MB" in found["said"]["captions"]
    assert "16 bits" not in found["said"]["captions"]


@pytest.mark.parametrize(("asked", "shown"), [(0, 0), (10, 10), (11, 10), (999, 16)])
def test_everything_is_of_the_same_moment(run: Run, look: Callable[..., Calls], asked: int, shown: int) -> None:
    """A moment that was let go gives way to the nearest."""
    found = look(run, at=asked)
    assert found["time_machine"]["shown"] == shown
    assert found["maps"]["step"] == shown
    assert f"at iteration {shown}" in found["filters"]["title"]
    judged = evaluate(run.model_at(shown), run.dataset.test)
    assert found["confusion"]["counts"] == judged.confusion.tolist()
    assert found["confusion"]["caption"] == f"60 test pictures, at iteration {shown}"


def test_a_file_that_cannot_be_read_gives_way_to_now(run: Run, look: Callable[..., Calls], monkeypatch) -> None:
    monkeypatch.setattr(Run, "model_at", lambda _run, _step: None)
    found = look(run, at=4)
    assert (found["time_machine"]["shown"], found["maps"]["step"]) == (None, 20)


def test_while_it_trains_the_newest_kept_moment_is_counted(run: Run, look: Callable[..., Calls], monkeypatch) -> None:
    """Now is another net every second; counting each would cost the training time."""
    monkeypatch.setattr(Run, "wants_turn", lambda *_: False)  # it only looks as if it trained
    run.state = "running"
    run._store.snapshots(run.id).forget_after(16)
    found = look(run)
    assert found["maps"]["step"] == 20
    assert found["confusion"]["caption"] == "60 test pictures, at iteration 16"


def test_a_run_without_moments_says_so_and_the_rest_works(run: Run, look: Callable[..., Calls]) -> None:
    run._store.snapshots(run.id).forget_after(-1)
    found = look(run)
    assert "time_machine" not in found
    assert "No moments of this run's past were kept" in found["said"]["captions"]
    assert found["maps"]["step"] == 20
    assert found["confusion"]["caption"] == "60 test pictures, at iteration 20"


def test_the_ready_net_has_no_past(look: Callable[..., Calls]) -> None:
    found = look(None)
    assert "The ready net came trained" in found["said"]["captions"]
    assert {"maps", "confusion"} <= set(found)


def test_a_net_without_convolutions_has_a_past_too(look: Callable[..., Calls], run: Run) -> None:
    dense = get_registry().start(config_of(Flatten(), Dense(8)), "this-session")
    assert dense.wait(120)
    found = look(dense, at=0)
    assert found["time_machine"]["shown"] == found["maps"]["step"] == 0
    assert "filters" not in found


def test_a_net_that_broke_can_be_looked_at_before_and_after(look: Callable[..., Calls], run: Run) -> None:
    layers = (Conv2d(3, activation="linear"), Flatten(), Dense(8, activation="linear"))
    broken = get_registry().start(config_of(*layers, optimizer="sgd", learning_rate=10.0, epochs=50), "this-session")
    assert broken.wait(120)
    assert broken.state == "failed"
    before = look(broken, at=0)
    assert sum(map(sum, before["confusion"]["counts"])) == 60
    assert before["said"]["warnings"] == ""
    after = look(broken, broken=True)
    assert "no longer numbers" in after["said"]["warnings"]
    assert after["maps"] == {}
    assert "confusion" not in after
    assert 0 in after["time_machine"]["steps"]
