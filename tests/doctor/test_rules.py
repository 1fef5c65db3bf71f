"""The doctor's rules: each has a run that triggers it and one that must not, both trained for real."""

from dataclasses import asdict, replace

import pytest

from lib.config import LEARNING_RATES, MAX_LAYERS, BatchNorm, Dense, Dropout, Flatten, ModelConfig, RunConfig
from lib.doctor import RULES, Bars, Lines, Measurements, examine
from lib.doctor.remedies import larger_rate, less_by_heart, more_epochs, smaller_rate, stop_at
from tests.doctor.trained import RUNS, config, measured, train

TRIGGER = {
    "broken": "no number",
    "unscaled": "unscaled",
    "edge": "crawls",
    "stuck": "plain descent crawls",
    "silent": "dead",
    "flat": "saturated",
    "restless": "bounces",
    "uneven": "uneven",
    "gap": "by heart",
    "surer": "surer",
    "early": "early",
}
# The run nearest to each rule's threshold that must not trigger it.
SPARED = {
    "broken": "too large",
    "unscaled": "saturated",
    "edge": "edge but learns",
    "stuck": "bounces",
    "silent": "healthy",
    "flat": "healthy sigmoid",
    "restless": "healthy sigmoid",
    "uneven": "by heart",
    "gap": "healthy",
    "surer": "healthy",
    "early": "healthy",
}


@pytest.fixture(autouse=True)
def _digits(quick_digits: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One home for all, so that doodles are drawn once."""
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path_factory.getbasetemp() / "doctor-home"))


def checked(name: str, m: Measurements):
    return next(check for rule, check in examine(m) if rule.name == name)


def found(m: Measurements) -> set[str]:
    return {rule.name for rule, check in examine(m) if check.finding}


def test_every_rule_is_tried_both_ways() -> None:
    names = [rule.name for rule in RULES]
    assert sorted(names) == sorted(TRIGGER) == sorted(SPARED)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", TRIGGER)
def test_a_real_run_triggers_the_rule(name: str) -> None:
    check = checked(name, measured(TRIGGER[name]))
    assert check.finding is not None, check
    assert check.finding.sentence.endswith(".")
    charts = check.finding.evidence if isinstance(check.finding.evidence, tuple) else (check.finding.evidence,)
    for chart in charts:
        assert isinstance(chart, Lines | Bars)
        if isinstance(chart, Lines):
            assert all(line.points for line in chart.lines)
        else:
            assert any(bar.marked for bar in chart.bars)
        assert asdict(chart)["kind"] == chart.kind


@pytest.mark.parametrize("name", SPARED)
def test_a_real_run_is_spared(name: str) -> None:
    check = checked(name, measured(SPARED[name]))
    assert check.finding is None, check.finding
    assert check.measured, check.unknown  # it could be told, and was not conspicuous


@pytest.mark.parametrize("run", ["healthy", "healthy sigmoid"])
def test_nothing_is_conspicuous_about_a_good_run(run: str) -> None:
    checks = examine(measured(run))
    assert [rule.name for rule, check in checks if check.finding] == []
    assert all(check.measured for _, check in checks)
    last = measured(run).whole[-1]
    assert last.valid_accuracy is not None
    assert last.valid_accuracy > 0.94


def test_X8_the_validation_loss_rises_while_the_accuracy_holds() -> None:
    m = measured("surer")
    epochs = m.whole
    best = min(epochs, key=lambda epoch: epoch.valid_loss)
    assert epochs[-1].valid_loss > 1.1 * best.valid_loss
    assert abs(epochs[-1].valid_accuracy - best.valid_accuracy) < 0.01
    assert epochs[-1].train_loss < 0.1 * best.train_loss
    finding = checked("surer", m).finding
    assert finding is not None
    assert f"Since epoch {best.number} " in finding.sentence
    loss, accuracy = finding.evidence
    assert (loss.of, accuracy.of) == ("loss", "accuracy")
    assert dict(loss.lines[1].points)[float(best.number)] == best.valid_loss
    assert finding.remedy is not None
    assert finding.remedy.config.train.epochs == best.number


@pytest.mark.parametrize(
    ("run", "rules"),
    [("no number", {"broken"}), ("dead", {"silent", "stuck"}), ("bounces", {"restless"}), ("saturated", {"flat"}),
     ("crawls", {"edge"}), ("by heart", {"gap"})],
)  # fmt: skip
def test_what_the_doctor_tries_helps(run: str, rules: set[str]) -> None:
    """Follow the first advice, train again, and what was found is gone."""
    before = measured(run)
    assert rules <= found(before)
    remedy = next(check.finding.remedy for rule, check in examine(before) if check.finding)
    assert remedy is not None
    after = train(remedy.config)
    assert not rules & found(after), remedy.label
    assert (after.whole[-1].valid_accuracy or 0) > (before.whole[-1].valid_accuracy if before.whole else 0.3)


def test_thin_classes_are_named_with_what_is_found_of_them() -> None:
    check = checked("uneven", measured("uneven"))
    assert check.finding is not None
    assert "“3” has 13 training pictures" in check.finding.sentence
    assert "are found, of the others" in check.finding.sentence
    assert [bar.label for bar in check.finding.evidence.bars if bar.marked] == ["3"]


def test_plateau_at_guessing_says_ln_of_the_classes() -> None:
    finding = checked("stuck", measured("plain descent crawls")).finding
    assert finding is not None
    assert "ln 10 = 2.30" in finding.sentence
    assert finding.evidence.level == ("guessing", pytest.approx(2.302585))
    assert finding.remedy.config.train.learning_rate == 0.1


def test_batch_norm_in_front_scales_pixels_too() -> None:
    m = measured("unscaled")
    layers = (BatchNorm(), *m.config.model.layers)
    normed = replace(m, config=m.config.model_copy(update={"model": ModelConfig(layers=layers)}))
    check = checked("unscaled", normed)
    assert check.finding is None
    assert "batch norm" in check.measured


def test_without_weights_the_curves_still_speak_and_the_rest_says_why() -> None:
    for run in RUNS:
        m = replace(measured(run), finite=None, looked=None, counts=None)
        for rule, check in examine(m):
            assert (check.measured is None) == (check.unknown is not None)
            if rule.name in ("silent", "flat", "uneven"):
                assert check.unknown
            if rule.name in ("stuck", "restless", "gap", "surer"):
                whole = checked(rule.name, measured(run))
                assert (check.finding is None) == (whole.finding is None)
    unscaled = checked("unscaled", replace(measured("unscaled"), finite=None, looked=None))
    assert unscaled.finding


def test_without_a_curve_the_weights_still_speak() -> None:
    m = replace(measured("dead"), curve=None, epochs=())
    assert found(m) == {"silent"}
    unknown = {rule.name for rule, check in examine(m) if check.unknown}
    assert {"stuck", "restless", "gap", "surer", "early"} <= unknown


def test_a_run_that_has_just_begun_is_not_judged() -> None:
    m = measured("crawls")
    early = replace(m, steps=20, ended=False, epochs=m.epochs[:1], curve=replace(m.curve, points=m.curve.points[:2]))
    assert found(early) == set()
    said = {rule.name: check.unknown for rule, check in examine(early)}
    assert said["stuck"] == "20 iterations are too few to judge by"
    assert said["gap"] == "no epoch is whole yet"
    assert said["early"] == "it is still training"


def test_with_few_validation_pictures_a_gap_may_be_luck() -> None:
    m = measured("by heart")
    assert checked("gap", m).finding
    assert checked("gap", replace(m, valid_pictures=10)).finding is None


def test_rates_move_within_the_choices() -> None:
    for optimizer in ("sgd", "momentum", "adam", "adamw", "rmsprop"):
        for rate in LEARNING_RATES:
            now = config(optimizer=optimizer, learning_rate=rate)
            down, up = smaller_rate(now), larger_rate(now)
            assert (down is None) == (rate == LEARNING_RATES[0]) or rate < 0.0001
            for remedy, right in ((down, lambda new, old: new < old), (up, lambda new, old: new > old)):
                if remedy:
                    assert remedy.config.train.learning_rate in LEARNING_RATES
                    assert right(remedy.config.train.learning_rate, rate)
                    assert remedy.label.endswith(f"instead of {f'{rate:.10f}'.rstrip('0').rstrip('.')}")


def test_every_change_is_another_valid_set_up() -> None:
    full = (Flatten(), *[Dense(4)] * (MAX_LAYERS - 1))
    for layers in ((Flatten(), Dense(8)), (Flatten(), Dense(8), Dropout(0.2)), full, ()):
        now = config(layers, augment=True)
        changed = less_by_heart(now).config
        assert changed != now
        assert RunConfig.model_validate(changed.model_dump()) == changed
    assert less_by_heart(config()).config.train.augment
    assert less_by_heart(config(data={"train_size": 50})).config.data.train_size is None
    assert more_epochs(config(epochs=200)) is None
    assert more_epochs(config(epochs=150)).config.train.epochs == 200
    assert more_epochs(config(time_budget=10.0)).config.train.time_budget == 20.0
    assert stop_at(config(epochs=3), 3) is None
    assert stop_at(config(epochs=9, time_budget=4.0), 3) is None


def test_every_threshold_is_said_with_its_reason() -> None:
    for rule in RULES:
        assert rule.when.endswith(".")
        assert rule.why.endswith(".")
        assert "{" not in rule.when + rule.why
