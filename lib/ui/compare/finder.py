"""Find a rate: a range test on the set-up of Train, the rate that it suggests and why, and one press to take it."""

from math import isfinite

import streamlit as st

from lib.config import RunConfig
from lib.experiments.finder import Search, get_finder
from lib.models import ShapeError
from lib.runs import TooMuch
from lib.training import guessing_loss
from lib.training.lr_finder import HIGHEST, LOWEST, STEPS, smoothed
from lib.ui.compare.setups import layers_in_words
from lib.ui.components.rate_finder import rate_finder
from lib.ui.frame.page import link_to
from lib.ui.setup import session
from lib.ui.setup.controls import start_button
from lib.ui.words import field, say, text
from lib.ui.words.field import title_of
from lib.ui.words.telling import problem_said

_POLL_SECONDS = 0.4
_PROBLEM, _USED = "finder-problem", "finder-used"


def show() -> None:
    """The set-up and the button on the left, the picture of the test on the right."""
    search = get_finder().find(session.owner())
    with st.container(key="stack-finder"):
        left, right = st.columns([0.29, 0.71], gap="medium")
    with left:
        _card(search)
    with right:
        if search is not None and not search.has_ended:
            st.fragment(_live, run_every=_POLL_SECONDS)()
        else:
            _drawn(search)


def _card(search: Search | None) -> None:
    config = session.setup()
    info = session.dataset_info(config.data.name)
    going = search is not None and not search.has_ended
    with st.container(border=True, key="experiment-card", gap="small"):
        st.markdown(say("compare.your_set_up"))
        pictures = f"{config.data.train_size:,}" if config.data.train_size else "all"
        st.caption(
            say(
                "compare.training_pictures_batches",
                title=text.literal(title_of(info)),
                pictures=pictures,
                model=layers_in_words(config.model),
                optimizer_titles=field.OPTIMIZER_TITLES[config.train.optimizer],
                batch_size=config.train.batch_size,
                learning_rate=text.rate(config.train.learning_rate),
            )
        )
        link_to("train", say("compare.change_train"), ":material/tune:")
        start_button(
            say("compare.find_rate"),
            starts="finder",
            type="primary",
            icon=":material/search:",
            disabled=going,
            on_click=_start,
            args=(config,),
            help=say("compare.takes_most_steps", steps=STEPS),
        )
        if problem := st.session_state.pop(_PROBLEM, None):
            st.error(problem, icon=":material/error:")
        if search is not None and search.has_ended:
            _suggestion(search, config)


def _start(config: RunConfig) -> None:
    st.session_state.pop(_USED, None)
    try:
        get_finder().start(config, session.owner())
    except (TooMuch, ShapeError, ValueError) as problem:
        st.session_state[_PROBLEM] = problem_said(problem)


def _suggestion(search: Search, config: RunConfig) -> None:
    found = search.suggestion
    if found is None:
        return
    rate = text.rate(found.learning_rate)
    another = search.config.model_copy(update={"train": config.train}) != config
    same_rate = config.train.learning_rate == found.learning_rate
    st.button(
        say("compare.use", rate=rate),
        icon=":material/check:",
        disabled=another or same_rate,
        on_click=_use,
        args=(search,),
    )
    if another:
        st.caption(say("compare.your_set_up_has"))
    elif same_rate:
        taken = st.session_state.get(_USED)
        st.caption(
            say("compare.your_set_up_now", rate=rate) if taken else say("compare.your_set_up_has_already", rate=rate)
        )
        link_to("train", say("compare.train"), ":material/play_arrow:")


def _use(search: Search) -> None:
    found = search.suggestion
    if found is None:
        return
    config = session.setup()
    train = config.train.model_copy(update={"learning_rate": found.learning_rate})
    session.change_setup(config.model_copy(update={"train": train}), undoable=True)
    st.session_state[_USED] = True


def _live() -> None:
    search = get_finder().find(session.owner())
    if search is None or search.has_ended:
        st.rerun()
    _drawn(search)


def _drawn(search: Search | None) -> None:
    config = session.setup()
    guess = search.guess if search and search.guess else _guess_of(config)
    with st.container(border=True, key="verdict-card", gap="xsmall"):
        st.markdown(say("compare.how_large_may"))
        if search is not None and not search.has_ended:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.progress(search.share, _progress(search))
                st.button(
                    say("compare.cancel"), key="cancel-search", on_click=get_finder().cancel, args=(session.owner(),)
                )
        else:
            quiet = "" if search else " quiet"
            st.html(f'<div class="gh-says{quiet}" data-testid="finder-says">{_said(search)}</div>')
    tried = list(search.tried) if search else []
    found = search.suggestion if search else None
    rate_finder(
        key="rate-finder",
        tried=[(each.learning_rate, each.loss if isfinite(each.loss) else None) for each in tried],
        smoothed=smoothed(tried, guess),
        guess=guess,
        ends=(LOWEST, HIGHEST),
        marks={"suggested": found.learning_rate, "steepest": found.steepest, "lowest": found.lowest} if found else None,
    )
    with st.expander(say("compare.how_works_how")):
        st.markdown(say("compare.range_test_smith"))


def _progress(search: Search) -> str:
    if search.state == "waiting":
        return say("compare.getting_ready_tests")
    left = (
        ""
        if search.seconds_left is None
        else say("compare.most_left", seconds_left=text.duration(max(search.seconds_left, 1.0)))
    )
    return say("compare.rates_tried", tried=len(search.tried), steps=STEPS, left=left)


def _said(search: Search | None) -> str:
    if search is None:
        return say("compare.press_find_rate")
    match search.state, search.suggestion:
        case "done", None:
            return say("compare.loss_never_fell")
        case "done", found if found is not None:
            return say(
                "compare.falls_fastest",
                rate=text.rate(found.learning_rate),
                steepest=_short(found.steepest),
                lowest=_short(found.lowest),
            )
        case (("cancelled" | "waiting"), _):
            return say("compare.cancelled")
        case _:
            return search.message or say("compare.broke_off")


def _short(rate: float) -> str:
    """Two figures: 0.00338 -> "0.0034"."""
    return text.rate(float(f"{rate:.2g}"))


def _guess_of(config: RunConfig) -> float:
    return guessing_loss(len(session.dataset_info(config.data.name).classes), config.train.loss)
