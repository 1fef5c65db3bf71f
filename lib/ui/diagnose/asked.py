"""Which pictures a net is asked about, and what it answers: measured once for each net and step, with a way out."""

from typing import NamedTuple

import streamlit as st
from torch import nn

from lib.datasets import Dataset, Split
from lib.datasets.catalogue import info
from lib.explain.mistakes import Answered, answer_split
from lib.models import summarize
from lib.parts import at_once
from lib.runs.published import WeightsLost
from lib.ui.net import inside
from lib.ui.net.measuring import remembered
from lib.ui.net.missing import lacks_pictures
from lib.ui.net.moment import moment_of
from lib.ui.net.picture import can_be_asked, is_learning
from lib.ui.setup.controls import held
from lib.ui.words import Said, field, say
from lib.ui.words.telling import problem_said

SPLITS = Said(
    {
        "test": "diagnose.splits_test",
        "valid": "diagnose.splits_valid",
        "train": "diagnose.splits_train",
    }
)
_NAMES = Said(
    {
        "test": "diagnose.names_test",
        "valid": "diagnose.names_valid",
        "train": "diagnose.names_train",
    }
)
_SIZES = (500, 2_000, 10_000)
_AT_ONCE = 40_000_000_000  # multiply-adds of the first choice: some seconds
_LIVE = 6_000_000_000  # and of what follows a net that trains: about a quarter of a second
_FEWEST = 100


class Asked(NamedTuple):
    """The answers of one net, as it was after `step` updates, to pictures of one split."""

    step: int
    model: nn.Sequential
    split: str
    answered: Answered


def pictures_of(net: inside.Net) -> Dataset | None:
    """The pictures of a net that can be asked; else the sentence that says why it cannot is written."""
    if not net.has_weights:
        st.info(
            say("diagnose.curves_were_kept", name=net.name),
            icon=":material/history:",
        )
        return None
    try:
        _, model = net.model()
    except WeightsLost as lost:
        st.info(problem_said(lost), icon=":material/history:")
        return None
    return net.dataset if can_be_asked(model) and not lacks_pictures(net, "asked") else None


def classes_of(net: inside.Net) -> tuple[str, ...]:
    """The names of the classes, also where the pictures are not on this machine."""
    return field.classes_of(info(net.config.data.name))


def named(split: str, *, capital: bool = False) -> str:
    """What a split is called in a sentence."""
    return SPLITS[split] if capital else _NAMES[split]


def split_of(data: Dataset, name: str) -> Split:
    """The split called `name`."""
    return {"test": data.test, "valid": data.valid, "train": data.train}[name]


def splits_of(data: Dataset) -> list[str]:
    """The splits that there are: validation may be the test pictures themselves."""
    return [name for name in SPLITS if name != "valid" or data.valid is not data.test]


def cost_of(net: inside.Net) -> int:
    """Multiply-adds of one picture, forward."""
    data = net.dataset
    return max(summarize(net.config.model, data.input_shape, len(data.classes)).multiply_adds, 1)


def affordable(net: inside.Net, multiply_adds: int = _LIVE) -> int:
    """How many pictures so many multiply-adds are enough for, in hundreds."""
    return max(_FEWEST, multiply_adds // cost_of(net) // 100 * 100)


def choose_split(data: Dataset) -> str:
    """Let the person choose which pictures to ask about."""
    there = splits_of(data)
    chosen: str | None = held(
        st.segmented_control,
        say("diagnose.pictures"),
        there,
        first="test",
        format_func=SPLITS.__getitem__,
        key=f"diagnose-split-{len(there)}",
        required=True,
        label_visibility="collapsed",
    )
    return chosen or "test"


def choose_count(net: inside.Net, there: int, called: str) -> int:
    """Let the person choose how many; at first as many as are counted in some seconds."""
    sizes = sorted({min(count, there) for count in (*_SIZES, there)})
    most = affordable(net, _AT_ONCE)
    count: int = held(
        st.selectbox,
        say("diagnose.how_many"),
        sizes,
        first=sizes[max(0, sum(size <= most for size in sizes) - 1)],
        format_func=lambda size: say(f"diagnose.count_{'all' if size == there else 'some'}", count=size, called=called),
        key=f"diagnose-count-{net.id}-{called}",
        label_visibility="collapsed",
        width=230,
        help=say("diagnose.spread_evenly_over"),
    )
    return count


def live_toggle(net: inside.Net) -> bool:
    """Let the person follow a net that trains, or hold it; False for one that does not."""
    if not is_learning(net):
        return False
    return bool(
        held(
            st.toggle,
            say("diagnose.live"),
            first=True,
            key="diagnose-live",
            help=say("diagnose.follow_weights_while"),
        )
    )


def net_now(net: inside.Net, live: bool) -> tuple[int, nn.Sequential]:
    """`(step, net)`: the newest weights, or while it trains and is held those of that moment."""
    return moment_of(net) if is_learning(net) and not live else net.model()


def ask(net: inside.Net, step: int, model: nn.Sequential, split: str, count: int) -> Asked | None:
    """What the net answers; None while the person has cancelled the counting."""
    pictures = split_of(net.dataset, split)
    key = ("answers", net.id, step, split, min(count, len(pictures)))
    found: Answered | None = remembered(key, answer_split(model, pictures, count), say("diagnose.asking_net"))
    return None if found is None else Asked(step, model, split, found)


def ask_briefly(net: inside.Net, step: int, model: nn.Sequential, split: str, count: int) -> Asked:
    """What a net that trains answers, to as many pictures as hardly hold it up."""
    work = answer_split(model, split_of(net.dataset, split), min(count, affordable(net)))
    return Asked(step, model, split, at_once(work))
