"""Classes that train on fewer pictures than there are (S12)."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lib.config import DataConfig, RunConfig
from lib.datasets import load_dataset
from lib.datasets.balance import balanced_order, cut, thinned
from lib.datasets.sample_picture import colour_sample
from lib.runs.limits import TooMuch, check_pictures
from lib.ui.setup.link import from_link, to_link
from lib.ui.setup.session import dataset_info

_labels = st.lists(st.integers(0, 4), min_size=1, max_size=80).map(torch.tensor)
_keep = st.dictionaries(st.integers(0, 5), st.integers(0, 99), max_size=6)


@given(_labels, _keep, st.integers(0, 9))
def test_S12_only_the_named_classes_lose_pictures_and_as_many_as_said(labels, keep, seed) -> None:
    order = balanced_order(labels, torch.Generator().manual_seed(seed))
    left = thinned(order, labels, keep.items())
    before, after = (torch.bincount(labels[each], minlength=6).tolist() for each in (order, left))
    for label, count in enumerate(before):
        share = keep.get(label, 100)
        assert after[label] == min(count, max(round(count * share / 100), min(share, 1)))
    places = {int(index): place for place, index in enumerate(order)}
    assert [places[int(index)] for index in left] == sorted(places[int(index)] for index in left)  # the order stays


@given(_labels, st.integers(0, 98), st.integers(1, 99))
def test_a_smaller_share_is_part_of_a_larger_one(labels, small, more) -> None:
    order = torch.arange(len(labels))
    few = set(thinned(order, labels, [(0, small)]).tolist())
    many = set(thinned(order, labels, [(0, min(99, small + more))]).tolist())
    assert few <= many


def test_S12_a_starved_class_is_starved_in_training_only(quick_digits: None) -> None:
    whole, starved = load_dataset("digits"), load_dataset("digits", keep=((3, 10), (7, 0)))
    before, after = (torch.bincount(each.train.labels, minlength=10) for each in (whole, starved))
    assert after[3] == round(int(before[3]) * 0.1)
    assert after[7] == 0
    others = [label for label in range(10) if label not in (3, 7)]
    assert after[others].equal(before[others])
    assert starved.valid.images.equal(whole.valid.images)
    assert starved.test.images.equal(whole.test.images)
    assert load_dataset("digits", keep=((3, 10), (7, 0))) is starved


def test_S17_the_three_parts_share_no_picture(quick_digits: None) -> None:
    data = load_dataset("digits")
    parts = [
        {bytes(picture.numpy().tobytes()) for picture in part.images} for part in (data.train, data.valid, data.test)
    ]
    assert [len(part) for part in parts] == [len(data.train), len(data.valid), len(data.test)]
    assert not parts[0] & parts[1]
    assert not parts[0] & parts[2]
    assert not parts[1] & parts[2]


def test_a_set_up_without_a_picture_left_is_refused(quick_digits: None) -> None:
    nothing = tuple((label, 0) for label in range(10))
    with pytest.raises(ValueError, match="No training pictures are left"):
        load_dataset("digits", keep=nothing)
    with pytest.raises(TooMuch, match="No class has training pictures left"):
        check_pictures(DataConfig(name="digits", keep=nothing), dataset_info("digits"))
    with pytest.raises(TooMuch, match="10 classes"):
        check_pictures(DataConfig(name="digits", keep=((12, 5),)), dataset_info("digits"))
    check_pictures(DataConfig(name="digits", keep=((3, 0),)), dataset_info("digits"))


@pytest.mark.parametrize("keep", [((3, 100),), ((3, -1),), ((3, 5), (3, 6)), ((-1, 5),), (3, 5), "3:5"])
def test_a_balance_that_makes_no_sense_is_refused(keep) -> None:
    with pytest.raises(ValidationError):
        DataConfig(keep=keep)


def test_S12_the_balance_travels_in_the_address() -> None:
    config = RunConfig(data=DataConfig(keep=((7, 0), (2, 5))))
    link = to_link(config)
    assert link["keep"] == "2:5,7:0"
    assert from_link(link)[0].data.keep == ((2, 5), (7, 0))
    for nonsense in ("2", "2:x", "2:5:1", "2:5,2:6", "", ":", "2:500"):
        config, refused = from_link({"keep": nonsense})
        assert refused == ["keep"]
        assert config.data.keep == ()
    assert from_link({"keep": "all"})[1] == []


def test_S15_the_drawn_picture_has_three_planes_that_differ() -> None:
    picture = colour_sample(32)
    assert picture.shape == (3, 32, 32)
    assert picture.dtype == torch.uint8
    red, green, blue = picture
    roof, meadow, sky = (9, 12), (29, 3), (2, 2)
    assert int(red[roof]) > 2 * max(int(green[roof]), int(blue[roof]))
    assert int(green[meadow]) > max(int(red[meadow]), int(blue[meadow]))
    assert int(blue[sky]) > max(int(red[sky]), int(green[sky]))
    assert colour_sample(32).equal(picture)


def test_which_class_comes_first_is_chance():
    """No class gets the odd picture of every cut."""
    labels = torch.arange(40) % 4
    firsts = {int(labels[cut(labels, 0.0, torch.Generator().manual_seed(seed))[1][0]]) for seed in range(40)}
    assert firsts == {0, 1, 2, 3}
