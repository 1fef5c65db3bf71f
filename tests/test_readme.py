"""What the README tells people to do works as it stands there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_notebook_example_runs_and_learns_digits(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(blocks) == 1
    exec(compile(blocks[0], "README.md", "exec"), {})
    printed = capsys.readouterr().out
    accuracy = re.search(r"test accuracy ([\d.]+)%", printed)
    assert accuracy
    assert float(accuracy[1]) > 85
    assert "'conv2': (10, 14, 14)" in printed


def test_every_picture_and_file_it_links_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if not link.startswith("http")]
    assert len(links) >= 5
    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_every_setting_it_names_exists_and_every_setting_is_named() -> None:
    from lib.runs import Limits

    named = set(re.findall(r"GLASSHOUSE_([A-Z_]+)", README)) - {"HOME", "DEVICE", "HOSTS", "CLUSTER"}
    assert named == {name.upper() for name in Limits.__annotations__}


def test_the_table_of_recipes_is_complete_and_says_what_was_recorded() -> None:
    from lib import list_presets
    from lib.nets.recording import recorded_runs

    rows = {row.split("`")[1]: row for row in README.splitlines() if row.startswith("| `") and "Adam" in row}
    assert set(rows) == set(list_presets())
    for run in recorded_runs().values():
        assert f"**{run.recording.test.accuracy * 100:.1f} %**" in rows[run.recording.name]


def test_what_it_says_of_the_article_s_30_epochs_is_what_was_recorded() -> None:
    from lib.nets.recording import recorded_run

    run = recorded_run("article-cnn")
    lowest = min(run.log.epochs, key=lambda epoch: epoch["valid_loss"])
    said = re.search(r"lowest\s+after (\d+) epochs \((\S+) at (\S+) %\) and then rises to (\d\.\d+)", README)
    assert said
    assert said.groups() == (
        str(lowest["epoch"]),
        f"{lowest['valid_loss']:.3f}",
        f"{100 * lowest['valid_accuracy']:.1f}",
        f"{run.recording.test.loss:.3f}",
    )
    later = [epoch["valid_accuracy"] for epoch in run.log.epochs if epoch["epoch"] >= lowest["epoch"]]
    assert "the accuracy holds at 91 to 92 %" in README
    assert (round(100 * min(later)), round(100 * max(later))) == (91, 92)
    assert f"in {run.recording.seconds / 60:.0f} minutes" in README


def test_the_epochs_that_it_tells_of_unscaled_pixels_were_recorded() -> None:
    from lib.nets.recording import recorded_run

    *_, before, after, last = (
        f"{100 * epoch['valid_accuracy']:.1f}" for epoch in recorded_run("two-layer-sigmoid-unscaled").log.epochs
    )
    (row,) = (row for row in README.splitlines() if row.startswith("| `two-layer-sigmoid-unscaled`"))
    assert f"**{last} %**, after" in row
    assert set(re.findall(r"\d\d\.\d", row.split("after")[1])[:2]) == {before, after}
