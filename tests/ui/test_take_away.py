"""Take a run away, open what somebody else made, and the table of the articles' figures, on Train alone."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from streamlit.testing.v1 import AppTest

from lib.config import Dense, Flatten, ModelConfig, RunConfig
from lib.export.setup_json import setup_file
from lib.models import preset
from lib.nets.lookup import find_for
from lib.nets.recording import FOLDER, record, recorded_runs
from lib.nets.recording_file import parse_recording, to_bytes
from lib.runs import Run, get_registry
from lib.ui.frame.page import PAGES
from lib.ui.serve import replay
from lib.ui.setup.link import to_link
from lib.ui.train import take_away
from lib.ui.words.text import size

TINY = RunConfig.model_validate(
    {
        "data": {"name": "digits", "train_size": 60, "test_size": 30},
        "model": ModelConfig(layers=(Flatten(), Dense(8))).model_dump(),
        "train": {"epochs": 2, "precision": "fp32"},
    }
)


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> None:
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")


@pytest.fixture
def run() -> Run:
    started = get_registry().start(TINY, "this-session")
    assert started.wait(120)
    assert started.state == "finished"
    return started


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / "train.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def labels(at: AppTest) -> list[str]:
    return [each.label for each in at.button]


def button(at: AppTest, label: str) -> Any:
    return next(each for each in at.button if each.label == label)


def test_a_run_can_be_taken_away_once_it_has_ended(run: Run) -> None:
    assert "Take it away" not in labels(opened(**to_link(TINY)))
    at = opened(run=run.id)
    button(at, "Take it away").click().run()
    assert not at.exception
    offered = [each.label for each in at.get("download_button")]
    assert offered == [
        *("PyTorch program", "Jupyter notebook", "Keras program", "Weights", "ONNX"),
        *("Report", "Recording", "Set-up", "Metrics", "Metrics, semicolons", "TensorBoard events"),
    ]
    said = " ".join(each.value for each in at.caption)
    assert "the same curve to the last digit" in said
    at.run()  # whatever runs the page again does not close it
    assert len(at.get("download_button")) == len(offered)


def test_what_cannot_be_had_is_said_in_place() -> None:
    at = opened(run="recorded-dense-286k")
    button(at, "Take it away").click().run()
    assert not at.exception
    disabled = {each.label for each in at.get("download_button") if each.proto.disabled}
    assert disabled == {"Weights", "ONNX"}
    assert [each.value for each in at.caption].count("The curves of this run were kept, not its weights.") == 2


def bring(monkeypatch: pytest.MonkeyPatch, name: str, content: bytes) -> AppTest:
    """Open the dialog with a file in its uploader: AppTest cannot upload into a dialog."""
    at = opened(**to_link(TINY))
    file = SimpleNamespace(name=name, getvalue=lambda: content)
    with monkeypatch.context() as patched:
        patched.setattr(take_away.st, "file_uploader", lambda *_args, **_kwargs: file)
        button(at, "Open or save").click().run()
    return at


def test_somebody_else_s_recording_is_shown_and_listed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    brought = record("theirs", run)
    at = bring(monkeypatch, "theirs.json", to_bytes(brought))
    assert not at.exception
    assert "dialog" not in at.session_state
    found = find_for(get_registry(), at.query_params["run"], "anybody")
    assert found is not None
    assert found.name == "theirs, recorded"
    assert found.message.startswith("Recorded on ")
    assert any(label.startswith("theirs, recorded") for label in labels(at))


def test_a_set_up_is_taken_over_and_can_be_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    config = preset("lenet-5").model_copy(update={"data": TINY.data})
    at = bring(monkeypatch, "mine.json", setup_file("mine", config).encode())
    assert not at.exception
    assert "dialog" not in at.session_state
    assert RunConfig.model_validate_json(at.session_state["setup"]) == config
    assert at.session_state["undo"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"hello": 1}', "x.json is no set-up and no recording; choose a file that Glasshouse saved."),
        (b"\x89PNG", "x.json is no set-up and no recording, or it is cut off; choose a file that Glasshouse saved."),
        (
            (FOLDER / "dense-286k.json").read_bytes()[:900],
            "x.json is no recorded run, or it is cut off; choose a file that Glasshouse saved.",
        ),
        (
            setup_file("x", TINY).replace('"epochs": 2', '"epochs": 0').encode(),
            "x.json cannot be used: config.train.epo",
        ),
    ],
    ids=["foreign", "a picture", "cut off", "out of bounds"],
)
def test_another_file_is_refused_and_the_rest_goes_on(
    content: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = bring(monkeypatch, "x.json", content)
    assert not at.exception
    assert at.error[0].value.startswith(said)
    assert RunConfig.model_validate_json(at.session_state["setup"]) == TINY
    assert "Train" in labels(at)


def test_s44_s45_s62_x7_the_articles_figures_stand_beside_ours() -> None:
    at = opened(**to_link(TINY))
    (table,) = (each.value for each in at.markdown if each.value.startswith("| net |"))
    rows = {row.split("|")[1].strip(): row for row in table.splitlines()[2:]}
    assert len(rows) == len(recorded_runs())
    for title, theirs, name in (
        ("Two-layer sigmoid, pixels 0–255", "72.0 %", "two-layer-sigmoid-unscaled"),
        ("Dense net", "88.0 %", "dense-286k"),
        ("Article CNN, fast", "90.5 %", "article-cnn-fast"),
    ):
        measured = recorded_runs()[f"recorded-{name}"].recording.test
        assert f"| {theirs} | **{measured.accuracy * 100:.1f} %** |" in rows[title]
    loss = recorded_runs()["recorded-article-cnn-fast"].recording.test.loss
    assert f"| 0.417 | **{loss:.3f}** |" in rows["Article CNN, fast"]


def test_s43_the_accuracy_after_each_of_five_epochs_is_there() -> None:
    at = opened(**to_link(TINY))
    (table,) = (each.value for each in at.markdown if each.value.startswith("| net |"))
    epochs = recorded_runs()["recorded-two-layer-sigmoid"].recording.epochs[1:]
    assert len(epochs) == 5
    assert " · ".join(f"{epoch['valid_accuracy'] * 100:.1f}" for epoch in epochs) in table


def asked(run_id: str) -> Response:
    """What the route answers when it is asked for the moments of a run."""
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "path_params": {"run_id": run_id}}
    return asyncio.run(replay.run_moments(Request(scope)))


def test_the_route_of_a_replay_tells_what_was_said_at_each_moment(run: Run) -> None:
    said = json.loads(bytes(asked(run.id).body))
    assert len(said) == len(run.snapshots())
    assert run.glimpse is not None
    assert said[-1][1] == json.loads(json.dumps(run.glimpse["answers"]))
    assert asked("nobody").status_code == 404
    again = parse_recording("x", to_bytes(record("x", run)))
    assert [[moment.at, [list(each) for each in moment.answers]] for moment in again.moments] == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(640, "0.6 kB"), (9_949, "9.9 kB"), (24_300, "24 kB"), (999_400, "999 kB"), (5_660_000, "5.7 MB")],
)
def test_sizes_are_written_short(count: int, said: str) -> None:
    assert size(count) == said
