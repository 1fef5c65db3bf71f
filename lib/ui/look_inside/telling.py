"""Which test picture a view opens with where an answer is to be explained: one that has something to say."""

import streamlit as st
import torch

from lib.explain.attribution import grad_cam
from lib.explain.surgery import convolutions
from lib.training import has_numbers, predict
from lib.ui.net import inside

_LOOKED_AT = 200  # test pictures
_TRIED = 20  # of them, the most doubtful first
_KEPT = "telling"


def telling_picture(net: inside.Net) -> tuple[int, int]:
    """Its class, and its number among the test pictures of that class; settled once for a net in a session.

    Wrong answers come first, then those that the net is least sure of; and something in the maps of its last
    convolution speaks for the answer, or there would be nothing to see.
    """
    kept: dict[str, list[int]] = st.session_state.setdefault(_KEPT, {})
    if net.id not in kept:
        kept[net.id] = list(find_telling(net))
    label, number = kept[net.id]
    return label, number


def find_telling(net: inside.Net) -> tuple[int, int]:
    """`telling_picture`, looked for now."""
    test, model = net.dataset.test, net.model()[1]
    count = min(len(test), _LOOKED_AT)
    usual = inside.first_class(net.dataset), 0
    if not count or not has_numbers(model):
        return usual
    x, _ = test.batch(torch.arange(count))
    labels = test.labels[:count]
    shares, answers = predict(model, x).max(dim=1)
    layers = convolutions(model)
    doubtful = (shares + (answers == labels)).argsort()  # a wrong answer counts less than the least sure right one
    for index in doubtful[:_TRIED].tolist():
        if not layers or float(grad_cam(model, x[index], layers[-1], int(answers[index])).max()) > 0:
            label = int(labels[index])
            return label, int((test.labels[:index] == label).sum())
    return usual
