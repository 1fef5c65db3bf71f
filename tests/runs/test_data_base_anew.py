"""What a person saw as finished is finished, also where the data base was lost and made anew."""

import json

import pytest

from lib.runs.store import Store
from tests.runs.whole_runs import finished


def lose(home):
    for path in home.glob("runs.sqlite*"):
        path.unlink()


def told(run):
    """What a page shows of an ended run, as JSON has it."""
    return json.dumps([run.name, run.owner, run.status(), run.test_numbers, run.glimpse, run.created])


@pytest.mark.parametrize("how", ["lost", "damaged"])
def test_a_data_base_made_anew_while_it_is_served_has_all_that_was_known(open_registry, small, until, tmp_path, how):
    home = tmp_path / "home"
    registry = open_registry()
    runs = [finished(registry, small), finished(registry, small, "you")]
    before, curves = [told(run) for run in runs], [json.dumps(run.log.entries()) for run in runs]
    if how == "lost":
        lose(home)
    else:
        for path in home.glob("runs.sqlite*"):
            path.write_bytes(b"no data base" * 1_000)
    third = registry.start(small, "me")  # somebody writes, and finds out
    assert third.wait(120)
    until(lambda: registry.unkept is None)
    assert [told(registry.find(run.id)) for run in runs] == before
    registry.close()
    again = open_registry()
    found = [again.find(run.id) for run in runs]
    assert [told(run) for run in found] == before
    assert [json.dumps(run.log.entries()) for run in found] == curves
    assert [run.id for run in again.newest()] == [third.id, runs[1].id, runs[0].id]
    assert again.find(third.id).test_numbers == third.test_numbers


def test_a_run_that_is_found_by_its_folder_alone_knows_its_test_result(open_registry, small, tmp_path):
    registry = open_registry()
    run = finished(registry, small)
    numbers, glimpse = run.test_numbers, json.loads(json.dumps(run.glimpse))
    registry.close()
    lose(tmp_path / "home")
    found = open_registry().find(run.id)
    assert (found.state, found.test_numbers, found.glimpse) == ("finished", numbers, glimpse)
    accuracy = f"{numbers['accuracy'] * 100:.1f} %"
    assert found.message == f"Test accuracy {accuracy}. Its curve is lost; its weights are from iteration 6."


def test_a_row_that_is_found_does_not_stand_above_what_this_process_knows(tmp_path, open_registry, small):
    """The data base that was made anew found the run by its folder, and knows less of it."""
    registry = open_registry()
    run = finished(registry, small)
    registry.close()
    row, entries = run.row, run.log.entries()
    lose(tmp_path / "home")
    store = Store(tmp_path / "home")
    assert store.find(run.id).message != row.message
    number = store._read("SELECT number FROM runs")
    store.keep_anew(row, entries)
    kept = store.find(run.id)
    assert json.dumps(kept.result) == json.dumps(row.result)
    assert (kept.state, kept.message, kept.created) == (row.state, row.message, row.created)
    assert row.result["tested"] == run.test_numbers
    assert store._read("SELECT number FROM runs") == number
    store.close()
