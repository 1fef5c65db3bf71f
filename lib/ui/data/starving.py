"""What starving a class does: the same set-up trained with all pictures and with what is left, class by class."""

from typing import Any

import streamlit as st
import torch

from lib.config import DataConfig, RunConfig
from lib.datasets import DatasetInfo, DatasetUnavailable
from lib.experiments import answers
from lib.models import ShapeError
from lib.runs import Run, TooMuch, get_registry
from lib.runs.test_results import tested
from lib.training import NoAnswer
from lib.ui.components.bar_list import bar_list
from lib.ui.setup import session
from lib.ui.setup.controls import start_button
from lib.ui.words import say, text
from lib.ui.words.field import classes_of
from lib.ui.words.telling import problem_said

_RUNS = "starving-runs"  # ids: all pictures, starved
_ANSWERS = "starving-answers"  # (their ids, what each had right)
_TO = 2  # per cent that the offered class keeps
_OFFERED = 6  # the class: in clothes the shirt, which shares its shape with others


def set_keep(config: RunConfig, keep: tuple[tuple[int, int], ...]) -> None:
    """Change what the classes keep; undo gives it back."""
    data = DataConfig.model_validate(config.data.model_dump() | {"keep": keep})
    session.change_setup(config.model_copy(update={"data": data}), undoable=True)


def show(config: RunConfig, info: DatasetInfo) -> None:
    """Offer to train both, show how far they are, and then each class beside itself."""
    with st.container(border=True, key="data-starving", gap="small"):
        st.markdown(f"**{say('data.starve_title')}** {say('data.starve_about')}")
        runs = _runs()
        going = any(not run.has_ended for run in runs)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if not config.data.keep and not going:
                label = min(_OFFERED, len(info.classes) - 1)
                st.caption(say("data.starve_first"), width="content")
                offer = say("data.starve_one", name=text.literal(classes_of(info)[label]), percent=_TO)
                st.button(offer, on_click=set_keep, args=(config, ((label, _TO),)), key="starve-one")
            elif going:
                st.button(say("data.stop_both"), on_click=_stop, icon=":material/stop:", key="starve-stop")
            else:
                label_both = say("data.train_both_again" if runs else "data.train_both")
                start_button(label_both, starts="starving", on_click=_start, type="primary", key="starve-both")
        if problem := st.session_state.pop("starving-problem", None):
            st.error(problem, icon=":material/error:")
        if runs:
            st.fragment(_progress, run_every=0.5 if going else None)(going)


def _start() -> None:
    config = session.setup()
    everything = config.model_copy(update={"data": config.data.model_copy(update={"keep": ()})})
    started: list[Run] = []
    try:
        for each in (everything, config):
            started.append(get_registry().start(each, session.owner()))
    except (TooMuch, ShapeError, ValueError) as problem:
        for run in started:
            run.stop(session.owner())
        st.session_state["starving-problem"] = problem_said(problem)
        return
    st.session_state[_RUNS] = [run.id for run in started]


def _stop() -> None:
    for run in _runs():
        run.stop(session.owner())
        run.wait(1.0)


def _runs() -> list[Run]:
    found = [session.find_run(run_id) for run_id in st.session_state.get(_RUNS, [])]
    return [run for run in found if run is not None] if all(found) else []


def _progress(going: bool) -> None:
    """How far both are; with both at their end, class by class."""
    runs = _runs()
    if going and all(run.has_ended for run in runs):
        st.rerun()  # so that nothing polls any more, and the button is another one
    for run, name in zip(runs, ("run_all", "run_starved"), strict=True):
        run.watch()
        st.progress(float(run.status()["progress"]), _said(run, say(f"data.{name}")))
    if all(run.state == "finished" for run in runs):
        _compare(runs[0], runs[1])


def _said(run: Run, name: str) -> str:
    status = run.status()
    match run.state:
        case "finished":
            found = tested(run)
            if found is None:
                return say("data.run_failed", name=name, message=problem_said(NoAnswer()))
            return say("data.run_done", name=name, accuracy=100 * found.accuracy)
        case "stopped":
            return say("data.run_stopped", name=name)
        case "failed":
            return say("data.run_failed", name=name, message=run.message or "")
        case "running" if status["seconds_left"] is not None:
            left = text.duration(status["seconds_left"])
            return say("data.run_left", name=name, epoch=status["epoch"], epochs=status["epochs"], left=left)
        case "running":
            return say("data.run_goes", name=name, epoch=status["epoch"], epochs=status["epochs"])
        case _:
            return say("data.run_waits", name=name)


def _compare(everything: Run, starved: Run) -> None:
    both = [found for run in (everything, starved) if (found := tested(run))]
    if len(both) < 2:
        return
    shares = [_recall(found.confusion) for found in both]
    keep = dict(starved.config.data.keep)
    classes = classes_of(starved.dataset)
    rows: list[dict[str, Any]] = [
        {"label": f"{label} · {name}", "values": values, "texts": [text.percent(each) for each in values],
         "best": label in keep}
        for label, name in enumerate(classes)
        for values in [[share[label] for share in shares]]
    ]  # fmt: skip
    accuracies = {"all": 100 * both[0].accuracy, "starved": 100 * both[1].accuracy}
    note = say("data.recall_note", label=next(iter(keep)), **accuracies) if len(keep) == 1 else say(
        "data.recall_note_more", count=len(keep), **accuracies
    )  # fmt: skip
    bar_list(
        key="starving-classes",
        title=say("data.recall_title"),
        note=note,
        names=(say("data.run_all"), say("data.run_starved")),
        rows=rows,
        limit=1.0,
    )
    if right := _both_right(everything, starved):
        st.caption(_chance(*right, starved.dataset.test.labels, list(keep)))


def _both_right(everything: Run, starved: Run) -> tuple[torch.Tensor, torch.Tensor] | None:
    """Which test pictures each has right, bool `(N,)`; asked once a pair. None where the pictures are not here."""
    asked = everything.id, starved.id
    kept = st.session_state.get(_ANSWERS)
    if kept is None or kept[0] != asked:
        try:
            both = answers.right_answers(everything), answers.right_answers(starved)
        except DatasetUnavailable:
            return None
        kept = st.session_state[_ANSWERS] = (asked, both)
    all_right, starved_right = kept[1]
    return None if all_right is None or starved_right is None else (all_right, starved_right)


def _chance(all_right: torch.Tensor, starved_right: torch.Tensor, labels: torch.Tensor, classes: list[int]) -> str:
    """Whether two nets differ on the same pictures by more than chance, and that one seed each is behind it."""
    concerned = torch.isin(labels, torch.tensor(classes))
    found = answers.beside(all_right[concerned], starved_right[concerned])
    key = "data.starve_apart" if found.is_told else "data.starve_close"
    counts = {"count": found.pictures, "all": found.only_first, "starved": found.only_second}
    return say(key, **counts, chance=found.chance)


def _recall(confusion: torch.Tensor) -> list[float]:
    """Of each class, the share that was right."""
    counts = confusion.double()
    shares: list[float] = (counts.diagonal() / counts.sum(1).clamp_min(1)).tolist()
    return shares
