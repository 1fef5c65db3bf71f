"""Tests whose tools are missing are skipped in one line; in CI that is a failure."""

import os
import shutil
from pathlib import Path

import pytest

_NEEDS = {
    "node": ("Debian's package nodejs", lambda: bool(shutil.which("node"))),
    "e2e": ("Debian's package chromium", lambda: bool(os.environ.get("CHROMIUM") or shutil.which("chromium"))),
    "fashion": (
        "Debian's package dataset-fashion-mnist",
        lambda: Path("/usr/share/datasets/fashion-mnist").is_dir(),
    ),
}
_MISSING = {marker: tool for marker, (tool, is_there) in _NEEDS.items() if not is_there()}


def pytest_report_header() -> list[str]:
    return [f"skipping the {marker} tests: they need {tool}" for marker, tool in _MISSING.items()]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for marker, tool in _MISSING.items():
        marked = [item for item in items if item.get_closest_marker(marker)]
        if marked and os.environ.get("CI"):
            raise pytest.UsageError(f"{tool} is missing, and CI may not skip the {marker} tests")
        for item in marked:
            item.add_marker(pytest.mark.skip(reason=f"needs {tool}"))
