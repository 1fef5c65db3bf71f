"""What data sets there are, and what a person should know before choosing one."""

from dataclasses import replace

from lib.datasets.absent import absent_sets, find_absent
from lib.datasets.apart import count_apart
from lib.datasets.local import locate
from lib.datasets.own import SHAPES, OwnSet, find_own, own_sets
from lib.datasets.sets import SETS, DatasetInfo

__all__ = ["DatasetInfo", "info", "list_datasets"]


def info(name: str) -> DatasetInfo:
    """Return what is known of `name` without looking for its files. ValueError if there is no such data set."""
    if name in SETS:
        return _of_ours(SETS[name].info)
    if own := find_own(name) or find_absent(name):
        return _of_own(own)
    names = ", ".join(SETS)
    raise ValueError(f"There is no data set called {name!r}; there are {names}.")


def list_datasets(who: str | None = None) -> tuple[DatasetInfo, ...]:
    """List every data set, and whether it can be loaded now without a network; those of one's own at the end.

    who: leave out what is not open to this browser, and what is only known from recordings
    """
    everybodys = (
        replace(_of_ours(kind.info), available=kind.info.offline or locate(name) is not None)
        for name, kind in SETS.items()
    )
    known = own_sets() + (absent_sets() if who is None else ())
    return (*everybodys, *(_of_own(own) for own in known if who is None or own.is_open_to(who)))


def _of_ours(about: DatasetInfo) -> DatasetInfo:
    hidden = count_apart(about.test_count)
    return replace(about, test_count=about.test_count - hidden) if hidden else about


def _of_own(own: OwnSet) -> DatasetInfo:
    lack = "not here" if own.absent else "deleted" if own.deleted else "cannot be read" if own.damaged else ""
    title = f"{own.title} ({lack})" if lack else own.title
    about = "Classes and pictures of your own, kept on this machine."
    mirrors = own.kind == "photo"  # a letter's mirror image is another letter, or none
    return DatasetInfo(
        own.name, title, own.classes, SHAPES[own.kind], own.train_counts, own.test_count, False, about, mirrors,
        available=not lack, bursts=own.bursts,
    )  # fmt: skip
