"""The doctor: what is conspicuous about a run, the numbers behind it, and a change to try with one click."""

from collections.abc import Mapping

import streamlit as st
from torch import nn

from lib.doctor import Checked, Finding, Looked, Measurements, Remedy, Rule, examine, look, measure
from lib.models import build_model
from lib.parts import at_once
from lib.runs.published import WeightsLost
from lib.training import has_numbers
from lib.ui.components.evidence import evidence
from lib.ui.diagnose import asked, curves
from lib.ui.diagnose.leading import lead_to
from lib.ui.net import inside
from lib.ui.net.measuring import remembered
from lib.ui.net.missing import lacks_pictures
from lib.ui.net.picture import is_learning, refresh_seconds
from lib.ui.setup import advice, session
from lib.ui.words import say, text
from lib.ui.words.telling import sentences, tell

_PICTURES = 500
_LEAD = "doctor-lead"


def show(net: inside.Net) -> None:
    """Let the doctor look; while the net trains again and again."""
    if is_learning(net):
        st.fragment(_follow, run_every=refresh_seconds(net, every=3.0))(net)
    elif found := _measured(net):  # outside of fragments, where Cancel is heard
        _draw(net, found)


def _follow(net: inside.Net) -> None:
    if not is_learning(net):
        st.rerun()  # it has ended: look at everything, once
    if found := _measured(net):
        _draw(net, found)


def _draw(net: inside.Net, found: Measurements) -> None:
    if st.session_state.pop(_LEAD, False):
        lead_to("train")
    checks = examine(found)
    conspicuous = [(rule, check.finding) for rule, check in checks if check.finding]
    with st.container(key="stack-doctor"):
        left, right = st.columns([0.62, 0.38], gap="medium")
    with left:
        _verdict(net, found, len(conspicuous))
        names = dict(zip(found.classes, asked.classes_of(net), strict=True))
        tried = next((rule.name for rule, finding in conspicuous if finding.remedy), None)
        for rule, finding in conspicuous:
            _card(rule, finding, names, first=rule.name == tried)
        if not conspicuous:
            curves.show(found)
    with right:
        _list(checks)


def _measured(net: inside.Net) -> Measurements | None:
    """What is known of the net; None while the person has cancelled the look into it."""
    if not net.has_weights:
        return measure(net)
    try:
        step, model = net.model()
    except WeightsLost:
        return measure(net)
    if not has_numbers(model):
        return measure(net, finite=False)
    if lacks_pictures(net):
        return measure(net, finite=True)
    looked = _look(net, step, model)
    return None if looked is None else measure(net, True, looked)


def _look(net: inside.Net, step: int, model: nn.Sequential) -> Looked | None:
    count = min(_PICTURES, asked.affordable(net))
    data, config = net.dataset, net.config
    start = build_model(config.model, data.input_shape, len(data.classes), config.seed)  # as it was before a step
    work = look(model, data.valid, len(data.classes), count, loss=config.train.loss, start=start)
    if is_learning(net):
        return at_once(work)
    found: Looked | None = remembered(("look", net.id, step, count), work, say("diagnose.looking_into_net"))
    return found


def _verdict(net: inside.Net, found: Measurements, count: int) -> None:
    name = f"{net.name[0].upper()}{net.name[1:]}" if net.came_trained else net.name
    so_far = "" if found.ended else say("diagnose.so_far")
    if count == 0:
        st.success(say("diagnose.nothing_conspicuous_list", name=name, so_far=so_far), icon=":material/check:")
    else:
        things = say("diagnose.one_thing") if count == 1 else say("diagnose.things", count=count)
        order = say("diagnose.first_most_important") if count > 1 else ""
        st.markdown(say("diagnose.conspicuous", name=name, things=things, so_far=so_far, order=order))
    missing = []
    if found.curve is None:
        came = say("diagnose.came_trained_without") if net.came_trained else say("diagnose.nothing_was_published")
        missing.append(say("diagnose.no_curve_net", came=came))
    if found.looked is None and found.finite is None:
        missing.append(say("diagnose.nobody_can_look"))
    elif found.looked is None and found.finite:
        missing.append(say("missing.layers"))
    if missing:
        st.caption(f":material/info: {' '.join(missing)}")


def _card(rule: Rule, finding: Finding, names: Mapping[str, str], *, first: bool) -> None:
    with st.container(border=True, key=f"finding-{rule.name}", gap="small"):
        st.markdown(f"**{title_of(rule.name)}**")
        st.markdown(text.literal(sentences(finding.sentence, names)))  # a class may be named in it
        charts = finding.evidence if isinstance(finding.evidence, tuple) else (finding.evidence,)
        for column, (number, chart) in zip(st.columns(len(charts)), enumerate(charts), strict=True):
            with column:
                evidence(key=f"evidence-{rule.name}-{number}", chart=curves.in_words(chart, names))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if finding.remedy:
                st.button(
                    say("diagnose.try", label=tell(finding.remedy.label)),
                    key=f"try-{rule.name}",
                    type="primary" if first else "secondary",
                    icon=":material/experiment:",
                    on_click=_try,
                    args=(rule, finding.remedy),
                    help=say("diagnose.changes_set_up"),
                )
            with st.popover(say("diagnose.when_does_doctor_say"), type="tertiary", key=f"when-{rule.name}"):
                st.markdown(sentences(rule.when))
                st.caption(sentences(rule.why))


def _try(rule: Rule, remedy: Remedy) -> None:
    """Change the set-up, note what was changed, and go to Train with the next rerun."""
    session.change_setup(remedy.config, undoable=True)
    advice.note(say("diagnose.doctor", title=title_of(rule.name), label=tell(remedy.label)))
    st.session_state[_LEAD] = True


def title_of(name: str) -> str:
    """What the doctor looks for by the rule of this name."""
    return say(f"doctor.{name}_title")


def _said(rule: Rule, check: Checked) -> str:
    """One line of the list: a tick stands beside good words, a mark beside bad ones."""
    title = title_of(rule.name)
    if check.unknown is not None:
        return say("diagnose.gray_cannot_be", title=title, unknown=tell(check.unknown))
    measured = tell(check.measured or "")
    if check.finding:
        return say("diagnose.orange", title=title, measured=measured)
    if check.after is not None:
        return say("diagnose.gray_perhaps_because", title=title, measured=measured)
    return say("diagnose.green", clear=say(f"doctor.{rule.name}_clear"), measured=measured)


def _list(checks: list[tuple[Rule, Checked]]) -> None:
    """Everything that was checked, with what was measured."""
    with st.container(border=True, key="doctor-list", gap="xsmall"):
        st.markdown(say("diagnose.what_was_checked"))
        for rule, check in checks:
            st.markdown(_said(rule, check))
        if any(check.after for _, check in checks):
            st.caption(say("diagnose.what_may_follow"))
        st.caption(say("diagnose.doctor_looks_training"))
    with st.expander(say("diagnose.when_does_doctor"), icon=":material/rule:"):
        for rule, _ in checks:
            st.markdown(f"**{title_of(rule.name)}.** {sentences(rule.when)}")
            st.caption(sentences(rule.why))
