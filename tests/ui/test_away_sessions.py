"""Sessions whose page is gone: kept for a while, and then closed also where nobody comes any more."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.runtime.session_manager import SessionInfo

from lib.ui.serve import descriptors


class Session:
    """What is asked of one of Streamlit's here."""

    def __init__(self, name: str) -> None:
        self.id, self.is_closed = name, False

    def shutdown(self) -> None:
        self.is_closed = True


def info(session: Any) -> SessionInfo:
    return SessionInfo(client=None, session=session, script_run_count=0)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.01)


def test_they_are_closed_in_time_though_nobody_asks_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async def class_leaves() -> None:
        away, left = descriptors.AwaySessions(asyncio.get_running_loop()), [Session("a"), Session("b")]
        for each in left:
            away.save(info(each))
        await until(lambda: all(each.is_closed for each in left))

    monkeypatch.setattr(descriptors, "_AWAY_SECONDS", 0.05)
    asyncio.run(class_leaves())


def test_who_comes_back_in_time_finds_hers_and_it_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    async def comes_back() -> None:
        away, session = descriptors.AwaySessions(asyncio.get_running_loop()), Session("a")
        away.save(info(session))
        found = away.get("a")
        assert found is not None
        away.delete("a")
        later = Session("b")
        away.save(info(later))
        await until(lambda: later.is_closed)
        assert not session.is_closed

    monkeypatch.setattr(descriptors, "_AWAY_SECONDS", 0.3)
    asyncio.run(comes_back())
