"""Looking never changes a net: not its weights, not what it keeps, not the mode of any module, not the next number."""

import importlib
import inspect
import pkgutil
from functools import partial

import pytest
import torch
from torch import nn

import lib.explain
from lib.config import BatchNorm, Conv2d, Dense, Dropout, Flatten, MaxPool2d, ModelConfig, TrainConfig
from lib.datasets import Split
from lib.explain import (
    activations,
    attribution,
    backwards,
    confidence,
    connections,
    familiar,
    iteration,
    landscape,
    mistakes,
    nearest,
    pencil_and_paper,
    projection,
    shifting,
    surgery,
    terms,
)
from lib.models import build_model
from lib.models.build import RunDropout
from lib.training import TrainState, loss_of
from lib.training.optimizers import make_optimizer

MODEL = ModelConfig(
    layers=(Conv2d(3), BatchNorm(), MaxPool2d(), Dropout(0.4), Flatten(), Dense(6, "tanh"), BatchNorm(), Dense(5))
)
DOES = {"iterate"}  # one step of training: the net is meant to move on


class Looked:
    """A net in the middle of its training, and all that could change about it."""

    def __init__(self, data):
        self.data = data
        self.net = build_model(MODEL, data.input_shape, len(data.classes), 3)
        self.config = TrainConfig(optimizer="adam", batch_size=10)
        TrainState(self.net, self.config, seed=1)  # lends dropout its generator
        self.optimizer = make_optimizer(self.net.parameters(), self.config)
        x, y = data.train.batch(slice(0, 10))
        loss_of(self.net(x), y, "cross-entropy").backward()
        self.optimizer.step()  # so there are gradients and moments
        self.net.register_forward_hook(lambda *_: None)
        self.net.train()
        self.net.norm1.eval()  # as in fine-tuning: part of a net in another mode than the rest
        self.x, self.y = data.test.batch(slice(0, 1))

    def state(self):
        tensors = {name: value.clone() for name, value in self.net.state_dict().items()}
        tensors |= {f"{name}.grad": value.grad.clone() for name, value in self.net.named_parameters()}
        for place, kept in enumerate(self.optimizer.state.values()):
            tensors |= {f"{place}.{name}": value.clone() for name, value in kept.items()}
        for place, module in enumerate(m for m in self.net.modules() if isinstance(m, RunDropout)):
            tensors[f"generator{place}"] = module.generator.get_state()
        tensors["random"] = torch.random.get_rng_state()
        plain = {
            name: (module.training, list(module._forward_hooks), list(module._backward_hooks))
            for name, module in self.net.named_modules()
        }
        plain["needs"] = [value.requires_grad for value in self.net.parameters()]
        plain["where"] = [value.data_ptr() for value in self.net.parameters()]
        plain["thread"] = torch.is_grad_enabled(), torch.get_num_threads()
        return tensors, plain


def exhaust(work):
    for _ in work:
        pass


def calls(it):
    """How each function that is given a net is called, by its name."""
    net, x, split = it.net, it.x, it.data.test
    mean = partial(loss_of, labels=it.y, loss="cross-entropy")
    places = torch.arange(7)
    many = Split(split.images.repeat(60, 1, 1, 1), split.labels.repeat(60))
    gradients = {name: value.grad for name, value in net.named_parameters()}
    way = landscape.random_direction(net, 0)
    end = {name: net.get_submodule(name) for name in iteration.dense_end(net)}
    copy = build_model(MODEL, it.data.input_shape, len(it.data.classes), 3)
    plain = torch.optim.SGD(copy.parameters(), 0.1)
    by_class = partial(loss_of, loss="cross-entropy")

    def watched():
        with activations.hooked(net, ["conv1", "dense1"], lambda *_: None):
            pass

    copy[3].generator = torch.Generator()
    step = iteration.iterate(copy, plain, *it.data.train.batch(slice(0, 10)), by_class)

    def one():
        return step, end

    return {
        "hooked": watched,
        "record_activations": lambda: activations.record_activations(net, x),
        "arithmetic": lambda: [terms.arithmetic(net, x, layer, 0) for layer in ("conv1", "pool1", "dense1")],
        "grad_cam": lambda: attribution.grad_cam(net, x, "conv1", 1),
        "saliency": lambda: attribution.saliency(net, x, 1),
        "occlusion": lambda: attribution.occlusion(net, x, 1),
        "backward": lambda: backwards.backward(net, x, mean),
        "updates": lambda: backwards.updates(net, it.optimizer, gradients),
        "by_hand": lambda: pencil_and_paper.by_hand(*one(), list(end)[-1], 0, 0, "cross-entropy"),
        "autograd_of_picture": lambda: pencil_and_paper.autograd_of_picture(*one(), list(end)[-1], 0, by_class),
        "memory_of": lambda: pencil_and_paper.memory_of(it.optimizer, net.dense1.weight, (0, 0)),
        "collect": lambda: exhaust(confidence.collect(net, split)),
        "logits_of": lambda: confidence.logits_of(net, x),
        "answer_split": lambda: exhaust(mistakes.answer_split(net, split)),
        "answer_now": lambda: mistakes.answer_now(net, split, places),
        "kernel_strengths": lambda: connections.kernel_strengths(net.conv1),
        "strongest_inputs": lambda: connections.strongest_inputs(net.dense1, torch.ones(net.dense1.in_features), 3),
        "picture_or_layer_before": lambda: connections.picture_or_layer_before(net, "dense1"),
        "dense_end": lambda: iteration.dense_end(net),
        "vector_of": lambda: landscape.vector_of(net).zero_(),
        "one_weight": lambda: landscape.one_weight(net, "dense1.weight", (0, 0)),
        "random_direction": lambda: landscape.random_direction(net, 0),
        "losses_at": lambda: exhaust(landscape.losses_at(net, x, mean, way[None], torch.ones(3, 1))),
        "slope_along": lambda: landscape.slope_along(net, x, mean, way),
        "last_hidden": lambda: nearest.last_hidden(net[:-1], it.data.test.batch(places)[0]),
        "acquaint": lambda: familiar.acquaint(net, it.data.train, many, torch.clone),
        "neighbours": lambda: exhaust(nearest.neighbours(net, split)),
        "hidden_numbers": lambda: exhaust(projection.hidden_numbers(net, split, places)),
        "accuracy_under": lambda: exhaust(shifting.accuracy_under(net, split, [lambda x: x])),
        "right_under": lambda: exhaust(shifting.right_under(net, split, [lambda x: x])),
        "robustness": lambda: exhaust(shifting.robustness(net, split, reach=1, angles=(0,), scales=(1,))),
        "answers_when_shifted": lambda: shifting.answers_when_shifted(net, x, reach=1),
        "operate": lambda: surgery.operate(net, {"conv1": [0]}, [surgery.Edit("dense1.weight", (0, 0), 9.0)]),
        "convolutions": lambda: surgery.convolutions(net),
        "convolution_of": lambda: surgery.convolution_of(net, "conv1"),
        "score": lambda: surgery.score(net, split, len(it.data.classes)),
        "without_each_filter": lambda: exhaust(surgery.without_each_filter(net, "conv1", split)),
    }


def takes_a_net(function):
    """Whether a net, a part of one or its optimizer is among what a function asks for."""
    said = " ".join(str(each.annotation) for each in inspect.signature(function, eval_str=True).parameters.values())
    return any(word in said for word in ("torch.nn", "FullyConnected", "Convolution", "Optimizer"))


def public_functions(package):
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield name, function


def that_look(package, does):
    """The names of a package's functions that are given a net and only look."""
    return sorted({name for name, function in public_functions(package) if takes_a_net(function)} - does)


def assert_unchanged_by(it, call):
    """`call` leaves the net, and whatever else could change, as it was."""
    torch.manual_seed(5)
    tensors, plain = it.state()
    call()
    after, plainly = it.state()
    assert plainly == plain
    assert after.keys() == tensors.keys()
    changed = [key for key, value in tensors.items() if not torch.equal(value, after[key])]
    assert not changed


@pytest.mark.parametrize("name", that_look(lib.explain, DOES))
def test_looking_never_changes_a_net(tiny, name):
    it = Looked(tiny)
    assert_unchanged_by(it, calls(it)[name])  # KeyError: a new way of looking has to say how it is called, above


def test_a_look_that_breaks_off_changes_nothing_either(tiny):
    it = Looked(tiny)
    tensors, plain = it.state()

    class Refused(nn.Module):
        def forward(self, _x):
            raise RuntimeError("no")

    it.net.add_module("refused", Refused())
    with pytest.raises(RuntimeError):
        activations.record_activations(it.net, it.x)
    work = confidence.collect(it.net[:-1], tiny.test)
    next(work)
    work.close()
    del it.net.refused
    after, plainly = it.state()
    assert plainly == plain
    assert all(torch.equal(tensors[key], after[key]) for key in tensors)
