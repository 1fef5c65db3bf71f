"""What a browser session holds: the set-up being edited, its history, the run in view. Plain dicts and strings only.

The set-up lives in the address too (lib.ui.setup.link), so a reload or another browser finds it again; runs belong to
the process, and the address only names the one in view.
"""

from typing import Any

import streamlit as st

from lib.config import RunConfig
from lib.datasets import DatasetInfo, list_datasets
from lib.datasets.own import is_open
from lib.datasets.travel import IS_OWN, own_set_for
from lib.models import DEFAULT_PRESET, preset
from lib.nets import lookup
from lib.nets.net import Net
from lib.runs import Run, get_registry
from lib.ui.serve.browser import new_owner, owner_of
from lib.ui.serve.passes import with_pass
from lib.ui.setup import address, held_back, hiding, spoken, waiting
from lib.ui.setup.link import NAMES, from_link, to_link
from lib.ui.words import say
from lib.ui.words.text import literal

_HISTORY = 50  # set-ups kept for undo
_RUN = "run"  # the address name of the run in view
_SETUP = "setup"  # all the names of the set-up together


def setup() -> RunConfig:
    """The set-up being edited."""
    if "setup" not in st.session_state:
        _remember(_first_setup())
    return RunConfig.model_validate_json(st.session_state["setup"])


def change_setup(config: RunConfig, *, undoable: bool = False) -> None:
    """Replace the set-up; with `undoable` the present one can be had back."""
    if config == setup():
        return
    st.session_state.pop("notices", None)
    if undoable:
        st.session_state["undo"] = [*st.session_state.get("undo", []), st.session_state["setup"]][-_HISTORY:]
        st.session_state["redo"] = []
    _remember(config)


def undo() -> None:
    """Take the last undoable change back."""
    _move("undo", "redo")


def redo() -> None:
    """Do again what was taken back."""
    _move("redo", "undo")


def can(direction: str) -> bool:
    """True if there is something to "undo" or "redo"."""
    return bool(st.session_state.get(direction))


def version() -> int:
    """A number that differs after every change of the set-up and every action handled."""
    return int(st.session_state.get("version", 0))


def handled() -> None:
    """Note that an action was dealt with, even if it changed nothing."""
    st.session_state["version"] = version() + 1


def dataset_info(name: str) -> DatasetInfo:
    """What is known of a data set without loading it."""
    unknown = DatasetInfo(name, say("setup.pictures_cannot_be"), ("?", "?"), (1, 28, 28), (0, 0), 0, False, "",
                          available=False)  # fmt: skip
    return next((info for info in list_datasets() if info.name == name), unknown)


def is_known(name: str) -> bool:
    """False if nothing is known of a data set, not even its classes: its files are gone, or damaged beyond reading."""
    return any(info.name == name for info in list_datasets())


def owner() -> str:
    """This browser's random name; runs it started are its own.

    Without a cookie, as in a page inside another site's page, the tab has a name for as long as it is open.
    """
    return owner_of(st.context.cookies) or st.session_state.setdefault("owner", new_owner())


def may_use(data: str) -> bool:
    """True if the data set of this name is not one that somebody else keeps to themselves."""
    return is_open(data, owner())


def find_run(run_id: str) -> Run | None:
    """The run with this id, if there is one that this browser may see."""
    return lookup.find_for(get_registry(), run_id, owner())


def stream_id(run: Net) -> str:
    """What components listen to a run by: with a pass where this browser's cookie cannot speak for it."""
    return run.id if owner_of(st.context.cookies) else with_pass(run)


def newest_runs(limit: int = 50) -> list[Run]:
    """The newest runs that this browser may see, the newest first, its own among them."""
    return get_registry().newest(limit, owner())


def current_run() -> Run | None:
    """The run in view, if any."""
    run_id = st.session_state.get(_RUN)
    return find_run(run_id) if run_id else None


def show_run(run: Run | None) -> None:
    """Bring a run into view, here and in the address."""
    st.session_state[_RUN] = run.id if run else None
    st.session_state.pop("notices", None)
    address.write({_RUN: run.id if run else None})


def is_mine(run: Run) -> bool:
    """True if this browser started the run; others only watch."""
    return run.owner == owner()


def at_hand(config: RunConfig) -> RunConfig | None:
    """The set-up with pictures that this browser may use: also those that came as a file, under another name.

    None where it is for pictures of somebody's own that are not here, or that are not for this browser: who asks learns
    no more of those.
    """
    name = config.data.name
    if not IS_OWN.fullmatch(name):
        return config
    came = own_set_for(name, owner())
    return config.model_copy(update={"data": config.data.model_copy(update={"name": came.name})}) if came else None


def read_address() -> list[str]:
    """Take over what the address says that this session does not know yet; returns sentences about what made no sense.

    Called once a rerun, by the frame.
    """
    spoken.follow()
    notices = [*_read_run(), *_read_setup()]
    waiting.follow()
    if (wanted := waiting.wanted()) and (complete := at_hand(wanted)):
        waiting.keep(None)
        change_setup(fitted(complete), undoable=True)
    if "setup" in st.session_state:  # it may have been turned off since
        known = setup()
        if held_back.as_the_class_may(known, owner()) != known:
            _remember(known)
    if put_back := held_back.sentence():
        notices.append(put_back)
    if notices:
        st.session_state["notices"] = notices
    kept: list[str] = st.session_state.get("notices", [])
    return kept


def write_address(*, with_setup: bool) -> None:
    """Put the run in view, and on the page that edits it the whole set-up, into the address."""
    link = to_link(setup()) if with_setup else {}
    address.wrote(_SETUP, link)
    waits = waiting.in_address() if with_setup else {}
    address.write({name: link.get(name) for name in NAMES} | waits | {_RUN: st.session_state.get(_RUN)})
    spoken.keep()


def _read_run() -> list[str]:
    wanted = st.query_params.get(_RUN)
    shown = current_run()
    if shown is not None and not is_known(shown.config.data.name):  # since it came into view
        return [_beyond_reading(shown)]
    if wanted and address.asked(_RUN, wanted) and wanted != st.session_state.get(_RUN):
        run = find_run(wanted)
        if run is not None and not is_known(run.config.data.name):
            return [_beyond_reading(run)]
        if run is None:
            st.session_state[_RUN] = None
            return [say("setup.there_no_run")]
        st.session_state[_RUN] = run.id
        if "setup" not in st.session_state and not NAMES & set(st.query_params):
            _remember(run.config)
    elif _RUN not in st.session_state:
        mine = [run for run in newest_runs() if is_mine(run) and not run.has_ended]
        st.session_state[_RUN] = mine[0].id if mine else None
    return []


def _beyond_reading(run: Run) -> str:
    """Take a run out of view of whose pictures nothing is known, and say so."""
    st.session_state[_RUN] = None
    said = say("setup.pictures_learned_from", name=run.name, name_2=run.config.data.name)
    return say("setup.choose_another_run", said=said)


def _read_setup() -> list[str]:
    named = {name: value for name, value in st.query_params.to_dict().items() if name in NAMES}
    if not named or not address.asked(_SETUP, named):
        return []
    config, refused = from_link(named)
    wanted, notices = config, []
    config = at_hand(wanted) or config
    if config.data.name not in {info.name for info in list_datasets(owner())}:
        config = config.model_copy(update={"data": preset(DEFAULT_PRESET).data})
        if at_hand(wanted) is None:
            waiting.keep(wanted)
            notices.append(waiting.notice(wanted))
        else:
            refused.append("data")
    _remember(config)
    if "v" in refused:
        notices.append(say("setup.link_from_another", named=literal(named["v"][:40])))
    if parts := ", ".join(f"{name}={literal(named[name][:40])}" for name in refused if name != "v"):
        notices.append(say("setup.part_link_could", parts=parts))
    return notices


def _first_setup() -> RunConfig:
    """The default preset on doodles: what a newcomer draws is what her first net reads.

    A link that only hides controls is from before that, and means the preset on its own pictures, if they are here.
    """
    config = preset(DEFAULT_PRESET)
    if hiding.is_asked() and dataset_info(config.data.name).available:
        return config
    return preset(DEFAULT_PRESET, "doodles")


def fitted(config: RunConfig) -> RunConfig:
    """Take no more pictures than there are: "all" instead of a number from another data set or an edited address."""
    info, data = dataset_info(config.data.name), config.data
    rest = info.training_count(data.valid_fraction)
    train_size = data.train_size if data.train_size and data.train_size < rest else None
    test_size = data.test_size if data.test_size and data.test_size < info.test_count else None
    keep = tuple(pair for pair in data.keep if pair[0] < len(info.classes))
    if sum(percent == 0 for _, percent in keep) == len(info.classes):
        keep = ()  # nothing would be left
    changed = data.model_copy(update={"train_size": train_size, "test_size": test_size, "keep": keep})
    return config.model_copy(update={"data": changed})


def _remember(config: RunConfig) -> None:
    config = fitted(held_back.as_the_class_may(config, owner()))
    st.session_state["setup"] = config.model_dump_json()
    handled()


def _move(source: str, target: str) -> None:
    stack: list[Any] = st.session_state.get(source, [])
    if stack:
        st.session_state[target] = [*st.session_state.get(target, []), st.session_state["setup"]]
        st.session_state[source] = stack[:-1]
        _remember(RunConfig.model_validate_json(stack[-1]))
