"""Classes of one's own: what goes in comes out as a data set like any other, and nothing strange gets in."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from torch import Tensor

from lib import cli
from lib.datasets import DatasetUnavailable, list_datasets, load_dataset, prepare
from lib.datasets.catalogue import info
from lib.datasets.loaded import delete, whole
from lib.datasets.own import SHAPES, Kind, check_open, find_own, own_sets, save_own, shrink
from lib.datasets.owned import NotYours
from lib.home.place import data_folder
from lib.pictures.names import clean_name, twins_in

pytestmark = pytest.mark.usefixtures("home")  # an empty one


def photos(count: int, colour: tuple[int, int, int], seed: int = 0) -> list[Tensor]:
    """Noise around a colour."""
    draw = np.random.default_rng(seed)
    noisy = (np.clip(draw.normal(colour, 30, (90, 120, 3)), 0, 255).astype(np.uint8) for _ in range(count))
    made = [shrink(Image.fromarray(pixels), "photo") for pixels in noisy]
    return [each for each in made if each is not None]


def two_colours() -> dict[str, list[Tensor]]:
    return {"red things": photos(12, (200, 40, 40)), "blue things": photos(9, (40, 40, 200), 1)}


def test_S67_own_pictures_become_a_data_set_that_splits_like_any_other() -> None:
    kept = save_own("Colours", "photo", two_colours())
    assert (kept.train_counts, kept.train_count, kept.test_count) == ((10, 7), 17, 2 + 2)
    about = info(kept.name)
    assert (about.title, about.classes, about.input_shape) == ("Colours", ("red things", "blue things"), (3, 32, 32))
    assert list_datasets()[-1] == about
    data = load_dataset(kept.name, valid_fraction=0.2)
    assert (len(data.train), len(data.valid), len(data.test)) == (14, 3, 4)
    full = whole(kept.name)
    for images, labels in ((full.train_images, full.train_labels), (full.test_images, full.test_labels)):
        redder = images[:, 0].float().mean((1, 2)) > images[:, 2].float().mean((1, 2))
        assert torch.equal(redder, labels == 0)
    seen = {each.numpy().tobytes() for each in (*full.train_images, *full.test_images)}
    assert seen == {each.numpy().tobytes() for pictures in two_colours().values() for each in pictures}


def test_S17_S67_every_class_has_test_pictures_of_its_own() -> None:
    full = whole(save_own("Colours", "photo", two_colours()).name)
    assert set(full.test_labels.tolist()) == {0, 1}
    train = {each.numpy().tobytes() for each in full.train_images}
    assert not any(each.numpy().tobytes() in train for each in full.test_images)


def test_equal_pictures_are_the_same_set_under_whatever_title() -> None:
    first, second = (save_own(title, "photo", two_colours()) for title in ("One", "Two"))
    assert first.name == second.name
    assert [each.title for each in own_sets()] == ["Two"]
    other = save_own("One", "photo", two_colours() | {"blue things": photos(9, (40, 40, 200), 2)})
    assert other.name != first.name


def test_a_drawing_lies_in_the_set_as_a_net_will_be_shown_the_same_drawing() -> None:
    def sheet(shift: int, crossed: bool) -> Image.Image:
        image = Image.new("RGB", (200, 160), "white")
        pen = ImageDraw.Draw(image)
        pen.line([(40 + shift, 30), (150 - shift, 130)], fill="black", width=9)
        if crossed:
            pen.line([(150, 30 + shift), (40, 130)], fill="black", width=9)
        return image

    made = {
        name: [shrink(sheet(shift, name == "cross"), "drawing") for shift in range(6)] for name in ("line", "cross")
    }
    kept = save_own("Marks", "drawing", {name: [x for x in each if x is not None] for name, each in made.items()})
    data = load_dataset(kept.name, valid_fraction=0.0)
    assert data.input_shape == SHAPES["drawing"] == (1, 28, 28)
    assert not data.train.mirrors
    shown = (prepare(sheet(0, crossed=True), data).tensor[0] * 255).round()
    inside = made["cross"][0]
    assert inside is not None
    assert (shown - inside.float()).abs().mean() < 8
    assert shrink(Image.new("RGB", (50, 50), "white"), "drawing") is None


def test_deleted_pictures_are_gone_and_their_classes_still_known() -> None:
    kept = save_own("Colours", "photo", two_colours())
    assert len(whole(kept.name).train_labels) == 17
    size = next(data_folder("own").iterdir()).stat().st_size
    delete(kept.name, "anyone")
    assert info(kept.name).classes == kept.classes
    assert not info(kept.name).available
    with pytest.raises(DatasetUnavailable, match="its pictures were deleted"):
        load_dataset(kept.name)
    (left,) = data_folder("own").iterdir()
    assert left.stat().st_size < 1_000 < size
    assert save_own("Colours", "photo", two_colours()) == kept  # brought again, it is there again
    assert len(whole(kept.name).train_labels) == 17


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        ({"one": 5}, "2 to 10 classes"),
        ({str(place): 5 for place in range(11)}, "2 to 10 classes"),
        ({"one": 5, "two": 4}, "“two” has fewer"),
        ({"one": 5, "**": 5}, "needs a name"),
        ({"one": 5, "ONE ": 5}, "same name"),
        ({"one": 5, "two": 501}, "up to 500"),
    ],
)
def test_too_few_too_many_and_nameless_are_refused_in_words(classes: dict[str, int], said: str) -> None:
    picture = torch.zeros(3, 32, 32, dtype=torch.uint8)
    with pytest.raises(ValueError, match=said):
        save_own("Set", "photo", {name: [picture] * count for name, count in classes.items()})
    assert own_sets() == ()


@given(st.text(max_size=80))
def test_a_name_holds_nothing_that_markup_or_a_format_would_read(name: str) -> None:
    cleaned = clean_name(name)
    assert len(cleaned) <= 30
    assert not set(cleaned) & set('<>&"`*_[]{}$:\\|#~\n\t')
    assert clean_name(cleaned) == cleaned


@pytest.mark.parametrize("name", ["Zoë’s dogs", "hot-dog", "犬", "Nr. 7", "हिन्दी", "ไทยน้ำ", "می\u200cخواهم", "שָׁלוֹם"])
def test_ordinary_names_stay(name: str) -> None:
    assert clean_name(f" {name} ") == name


def test_letters_and_their_marks_stay_together_however_they_were_typed() -> None:
    assert clean_name("a\u0308pfel") == clean_name("äpfel") == "äpfel"
    assert clean_name("C#") == "C"
    assert clean_name("Z" + "\u0301" * 30) == "Ź" + "\u0301" * 4  # a tower of marks is cut down
    assert clean_name("a" * 29 + "q\u0323\u0307") == "a" * 29  # and no letter loses some of its own
    assert clean_name("\u200d\u0301 \u202eevil") == "evil"


def test_names_that_nobody_could_tell_apart_are_found() -> None:
    assert twins_in(["C", "D", "C#", "c "]) == ["C#", "c "]
    assert twins_in(["a\u0308", "ä", "ﬁsh", "fish", "क्\u200dष", "क्ष"]) == ["ä", "fish", "क्ष"]
    assert twins_in(["", "**", "हिन्दी", "हन्दी"]) == []
    with pytest.raises(ValueError, match="same name: C"):
        save_own("Languages", "photo", {"C": photos(5, (1, 2, 3)), "C#": photos(5, (9, 9, 9), 1)})


def test_damaged_files_are_passed_over() -> None:
    kept = save_own("Colours", "photo", two_colours())
    folder = data_folder("own")
    (folder / "own-damaged.safetensors").write_bytes(b"\xff" * 100)
    (folder / "own-empty.safetensors").write_bytes(b"")
    assert [each.name for each in own_sets()] == [kept.name]
    assert find_own("own-damaged") is None
    with pytest.raises(ValueError, match="no data set called"):
        info("own-../../etc")


@pytest.mark.parametrize("kind", ["photo", "drawing"])
@pytest.mark.parametrize("size", [(1, 1), (1, 900), (31, 33), (1024, 3)])
def test_any_picture_takes_the_shape_of_its_set(kind: Kind, size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, "white")
    image.putpixel((0, 0), (0, 0, 0))
    small = shrink(image, kind)
    assert small is None or (tuple(small.shape) == SHAPES[kind] and small.dtype == torch.uint8)


def test_the_command_line_lists_them_and_fetches_none(capsys: pytest.CaptureFixture[str]) -> None:
    kept = save_own("Colours", "photo", two_colours())
    assert cli.main(["fetch", kept.name]) == 0
    assert capsys.readouterr().out == "Colours was made on this machine; there is nothing to fetch.\n"
    assert cli.main(["list"]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith(kept.name))
    assert "17 +      4  2 classes  here" in line
    delete(kept.name, "anyone")
    assert cli.main(["list"]) == 0
    assert kept.name not in capsys.readouterr().out


def test_own_pictures_belong_to_their_maker() -> None:
    kept = save_own("Mine", "photo", two_colours(), "me")
    assert (kept.owner, kept.shared) == ("me", False)
    for stranger in ("you", "", "ME"):
        assert not kept.is_open_to(stranger)
        assert kept.name not in {each.name for each in list_datasets(stranger)}
        with pytest.raises(NotYours, match="for whoever made it alone"):
            check_open(kept.name, stranger)
        with pytest.raises(NotYours, match="“Mine” belongs to another browser"):
            delete(kept.name, stranger)
    check_open(kept.name, "me")
    assert kept.name in {each.name for each in list_datasets("me")}
    assert len(whole(kept.name).train_labels)
    delete(kept.name, "me")
    gone = find_own(kept.name)
    assert gone is not None
    assert (gone.deleted, gone.owner, gone.shared) == (True, "me", False)  # its classes are still nobody else's


def test_everybody_may_train_on_a_shared_set_and_still_not_delete_it() -> None:
    kept = save_own("Ours", "photo", two_colours(), "me", shared=True)
    check_open(kept.name, "you")
    with pytest.raises(NotYours):
        delete(kept.name, "you")
    again = save_own("Mine again", "photo", two_colours(), "me")
    assert (again.name, again.shared) == (kept.name, False)  # whoever made it may think again


def test_the_same_pictures_of_another_owner_are_another_set() -> None:
    mine = save_own("Mine", "photo", two_colours(), "me")
    yours = save_own("Yours", "photo", two_colours(), "you", shared=True)
    assert mine.name != yours.name
    assert find_own(mine.name) == mine


def test_a_set_without_an_owner_is_everybody_s() -> None:
    kept = save_own("Old", "photo", two_colours())
    check_open(kept.name, "anyone")
    delete(kept.name, "anyone")
    assert not info(kept.name).available
