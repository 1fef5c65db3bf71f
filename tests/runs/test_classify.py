"""One net, many files: the same numbers to the last digit from the API, the page and the command line."""

import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import lib
from lib import build_model, cli, load_dataset, load_image, predict, prepare
from lib.models import preset
from lib.nets.classify import Answer, answer, best_of, find_net, read_picture, to_csv
from lib.nets.ready import ready_net, save_ready_net
from lib.pictures.archive import PictureFile, PictureFiles, Source
from lib.training.evaluation import glance
from tests.datasets.zips import HOSTILE_SAYS, hostile, picture, zipped
from tests.runs.whole_runs import finished

ROOT = Path(__file__).parents[2]


@pytest.fixture
def pictures(tmp_path):
    """Three pictures on disk, in three formats."""
    files = {"square.png": "PNG", "circle.jpg": "JPEG", "triangle.webp": "WEBP"}
    for name, kind in files.items():
        (tmp_path / name).write_bytes(picture(name.split(".")[0], 150, kind))
    return [tmp_path / name for name in files]


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def by_the_api(net, path):
    """What somebody writes in a notebook, with public names only."""
    data = load_dataset(**net.config.data.model_dump())
    model = build_model(net.config.model, data.input_shape, len(data.classes))
    model.load_state_dict(net.model()[1].state_dict())
    return predict(model, prepare(load_image(path.read_bytes()), data).tensor)[0].tolist()


def by_the_page(net, path):
    """What the table on Classify does (tests/ui/test_many.py sees that it does)."""
    read = read_picture(PictureFile(path.name, path.read_bytes()), net.dataset)
    return answer(net.model()[1], read).probabilities


def by_the_command_line(capsys, name, *paths):
    assert cli.main(["classify", name, "--csv", *map(str, paths)]) == 0
    return rows_of(capsys.readouterr().out)


def probabilities(row, classes):
    return [row[name] for name in classes]  # as they are written


def test_the_ready_net_says_the_same_everywhere_to_the_last_digit(pictures, capsys):
    net = ready_net()
    rows = by_the_command_line(capsys, "ready", *pictures)
    for path, row in zip(pictures, rows, strict=True):
        expected = [repr(share) for share in by_the_api(net, path)]
        assert [repr(share) for share in by_the_page(net, path)] == expected
        assert probabilities(row, net.dataset.classes) == expected
        assert row["answer"] == path.stem
        assert row["confidence"] == max(expected, key=float)


def test_a_run_says_the_same_everywhere_by_its_id_and_by_its_name(registry, random_net, pictures, capsys):
    run = finished(registry, random_net)
    expected = [[repr(share) for share in by_the_page(run, path)] for path in pictures]
    assert [[repr(share) for share in by_the_api(run, path)] for path in pictures] == expected
    for name in (run.id, run.name):
        rows = by_the_command_line(capsys, name, *pictures)
        assert [probabilities(row, run.dataset.classes) for row in rows] == expected


def test_a_saved_net_says_the_same_as_the_run_it_was(registry, small, pictures, tmp_path, capsys):
    run = finished(registry, small)
    save_ready_net(tmp_path / "net.safetensors", run.config, *run.model())
    rows = by_the_command_line(capsys, str(tmp_path / "net.safetensors"), *pictures)
    for path, row in zip(pictures, rows, strict=True):
        assert probabilities(row, run.dataset.classes) == [repr(share) for share in by_the_page(run, path)]


@pytest.mark.parametrize("threads", ["2"])
def test_another_process_with_other_threads_says_the_same(threads, pictures):
    command = [sys.executable, "-m", "lib.cli", "classify", "ready", "--csv", *map(str, pictures)]
    environment = os.environ | {"OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    net = ready_net()
    for path, row in zip(pictures, rows_of(done.stdout), strict=True):
        assert probabilities(row, net.dataset.classes) == [repr(share) for share in by_the_page(net, path)]


@pytest.mark.parametrize("name", ["small-cnn", "two-layer-sigmoid", "dense-286k", "lenet-5", "article-cnn"])
def test_a_probability_depends_on_its_picture_alone(name):
    """Not on how many pictures come together, not on how many threads are free: in float32 it does."""
    model = build_model(preset(name).model, (1, 28, 28), 10, seed=1)
    x = torch.rand(9, 1, 28, 28, generator=torch.Generator().manual_seed(2))
    together = predict(model, x)
    torch.testing.assert_close(together, glance(model, x), rtol=1e-4, atol=1e-6)
    before = torch.get_num_threads()
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            assert predict(model, x).equal(together)
            assert torch.cat([predict(model, one[None]) for one in x]).equal(together)
    finally:
        torch.set_num_threads(before)
    assert model[-1].weight.dtype == torch.float32  # as it was


def test_the_table_names_answers_and_refusals_and_the_exit_code_says_it(pictures, tmp_path, capsys):
    (tmp_path / "holiday.zip").write_bytes(hostile())
    (tmp_path / "empty.gif").write_bytes(b"")
    paths = [
        pictures[0],
        tmp_path / "holiday.zip",
        tmp_path / "gone.png",
        tmp_path,
        tmp_path / "empty.gif",
        pictures[1],
    ]
    assert cli.main(["classify", "ready", *map(str, paths)]) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert re.fullmatch(rf"square   +\d+\.\d %  {pictures[0]}", lines[0])
    assert re.fullmatch(rf"circle   +\d+\.\d %  {pictures[1]}", lines[-1])
    refused = {line.split(maxsplit=1)[1].split(": ")[0]: line.split(": ", 1)[1] for line in lines if "refused" in line}
    folder = tmp_path / "holiday.zip"
    for name, said in HOSTILE_SAYS.items():
        assert refused[f"{folder}/{name}"].startswith(said)
    assert refused[str(tmp_path / "gone.png")] == "It cannot be read (No such file or directory)."
    assert refused[str(tmp_path)] == "It cannot be read (Is a directory)."
    assert refused[str(tmp_path / "empty.gif")].startswith("This is not a picture that can be read here")
    assert len(refused) == len(HOSTILE_SAYS) + 3
    assert len(lines) == len(refused) + 4
    assert err == f"the ready net at iteration {ready_net().steps:,}, trained on doodles\n"


def test_comma_separated_values_keep_every_digit_and_every_name():
    classes = ("cat, or dog", 'a "third"')
    shares = predict(torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 2)), torch.rand(3, 1, 2, 2)).tolist()
    names = ['odd, "name".png', "=1+1.png", "@cell.png"]
    answers = [Answer(name, None, row) for name, row in zip(names, shares, strict=True)]
    text = to_csv(classes, [*answers, Answer("bad.png", "It is damaged, sadly.", None)])
    rows = rows_of(text)
    assert [row["file"] for row in rows] == ['odd, "name".png', "'=1+1.png", "'@cell.png", "bad.png"]
    assert [[float(row[name]) for name in classes] for row in rows[:3]] == shares
    assert [float(row["confidence"]) for row in rows[:3]] == [max(row) for row in shares]
    assert [row["answer"] for row in rows[:3]] == [best_of(classes, row)[0] for row in shares]
    assert rows[3] == {
        "file": "bad.png",
        "answer": "",
        "confidence": "",
        "problem": "It is damaged, sadly.",
    } | dict.fromkeys(classes, "")
    assert "\r" not in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nobody", "There is no run called “nobody”"),
        ("gone.safetensors", "There is no file gone.safetensors."),
        ("recorded-two-layer-sigmoid", "only the curves were kept, not the weights"),
    ],
)
def test_a_net_that_is_not_there_is_said_in_a_sentence(name, said, pictures, capsys):
    assert cli.main(["classify", name, str(pictures[0])]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"no weights", bytes(100), b"\x02\0\0\0\0\0\0\0{}"])
def test_a_file_that_is_no_net_is_said_in_a_sentence(content, tmp_path, pictures, capsys):
    path = tmp_path / "bad.safetensors"
    path.write_bytes(content)
    assert cli.main(["classify", str(path), str(pictures[0])]) == 2
    assert capsys.readouterr().err == f"{path} is no net that `train --save` wrote, or it is damaged.\n"


def test_a_net_that_broke_answers_nothing(tmp_path, pictures, capsys):
    net = ready_net()
    _, model = net.model()
    with torch.no_grad():
        model.conv1.weight[0] = torch.nan
    save_ready_net(tmp_path / "net.safetensors", net.config, 1, model)
    assert cli.main(["classify", str(tmp_path / "net.safetensors"), str(pictures[0])]) == 1
    assert "are no longer numbers: its steps were too large" in capsys.readouterr().err


def test_looking_for_a_net_makes_no_files(tmp_path, pictures):
    assert cli.main(["classify", "ready", str(pictures[0])]) == 0
    with pytest.raises(ValueError, match="There is no run called"):
        find_net("nobody")
    assert not list((tmp_path / "home").glob("runs*"))


def test_a_run_under_way_elsewhere_is_read_and_left_alone(registry, endless, pictures, capsys, until):
    """Another process may be training it: nothing is paused, and the last save answers."""
    run = registry.start(endless, "me")
    assert run.wait(120, "running")
    run.pause(run.owner)
    assert run.wait(120, "paused")
    run.resume(run.owner)
    assert run.wait(120, "running")
    assert cli.main(["classify", run.name, str(pictures[0])]) == 0
    assert f"{run.name} at iteration " in capsys.readouterr().err
    assert registry._store.find(run.id).state == "running"
    assert not run.has_ended


def test_names_and_bytes_come_from_zips_too(tmp_path, capsys):
    path = tmp_path / "two.zip"
    path.write_bytes(zipped({"a/circle.png": picture("circle"), "square.jpg": picture(file="JPEG")}))
    rows = by_the_command_line(capsys, "ready", path)
    assert [(row["file"], row["answer"]) for row in rows] == [
        (f"{path}/a/circle.png", "circle"),
        (f"{path}/square.jpg", "square"),
    ]
    files = PictureFiles([Source("two.zip", path.stat().st_size, path.read_bytes)])
    assert [
        repr(s) for s in answer(ready_net().model()[1], read_picture(next(iter(files)), ready_net().dataset))[2]
    ] == (probabilities(rows[0], ready_net().dataset.classes))


def test_the_api_s_predict_is_the_one_that_the_page_uses():
    assert lib.predict is predict


def test_a_finished_run_whose_weights_are_gone_says_so(open_registry, small, pictures, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "home"))
    registry = open_registry()
    run = finished(registry, small)
    registry.close()
    for path in (tmp_path / "home" / "runs" / run.id).glob("*.safetensors"):
        path.write_bytes(b"")
    assert cli.main(["classify", run.name, str(pictures[0])]) == 1
    said = capsys.readouterr()
    assert f"The weights of {run.name} cannot be read" in said.err
    assert "Traceback" not in said.err
    assert said.out == ""
