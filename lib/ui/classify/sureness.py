"""How sure is it, and how right: entropy and margin, a threshold and its cost, temperature, and pictures of nothing."""

from dataclasses import asdict
from html import escape
from math import log2
from typing import Any

import streamlit as st
from torch import Tensor, nn

from lib.explain.confidence import (
    Outputs,
    Reliability,
    coverage_curve,
    entropy,
    keep_at,
    logits_of,
    margin,
    reliability,
    soften,
)
from lib.ui.classify.strangers import Doubt, Met, meet, met
from lib.ui.components.sureness import stop_of, sureness
from lib.ui.net import answers, inside
from lib.ui.net.measuring import Measured, measured
from lib.ui.net.missing import lacks_pictures
from lib.ui.net.moment import moment_of, newest_button
from lib.ui.net.picture import can_be_asked
from lib.ui.setup.controls import held
from lib.ui.words import Said, say
from lib.ui.words.field import classes_of

_PICTURES = (500, 2_000, 10_000)
# Nets are often surer than 99 %, so the last steps are small.
_STOPS = (*(n / 20 for n in range(20)), 0.96, 0.97, 0.98, 0.99, 0.995, 0.999, 0.9999)
_FIRST_STOP = 16  # 80 %
_STOP = "sureness-stop"
_MOST_POINTS = 300  # of the curve that are drawn
_BY_HAND = [
    0.1,
    0.2,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    1.0,
    1.1,
    1.2,
    1.3,
    1.5,
    1.7,
    2.0,
    2.5,
    3.0,
    4.0,
    5.0,
    7.0,
    10.0,
]
_TEMPERATURES = Said(
    {
        "fitted": "classify.temperatures_fitted",
        "off": "classify.temperatures_off",
        "own": "classify.temperatures_own",
    }
)


def show(net: inside.Net) -> None:
    """The person's picture on the left; on the right what the net's doubt is worth."""
    step, model = moment_of(net)
    if not can_be_asked(model):
        return
    if lacks_pictures(net, "sureness"):
        with st.container(key="stack-sureness"):
            own, _ = st.columns([0.25, 0.75], gap="large")
        with own:
            st.fragment(_own_picture)(net, model, Doubt(1.0, _STOPS[_stop()]))
        return
    sizes = _sizes(net)
    pictures = st.session_state.get(_pictures_key(net), sizes[min(1, len(sizes) - 1)])
    # In one block: nothing below it is mounted anew, or moves, once pictures of something else are asked for.
    with st.container(gap=None):
        found = measured(net, step, model, pictures)
        strangers = met(net, step, model) if found is not None else None
    if found is not None:
        _draw(net, step, model, pictures, found, strangers)


@st.fragment
def _draw(net: inside.Net, step: int, model: nn.Module, pictures: int, found: Measured, strangers: Met | None) -> None:
    if moment_of(net)[0] != step:  # newer weights were asked for, and a whole run measures them
        st.rerun()
    with st.container(key="stack-sureness"):
        left, right = st.columns([0.25, 0.75], gap="large")
    with right:
        mode, by_hand = _controls(net, pictures)
        temperature = {"fitted": found.temperature or 1.0, "off": 1.0}.get(mode, by_hand)
        doubt = Doubt(temperature, _STOPS[_stop()])
        st.caption(_explained(net, step, found, temperature))
        _honesty(found.test, temperature)
        meet(net, strangers, found.test, doubt)
    with left:
        st.fragment(_own_picture)(net, model, doubt)


def _sizes(net: inside.Net) -> list[int]:
    there = len(net.dataset.test)
    return sorted({min(count, there) for count in _PICTURES})


def _pictures_key(net: inside.Net) -> str:
    return f"sureness-pictures-{len(net.dataset.test)}"


def _controls(net: inside.Net, pictures: int) -> tuple[str, float]:
    """Where the temperature comes from, and the one set by hand; other pictures are measured by a whole run."""
    there = len(net.dataset.test)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="sureness-controls"):
        mode = held(
            st.segmented_control,
            say("classify.temperature_2"),
            _TEMPERATURES,
            first="fitted",
            format_func=_TEMPERATURES.__getitem__,
            key="sureness-temperature",
            required=True,
        )
        by_hand = 1.0
        if mode == "own":
            by_hand = held(
                st.select_slider,
                say("classify.temperature_by_hand"),
                _BY_HAND,
                first=1.0,
                key="sureness-by-hand",
                width=220,
                label_visibility="collapsed",
            )
        wanted = held(
            st.selectbox,
            say("classify.measured"),
            _sizes(net),
            first=pictures,
            format_func=lambda count: say(
                "classify.all_tests" if count == there else "classify.some_tests", count=count
            ),
            key=_pictures_key(net),
            width=210,
            help=say("classify.spread_evenly_over"),
        )
        newest_button(net)
    if wanted != pictures:
        st.rerun()
    return mode or "fitted", by_hand


def _explained(net: inside.Net, step: int, found: Measured, temperature: float) -> str:
    watched = net.dataset.valid is net.dataset.test
    pictures = say("classify.test_count" if watched else "classify.valid_count", count=len(found.valid.labels))
    said = say(
        "classify.iteration_scores_divided",
        name=net.name,
        step=step,
        temperature=temperature,
    )
    if found.temperature is None:
        return said + say("classify.none_can_be", pictures=pictures)
    if temperature == found.temperature:
        return said + say("classify.one_makes_labels", pictures=pictures)
    return said + say("classify.one_suits_best", pictures=pictures, temperature=found.temperature)


def _stop() -> int:
    if (moved := stop_of("sureness")) is not None:
        st.session_state[_STOP] = moved  # so that it holds when the view comes back
    stop: int = st.session_state.get(_STOP, _FIRST_STOP)
    return stop


def _honesty(test: Outputs, temperature: float) -> None:
    probabilities = test.probabilities(temperature)
    coverage, accuracy = (values.tolist() for values in coverage_curve(probabilities, test.labels))
    every = max(1, len(coverage) // _MOST_POINTS)
    before, after = (reliability(test.probabilities(value), test.labels) for value in (1.0, temperature))
    calibrations = [_calibration(say("classify.as_trained"), before)]
    if temperature != 1.0:
        calibrations.append(_calibration(f"temperature {temperature:.2f}", after))
    sureness(
        key="sureness",
        pictures=len(test.labels),
        curve=[*zip(coverage, accuracy, strict=True)][::-every][::-1],
        stops=[
            {"threshold": threshold, **asdict(keep_at(probabilities, test.labels, threshold))} for threshold in _STOPS
        ],
        chosen=_stop(),
        calibrations=calibrations,
        calibration_says=_calibration_says(before, after if temperature != 1.0 else None),
    )


def _calibration(name: str, found: Reliability) -> dict[str, Any]:
    bins = zip(found.counts.tolist(), found.confidence.tolist(), found.accuracy.tolist(), strict=True)
    return {
        "name": name,
        "ece": found.ece,
        "bins": [
            {"count": count, "confidence": sure, "accuracy": right} if count else {"count": 0}
            for count, sure, right in bins
        ],
    }


def _calibration_says(before: Reliability, after: Reliability | None) -> str:
    said = say("classify.as_trained_net", before=_too_sure(before))
    return said + (say("classify.temperature_3", after=_too_sure(after)) if after else "")


def _too_sure(found: Reliability) -> str:
    surplus = 100 * found.surplus
    if abs(surplus) < 0.05:
        return say("classify.as_right_as")
    return say("classify.surer" if surplus > 0 else "classify.less_sure", points=abs(surplus))


def _own_picture(net: inside.Net, model: nn.Module, chosen: Doubt) -> None:
    """Answer the person's picture under the same threshold and temperature."""
    classes = classes_of(net.dataset)
    picture = inside.choose_picture(inside.choose_source("draw"), net.dataset)
    if picture is None:
        st.html(answers.waiting_html(classes))
        return
    shares = soften(logits_of(model, picture.x), chosen.temperature)[0]
    st.html(_verdict_html(classes, shares, picture.truth, chosen.threshold))
    st.html(answers.bars_html(classes, shares, picture.truth))
    st.html(_doubt_html(shares))


def _verdict_html(classes: tuple[str, ...], shares: Tensor, truth: int | None, threshold: float) -> str:
    best = int(shares.argmax())
    if float(shares[best]) >= threshold:
        return answers.verdict_html(classes, shares, truth)
    rest = say("classify.only", share=float(shares[best]), name=escape(classes[best])).replace(
        " ", "\N{NO-BREAK SPACE}"
    )
    return (
        '<div class="gh-verdict" data-testid="verdict" data-class="none of these"><b>'
        + escape(say("classify.none_of_these"))
        + "</b> "
        f"<small>{rest}</small></div>"
    )


def _doubt_html(shares: Tensor) -> str:
    bits, distance = float(entropy(shares)), float(margin(shares))
    return (
        f'<dl class="gh-doubt"><dt>{say("classify.entropy")}</dt><dd data-testid="entropy" data-value="{bits!r}">'
        + say("classify.entropy_is", bits=bits, most=log2(len(shares)), classes=2**bits)
        + f'</dd><dt>{say("classify.margin")}</dt><dd data-testid="margin" data-value="{distance!r}">'
        + say("classify.margin_is", points=100 * distance)
        + "</dd></dl>"
    )
