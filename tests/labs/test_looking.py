"""A lab, and the doctor, never change the net that they are shown: they look at it, or go on with a copy."""

import pytest

import lib.doctor
import lib.labs
from lib.config import DataConfig, RunConfig, TrainConfig
from lib.doctor import layer_states
from lib.labs import (
    clue,
    fooling,
    hardening,
    learning,
    liking,
    packing,
    scrambling,
    shrinking,
    teaching,
)
from tests.explain.test_looking import MODEL, Looked, assert_unchanged_by, exhaust, that_look

DOES = {"learn", "learn_by"}  # train a net: it is meant to move on
EYES = {"thaw"}  # of another kind of net: tests/labs/test_frozen.py


def calls(it):
    """How each function of a lab, and of the doctor, that is given a net is called, by its name."""
    net, x, y, split = it.net, it.x, it.y, it.data.test
    config = RunConfig(data=DataConfig(name="digits"), model=MODEL)
    return {
        "measure": lambda: clue.measure(net, split, 1, 0),
        "answers": lambda: fooling.answers(net, x),
        "fooled": lambda: fooling.fooled(net, x, y, 0.1, steps=2),
        "slope_signs": lambda: fooling.slope_signs(net, x, y),
        "smallest_sizes": lambda: exhaust(fooling.smallest_sizes(net, split, 5, (0, 8, 96))),
        "hardened": lambda: exhaust(hardening.hardened(net, it.data.train, epochs=1)),
        "accuracy": lambda: learning.accuracy(net, split),
        "logits_of": lambda: learning.logits_of(net, x),
        "most_liked": lambda: liking.most_liked(net, "conv1", 0, split),
        "pleasing": lambda: liking.pleasing(net, "conv1", 0, it.data.input_shape, 1.0, steps=2),
        "up_to": lambda: liking.up_to(net, "norm1"),
        "window_of": lambda: liking.window_of(net, "pool1", 0, 0, 6, 6),
        "packed": lambda: packing.packed(net, config, 1),
        "explanations": lambda: scrambling.explanations(net, x, 1),
        "learning_layers": lambda: scrambling.learning_layers(net),
        "scrambled": lambda: scrambling.scrambled(net, 2),
        "layers_with_weights": lambda: shrinking.layers_with_weights(net),
        "shrunk": lambda: shrinking.shrunk(net, 3, 40.0),
        "size_in_bytes": lambda: shrinking.size_in_bytes(net, 3, 40.0),
        "teach": lambda: exhaust(teaching.teach(net, MODEL, it.data, 2.0, (0,), TrainConfig(epochs=1))),
        "look": lambda: exhaust(layer_states.look(net, split, len(it.data.classes), 20)),
    }


# `cross_entropy` is what a step of training asks: it leaves a gradient's path, and the net in the mode that it is in.
@pytest.mark.parametrize("name", that_look(lib.labs, DOES | EYES | {"cross_entropy"}) + that_look(lib.doctor, set()))
def test_a_lab_never_changes_the_net_it_is_shown(tiny, name):
    it = Looked(tiny)
    assert_unchanged_by(it, calls(it)[name])  # KeyError: a new function has to say how it is called, above
