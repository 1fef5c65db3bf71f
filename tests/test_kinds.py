"""Every table of kinds, asked column by column: what is not known of a kind is found here, not by a learner."""

import ast

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from torch import nn
from torch.nn import functional

from lib.activations import ACTIVATIONS
from lib.config import (
    LEARNING_RATES,
    Conv2d,
    Dense,
    Flatten,
    MaxPool2d,
    ModelConfig,
    RunConfig,
    TrainConfig,
    first_problem,
)
from lib.datasets import Split
from lib.doctor.layer_states import look
from lib.doctor.remedies import other_activation
from lib.experiments.designs import OPTIMIZER_NAMES
from lib.explain import record_activations
from lib.explain.terms import arithmetic
from lib.export.torch_net import net_cell, own_optimizer_cell
from lib.layers import LAYERS, DepthwiseConv2d
from lib.layers.bounds import limits
from lib.layers.conv2d import same_padding
from lib.layers.kind import Arrival, ShapeError
from lib.losses import LOSSES
from lib.models import build_model
from lib.models.shapes import plan
from lib.optimizers import OPTIMIZERS
from lib.schedules import SCHEDULES, first_rate, scheduled_rate
from lib.training.fast_forward import forward
from lib.training.formulas import closed_form
from lib.training.losses import loss_of
from lib.ui.components.net_editor import kinds
from lib.ui.net.layer_inputs import feeding
from lib.ui.setup.link import from_link, to_link
from lib.ui.words import LANGUAGES, field, for_browser, say, words_of
from lib.ui.words.field import ACTIVATION_TITLES, OPTIMIZER_TITLES, SCHEDULE_TITLES
from tests.in_english import said_in_english
from tests.layers import layer_of

SUMS = st.lists(st.floats(-6, 6).filter(lambda z: z == 0 or abs(z) > 1e-3), min_size=1, max_size=20)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(SUMS)
def test_an_activation_by_hand_is_torch_s(name, sums):
    kind = ACTIVATIONS[name]
    z = torch.tensor(sums, dtype=torch.float64, requires_grad=True)
    answers = kind.apply(z)
    (slope,) = torch.autograd.grad(answers.sum(), z)
    assert kind.value(np.array(sums)) == pytest.approx(answers.detach().numpy(), abs=1e-12)
    at = np.array([each for each in sums if each != 0])  # where a bend has no slope torch's choice is as good as ours
    assert kind.slope(at) == pytest.approx(slope[z.detach() != 0].numpy(), abs=1e-12)
    assert torch.equal(kind.apply_(z.detach().clone()), answers.detach())
    if kind.backward:
        delta = torch.linspace(-1, 1, len(sums), dtype=torch.float64)
        expected = torch.autograd.grad((kind.apply(z) * delta).sum(), z)[0]
        torch.testing.assert_close(kind.backward(delta, answers.detach()), expected)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_in_programs(name):
    kind = ACTIVATIONS[name]
    x = torch.randn(50, generator=torch.Generator().manual_seed(0))
    module = eval(kind.torch_code, {"nn": nn}) if kind.torch_code else nn.Identity()
    assert torch.equal(module(x), kind.apply(x))
    assert bool(kind.torch_code) == bool(kind.keras_code) == kind.bends
    if kind.keras_code:
        ast.parse(kind.keras_code, mode="eval")


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_in_a_net(name):
    layers = (Conv2d(3, activation=name), MaxPool2d(2), Flatten(), Dense(5, name))
    config = RunConfig(model=ModelConfig(layers=layers))
    assert from_link(to_link(config)) == (config, [])
    net = build_model(config.model, (1, 8, 8), 3, seed=1)
    x = torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    assert torch.equal(net(x), forward(net, x))
    dense = build_model(ModelConfig(layers=layers[2:]), (1, 8, 8), 3, seed=1)
    y = torch.tensor([0, 1, 2, 0])
    formulas = closed_form(dense, "cross-entropy")
    assert (formulas is None) == (ACTIVATIONS[name].backward is None)
    if formulas:
        expected = torch.autograd.grad(loss_of(dense(x), y, "cross-entropy"), list(dense.parameters()))
        for ours, theirs in zip(formulas(x, y)[2], expected, strict=True):
            torch.testing.assert_close(ours, theirs)


def exported(model, shape, classes, seed):
    """The net that the PyTorch program of this model makes."""
    cell = net_cell(plan(model, shape, classes), lone_pictures=False)
    names = {"SEED": seed}
    exec("\n".join([*cell.imports, cell.code]), names)
    return names["make_net"]()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_program_s_net_is_ours_first_weights_and_all(name):
    model = ModelConfig(layers=(Conv2d(3, activation=name), Conv2d(2), Flatten(), Dense(5, name), Dense(4, "tanh")))
    ours, theirs = build_model(model, (1, 8, 8), 3, seed=4), exported(model, (1, 8, 8), 3, seed=4)
    x = torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    assert torch.equal(ours(x), theirs(x))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_in_words(name):
    kind = ACTIVATIONS[name]
    assert all((kind.title, kind.said, kind.heading, kind.above, kind.below))
    assert limits()["dense"]["activation"]["titles"][name] == kind.title
    assert ACTIVATION_TITLES[name] == kind.said
    assert float(kind.apply(torch.tensor(kind.silence))) == 0.0
    assert kind.mark == kind.mark.upper()


def test_marks_of_activations_differ():
    marks = [kind.mark for kind in ACTIVATIONS.values()]
    assert len(set(marks)) == len(marks)
    assert marks.count("") == 1
    assert "R" not in marks  # links of all versions may say it


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_doctor_knows_where_an_activation_is_flat(name):
    kind = ACTIVATIONS[name]
    z = torch.linspace(-12, 12, 4_801, dtype=torch.float64, requires_grad=True)
    answers = kind.apply(z)
    (slope,) = torch.autograd.grad(answers.sum(), z)
    size = slope.abs() / slope.abs().max()
    if kind.flat is None:
        assert size.min() >= 0.01  # some gradient passes everywhere
        return
    assert kind.can_be_silent != kind.saturates
    if kind.flat.silent:
        silent = kind.flat.silent(answers.detach())
        assert silent[z < -6].all()
        assert not silent[(z > 0.1)].any()
        assert size[silent & (z.abs() > 0.1)].max() < 0.01
        assert f"doctor.silent_{name}" in words_of("en")
    if kind.flat.slope:
        torch.testing.assert_close(kind.flat.slope(answers.detach()), size)
    remedy = other_activation(RunConfig(model=ModelConfig(layers=(Flatten(), Dense(5, name)))), name)
    (_, layer) = remedy.config.model.layers
    assert layer.activation != name
    assert ACTIVATIONS[name].said in said_in_english(remedy.label)


def test_leaky_relu_lets_a_hundredth_through():
    kind = ACTIVATIONS["leaky_relu"]
    assert kind.value(np.array([-200.0, -1.0, 0.0, 3.0])).tolist() == [-2.0, -0.01, 0.0, 3.0]
    layers = (Flatten(), Dense(20, "leaky_relu"))
    assert to_link(RunConfig(model=ModelConfig(layers=layers)))["net"] == "f-d20LR"
    assert from_link({"net": "f-d20L"})[0].model.layers[-1] == Dense(20, "linear")
    net = build_model(ModelConfig(layers=layers), (1, 8, 8), 3)
    with torch.no_grad():
        net.dense1.bias.fill_(-100.0)  # a ReLU would be silent for ever
    net(torch.rand(4, 1, 8, 8)).sum().backward()
    assert net.dense1.weight.grad.abs().sum() > 0


def test_gelu_is_the_exact_one_and_can_fall_silent():
    kind = ACTIVATIONS["gelu"]
    z = torch.tensor([-3.0, -1.0, 0.0, 0.5, 2.0], dtype=torch.float64)
    exact = z * torch.distributions.Normal(0.0, 1.0).cdf(z)
    torch.testing.assert_close(kind.apply(z), exact)
    layers = (Flatten(), Dense(4, "gelu"), Dense(20))
    assert to_link(RunConfig(model=ModelConfig(layers=layers)))["net"] == "f-d4G-d20"
    net = build_model(ModelConfig(layers=layers), (1, 8, 8), 3)
    with torch.no_grad():
        net.dense1.bias[:3] = -100.0
    split = Split(torch.randint(0, 256, (12, 1, 8, 8), dtype=torch.uint8), torch.zeros(12, dtype=torch.int64))
    look_at = look(net, split, 3, 12)
    try:
        while True:
            next(look_at)
    except StopIteration as end:
        layer = end.value.layers[0]
    assert (layer.activation, layer.silent, layer.flat) == ("gelu", 0.75, 0.0)


@pytest.mark.parametrize("decay", [0.0, 0.01])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_in_programs(name, decay):
    kind = OPTIMIZERS[name]
    weights = [nn.Parameter(torch.ones(3))]
    brought = own_optimizer_cell(TrainConfig(optimizer=name))
    names = {"torch": torch, "weights": weights}
    if brought:
        exec("\n".join([*brought.imports, brought.code]), names)
    made = kind.make(weights, 0.1, decay)
    written = eval(kind.torch_code("weights", "0.1", decay), names)
    assert (type(written).__name__, written.defaults) == (type(made).__name__, made.defaults)
    for step in (1, 2):
        updated = []
        for optimizer in (made, written):
            with torch.no_grad():
                weights[0].copy_(torch.tensor([1.0, -2.0, 0.5]))
            weights[0].grad = step * torch.tensor([0.1, 3.0, 0.0])
            optimizer.step()
            updated.append(weights[0].detach().clone())
        assert torch.equal(*updated)
    call = ast.parse(kind.keras_code.format(decay=decay), mode="eval").body
    assert ast.unparse(call.func).startswith("keras.optimizers.")
    assert ("weight_decay" in ast.unparse(call)) == kind.decoupled


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_in_words(name):
    kind = OPTIMIZERS[name]
    assert all((kind.title, kind.heading, kind.plainly))
    assert say(f"field.{kind.steps}", title=kind.title, memory="It remembers.").endswith(".")
    assert kind.usual_rate in LEARNING_RATES
    assert (OPTIMIZER_TITLES[name], OPTIMIZER_NAMES[name]) == (kind.title, kind.heading)
    for language in LANGUAGES:
        assert words_of(language)[f"by_hand.update_{name}"]
    config = RunConfig(train=TrainConfig(optimizer=name))
    assert from_link(to_link(config)) == (config, [])


def test_titles_of_optimizers_differ():
    for part in ("title", "heading", "plainly"):
        assert len({getattr(kind, part) for kind in OPTIMIZERS.values()}) == len(OPTIMIZERS)


def stands_alone(layer, shape):
    """A net of this layer alone, with what it needs before the class layer; None where it cannot work on `shape`."""
    try:
        out, _, _ = layer.follow(Arrival(0, "layer1", shape, (layer,)))
    except ShapeError:
        return None
    return ModelConfig(layers=(layer, *([Flatten()] if len(out) > 1 else [])))


@pytest.mark.parametrize("name", LAYERS)
@given(data=st.data())
def test_a_layer_s_answers_agree(name, data):
    """Shape, cost, module, first weights, both programs, link and words, for any settings."""
    layer = data.draw(layer_of(name, most=4))
    shape = (2, 8, 9)
    if layer.belongs == "last":
        model, place = ModelConfig(layers=(Flatten(), layer)), 1
    else:
        model, place = stands_alone(layer, shape), 0
        if model is None:
            return
    planned = plan(model, shape, 3)
    step, net = planned[place], build_model(model, shape, 3, seed=5).eval()
    x = torch.randn(4, *shape, generator=torch.Generator().manual_seed(1))
    module = net.get_submodule(step.name)
    assert net[: place + 1](x).shape == (4, *step.output_shape)
    assert sum(each.numel() for each in module.parameters()) == step.parameters
    assert torch.equal(net(x), exported(model, shape, 3, seed=5).eval()(x))
    line = layer.keras_line(step, "  # said", decays=data.draw(st.booleans()))
    (call,) = ast.parse(f"f({line}\n)").body[0].value.args
    assert ast.unparse(call.func).startswith("layers.")
    assert any(word.arg == "name" and ast.literal_eval(word.value) == step.name for word in call.keywords)
    config = RunConfig(model=model)
    assert from_link(to_link(config)) == (config, [])
    assert RunConfig.model_validate_json(config.model_dump_json()) == config
    assert layer.told()
    assert layer.in_short()
    assert layer.briefly()
    if layer.shown:
        assert layer.caption(step.output_shape)
        assert layer.drawn


@pytest.mark.parametrize("name", LAYERS)
def test_the_editor_knows_a_layer(name):
    kind, fields = LAYERS[name], limits()[name]
    assert {setting["name"] for setting in kind.settings} == set(fields)
    assert all(limit["default"] is not None for limit in fields.values())
    layer = kind(**{field: limit["default"] for field, limit in fields.items()})
    assert ModelConfig.model_validate({"layers": [vars(layer)]}).layers == (layer,)
    assert [setting["name"] for setting in kinds()[name]["settings"]] == [setting["name"] for setting in kind.settings]
    said = [f"kind_{name}", f"about_{name}"]
    for setting in kind.settings:
        said += [f"says_{setting['name']}", f"field_{setting['name']}"]
        said += [f"noun_{setting['name']}"] * setting.get("noun", False) + [setting["name"]] * setting.get(
            "named", False
        )
    assert set(said) <= set(for_browser("net_editor")["words"])


def test_names_of_layers_are_those_in_files():
    for name, kind in LAYERS.items():
        assert kind.__pydantic_fields__["kind"].default == name


def test_no_two_layers_look_alike_in_links():
    assert len({kind.link[0] for kind in LAYERS.values()}) == len(LAYERS)


def test_a_kind_of_a_later_version_is_refused_by_its_name():
    with pytest.raises(ValidationError) as refused:
        RunConfig.model_validate({"model": {"layers": [{"kind": "swirl"}]}})
    assert "swirl" in first_problem(refused.value)


@pytest.mark.parametrize(("stride", "padding"), [(1, "same"), (2, "same"), (2, "valid")])
def test_depthwise_slides_one_filter_over_each_map(stride, padding):
    """By single convolutions, map by map; and so says the arithmetic under the pointer."""
    layer = DepthwiseConv2d(4, stride, padding, "tanh")
    model = ModelConfig(layers=(Conv2d(3), layer, Flatten()))
    net, x = build_model(model, (1, 9, 8), 2, seed=1), torch.rand(1, 1, 9, 8)
    maps = net.conv1(x).detach()
    pads = [side for n in (8, 9) for side in same_padding(n, 4, stride)] if padding == "same" else [0] * 4
    wide = functional.pad(maps, pads)
    for index in range(3):
        kernel, bias = net.conv2.weight[index : index + 1].detach(), net.conv2.bias[index : index + 1].detach()
        alone = functional.conv2d(wide[:, index : index + 1], kernel, bias, stride=stride).tanh()[0, 0]
        torch.testing.assert_close(net.conv2(maps)[0, index].detach(), alone)
        made = arithmetic(net, x, "conv2", index)
        assert (made.source.shape, made.first, made.weights.shape) == ((1, 9, 8), index, (1, 4, 4))
        np.testing.assert_allclose(made.source[0], maps[0, index], atol=1e-6)
        top, bottom, left, right = made.padding
        around = np.pad(made.source[0], ((top, bottom), (left, right)))
        window = around[stride : stride + 4, stride : stride + 4]
        expected = np.tanh((window * made.weights[0]).sum() + made.bias)
        assert float(made.after[1, 1]) == pytest.approx(float(expected), abs=1e-5)
    assert feeding(net, ["conv1", "conv2"], record_activations(net, x))["conv2"] == {"kind": "same"}
    assert net.conv2.weight.numel() + net.conv2.bias.numel() == 3 * 16 + 3 == plan(model, (1, 9, 8), 2)[1].parameters


def test_depthwise_in_links_and_in_keras():
    layers = (Conv2d(6), DepthwiseConv2d(5, 2, "valid"), Flatten())
    assert to_link(RunConfig(model=ModelConfig(layers=layers)))["net"] == "c6k3-w5s2v-f"
    step = plan(ModelConfig(layers=layers), (1, 12, 12), 3)[1]
    line = step.layer.keras_line(step, "", decays=True)
    call = ast.parse(line.rstrip(",")).body[0].value
    given = {word.arg: ast.unparse(word.value) for word in call.keywords}
    assert given.pop("depthwise_initializer") == "keras.initializers.VarianceScaling(12)"  # over 6 maps: 2 to each
    assert given == {
        "strides": "2",
        "padding": "'valid'",
        "activation": "'relu'",
        "depthwise_regularizer": "l2",
        "bias_regularizer": "l2",
        "name": "'conv2'",
    }


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_the_same_in_every_column(name):
    """As torch computes it, in closed form, by hand and in the program; of a guess, too."""
    kind = LOSSES[name]
    logits = torch.randn(6, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(2)).requires_grad_()
    y = torch.tensor([0, 3, 1, 2, 2, 0])
    value = kind.of(logits, y)
    (slope,) = torch.autograd.grad(value, logits)
    closed, its_slope = kind.with_slope(logits.detach(), y)
    torch.testing.assert_close((closed, its_slope), (value.detach(), slope))
    losses, slopes = kind.by_hand(logits.detach().softmax(1).numpy(), np.eye(4)[y.numpy()])
    assert losses.mean() == pytest.approx(value.item())
    np.testing.assert_allclose(slopes / 6, slope.numpy(), atol=1e-12)
    names = {"functional": functional}
    exec(kind.torch_code, names)
    torch.testing.assert_close(names["loss_of"](logits, y), value)
    ast.parse(kind.keras_code)
    ast.parse(kind.line)
    assert kind.guessing(4) == pytest.approx(kind.of(torch.zeros(6, 4), y).item())
    assert all(words_of(language)[f"by_hand.loss_{name}"] for language in LANGUAGES)
    config = RunConfig(train=TrainConfig(loss=name))
    assert from_link(to_link(config)) == (config, [])


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_is_known_everywhere(name):
    """Its rates are torch's by tests of their own; here every column is there, and the first rate is the first rate."""
    kind = SCHEDULES[name]
    assert kind.title
    assert SCHEDULE_TITLES[name] == kind.title
    assert say(f"field.schedule_{field.slug(name)}_about").endswith(".")
    assert scheduled_rate(name, 0.5, 0, 1_000_000) == pytest.approx(first_rate(name, 0.5), rel=1e-4)
    code = ast.parse(kind.keras_code)
    assert ast.unparse(code.body[-1]).startswith("rate = ")
    config = RunConfig(train=TrainConfig(schedule=name))
    assert from_link(to_link(config)) == (config, [])
