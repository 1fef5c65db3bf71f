"""Whose hand? Moments as numpy sums them, measures of drawings that are known, accuracy by group as scikit-learn's."""

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from sklearn.metrics import accuracy_score

from lib import Conv2d, Flatten, MaxPool2d, ModelConfig, load_dataset
from lib.config import TrainConfig
from lib.datasets import Dataset
from lib.labs.hands import MEASURES, grow, ink, measured, moments, size, thickness, thirds, tilt
from tests.going_through import go_through


def drawn(width: int = 6, lean: int = 0, scale: float = 1.0, paper: int = 0, pen: int = 255) -> torch.Tensor:
    """A line from bottom to top that leans to the right, uint8 `(1, 1, 96, 96)`."""
    image = Image.new("L", (96, 96), paper)
    half = 30 * scale
    ends = [(48 - lean * scale, 48 + half), (48 + lean * scale, 48 - half)]
    ImageDraw.Draw(image).line(ends, fill=pen, width=width)
    return torch.from_numpy(np.array(image))[None, None]


def test_moments_are_what_numpy_sums() -> None:
    images = torch.randint(0, 256, (5, 3, 9, 7), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    found, weights = moments(images), ink(images).numpy().astype(np.float64)
    y, x = np.mgrid[:9, :7]
    for place, weight in enumerate(weights):
        spread = np.cov(np.stack([x.ravel(), y.ravel()]), aweights=weight.ravel(), ddof=0)
        assert float(found.mass[place]) == pytest.approx(weight.sum(), rel=1e-5)
        assert float(found.xx[place]) == pytest.approx(spread[0, 0], rel=1e-4)
        assert float(found.xy[place]) == pytest.approx(spread[0, 1], abs=1e-4)
        assert float(found.yy[place]) == pytest.approx(spread[1, 1], rel=1e-4)


def test_measures_say_what_was_drawn() -> None:
    plain = moments(drawn())
    assert float(thickness(moments(drawn(width=12))) / thickness(plain)) == pytest.approx(2, rel=0.1)
    assert float(size(moments(drawn(scale=0.5))) / size(plain)) == pytest.approx(0.5, rel=0.05)
    for lean in (-15, 0, 15):  # 15 to the side and 30 up
        expected = float(np.degrees(np.arctan2(lean, 30)))
        assert float(tilt(moments(drawn(lean=lean)))) == pytest.approx(expected, abs=2)


def test_black_on_white_and_an_empty_sheet() -> None:
    turned = moments(drawn(paper=255, pen=0))
    assert float(tilt(turned)) == pytest.approx(float(tilt(moments(drawn()))), abs=1e-3)
    empty = moments(torch.full((2, 3, 8, 8), 200, dtype=torch.uint8))
    for measure in MEASURES.values():
        assert measure(empty).isfinite().all()


def test_groups_hold_as_many_of_each_class() -> None:
    data = load_dataset("digits", test_size=300)
    labels, values = data.test.labels, measured(data.test, "thickness")
    groups = thirds(values, labels)
    counts = [torch.bincount(labels[places], minlength=10).tolist() for places in groups.values()]
    assert counts[0] == counts[1] == [count // 3 for count in torch.bincount(labels).tolist()]
    for label in range(10):
        low, high = (values[places[labels[places] == label]] for places in groups.values())
        assert float(low.max()) <= float(high.min())
    assert not set(groups["low"].tolist()) & set(groups["high"].tolist())


def test_accuracy_by_group_is_scikit_learns() -> None:
    data = load_dataset("digits", test_size=300)
    answers = torch.randint(0, 10, (300,), generator=torch.Generator().manual_seed(1))
    for places in thirds(measured(data.test, "size"), data.test.labels).values():
        ours = float((answers == data.test.labels)[places].float().mean())
        assert ours == pytest.approx(accuracy_score(data.test.labels[places], answers[places]))


CONFIG = TrainConfig(learning_rate=0.003, batch_size=32, epochs=4, precision="fp32")
MODEL = ModelConfig(layers=(Conv2d(6), MaxPool2d(), Flatten()))


def grown(data: Dataset) -> Generator[float, None, Any]:
    return grow(MODEL, data, "thickness", "high", (0, 1), CONFIG)


def test_nets_with_and_without_a_group() -> None:
    shares, found = go_through(grown(load_dataset("digits", train_size=900)))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    assert (found.base, found.added) == (300, 150)
    for scores in (*found.inside.values(), *found.outside.values()):
        assert len(scores) == 2
        assert min(scores) > 0.2  # by lot it would be 0.1


def test_too_few_pictures_is_said() -> None:
    with pytest.raises(ValueError, match="Too few pictures"):
        go_through(grown(load_dataset("digits", train_size=20)))
