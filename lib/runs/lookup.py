"""Find a run by what a person types at the command line."""

from lib.home import HomeFailure, home, in_words
from lib.runs.recording import recorded_runs
from lib.runs.rescue import DATABASE
from lib.runs.run import Run
from lib.runs.store import LostRow, Store


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
