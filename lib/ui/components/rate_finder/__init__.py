"""The loss against the learning rate, as the range test goes; see `rate_finder`."""

from collections.abc import Mapping, Sequence

from lib.ui.components import register


def rate_finder(
    *,
    key: str,
    tried: Sequence[tuple[float, float | None]],
    smoothed: Sequence[float],
    guess: float,
    ends: tuple[float, float],
    marks: Mapping[str, float] | None,
) -> None:
    """Draw the losses as dots, their means as a line, and where the suggestion was read off.

    tried: (learning rate, batch loss right after a step with it; None for no number); smoothed: one for each of them
    guess: the loss of guessing; ends: of the axis of rates
    marks: "suggested", "steepest" and "lowest" rates, once the test is over
    """
    data = {
        "tried": [list(each) for each in tried],
        "smoothed": list(smoothed),
        "guess": guess,
        "ends": list(ends),
        "marks": dict(marks) if marks else None,
    }
    register("rate_finder")(key=key, data=data)
