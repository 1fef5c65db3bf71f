"""What a teacher may do to runs and people, what students may not, and what the wall says of them."""

import json
import time

import pytest

from lib.classroom import Wall, needs, teacher_with
from lib.classroom.admission import OUTSIDE, STOPPED
from lib.runs import NotYours, TooMuch
from tests.classroom.people import ADA, BOB, TEACHER, config, key, until


def test_without_a_pass_nobody_is_a_teacher(room, registry):
    for shown in ("", ADA, room.code, room.secret, "x.1.y"):
        assert teacher_with(shown, room, registry) is None
    assert teacher_with(room.claim(room.secret, "a", None), None, registry) is None


def test_only_the_room_may_train(room, registry, teacher):
    with pytest.raises(TooMuch, match="Join it"):
        registry.start(config(), "a stranger")
    assert "Classroom" in OUTSIDE
    started = [registry.start(config(), owner) for owner in (ADA, BOB, TEACHER)]
    teacher.remove(key(room, ADA))
    assert started[0].wait(30)
    assert started[0].state == "stopped"
    with pytest.raises(TooMuch, match="Join it"):
        registry.start(config(), ADA)
    teacher.admit(key(room, ADA))
    assert registry.start(config(), ADA)


def test_everybody_stops_and_looks_and_goes_on(room, registry, teacher):
    ada, bob, own = (registry.start(config(), owner) for owner in (ADA, BOB, TEACHER))
    until(lambda: all(run.status()["step"] > 2 for run in (ada, bob, own)))
    bob.pause(BOB)
    assert bob.wait(30, "paused")
    teacher.stop_and_look("  Look at\nthe board. ")
    assert room.stopped == "Look at the board."
    assert ada.wait(30, "paused")
    assert own.state == "running"  # what the teacher shows goes on
    with pytest.raises(NotYours, match="Everybody stops"):
        ada.resume(ADA)
    with pytest.raises(TooMuch, match="Everybody stops"):
        registry.start(config(), ADA)
    assert STOPPED.startswith("Everybody stops")
    assert registry.start(config(), TEACHER)

    teacher.go_on()
    assert room.stopped is None
    assert ada.wait(30, "running")
    assert bob.state == "paused"  # she had paused it herself
    bob.resume(BOB)
    assert bob.wait(30, "running")


def test_one_student_s_run_is_paused_and_freed_whatever_the_class_does(room, registry, teacher):
    ada, bob = (registry.start(config(), owner) for owner in (ADA, BOB))
    teacher.pause(key(room, ADA))
    assert ada.wait(30, "paused")
    assert bob.wait(30, "running")
    teacher.stop_and_look()
    teacher.go_on()
    assert bob.wait(30, "running")
    time.sleep(0.1)
    assert ada.state == "paused"
    teacher.free(key(room, ADA))
    assert ada.wait(30, "running")
    teacher.stop(key(room, BOB))
    assert bob.wait(30)
    assert bob.state == "stopped"
    for wish in (teacher.pause, teacher.free, teacher.stop, teacher.remove, teacher.admit, teacher.lower_hand):
        wish("00000000")  # nobody has this key


def test_opening_the_door_lets_in_who_waits(room, teacher):
    teacher.set_door("ask")
    assert room.join("C" * 22, room.code, "a").state == "waiting"
    teacher.set_door("open")
    assert room.is_in("C" * 22)


def tile_of(wall, name):
    wall._looked = 0.0
    return next(tile for tile in wall.tiles() if tile["name"] == name)


def test_the_wall_shows_everybody_s_run_and_no_secret(room, registry, teacher):
    wall = Wall(room, registry)
    room.seen(ADA, "Train")
    name = room.student(ADA).name
    assert tile_of(wall, name)["run"] is None
    run = registry.start(config(), ADA)
    until(lambda: len(run.log.points) > 3)
    tile = tile_of(wall, name)
    assert (tile["page"], tile["here"], tile["run"]["state"]) == ("Train", True, "running")
    assert tile["run"]["guess"] == 10
    assert 0 < len(tile["run"]["curve"]) <= 62
    assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in tile["run"]["curve"])
    teacher.remove(key(room, BOB))
    wall._looked = 0.0
    told = json.dumps(wall.tiles())
    assert len(wall.tiles()) == 1
    for secret in (ADA, BOB, room.secret, run.id):
        assert secret not in told


def test_several_who_watch_cost_one_look(room, registry, monkeypatch):
    wall, looks = Wall(room, registry), []
    look = wall._look
    monkeypatch.setattr(wall, "_look", lambda: looks.append(1) or look())
    for _ in range(50):
        wall.tiles()
    assert len(looks) < 5


def test_who_needs_somebody_comes_first_with_the_reason(room, registry, teacher, monkeypatch):
    wall = Wall(room, registry)
    ada, bob = (room.student(owner).name for owner in (ADA, BOB))
    assert [tile["need"] for tile in wall.tiles()] == [None, None]

    room.raise_hand(BOB, True)
    wall._looked = 0.0
    assert [tile["name"] for tile in wall.tiles()] == [bob, ada]
    assert tile_of(wall, bob)["need"] == {"code": "hand", "minutes": 0}
    teacher.lower_hand(key(room, BOB))
    assert tile_of(wall, bob)["need"] is None

    room.seen(ADA, "Train")
    now = needs.monotonic()
    monkeypatch.setattr(needs, "monotonic", lambda: now + 200)
    assert tile_of(wall, ada)["need"] == {"code": "idle", "minutes": 3}
    run = registry.start(config(), ADA)
    assert run.wait(30, "running")
    assert tile_of(wall, ada)["need"] is None  # she waits for her run

    teacher.set_door("ask")
    room.join("C" * 22, room.code, "a")
    wall._looked = 0.0
    assert wall.tiles()[0]["waiting"]


def test_a_net_that_guesses_after_three_epochs_needs_somebody(room, registry):
    run = registry.start(config(learning_rate=1e-9, batch_size=64, epochs=60), ADA)
    wall, name = Wall(room, registry), room.student(ADA).name
    until(lambda: len(run.log.epochs) > 4)
    need = tile_of(wall, name)["need"]
    assert need["code"] == "guessing"
    assert need["epochs"] >= 3


def test_the_doctor_is_asked_while_a_run_trains(room, registry):
    run = registry.start(config(learning_rate=1e-4, batch_size=1, epochs=200), ADA)
    wall, name, asked = Wall(room, registry), room.student(ADA).name, []
    wall._findings._ask = lambda run: asked.append(run.id) or needs.Need("doctor", {"rule": "slow"})
    until(lambda: len(run.log.epochs) > 2)
    assert tile_of(wall, name)["need"] == {"code": "doctor", "rule": "slow"}
    tile_of(wall, name)
    assert len(asked) < 3  # once an epoch


def test_the_doctor_really_answers(room, registry):
    run = registry.start(config(learning_rate=1e-5, batch_size=2), ADA)
    until(lambda: len(run.log.epochs) > 5)
    assert needs.Findings()._ask(run) == needs.Need("doctor", {"rule": "slow"})


def test_four_failed_starts_need_somebody(room):
    class Failed:
        state, name, id = "failed", "fern-1", "x"

    there, findings = room.presence(ADA), needs.Findings()
    findings.of = lambda _: None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(needs, "_guessing", lambda _: None)
        assert needs.need_of(there, [Failed()] * 4, findings).code == "failing"
        assert needs.need_of(there, [Failed()] * 3, findings).code == "broke"


def test_the_wall_has_a_sentence_for_every_rule_of_the_doctor_in_every_language():
    from lib.doctor import RULES
    from lib.ui.words import LANGUAGES, words_of

    assert {rule.name for rule in RULES} >= needs.PRESSING
    for language in LANGUAGES:
        for rule in needs.PRESSING:
            assert words_of(language)[f"class_wall.doctor_{rule}"]
