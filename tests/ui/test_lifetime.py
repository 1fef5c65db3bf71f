"""Ctrl+C once ends in good order; twice, at once."""

import signal
from types import SimpleNamespace
from typing import Any

import pytest

from lib.ui.serve import lifetime


@pytest.mark.parametrize(
    ("numbers", "apart", "code"),
    [
        ((signal.SIGINT, signal.SIGINT), 1.0, 130),
        ((signal.SIGINT, signal.SIGINT), 0.01, None),  # one press, passed on by whoever started the server
        ((signal.SIGTERM, signal.SIGINT), 1.0, 130),
        ((signal.SIGINT, signal.SIGTERM), 1.0, None),
    ],
)
def test_a_second_press_during_the_end_ends_at_once(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    numbers: tuple[int, int],
    apart: float,
    code: int | None,
) -> None:
    server = SimpleNamespace(should_exit=False)
    hung_up: list[object] = []
    left: list[int] = []
    loop: Any = SimpleNamespace(call_soon_threadsafe=hung_up.append)
    clock = iter((10.0, 10.0 + apart))
    monkeypatch.setattr(lifetime, "_asked_at", [])
    monkeypatch.setattr(lifetime, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr(lifetime.os, "_exit", left.append)
    lifetime._end(server, loop, numbers[0], None)
    assert (server.should_exit, len(hung_up), left) == (True, 1, [])
    lifetime._end(server, loop, numbers[1], None)
    assert left == ([code] if code else [])
    assert ("Runs go on from what was saved last" in capfd.readouterr().err) == bool(code)
