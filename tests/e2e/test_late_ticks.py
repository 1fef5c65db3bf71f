"""A part of a page that renews itself has gone; its clock ticks once more in a slow browser, and nothing is said."""

import pytest

from tests.e2e.served import Served
from tests.e2e.stranger import session

pytestmark = pytest.mark.e2e


def test_a_tick_after_the_part_has_gone_changes_nothing_and_is_no_complaint(server: Served) -> None:
    with session(server.port) as tab:
        tab.open("train", query="data=mnist")  # its download tells how far it is, twice a second
        assert len(tab.parts) == 1, "this page should have one part that renews itself"
        part = tab.parts[0]
        tab.tick(part)
        assert tab.texts, "it should have renewed itself"
        for page in ("data", "learn", "classify"):
            tab.open(page)
            assert part not in tab.parts
            for _ in range(3):
                tab.tick(part)
                assert tab.texts == []
        tab.open("train", query="data=mnist")
        assert tab.parts == [part]
        tab.tick(part)
        assert tab.texts, "it should renew itself as before"
