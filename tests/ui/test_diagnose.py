"""Diagnose, each view on finished, live, broken, recorded and ready nets."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from lib.config import Dense, Flatten, ModelConfig, RunConfig
from lib.doctor import measure
from lib.explain.mistakes import answer_now
from lib.nets.ready import ready_net
from lib.nets.recording import recorded_runs
from lib.runs import Run, get_registry
from lib.training import evaluate, predict
from lib.ui.diagnose import asked, cell, gap
from lib.ui.frame.page import PAGES
from lib.ui.setup import advice, session

VIEWS = ("mistakes", "gap", "projection", "doctor")
Sent = dict[str, dict[str, Any]]

DENSE = (Flatten(), Dense(8))
LINEAR = (Flatten(), Dense(64, "linear"), Dense(64, "linear"))


def config_of(layers=DENSE, data: dict[str, Any] | None = None, **train: Any) -> RunConfig:
    return RunConfig.model_validate(
        {
            "data": {"name": "digits", "test_size": 120} | (data or {}),
            "model": ModelConfig(layers=layers).model_dump(),
            "train": {"epochs": 3, "learning_rate": 0.003} | train,
        }
    )


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> None:
    """AppTest has no cookies to tell browsers apart."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the page's components are given; AppTest does not run them."""
    found: Sent = {}
    for place, name in (("mistakes", "confusion"), ("cell", "cell_pictures"), ("projection", "projection_map"),
                        ("doctor", "evidence"), ("gap", "bar_list")):  # fmt: skip
        monkeypatch.setattr(f"lib.ui.diagnose.{place}.{name}", lambda key, **given: found.__setitem__(key, given))
    return found


@pytest.fixture
def start_run() -> Iterator[Callable[..., Run]]:
    started: list[Run] = []

    def start(config: RunConfig, *states: str) -> Run:
        run = get_registry().start(config, "this-session")
        started.append(run)
        assert run.wait(120, *(states or ("finished", "failed")))
        return run

    yield start
    for run in started:
        run.stop(run.owner)
        assert run.wait(120)


def opened(view: str, run: str | None = None, **kept: Any) -> AppTest:
    at = AppTest.from_file(str(PAGES / "diagnose.py"), default_timeout=60)
    if run:
        at.query_params["run"] = run
    at.session_state["diagnose-view"] = view
    for name, value in kept.items():
        at.session_state[name.replace("_", "-")] = value
    return at.run()


def told(at: AppTest) -> str:
    return " ".join(each.value for each in (*at.caption, *at.info, *at.markdown, *at.warning, *at.success))


def button(at: AppTest, label: str):
    return next(each for each in at.button if each.label.startswith(label))


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_on_the_ready_net(view: str) -> None:
    at = opened(view)
    assert not at.exception
    assert at.title[0].value == "Diagnose"


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_works_on_a_net_that_trains(view: str, start_run: Callable[..., Run]) -> None:
    at = opened(view, start_run(config_of(epochs=200), "running").id)
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("view", VIEWS)
def test_weights_that_are_no_numbers_are_said(view: str, start_run: Callable[..., Run]) -> None:
    run = start_run(config_of(LINEAR, optimizer="sgd", learning_rate=10.0))
    assert run.state == "failed"
    at = opened(view, run.id)
    assert not at.exception
    assert ("no longer numbers" if view != "doctor" else "stopped being a number") in told(at)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", sorted(recorded_runs())[:2])
def test_a_recorded_run_shows_what_was_kept_and_says_the_rest(view: str, name: str) -> None:
    at = opened(view, name)
    assert not at.exception
    assert "weights" in told(at)
    assert recorded_runs()[name].name in at.selectbox(key="net-choice").format_func(name)


def test_a_recorded_run_has_its_matrix_without_its_pictures(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    name, run = sorted(recorded_runs().items())[0]
    at = opened("mistakes", name)
    assert not at.exception
    given = sent["diagnose-confusion"]
    assert [list(row) for row in given["counts"]] == [list(row) for row in run.recording.test.confusion]
    assert given["on_chosen"] is None
    assert "cell_pictures" not in sent


def test_S17_the_matrix_counts_the_chosen_split_and_the_cell_shows_its_pictures(
    sent: Sent, start_run: Callable[..., Run]
) -> None:
    run = start_run(config_of())
    data, (_, model) = run.dataset, run.model()
    at = opened("mistakes", run.id, diagnose_cell={"truth": 4, "answer": 4})
    assert not at.exception
    assert sent["diagnose-confusion"]["counts"] == evaluate(model, data.test).confusion.tolist()
    pictures = sent["diagnose-cell-pictures"]
    sure = predict(model, data.test.batch(slice(None))[0])
    there = [i for i in range(120) if data.test.labels[i] == 4 and sure[i].argmax() == 4]
    expected = sorted(there, key=lambda i: -float(sure[i, 4]))
    assert [tile["place"] for tile in pictures["tiles"]] == expected[: cell._MOST]
    assert [tile["share"] for tile in pictures["tiles"]] == sorted(
        (t["share"] for t in pictures["tiles"]), reverse=True
    )

    at.segmented_control(key="diagnose-split-3").set_value("train").run()
    assert not at.exception
    assert sent["diagnose-confusion"]["counts"] == evaluate(model, data.train).confusion.tolist()
    assert sent["diagnose-cell-pictures"]["on_opened"] is None  # Look inside shows test pictures


def test_when_each_was_learned_is_what_the_kept_weights_say(sent: Sent, start_run: Callable[..., Run]) -> None:
    run = start_run(config_of())
    opened("mistakes", run.id, diagnose_cell={"truth": 1, "answer": 1})
    given = sent["diagnose-cell-pictures"]
    steps = given["moments"]
    assert steps == run.snapshots()
    assert len(steps) > 5
    for tile in given["tiles"]:
        place = torch.tensor([tile["place"]])
        right = [bool(answer_now(run.model_at(step), run.dataset.test, place).answers == 1) for step in steps]
        assert tile["right"] == right
        since = steps[len(right) - next((i for i, hit in enumerate(reversed(right)) if not hit), len(right))]
        assert tile["says"] == ("right from the random start" if since == 0 else f"learned at iteration {since:,}")


def test_without_a_choice_all_mistakes_are_open_the_surest_first(sent: Sent, start_run: Callable[..., Run]) -> None:
    run = start_run(config_of(epochs=1))
    opened("mistakes", run.id)
    assert sent["diagnose-confusion"]["chosen"] is None
    data, (_, model) = run.dataset, run.model()
    sure = predict(model, data.test.batch(slice(None))[0])
    wrong = [i for i in range(120) if sure[i].argmax() != data.test.labels[i]]
    expected = sorted(wrong, key=lambda i: -float(sure[i].max()))[: cell._MOST]
    given = sent["diagnose-cell-pictures"]
    assert [tile["place"] for tile in given["tiles"]] == expected
    assert [tile["truth"] for tile in given["tiles"]] == [data.classes[data.test.labels[i]] for i in expected]
    assert given["note"].startswith(f"{len(wrong)} of 120 pictures")
    assert given["on_cleared"] is None


def test_S68_training_validation_and_test_are_measured_alike(sent: Sent, start_run: Callable[..., Run]) -> None:
    run = start_run(config_of(data={"train_size": 60}, epochs=40))
    at = opened("gap", run.id)
    assert not at.exception
    data, (_, model) = run.dataset, run.model()
    for name, given in (("accuracy", sent["gap-accuracy"]), ("loss", sent["gap-loss"])):
        found = {row["label"]: row["values"][0] for row in given["rows"]}
        for label, split in (("training", data.train), ("validation", data.valid), ("test", data.test)):
            assert found[label] == pytest.approx(getattr(evaluate(model, split), name), abs=1e-6)
        assert found["guessing"] == pytest.approx(0.1 if name == "accuracy" else 2.302585)
    assert "learned by heart" in told(at)


def test_what_the_gap_says_depends_on_luck() -> None:
    def score(split: str, accuracy: float, pictures: int = 1_000) -> gap.Score:
        return gap.Score(split, 0.3, accuracy, pictures)

    said = gap.gap_says([score("train", 0.99), score("valid", 0.9), score("test", 0.9)])
    assert "9.0 points" in said
    assert "agree" in said
    said = gap.gap_says([score("train", 0.91), score("valid", 0.97), score("test", 0.9)])
    assert "no larger than luck" in said
    assert "differ by 7.0 points" in said
    assert "watched on the test pictures" in gap.gap_says([score("train", 0.9), score("test", 0.9)])
    assert "harder" in gap.gap_says([score("train", 0.7), score("valid", 0.9), score("test", 0.9)])


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_the_map_has_a_point_for_every_picture(method: str, sent: Sent, start_run: Callable[..., Run]) -> None:
    run = start_run(config_of())
    at = opened("projection", run.id, map_method=method)
    assert not at.exception
    given = sent["diagnose-map"]
    assert len(given["points"]) == len(given["places"]) == 120
    assert given["labels"] == run.dataset.test.labels[given["places"]].tolist()
    place = given["places"][7]
    at.session_state["diagnose-map-chosen"] = place
    at.run()
    assert not at.exception
    assert button(at, "Open in Look inside")
    at.segmented_control(key="map-source").set_value("pixels").run()
    assert not at.exception
    assert "784 numbers" in sent["diagnose-map"]["note"]


def test_the_doctor_follows_his_advice_to_the_set_up(start_run: Callable[..., Run], monkeypatch) -> None:
    went: list[str] = []
    monkeypatch.setattr("lib.ui.diagnose.doctor.lead_to", went.append)
    run = start_run(config_of(data={"scale_pixels": False}))
    at = opened("doctor", run.id)
    assert "Unscaled pixels" in told(at)
    button(at, "Try this: pixels scaled").click().run()
    assert not at.exception
    assert went == ["train"]
    changed = RunConfig.model_validate_json(at.session_state["setup"])
    assert changed == run.config.model_copy(update={"data": run.config.data.model_copy(update={"scale_pixels": True})})
    assert len(at.session_state["undo"]) == 1
    assert at.session_state["advice"]["sentence"] == "The doctor on “Unscaled pixels”: pixels scaled to 0–1."


def test_the_advice_stays_until_the_set_up_changes_or_is_tried() -> None:
    def page() -> None:
        import streamlit as st

        from lib.ui.setup import advice, session

        if st.session_state.get("give"):
            advice.note("Do this.")
            st.session_state["give"] = False
        if st.session_state.get("change"):
            session.change_setup(session.setup().model_copy(update={"seed": 99}))
        advice.say()

    at = AppTest.from_function(page)
    at.session_state["give"] = True
    assert "Do this." in at.run().info[0].value
    assert at.run().info
    at.session_state["change"] = True
    assert not at.run().info
    assert advice
    assert session


def test_nothing_conspicuous_is_said_with_what_was_checked() -> None:
    at = opened("doctor")
    said = told(at)
    assert "nothing conspicuous" in said
    assert "Pixels are scaled" in said  # good words beside a tick
    assert "No curve of this net can be judged" in said
    assert "80 % of a GELU or ReLU layer never answer" in said  # when the doctor says this


def test_large_nets_are_asked_about_fewer_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    net = ready_net()
    cost = asked.cost_of(net)
    assert asked.affordable(net, 1_000 * cost) == 1_000
    assert asked.affordable(net, 1) == 100
    monkeypatch.setattr(asked, "cost_of", lambda _net: 10**12)
    assert asked.affordable(net) == 100


def test_counting_can_be_cancelled_and_gone_on_with(sent: Sent) -> None:
    net = ready_net()
    key = ("answers", net.id, net.steps, "test", 2_000)
    at = AppTest.from_file(str(PAGES / "diagnose.py"), default_timeout=60)
    at.session_state["sureness-cancelled"] = key
    from lib.ui.net import measuring

    measuring._kept.pop(key, None)
    at.run()
    assert not at.exception
    assert "Asking the net was cancelled" in told(at)
    button(at, "Go on").click().run()
    assert not at.exception
    assert sent["diagnose-confusion"]


def test_a_broken_ready_net_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = ready_net().weights
    broken = replace(
        ready_net(), weights=weights | {"conv1.weight": torch.full_like(weights["conv1.weight"], torch.nan)}
    )
    monkeypatch.setattr("lib.ui.frame.page.ready_net", lambda: broken)
    for view in ("mistakes", "gap", "projection"):
        assert "no longer numbers" in opened(view).warning[0].value
    assert measure(broken, False).finite is False
