"""Find a run by what a person types at the command line."""

from lib.data import home
from lib.runs.recording import recorded_runs
from lib.runs.run import Run
from lib.runs.store import Store


def find_run(name: str) -> Run | None:
    """The run whose id or name this is, in `GLASSHOUSE_HOME` or among the recorded ones that ship; else None.

    A run is read from disk as it was last saved, also while another process trains it. A recorded one also answers to
    the name of its preset.
    """
    for recorded in recorded_runs().values():
        if name in (recorded.id, recorded.name, recorded.recording.name):
            return recorded
    if (home() / "runs.sqlite").exists():  # looking must not make an empty one
        store = Store(home())
        row = next((row for row in store.rows() if name in (row.id, row.name)), None)
        if row is not None:
            return Run(row, store)
    return None
