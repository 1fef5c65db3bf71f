"""Numbers that do not always stand in a sentence as numbers."""

from math import isfinite

from lib.telling import Told, told

_TOO_MANY = 1e9


def loss(value: float) -> Told:
    """A loss as the interface writes it; what is no number any more, or too large to mean anything, in words."""
    if not isfinite(value):
        return told("told.no_number")
    return told("told.over_a_billion") if value >= _TOO_MANY else told("told.loss", loss=value)
