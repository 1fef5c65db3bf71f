"""Ask me the right question: doubt as scipy and numpy have it, and a comparison that is fair."""

import numpy
import pytest
import torch
from scipy import stats

from lib import Conv2d, Flatten, MaxPool2d, ModelConfig, load_dataset
from lib.config import TrainConfig
from lib.labs.asking import compare, entropy, least_sure, margin
from tests.going_through import go_through

_SAID = torch.rand(200, 7, generator=torch.Generator().manual_seed(4)).softmax(1)


def test_doubt_is_what_scipy_and_numpy_say() -> None:
    numpy.testing.assert_allclose(entropy(_SAID).numpy(), stats.entropy(_SAID.numpy(), axis=1), rtol=1e-5)
    ordered = numpy.sort(_SAID.numpy(), axis=1)
    numpy.testing.assert_allclose(margin(_SAID).numpy(), ordered[:, -2] - ordered[:, -1], atol=1e-7)
    sure = torch.tensor([[1.0, 0.0, 0.0]])
    assert float(entropy(sure)) == 0.0
    assert float(margin(sure)) == -1.0


@pytest.mark.parametrize("by", ["margin", "entropy"])
def test_the_least_sure_come_first_and_what_is_known_is_not_asked_again(by: str) -> None:
    doubt = {"margin": margin, "entropy": entropy}[by](_SAID)
    first = least_sure(_SAID, by, 10)
    assert [float(doubt[place]) for place in first] == sorted(doubt.tolist(), reverse=True)[:10]
    assert least_sure(_SAID, by, 10, first[:5])[:5] == first[5:]
    assert set(least_sure(_SAID, by, 500, first)) == set(range(200)) - set(first)


def test_both_begin_alike_and_get_as_many_labels() -> None:
    data = load_dataset("digits", train_size=300)
    model = ModelConfig(layers=(Conv2d(6), MaxPool2d(), Flatten()))
    config = TrainConfig(learning_rate=0.003, batch_size=10, epochs=30, precision="fp32")
    shares, found = go_through(compare(model, data, "margin", (0, 1), rounds=2, config=config))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    assert [len(seed) for seed in found.chosen + found.by_lot] == [3, 3, 3, 3]
    assert [seed[0] for seed in found.chosen] == [seed[0] for seed in found.by_lot]
    assert min(seed[-1] for seed in found.chosen + found.by_lot) > 0.3  # by lot it would be 0.1
