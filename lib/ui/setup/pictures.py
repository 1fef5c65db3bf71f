"""The pictures of the set-up, or the way to get them."""

import streamlit as st

from lib.config import RunConfig
from lib.datasets import Dataset, DatasetInfo, DatasetUnavailable, list_datasets, load_dataset
from lib.ui.components.data_row import Choice, data_row, picked
from lib.ui.setup import session
from lib.ui.setup.controls import choose, put
from lib.ui.setup.download import is_gone, offer_download
from lib.ui.words import say
from lib.ui.words.field import title_of
from lib.ui.words.text import literal


def choose_data(config: RunConfig) -> None:
    """Let the person take another data set; the set-up goes with it."""
    titles = titles_for(config)
    with st.container(width=230):
        choose(st.selectbox, say("data.choose_data"), list(titles), "data.name", config, titles.__getitem__)


def choose_by_picture(config: RunConfig) -> None:
    """Let the person take another data set by its picture."""
    choices: list[Choice] = [
        {"name": name, "title": title, "here": session.dataset_info(name).available}
        for name, title in titles_for(config).items()
    ]
    data_row(label=say("train.data"), choices=choices, chosen=config.data.name, on_chosen=_take_picked)


def _take_picked() -> None:
    name = picked()
    if name in titles_for(session.setup()):  # whatever a browser says
        put("data.name", name)


def titles_for(config: RunConfig) -> dict[str, str]:
    """What there is to choose from, by name: a data set of one's own only while it has its pictures, or is chosen."""
    chosen, sets = config.data.name, list_datasets(session.owner())
    titles = {each.name: title_of(each) for each in sets if each.name == chosen or not is_gone(each)}
    return titles if chosen in titles else titles | {chosen: title_of(session.dataset_info(chosen))}


def dataset_of(config: RunConfig, info: DatasetInfo) -> Dataset | None:
    """Load what the set-up trains on; None if it cannot be, and then what to do is written."""
    if not info.available:
        offer_download(info)
        return None
    try:
        return load_dataset(**config.data.model_dump())
    except (DatasetUnavailable, ValueError) as problem:
        st.error(say("data.not_here", name=literal(title_of(info)), problem=problem), icon=":material/error:")
        return None
