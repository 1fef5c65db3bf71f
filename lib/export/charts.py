"""Curves as drawings inside a page (SVG): no script, colours from the page, light and dark, sharp in print."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 460, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 10, 10, 26

Points = Sequence[tuple[float, float | None]]


@dataclass(frozen=True)
class Line:
    """One curve; `kind` names its look: training, validation or guessing."""

    kind: str
    points: Points
    dots: bool = False  # a dot at each whole epoch


def chart(
    title: str, lines: Sequence[Line], epochs: float, top: float, *, percent: bool, marks: Sequence[tuple[float, str]]
) -> str:
    """Draw `lines` from epoch 0 to `epochs` and from 0 to `top`; `marks` are places with what happened there."""

    def x(place: float) -> float:
        return _LEFT + place / epochs * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - min(value, top) / top * (_HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title>",
    ]
    for value in _ticks(top):
        label = f"{value * 100:.0f} %" if percent else f"{value:g}"
        parts.append(f'<path class="grid" d="M{_LEFT} {y(value):.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(f'<text class="end" x="{_LEFT - 6}" y="{y(value) + 4:.1f}">{label}</text>')
    for place in _ticks(epochs, whole=True):
        label = f"{place:g}" if place else "epoch 0"
        parts.append(f'<text class="middle" x="{x(place):.1f}" y="{_HEIGHT - 8}">{label}</text>')
    for place, said in marks:
        parts.append(f'<path class="mark" d="M{x(place):.1f} {_TOP}V{_HEIGHT - _BOTTOM}"/>')
        parts.append(f'<text class="warm" x="{x(place) + 3:.1f}" y="{_HEIGHT * 0.62:.0f}">{escape(said)}</text>')
    for line in lines:
        places = [(x(a), None if b is None else y(b)) for a, b in line.points]
        parts.append(f'<path class="line {line.kind}" d="{_path(places)}"/>')
        dots = [(x(a), y(b)) for a, b in line.points if line.dots and b is not None and a == int(a)]
        parts += [f'<circle class="{line.kind}" cx="{a:.1f}" cy="{b:.1f}" r="2.4"/>' for a, b in dots]
    return "".join([*parts, "</svg>"])


def round_up(value: float) -> float:
    """The next round number: 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten."""
    if not math.isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if value <= step * power * 1.0001)


def _ticks(top: float, *, whole: bool = False) -> list[float]:
    """Four to ten round places from 0 to `top`."""
    step = next(s * 10.0**p for p in range(-12, 13) for s in (1, 2, 2.5, 5) if top / (s * 10.0**p) <= 6)
    if whole:
        step = max(1.0, math.ceil(top / 10) if top > 10 else 1.0)
    return [round(step * n, 10) for n in range(int(top / step + 1e-9) + 1)]


def _path(points: Sequence[tuple[float, float | None]]) -> str:
    """Join the points; where a value is missing the line is broken."""
    drawn, parts = False, []
    for x, y in points:
        if y is not None:
            parts.append(f"{'L' if drawn else 'M'}{x:.1f} {y:.1f}")
        drawn = y is not None
    return "".join(parts)
