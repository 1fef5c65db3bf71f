"""The data sets of one's own that are kept on this machine: use one, or delete its pictures."""

from functools import partial
from math import ceil

import streamlit as st

from lib.config import DataConfig, RunConfig
from lib.datasets.loaded import delete
from lib.datasets.own import OwnSet, own_sets
from lib.datasets.owned import NotYours
from lib.datasets.travel import own_file
from lib.export.catalogue import file_stem
from lib.home.place import data_folder
from lib.ui.frame.page import link_to
from lib.ui.setup import arrival, session
from lib.ui.words import say
from lib.ui.words.text import literal

_FEW = 400  # training pictures; fewer want small batches and many epochs
_UPDATES = 500  # that a run on few pictures should come to


def use(config: RunConfig, kept: OwnSet) -> None:
    """Train on it from now on, with batches and epochs that suit so few pictures."""
    train = config.train
    if kept.train_count < _FEW:
        epochs = min(200, max(5, ceil(_UPDATES / ceil(kept.train_count / 8))))
        train = train.model_copy(update={"batch_size": 8, "epochs": epochs, "time_budget": None})
    data = DataConfig(name=kept.name, valid_fraction=0.2 if kept.train_count < _FEW else 0.1)
    session.change_setup(config.model_copy(update={"data": data, "train": train}), undoable=True)


def show(config: RunConfig) -> None:
    """The sets that are kept on this machine, and a way in for others."""
    here = [each for each in own_sets() if not each.deleted and each.is_open_to(session.owner())]
    with st.container(border=True, key="own-kept", gap="small"):
        st.markdown(f"**{say('own.kept_title')}**")
        arrival.show(partial(use, config), any_yet=bool(here))
        for each in here:
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"own-set-{each.name}"):
                pictures = each.train_count + each.test_count
                told = [
                    ", ".join(map(literal, each.classes)),
                    say("own.count", count=pictures),
                    say(f"own.{_whose(each)}"),
                ]
                st.markdown(f"{literal(each.title)}  \n:small[{' · '.join(told)}]")
                _doubts(each)
                if each.damaged:
                    st.caption(say("own.damaged", path=str(data_folder("own") / f"{each.name}.safetensors")))
                elif each.name == config.data.name:
                    link_to("train", say("own.train"), ":material/play_arrow:")
                else:
                    st.button(say("own.use"), on_click=use, args=(config, each), key=f"own-use-{each.name}")
                if not each.damaged:
                    st.download_button(say("own.take"), partial(own_file, each), on_click="ignore", type="tertiary",
                                       file_name=f"{file_stem(each.title)}-pictures.safetensors",
                                       help=say("own.take_help", name=literal(each.title)), icon=":material/download:",
                                       key=f"own-take-{each.name}")  # fmt: skip
                if _whose(each) == "theirs":
                    continue
                with st.popover(
                    say("own.delete_it"),
                    icon=":material/delete:",
                    type="tertiary",
                    help=say("own.delete", name=literal(each.title)),
                ):
                    st.markdown(say("own.delete_sure", name=literal(each.title)))
                    st.button(say("own.delete_yes"), on_click=_delete, args=(config, each.name),
                              key=f"own-delete-{each.name}")  # fmt: skip


def _whose(each: OwnSet) -> str:
    """Which words say whom it belongs to, and who sees it."""
    if each.owner not in ("", session.owner()):
        return "theirs"
    return "for_me" if each.owner and not each.shared else "for_all"


def _doubts(kept: OwnSet) -> None:
    """Say how far its pictures repeat each other."""
    if kept.still:
        st.caption(say("own.still", names=", ".join(literal(kept.classes[label]) for label in kept.still)))
    if count := sum(map(sum, kept.bursts)):
        st.caption(say("own.bursts", count=count))


def _delete(config: RunConfig, name: str) -> None:
    try:
        delete(name, session.owner())
    except NotYours:  # the button is not there
        return
    if config.data.name == name:
        data = DataConfig(name="doodles")
        session.change_setup(config.model_copy(update={"data": data}))
