"""None of these: how many pictures of other things the ready nets turn away, and how many good drawings with them."""

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFont

from lib.datasets import Split, prepare
from lib.datasets.foreign import foreign_pictures
from lib.explain.familiar import acquaint
from lib.nets.ready import ready_net
from lib.parts import at_once
from lib.training import predict
from lib.training.batches import generator_for, varied
from tests.drawings import further_digits, further_doodles
from tests.drawings.sheet import SIDE, digit_drawings, doodle_drawings, drawings, rasterize

OWN = {"doodles": doodle_drawings, "digits": digit_drawings}
FURTHER = {"doodles": further_doodles.DOODLES, "digits": further_digits.DIGITS}
OTHER = {"doodles": "digits", "digits": "doodles"}


@pytest.fixture(scope="module", params=["doodles", "digits"])
def met(request, tmp_path_factory):
    """A ready net, what is familiar to it, and a way to prepare pictures for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLASSHOUSE_HOME", str(tmp_path_factory.mktemp("home")))
        net = ready_net(request.param)
        known = acquaint(net.model()[1], net.dataset.train, net.dataset.valid, a_little)
        yield request.param, net, known


def a_little(x):
    return varied(x, generator_for(7), mirror=False)


def prepared(pictures, data):
    return torch.cat([prepare(picture, data).tensor for picture in pictures])


def painted(drawn):
    return [rasterize(drawing.strokes, drawing.pen) for drawing in drawn]


def scribbles(count):
    chance = np.random.default_rng(20)
    return [
        rasterize([[(float(x), float(y)) for x, y in chance.uniform(0.2, 0.8, (chance.integers(8, 30), 2))]], 0.06)
        for _ in range(count)
    ]


def dots(count):
    chance = np.random.default_rng(21)
    places = [chance.uniform(0.2, 0.8, (chance.integers(1, 6), 2)) for _ in range(count)]
    return [rasterize([[(float(x), float(y))] * 2 for x, y in place], 0.09) for place in places]


def letters():
    """Nobody could call these a digit or a doodle of ours."""
    made = []
    for letter in "AEFHKMNRWX&%#?@":
        sheet = Image.new("L", (SIDE, SIDE))
        ImageDraw.Draw(sheet).text((70, 70), letter, fill=255, font=ImageFont.load_default(90), anchor="mm")
        made.append(sheet)
    return made


def share_away(known, x):
    return float((~known.knows(x)).double().mean())


def test_good_drawings_are_not_turned_away(met):
    name, net, known = met
    for drawn in (OWN[name]()[::2], drawings(FURTHER[name])):
        assert share_away(known, prepared(painted(drawn), net.dataset)) <= 0.03
    assert share_away(known, net.dataset.test.batch(slice(0, 1_000))[0]) <= 0.035


def test_pictures_of_other_things_are_turned_away(met):
    """Far more than any threshold on the probability could turn away for the same price."""
    name, net, known = met
    pictures = painted(OWN[OTHER[name]]()[::3]) + scribbles(60) + dots(60) + letters()
    theirs = at_once(foreign_pictures(OTHER[name], net.dataset, 60)).x
    strange = torch.cat([prepared(pictures, net.dataset), theirs])
    away = share_away(known, strange)
    assert away >= {"doodles": 0.72, "digits": 0.78}[name]
    _, model = net.model()
    sure = predict(model, net.dataset.valid.batch(slice(0, 1_000))[0]).amax(1).quantile(0.02)
    assert float((predict(model, strange).amax(1) < sure).double().mean()) < away - 0.2
    assert share_away(known, prepared([Image.new("L", (SIDE, SIDE))], net.dataset)) == 1


def test_the_price_is_the_nets_own(met):
    """Two in a hundred of the validation pictures, for the trained net as for one that knows nothing."""
    _, net, known = met
    assert 0 < share_away(known, net.dataset.valid.batch(slice(0, 1_000))[0]) <= 0.02
    _, model = net.model()
    torch.manual_seed(0)
    for layer in model:
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    other = acquaint(model, net.dataset.train, net.dataset.valid, a_little)
    assert other.threshold != known.threshold
    assert 0 < share_away(other, net.dataset.valid.batch(slice(0, 1_000))[0]) <= 0.02


def test_with_too_few_pictures_nobody_can_say(met):
    _, net, _ = met
    _, model = net.model()
    valid = net.dataset.valid
    few = Split(valid.images[:49], valid.labels[:49], valid.scale, valid.mirrors)
    none = Split(valid.images[:0], valid.labels[:0], valid.scale, valid.mirrors)
    assert acquaint(model, net.dataset.train, few, a_little) is None
    assert acquaint(model, none, valid, a_little) is None


def test_a_class_that_no_training_picture_has_is_like_nothing(met):
    _, net, _ = met
    _, model = net.model()
    train = net.dataset.train
    kept = (train.labels != 0).nonzero().flatten()
    less = Split(train.images[kept], train.labels[kept], train.scale, train.mirrors)
    x = net.dataset.valid.batch(slice(0, 200))[0]
    first = predict(model, x).argmax(1) == 0
    likeness = acquaint(model, less, net.dataset.valid, a_little).likeness(x)
    assert first.any()
    assert (likeness[first] == -1).all()
    assert (likeness[~first] > -1).all()
