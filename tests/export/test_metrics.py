"""Numbers that leave: CSV, and event files that TensorBoard itself reads."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

from lib.config import Dense, Flatten
from lib.experiments.measured import result_of
from lib.export.metrics import metrics_csv, tensorboard_events
from lib.export.tensorboard_file import Scalar, event_file, masked_checksum
from lib.nets.recording import record, recorded_runs
from tests.runs.whole_runs import finished


@pytest.fixture(params=["digits", "recorded"])
def any_run(request, run):
    return run if request.param == "digits" else recorded_runs()["recorded-article-cnn-fast"]


def test_the_table_has_every_number_that_was_published(any_run):
    rows = list(csv.DictReader(StringIO(metrics_csv(any_run))))
    places = [float(row["epochs"]) for row in rows]
    assert places == sorted(places)
    log = any_run.log
    points = [row for row in rows if row["kind"] == "batches"]
    assert [float(row["train_loss"]) for row in points] == [point[1] for point in log.points]
    assert [float(row["train_accuracy"]) for row in points] == [point[2] for point in log.points]
    samples = [row for row in rows if row["kind"] == "sample"]
    assert [float(row["valid_loss"]) for row in samples] == [check[1] for check in log.checks]
    epochs = [row for row in rows if row["kind"] == "epoch"]
    assert [float(row["valid_accuracy"]) for row in epochs] == [epoch["valid_accuracy"] for epoch in log.epochs]
    assert epochs[0]["train_loss"] == ""  # nothing was trained yet
    assert int(epochs[-1]["step"]) == any_run.status()["step"]


def test_a_run_that_the_clock_ended_says_how_far_it_came(registry, set_up):
    """One picture a batch, 500 an epoch: a twentieth of a second is nowhere near the end of an epoch."""
    layers = (Flatten(), Dense(256), Dense(256))
    data = {"train_size": 1_200}
    run = finished(registry, set_up(*layers, data=data, time_budget=0.05, epochs=200, batch_size=1))
    step, each = run.status()["step"], run.status()["steps_per_epoch"]
    assert run.message is not None
    assert step % each  # else the clock happened to end it between two epochs
    rows = [row for row in csv.DictReader(StringIO(metrics_csv(run))) if row["kind"] == "epoch"]
    assert float(rows[-1]["epochs"]) == pytest.approx(step / each, abs=1e-5)
    assert int(rows[-1]["step"]) == step
    assert result_of(run).epochs == pytest.approx(step / each, abs=1e-5)
    kept = record("clocked", run)
    assert kept.epochs[-1]["epoch"] == run.log.epochs[-1]["epoch"]


def test_tensorboard_reads_the_curves(any_run, tmp_path):
    (tmp_path / "run.tfevents").write_bytes(tensorboard_events(any_run))
    found = EventAccumulator(str(tmp_path), size_guidance={"scalars": 0}).Reload()
    tags = {"loss/training", "accuracy/training", "loss/validation", "accuracy/validation", "learning rate"}
    assert set(found.Tags()["scalars"]) == tags
    trained = found.Scalars("loss/training")
    assert [each.value for each in trained] == pytest.approx([point[1] for point in any_run.log.points])
    assert trained[-1].step <= any_run.status()["step"]
    checked = found.Scalars("accuracy/validation")
    assert checked[-1].value == pytest.approx(any_run.log.epochs[-1]["valid_accuracy"])
    assert checked[-1].step == any_run.status()["step"]
    times = [each.wall_time for each in trained]
    assert times == sorted(times)
    assert times[0] >= any_run.created


_SCALARS = st.builds(
    Scalar,
    st.text(min_size=1, max_size=20),
    st.integers(0, 2**62),
    st.floats(width=32, allow_nan=False),
    st.floats(0, 4e9),
)


@given(st.binary(max_size=200))
def test_checksums_are_those_of_tensorboard(data):
    assert masked_checksum(data) == masked_crc32c(data)


@given(st.lists(_SCALARS, max_size=8))
def test_every_record_is_one_that_tensorboard_s_messages_parse(scalars):
    from tensorboard.compat.proto.event_pb2 import Event

    content, found = event_file(1.5, scalars), []
    while content:
        length = int.from_bytes(content[:8], "little")
        found.append(Event.FromString(content[12 : 12 + length]))
        content = content[16 + length :]
    assert found[0].file_version == "brain.Event:2"
    assert len(found) == len(scalars) + 1
    for event, scalar in zip(found[1:], scalars, strict=True):
        (value,) = event.summary.value
        assert (value.tag, event.step, value.simple_value, event.wall_time) == scalar
