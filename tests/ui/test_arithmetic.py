"""What the browser gets to add up, and the lines between the maps."""

import numpy as np
import pytest
import torch

from lib import Conv2d, Dense, Flatten, GlobalAvgPool2d, MaxPool2d, ModelConfig, build_model, record_activations
from lib.explain.terms import arithmetic
from lib.nets.ready import ready_net
from lib.ui.components.arithmetic import encode_arithmetic
from lib.ui.components.packing import packed
from lib.ui.net.inside import sample_of, view
from lib.ui.net.layer_inputs import feeding

LAYERS = (Conv2d(4), MaxPool2d(), Conv2d(3), Flatten(), Dense(6))


@pytest.fixture
def net():
    return build_model(ModelConfig(layers=LAYERS), (1, 10, 8), 5, seed=3)


@pytest.fixture
def x():
    return torch.rand((1, 1, 10, 8), generator=torch.Generator().manual_seed(0))


def array_of(encoded):
    return encoded["data"].reshape(encoded["shape"])


@pytest.mark.parametrize("layer", ["conv1", "pool1", "conv2", "flatten1", "dense1", "dense2"])
def test_every_kind_can_be_sent(net, x, layer):
    sent = encode_arithmetic(arithmetic(net, x, layer, 1), layer, 1, classes="abcde")
    assert isinstance(packed(sent), bytes)
    assert (sent["layer"], sent["index"]) == (layer, 1)


def test_arrays_arrive_unrounded(net, x):
    made = arithmetic(net, x, "conv2", 2)
    sent = encode_arithmetic(made, "conv2", 2)
    for name in ("source", "weights", "after"):
        np.testing.assert_array_equal(array_of(sent[name]), getattr(made, name))
    assert sent["sourceLayer"] == "pool1"
    pooled = encode_arithmetic(arithmetic(net, x, "pool1", 2), "pool1", 2)
    np.testing.assert_array_equal(array_of(pooled["source"])[0], record_activations(net, x)["conv1"][2].numpy())


def test_a_net_that_exploded_sends_no_nan(net, x):
    with torch.no_grad():
        for value in net.parameters():
            value.fill_(torch.nan)
    for layer in ("conv1", "dense2"):
        packed(encode_arithmetic(arithmetic(net, x, layer, 0), layer, 0, classes="abcde"))
    shown = ["conv1", "pool1", "conv2", "flatten1", "dense1"]
    packed(feeding(net, shown, record_activations(net, x)))


def test_lines_say_what_feeds_each_layer(net, x):
    kept = record_activations(net, x)
    found = feeding(net, ["conv1", "pool1", "conv2", "flatten1", "dense1"], kept)
    assert {name: links["kind"] for name, links in found.items()} == {
        "conv1": "kernels",
        "pool1": "same",
        "conv2": "kernels",
        "flatten1": "flatten",
        "dense1": "inputs",
        "dense2": "inputs",
    }
    strengths = found["conv2"]["strengths"].reshape(3, 4)
    sizes = net.get_submodule("conv2").weight.detach().flatten(2).norm(dim=2)
    np.testing.assert_allclose(strengths / 255, sizes / sizes.max(), atol=0.003)
    assert found["flatten1"]["area"] == 5 * 4
    products = (net.get_submodule("dense1").weight[0].detach() * kept["flatten1"]).abs()
    assert found["dense1"]["positions"][0] == int(products.argmax())
    assert found["dense1"]["strengths"][0] == 255


def test_too_many_kernels_are_lines_without_strength():
    wide = build_model(ModelConfig(layers=(Conv2d(257, 1), Conv2d(257, 1), GlobalAvgPool2d())), (1, 4, 4), 3)
    kept = record_activations(wide, torch.rand(1, 4, 4))
    assert feeding(wide, ["conv1", "conv2"], kept)["conv2"] == {"kind": "all"}


def test_a_view_is_of_the_net_it_is_given():
    net = ready_net()
    chosen = sample_of(net.dataset, 6)
    step, now = net.model()
    other = build_model(net.config.model, net.dataset.input_shape, len(net.dataset.classes), seed=9)
    shown = view(net, chosen, "map", other, 12, with_rows=True)
    assert shown["step"] == 12
    assert [layer["name"] for layer in shown["layers"]] == ["conv1", "pool1", "conv2", "pool2", "flatten1", "dense1"]
    with torch.no_grad():
        expected = other.eval()(chosen.x).softmax(1)[0].tolist()
    assert shown["answer"]["probabilities"] == pytest.approx(expected, abs=1e-6)
    plain = view(net, chosen)
    assert plain["step"] == step
    assert [layer["name"] for layer in plain["layers"]] == ["conv1", "pool1", "conv2", "pool2"]
    with torch.no_grad():
        assert plain["answer"]["probabilities"] == pytest.approx(now(chosen.x).softmax(1)[0].tolist(), abs=1e-6)
