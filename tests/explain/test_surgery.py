"""What operating on a net does, checked by running the operated net layer by layer."""

import pytest
import torch

from lib import BatchNorm, Conv2d, Dense, Flatten, MaxPool2d, ModelConfig, build_model, evaluate, record_activations
from lib.config import ACTIVATIONS
from lib.datasets.splits import Split
from lib.explain.surgery import Edit, convolutions, operate, score, without_each_filter
from tests.going_through import go_through

SHAPE = (1, 6, 6)


def build(activation="relu"):
    layers = (Conv2d(5, activation=activation), MaxPool2d(), Conv2d(4, activation=activation), Flatten(), Dense(7))
    return build_model(ModelConfig(layers=layers), SHAPE, 3, seed=3)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_muted_filter_s_map_is_zero_and_the_others_are_untouched(activation):
    net, x = build(activation), torch.rand(SHAPE, generator=torch.Generator().manual_seed(0))
    net.conv1.bias.data.fill_(0.3)
    before = record_activations(net, x)
    after = record_activations(operate(net, {"conv1": [1, 4], "conv2": [0]}), x)
    assert (after["conv1"][[1, 4]] == 0).all()
    assert (after["conv2"][0] == 0).all()
    assert torch.equal(after["conv1"][[0, 2, 3]], before["conv1"][[0, 2, 3]])
    assert after["dense2"].isfinite().all()
    assert not torch.equal(after["dense2"], before["dense2"])


def test_single_weights_are_set_and_the_net_itself_never_changes():
    net = build()
    kept = {name: value.clone() for name, value in net.state_dict().items()}
    edits = [
        Edit("conv2.weight", (3, 2, 1, 0), 1.5),
        Edit("dense1.weight", (6, 2), -2.0),
        Edit("conv1.bias", (0,), 0.25),
    ]
    changed = operate(net, edits=edits).state_dict()
    assert changed["conv2.weight"][3, 2, 1, 0] == 1.5
    assert changed["dense1.weight"][6, 2] == -2.0
    assert changed["conv1.bias"][0] == 0.25
    for name, value in net.state_dict().items():
        assert torch.equal(value, kept[name])
        assert int((changed[name] != value).sum()) == sum(edit.parameter == name for edit in edits)
    assert operate(net, edits=[*edits, Edit("conv1.bias", (0,), 9.0)]).conv1.bias[0] == 9.0  # the last one counts


def test_the_score_is_evaluate_s(tiny):
    net = build()
    ours, theirs = score(net, tiny.test, 3), evaluate(net, tiny.test)
    assert (ours.pictures, ours.accuracy) == (23, pytest.approx(theirs.accuracy))
    expected = theirs.confusion.diagonal() / theirs.confusion.sum(1)
    assert ours.class_accuracy == pytest.approx(expected.tolist())
    some = score(net, tiny.test, 3, 7)
    assert (some.pictures, some.accuracy) == (7, pytest.approx(evaluate(net, tiny.test, limit=7).accuracy))


def test_an_answer_that_is_no_number_is_no_answer(tiny):
    """One weight so large that the sums burst: nobody has the first class right by that."""
    burst = operate(build(), edits=[Edit("conv1.weight", (0, 0, 0, 0), 3e38), Edit("conv1.bias", (0,), 3e38)])
    outputs = burst(tiny.test.batch(slice(None))[0])
    assert not outputs.isfinite().all(dim=1).any()
    assert score(burst, tiny.test, 3).class_accuracy == (0.0, 0.0, 0.0)


def test_a_class_without_pictures_has_no_accuracy(tiny):
    only = tiny.test.labels == 1
    found = score(build(), Split(tiny.test.images[only], tiny.test.labels[only]), 3)
    assert found.class_accuracy == (None, pytest.approx(found.accuracy), None)


@pytest.mark.parametrize("layer", ["conv1", "conv2"])
def test_each_filter_s_loss_is_that_of_the_net_without_it(layer, tiny):
    net = build()
    shares, left = go_through(without_each_filter(net, layer, tiny.train, 45))
    expected = [
        score(operate(net, {layer: [index]}), tiny.train, 3, 45).accuracy
        for index in range(len(net.get_submodule(layer).weight))
    ]
    assert left == pytest.approx(expected)
    assert len(set(left)) > 1
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) == len(left)


def test_ranking_goes_on_past_one_part_and_may_be_left(monkeypatch, tiny):
    monkeypatch.setattr("lib.explain.surgery._CHUNK", 8)
    net = build().train()
    shares, left = go_through(without_each_filter(net, "conv1", tiny.test))
    assert len(shares) == 3 * 5
    assert left == pytest.approx([score(operate(net.eval(), {"conv1": [i]}), tiny.test, 3).accuracy for i in range(5)])
    started = without_each_filter(net, "conv1", tiny.test)
    next(started)
    assert torch.is_grad_enabled()
    started.close()


def test_batch_norm_behind_a_muted_filter_still_shifts_it(tiny):
    net = build_model(ModelConfig(layers=(Conv2d(3), BatchNorm(), Flatten())), SHAPE, 3)
    net.norm1.bias.data.fill_(0.5)
    x, _ = tiny.test.batch(slice(0, 1))
    assert record_activations(operate(net, {"conv1": [0]}).eval(), x)["norm1"][0].unique().numel() == 1


def test_what_is_not_there_is_said():
    net = build()
    assert convolutions(net) == ["conv1", "conv2"]
    with pytest.raises(KeyError, match=r"dense1.*conv1, conv2"):
        operate(net, {"dense1": [0]})
    with pytest.raises(IndexError):
        operate(net, {"conv1": [5]})
    with pytest.raises(KeyError):
        operate(net, edits=[Edit("conv7.weight", (0, 0, 0, 0), 1.0)])
