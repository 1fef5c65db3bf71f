"""A false clue: where the dot goes, and a net that falls for it."""

import torch

from lib import Conv2d, Flatten, MaxPool2d, ModelConfig, load_dataset
from lib.config import TrainConfig
from lib.datasets import Split
from lib.explain.attribution import occlusion
from lib.labs.clue import CORNERS, SIDE, dotted, measure, mislead, secret, with_clue
from lib.parts import at_once


def test_the_dot_lies_in_its_corner_and_nowhere_else() -> None:
    dark, light = torch.full((2, 3, 12, 10), 40.0), torch.full((1, 1, 12, 10), 250.0)
    found = set()
    for corner in range(CORNERS):
        changed = dotted(dark, corner, 255.0)
        places = (changed != dark).nonzero()
        assert len(places) == 2 * 3 * SIDE * SIDE
        assert set(changed[changed != dark].tolist()) == {255.0}
        middle = places[:, 2:].float().mean(dim=0)
        found.add((bool(middle[0] > 6), bool(middle[1] > 5)))
    assert len(found) == CORNERS
    assert set(dotted(light, 0, 255.0).flatten().tolist()) == {0.0, 250.0}
    assert float(dark.max()) == 40.0  # the picture itself stays


def test_only_one_class_gets_it() -> None:
    split = Split(torch.full((6, 1, 8, 8), 9, dtype=torch.uint8), torch.tensor([0, 1, 2, 1, 0, 2]))
    marked = with_clue(split, 1, 3)
    changed = (marked.images != split.images).flatten(1).any(dim=1)
    assert changed.tolist() == [False, True, False, True, False, False]


def test_secrets_differ_and_stay() -> None:
    drawn = [secret(number, 10) for number in range(200)]
    assert drawn == [secret(number, 10) for number in range(200)]
    assert {label for label, _ in drawn} == set(range(10))
    assert {corner for _, corner in drawn} == set(range(CORNERS))


def test_a_net_that_looks_at_the_dot_only_is_measured_as_that() -> None:
    class Dot(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            marked = x[:, 0, 1 : 1 + SIDE, 1 : 1 + SIDE].mean(dim=(1, 2)) > 0.9
            return torch.stack([~marked, marked, ~marked & False], dim=1).float()

    split = Split(torch.zeros((9, 1, 8, 8), dtype=torch.uint8), torch.tensor([0, 1, 2] * 3))
    found = measure(Dot(), split, 1, 0)
    assert (found.right, found.right_without, found.taken, found.taken_without) == (1.0, 0.0, 1.0, 0.0)
    assert abs(found.all_right - 2 / 3) < 1e-6  # all of class 0 and, by the dot, all of class 1


def test_a_trained_net_falls_for_it_and_covering_the_dot_takes_its_answer_away() -> None:
    data = load_dataset("doodles", train_size=1_000, test_size=300)
    config = TrainConfig(learning_rate=0.003, batch_size=32, epochs=4, precision="fp32")
    model = ModelConfig(layers=(Conv2d(8), MaxPool2d(), Conv2d(12), MaxPool2d(), Flatten()))
    label, corner = 5, 0
    net, found = at_once(mislead(model, data, label, corner, config, 0))
    assert found.right > 0.95
    assert found.taken > found.taken_without + 0.3
    others = (data.test.labels != label).nonzero().flatten()[:40]
    marked = dotted(data.test.batch(others)[0], corner, 1.0)
    marked = marked[net(marked).argmax(1) == label]
    hits = 0
    for picture in marked:
        drop = occlusion(net, picture, label, patch=4, stride=2)
        row, column = divmod(int(drop.argmax()), drop.shape[1])
        hits += row < 7 and column < 7
    assert hits > 0.75 * len(marked) > 10  # by lot it would be one in sixteen
