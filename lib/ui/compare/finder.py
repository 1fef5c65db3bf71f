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
from lib.ui.words import text

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
        st.markdown("**Your set-up on Train**")
        pictures = f"{config.data.train_size:,}" if config.data.train_size else "all"
        st.caption(
            f"{text.literal(info.title)}, {pictures} training pictures · {layers_in_words(config.model)} · "
            f"{text.OPTIMIZER_TITLES[config.train.optimizer]}, batches of {config.train.batch_size} · "
            f"learning rate {text.rate(config.train.learning_rate)}"
        )
        link_to("train", "Change it on Train", ":material/tune:")
        start_button(
            "Find a rate",
            starts="finder",
            type="primary",
            icon=":material/search:",
            disabled=going,
            on_click=_start,
            args=(config,),
            help=f"Takes at most {STEPS} steps, each a little larger than the one before. Nothing of it is kept.",
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
        st.session_state[_PROBLEM] = str(problem)


def _suggestion(search: Search, config: RunConfig) -> None:
    found = search.suggestion
    if found is None:
        return
    rate = text.rate(found.learning_rate)
    another = search.config.model_copy(update={"train": config.train}) != config
    same_rate = config.train.learning_rate == found.learning_rate
    st.button(f"Use {rate}", icon=":material/check:", disabled=another or same_rate, on_click=_use, args=(search,))
    if another:
        st.caption("Your set-up has changed since; test it again.")
    elif same_rate:
        taken = st.session_state.get(_USED)
        st.caption(f"Your set-up now has {rate}." if taken else f"Your set-up has {rate} already.")
        link_to("train", "Train with it", ":material/play_arrow:")


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
        st.markdown("**How large may a step be?**")
        if search is not None and not search.has_ended:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.progress(search.share, _progress(search))
                st.button("Cancel", key="cancel-search", on_click=get_finder().cancel, args=(session.owner(),))
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
    with st.expander("How this works, and how the rate is chosen"):
        st.markdown(
            "- The range test (Smith 2017): one step with each learning rate, every one a little larger than the one "
            "before, and the loss of the next batch noted. It ends when the loss bursts.\n"
            "- The suggestion is the choice nearest to where the loss **falls fastest** (on a log scale of rates, the "
            "mean of nine neighbouring batches, losses above guessing counted as guessing). Where it is **lowest** "
            "the steps are already too large to stay there.\n"
            "- Weights, order and first steps are those of your set-up and its seed."
        )


def _progress(search: Search) -> str:
    if search.state == "waiting":
        return "Getting ready; tests take turns"
    left = "" if search.seconds_left is None else f" · at most {text.duration(max(search.seconds_left, 1.0))} left"
    return f"{len(search.tried)} of {STEPS} rates tried{left}"


def _said(search: Search | None) -> str:
    if search is None:
        return "Press Find a rate: a few seconds of ever larger steps show where it learns."
    match search.state, search.suggestion:
        case "done", None:
            return (
                "The loss never fell clearly below guessing, so there is nothing to suggest: the net may need scaled "
                "pixels, another activation or fewer layers."
            )
        case "done", found if found is not None:
            return (
                f"<b>{text.rate(found.learning_rate)}</b>: the loss falls fastest near {_short(found.steepest)} and is "
                f"lowest at {_short(found.lowest)}; this is the choice nearest to where it falls fastest."
            )
        case (("cancelled" | "waiting"), _):
            return "Cancelled."
        case _:
            return search.message or "It broke off."


def _short(rate: float) -> str:
    """Two figures: 0.00338 -> "0.0034"."""
    return text.rate(float(f"{rate:.2g}"))


def _guess_of(config: RunConfig) -> float:
    return guessing_loss(len(session.dataset_info(config.data.name).classes), config.train.loss)
