"""What the home takes: measured, held within its limit, cleared away by whoever may."""

import os
import time

import pytest

from lib.home.files import size_of
from lib.runs import TooMuch
from lib.runs.space import Space
from tests.runs.whole_runs import changed, finished


def left_behind(home):
    """A half-written file and a folder of no run, untouched for a day; and young ones, that may be in use."""
    for age, name in ((86_400, "old"), (0, "young")):
        part, folder = home / "data" / f"{name}.1.part", home / "runs" / f"{name}-folder"
        folder.mkdir(parents=True)
        part.parent.mkdir(exist_ok=True)
        for path in (part, folder / "checkpoint.safetensors"):
            path.write_bytes(b"x" * 1_000)
        for path in (part, folder):
            os.utime(path, (time.time() - age, time.time() - age))
    return home / "data" / "old.1.part", home / "runs" / "old-folder"


def test_one_clears_ones_own_ended_runs_away_and_nothing_else(registry, small, endless, until, tmp_path):
    home = tmp_path / "home"
    mine, another, nobodys, theirs = (
        finished(registry, changed(small, learning_rate=rate), owner)
        for rate, owner in ((0.01, "me"), (0.02, "me"), (0.03, ""), (0.04, "you"))
    )
    going = registry.start(endless, "me")
    until(lambda: going.status()["step"] > 3)
    own_set = home / "data" / "own" / "own-0.safetensors"
    own_set.parent.mkdir(parents=True)
    own_set.write_bytes(b"pictures")
    old = left_behind(home)

    offered = registry.space.clearable("me", {another.id})
    assert set(offered.run_ids) == {mine.id, nobodys.id}
    assert set(offered.left_over) == set(old)
    taken = sum(size_of(home / "runs" / run.id) for run in (mine, nobodys))
    assert offered.bytes == taken + 2_000

    assert registry.clear_away(offered, "me") == 2
    assert [registry.find(run.id) is None for run in (mine, another, nobodys, theirs, going)] == [
        True, False, True, False, False,
    ]  # fmt: skip
    assert not any(path.exists() for path in old)
    assert own_set.exists()
    assert (home / "runs" / "young-folder").exists()
    assert (home / "data" / "young.1.part").exists()
    assert theirs.model_at(0) is not None
    assert registry.clear_away(registry.space.clearable("me", {another.id}), "me") == 0


def test_what_was_offered_is_looked_at_again_before_it_goes(registry, small, endless):
    """Nobody gets a run of another browser, or one that goes, by asking for it."""
    theirs, going = finished(registry, small, "you"), registry.start(endless, "me")
    offered = registry.space.clearable("you")
    forged = type(offered)((theirs.id, going.id, "recorded-dense-286k", "nowhere"), (registry._store._folder,), 1)
    assert registry.clear_away(forged, "me") == 0
    assert registry.find(theirs.id) is not None
    assert registry.find(going.id) is not None
    assert registry._store._folder.exists()


def test_a_run_that_cannot_be_read_is_left_alone(open_registry, small):
    registry = open_registry()
    run = finished(registry, small)
    registry._store._database.write([('UPDATE runs SET config = \'{"of": "later"}\' WHERE id = ?', (run.id,))])
    assert registry.space.clearable("me").run_ids == ()


def test_at_the_limit_the_moments_of_the_oldest_go_first_and_curves_and_weights_stay(open_registry, small, monkeypatch):
    registry = open_registry()
    runs = [finished(registry, changed(small, learning_rate=0.01 * number), "you") for number in (1, 2, 3)]
    moments = runs[0].snapshot_bytes()
    registry.space.most_mb = (size_of(registry._store._folder) - moments // 2) / 1e6
    registry.space.changed()
    new = registry.start(small, "me")
    assert new.wait(120)
    assert [bool(run.snapshots()) for run in runs] == [False, True, True]
    assert runs[0].model()[0] == 6
    assert len(runs[0].log.epochs) == 3


def test_where_moments_are_not_enough_no_run_starts_and_it_says_what_to_do(open_registry, small):
    registry = open_registry(max_home_mb=1)
    run = finished(registry, small)
    (registry._store._folder / "large").write_bytes(b"x" * 2_000_000)
    registry.space.changed()
    with pytest.raises(TooMuch, match=r"takes 2 MB; this machine allows 1 MB\. Clear away runs that have ended"):
        registry.start(small, "me")
    assert run.snapshots() == []
    assert run.model()[0] == 6
    (registry._store._folder / "large").unlink()
    registry.space.changed()
    assert finished(registry, small).state == "finished"


def test_own_data_sets_count_and_nothing_deletes_them(open_registry, small):
    registry = open_registry(max_home_mb=1)
    run = finished(registry, small)
    own = registry._store._folder / "data" / "own" / "own-0123456789ab.safetensors"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"x" * 1_500_000)
    registry.space.changed()
    assert registry.space.own_bytes() == 1_500_000
    assert registry.space.bytes() > 1_500_000
    with pytest.raises(TooMuch, match="or delete data sets of your own, on Data"):
        registry.start(small, "me")
    registry.clear_away(registry.space.clearable("me"), "me")
    assert registry.find(run.id) is None
    assert own.stat().st_size == 1_500_000


def test_without_a_limit_everything_stays(registry, small, tmp_path):
    run = finished(registry, small)
    Space(tmp_path / "home", registry._store, 0).make_room()
    assert len(run.snapshots()) == 6
