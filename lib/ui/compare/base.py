"""The run that an experiment starts from: which net, which pictures, how long. Small and offline unless one asks."""

import streamlit as st

from lib.config import DataConfig, RunConfig
from lib.datasets import DatasetInfo, list_datasets
from lib.experiments.designs import with_train
from lib.experiments.matching import dense_net
from lib.models import preset
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.words import Said, number, say
from lib.ui.words.field import title_of

_NETS = Said(
    {
        "small-cnn": "compare.nets_small_cnn",
        "dense": "compare.nets_dense",
        "two-layer-sigmoid": "compare.nets_two_layer_sigmoid",
        "setup": "compare.nets_setup",
    }
)
_SIZES = (300, 1_000, 2_000, 3_000, 10_000, 30_000)
_FIRST_SIZE = 3_000
_EPOCHS = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30)


def choose_data(key: str) -> DatasetInfo:
    """A data set that is on this machine; the drawings of our own first."""
    there = {each.name: each for each in list_datasets(session.owner()) if each.available}
    name = held(
        st.selectbox,
        say("compare.data"),
        sorted(there, key=lambda each: (each != "doodles", not there[each].offline)),
        format_func=lambda each: title_of(there[each]),
        key=f"{key}-data",
    )
    return there[name]


def choose_net(key: str, first: str = "small-cnn") -> RunConfig:
    """A net with its way of training."""
    name = held(
        st.selectbox,
        say("compare.net"),
        _NETS,
        first=first,
        format_func=_NETS.__getitem__,
        key=f"{key}-net-{first}",
    )
    match name:
        case "setup":
            return session.setup()
        case "dense":
            return preset("small-cnn").model_copy(update={"model": dense_net(128)})
        case _:
            return preset(name)


def choose_size(key: str, info: DatasetInfo) -> int | None:
    """How many training pictures; None for all."""
    rest = most_pictures(info)
    options = [*(n for n in _SIZES if n < rest), rest]
    size = held(
        st.select_slider,
        say("compare.training_pictures"),
        options,
        first=_FIRST_SIZE if _FIRST_SIZE in options else rest,
        format_func=number,
        key=f"{key}-size-{info.name}",
    )
    return None if size == rest else size


def choose_epochs(key: str, first: int = 8) -> int:
    """How many passes over the pictures."""
    epochs: int = held(
        st.select_slider,
        say("compare.epochs"),
        _EPOCHS,
        first=first,
        key=f"{key}-epochs",
    )
    return epochs


def most_pictures(info: DatasetInfo) -> int:
    """Training pictures there are once validation has its tenth."""
    return info.training_count(DataConfig().valid_fraction)


def on_these(config: RunConfig, info: DatasetInfo, size: int | None, epochs: int) -> RunConfig:
    """The set-up on these pictures, for so many epochs, with a validation slice to watch."""
    data = DataConfig(name=info.name, train_size=size, scale_pixels=config.data.scale_pixels, seed=config.data.seed)
    config = config.model_copy(update={"data": data})
    return with_train(config, epochs=epochs, time_budget=None)
