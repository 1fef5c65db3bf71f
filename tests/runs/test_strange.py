"""None of these: said by the command line, in its table and by the answers that pages show, as one function has it."""

import csv
import io
import re

import numpy as np
import pytest
from PIL import Image

from lib import cli, prepare
from lib.nets import strange
from lib.nets.classify import answer, read_picture, to_csv, verdict
from lib.nets.ready import ready_net
from lib.nets.strange import NONE_OF_THESE, familiar_to, is_strange
from lib.pictures.archive import PictureFile
from tests.datasets.zips import picture
from tests.drawings.sheet import rasterize
from tests.runs.whole_runs import finished


@pytest.fixture
def pictures(tmp_path):
    """A square, and zigzags that are nothing; paths to both."""
    (tmp_path / "square.png").write_bytes(picture("square", 150, "PNG"))
    chance = np.random.default_rng(5)
    zigzags = [(float(x), float(y)) for x, y in chance.uniform(0.2, 0.8, (24, 2))]
    rasterize([zigzags], 0.06).save(tmp_path / "nothing.png")
    return [tmp_path / "square.png", tmp_path / "nothing.png"]


def read(path, net):
    return read_picture(PictureFile(path.name, path.read_bytes()), net.dataset)


def test_the_command_line_says_it_for_people_and_for_spreadsheets(pictures, capsys):
    assert cli.main(["classify", "ready", *map(str, pictures)]) == 0
    square, nothing = capsys.readouterr().out.splitlines()
    assert re.fullmatch(rf"square         +\d+\.\d %  {pictures[0]}", square)
    assert re.fullmatch(rf"none of these +{pictures[1]}", nothing)
    assert cli.main(["classify", "ready", "--csv", *map(str, pictures)]) == 0
    square, nothing = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert square["answer"] == "square"
    assert float(square["confidence"]) == max(float(square[name]) for name in ready_net().dataset.classes)
    assert (nothing["answer"], nothing["confidence"], nothing["problem"]) == (NONE_OF_THESE, "", "")
    assert sum(float(nothing[name]) for name in ready_net().dataset.classes) == pytest.approx(1)


def test_every_way_to_an_answer_has_the_same_one(pictures):
    net = ready_net()
    step, model = net.model()
    known = familiar_to(net, step, model)
    for path in pictures:
        found = read(path, net)
        answered = answer(model, found, known)
        assert answered.strange == is_strange(net, step, model, found.x) == (path.stem == "nothing")
        label, share = verdict(net.dataset.classes, answered)
        assert (label == NONE_OF_THESE) == (share is None) == answered.strange
        assert f"{path.name},{label}," in to_csv(net.dataset.classes, [answered])
        assert not answer(model, found).strange  # nobody asked


def test_it_is_found_out_once_for_each_net_and_step(pictures, monkeypatch):
    strange._kept.clear()
    asked = []
    monkeypatch.setattr(strange, "acquaint", lambda *net: asked.append(net))
    net = ready_net()
    _, model = net.model()
    for step in (1, 1, 2):
        assert familiar_to(net, step, model) is None
    assert len(asked) == 2
    for step in range(20):
        familiar_to(net, step, model)
    assert len(strange._kept) == strange._MOST_KEPT
    strange._kept.clear()


def test_a_run_says_it_when_it_has_ended(registry, small):
    run = finished(registry, small)
    step, model = run.model()
    assert is_strange(run, step, model, prepare(Image.new("L", (50, 50)), run.dataset).tensor)
