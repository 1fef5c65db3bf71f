"""Find a run, living or recorded: by its id, for whoever may see it, or by what a person types at the command line."""

from lib.datasets.own import is_open
from lib.home import HomeFailure, home, in_words
from lib.nets.recording import find_recorded, recorded_runs
from lib.runs.registry import Registry
from lib.runs.rescue import DATABASE
from lib.runs.run import Run
from lib.runs.store import LostRow, Store


def find_for(registry: Registry, run_id: str, who: str) -> Run | None:
    """The run with this id, living or recorded, if `who` may see it: every page and route asks here.

    None for a run on pictures that somebody else keeps to themselves, as for one that is not there.
    """
    if run := registry.find_for(run_id, who):
        return run
    recorded = find_recorded(run_id)
    return recorded if recorded is not None and is_open(recorded.config.data.name, who) else None


def find_run(name: str) -> Run | None:
    """The run whose id or name this is, in `GLASSHOUSE_HOME` or among the recorded ones that ship; else None.

    A run is read from disk as it was last saved, also while another process trains it. A recorded one also answers to
    the name of its preset.
    """
    for recorded in recorded_runs().values():
        if name in (recorded.id, recorded.name, recorded.recording.name):
            return recorded
    if not (home() / DATABASE).is_file():  # looking must not make an empty one
        return None
    try:
        store = Store(home(), "read")
    except HomeFailure as failure:
        raise ValueError(in_words(failure)) from failure
    row = store.find(name) or store.find_by_name(name)
    if isinstance(row, LostRow):
        what = "was made by another version of Glasshouse" if row.foreign else "is damaged"
        raise ValueError(f"The run “{row.name}” {what} and cannot be read.")
    return Run(row, store) if row else None
