"""Doubt, against numpy loops, scikit-learn, scipy and an optimizer of torch's."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy as scipy_entropy
from sklearn.calibration import calibration_curve
from torch import nn
from torch.nn import functional

from lib.datasets import Split
from lib.explain.confidence import (
    Outputs,
    collect,
    coverage_curve,
    entropy,
    fit_temperature,
    keep_at,
    logits_of,
    margin,
    reliability,
    soften,
)
from lib.training import predict
from tests.going_through import go_through


def outputs(count=400, classes=5, sharpness=3.0, seed=0):
    """Scores of a net that is surer than it is right: labels are drawn from softer probabilities."""
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(count, classes, generator=generator, dtype=torch.float64)
    labels = functional.softmax(logits, 1).multinomial(1, generator=generator)[:, 0]
    return Outputs(logits * sharpness, labels)


random_outputs = st.builds(
    outputs,
    count=st.integers(1, 60),
    classes=st.integers(2, 12),
    sharpness=st.floats(0.2, 12.0),
    seed=st.integers(0, 10_000),
)


@given(random_outputs)
def test_entropy_is_scipy_s_and_margin_is_what_sorting_gives(found):
    shares = found.probabilities()
    np.testing.assert_allclose(entropy(shares), scipy_entropy(shares.numpy(), base=2, axis=1), atol=1e-12)
    ordered = np.sort(shares.numpy(), axis=1)
    np.testing.assert_allclose(margin(shares), ordered[:, -1] - ordered[:, -2], atol=0)


def test_certainty_has_no_entropy_and_no_idea_has_all_of_it():
    assert float(entropy(torch.tensor([0.0, 1.0, 0.0]))) == 0.0
    assert float(entropy(torch.full((8,), 1 / 8))) == pytest.approx(3.0)
    assert float(margin(torch.full((8,), 1 / 8))) == 0.0


def by_lbfgs(found):
    """The same question to another optimizer, from another start."""
    log_temperature = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([log_temperature], max_iter=200, tolerance_grad=1e-12, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = functional.cross_entropy(found.logits / log_temperature.exp(), found.labels)
        loss.backward()
        return loss

    optimizer.step(closure)
    return float(log_temperature.detach().exp())


@pytest.mark.parametrize("sharpness", [0.4, 1.0, 3.0, 9.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_temperature_is_what_lbfgs_finds(sharpness, seed):
    found = outputs(sharpness=sharpness, seed=seed)
    assert fit_temperature(found) == pytest.approx(by_lbfgs(found), rel=1e-4)


@pytest.mark.parametrize("sharpness", [0.5, 2.0, 5.0])
def test_a_temperature_that_was_put_in_is_found_again(sharpness):
    assert fit_temperature(outputs(20_000, 10, sharpness)) == pytest.approx(sharpness, rel=0.05)


@settings(max_examples=30)
@given(random_outputs)
def test_no_other_temperature_makes_the_labels_likelier(found):
    def loss(temperature):
        return float(functional.cross_entropy(found.logits / temperature, found.labels))

    best = fit_temperature(found)
    if best is None:
        assert found.probabilities().argmax(1).equal(found.labels)
        return
    assert 0.05 <= best <= 20.0
    for other in np.geomspace(0.05, 20.0, 40):
        assert loss(best) <= loss(other) + 1e-7


def test_a_net_that_is_always_right_has_no_temperature_and_one_that_is_always_wrong_a_finite_one():
    labels = torch.arange(4)
    assert fit_temperature(Outputs(torch.eye(4, dtype=torch.float64), labels)) is None
    wrong = Outputs(-torch.eye(4, dtype=torch.float64), labels)
    assert fit_temperature(wrong) == pytest.approx(20.0, rel=0.01)


@given(random_outputs, st.floats(0.1, 10.0))
def test_temperature_changes_no_answer(found, temperature):
    assert found.probabilities(temperature).argmax(1).equal(found.logits.argmax(1))


def ece_by_a_loop(shares, labels, bins):
    """Guo et al. 2017, equation 3, written out."""
    sure, answers = shares.max(1), shares.argmax(1)
    total = 0.0
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [i for i in range(len(sure)) if low < sure[i] <= high]
        if inside:
            right = np.mean([answers[i] == labels[i] for i in inside])
            total += len(inside) / len(sure) * abs(right - np.mean([sure[i] for i in inside]))
    return total


@given(random_outputs, st.integers(1, 20))
def test_calibration_error_is_the_paper_s(found, bins):
    shares = found.probabilities()
    expected = ece_by_a_loop(shares.numpy(), found.labels.numpy(), bins)
    assert reliability(shares, found.labels, bins).ece == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("sharpness", [0.3, 1.0, 4.0])
def test_the_diagram_is_scikit_learn_s(sharpness):
    found = outputs(sharpness=sharpness)
    shares = found.probabilities()
    diagram = reliability(shares, found.labels)
    right = (shares.argmax(1) == found.labels).numpy()
    accuracy, confidence = calibration_curve(right, shares.amax(1).numpy(), n_bins=10, strategy="uniform")
    filled = diagram.counts > 0
    np.testing.assert_allclose(diagram.accuracy[filled], accuracy)
    np.testing.assert_allclose(diagram.confidence[filled], confidence)
    assert int(diagram.counts.sum()) == len(shares)
    assert diagram.accuracy[~filled].isnan().all()


def test_a_confidence_on_an_edge_belongs_to_the_bin_below():
    shares = torch.tensor([[0.7, 0.3], [0.5, 0.5], [1.0, 0.0], [0.7000001, 0.2999999]], dtype=torch.float64)
    counts = reliability(shares, torch.zeros(4, dtype=torch.long)).counts
    assert counts.tolist() == [0, 0, 0, 0, 1, 0, 1, 1, 0, 1]


def test_the_fitted_temperature_calibrates_a_net_that_boasts():
    found = outputs(5_000, 10, 4.0)
    before, after = (reliability(found.probabilities(t), found.labels) for t in (1.0, fit_temperature(found)))
    assert before.ece > 0.2
    assert after.ece < 0.03
    assert before.surplus == pytest.approx(before.ece, rel=0.05)  # all of it is boasting
    assert abs(after.surplus) < 0.02


@given(random_outputs, st.floats(0.0, 1.0))
def test_a_threshold_keeps_what_a_loop_keeps(found, threshold):
    shares = found.probabilities()
    sure, answers = shares.numpy().max(1), shares.numpy().argmax(1)
    kept = [i for i in range(len(sure)) if sure[i] >= threshold]
    result = keep_at(shares, found.labels, threshold)
    assert result.coverage == pytest.approx(len(kept) / len(sure))
    if kept:
        assert result.accuracy == pytest.approx(np.mean([answers[i] == found.labels[i] for i in kept]))
    else:
        assert result.accuracy is None


@given(random_outputs)
def test_the_curve_is_every_threshold_that_makes_a_difference(found):
    shares = found.probabilities()
    coverage, accuracy = coverage_curve(shares, found.labels)
    thresholds = sorted(set(shares.amax(1).tolist()), reverse=True)
    assert len(coverage) == len(thresholds)
    for threshold, kept, right in zip(thresholds, coverage.tolist(), accuracy.tolist(), strict=True):
        expected = keep_at(shares, found.labels, threshold)
        assert (kept, right) == pytest.approx((expected.coverage, expected.accuracy))
    assert float(coverage[-1]) == 1.0


@pytest.fixture
def net(tiny):
    torch_net = nn.Sequential(nn.Flatten(), nn.Linear(36, 8), nn.Dropout(0.5), nn.Linear(8, 3))
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in torch_net.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    return torch_net


@pytest.mark.parametrize("pictures", [None, 7, 1000])
def test_collecting_takes_pictures_spread_evenly_and_says_how_far_it_is(net, tiny, pictures):
    net.train()
    shares, found = go_through(collect(net, tiny.test, pictures))
    assert shares[-1] == 1.0
    count = min(pictures or 23, 23)
    index = np.linspace(0, 22, count).round().astype(int)
    x, y = tiny.test.batch(torch.tensor(index))
    assert found.labels.equal(y)
    torch.testing.assert_close(found.probabilities().float(), predict(net, x), rtol=1e-5, atol=1e-6)
    assert net.training  # as it was
    assert not torch.is_grad_enabled() or not found.logits.requires_grad


def test_scores_are_those_of_the_net_in_any_parts(net):
    generator = torch.Generator().manual_seed(2)
    x = torch.rand(600, 1, 6, 6, generator=generator)
    split = Split((x * 255).byte(), torch.zeros(600, dtype=torch.long), scale=1.0)
    whole = logits_of(net.eval(), split.batch(slice(None))[0])
    with torch.no_grad():
        torch.testing.assert_close(whole.float(), net(split.batch(slice(None))[0]), rtol=1e-5, atol=1e-3)
    torch.testing.assert_close(soften(whole).sum(1), torch.ones(600, dtype=torch.float64))
    assert math.isclose(float(soften(whole[0], 1e6).max()), 1 / 3, rel_tol=1e-2)
