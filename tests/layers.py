"""Random layers of every kind, with settings from the whole of what is allowed or from its small end."""

from hypothesis import strategies as st

from lib.layers import LAYERS
from lib.layers.bounds import limits


def any_layer(most=None):
    """A strategy; `most`: no whole number is larger, where so small a one is allowed."""
    return st.one_of(*(layer_of(name, most) for name in LAYERS))


def layer_of(name, most=None):
    """The same of one kind."""
    return st.builds(LAYERS[name], **{field: _setting(limit, most) for field, limit in limits()[name].items()})


def _setting(limit, most):
    if "options" in limit:
        return st.sampled_from(limit["options"])
    if limit["step"] == 1:
        largest = limit["max"] if most is None else min(limit["max"], max(most, limit["min"]))
        return st.integers(limit["min"], largest)
    return st.floats(limit["min"], limit["max"])
