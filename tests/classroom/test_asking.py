"""Predict first and then the run decides; taking home and wiping; a certificate; what is ready for a class."""

import csv
import io
import json
import ssl
import zipfile
from types import SimpleNamespace

import pytest

from lib.classroom import Refused, Room
from lib.classroom.asking import OUTCOMES, lesson_counts, outcome_of
from lib.classroom.certificate import certificate_for, names_here
from lib.classroom.invitation import Invitation
from lib.classroom.readiness import checks
from lib.classroom.taking_home import runs_of, wipe, zip_of
from lib.lessons import Choose, lessons
from lib.lessons.progress import read_notebook, write_notebook
from tests.classroom.people import ADA, BOB, TEACHER, config, key, until


def answer(room, owner, choice):
    room.asking.answer(room.somebody_in(owner), room.asking.newest().key, choice)


def test_answers_are_counted_without_names_and_only_while_the_question_is_open(room, teacher, tmp_path):
    with pytest.raises(Refused, match="too_few_options"):
        teacher.ask("One?", ["yes", " yes ", ""])
    teacher.ask("  Which\nway? ", ["up", "down", "up"])
    asked = room.asking.open_one()
    assert (asked.text, asked.options, asked.counts()) == ("Which way?", ("up", "down"), [0, 0])
    assert room.showing.screen == "question"
    answer(room, ADA, 0)
    answer(room, BOB, 1)
    answer(room, ADA, 1)  # she may change her mind
    assert room.asking.open_one().counts() == [0, 2]
    for choice, question in ((2, asked.key), (-1, asked.key), (0, "00000000")):
        with pytest.raises(Refused, match="not_open"):
            room.asking.answer(room.somebody_in(ADA), question, choice)
    with pytest.raises(Refused, match="not_in"):
        answer(room, TEACHER, 0)
    teacher.close_question()
    with pytest.raises(Refused, match="not_open"):
        answer(room, ADA, 0)
    teacher.decide(1)
    assert room.asking.newest().right == 1
    kept = (tmp_path / "home" / "class" / "answers.json").read_text()
    assert not any(secret in kept for secret in (ADA, BOB, room.students[0].name))
    assert Room(tmp_path / "home").asking.newest().counts() == [0, 2]  # next week


def test_the_run_decides_by_rules(room, registry, teacher):
    outcome = "guesses"
    teacher.ask_about(config(batch_size=20, epochs=2, learning_rate=0.0000001, optimizer="sgd"))
    answer(room, ADA, OUTCOMES.index(outcome))
    teacher.let_run_decide(TEACHER)
    with pytest.raises(Refused, match="no_question"):
        teacher.let_run_decide(TEACHER)
    asked = room.asking.newest()
    run = registry.find(asked.run)
    assert (run.owner, run.config) == (TEACHER, asked.config)
    assert not asked.open
    assert run.wait(60)
    room.asking.settle(run)
    assert OUTCOMES[room.asking.newest().right] == outcome
    assert room.asking.newest().counts()[OUTCOMES.index(outcome)] == 1


@pytest.mark.parametrize(
    ("accuracy", "outcome"), [(0.97, "learns"), (0.8, "learns"), (0.5, "little"), (0.12, "guesses"), (None, "guesses")]
)
def test_what_a_run_did_is_said_by_its_accuracy(accuracy, outcome):
    run = SimpleNamespace(
        has_ended=True, state="finished", config=config(), log=SimpleNamespace(last_valid_accuracy=lambda: accuracy)
    )
    assert outcome_of(run) == outcome
    run.state = "failed"
    assert outcome_of(run) == "breaks"
    run.has_ended = False
    assert outcome_of(run) is None


def test_lessons_are_counted_over_the_class(room, monkeypatch, tmp_path):
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "home"))
    name, step = next(
        (name, step)
        for name, lesson in lessons()[0].items()
        for step in lesson.steps
        if isinstance(step.predict, Choose)
    )
    assert lesson_counts(room.students) == {}
    for owner, said in ((ADA, 1), (BOB, 1), ("C" * 22, 0)):
        write_notebook(owner, {name: {"said": {step.id: said}}})
    counts = [0] * len(step.predict.choices)
    counts[1] = 2
    assert lesson_counts(room.students) == {name: {step.id: counts}}


def test_what_is_taken_home_has_everything_and_no_secret_and_then_all_is_gone(room, registry, teacher, monkeypatch):
    monkeypatch.setattr("lib.classroom.taking_home.own_sets", list)
    room.rename(ADA, "../../etc")
    ended = registry.start(config(batch_size=50, epochs=1), ADA)
    assert ended.wait(60)
    under_way = registry.start(config(), BOB)
    until(lambda: under_way.status()["step"] > 3)
    mine = registry.start(config(), TEACHER)
    teacher.show(key(room, ADA))
    teacher.keep_moment("Look")
    teacher.ask("=1+1?", ["yes", "no"])
    answer(room, ADA, 1)
    with zipfile.ZipFile(io.BytesIO(zip_of(room, registry))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    folder = next(name for name in files if name.endswith(".html")).split("/")[0]
    assert {name for name in files if name.startswith(f"{folder}/")} == {
        f"{folder}/glasshouse-{ended.name}.csv", f"{folder}/glasshouse-{ended.name}.html",
    }  # fmt: skip
    assert all(".." not in name and not name.startswith("/") for name in files)
    assert sum(name.endswith(".csv") for name in files) == 3  # two curves and the answers
    (_, *rows) = csv.reader(io.StringIO(files["answers.csv"].decode("utf-8-sig")))
    assert [row[1:] for row in rows] == [["'=1+1?", "yes", "0", ""], ["'=1+1?", "no", "1", ""]]
    assert json.loads(files["shelf.json"])[0]["caption"] == "Look"
    everything = b"".join(files.values())
    assert not any(secret.encode() in everything for secret in (ADA, BOB, TEACHER, room.secret))

    code = room.code
    teacher.allow("deleting", False)  # what is off for students stops no wiping
    notes = {"descent": {"said": {"0": 3.0}}}
    for owner in (ADA, TEACHER):
        write_notebook(owner, notes)
    gone = wipe(room, registry)
    assert (read_notebook(ADA), read_notebook(TEACHER)) == ({}, notes)
    assert (gone.students, gone.runs) == (2, 2)
    assert registry.find(ended.id) is None
    assert registry.find(under_way.id) is None
    assert registry.find(mine.id) is mine
    assert (room.students, room.showing.shelf, room.asking.questions, room.off) == ((), (), (), ())
    assert room.code == code
    assert room.is_in(TEACHER)
    assert not room.is_in(ADA)
    assert runs_of(SimpleNamespace(owner=ADA), registry) == []


def test_the_certificate_is_for_every_name_and_the_same_next_week(tmp_path):
    names = names_here()
    made = certificate_for(names, tmp_path)
    assert certificate_for(names, tmp_path) == made
    assert made.key.stat().st_mode & 0o077 == 0
    before = made.chain.read_bytes()
    assert certificate_for([*names, "glass.example"], tmp_path) != made
    assert made.chain.read_bytes() == before
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.chain, made.key)
    told = ssl._ssl._test_decode_cert(str(made.chain))
    assert {value for _, value in told["subjectAltName"]} == set(names)
    made.chain.unlink()
    again = certificate_for(names, tmp_path)
    context.load_cert_chain(again.chain, again.key)  # they belong together


def test_what_is_not_ready_is_said(registry, tmp_path, monkeypatch):
    about = SimpleNamespace(available=False, title="Digits", input_shape=(1, 28, 28), classes=tuple("0123456789"))
    slow = SimpleNamespace(seconds=20.0)
    found = {each.code: each for each in checks(config(), about, slow, registry, None, tmp_path)}
    assert [code for code in ("data", "seconds", "address", "https", "camera") if found[code].good] == []
    assert found["seconds"].values["seconds"] == 600.0
    here = Invitation(8501, "https", ("10.0.0.7",))
    about.available = True
    quick = SimpleNamespace(seconds=1.0)
    found = {each.code: each for each in checks(config(), about, quick, registry, here, tmp_path)}
    assert all(found[code].good for code in ("data", "seconds", "address", "https", "camera", "memory"))
    monkeypatch.setattr(type(registry), "workers", property(lambda _: 7))  # of a cluster, whatever threads there are
    found = {each.code: each for each in checks(config(), about, quick, registry, here, tmp_path)}
    assert found["workers"].values == {"workers": 7}
    assert "measuring" in {each.code for each in checks(config(), about, None, registry, here, tmp_path)}
