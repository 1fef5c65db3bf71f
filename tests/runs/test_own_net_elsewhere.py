"""A net that learned own classes answers on a machine that has none of its pictures."""

import numpy as np
import pytest
import torch
from PIL import Image

from lib import cli
from lib.config import DataConfig, Dense, Flatten, ModelConfig, RunConfig, TrainConfig
from lib.datasets.measured_rules import conventions
from lib.datasets.own import Kind, save_own, shrink
from lib.export.weights import safetensors
from lib.nets.ready import read_net, save_ready_net
from lib.runs import get_registry


def picture(kind: str, seed: int) -> Image.Image:
    """A dark bar, lying or standing, somewhere on a light sheet."""
    draw = np.random.default_rng(seed)
    pixels = np.full((120, 120, 3), 240, np.uint8)
    x, y, long, thick = *draw.integers(15, 40, 2), draw.integers(40, 70), draw.integers(5, 14)
    wide, high = (long, thick) if kind == "lying" else (thick, long)
    pixels[y : y + high, x : x + wide] = 20
    return Image.fromarray(pixels)


@pytest.mark.parametrize("kind", ["drawing", "photo"])
def test_the_answers_are_the_same_where_the_pictures_are_not(kind: Kind, tmp_path, monkeypatch, capsys) -> None:
    classes = {name: [shrink(picture(name, seed), kind) for seed in range(12)] for name in ("lying", "हिन्दी")}
    data = DataConfig(name=save_own("Bars", kind, classes).name, valid_fraction=0.2)
    model = ModelConfig(layers=(Flatten(), Dense(8)))
    run = get_registry().start(RunConfig(data=data, model=model, train=TrainConfig(epochs=3, batch_size=4)), "me")
    assert run.wait(120, "finished")
    (tmp_path / "own.safetensors").write_bytes(safetensors(run))
    save_ready_net(tmp_path / "saved.safetensors", run.config, *run.model())
    picture("lying", 99).save(tmp_path / "new.png")
    nets = [str(tmp_path / name) for name in ("own.safetensors", "saved.safetensors")]
    here = [answered(net, tmp_path, capsys) for net in nets]
    rules = conventions(run.dataset)

    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "elsewhere"))
    assert [answered(net, tmp_path, capsys) for net in nets] == here
    assert "हिन्दी" in here[0]
    found = read_net(tmp_path / "own.safetensors", "own", "own")
    assert found.dataset.classes == ("lying", "हिन्दी")
    assert conventions(found.dataset) == rules
    assert len(found.dataset.test) == 0
    assert torch.equal(
        found.model()[1](torch.zeros(1, *found.dataset.input_shape)),
        run.model()[1](torch.zeros(1, *found.dataset.input_shape)),
    )


def answered(net: str, folder, capsys) -> str:
    assert cli.main(["classify", net, str(folder / "new.png"), "--csv"]) == 0
    out: str = capsys.readouterr().out
    return out
