"""Measuring and predicting, against scikit-learn and numpy."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss
from torch import nn

from lib import BatchNorm, Conv2d, Dropout, Flatten, ModelConfig, build_model, evaluate, predict
from lib.datasets.splits import Split
from lib.training import guessing_loss, loss_of
from lib.training.evaluation import evaluate_in_parts
from lib.training.events import StepEnd, mean_of

MODEL = ModelConfig(layers=(Conv2d(3), BatchNorm(), Dropout(0.5), Flatten()))


@pytest.fixture(scope="module")
def many():
    """1,203 noisy pictures of 5 kinds: evaluated in three parts."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (1_203, 1, 6, 6), generator=generator, dtype=torch.uint8)
    return Split(images, torch.randint(0, 5, (1_203,), generator=generator))


@pytest.fixture
def net():
    return build_model(MODEL, (1, 6, 6), 5, seed=1)


def softmax(logits):
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


@pytest.fixture
def expected(net, many):
    """Probabilities of all pictures at once, in numpy."""
    net.eval()
    with torch.no_grad():
        return softmax(net(many.images.float() / 255).double().numpy())


def test_evaluate_agrees_with_scikit_learn(net, many, expected):
    result = evaluate(net, many)
    truth, answers = many.labels.numpy(), expected.argmax(1)
    assert result.accuracy == pytest.approx(accuracy_score(truth, answers))
    assert result.loss == pytest.approx(log_loss(truth, expected), rel=1e-5)
    assert result.confusion.tolist() == confusion_matrix(truth, answers).tolist()
    np.testing.assert_allclose(result.probabilities.numpy(), expected, atol=1e-6)


def test_mse_is_the_squared_error_summed_over_the_classes(net, many, expected):
    by_hand = ((expected - np.eye(5)[many.labels.numpy()]) ** 2).sum(1).mean()
    assert evaluate(net, many, "mse").loss == pytest.approx(by_hand, rel=1e-5)


@pytest.mark.parametrize("limit", [1, 2, 600, 1_202, 1_203, 5_000])
def test_evaluate_can_look_at_some_pictures_spread_over_all(net, many, expected, limit):
    result = evaluate(net, many, limit=limit)
    count = min(limit, 1_203)
    index = [round(n * 1_202 / (count - 1)) for n in range(count)] if count > 1 else [0]
    np.testing.assert_allclose(result.probabilities.numpy(), expected[index], atol=1e-6)
    assert len(set(index)) == count
    assert result.accuracy == pytest.approx(accuracy_score(many.labels.numpy()[index], expected[index].argmax(1)))
    assert int(result.confusion.sum()) == count


def test_evaluation_pauses_between_parts(net, many):
    parts = evaluate_in_parts(net, many)
    done = [(part.done, part.total) for part in parts]
    assert done == [(500, 1_203), (1_000, 1_203), (1_203, 1_203)]


def test_a_class_that_never_comes_has_a_row_all_the_same(net):
    split = Split(torch.zeros(3, 1, 6, 6, dtype=torch.uint8), torch.tensor([0, 0, 1]))
    confusion = evaluate(net, split).confusion
    assert confusion.shape == (5, 5)
    assert confusion.sum(1).tolist() == [2, 1, 0, 0, 0]


@pytest.mark.parametrize("training", [True, False])
def test_training_mode_and_statistics_are_left_as_they_were(net, many, training):
    net.train(training)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    evaluate(net, many)
    predict(net, many.batch(slice(0, 4))[0])
    assert [module.training for module in net.modules()] == [training] * len(list(net.modules()))
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def test_predict_gives_probabilities(net, many, expected):
    x, _ = many.batch(slice(0, 40))
    shares = predict(net.train(), x)  # dropout rests all the same
    np.testing.assert_allclose(shares.numpy(), expected[:40], atol=1e-6)
    torch.testing.assert_close(shares.sum(1), torch.ones(40))
    assert not shares.requires_grad


@pytest.mark.parametrize("ask", [predict, lambda net, x: evaluate(net, Split(x.byte(), torch.zeros(1).long()))])
def test_a_failing_forward_pass_leaves_the_mode_too(net, ask):
    net.train()
    with pytest.raises(RuntimeError):
        ask(net, torch.zeros(1, 1, 3, 3))  # too small for the class layer
    assert net.training


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_guessing_scores_what_equal_probabilities_score(classes):
    logits, labels = torch.zeros(4, classes, dtype=torch.float64), torch.tensor([0, 1, 1, 0])
    for loss in ("cross-entropy", "mse"):
        assert guessing_loss(classes, loss) == pytest.approx(float(loss_of(logits, labels, loss)))
    assert guessing_loss(classes, "cross-entropy") == pytest.approx(math.log(classes))


def test_losses_have_known_values():
    sure = torch.tensor([[100.0, 0.0], [0.0, 100.0]])
    right, wrong = torch.tensor([0, 1]), torch.tensor([1, 0])
    assert float(loss_of(sure, right, "cross-entropy")) == pytest.approx(0.0)
    assert float(loss_of(sure, wrong, "cross-entropy")) == pytest.approx(100.0)
    assert float(loss_of(sure, right, "mse")) == pytest.approx(0.0)
    assert float(loss_of(sure, wrong, "mse")) == pytest.approx(2.0)
    with pytest.raises(ValueError, match="hinge"):
        loss_of(sure, right, "hinge")


def test_the_mean_of_several_steps_counts_each_picture_once():
    generator = torch.Generator().manual_seed(0)
    steps, losses, hits = [], [], []
    for size in (8, 8, 3):
        logits, labels = torch.randn(size, 4, generator=generator), torch.randint(0, 4, (size,), generator=generator)
        steps.append(StepEnd(1, 1, nn.functional.cross_entropy(logits, labels), logits, labels))
        losses += nn.functional.cross_entropy(logits, labels, reduction="none").tolist()
        hits += (logits.argmax(1) == labels).tolist()
    loss, accuracy = mean_of(steps)
    assert loss == pytest.approx(sum(losses) / 19, rel=1e-6)
    assert accuracy == pytest.approx(sum(hits) / 19)
