"""Wrong labels: planted as told, and pointed at by a net that was trained on them."""

import pytest
import torch

from lib import Conv2d, Flatten, MaxPool2d, ModelConfig, load_dataset
from lib.config import TrainConfig
from lib.labs.wrong_labels import Studied, mended, planted_among, spoiled, study
from lib.parts import at_once
from tests.going_through import go_through


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_as_many_labels_are_drawn_by_lot_as_were_asked_for(share: float) -> None:
    labels = torch.arange(10).repeat(400)
    drawn = spoiled(labels, share, 10, seed=3)
    # A tenth of those that are drawn draw their own class; five standard deviations of that either way.
    expected = share * 0.9 * len(labels)
    assert abs(int((drawn != labels).sum()) - expected) <= 5 * (expected * 0.1) ** 0.5
    assert torch.equal(drawn, spoiled(labels, share, 10, seed=3))
    assert set(drawn.tolist()) == set(range(10))


def test_suspects_are_those_that_the_averaged_answers_contradict_most() -> None:
    studied = Studied([], [], torch.tensor([-0.9, 0.2, 0.7, -0.1, 0.7]), torch.tensor([0, 1, 2, 3, 4]))
    assert studied.suspects(10) == [2, 4, 1]
    assert studied.suspects(1) == [2]
    given, truth = torch.tensor([0, 1, 2, 3, 4]), torch.tensor([0, 1, 0, 3, 0])
    assert planted_among([2, 4, 1], given, truth) == 2
    assert planted_among([], given, truth) == 0
    assert mended(given, {4: 0, 2: 0}).tolist() == truth.tolist()


def test_a_net_points_at_the_labels_that_are_wrong_and_mending_brings_it_back() -> None:
    data = load_dataset("digits", train_size=800)
    truth = data.train.labels
    given = spoiled(truth, 0.4, 10)
    config = TrainConfig(learning_rate=0.003, batch_size=32, epochs=6, precision="fp32")
    model = ModelConfig(layers=(Conv2d(6), MaxPool2d(), Flatten()))
    shares, found = go_through(study(model, data, given, config, 0))
    assert shares == sorted(shares)
    assert len(found.train_accuracy) == len(found.test_accuracy) == 6
    suspects = found.suspects(100)
    wrong = float((given != truth).float().mean())
    assert planted_among(suspects, given, truth) / len(suspects) > 2 * wrong  # by lot it would be `wrong`
    repaired = mended(given, {place: int(found.answers[place]) for place in found.suspects(len(given))})
    assert float((repaired == truth).float().mean()) > 1 - wrong
    again = at_once(study(model, data, repaired, config, 0))
    assert again.test_accuracy[-1] > found.test_accuracy[-1]
