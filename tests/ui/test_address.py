"""Which is newer, what the address says or what the session knows: asked without a browser, in all its orders."""

from types import SimpleNamespace

import pytest

from lib.ui.setup import address


@pytest.fixture
def back(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A session that has just begun; `back.now` is True in a rerun of the back button."""
    now = SimpleNamespace(now=False)
    monkeypatch.setattr(address, "st", SimpleNamespace(session_state={}))
    monkeypatch.setattr(address, "is_back", lambda: now.now)
    return now


def test_a_link_asks_and_its_reruns_do_not(back: SimpleNamespace) -> None:
    assert address.asked("data", "digits")
    assert not address.asked("data", "digits")
    assert address.asked("data", "doodles")  # another link


def test_an_address_that_comes_late_asks_for_nothing(back: SimpleNamespace) -> None:
    assert address.asked("data", "digits")
    address.wrote("data", "doodles")
    address.wrote("data", "mnist-5k")
    assert not address.asked("data", "digits")  # sent before the browser knew
    assert not address.asked("data", "doodles")  # it has come this far
    assert not address.asked("data", "mnist-5k")
    assert address.asked("data", "digits")  # now a person has gone there


def test_what_the_browser_has_left_behind_is_asked_for_again(back: SimpleNamespace) -> None:
    address.wrote("data", "digits")
    address.wrote("data", "doodles")
    assert not address.asked("data", "doodles")
    assert address.asked("data", "digits")


def test_the_back_button_asks_for_what_is_not_shown(back: SimpleNamespace) -> None:
    address.wrote("data", "digits")
    address.wrote("data", "doodles")
    back.now = True
    assert not address.asked("data", "doodles")  # that is what is shown
    assert address.asked("data", "digits")
    assert not address.asked("data", "digits")


def test_the_back_button_is_quicker_than_any_other_message(back: SimpleNamespace) -> None:
    address.wrote("data", "digits")
    address.wrote("data", "doodles")
    back.now = True
    assert address.asked("data", "digits")  # written, and never sent back before


def test_the_parts_of_an_address_know_nothing_of_each_other(back: SimpleNamespace) -> None:
    assert address.asked("data", "digits")
    assert address.asked("net", "digits")


def test_what_a_press_has_just_written_does_not_come_from_the_browser(
    back: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rerun() -> None:
        context = SimpleNamespace(parallel_coordinator=type("Rerun", (), {})())
        monkeypatch.setattr(address, "get_script_run_ctx", lambda: context)

    assert address.asked("section", "loss")
    rerun()
    address.wrote("section", "descent")
    for _twice in range(2):
        assert not address.asked("section", "descent")  # read in the same rerun
    rerun()
    assert not address.asked("section", "loss")  # sent before the browser knew
    rerun()
    assert not address.asked("section", "descent")
    rerun()
    assert address.asked("section", "loss")


def test_a_long_visit_is_not_remembered_whole(back: SimpleNamespace) -> None:
    for number in range(1_000):
        address.wrote("lr", str(number))
    assert len(address.st.session_state[address._SAID]["lr"]) <= 50
    assert not address.asked("lr", "999")
