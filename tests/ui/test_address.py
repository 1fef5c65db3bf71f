"""Which is newer, what the address says or what the session knows: asked without a browser, in all its orders."""

from types import SimpleNamespace

import pytest

from lib.ui.setup import address


class Browser:
    """One whose session has just begun."""

    def __init__(self, parts: dict[str, str]) -> None:
        self._parts = parts

    def goes_back(self) -> None:
        """Or forward: the address that it sends has another number from then on."""
        self._parts[address.TURN] = str(int(self._parts.get(address.TURN, "0")) + 1)

    def sends_late(self) -> None:
        """What it wrote before it went back the last time."""
        self._parts[address.TURN] = str(int(self._parts[address.TURN]) - 1)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    parts: dict[str, str] = {}
    monkeypatch.setattr(address, "st", SimpleNamespace(session_state={}, query_params=parts))
    return Browser(parts)


def test_a_link_asks_and_its_reruns_do_not(browser: Browser) -> None:
    assert address.asked("data", "digits")
    assert not address.asked("data", "digits")
    assert address.asked("data", "doodles")  # another link


def test_an_address_that_comes_late_asks_for_nothing(browser: Browser) -> None:
    assert address.asked("data", "digits")
    address.wrote("data", "doodles")
    address.wrote("data", "mnist-5k")
    assert not address.asked("data", "digits")  # sent before the browser knew
    assert not address.asked("data", "doodles")  # it has come this far
    assert not address.asked("data", "mnist-5k")
    assert address.asked("data", "digits")  # now a person has gone there


def test_what_the_browser_has_left_behind_is_asked_for_again(browser: Browser) -> None:
    address.wrote("data", "digits")
    address.wrote("data", "doodles")
    assert not address.asked("data", "doodles")
    assert address.asked("data", "digits")


def test_the_back_button_asks_for_what_is_not_shown(browser: Browser) -> None:
    address.wrote("data", "digits")
    address.wrote("data", "doodles")
    browser.goes_back()
    assert not address.asked("data", "doodles")  # that is what is shown
    assert address.asked("data", "digits")
    assert not address.asked("data", "digits")


def test_the_back_button_is_quicker_than_any_other_message(browser: Browser) -> None:
    address.wrote("data", "digits")
    address.wrote("data", "doodles")
    browser.goes_back()
    assert address.asked("data", "digits")  # written, and never sent back before


def test_back_asks_until_a_whole_rerun_has_followed(browser: Browser) -> None:
    """Another message may end the rerun that it brought about before that has come to this part of the address."""
    for value in ("digits", "doodles", "mnist-5k"):
        address.wrote("data", value)
    browser.goes_back()
    assert address.is_back()
    assert address.asked("net", "c8k3")  # and here it is ended
    assert address.asked("data", "digits")
    address.arrived()
    assert not address.is_back()
    address.wrote("data", "mnist-5k")
    assert not address.asked("data", "digits")  # sent before the browser knew
    browser.goes_back()
    assert address.asked("data", "digits")


def test_what_was_sent_before_back_asks_for_nothing(browser: Browser) -> None:
    address.wrote("data", "digits")
    browser.goes_back()
    browser.goes_back()
    assert address.asked("data", "doodles")
    address.arrived()
    browser.sends_late()
    assert not address.asked("data", "digits")
    assert not address.asked("data", "mnist-5k")  # though it was never written
    address.arrived()
    browser.goes_back()
    assert not address.is_back()  # the same Back as before


@pytest.mark.parametrize("written", ["", "-1", "x", "1.5", "9" * 5_000, "１", "²"])
def test_a_number_that_is_none_is_no_back(browser: Browser, written: str) -> None:
    browser._parts[address.TURN] = written
    assert address.is_back() == (written == "１")  # a digit too


def test_the_parts_of_an_address_know_nothing_of_each_other(browser: Browser) -> None:
    assert address.asked("data", "digits")
    assert address.asked("net", "digits")


def test_what_a_press_has_just_written_does_not_come_from_the_browser(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
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


def test_a_long_visit_is_not_remembered_whole(browser: Browser) -> None:
    for number in range(1_000):
        address.wrote("lr", str(number))
    assert len(address.st.session_state[address._SAID]["lr"]) <= 50
    assert not address.asked("lr", "999")
