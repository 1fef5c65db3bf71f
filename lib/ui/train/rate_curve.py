"""The learning rate over a whole run, as a small drawing beside the words."""

from lib.config import TrainConfig
from lib.schedules import scheduled_rate
from lib.ui.words import field, say, text

_POINTS = 120
_FLOOR = 0.08  # share of the height at which a rate of 0 is drawn, so that it can be seen


def rate_curve_html(train: TrainConfig) -> str:
    """Draw how the learning rate moves from the first step to the last, left to right."""
    corners = []
    for step in range(_POINTS):
        rate = scheduled_rate(train.schedule, train.learning_rate, step, _POINTS)
        height = _FLOOR + (1 - _FLOOR) * rate / train.learning_rate
        corners.append(f"{100 * step / (_POINTS - 1):.1f}% {100 * (1 - height):.1f}%")
    said = say(
        "train.most",
        schedule_titles=field.SCHEDULE_TITLES[train.schedule],
        learning_rate=text.rate(train.learning_rate),
    )
    # A clipped box: Streamlit takes drawings (SVG) out of HTML.
    shape = f"clip-path: polygon(0% 100%, {', '.join(corners)}, 100% 100%)"
    area = f'<span>{say("train.rate_name")}</span><i style="{shape}"></i>'
    return f'<span class="gh-rate" role="img" aria-label="{say("train.rate_over", said=said)}">{area}</span>'
