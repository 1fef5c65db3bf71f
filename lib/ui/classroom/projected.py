"""What the projector shows of runs: their curves side by side, in large type and without a name."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.words import percent, say
from lib.ui.words.text import rate


def sentence(text: str) -> str:
    """One sentence over the whole screen."""
    return f'<div class="gh-sentence" data-testid="projector-sentence"><p>{html.escape(text)}</p></div>'


def runs(shown: Sequence[Mapping[str, Any]], caption: str = "") -> str:
    """Up to four runs; the more there are, the smaller each is."""
    if not shown:
        return sentence(say("class_desk.nothing_on_projector"))
    cards = "".join(_card(number, run) for number, run in enumerate(shown, start=1))
    below = f'<p class="caption">{html.escape(caption)}</p>' if caption else ""
    return f'<div class="gh-shown of-{len(shown)}" data-testid="projector-runs">{cards}</div>{below}'


def _card(number: int, run: Mapping[str, Any]) -> str:
    accuracy = percent(run["accuracy"]) if run["accuracy"] is not None else "–"
    layers = html.escape(run["layers"].replace("-", " · "))
    how = html.escape(
        say("class_desk.shown_how", optimizer=run["optimizer"], rate=rate(run["rate"]), batch=run["batch"])
    )
    epoch = say("class_desk.shown_epoch", epoch=run["epoch"], epochs=run["epochs"])
    state = "" if run["state"] == "running" else " · " + say(f"class_wall.{run['state']}")
    return (
        f'<section data-testid="projector-run"><header><b class="number">{number}</b>'
        f'<b class="accuracy">{accuracy}</b><span>{html.escape(epoch)}{state}</span></header>'
        f"{_plot(run)}<p>{html.escape(run['data'])} · {how}</p><p>{layers}</p></section>"
    )


def _plot(run: Mapping[str, Any]) -> str:
    """Accuracy from 0 to 100 %, guessing as a dashed line, validation as dots."""
    path = "".join(f"{'L' if at else 'M'}{x},{100 - y}" for at, (x, y) in enumerate(run["curve"]))
    dots = "".join(f'<i style="left:{x}%;bottom:{y}%"></i>' for x, y in run["checked"])
    guess, line = 100 - run["guess"], 'vector-effect="non-scaling-stroke"'
    return (
        f'<div class="plot"><svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="guess" d="M0,{guess}L100,{guess}" {line}></path>'
        f'<path class="curve" d="{path}" {line}></path></svg>{dots}<span class="top">100 %</span>'
        f'<span class="guessing" style="bottom:{run["guess"]}%">{say("class_desk.guessing")}</span></div>'
    )
