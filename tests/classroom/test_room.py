"""Who comes in, as what, and who does not: the door of a class, tried from every side."""

import json
import threading
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.classroom import Refused, Room, rights, tries
from lib.classroom.record import FOLDER
from lib.classroom.room import MOST_STUDENTS
from lib.classroom.two_words import chosen_name, is_taken, new_name, plain_code
from lib.home import key as keys

WHO = "O" * 22


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def refused(do, *what):
    with pytest.raises(Refused) as caught:
        do(*what)
    return caught.value.code


def test_who_has_the_code_is_in_and_stays_who_she_is(room):
    first = room.join(WHO, f" {room.code[:3].lower()}-{room.code[3:]} ", "10.0.0.1")
    assert first.state == "in"
    assert len(first.name.split()) == 2
    assert room.join(WHO, "whatever", "10.0.0.2") == first  # another tab, or a reload: one tile
    assert room.students == (first,)
    assert room.is_in(WHO)
    assert not room.is_in("somebody")


def test_a_class_is_opened_again_as_it_was_left_with_another_secret(room, tmp_path):
    student = room.join(WHO, room.code, "a")
    room.rename(WHO, "Ada")
    room.set_door("ask")
    again = Room(tmp_path)
    assert (again.code, again.door, again.students) == (room.code, "ask", (student.model_copy(update={"name": "Ada"}),))
    assert again.secret != room.secret
    assert room.secret not in (tmp_path / FOLDER / "class.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"code": 7}', "[" * 100_000, '{"code": "ABCDEF", "door": "ajar"}'])
def test_a_damaged_class_is_set_aside_and_a_new_one_begins(tmp_path, caplog, damage):
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "class.json").write_text(damage)
    assert Room(tmp_path).students == ()
    (folder / "class.json").write_text(f"{damage} ")  # and once more
    assert Room(tmp_path).students == ()
    aside = sorted(folder.glob("class.json.set-aside-*"))
    assert [each.read_text() for each in aside] == [damage, f"{damage} "]
    assert "cannot be read" in caplog.text


def test_guessing_the_code_ends_soon_for_an_address_and_for_all(room):
    wrong = "AAAAAA" if room.code != "AAAAAA" else "BBBBBB"
    codes = [refused(room.join, f"owner-{n}", wrong, f"10.0.{n // 250}.1") for n in range(10_000)]
    assert codes.count("wrong_code") == 2_000
    assert set(codes[2_000:]) <= {"wrong_code", "too_often"}
    assert refused(room.join, WHO, room.code, "10.0.0.1") == "too_often"  # even the right one, from there
    assert room.students == ()


def test_one_address_that_guesses_does_not_keep_the_others_out(room):
    for n in range(1_000):
        refused(room.join, f"owner-{n}", "WRONG", "10.0.0.66")
    assert room.join(WHO, room.code, "10.0.0.2").state == "in"


def test_joining_five_hundred_times_fills_the_class_and_no_more(room):
    outcomes = []
    for n in range(500):
        try:
            outcomes.append(room.join(f"owner-{n}", room.code, f"10.0.0.{n % 100}").state)
        except Refused as no:
            outcomes.append(no.code)
    assert outcomes.count("in") == MOST_STUDENTS
    assert set(outcomes) == {"in", "full"}
    assert len({student.name for student in room.students}) == MOST_STUDENTS


def test_thirty_at_once_get_thirty_names(room):
    threads = [threading.Thread(target=room.join, args=(f"o{n}", room.code, f"a{n}")) for n in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({student.name for student in room.students}) == len({student.key for student in room.students}) == 30


def test_the_door(room):
    room.set_door("closed")
    assert refused(room.join, WHO, room.code, "a") == "closed"
    room.set_door("ask")
    waiting = room.join(WHO, room.code, "a")
    assert waiting.state == "waiting"
    assert not room.is_in(WHO)
    assert refused(room.rename, WHO, "Ada") == refused(room.raise_hand, WHO, True) == "not_in"
    room.change(waiting.key, state="in")
    assert room.join(WHO, "", "a").state == "in"


def test_who_was_removed_cannot_come_back_with_the_same_cookie(room):
    student = room.join(WHO, room.code, "a")
    room.change(student.key, state="removed")
    assert refused(room.join, WHO, room.code, "a") == refused(room.join, WHO, room.code, "b") == "removed"
    assert refused(room.rename, WHO, "Ada") == "not_in"
    assert not room.is_in(WHO)


NASTY = {
    "<b>Bob</b>": "b Bob b",
    "<script>alert(1)</script>": "script alert 1 script",
    "\u202eadA": "adA",
    "Ada\u2066\u2069\u200f": "Ada",
    "x" * 10_000: "x" * 24,
    "a" + "\u0300" * 10_000: unicodedata.normalize("NFC", "a\u0300") + "\u0300" * 3,
    unicodedata.normalize("NFD", "Zoë"): "Zoë",
    "עברית": "עברית",
    "\x00\x1b[31mred": "31mred",
    "  two   words\n": "two words",
    "[link](http://evil.example)": "link http evil.example",
}


@pytest.mark.parametrize("wanted", NASTY, ids=lambda text: ascii(text[:12]))
def test_names_are_cleaned(room, wanted):
    room.join(WHO, room.code, "a")
    named = room.rename(WHO, wanted).name
    assert named == NASTY[wanted] or (len(named) <= 24 and named.startswith(NASTY[wanted][:1]))
    assert named == chosen_name(named)


@pytest.mark.parametrize("wanted", ["", "   ", "<>&", "\u202e", "🐍", "\u200b" * 10])
def test_a_name_of_signs_alone_is_refused(room, wanted):
    before = room.join(WHO, room.code, "a").name
    assert refused(room.rename, WHO, wanted) == "no_name"
    assert room.student(WHO).name == before


@given(st.text(max_size=300))
def test_whatever_is_typed_a_name_is_short_and_plain(wanted):
    name = chosen_name(wanted)
    assert len(name) <= 24
    assert chosen_name(name) == name
    assert not set(name) & set('<>&"`[]()*_\n\u202e\u2066\u200f')


def test_nobody_takes_another_one_s_name(room):
    room.join(WHO, room.code, "a")
    room.join("P" * 22, room.code, "b")
    room.rename(WHO, "Zoë")
    for twin in ("Zoë", "zoë", unicodedata.normalize("NFD", "Zoë"), "ＺＯË"):
        assert refused(room.rename, "P" * 22, twin) == "name_taken", twin
    assert room.rename(WHO, "zoë").name == "zoë"  # her own, written otherwise


def test_new_names_are_new_and_codes_are_read_as_meant():
    taken = {new_name(()) for _ in range(200)}
    assert not is_taken("Ada", taken)
    assert new_name(taken) not in taken
    assert plain_code(" k7-np q4 ") == "K7NPQ4"
    assert plain_code("x" * 10_000) == "X" * 40


def test_only_the_secret_gives_a_pass_and_only_a_pass_is_a_teacher(room, monkeypatch):
    keys._key_of.cache_clear()
    shown = room.claim(room.secret, "a", WHO)
    teacher = rights.teacher_of(shown)
    assert teacher
    body, _, signature = shown.rpartition(".")
    forged = [
        "", ".", shown[:-1], shown + "a", f"{body}.{signature[::-1]}", f"{'A' * 16}.{body.split('.')[1]}.{signature}",
        f"{body.split('.')[0]}.9999999999.{signature}", f"{WHO}.{signature}", shown.replace(".", "\n"), "ä" * 70,
        rights.token_for(f"teacher:{teacher}"), room.secret,
    ]  # fmt: skip
    assert not [each for each in forged if rights.teacher_of(each)]
    assert room.is_teachers(WHO)
    monkeypatch.setattr(rights.time, "time", lambda: time.monotonic() + 10**10)
    assert rights.teacher_of(shown) is None  # a pass lasts for a day


def test_a_student_s_cookie_is_no_teacher_s_and_tokens_are_each_their_own():
    from lib.ui.serve.browser import signed

    assert rights.teacher_of(signed(WHO)) is None
    assert rights.token_for(f"student:{WHO}") != rights.token_for(f"teacher:{WHO}")
    assert rights.is_token_for("a", rights.token_for("a"))
    assert not rights.is_token_for("a", rights.token_for("b"))


def test_guessing_the_secret_ends_soon(room):
    outcomes = [refused(room.claim, f"guess-{n}", "10.0.0.9", None) for n in range(200)]
    assert outcomes == ["wrong_secret"] * 10 + ["too_often"] * 190
    assert refused(room.claim, room.secret, "10.0.0.9", None) == "too_often"
    assert room.claim(room.secret, "10.0.0.1", None)


def test_two_teachers_each_have_a_pass(room):
    assert room.claim(room.secret, "a", "A" * 22) != room.claim(room.secret, "b", "B" * 22)
    assert room.is_teachers("A" * 22)
    assert room.is_teachers("B" * 22)


def test_tries_are_forgotten_after_their_time_and_never_grow_without_end(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(tries, "monotonic", lambda: now[0])
    counted = tries.Tries(2, 10_000, 60.0)
    for _ in range(2):
        counted.count("a")
    assert not counted.may("a")
    assert counted.may("b")
    now[0] = 61.0
    assert counted.may("a")
    for n in range(3_000):
        counted.count(f"a{n}")
    assert len(counted._times) <= 2_000


def test_signs_of_life(room, monkeypatch):
    from lib.classroom import presence as module

    now = [1000.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    room.join(WHO, room.code, "a")
    assert not room.is_here(WHO)
    room.seen(WHO, "Train")
    now[0] += 15
    room.seen(WHO, active=False)
    now[0] += 15
    assert room.is_here(WHO)
    there = room.presence(WHO)
    assert (there.page, now[0] - there.active) == ("Train", 30)
    now[0] += 10
    assert not room.is_here(WHO)


def test_a_disk_that_refuses_costs_what_is_kept_and_nothing_else(tmp_path, caplog):
    (tmp_path / FOLDER).write_text("a file where the folder should be")
    room = Room(tmp_path)
    room.join(WHO, room.code, "a")
    assert room.is_in(WHO)
    assert "cannot be kept" in caplog.text


def test_the_file_holds_what_it_says(room, tmp_path):
    room.join(WHO, room.code, "a")
    kept = json.loads((tmp_path / FOLDER / "class.json").read_text(encoding="utf-8"))
    assert set(kept) == {"code", "made", "door", "students", "teachers", "off", "values", "size"}
