"""Compare, each view alone: what it offers first, what it says of bad addresses, the way from a form to a verdict."""

import re
import time

import pytest
from streamlit.testing.v1 import AppTest

from lib.config import Conv2d, DataConfig, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig, TrainConfig
from lib.datasets import list_datasets
from lib.experiments import get_coordinator
from lib.experiments.answers import beside, right_answers, said_of
from lib.experiments.designs import KINDS, rate_race
from lib.experiments.finder import get_finder
from lib.experiments.outcome import RULES
from lib.runs import Run, get_registry
from lib.runs.time_needed import Estimate
from lib.ui.compare.form import ALIKE, QUESTIONS
from lib.ui.compare.setups import layers_in_words, settings_of
from lib.ui.frame.page import PAGES
from lib.ui.words import text
from tests.in_english import both, read, said_in_english

SMALL = RunConfig(
    data=DataConfig(name="digits", train_size=200, test_size=100),
    model=ModelConfig(layers=(Flatten(), Dense(8))),
    train=TrainConfig(epochs=2, precision="fp32"),
)


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> None:
    """AppTest has no cookies to tell browsers apart; measuring the machine is not what is tested here."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    monkeypatch.setattr("lib.ui.setup.expected.estimate", lambda *_, **__: None)


def opened(view: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / "compare.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.session_state["compare-view"] = view
    return at.run()


def finished(config: RunConfig = SMALL, owner: str = "this-session") -> Run:
    run = get_registry().start(config, owner)
    assert run.wait(120)
    return run


def told(at: AppTest) -> str:
    return " ".join(each.value for each in (*at.caption, *at.info, *at.warning, *at.error, *at.markdown))


def test_at_first_recorded_runs_are_compared() -> None:
    at = opened("runs")
    assert not at.exception
    assert at.title[0].value == "Compare"
    assert at.multiselect(key="compare-picked").value == [
        "recorded-article-cnn-fast",
        "recorded-dense-286k",
        "recorded-two-layer-sigmoid",
    ]


def test_the_address_says_which_runs() -> None:
    first, second = finished(), finished(SMALL.model_copy(update={"seed": 1}), "somebody else")
    at = opened("runs", runs=f"{second.id},{first.id}")
    assert not at.exception
    assert at.multiselect(key="compare-picked").value == [second.id, first.id]
    assert not at.warning


def test_an_address_with_a_run_that_is_gone_is_told_so() -> None:
    run = finished()
    at = opened("runs", runs=f"{run.id},AAAAAAAAAAAA")
    assert not at.exception
    assert "One of these runs is not on this machine" in at.warning[0].value
    assert at.multiselect(key="compare-picked").value == [run.id]
    assert at.query_params["runs"] == run.id


def test_without_runs_it_says_what_to_do() -> None:
    at = opened("runs")
    at.multiselect(key="compare-picked").set_value([]).run()
    assert not at.exception
    assert "Choose runs above" in at.info[0].value
    assert any(button.label.startswith("Put ") for button in at.button)


def test_two_runs_are_asked_the_same_test_pictures() -> None:
    runs = [finished(SMALL.model_copy(update={"seed": seed})) for seed in (0, 1)]
    at = opened("runs", runs=",".join(run.id for run in runs))
    button(at, "Ask both the same test pictures").click().run()
    assert not at.exception
    right = [right_answers(run) for run in runs]
    assert right[0] is not None
    assert right[1] is not None
    assert both(said_of(f"“{runs[0].name}”", f"“{runs[1].name}”", beside(right[0], right[1]))) in told(at)
    other = finished(SMALL.model_copy(update={"data": DataConfig(name="digits", train_size=200, test_size=50)}))
    at = opened("runs", runs=f"{runs[0].id},{other.id}")
    assert "tested on different pictures" in told(at)
    assert not any(each.label.startswith("Ask both") for each in at.button)


def test_what_was_taken_out_can_be_had_back() -> None:
    at = opened("runs")
    picked = at.multiselect(key="compare-picked").value
    at.multiselect(key="compare-picked").set_value(picked[:2]).run()
    assert at.query_params["runs"] == ",".join(picked[:2])
    next(button for button in at.button if button.label.startswith("Put ")).click().run()
    assert at.multiselect(key="compare-picked").value == picked
    assert not any(button.label.startswith("Put ") for button in at.button)


def test_only_ones_own_runs_that_have_ended_can_be_deleted() -> None:
    mine, theirs = finished(), finished(SMALL, "somebody else")
    at = opened("runs", runs=f"{mine.id},{theirs.id}")
    doomed = at.multiselect(key="compare-doomed")
    assert [option.split(" · ")[0] for option in doomed.options] == [mine.name]
    doomed.set_value([mine.id]).run()
    next(button for button in at.button if button.label == "Delete 1 for good").click().run()
    assert not at.exception
    assert get_registry().find(mine.id) is None
    assert get_registry().find(theirs.id) is not None
    assert at.multiselect(key="compare-picked").value == [theirs.id]


def test_clear_away_says_what_it_deletes_and_deletes_that() -> None:
    mine, looked_at, theirs = finished(), finished(), finished(SMALL, "somebody else")
    at = opened("runs", runs=f"{mine.id},{theirs.id}", run=looked_at.id)
    at.session_state["run"] = looked_at.id
    at.run()
    assert re.search(r"What Glasshouse keeps on this machine takes \*\*[\d.,]+ MB\*\* of the 5,000 MB", told(at))
    assert "**1 run** of yours that ended, with curves and weights" in told(at)
    assert f"{looked_at.name}, in view on Train, stays" in told(at)
    next(button for button in at.button if button.label == "Clear away for good").click().run()
    assert not at.exception
    assert at.success[0].value == "Cleared away: 1 run."
    assert [get_registry().find(run.id) is None for run in (mine, looked_at, theirs)] == [True, False, False]
    assert at.multiselect(key="compare-picked").value == [theirs.id]
    assert "There is nothing to clear away" in told(at)
    assert not any(button.label == "Clear away for good" for button in at.button)


def test_what_differs_is_found_setting_by_setting() -> None:
    other = SMALL.model_copy(update={"seed": 2, "train": SMALL.train.model_copy(update={"learning_rate": 0.01})})
    rows = dict(settings_of([SMALL, other]))
    assert {label for label, texts in rows.items() if len(set(texts)) > 1} == {"Learning rate", "Seed"}
    assert rows["Data"] == ["Digits", "Digits"]
    assert rows["Hidden layers"] == ["flatten, dense 8", "flatten, dense 8"]
    layers = (Conv2d(8, 5, 2, "valid", "tanh"), MaxPool2d(), Flatten())
    assert layers_in_words(ModelConfig(layers=layers)) == "conv 8@5×5 stride 2 no padding tanh, max pool 2, flatten"


def test_every_setting_of_a_run_has_its_row() -> None:
    """So that a setting that is added to a run cannot be missing here."""
    for group, values in SMALL.model_dump().items():
        for name in values if isinstance(values, dict) else ():
            if name in ("layers", "name"):
                continue
            other = {"train_size": 100, "test_size": 50, "valid_fraction": 0.2, "scale_pixels": False, "seed": 9,
                     "keep": ((0, 5),), "optimizer": "sgd", "loss": "mse", "learning_rate": 0.5, "schedule": "cosine",
                     "batch_size": 8, "epochs": 3, "time_budget": 5.0, "weight_decay": 0.1, "augment": True,
                     "precision": "bf16"}[name]  # fmt: skip
            changed = SMALL.model_dump()
            changed[group][name] = other
            rows = settings_of([SMALL, RunConfig.model_validate(changed)])
            assert any(first != second for _, (first, second) in rows), name


@pytest.mark.parametrize("kind", KINDS)
def test_every_experiment_says_what_it_would_train_and_how_it_is_decided(kind: str) -> None:
    at = opened("experiments")
    at.radio(key="experiment-kind").set_value(kind).run()
    assert not at.exception
    assert QUESTIONS[kind] in told(at)
    assert ALIKE[kind] in told(at)
    for rule in RULES[kind]:
        assert said_in_english(rule) in told(at)
    start = next(button for button in at.button if button.label == "Start")
    assert not start.disabled


def test_every_offer_is_small_and_offline() -> None:
    at = opened("experiments")
    info = next(info for info in list_datasets() if info.title == at.selectbox(key="experiment-data").options[0])
    assert info.offline


def test_one_choice_is_nothing_to_compare() -> None:
    at = opened("experiments")
    at.multiselect(key="experiment-Learning rates").set_value([0.001]).run()
    assert "Choose at least two" in told(at)
    assert next(button for button in at.button if button.label == "Start").disabled


def test_an_unknown_experiment_is_told_so() -> None:
    at = opened("experiments", experiment="AAAAAAAAAAAA")
    assert not at.exception
    assert "There is no experiment with this address" in at.warning[0].value


def test_from_the_form_to_the_verdict() -> None:
    at = opened("experiments")
    at.selectbox(key="experiment-data").set_value("digits").run()
    at.selectbox(key="experiment-net-small-cnn").set_value("dense").run()
    at.multiselect(key="experiment-Learning rates").set_value([0.00001, 0.003]).run()
    next(button for button in at.button if button.label == "Start").click().run()
    assert not at.exception
    experiment = at.query_params["experiment"]
    coordinator = get_coordinator()
    going = coordinator.find(experiment)
    assert going is not None
    assert [member.panel for member in going.members] == ["0.00001", "0.003"] * 3
    assert [member.config.seed for member in going.members] == [0, 0, 1, 1, 2, 2]
    assert {member.config.data.name for member in going.members} == {"digits"}
    assert coordinator.wait(experiment, 60)
    at.run()
    ended = coordinator.find(experiment)
    assert ended is not None
    assert ended.verdict is not None
    shown = " ".join(html.proto.body for html in at.get("html")).replace("\u00a0", " ")
    assert read(ended.verdict).split(";")[0] in shown
    assert not any(button.key == "cancel-experiment" for button in at.button)


@pytest.mark.parametrize(
    ("seconds", "chosen", "seeds"), [(0.1, None, 10), (14.0, None, 4), (500.0, None, 3), (0.1, 1, 1)]
)
def test_there_are_as_many_seeds_as_the_time_allows(
    monkeypatch: pytest.MonkeyPatch, seconds: float, chosen: int | None, seeds: int
) -> None:
    monkeypatch.setattr("lib.ui.setup.expected.estimate", lambda *_, **__: Estimate(seconds, 0.4, 10, 1.0, 1, 1))
    said: list[str | None] = []
    monkeypatch.setattr("lib.ui.setup.expected.how_long", lambda **handed: said.append(handed["text"]))
    at = opened("experiments")
    at.selectbox(key="experiment-data").set_value("digits").run()
    at.multiselect(key="experiment-Learning rates").set_value([0.001, 0.003]).run()
    if chosen:
        at.selectbox(key="experiment-seeds").set_value(chosen).run()
    assert said[-1] is not None
    assert said[-1].startswith(f"{2 * seeds} runs, about {text.duration(2 * seeds * seconds)} on this machine. ")
    assert ("One seed says nothing" if seeds == 1 else f"{seeds} seeds each find a difference of ") in said[-1]
    button(at, "Start").click().run()
    coordinator = get_coordinator()
    going = coordinator.find(at.query_params["experiment"])
    assert going is not None
    assert [member.config.seed for member in going.members] == [seed for seed in range(seeds) for _ in range(2)]
    coordinator.cancel(going.id, going.owner)
    assert coordinator.wait(going.id, 30)


def test_another_browser_watches_and_cannot_cancel(monkeypatch: pytest.MonkeyPatch) -> None:
    long = SMALL.model_copy(update={"train": TrainConfig(epochs=200, batch_size=1)})
    coordinator = get_coordinator()
    experiment = coordinator.start("rates", "Race", rate_race(long, (0.001, 0.01)), "this-session")
    at = opened("experiments", experiment=experiment.id)
    assert any(button.key == "cancel-experiment" for button in at.button)
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "somebody else")
    at = opened("experiments", experiment=experiment.id)
    assert not any(button.key == "cancel-experiment" for button in at.button)
    assert not any("Delete" in button.label and "good" in button.label for button in at.button)
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    at = opened("experiments", experiment=experiment.id)
    next(button for button in at.button if button.key == "cancel-experiment").click().run()
    assert coordinator.wait(experiment.id, 30)
    now = coordinator.find(experiment.id)
    assert now is not None
    assert now.state == "cancelled"


def button(at: AppTest, label: str):
    return next(each for each in at.button if each.label == label)


def test_a_rate_is_found_and_taken_over() -> None:
    at = opened("finder", data="digits", net="f-d16", lr="0.00001")
    button(at, "Find a rate").click().run()
    search = get_finder().find("this-session")
    assert search is not None
    deadline = time.monotonic() + 30
    while not search.has_ended:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    at.run()
    assert not at.exception
    assert search.suggestion is not None
    use = next(each for each in at.button if each.label.startswith("Use "))
    assert use.label == f"Use {text.rate(search.suggestion.learning_rate)}"
    use.click().run()
    assert not at.exception
    setup = RunConfig.model_validate_json(at.session_state["setup"])
    assert setup.train.learning_rate == search.suggestion.learning_rate
    assert setup.model == ModelConfig(layers=(Flatten(), Dense(16)))
    assert "Your set-up now has" in told(at)


def test_a_net_that_cannot_work_is_not_searched() -> None:
    at = opened("finder", data="digits", net="d16")  # no Flatten before the dense layer
    button(at, "Find a rate").click().run()
    assert not at.exception
    assert at.error


def test_a_sweep_says_what_it_would_train_and_how_it_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    two_seconds = Estimate(2.0, 0.4, 10, 1.0, 1, 1)
    monkeypatch.setattr("lib.ui.setup.expected.estimate", lambda *_, **__: two_seconds)
    said: list[str | None] = []
    monkeypatch.setattr("lib.ui.setup.expected.how_long", lambda **handed: said.append(handed["text"]))
    at = opened("sweep")
    assert not at.exception
    assert said == ["15 runs, at most about 30 s"]
    for rule in RULES["sweep"]:
        assert said_in_english(rule) in told(at)
    at.multiselect(key="sweep-settings").set_value(["rate"]).run()
    assert "Choose two or three settings" in told(at)
    assert button(at, "Start").disabled


def test_from_a_sweep_to_the_set_up_on_train() -> None:
    at = opened("sweep")
    at.selectbox(key="sweep-data").set_value("digits").run()
    at.selectbox(key="sweep-net-small-cnn").set_value("dense").run()
    at.multiselect(key="sweep-values-rate").set_value([0.00001, 0.003]).run()
    at.multiselect(key="sweep-values-batch").set_value([32, 128]).run()
    button(at, "Start").click().run()
    assert not at.exception
    coordinator = get_coordinator()
    assert coordinator.wait(at.query_params["sweep"], 60)
    at.run()
    ended = coordinator.find(at.query_params["sweep"])
    assert ended is not None
    assert ended.verdict is not None
    best = next(member for member in ended.members if member.panel == ended.verdict.best)
    next(each for each in at.button if each.label.startswith("Put the best")).click().run()
    assert RunConfig.model_validate_json(at.session_state["setup"]).train == best.config.train
    at = opened("sweep", sweep=ended.id)
    next(each for each in at.button if each.label.startswith("Is that chance? Train the best")).click().run()
    assert not at.exception
    finals = coordinator.find(at.query_params["experiment"])
    assert finals is not None
    assert QUESTIONS[finals.kind] in told(at)
    assert {member.panel for member in finals.members} >= {ended.verdict.best}
    assert ended.members[0].config.seed not in {member.config.seed for member in finals.members}
    coordinator.cancel(finals.id, finals.owner)
    assert coordinator.wait(finals.id, 30)
    at = opened("sweep", sweep="AAAAAAAAAAAA")
    assert "There is no sweep with this address" in at.warning[0].value
