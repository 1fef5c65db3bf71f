"""A net from a file, kept for who brought it: what our own exports say comes back, and nobody else sees it."""

import pytest
import torch
from safetensors.torch import save

from lib.config import Conv2d, DataConfig, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig, TrainConfig
from lib.export.weights import onnx, safetensors
from lib.home import HomeFailure
from lib.models import build_model
from lib.nets import brought
from lib.nets.brought import brought_by, delete_brought, find_brought, keep_net, read_arrived
from lib.nets.stranger.file import NotThisNet
from lib.runs import Limits, Registry
from tests.runs.whole_runs import finished

CONFIG = RunConfig(
    data=DataConfig(name="digits", train_size=80, test_size=40, valid_fraction=0.05),
    model=ModelConfig(layers=(Conv2d(3, activation="gelu"), MaxPool2d(), Flatten(), Dense(8))),
    train=TrainConfig(precision="fp32", epochs=1, batch_size=20),
)


@pytest.fixture
def run(tmp_path, quick_digits):
    opened = Registry(tmp_path / "runs", Limits(slice_seconds=0.02))
    yield finished(opened, CONFIG)
    opened.close()


@pytest.mark.filterwarnings("ignore")  # of torch's exporter, about itself
@pytest.mark.parametrize(("make", "name"), [(safetensors, "Mine.safetensors"), (onnx, "Mine.onnx")])
def test_what_was_taken_away_comes_back_and_answers_the_same(run, make, name):
    arrived = read_arrived(name, make(run), RunConfig())
    assert arrived.model == CONFIG.model
    assert "digits" in [each.name for each in arrived.fitting("me")]
    net = keep_net(arrived, "digits", "me")
    (step, model), (wanted_step, wanted) = net.model(), run.model()
    x, _ = run.pictures.test.batch(slice(0, 20))
    with torch.no_grad():
        torch.testing.assert_close(model(x), wanted(x), atol=1e-4, rtol=0)
    assert net.name == "Mine"
    assert net.came_trained
    if make is safetensors:
        assert (step, net.config.data) == (wanted_step, CONFIG.data)
    else:
        assert (step, net.config.data) == (0, DataConfig(name="digits"))


def test_only_who_brought_it_sees_it_and_a_later_process_too(run):
    net = keep_net(read_arrived("a.safetensors", safetensors(run), RunConfig()), "digits", "me")
    brought._read.cache_clear()
    assert find_brought(net.id, "me").name == "a"
    assert find_brought(net.id, "you") is None
    assert [each.id for each in brought_by("me")] == [net.id]
    assert brought_by("you") == []
    for nobody in ("brought-", "brought-../../x", f"{net.id}0", "ready"):
        assert find_brought(nobody, "me") is None


def untrained():
    net = build_model(CONFIG.model, (1, 28, 28), 10)
    return save({name: value.contiguous() for name, value in net.state_dict().items()})


def test_who_brought_it_deletes_it_and_nobody_else(quick_digits):
    net = keep_net(read_arrived("a.safetensors", untrained(), CONFIG), "digits", "me")
    place = brought._place(net.id)
    for who, what in (("you", net.id), ("", net.id), ("me", "brought-../../x"), ("me", "ready")):
        delete_brought(what, who)
        assert place.is_file()
    delete_brought(net.id, "me")
    assert not place.exists()
    assert (find_brought(net.id, "me"), brought_by("me")) == (None, [])
    delete_brought(net.id, "me")  # twice is once


def test_a_disk_that_refuses_is_said(quick_digits, monkeypatch):
    net = keep_net(read_arrived("a.safetensors", untrained(), CONFIG), "digits", "me")

    def refuse(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    with pytest.raises(HomeFailure):
        delete_brought(net.id, "me")
    assert find_brought(net.id, "me") is not None


def test_the_oldest_gives_way(run, monkeypatch):
    monkeypatch.setattr(brought, "_MOST_EACH", 2)
    arrived = read_arrived("a.safetensors", safetensors(run), RunConfig())
    kept = [keep_net(arrived._replace(name=f"n{number}"), "digits", "me").id for number in range(3)]
    theirs = keep_net(arrived, "digits", "you")
    assert {each.id for each in brought_by("me")} == set(kept[1:])
    assert [each.id for each in brought_by("you")] == [theirs.id]


def test_bare_weights_are_for_the_set_up_on_train(quick_digits):
    net = build_model(CONFIG.model, (1, 28, 28), 10)
    bare = {name: value.contiguous() for name, value in net.state_dict().items()}
    arrived = read_arrived("x.safetensors", save(bare), CONFIG)
    assert (arrived.model, arrived.config) == (CONFIG.model, CONFIG)
    for code, weights in {
        "other_weights": bare | {"more": torch.zeros(1)},
        "no_number": bare | {"conv1.bias": torch.full((3,), torch.inf)},
    }.items():
        with pytest.raises(NotThisNet, match=code):
            read_arrived("x.safetensors", save(weights), CONFIG)
    with pytest.raises(NotThisNet, match="other_weights"):
        read_arrived("x.safetensors", save(bare), CONFIG.model_copy(update={"model": ModelConfig(layers=(Flatten(),))}))


def test_a_damaged_file_of_weights_is_refused(run):
    whole = safetensors(run)
    for content in (b"", b"x" * 100, whole[:200], whole[:-8], (10**15).to_bytes(8, "little") + whole[8:]):
        with pytest.raises(NotThisNet, match="not_weights"):
            read_arrived("x.safetensors", content, CONFIG)
    headed = save({"a": torch.zeros(1)}, metadata={"config": '{"data": {"name": "cats"}}'})
    with pytest.raises(NotThisNet, match="unknown_pictures"):
        read_arrived("x.safetensors", headed, CONFIG)
