"""`python -m lib.cli export`: the files of "Take it away", from the shell."""

import json

import pytest

from lib import cli
from lib.export.catalogue import exports_of
from lib.export.torch_program import torch_script
from lib.nets.recording import recorded_runs
from lib.runs import Limits, Registry
from tests.runs.whole_runs import LONG, finished

# `copyreg` inside torch's own exporter.
pytestmark = pytest.mark.filterwarnings("ignore:.*isinstance.treespec, LeafSpec.*:FutureWarning")
PLAIN = ("torch", "notebook", "keras", "setup", "csv", "tensorboard")  # the same bytes each time


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    """The shell stands in an empty folder."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def test_every_format_of_the_page_is_written_as_the_page_gives_it(run, tmp_path, capsys):
    kinds = {export.kind: export for group in exports_of(run).values() for export in group}
    for kind, export in kinds.items():
        assert cli.main(["export", run.name, kind]) == 0
        written = (tmp_path / "here" / export.file_name).read_bytes()
        assert capsys.readouterr().out == f"{export.title}: {export.file_name}, {len(written) / 1e3:,.1f} kB\n"
        if kind in PLAIN:
            assert written == export.make()
    assert len(list((tmp_path / "here").iterdir())) == len(kinds)


def test_a_file_or_a_folder_may_be_named(run, tmp_path):
    assert cli.main(["export", run.id, "torch", str(tmp_path / "mine.py")]) == 0
    assert (tmp_path / "mine.py").read_text(encoding="utf-8") == torch_script(run)
    (tmp_path / "there").mkdir()
    assert cli.main(["export", run.id, "setup", str(tmp_path / "there")]) == 0
    (written,) = (tmp_path / "there").iterdir()
    assert json.loads(written.read_text(encoding="utf-8"))["config"] == json.loads(run.config.model_dump_json())


def test_without_a_format_it_says_what_there_is(run, capsys):
    assert cli.main(["export", run.name]) == 0
    lines = capsys.readouterr().out.splitlines()
    exports = [export for group in exports_of(run).values() for export in group]
    assert [line.split()[0] for line in lines] == [export.kind for export in exports]
    assert all(line.endswith(export.sentence) for line, export in zip(lines, exports, strict=True))


def test_a_recorded_run_is_found_by_its_preset_and_has_no_weights(tmp_path, capsys):
    assert cli.main(["export", "dense-286k", "report"]) == 0
    assert "286,044" in (tmp_path / "here" / "glasshouse-dense-286k.html").read_text(encoding="utf-8")
    assert cli.main(["export", "dense-286k", "weights"]) == 1
    assert capsys.readouterr().err == "The curves of this run were kept, not its weights.\n"
    for name in (recorded_runs()["recorded-dense-286k"].id, "dense-286k, recorded"):
        assert cli.main(["export", name, "csv"]) == 0


def test_what_makes_no_sense_is_said(run, registry, small, tmp_path, capsys):
    def said(*arguments: str) -> str:
        assert cli.main(["export", *arguments]) == 2
        return capsys.readouterr().err

    assert said("nobody", "torch").startswith("There is no run called “nobody” in ")
    assert "choose one of torch, notebook, keras" in said(run.name, "word")
    endless = registry.start(small.model_copy(update={"train": small.train.model_copy(update={"epochs": 200})}), "me")
    assert endless.wait(LONG, "running")
    assert "has not ended yet" in said(endless.name, "torch")
    endless.stop(endless.owner)
    assert endless.wait(LONG)
    assert cli.main(["export", run.name, "torch", str(tmp_path / "nowhere" / "x.py")]) == 1
    assert "cannot be written (No such file or directory)." in capsys.readouterr().err


def test_looking_for_a_run_makes_no_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "empty"))
    assert cli.main(["export", "fern-1", "torch"]) == 2
    assert not (tmp_path / "empty").exists()


def test_a_run_of_an_earlier_process_is_read_from_disk(small, tmp_path, monkeypatch):
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "earlier"))
    earlier = Registry(tmp_path / "earlier", Limits())
    run = finished(earlier, small)
    program = torch_script(run)
    earlier.close()
    assert cli.main(["export", run.name, "torch", "program.py"]) == 0
    assert (tmp_path / "here" / "program.py").read_text(encoding="utf-8") == program
    assert cli.main(["export", run.name, "recording", "recording.json"]) == 0
    assert json.loads((tmp_path / "here" / "recording.json").read_text(encoding="utf-8"))["steps"] == 8
