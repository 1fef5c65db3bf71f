"""Teacher and pupil: the loss as torch has it, a pupil of the right size, and a comparison that is fair."""

import pytest
import torch
from torch.nn import functional

from lib import ModelConfig, build_model, load_dataset, summarize
from lib.config import Dense, Flatten, TrainConfig
from lib.labs.learning import accuracy, cross_entropy, learn_by
from lib.labs.teaching import PARAMETERS, TEMPERATURES, pupil, soft_loss, softened, teach
from lib.parts import at_once
from tests.going_through import go_through

_TEACHER, _PUPIL = (4 * torch.randn(50, 7, generator=torch.Generator().manual_seed(seed)) for seed in (1, 2))


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_the_loss_and_its_slope_are_torchs(temperature: int) -> None:
    ours, theirs = (_PUPIL.clone().requires_grad_() for _ in range(2))
    loss = soft_loss(ours, _TEACHER, temperature)
    expected = temperature**2 * functional.kl_div(
        functional.log_softmax(theirs / temperature, 1),
        functional.log_softmax(_TEACHER / temperature, 1),
        reduction="batchmean",
        log_target=True,
    )
    torch.testing.assert_close(loss, expected)
    for each in (loss, expected):
        each.backward()
    torch.testing.assert_close(ours.grad, theirs.grad)
    assert float(soft_loss(_TEACHER, _TEACHER, temperature)) == pytest.approx(0.0, abs=1e-5)


def test_a_higher_temperature_is_softer_and_keeps_the_order() -> None:
    shares = [softened(_TEACHER, each) for each in TEMPERATURES]
    torch.testing.assert_close(shares[0], _TEACHER.softmax(1))
    spread = [float(torch.special.entr(each).sum(1).mean()) for each in shares]
    assert spread == sorted(spread)
    for each in shares[1:]:
        assert torch.equal(each.argsort(1), shares[0].argsort(1))


@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 8, 8), (3, 32, 32), (3, 224, 224)])
@pytest.mark.parametrize("classes", [2, 10])
def test_a_pupil_has_about_two_thousand_parameters(shape: tuple[int, int, int], classes: int) -> None:
    found = summarize(pupil(shape, classes), shape, classes).parameters
    assert abs(found - PARAMETERS) < 0.05 * PARAMETERS


def test_pupils_learn_from_the_teacher_alone_and_from_the_labels_alone() -> None:
    data = load_dataset("digits", train_size=300)
    config = TrainConfig(learning_rate=0.003, batch_size=16, epochs=12, precision="fp32")
    teacher = build_model(ModelConfig(layers=(Flatten(), Dense(64))), data.input_shape, 10, seed=3)
    at_once(learn_by(cross_entropy, teacher, data.train, config, 3))
    model = pupil(data.input_shape, 10)
    shares, found = go_through(teach(teacher, model, data, 4, (0, 1), config))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    assert found.teacher == accuracy(teacher, data.test)
    assert min(found.by_teacher + found.by_labels) > 0.5  # by lot it would be 0.1

    alone = build_model(model, data.input_shape, 10, 1)  # the second seed's pupil on labels, by the common way
    at_once(learn_by(cross_entropy, alone, data.train, config, 1))
    assert accuracy(alone, data.test) == found.by_labels[1]


def test_a_pupil_whose_teacher_is_wrong_learns_what_is_wrong() -> None:
    """It sees no label: a teacher that calls every 3 an 8 has a pupil that does so too."""
    data = load_dataset("digits", train_size=300)
    config = TrainConfig(learning_rate=0.003, batch_size=16, epochs=12, precision="fp32")
    teacher = build_model(ModelConfig(layers=(Flatten(), Dense(64))), data.input_shape, 10, seed=3)
    at_once(learn_by(cross_entropy, teacher, data.train, config, 3))
    with torch.no_grad():
        last = teacher[-1]
        last.weight[3], last.bias[3] = last.weight[8], last.bias[8] - 20
    _, found = go_through(teach(teacher, pupil(data.input_shape, 10), data, 1, (0,), config))
    assert found.by_teacher[0] < found.by_labels[0] - 0.05
