"""Random layer lists, small enough to build and run."""

import pytest
from hypothesis import strategies as st

from lib.config import (
    ACTIVATIONS,
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    MaxPool2d,
    ModelConfig,
)
from lib.models.shapes import ShapeError, plan

SMALL_SHAPES = [(1, 12, 12), (3, 9, 14), (2, 5, 5), (1, 1, 1), (4, 1, 7)]
_activation = st.sampled_from(ACTIVATIONS)
_layer = st.one_of(
    st.builds(
        Conv2d,
        st.integers(1, 6),
        st.integers(1, 6),
        st.integers(1, 4),
        st.sampled_from(["same", "valid"]),
        _activation,
    ),
    st.builds(Dense, st.integers(1, 9), _activation),
    st.builds(MaxPool2d, st.integers(2, 4)),
    st.builds(AvgPool2d, st.integers(2, 4)),
    st.builds(Dropout, st.sampled_from([0.0, 0.25, 0.9])),
    st.sampled_from([GlobalAvgPool2d(), Flatten(), BatchNorm()]),
)
_most_mends = 100


class AnyModel(ModelConfig):
    """Any layer list of small layers, at most 24 of them; many cannot work."""


class WorkingModel(ModelConfig):
    """A layer list that works on `shape`."""

    shape: tuple[int, int, int]


def mended(layers, shape, classes=3):
    """Press the mending button until there is none; returns the lists on the way."""
    seen = [layers]
    while len(seen) <= _most_mends:
        try:
            plan(ModelConfig(layers=seen[-1]), shape, classes)
        except ShapeError as error:
            assert error.mend is not None, f"no way out of: {error}"
            seen.append(error.mend.layers)
        else:
            return seen
    raise AssertionError(f"mends go round in circles: {seen[:4]}")


_lists = st.lists(_layer, max_size=24).map(tuple)
st.register_type_strategy(AnyModel, st.builds(AnyModel, layers=_lists))
