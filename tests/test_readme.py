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
