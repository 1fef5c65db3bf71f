"""Runs to look at, and what the widgets were handed."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from lib.config import RunConfig
from lib.runs import Run, get_registry


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> None:
    """AppTest has no cookies to tell browsers apart."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")


@pytest.fixture
def finished() -> Callable[[RunConfig], Run]:
    def train(config: RunConfig) -> Run:
        run = get_registry().start(config, "this-session")
        assert run.wait(120)
        assert run.state == "finished", run.message
        return run

    return train


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """What the widgets that Python fills were handed, by name; they are still mounted."""
    seen: dict[str, dict[str, Any]] = {}
    for module, name in (
        ("iteration", "microscope"),
        ("descent", "descent"),
        ("descent_map", "landscape"),
        ("loss", "surer"),
        ("diagram", "net_diagram"),
        ("cost", "cost_bars"),
        ("clusters", "clusters"),
    ):
        original = getattr(import_module(f"lib.ui.learn.{module}"), name)

        def spy(name: str = name, original: Callable[..., Any] = original, **values: Any) -> Any:
            seen[name] = values
            return original(**values)

        monkeypatch.setattr(f"lib.ui.learn.{module}.{name}", spy)
    return seen
