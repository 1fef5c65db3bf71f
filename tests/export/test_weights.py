"""Weights that leave: safetensors that come back, ONNX that answers alike in another runtime, pictures in a file."""

import threading
from io import BytesIO

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from safetensors.torch import load

from lib.config import AvgPool2d, BatchNorm, Conv2d, Dense, Dropout, Flatten, GlobalAvgPool2d, MaxPool2d, RunConfig
from lib.datasets.loaded import whole
from lib.export import weights
from lib.export.pictures_npz import picture_file
from lib.nets.ready import read_net
from lib.nets.recording import recorded_runs
from lib.training import predict
from tests.runs.whole_runs import finished, trained_by_hand

# `copyreg` inside torch's own exporter.
pytestmark = pytest.mark.filterwarnings("ignore:.*isinstance.treespec, LeafSpec.*:FutureWarning")
NETS = {
    "convolutions": (
        *(Conv2d(4, 4, 2), BatchNorm(), MaxPool2d(), Dropout(0.3), Conv2d(5, 3, 1, "same", "tanh"), AvgPool2d()),
        *(Flatten(), BatchNorm(), Dense(8, "sigmoid")),
    ),
    "dense": (Flatten(), Dense(12), Dense(6, "linear")),
    "means": (Conv2d(6, 5, padding="valid"), GlobalAvgPool2d()),
}


def test_safetensors_come_back_as_the_same_net(run, tmp_path):
    content = weights.safetensors(run)
    step, net = run.model()
    found = load(content)
    assert found.keys() == net.state_dict().keys()
    assert all(value.equal(found[name]) for name, value in net.state_dict().items())
    file = tmp_path / "net.safetensors"
    file.write_bytes(content)
    again = read_net(file, "x", "x")
    assert (again.steps, again.config) == (step, run.config)
    assert isinstance(again.config, RunConfig)


@pytest.mark.parametrize("name", NETS)
def test_onnxruntime_answers_alike_whatever_the_batch(name, registry, set_up):
    run = finished(registry, set_up(*NETS[name]))
    content = weights.onnx(run)
    onnx.checker.check_model(onnx.load_from_string(content), full_check=True)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    _, net = run.model()
    for count in (1, 7, 40):
        x, _ = run.dataset.test.batch(slice(0, count))
        (found,) = session.run(["probabilities"], {"pictures": x.numpy()})
        assert found.shape == (count, 10)
        np.testing.assert_allclose(found, predict(net, x).numpy(), atol=1e-5)


def test_an_export_beside_a_training_run_changes_nothing_of_it(registry, set_up, run):
    config = set_up(Conv2d(4), Dropout(0.3), MaxPool2d(), Flatten(), Dense(8), epochs=6, augment=True, batch_size=4)
    expected, _, _ = trained_by_hand(config)
    other = registry.start(config, "me")
    exporting = threading.Thread(target=lambda: [weights.onnx(run) for _ in range(2)])
    exporting.start()
    assert other.wait(120)
    exporting.join(60)
    ends = [event for event in expected if event.kind == "epoch_end"]
    for found, wanted in zip(other.log.epochs[1:], ends, strict=True):
        assert found["train_loss"] == pytest.approx(wanted.train_loss, abs=1e-6)
        assert found["valid_loss"] == pytest.approx(wanted.valid_loss, abs=1e-6)


def test_a_recorded_run_has_no_weights_to_take(run, monkeypatch):
    recorded = recorded_runs()["recorded-dense-286k"]
    for make in (weights.safetensors, weights.onnx):
        with pytest.raises(weights.NoWeights, match="curves of this run were kept"):
            make(recorded)


def test_the_picture_file_holds_the_whole_data_set():
    content = picture_file("digits")
    with np.load(BytesIO(content), allow_pickle=False) as found:
        parts = {name: value for name, value in whole("digits")._asdict().items() if isinstance(value, torch.Tensor)}
        assert set(found) == set(parts)
        for name, value in parts.items():
            assert torch.from_numpy(found[name]).equal(value)
