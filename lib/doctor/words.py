"""Numbers and lists as they stand in a sentence."""

from collections.abc import Sequence
from math import isfinite


def percent(share: float) -> str:
    """0.8694 -> "86.9 %"."""
    return f"{share * 100:.1f} %"


def whole(share: float) -> str:
    """0.9 -> "90 %"."""
    return f"{share * 100:.0f} %"


def points(share: float) -> str:
    """A difference of two accuracies: 0.0312 -> "3.1 points", 0.00043 -> "0.04 points"."""
    return f"{share * 100:.{1 if share >= 0.001 else 2}f} points"


def loss(value: float) -> str:
    """Three figures: 0.0542 -> "0.054", 2.305 -> "2.31", 56869.9 -> "56,870", 8.2e6 -> "8.2 million"."""
    if not isfinite(value):
        return "not a number"
    if value >= 1e9:
        return "over a billion"
    if value >= 1e6:
        return f"{value / 1e6:,.{0 if value >= 1e7 else 1}f} million"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def seconds(value: float) -> str:
    """0.83 -> "0.8 s", 12.3 -> "12 s"."""
    return f"{value:.1f} s" if value < 10 else f"{value:,.0f} s"


def listed(names: Sequence[str], last: str = "and") -> str:
    """["a", "b", "c"] -> "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def sentence(text: str) -> str:
    """Begin with a capital letter and end with a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
