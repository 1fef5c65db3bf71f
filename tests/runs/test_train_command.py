"""`python -m lib.cli train`: a preset, changed as asked, printed, saved and recorded."""

import json

import pytest

from lib import Dense, Flatten, ModelConfig, cli, preset
from lib.nets.ready import FOLDER
from lib.nets.recording import read_recording

SHORT = ["train", "two-layer-sigmoid", "--data", "digits", "--train-size", "100", "--epochs", "2"]


def test_it_prints_every_epoch_and_the_test_result(capsys):
    assert cli.main(SHORT) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[:3]] == [["epoch", "0"], ["epoch", "1"], ["epoch", "2"]]
    assert "train" not in lines[0]
    assert all(line.endswith(" s") and " accuracy " in line for line in lines[1:3])
    assert lines[3].startswith("test      loss ")
    assert len(lines) == 4


def test_it_records_and_saves_what_was_asked_for(tmp_path, capsys):
    options = ["--learning-rate", "0.01", "--schedule", "cosine", "--batch-size", "20", "--seed", "5"]
    options += ["--precision", "fp32", "--augment"]
    files = ["--record", str(tmp_path / "run.json"), "--save", str(tmp_path / "net.safetensors")]
    assert cli.main([*SHORT, *options, *files]) == 0
    printed = capsys.readouterr().out
    assert f"recorded in {tmp_path / 'run.json'}" in printed
    assert f"saved to {tmp_path / 'net.safetensors'}" in printed

    found = read_recording(tmp_path / "run.json")
    chosen = preset("two-layer-sigmoid")
    train = {"learning_rate": 0.01, "schedule": "cosine", "batch_size": 20, "epochs": 2}
    assert found.config == chosen.model_copy(
        update={
            "data": chosen.data.model_copy(update={"name": "digits", "train_size": 100}),
            "train": chosen.train.model_copy(update=train | {"precision": "fp32", "augment": True}),
            "seed": 5,
        }
    )
    assert (found.name, found.steps) == ("two-layer-sigmoid", 10)
    assert f"accuracy {found.test.accuracy:.4f}" in printed
    assert [moment.at for moment in found.moments] == [0.0, 0.2, 0.4, 0.8, 1.0, 1.6, 2.0]  # for a replay
    assert found.moments[-1].answers == found.answers
    assert found.epochs[-1]["learning_rate"] == pytest.approx(0.000245, rel=0.01)  # the ninth tenth of a cosine
    assert (tmp_path / "net.safetensors").stat().st_size > 1_000


def test_the_same_seed_gives_the_same_numbers(tmp_path):
    for name in ("a.json", "b.json"):
        assert cli.main([*SHORT, "--precision", "fp32", "--record", str(tmp_path / name)]) == 0
    one, other = (json.loads((tmp_path / name).read_text()) for name in ("a.json", "b.json"))
    assert (one["test"], one["answers"]) == (other["test"], other["answers"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train", "alexnet"], "There is no preset “alexnet”"),
        (["train", "small-cnn", "--data", "cats"], "cats"),
        ([*SHORT, "--epochs", "0"], "epochs"),
        ([*SHORT, "--train-size", "10000000"], "cannot be taken"),
    ],
)
def test_what_makes_no_sense_is_said(arguments, said, capsys):
    assert cli.main(arguments) == 2
    assert said in capsys.readouterr().err


def test_a_run_that_diverges_fails_and_records_nothing(tmp_path, capsys, monkeypatch, small):
    wild = {
        "data": small.data.model_copy(update={"scale_pixels": False}),
        "model": ModelConfig(layers=(Flatten(), Dense(16, "linear"))),
        "train": small.train.model_copy(update={"learning_rate": 10.0, "optimizer": "sgd", "epochs": 50}),
    }
    monkeypatch.setattr("lib.nets.train_command.preset", lambda _name, _data: small.model_copy(update=wild))
    path = tmp_path / "run.json"
    assert cli.main(["train", "wild", "--record", str(path)]) == 1
    assert "Try a learning rate below 10" in capsys.readouterr().err
    assert not path.exists()


def test_data_that_is_not_here_is_said_at_once(monkeypatch, capsys):
    monkeypatch.setattr("lib.datasets.loaded.locate", lambda _name: None)
    assert cli.main(["train", "small-cnn", "--data", "kmnist"]) == 1
    assert "kmnist is not on this machine" in capsys.readouterr().err


def test_it_trains_in_a_folder_of_its_own(tmp_path):
    assert cli.main(SHORT) == 0
    assert not list((tmp_path / "home").glob("runs*"))
    assert not [path for path in FOLDER.iterdir() if path.suffix not in (".json", ".safetensors", ".md")]
