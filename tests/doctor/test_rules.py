"""The doctor's rules: each has a run that triggers it, trained for real; all together are counted in `test_bank.py`."""

from dataclasses import asdict, replace

import pytest

from bench.doctor_bank import train
from lib.config import (
    LEARNING_RATES,
    MAX_LAYERS,
    BatchNorm,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    MaxPool2d,
    ModelConfig,
    RunConfig,
)
from lib.doctor import RULES, Bars, Lines, Measurements, examine
from lib.doctor.remedies import larger_rate, less_by_heart, more_epochs, smaller_rate, stop_at
from lib.ui.words import say_in
from lib.ui.words.telling import sentences, tell
from tests.doctor.trained import RUNS, config, measured
from tests.in_english import both, said_in_english

TRIGGER = {
    "vanishing": "deep",
    "unscaled": "unscaled",
    "decay": "decay",
    "dropout": "hidden",
    "fast": "dead",
    "slow": "crawls",
    "underfit": "one unit",
    "uneven": "uneven",
    "gap": "by heart",
    "surer": "surer",
    "early": "one epoch",
    "leak": "watched test",
}


@pytest.fixture(autouse=True)
def _digits(quick_digits: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One home for all, so that doodles are drawn once."""
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path_factory.getbasetemp() / "doctor-home"))


def checked(name: str, m: Measurements):
    return next(check for rule, check in examine(m) if rule.name == name)


def found(m: Measurements) -> list[str]:
    return [rule.name for rule, check in examine(m) if check.finding]


def test_every_rule_is_tried() -> None:
    names = [rule.name for rule in RULES]
    assert sorted(names) == sorted(TRIGGER)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", TRIGGER)
def test_a_real_run_triggers_the_rule(name: str) -> None:
    """By its own rule; in the whole examination an earlier finding may explain it."""
    rule = next(rule for rule in RULES if rule.name == name)
    check = rule.check(measured(TRIGGER[name]))
    assert check.finding is not None, check
    assert both(check.finding.sentence).endswith(".")
    charts = check.finding.evidence if isinstance(check.finding.evidence, tuple) else (check.finding.evidence,)
    for chart in charts:
        assert isinstance(chart, Lines | Bars)
        if isinstance(chart, Lines):
            assert all(line.points for line in chart.lines)
        else:
            assert chart.bars
        assert asdict(chart)["kind"] == chart.kind


@pytest.mark.parametrize("name", [name for name in TRIGGER if name != "surer"])
def test_the_cause_is_what_is_found_first(name: str) -> None:
    assert found(measured(TRIGGER[name]))[0] == name


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
    assert abs(epochs[-1].valid_accuracy - best.valid_accuracy) < 0.02
    assert epochs[-1].train_loss < 0.1 * best.train_loss
    finding = checked("surer", m).finding
    assert finding is not None
    assert f"Since epoch {best.number} " in both(finding.sentence)
    loss, accuracy = finding.evidence
    assert (loss.of, accuracy.of) == ("loss", "accuracy")
    assert dict(loss.lines[1].points)[float(best.number)] == best.valid_loss
    assert finding.remedy is not None
    assert finding.remedy.config.train.epochs == best.number


@pytest.mark.parametrize(
    ("run", "cause", "remedy"),
    [
        (
            "slowly deep",
            "vanishing",
            "ReLU in every layer, learning rate 0.002",
        ),  # was under-fitting, and four times as many units
        ("fast sigmoid", "fast", "learning rate 0.03 instead of 1"),  # was too short, and twice as many epochs
        ("hidden", "dropout", "dropout of 20 % instead of 90 %"),  # was a large rate, and tanh
        ("averaged", "underfit", "flatten instead of global average pooling"),  # was more and more units, in vain
        ("one unit between", "underfit", "at least 32 units in every dense layer"),  # was a large rate, and tanh
    ],
)
def test_the_cause_is_named_and_its_remedy_taken_helps(run: str, cause: str, remedy: str) -> None:
    first = next(check.finding for _, check in examine(measured(run)) if check.finding)
    assert found(measured(run))[0] == cause
    assert first.remedy is not None
    assert said_in_english(first.remedy.label) == remedy
    before, after = measured(run).whole[-1], train(first.remedy.config).measured.whole[-1]
    assert after.valid_accuracy > before.valid_accuracy + 0.05


def test_a_deep_sigmoid_net_is_not_sent_in_a_circle() -> None:
    """It was told "1 instead of 0.1", and then "0.1 instead of 1"."""
    for name in ("deep", "deep and fast"):
        findings = [(rule.name, check.finding) for rule, check in examine(measured(name)) if check.finding]
        assert [rule for rule, _ in findings] == ["vanishing"]
        remedy = findings[0][1].remedy
        assert remedy is not None
        assert all(getattr(layer, "activation", "relu") == "relu" for layer in remedy.config.model.layers)
        assert remedy.config.train.learning_rate <= 0.1
        bars = findings[0][1].evidence.bars
        assert bars[0].value > 100 * bars[-1].value  # from the output back to the input, as Backwards draws them


def test_a_strong_decay_is_not_answered_with_a_larger_rate() -> None:
    m = measured("decay")
    finding = checked("decay", m).finding
    assert finding is not None
    assert finding.remedy.config.train == m.config.train.model_copy(update={"weight_decay": 0.0})
    slow = replace(m, config=config(weight_decay=1.0, learning_rate=0.0001))
    assert found(slow) == ["decay"]
    assert checked("slow", slow).after == "decay"


def test_a_class_without_pictures_was_not_learned_by_heart() -> None:
    m = measured("uneven")
    assert found(m) == ["uneven"]
    check = checked("uneven", m)
    assert "“3” has 0 training pictures" in both(check.finding.sentence)
    assert "are found, of the others" in both(check.finding.sentence)
    assert [said_in_english(bar.label) for bar in check.finding.evidence.bars if bar.marked] == ["3"]
    assert "of the classes that had enough in validation" in said_in_english(checked("gap", m).measured)


def test_whether_validation_is_the_test_hangs_on_nothing_else() -> None:
    m = measured("crawls")
    watched = m.config.model_copy(update={"data": m.config.data.model_copy(update={"valid_fraction": 0.0})})
    assert found(replace(m, config=watched)) == ["slow", "leak"]


def test_ups_and_downs_are_steps_that_are_too_large() -> None:
    m = measured("healthy")
    points = tuple((at, loss + (1.5 if place // 4 % 2 else 0.0)) for place, (at, loss) in enumerate(m.curve.points))
    restless = replace(m, curve=replace(m.curve, points=points))
    assert "goes up and down" in both(checked("fast", restless).finding.sentence)


def with_last(m: Measurements, **values: float) -> Measurements:
    """The same run with other numbers in its last epoch."""
    return replace(m, epochs=(*m.epochs[:-1], replace(m.whole[-1], **values)))


def test_a_gap_of_few_pictures_can_be_chance() -> None:
    m = replace(measured("healthy"), valid_pictures=144)
    check = checked("gap", with_last(m, train_accuracy=0.6, valid_accuracy=63 / 144))
    assert check.finding is not None
    assert "63 of 144" in both(check.finding.sentence)
    check = checked("gap", with_last(m, train_accuracy=0.52, valid_accuracy=63 / 144))
    assert check.finding is None
    assert said_in_english(check.measured).endswith("63 of 144 in validation, that can be chance")


@pytest.mark.parametrize(("before", "last", "speaks"), [(0.04, 0.02, False), (1.4, 1.0, True), (1.4, 1.39, False)])
def test_small_losses_may_halve_without_meaning(before: float, last: float, speaks: bool) -> None:
    m = measured("healthy")
    two = [replace(m.whole[-1], number=n, train_loss=each, valid_loss=each) for n, each in ((8, before), (9, last))]
    assert (checked("early", replace(m, epochs=(m.epochs[0], *two))).finding is not None) == speaks


def test_surer_needs_more_of_a_rise_where_few_pictures_are_looked_at() -> None:
    m = measured("surer")
    rule = next(rule for rule in RULES if rule.name == "surer")
    assert rule.check(m).finding is not None
    assert rule.check(replace(m, valid_pictures=20)).finding is None


def test_words_agree_with_their_ticks() -> None:
    for rule in RULES:
        assert say_in("en", f"doctor.{rule.name}_clear") != say_in("en", f"doctor.{rule.name}_title")
        assert all(both(rule.when) and both(rule.why) for rule in RULES)
    assert say_in("en", "doctor.gap_clear") == "No over-fitting"


@pytest.mark.parametrize(
    ("layers", "scaled"),
    [
        ((BatchNorm(), Flatten(), Dense(8, "sigmoid")), True),
        ((Flatten(), BatchNorm(), Dense(8, "sigmoid")), True),
        ((MaxPool2d(), BatchNorm(), Flatten()), True),
        ((Conv2d(4), BatchNorm(), Flatten(), Dense(8, "tanh")), True),
        ((Conv2d(4, activation="sigmoid"), BatchNorm(), Flatten()), False),
        ((Flatten(), Dense(8), Dense(8, "tanh"), BatchNorm()), False),
        ((Flatten(), Dense(8)), False),
    ],
)
def test_a_batch_norm_before_anything_bends_scales_pixels_too(layers, scaled: bool) -> None:
    m = measured("unscaled")
    normed = replace(m, config=m.config.model_copy(update={"model": ModelConfig(layers=layers)}))
    check = checked("unscaled", normed)
    assert (check.finding is None) == scaled
    assert ("batch norm" in said_in_english(check.measured)) == scaled


def test_without_weights_the_curves_still_speak_and_the_rest_says_why() -> None:
    for run in RUNS:
        m = replace(measured(run), finite=None, looked=None, counts=None)
        for rule, check in examine(m):
            assert (check.measured is None) == (check.unknown is not None)
            if rule.name == "uneven":
                assert check.unknown
    assert "not_kept" in checked("vanishing", replace(measured("deep"), finite=None, looked=None)).unknown.code
    assert checked("unscaled", replace(measured("unscaled"), finite=None, looked=None)).finding


def test_without_a_curve_the_weights_still_speak() -> None:
    m = replace(measured("dead"), curve=None, epochs=())
    assert found(m) == ["fast"]
    unknown = {rule.name for rule, check in examine(m) if check.unknown}
    assert {"gap", "surer", "early"} <= unknown


def test_a_run_that_has_just_begun_is_not_judged() -> None:
    m = measured("crawls")
    early = replace(m, steps=20, ended=False, epochs=m.epochs[:1], curve=replace(m.curve, points=m.curve.points[:2]))
    assert found(early) == []
    said = {rule.name: said_in_english(check.unknown) for rule, check in examine(early)}
    assert said["slow"] == "20 iterations are too few to judge by"
    assert said["gap"] == "no epoch is whole yet"
    assert said["early"] == "it is still training"


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
                    assert tell(remedy.label).endswith(f"instead of {f'{rate:.10f}'.rstrip('0').rstrip('.')}")


def test_every_change_is_another_valid_set_up() -> None:
    full = (Flatten(), *[Dense(4)] * (MAX_LAYERS - 1))
    for layers in ((Flatten(), Dense(8)), (Flatten(), Dense(8), Dropout(0.2)), full, ()):
        now = config(layers, augment=True)
        changed = less_by_heart(now).config
        assert changed != now
        assert RunConfig.model_validate(changed.model_dump()) == changed
    assert less_by_heart(config()).config.train.augment
    assert less_by_heart(config(data={"train_size": 50})).config.data.train_size == 500
    assert more_epochs(config(epochs=200)) is None
    assert more_epochs(config(epochs=150)).config.train.epochs == 200
    assert more_epochs(config(time_budget=10.0)).config.train.time_budget == 20.0
    assert stop_at(config(epochs=3), 3) is None
    assert stop_at(config(epochs=9, time_budget=4.0), 3) is None


def test_every_threshold_is_said_with_its_reason() -> None:
    for rule in RULES:
        when, why = (sentences(each) for each in (rule.when, rule.why))
        assert when.endswith(".")
        assert why.endswith(".")
        assert "{" not in when + why
