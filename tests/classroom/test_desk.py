"""What a teacher sends, shows and allows: to whom it goes, what is left out of it, and what holds at once."""

import time

import pytest

from lib.classroom import Refused, Room, allowing
from lib.classroom.curve import described
from lib.classroom.sending import Sending
from lib.runs import NotYours, TooMuch
from tests.classroom.people import ADA, BOB, TEACHER, config, key, until

# ---- send ----


def sent_to(room, owner):
    return room.sending.newest_for(room.student(owner))


def test_what_is_sent_reaches_all_or_some_and_never_has_the_teacher_s_own_run(room, teacher):
    parts = {
        "lr": "10",
        "run": "abc",
        "code": "X",
        "screen": "wall",
        "lang": "de",
        "embed": "true",
        "lesson": "descent",
    }
    teacher.send("train", parts)
    for owner in (ADA, BOB):
        sent = sent_to(room, owner)
        assert (sent.page, dict(sent.parts)) == ("train", {"lr": "10", "lesson": "descent"})
    before = sent_to(room, BOB)
    teacher.send("learn", {}, [key(room, ADA)])
    assert sent_to(room, ADA).page == "learn"
    assert sent_to(room, ADA).number > before.number
    assert sent_to(room, BOB) == before
    for page, wrong in (("classroom", {}), ("../x", {}), ("train", {"A b": "1"}), ("train", {"lr": "1" * 500})):
        with pytest.raises(Refused):
            teacher.send(page, wrong)


def test_who_comes_later_is_not_sent_where_others_were(room, teacher, monkeypatch):
    teacher.send("train", {})
    time.sleep(0.01)
    room.join("C" * 22, room.code, "c")
    assert sent_to(room, "C" * 22) is None
    late = time.time() + 700
    monkeypatch.setattr(time, "time", lambda: late)
    assert sent_to(room, ADA) is None


def test_who_follows_comes_along_until_the_minute_is_over_or_she_leaves(room, teacher, monkeypatch):
    teacher.went("data", {})
    assert sent_to(room, ADA) is None
    teacher.lead(True, "data", {"run": "x"})
    assert sent_to(room, ADA).page == "data"
    assert sent_to(room, ADA).parts == ()
    room.sending.leave(room.student(BOB))
    assert room.sending.follows(room.student(ADA))
    assert not room.sending.follows(room.student(BOB))
    teacher.went("train", {"lr": "0.1"})
    assert sent_to(room, ADA).page == "train"
    assert sent_to(room, BOB) is None
    teacher.lead(False, "train", {})
    teacher.went("learn", {})
    assert sent_to(room, ADA).page == "train"
    teacher.lead(True, "learn", {})
    assert room.sending.follows(room.student(BOB))  # anew
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert not room.sending.follows(room.student(ADA))


def test_numbers_grow_however_quickly_one_sends():
    sending = Sending()
    numbers = [sending.send("train", {}).number for _ in range(60)]
    assert numbers == sorted(set(numbers))


# ---- show ----


def test_up_to_four_runs_stand_on_the_projector_without_a_name(room, registry, teacher):
    owners = [ADA, BOB, *(letter * 22 for letter in "CDE")]
    for owner in owners[2:]:
        room.join(owner, room.code, owner)
    with pytest.raises(Refused, match="no_run"):
        teacher.show(key(room, ADA))
    runs = [registry.start(config(epochs=1, batch_size=20), owner) for owner in owners]
    for run in runs:
        assert run.wait(60)
    for owner in owners[:4]:
        teacher.show(key(room, owner))
    with pytest.raises(Refused, match="four_are_shown"):
        teacher.show(key(room, owners[4]))
    shown = room.showing.runs(registry)
    assert len(shown) == 4
    said = repr(shown)
    for run, student in zip(runs, room.students, strict=True):
        assert not any(secret in said for secret in (run.name, run.owner, run.id, student.name))
    assert shown[0]["accuracy"] == runs[0].log.last_valid_accuracy()
    assert shown[0]["curve"][-1][0] == 100
    teacher.show(key(room, ADA))  # off again
    assert len(room.showing.runs(registry)) == 3
    teacher.clear_projector()
    assert (room.showing.screen, room.showing.runs(registry)) == ("door", [])


def test_a_kept_moment_stays_as_it_was_and_is_there_next_week(room, registry, teacher, tmp_path):
    with pytest.raises(Refused, match="nothing_shown"):
        teacher.keep_moment("")
    run = registry.start(config(), ADA)
    until(lambda: run.status()["step"] > 5)
    teacher.show(key(room, ADA))
    teacher.keep_moment("  It\nlearns ")
    (moment,) = room.showing.shelf
    assert moment.caption == "It learns"
    run.stop(ADA)
    assert run.wait(30)
    teacher.clear_projector()
    again = Room(tmp_path / "home")
    assert again.showing.shelf == room.showing.shelf
    again.showing.show_moment(moment.key)
    assert again.showing.runs(registry) == list(moment.runs)
    assert moment.runs[0]["state"] == "running" != described(run)["state"]
    again.showing.forget_moment(moment.key)
    assert again.showing.shelf == ()
    assert again.showing.screen == "door"
    folder = tmp_path / "home" / "class"
    for name in ("shelf.json", "answers.json"):
        (folder / name).write_text("[" * 50_000)
    damaged = Room(tmp_path / "home")
    assert (damaged.showing.shelf, damaged.asking.questions) == ((), ())
    for name in ("shelf.json", "answers.json"):  # kept: somebody may still want to read it
        assert [path.read_text() for path in folder.glob(f"{name}.set-aside-*")] == ["[" * 50_000]


# ---- allow ----


def test_what_is_off_is_off_for_students_alone_and_stays_off(room, registry, teacher, tmp_path):
    run = registry.start(config(epochs=1, batch_size=50), ADA)
    assert run.wait(30)
    teacher.allow("deleting", False)
    assert not room.may(ADA, "deleting")
    assert room.may(TEACHER, "deleting")
    with pytest.raises(NotYours, match="turned this off"):
        registry.delete(run, ADA)
    assert registry.find(run.id) is run
    assert Room(tmp_path / "home").off == ("deleting",)
    teacher.allow("deleting", True)
    registry.delete(run, ADA)
    assert registry.find(run.id) is None
    for nonsense in ("", "breathing", "__class__"):
        with pytest.raises(Refused):
            teacher.allow(nonsense, False)


@pytest.mark.parametrize(
    "too_large",
    [{"batch_size": 512, "epochs": 2}, {"batch_size": 8, "epochs": 40}, {"time_budget": 600.0, "batch_size": 8}],
)
def test_a_class_of_thirty_has_runs_of_its_size(room, registry, teacher, too_large):
    teacher.limit("thirty")
    with pytest.raises(TooMuch, match="In a class of 30"):
        registry.start(config(**too_large), ADA)
    assert registry.start(config(**too_large), TEACHER)
    assert registry.start(config(batch_size=8, epochs=2), ADA)
    teacher.limit("free")
    assert registry.start(config(**too_large), ADA)
    limits = allowing.SIZES["ten"]
    assert limits is not None
    assert limits.parameters > allowing.SIZES["thirty"].parameters


def test_starts_that_are_refused_count_as_failed_until_one_begins(room, registry, teacher):
    teacher.limit("thirty")
    room.seen(ADA)
    for _ in range(4):
        with pytest.raises(TooMuch):
            registry.start(config(epochs=40), ADA)
    assert room.presence(ADA).refused == 4
    room.stopped = ""
    with pytest.raises(TooMuch):
        registry.start(config(epochs=4), ADA)  # that is no fault of hers
    assert room.presence(ADA).refused == 4
    room.stopped = None
    registry.start(config(epochs=4), ADA)
    assert room.presence(ADA).refused == 0
