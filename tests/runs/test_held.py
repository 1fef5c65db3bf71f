"""What stands above an owner's wishes: a run that is held, and a start that is not allowed."""

import time

import pytest

from lib.runs import NotYours, TooMuch

WHY = "Everybody stops and looks."


def test_a_held_run_pauses_and_its_owner_cannot_wish_it_on(registry, endless, until):
    run = registry.start(endless, "me")
    until(lambda: run.status()["step"] > 3)
    run.hold(WHY)
    assert run.wait(30, "paused")
    assert run.message == WHY
    for wish in (run.resume, run.step):
        with pytest.raises(NotYours, match=WHY):
            wish("me")
    stood = run.status()["step"]
    run.watch()
    time.sleep(0.2)
    assert (run.state, run.status()["step"]) == ("paused", stood)

    run.release()
    until(lambda: run.status()["step"] > stood)
    assert run.state == "running"
    run.stop("me")
    assert run.wait(30)


def test_what_its_owner_had_paused_stays_so_after_it_was_held(registry, endless, until):
    run = registry.start(endless, "me", stepping=True)
    assert run.wait(30, "paused")
    until(lambda: run.status()["step"] == 1)
    run.hold(WHY)
    run.release()
    time.sleep(0.2)
    assert (run.state, run.status()["step"]) == ("paused", 1)
    run.hold(WHY)
    run.stop("me")
    assert run.wait(30)
    assert run.state == "stopped"


def test_a_start_can_be_refused_from_outside(registry, small):
    asked = []

    def may_start(config, owner):
        asked.append((config, owner))
        if owner != "me":
            raise TooMuch("Join the class first.")

    registry.doors.before_starting(may_start)
    with pytest.raises(TooMuch, match="Join"):
        registry.start(small, "you")
    assert registry.at_hand() == []
    run = registry.start(small, "me")
    assert run.wait(30)
    assert registry.at_hand() == [run]
    assert asked == [(small, "you"), (small, "me")]
