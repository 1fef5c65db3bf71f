"""The list of files: each can be made, is about as large as said, and says why where it cannot be had."""

import re

import pytest

from lib.export.catalogue import exports_of, file_stem
from lib.nets.recording import recorded_runs
from lib.nets.recording_file import parse_recording
from tests.runs.whole_runs import LONG

# `copyreg` inside torch's own exporter.
pytestmark = pytest.mark.filterwarnings("ignore:.*isinstance.treespec, LeafSpec.*:FutureWarning")


def by_kind(run):
    return {export.kind: export for exports in exports_of(run).values() for export in exports}


def test_every_file_can_be_made_and_is_about_as_large_as_said(run):
    exports = by_kind(run)
    kinds = ["torch", "notebook", "keras", "weights", "onnx", "report", "recording", "setup", "csv"]
    kinds += ["csv-semicolon", "tensorboard"]
    assert list(exports) == kinds
    for export in exports.values():
        assert export.problem is None
        assert len(export.make()) == pytest.approx(export.about_bytes, rel=0.4), export.kind
        assert export.sentence.endswith(".")
        assert export.file_name.startswith("glasshouse-fern-1")
    assert len({export.file_name for export in exports.values()}) == len(exports)
    assert parse_recording("x", exports["recording"].make()).name == "fern-1"


@pytest.mark.parametrize("name", ["article-cnn-fast", "two-layer-sigmoid"])
def test_a_recorded_run_can_be_taken_but_for_its_weights(name, monkeypatch):
    run = recorded_runs()[f"recorded-{name}"]
    exports = by_kind(run)
    lost = {kind for kind, export in exports.items() if export.problem}
    assert lost == {"weights", "onnx"}
    assert "not its weights" in exports["onnx"].problem
    assert exports["torch"].file_name == f"glasshouse-{name}.py"
    assert parse_recording("x", exports["recording"].make()) == run.recording


def test_without_the_extra_a_sentence_stands_in_place_of_onnx(run, monkeypatch):
    monkeypatch.setattr("lib.export.weights.find_spec", lambda _name: None)
    exports = by_kind(run)
    assert exports["onnx"].problem == "This needs two more packages: pip install onnx onnxscript."
    assert exports["weights"].problem is None


def test_a_run_whose_weights_are_damaged_says_so_of_each_file_that_needs_them(run, tmp_path):
    for path in tmp_path.rglob(f"{run.id}/*.safetensors"):
        path.write_bytes(path.read_bytes()[:-100] + bytes(100))
    run._let_go()
    run._published.tested = None  # as a later process finds it
    exports = by_kind(run)
    lost = {kind for kind, export in exports.items() if export.problem}
    assert lost == {"weights", "onnx", "recording"}
    assert all("cannot be read" in exports[kind].problem for kind in lost)
    assert all(export.make() for export in exports.values() if not export.problem)


def test_a_run_that_was_stopped_has_no_result_to_record(registry, set_up, small):
    run = registry.start(small.model_copy(update={"train": small.train.model_copy(update={"epochs": 200})}), "me")
    assert run.wait(LONG, "running")
    run.stop(run.owner)
    assert run.wait(LONG)
    exports = by_kind(run)
    assert exports["recording"].problem
    assert "stopped by hand" in exports["torch"].make().decode()


@pytest.mark.parametrize("name", ["fern-12", "Über/../x y", "..", "", "a" * 60])
def test_file_names_are_plain(name):
    assert re.fullmatch(r"glasshouse-[a-z0-9-]+", file_stem(name))
