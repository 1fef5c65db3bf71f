"""The Shift Lab without a browser: the experiment trains really, and its sentence says what lib computes."""

import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from lib import evaluate, predict, summarize
from lib.config import Dense, Flatten, ModelConfig, RunConfig
from lib.datasets import Dataset, DatasetInfo, list_datasets, load_dataset
from lib.experiments.answers import more_often, said_of_places
from lib.explain.shifting import REACH, Robustness, robustness, shifted
from lib.models import build_model
from lib.parts import at_once
from lib.runs import Limits, Run, TooMuch, get_registry
from lib.ui.classify import shift_experiment, shift_lab, shift_measure, shift_panels
from lib.ui.classify.shift_experiment import EFFORTS, KINDS, TITLES, Effort, experiment
from lib.ui.classify.shift_nets import Place
from lib.ui.classify.shift_verdict import ALIKE, Finding, comparison, finding, signed, verdict
from lib.ui.components.shift_pad import encode_accuracies, encode_answers, encode_picture
from lib.ui.frame.page import PAGES
from lib.ui.words.telling import sentences

INFOS = {info.name: info for info in list_datasets()}
DIGITS = INFOS["digits"]
TINY = Effort(pictures=192, seen=192, measured=12)
ENDLESS = Effort(pictures=256, seen=256 * 200, measured=40)


# ---- the experiment ----


@pytest.mark.parametrize("name", INFOS)
@pytest.mark.parametrize("effort", EFFORTS.values(), ids=EFFORTS)
def test_S64_the_three_differ_in_their_layers_alone_and_are_of_one_size(name: str, effort: Effort) -> None:
    info = INFOS[name]
    for augment in (False, True):
        configs = experiment(info, effort, 7, augment=augment)
        assert tuple(configs) == KINDS
        first = configs["dense"]
        assert all(config.model_copy(update={"model": first.model}) == first for config in configs.values())
        assert (first.seed, first.train.augment, first.data.name) == (7, augment, name)
        sizes = [summarize(config.model, info.input_shape, len(info.classes)).parameters for config in configs.values()]
        assert max(sizes) < 1.1 * min(sizes)
    pictures = first.data.train_size or info.training_count(0.1)
    assert pictures <= effort.pictures
    assert effort.seen <= pictures * first.train.epochs < effort.seen + pictures


def test_digits_have_fewer_pictures_so_they_are_seen_more_often() -> None:
    few, many = (experiment(INFOS[name], EFFORTS["usual"], 0, augment=False)["dense"] for name in ("digits", "doodles"))
    assert few.data.train_size is None
    assert many.data.train_size == 4_000
    assert few.train.epochs == 26
    assert many.train.epochs == 8


# ---- the sentence ----

shares = st.floats(0, 100).map(lambda value: round(value, 1))
names = st.permutations(["dense", "conv + flatten", "fern-7"])


def numbers(said: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+\.\d(?= %)", said)]


def say(*findings: Finding) -> str:
    return verdict(findings, pixels=4, pictures=500, classes=10)


@given(names, st.lists(st.tuples(shares, shares), min_size=1, max_size=3))
def test_the_sentence_is_true_whatever_came_out(names: list[str], values: list[tuple[float, float]]) -> None:
    findings = [Finding(name, *pair) for name, pair in zip(names, values, strict=False)]
    said = say(*findings)
    assert said.startswith("When 500 test pictures are shifted by up to 4 pixels each way, ")
    assert re.fullmatch(r"[^.]*(\.\d[^.]*)*\.", said), "one sentence"
    assert sorted(numbers(said)) == sorted(value for pair in values for value in pair)
    for each in findings:
        assert f"({signed(-each.loss)}" in said
    least = min(each.loss for each in findings)
    for bold in re.findall(r"\*\*(.+?)\*\*", said):
        assert next(each for each in findings if each.name == bold).loss < least + ALIKE
    if "loses least" in said:
        assert sum(each.loss < least + ALIKE for each in findings) == 1
    if "hardly less often" in said:
        assert all(each.loss < 2 for each in findings)
    if "right most often" in said:
        named = re.search(r"yet (.+) is still", said)
        assert named
        top = max(findings, key=lambda each: each.shifted)
        assert named[1] == top.name
        assert top.loss >= least + ALIKE


CENTRED, SHIFTED = "% right when centred", "% on average over all shifts"


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        (
            [("dense", 99.2, 29.6), ("conv + flatten", 100.0, 48.4), ("pooled", 97.8, 93.9)],
            f"**pooled** loses least: 97.8 {CENTRED}, 93.9 {SHIFTED} (−3.9 points), against "
            "100.0 % and 48.4 % (−51.6) for conv + flatten and 99.2 % and 29.6 % (−69.6) for dense.",
        ),
        (
            [("dense", 90.0, 60.0), ("pooled", 55.0, 50.0)],
            f"**pooled** loses least: 55.0 {CENTRED}, 50.0 {SHIFTED} (−5.0 points), against "
            "90.0 % and 60.0 % (−30.0) for dense; yet dense is still right most often.",
        ),
        (
            [("dense", 90.0, 60.0), ("pooled", 11.0, 10.5)],
            f"**pooled** loses least: 11.0 {CENTRED}, 10.5 {SHIFTED} (−0.5 points), against "
            "90.0 % and 60.0 % (−30.0) for dense; but pooled has hardly learned anything, so it has little to lose.",
        ),
        (
            [("a", 90.0, 89.5), ("b", 91.0, 91.2), ("c", 80.0, 79.0)],
            f"all three nets are hardly less often right: b 91.0 {CENTRED}, 91.2 {SHIFTED} "
            "(+0.2 points), a 90.0 % and 89.5 % (−0.5) and c 80.0 % and 79.0 % (−1.0).",
        ),
        (
            [("a", 90.0, 60.0), ("b", 90.0, 60.4)],
            f"both nets lose about as much: b 90.0 {CENTRED}, 60.4 {SHIFTED} (−29.6 points) "
            "and a 90.0 % and 60.0 % (−30.0).",
        ),
        (
            [("a", 90.0, 80.0), ("b", 90.0, 80.4), ("c", 90.0, 50.0)],
            f"**b** and **a** lose least: b 90.0 {CENTRED}, 80.4 {SHIFTED} (−9.6 points), "
            "a 90.0 % and 80.0 % (−10.0) and c 90.0 % and 50.0 % (−40.0).",
        ),
        ([("a", 90.0, 80.0)], f"**a** loses 10.0 points: 90.0 {CENTRED}, 80.0 {SHIFTED} "
         "(−10.0 points)."),
        ([("a", 90.0, 90.0)], f"**a** loses nothing: 90.0 {CENTRED}, 90.0 {SHIFTED} "
         "(±0.0 points)."),
    ],
)  # fmt: skip
def test_the_sentence_in_all_its_forms(findings: list[tuple[str, float, float]], expected: str) -> None:
    said = say(*(Finding(*each) for each in findings))
    if len(findings) > 1:
        chance = "one seed each says nothing about chance: by their seed alone such nets came up to 5 points apart"
        expected = f"{expected.removesuffix('.')}; {chance}."
    assert said == f"When 500 test pictures are shifted by up to 4 pixels each way, {expected}"


def test_what_augmentation_did_is_said_with_its_cost() -> None:
    before = {"dense": Finding("dense", 99.2, 29.6), "pooled": Finding("pooled", 97.8, 93.9)}
    after = {"dense": Finding("dense", 96.6, 52.7), "pooled": Finding("pooled", 98.4, 93.9)}
    assert comparison(before, after) == (
        "Augmentation takes the mean over the shifts of dense from 29.6 % to 52.7 % (+23.1) and pooled from 93.9 % to "
        "93.9 % (±0.0); on centred pictures it changes dense −2.6 and pooled +0.6 points."
    )


# ---- measuring in the background ----


def maps_of(net: torch.nn.Module, tiny: Any) -> Any:
    return robustness(net, tiny.test, 23, reach=1, angles=(0,), scales=(1.0,))


@pytest.fixture
def dense_net() -> torch.nn.Module:
    return build_model(ModelConfig(layers=(Flatten(), Dense(5))), (1, 6, 6), 3)


def ended(each: shift_measure.Measurement) -> shift_measure.Measurement:
    until(lambda: each.state != "running")
    return each


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end
        sleep(0.01)


def test_a_net_is_measured_once_for_all_who_look(dense_net: torch.nn.Module, tiny: Any) -> None:
    key = ("once", 3, "tiny", 23)
    assert shift_measure.measurement(key) is None
    first = shift_measure.measure(key, dense_net, tiny.test, 1_000)
    assert shift_measure.measure(key, dense_net, tiny.test, 1_000) is first
    assert ended(first).state == "done"
    assert first.found is not None
    assert first.found.centred == evaluate(dense_net, tiny.test).accuracy
    assert shift_measure.measure(key, dense_net, tiny.test, 1_000) is first
    assert first.share == 1.0


def test_a_cancelled_measurement_ends_and_can_be_begun_again(
    dense_net: torch.nn.Module, tiny: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []

    def slow(*_: Any) -> Iterator[float]:
        try:
            while True:
                sleep(0.01)
                yield 0.5
        finally:
            closed.append(True)

    key = ("cancelled", 3, "tiny", 23)
    monkeypatch.setattr(shift_measure, "robustness", slow)
    first = shift_measure.measure(key, dense_net, tiny.test, 1_000)
    waiting = shift_measure.measure(("waiting", *key[1:]), dense_net, tiny.test, 1_000)
    until(lambda: first.share > 0)
    assert first.seconds_left is not None
    assert (waiting.share, waiting.seconds_left) == (0.0, None)  # one at a time
    first.cancel()
    waiting.cancel()
    assert ended(first).state == ended(waiting).state == "cancelled"
    assert first.found is None
    assert closed
    monkeypatch.undo()
    again = shift_measure.measure(key, dense_net, tiny.test, 1_000)
    assert again is not first
    assert ended(again).state == "done"


def test_a_measurement_that_breaks_is_said_to_have_failed(tiny: Any, caplog: pytest.LogCaptureFixture) -> None:
    broken = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(5, 3))  # the pictures have 36 pixels
    found = ended(shift_measure.measure(("broken", 0, "tiny", 23), broken, tiny.test, 1_000))
    assert found.state == "failed"
    assert "could not be measured" in caplog.text


# ---- what the pad is given ----


def test_what_travels_comes_back() -> None:
    picture = torch.randint(0, 256, (3, 4, 5)).float()
    sent = encode_picture(picture)
    assert (sent["width"], sent["height"], sent["channels"]) == (5, 4, 3)
    pixels = np.frombuffer(b64decode(sent["data"]), np.uint8).reshape(4, 5, 3)
    assert np.array_equal(pixels, picture.permute(1, 2, 0).numpy())
    shares = torch.rand(3, 3, 10).softmax(-1)
    assert answers_in(encode_answers(shares), 3) == pytest.approx(shares.numpy(), abs=1e-5)
    assert answers_in(encode_answers(torch.full((3, 3, 2), torch.nan)), 3).sum() == 0
    cells = np.random.default_rng(0).random((3, 3))
    assert np.frombuffer(b64decode(encode_accuracies(cells)), "<f4").reshape(3, 3) == pytest.approx(cells)


def answers_in(encoded: str, side: int = 2 * REACH + 1) -> Any:
    return np.frombuffer(b64decode(encoded), "<u2").reshape(side, side, -1) / 65_535


# ---- the page ----


class Lab:
    """The page as a session sees it, and what its components were handed last."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: dict[str, dict[str, Any]] = {}
        for place, name in (
            ("shift_lab", "shift_pad"),
            ("shift_results", "bar_list"),
            ("shift_results", "shift_curves"),
        ):
            monkeypatch.setattr(
                f"lib.ui.classify.{place}.{name}", lambda name=name, **given: self.calls.update({name: given})
            )

    def open(self, **query: str) -> AppTest:
        at = AppTest.from_file(str(PAGES / "classify.py"), default_timeout=60)
        for name, value in {"classify-view": "Shift Lab", "lab-pictures": "Digits", **query}.items():
            at.query_params[name] = value
        self.run(at)
        return at

    def run(self, at: AppTest) -> AppTest:
        self.calls.clear()
        at.run()
        assert not at.exception
        return at

    def until_judged(self, at: AppTest) -> str:
        """Look again as the page's own clock does, until the sentence is there."""
        self.until(at, lambda: bool(verdict_in(at)))
        return verdict_in(at)

    def until(self, at: AppTest, true: Callable[[], bool]) -> None:
        """Let the page run again and again, with time in between for training and measuring."""
        end = monotonic() + 60
        while not true():
            assert monotonic() < end
            sleep(0.2)
            self.run(at)

    def train(self, at: AppTest) -> str:
        button(at, "Train the three").click()
        self.run(at)
        return self.until_judged(at)

    @property
    def panels(self) -> list[dict[str, Any]]:
        return [panel for row in self.calls["shift_pad"]["rows"] for panel in row["panels"]]


def button(at: AppTest, label: str) -> Any:
    return next(each for each in at.button if each.label == label)


def verdict_in(at: AppTest) -> str:
    return next((each.value for each in at.markdown if each.value.startswith("When ")), "")


def said_in(at: AppTest) -> str:
    return " ".join(each.value for each in (*at.caption, *at.info, *at.error, *at.warning))


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> Lab:
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    # AppTest cannot run again once a choice has another text, and this one says the newest accuracy.
    monkeypatch.setattr("lib.ui.frame.page._name", lambda run, _titles: run.name if run else "the ready net")
    monkeypatch.setitem(EFFORTS, "usual", TINY)
    monkeypatch.setattr("lib.ui.setup.expected.estimate", lambda *_, **__: None)  # no measuring beside tests
    return Lab(monkeypatch)


def runs_by_kind(*, augment: bool = False) -> dict[str, Run]:
    configs = experiment(DIGITS, TINY, 0, augment=augment)
    found = shift_experiment.runs_of([configs[kind] for kind in KINDS])
    return {kind: run for kind, run in zip(KINDS, found, strict=True) if run}


def computed(run: Run, **parts_of_it: Any) -> Robustness:
    """The maps of a run, by lib alone."""
    return at_once(robustness(run.model()[1], load_dataset("digits").test, TINY.measured, **parts_of_it))


def test_S64_before_anything_is_trained_the_page_says_what_to_do(lab: Lab) -> None:
    at = lab.open()
    assert at.title[0].value == "Classify"
    assert "Press **Train the three**" in at.info[0].value
    assert not button(at, "Train the three").disabled
    assert [panel["title"] for panel in lab.panels] == list(TITLES.values())
    assert {panel["missing"] for panel in lab.panels} == {"Not trained yet."}
    assert all("parameters" in panel["note"] and "multiply-adds" in panel["note"] for panel in lab.panels)
    assert not any("answers" in panel for panel in lab.panels)
    assert "shift_curves" not in lab.calls


def test_S64_X5_the_three_are_trained_and_the_sentence_says_what_lib_computes(lab: Lab) -> None:
    at = lab.open()
    said = lab.train(at)
    runs = runs_by_kind()
    assert [runs[kind].state for kind in KINDS] == ["finished"] * 3
    assert {run.id for run in runs.values()} == {run.id for run in get_registry().newest()}

    maps = {kind: computed(run) for kind, run in runs.items()}
    test = load_dataset("digits").test
    for kind, run in runs.items():
        assert maps[kind].centred == evaluate(run.model()[1], test, limit=TINY.measured).accuracy
    expected = [finding(TITLES[kind], maps[kind], 4) for kind in KINDS]
    assert said == verdict(expected, pixels=4, pictures=TINY.measured, classes=10)
    assert sorted(numbers(said)) == sorted(value for each in expected for value in (each.centred, each.shifted))

    # The two that lose least are also laid side by side picture by picture.
    first, second = sorted(KINDS, key=lambda kind: finding(TITLES[kind], maps[kind], 4).loss)[:2]
    beside = more_often(maps[first].places_kept(4), maps[second].places_kept(4))
    told = sentences(said_of_places(TITLES[first], TITLES[second], beside))
    assert told in [each.value for each in at.markdown]

    # A wider frame is another sentence, without measuring again.
    at.select_slider(key="shift-frame").set_value(8)
    lab.run(at)
    expected = [finding(TITLES[kind], maps[kind], 8) for kind in KINDS]
    assert verdict_in(at) == verdict(expected, pixels=8, pictures=TINY.measured, classes=10)

    for kind, panel in zip(KINDS, lab.panels, strict=True):
        assert panel["map"] == encode_accuracies(maps[kind].by_shift)
        assert panel["note"].startswith(f"{runs[kind].name} · ")
    bars = lab.calls["bar_list"]["rows"]
    assert [row["values"] for row in bars] == [[maps[kind].centred, maps[kind].shifted_up_to(8)] for kind in KINDS]
    curves = lab.calls["shift_curves"]["lines"]
    assert [line["y"] for line in curves] == [[list(maps[kind].by_angle), list(maps[kind].by_scale)] for kind in KINDS]

    # What the pad looks up in the browser is what each net says to the shifted picture.
    picture = lab.calls["shift_pad"]["picture"]
    pixels = np.frombuffer(b64decode(picture["data"]), np.uint8).reshape(1, 1, 28, 28)
    x = torch.from_numpy(pixels.copy()).float() / 255
    for kind, panel in zip(KINDS, lab.panels, strict=True):
        answers = answers_in(panel["answers"])
        for dx, dy in ((0, 0), (3, -2), (-8, 8)):
            says = predict(runs[kind].model()[1], shifted(x, dx, dy))[0]
            assert answers[dy + REACH, dx + REACH] == pytest.approx(says.numpy(), abs=1e-4)


def test_S64_they_are_found_again_after_a_reload_and_never_trained_twice(lab: Lab) -> None:
    at = lab.open()
    said = lab.train(at)
    other = lab.open()
    assert lab.until_judged(other) == said
    assert button(other, "Train the three").disabled
    assert len(get_registry().newest()) == 3
    assert "Another seed trains three others" in said_in(other)
    other.number_input(key="lab-seed").set_value(5)
    lab.run(other)
    assert not button(other, "Train the three").disabled
    assert not verdict_in(other)


def test_S64_with_and_without_augmentation_side_by_side(lab: Lab) -> None:
    at = lab.open()
    lab.train(at)
    assert at.toggle(key="shift-beside").disabled
    at.toggle(key="lab-augmentation").set_value(True)
    assert not verdict_in(lab.run(at))
    lab.train(at)
    assert not at.toggle(key="shift-beside").disabled
    at.toggle(key="shift-beside").set_value(True)
    lab.until(at, lambda: any(each.value.startswith("Augmentation ") for each in at.markdown))
    rows = lab.calls["shift_pad"]["rows"]
    assert [row["title"] for row in rows] == ["with augmentation", "without augmentation"]
    assert len(lab.panels) == len(lab.calls["bar_list"]["rows"]) == len(lab.calls["shift_curves"]["lines"]) == 6
    plain, augmented = (
        {
            TITLES[kind]: finding(TITLES[kind], computed(run, reach=4, angles=(), scales=()), 4)
            for kind, run in runs_by_kind(augment=on).items()
        }
        for on in (False, True)
    )
    said = next(each.value for each in at.markdown if each.value.startswith("Augmentation "))
    assert said == comparison(plain, augmented)
    assert verdict_in(at) == verdict(list(augmented.values()), pixels=4, pictures=TINY.measured, classes=10)


def test_S64_training_can_be_cancelled_and_watched_from_another_session(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EFFORTS, "usual", ENDLESS)
    at = lab.open()
    button(at, "Train the three").click()
    lab.run(at)
    runs = get_registry().newest()
    assert len(runs) == 3
    assert button(at, "Train the three").disabled
    assert {panel["missing"] for panel in lab.panels} == {"It is still training."}
    other = lab.open()  # a reload
    assert [each.label for each in other.button if each.label == "Cancel"]
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "somebody-else")
    assert "started in another browser" in said_in(lab.run(other))
    assert not [each for each in other.button if each.label == "Cancel"]
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    button(at, "Cancel").click()
    lab.run(at)
    assert all(run.wait(120) for run in runs)
    lab.run(at)
    assert {run.state for run in runs} == {"stopped"}
    assert not button(at, "Train the three").disabled


def test_what_this_machine_will_not_start_is_said_and_nothing_is_left_half_done(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = lab.open()
    monkeypatch.setattr(get_registry(), "limits", Limits(max_queued_each=2))
    button(at, "Train the three").click()
    lab.run(at)
    assert "You have 2 runs open" in at.error[0].value
    until(lambda: all(run.has_ended for run in get_registry().newest()))
    lab.run(at)
    assert not at.error
    assert not button(at, "Train the three").disabled


def test_none_is_started_when_one_cannot_be(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_registry(), "limits", Limits(max_queued_each=2))
    with pytest.raises(TooMuch, match="You have 2 runs open"):
        shift_experiment.start(list(experiment(DIGITS, ENDLESS, 0, augment=False).values()), "this-session")
    assert all(run.wait(120) for run in get_registry().newest())
    assert [run.state for run in get_registry().newest()] == ["stopped"] * 2


def test_a_run_that_broke_is_said_with_its_reason(lab: Lab) -> None:
    config = experiment(DIGITS, TINY, 0, augment=False)["pooled"]
    run = get_registry().start(config, "this-session")
    assert run.wait(120)
    run.state, run.message = "failed", "The loss stopped being a number."
    at = lab.open()
    assert "conv + global average pooling: The loss stopped being a number." in said_in(at)
    assert not button(at, "Train the three").disabled


def test_measuring_can_be_cancelled_and_taken_up_again(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: Any) -> Iterator[float]:
        while True:
            sleep(0.01)
            yield 0.5

    monkeypatch.setattr(shift_measure, "robustness", slow)
    at = lab.open()
    button(at, "Train the three").click()
    lab.until(at, lambda: any(each.key == "shift-cancel-maps" for each in at.button))
    button(at, "Cancel").click()
    lab.until(at, lambda: any(each.label == "Measure the maps" for each in at.button))
    assert {panel["missing"] for panel in lab.panels} == {"Not measured: it was cancelled."}
    assert all("answers" in panel for panel in lab.panels)  # the picture can be slid about all the same
    monkeypatch.setattr(shift_measure, "robustness", robustness)
    button(at, "Measure the maps").click()
    assert lab.until_judged(at)


def test_nets_that_end_while_the_page_is_drawn_are_measured_together(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The third ends between two looks of one draw: Cancel then ended two of three, and the third began behind it."""

    def load_and_let_it_end(place: Place, data: Dataset, pictures: int) -> shift_panels.Shown:
        if isinstance(place.net, Run) and place.kind == "pooled":
            shown = shift_panels.load(place, data, pictures)
            assert place.net.wait(60)
            return shown
        if isinstance(place.net, Run):
            assert place.net.wait(60)
        return shift_panels.load(place, data, pictures)

    begun: list[set[str]] = [set()]

    def begin(shown: shift_panels.Shown, data: Dataset, info: DatasetInfo) -> None:
        if shown.model is not None:
            begun[-1].add(shown.place.kind or "")
        shift_panels.begin(shown, data, info)

    monkeypatch.setattr(shift_lab, "load", load_and_let_it_end)
    monkeypatch.setattr(shift_lab, "begin", begin)
    at = lab.open(**{"lab-seed": "4242"})  # nobody else's nets
    button(at, "Train the three").click()
    for _ in range(3):
        begun.append(set())
        lab.run(at)
    assert {frozenset(each) for each in begun if any(each)} == {frozenset({"dense", "flatten", "pooled"})}
    assert lab.until_judged(at)


# ---- nets of one's own ----


def trained(name: str, layers: Sequence[Any], **data: Any) -> Run:
    config = {"data": {"name": name, "train_size": 300, **data}, "model": {"layers": [Flatten(), *layers]}}
    run = get_registry().start(RunConfig.model_validate(config | {"train": {"epochs": 2}}), "this-session")
    assert run.wait(120)
    return run


def test_a_net_of_one_s_own_can_stand_in_a_place(lab: Lab) -> None:
    """Also one that learned pixels from 0 to 255: it sees the picture as it is used to."""
    own = trained("digits", [Dense(5, "tanh")], scale_pixels=False)
    at = lab.open()
    at.selectbox(key="shift-place-digits-1").set_value(own.id)
    lab.run(at)
    panel = lab.panels[1]
    assert (panel["title"], panel["layers"]) == (own.name, "flatten · dense 5")
    pixels = np.frombuffer(b64decode(lab.calls["shift_pad"]["picture"]["data"]), np.uint8).reshape(1, 1, 28, 28)
    x, net = torch.from_numpy(pixels.copy()).float(), own.model()[1]
    says = predict(net, x)[0]
    assert not torch.allclose(says, predict(net, x / 255)[0], atol=1e-3)  # so that it matters
    assert answers_in(panel["answers"])[REACH, REACH] == pytest.approx(says.numpy(), abs=1e-4)
    lab.until(at, lambda: "map" in lab.panels[1])
    cells = np.frombuffer(b64decode(lab.panels[1]["map"]), "<f4")
    judged = evaluate(own.model()[1], own.dataset.test, limit=TINY.measured).accuracy
    assert cells[len(cells) // 2] == pytest.approx(judged)
    assert not verdict_in(at)  # the other two places are empty
    assert own.name in lab.train(at)


def test_nets_of_other_pictures_cannot_and_the_page_says_so(lab: Lab) -> None:
    at = lab.open()
    assert "1 other net learned other pictures (doodles) and cannot answer for Digits." in said_in(at)
    assert "No other net has been trained on Digits" in said_in(at)
    assert at.selectbox(key="shift-place-digits-0").options == ["dense · flatten · dense 26"]


def test_a_net_whose_weights_are_no_numbers_is_not_asked(lab: Lab) -> None:
    own = trained("digits", [Dense(5)])
    step, weights = own.weights() or (0, {})
    own._published.weights = (step, {name: torch.full_like(value, torch.nan) for name, value in weights.items()})
    at = lab.open()
    at.selectbox(key="shift-place-digits-0").set_value(own.id)
    lab.run(at)
    assert "no longer numbers" in lab.panels[0]["missing"]
    assert "answers" not in lab.panels[0]


def test_a_large_net_is_measured_on_fewer_pictures() -> None:
    from lib.models import preset
    from lib.ui.classify.shift_nets import Place
    from lib.ui.classify.shift_panels import pictures_for

    info = INFOS["doodles"]
    small = Place("small", experiment(info, TINY, 0, augment=False)["pooled"], None, 0, "pooled")
    large = Place("large", preset("article-cnn"), None, 1, None)

    class Data:
        test = range(2_000)

    assert pictures_for([small], Data(), info, 500) == 500  # type: ignore[arg-type]
    assert pictures_for([small], Data(), info, 9_999) == 2_000  # type: ignore[arg-type]
    assert pictures_for([small, large], Data(), info, 500) == 50  # type: ignore[arg-type]
