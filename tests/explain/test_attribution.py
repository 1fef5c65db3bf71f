"""Grad-CAM, saliency and occlusion against captum."""

import pytest
import torch
from captum.attr import LayerGradCam, Occlusion, Saliency

from lib import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    MaxPool2d,
    ModelConfig,
    build_model,
    predict,
)
from lib.explain.attribution import grad_cam, occlusion, saliency

SHAPE = (2, 11, 8)
NETS = {
    "small": (Conv2d(5), MaxPool2d(), Conv2d(4), AvgPool2d(), Flatten(), Dense(6)),
    "sigmoid": (Conv2d(3, 5, activation="sigmoid"), Conv2d(4, 4, 2, activation="tanh"), GlobalAvgPool2d()),
    "normed": (Conv2d(4), BatchNorm(), Dropout(0.5), Conv2d(3, padding="valid"), Flatten()),
}


@pytest.fixture(params=NETS)
def net(request):
    return build_model(ModelConfig(layers=NETS[request.param]), SHAPE, 4, seed=1).eval()


@pytest.fixture
def x():
    return torch.rand((1, *SHAPE), generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("label", range(4))
@pytest.mark.parametrize("layer", ["conv1", "conv2"])
def test_grad_cam_is_captum_s(net, x, layer, label):
    theirs = LayerGradCam(net, getattr(net, layer)).attribute(x, target=label, relu_attributions=True)
    torch.testing.assert_close(grad_cam(net, x, layer, label), theirs[0, 0].detach())


@pytest.mark.parametrize("label", range(4))
def test_saliency_is_captum_s(net, x, label):
    theirs = Saliency(net).attribute(x.clone().requires_grad_(), target=label)
    torch.testing.assert_close(saliency(net, x, label), theirs[0].amax(0))


@pytest.mark.parametrize(("patch", "stride"), [(1, 1), (3, 1), (3, 2), (3, 3), (5, 2), (8, 5), (7, 4)])
@pytest.mark.parametrize("fill", [0.0, 0.5])
def test_occlusion_is_captum_s(net, x, patch, stride, fill):
    theirs = Occlusion(lambda batch: predict(net, batch)).attribute(
        x, (2, patch, patch), strides=(2, stride, stride), baselines=fill, target=2
    )
    ours = occlusion(net, x, 2, patch=patch, stride=stride, fill=fill)
    torch.testing.assert_close(ours, theirs[0, 0], atol=1e-6, rtol=1e-4)


def test_covering_the_only_thing_that_counts_costs_all_of_it():
    net = build_model(ModelConfig(layers=(Flatten(),)), (1, 6, 6), 2)
    weights = torch.zeros(2, 1, 6, 6)
    weights[1, 0, 4, 1] = 30.0  # class 1 if, and only if, this pixel is lit
    net.load_state_dict({"dense1.weight": weights.flatten(1), "dense1.bias": torch.tensor([0.0, -15.0])})
    drop = occlusion(net, torch.ones(1, 1, 6, 6), 1, patch=1, stride=1)
    assert drop[4, 1] == pytest.approx(1, abs=1e-5)
    assert drop.abs().sum() == pytest.approx(float(drop[4, 1]), abs=1e-5)
    assert saliency(net, torch.ones(1, 6, 6), 1).nonzero().tolist() == [[4, 1]]


@pytest.mark.parametrize("training", [True, False])
def test_the_net_is_left_as_it_was(net, x, training):
    net.train(training)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    kept = x.clone()
    grad_cam(net, x[0], "conv1", 0)
    saliency(net, x[0], 0)
    occlusion(net, x[0], 0)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert [module.training for module in net.modules()] == [training] * len(list(net.modules()))
    assert not any(module._forward_hooks for module in net.modules())
    assert all(parameter.grad is None for parameter in net.parameters())
    assert torch.equal(x, kept)
    assert not x.requires_grad


def test_they_work_where_gradients_are_switched_off(net, x):
    with torch.no_grad():
        assert grad_cam(net, x, "conv1", 0).shape == net.conv1(x).shape[2:]
        assert saliency(net, x, 0).shape == SHAPE[1:]


def test_what_cannot_be_asked_is_said(net, x):
    with pytest.raises(KeyError, match=r"conv9.*conv1"):
        grad_cam(net, x, "conv9", 0)
    with pytest.raises(ValueError, match="row of numbers"):
        grad_cam(net, x, [name for name, _ in net.named_children()][-1], 0)
    with pytest.raises(ValueError, match="not 2"):
        saliency(net, torch.cat([x, x]), 0)
    for patch, stride in ((3, 4), (3, 0), (9, 1)):
        with pytest.raises(ValueError, match="stride must be"):
            occlusion(net, x, 0, patch=patch, stride=stride)
