"""The class's pictures: who adds how many, that nothing counts before it was let in, and that wiping leaves none."""

import io
import zipfile

import pytest
import torch
from PIL import Image, ImageDraw

from lib import load_dataset, load_image, prepare
from lib.classroom import Refused, Room, gathering
from lib.classroom.taking_home import zip_of
from lib.parts import at_once
from tests.classroom.people import ADA, BOB, config


def drawing(number):
    """A sheet with a slanted line that no other number has."""
    image = Image.new("L", (140, 140), 0)
    ImageDraw.Draw(image).line([(30 + number, 20), (90, 118)], fill=255, width=12)
    return image


def test_what_is_added_waits_and_counts_once_it_was_let_in(room, teacher):
    ada, bob = room.student(ADA), room.student(BOB)
    with pytest.raises(Refused, match="not_gathering"):
        room.gathering.add(ada, drawing(0), 1)
    teacher.gather("digits")
    first = room.gathering.add(ada, drawing(0), 1)
    second = room.gathering.add(bob, drawing(5).convert("RGB").resize((900, 900)), 7)
    data = load_dataset("digits")
    assert room.gathering.split_of(data) is None
    teacher.let_picture_in(first.key)
    assert [each.key for each in room.gathering.waiting()] == [second.key]
    teacher.let_pictures_in()
    split = room.gathering.split_of(data)
    assert split.labels.tolist() == [1, 7]
    torch.testing.assert_close(
        split.batch(torch.tensor([0]))[0], prepare(drawing(0), data).tensor, atol=1 / 255, rtol=0
    )
    kept = load_image(room.gathering.bytes_of(second))
    assert max(kept.size) == gathering.SIDE
    assert Room(room._folder).gathering.of("digits") == room.gathering.of("digits")  # next week
    with zipfile.ZipFile(io.BytesIO(zip_of(room, teacher._registry))) as archive:
        assert {f"pictures/digits/1-{first.key}.png", f"pictures/digits/7-{second.key}.png"} <= set(archive.namelist())
    teacher.take_picture_out(first.key)
    assert [each.key for each in room.gathering.waiting()] == [first.key]
    assert room.gathering.split_of(data).labels.tolist() == [7]
    assert room.gathering.bytes_of(first) is not None
    teacher.throw_picture_away(first.key)
    assert room.gathering.bytes_of(first) is None
    teacher.wipe()
    assert room.gathering.all == ()
    assert room.gathering.data is None
    assert list((room._folder / "class" / "pictures").iterdir()) == []


def test_there_are_bounds_for_each_and_for_all(room, teacher, monkeypatch):
    teacher.gather("digits")
    ada = room.student(ADA)
    for label in (-1, 10):
        with pytest.raises(Refused, match="no_class"):
            room.gathering.add(ada, drawing(0), label)
    for blank in (Image.new("L", (140, 140), 0), Image.new("RGB", (50, 80), "white")):
        with pytest.raises(Refused, match="blank"):
            room.gathering.add(ada, blank, 0)
    for number in range(gathering.MOST_EACH):
        room.gathering.add(ada, drawing(number), 0)
    with pytest.raises(Refused, match="enough_pictures"):
        room.gathering.add(ada, drawing(50), 0)
    with pytest.raises(Refused, match="known_picture"):
        room.gathering.add(room.student(BOB), drawing(0), 3)
    monkeypatch.setattr(gathering, "MOST", gathering.MOST_EACH)
    with pytest.raises(Refused, match="set_full"):
        room.gathering.add(room.student(BOB), drawing(50), 3)
    with pytest.raises(Refused, match="no_pictures"):
        teacher.gather("nothing")
    teacher.gather("")
    with pytest.raises(Refused, match="not_gathering"):
        room.gathering.add(room.student(BOB), drawing(50), 3)


def test_a_damaged_picture_costs_itself_alone(room, teacher):
    teacher.gather("digits")
    keys = [room.gathering.add(room.student(ADA), drawing(number), number).key for number in range(3)]
    teacher.let_pictures_in()
    folder = room._folder / "class" / "pictures"
    (folder / f"{keys[0]}.png").write_bytes(b"\x89PNG nothing")
    (folder / f"{keys[1]}.png").unlink()
    assert room.gathering.split_of(load_dataset("digits")).labels.tolist() == [2]


def test_the_vote_is_measured_on_our_pictures_too(room, registry, teacher):
    for number, owner in enumerate((ADA, BOB)):
        run = registry.start(config(epochs=1, batch_size=16).model_copy(update={"seed": number}), owner)
        assert run.wait(60, "finished")
    teacher.gather("digits")
    for number in range(4):
        room.gathering.add(room.student(ADA), drawing(number), 1)
    assert at_once(teacher.hold_vote("digits")).ours is None
    teacher.let_pictures_in()
    ours = at_once(teacher.hold_vote("digits")).ours
    assert ours.pictures == 4
    assert {each.run for each in ours.voters} == {each.run for each in room.vote.counted.voters}
