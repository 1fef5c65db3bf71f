"""The leaderboard, against scikit-learn's accuracy_score; what is refused, kept and wiped."""

import csv
import io
import zipfile

import pytest
import torch
from sklearn.metrics import accuracy_score

from lib import build_model
from lib.classroom import Refused, Room, leaderboard
from lib.classroom.handing_in import costs, hand_in, offered
from lib.classroom.leaderboard import MOST_EACH, Entry, Leaderboard
from lib.classroom.record import Student
from lib.classroom.taking_home import zip_of
from lib.config import Dense, Flatten, ModelConfig
from lib.datasets import load_apart, load_dataset
from lib.datasets.apart import keep_apart
from lib.parts import at_once
from tests.classroom.people import ADA, BOB, TEACHER, config, key, until


@pytest.fixture(autouse=True)
def hidden(room):
    keep_apart(5)
    yield load_apart("digits")
    keep_apart(None)


def trained(registry, owner, units=8, **train):
    made = config(**{"epochs": 2, "batch_size": 16} | train)
    made = made.model_copy(update={"model": ModelConfig(layers=(Flatten(), Dense(units)))})
    run = registry.start(made, owner)
    assert run.wait(60)
    assert run.state == "finished"
    return run


def handed(room, registry, run):
    return at_once(hand_in(room, registry, run.owner, run.id))


def test_a_run_is_measured_on_the_hidden_pictures_as_scikit_learn_measures_it(room, registry, teacher, hidden):
    run = trained(registry, ADA)
    with pytest.raises(Refused, match="board_closed"):  # off by default
        handed(room, registry, run)
    teacher.open_leaderboard("digits", "parameters", 10_000)
    assert offered(room, room.student(ADA), registry) == [run]
    entry = handed(room, registry, run)
    x, truth = hidden.batch(slice(0, len(hidden)))
    with torch.no_grad():
        said = run.model()[1](x).argmax(1)
    assert entry.accuracy == pytest.approx(accuracy_score(truth.numpy(), said.numpy()))
    assert entry.right == accuracy_score(truth.numpy(), said.numpy(), normalize=False)
    assert [each == "1" for each in entry.answers] == (said == truth).tolist()
    net = build_model(run.config.model, (1, 28, 28), 10)
    assert entry.parameters == sum(each.numel() for each in net.parameters())
    assert entry.seconds == run.status()["seconds"] > 0
    assert offered(room, room.student(ADA), registry) == []
    assert len(load_dataset("digits").test) > 0
    kept = Room(room._folder).leaderboard  # next week
    assert (kept.entries, kept.budget, kept.is_open) == (room.leaderboard.entries, room.leaderboard.budget, True)


def test_what_is_refused(room, registry, teacher):
    run = trained(registry, ADA)
    parameters, _ = costs(run)
    teacher.open_leaderboard("digits", "parameters", parameters - 1)
    with pytest.raises(Refused, match="over_parameters") as refused:
        handed(room, registry, run)
    assert refused.value.values == {"has": parameters, "most": parameters - 1}
    teacher.open_leaderboard("digits", "parameters", parameters)
    handed(room, registry, run)
    with pytest.raises(Refused, match="handed_in"):
        handed(room, registry, run)
    teacher.open_leaderboard("digits", "parameters", parameters)  # the same one: it goes on
    assert len(room.leaderboard.entries) == 1
    teacher.open_leaderboard("digits", "seconds", 300)
    assert room.leaderboard.entries == ()
    with pytest.raises(Refused, match="over_seconds"):
        room.leaderboard.check(room.student(ADA), run.id, "digits", 10, 300.5)
    teacher.open_leaderboard("doodles", "seconds", 300)
    with pytest.raises(Refused, match="other_data"):
        handed(room, registry, run)
    for nowhere in ("own-1234", "nothing"):
        with pytest.raises(Refused, match="nothing_hidden"):
            teacher.open_leaderboard(nowhere, "seconds", 300)
    teacher.open_leaderboard("digits", "seconds", 300)
    unfinished = registry.start(config(), ADA)
    for owner, run_id in ((BOB, run.id), (ADA, "nothing"), (ADA, unfinished.id)):  # another's, none, not ended
        with pytest.raises(Refused, match="no_net"):
            at_once(hand_in(room, registry, owner, run_id))
    with pytest.raises(Refused, match="not_in"):
        at_once(hand_in(room, registry, "Z" * 22, run.id))
    teacher.close_leaderboard()
    with pytest.raises(Refused, match="board_closed"):
        handed(room, registry, run)
    unfinished.stop(ADA)
    until(lambda: unfinished.has_ended)


def test_what_changes_while_a_run_is_measured_counts(room, registry, teacher):
    run = trained(registry, ADA)
    teacher.open_leaderboard("digits", "seconds", 300)
    for change, code in ((teacher.close_leaderboard, "board_closed"),
                         (lambda: teacher.open_leaderboard("digits", "seconds", 20), "board_closed"),
                         (lambda: teacher.remove(key(room, ADA)), "not_in")):  # fmt: skip
        teacher.open_leaderboard("digits", "seconds", 300)
        parts = hand_in(room, registry, ADA, run.id)
        next(parts)
        change()
        with pytest.raises(Refused, match=code):
            at_once(parts)
        assert room.leaderboard.entries == ()


def entry(student, right, of=40, run="r", **more):
    return Entry(**{"student": student, "run": run, "name": "net", "parameters": 7, "seconds": 1.5,
                    "answers": "1" * right + "0" * (of - right)} | more)  # fmt: skip


def test_places_ties_and_what_chance_explains(tmp_path, monkeypatch):
    keep_apart(1)
    board = Leaderboard(tmp_path / "home" / "class")
    board.begin("digits", "parameters", 10)
    people = {name: Student(owner=name * 22, name=name, key=f"{place:08x}") for place, name in enumerate("abcde")}
    for name, right, run in (("a", 20, "1"), ("a", 38, "2"), ("a", 30, "3"), ("b", 38, "1"), ("c", 40, "1"),
                             ("d", 10, "1"), ("e", 39, "1")):  # fmt: skip
        board.add(people[name], entry(people[name].key, right, run=run), board.budget)
    keys = [people[name].key for name in "abcd"]
    found = [(line.place, line.entry.student, line.entry.right, line.close) for line in board.standings(keys)]
    assert found == [
        (1, people["c"].key, 40, False), (2, people["a"].key, 38, True), (2, people["b"].key, 38, True),
        (4, people["d"].key, 10, False),
    ]  # fmt: skip
    for run in range(2, MOST_EACH + 1):
        board.add(people["d"], entry(people["d"].key, 1, run=str(run)), board.budget)
    with pytest.raises(Refused, match="enough_runs"):
        board.add(people["d"], entry(people["d"].key, 40, run="9"), board.budget)


def test_the_zip_has_it_and_a_wiped_class_has_none(room, registry, teacher):
    teacher.open_leaderboard("digits", "parameters", 10_000)
    room.rename(BOB, "=Bob")
    for owner, epochs in ((ADA, 3), (BOB, 1)):
        handed(room, registry, trained(registry, owner, epochs=epochs))
    with zipfile.ZipFile(io.BytesIO(zip_of(room, registry))) as archive:
        rows = list(csv.reader(io.StringIO(archive.read("leaderboard.csv").decode("utf-8-sig"))))
    assert rows[0] == ["place", "name", "accuracy", "right", "pictures", "parameters", "seconds", "run"]
    assert {row[1] for row in rows[1:]} == {room.student(ADA).name, "Bob"}
    assert not any(owner in str(rows) for owner in (ADA, BOB, TEACHER))
    teacher.project("leaderboard")
    assert room.showing.screen == "leaderboard"
    teacher.wipe()
    assert (room.leaderboard.entries, room.leaderboard.budget, room.leaderboard.is_open) == ((), None, False)
    assert Room(room._folder).leaderboard.entries == ()
    with zipfile.ZipFile(io.BytesIO(zip_of(room, registry))) as archive:
        assert "leaderboard.csv" not in archive.namelist()


def test_a_damaged_board_begins_anew(room, caplog):
    path = room._folder / "class" / leaderboard._FILE
    path.write_text("{", encoding="utf-8")
    assert Room(room._folder).leaderboard.entries == ()
    assert "leaderboard" in caplog.text
