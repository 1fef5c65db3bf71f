"""What people draw on the canvas, and how much of it the ready nets read."""

from collections import Counter

import numpy as np
import pytest
import torch

from lib.datasets import load_dataset, prepare
from lib.datasets.preparation import choices_for
from lib.nets.ready import ready_net
from lib.training import predict
from tests.drawings import further_digits, further_doodles
from tests.drawings.photo import photos_of
from tests.drawings.sheet import SIDE, digit_drawings, doodle_drawings, drawings, rasterize


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLASSHOUSE_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def pictures(home):
    """Name of a ready net -> its drawings as pictures, and their kinds."""
    made = {}
    for name, drawn in (("doodles", doodle_drawings()), ("digits", digit_drawings())):
        made[name] = [(drawing.kind, rasterize(drawing.strokes, drawing.pen)) for drawing in drawn]
    return made


def share_read(name, pictures, left_out=()):
    net = ready_net(name)
    steps = set(choices_for(net.dataset)) - set(left_out)
    x = torch.cat([prepare(picture, net.dataset, steps).tensor for _, picture in pictures])
    answers = predict(net.model()[1], x).argmax(1).tolist()
    right = sum(net.dataset.classes[answer] == kind for answer, (kind, _) in zip(answers, pictures, strict=True))
    return right / len(pictures)


@pytest.mark.parametrize("name", ["doodles", "digits"])
def test_the_drawings_are_200_different_ones_in_all_places_sizes_and_pens(name, pictures):
    kinds = Counter(kind for kind, _ in pictures[name])
    assert len(pictures[name]) == 200
    assert set(kinds.values()) == {20}
    assert set(kinds) == set(load_dataset(name).classes)
    assert len({picture.tobytes() for _, picture in pictures[name]}) == 200
    drawn = doodle_drawings() if name == "doodles" else digit_drawings()
    pens = [drawing.pen for drawing in drawn]
    assert min(pens) < 0.04
    assert max(pens) >= 0.1
    boxes = [np.concatenate([np.array(stroke) for stroke in drawing.strokes]) for drawing in drawn]
    middles = np.array([(box.min(0) + box.max(0)) / 2 for box in boxes])
    sizes = np.array([np.ptp(box, axis=0).max() for box in boxes])
    assert sizes.min() < 0.45
    assert sizes.max() > 0.8
    for corner in ((0, 0), (1, 0), (0, 1), (1, 1)):
        assert (np.abs(middles - corner).max(1) < 0.3).sum() >= 8


@pytest.mark.parametrize(("name", "at_least"), [("doodles", 0.95), ("digits", 0.95)])
def test_the_ready_nets_read_plain_drawings(name, at_least, pictures):
    assert share_read(name, pictures[name]) >= at_least


FURTHER = {"doodles": further_doodles.DOODLES, "digits": further_digits.DIGITS}


@pytest.fixture(scope="module")
def answers(home):
    """Name of a ready net -> (kind, answer, how sure) for 240 drawings of other hands."""
    found = {}
    for name, plain in FURTHER.items():
        net, made = ready_net(name), drawings(plain)
        x = torch.cat([prepare(rasterize(drawing.strokes, drawing.pen), net.dataset).tensor for drawing in made])
        sure, best = predict(net.model()[1], x).max(1)
        names = [net.dataset.classes[index] for index in best.tolist()]
        found[name] = list(zip((drawing.kind for drawing in made), names, sure.tolist(), strict=True))
    return found


@pytest.mark.parametrize(("name", "at_least"), [("doodles", 0.97), ("digits", 0.98)])
def test_the_ready_nets_read_other_hands(name, at_least, answers):
    """Printed ones with flag and foot, houses without a door: and no usual shape is left behind."""
    right = {kind: [] for kind in FURTHER[name]}
    for kind, answer, _ in answers[name]:
        right[kind].append(kind == answer)
    assert np.mean([each for kind in right.values() for each in kind]) >= at_least
    assert min(np.mean(each) for each in right.values()) >= 0.9


@pytest.mark.parametrize("name", FURTHER)
def test_a_wrong_answer_is_seldom_a_sure_one(name, answers):
    wrong = [sure for kind, answer, sure in answers[name] if kind != answer]
    assert sum(sure > 0.9 for sure in wrong) <= 0.2 * len(wrong)


@pytest.mark.parametrize("name", FURTHER)
def test_the_ready_nets_read_photos(name):
    """On blank, ruled and squared paper, in pen and pencil, in even light, under a soft and a hard shadow."""
    net = ready_net(name)
    taken = list(photos_of(FURTHER[name], each=4, first=400))
    x = torch.cat([prepare(picture, net.dataset).tensor for _, picture in taken])
    best = predict(net.model()[1], x).argmax(1).tolist()
    right = [net.dataset.classes[index] == kind for index, (kind, _) in zip(best, taken, strict=True)]
    assert len(right) == 72
    assert np.mean(right) >= 0.92


@pytest.mark.parametrize("name", ["doodles", "digits"])
def test_without_the_preparation_the_same_nets_read_far_fewer(name, pictures):
    laid_out = ("polarity", "crop", "scan", "resize", "centre")
    assert share_read(name, pictures[name], laid_out) < share_read(name, pictures[name]) - 0.25


def test_a_digit_is_scanned_as_thick_as_the_data_sets(pictures):
    digits = load_dataset("digits")
    theirs = float(digits.train.images.double().mean()) / 255
    drawn = {
        scanned: np.mean(
            [
                float(prepare(picture, digits, set(choices_for(digits)) - ({"scan"} - {scanned})).tensor.mean())
                for _, picture in pictures["digits"][::4]
            ]
        )
        for scanned in ("scan", "")
    }
    assert drawn["scan"] == pytest.approx(theirs, rel=0.1)
    assert drawn[""] < 0.75 * theirs


def test_a_drawing_is_painted_at_any_size():
    (drawing, *_) = doodle_drawings()
    small, large = (rasterize(drawing.strokes, drawing.pen, side) for side in (SIDE, 2 * SIDE))
    assert np.abs(np.asarray(small, dtype=float) - np.asarray(large.reduce(2), dtype=float)).mean() < 1.5
