"""The table of data sets, asked column by column: what is not known of a set is found here, not by a learner."""

import ast

import pytest

from lib.datasets import DatasetUnavailable, load_dataset
from lib.datasets.foreign import called, foreign_sets
from lib.datasets.local import locate
from lib.datasets.measured_rules import conventions
from lib.datasets.sets import SETS
from lib.export.cells import quoted
from lib.export.torch_pictures import needed_packages, needs_file

pytestmark = pytest.mark.usefixtures("home", "quick_digits")


@pytest.fixture(params=SETS)
def kind(request):
    return SETS[request.param]


def test_what_is_said_of_it_is_whole(kind):
    info = kind.info
    assert SETS[info.name] is kind
    assert info.title
    assert info.about.endswith(".")
    assert len(info.classes) == len(set(info.classes)) == len(info.train_counts)
    assert min(info.train_counts) > 0
    assert info.test_count > 0
    assert kind.strangers.called
    assert set(kind.strangers.classes) <= set(info.classes)
    assert kind.layout.photo == (info.input_shape[0] == 3)


def test_it_comes_from_one_place(kind):
    """Always here, from a package, or downloaded."""
    assert [kind.info.offline, bool(kind.info.package), kind.fetched is not None].count(True) == 1
    assert (kind.find is not None) == bool(kind.info.package)
    if kind.info.offline:
        assert locate(kind.info.name) is not None


def test_what_is_read_is_what_was_said(kind):
    info = kind.info
    try:
        data = load_dataset(info.name, valid_fraction=0.0)
    except DatasetUnavailable:
        assert not info.offline
        pytest.skip(f"{info.name} is not on this machine")
    assert data.classes == info.classes
    assert data.input_shape == info.input_shape
    assert tuple(data.train.labels.bincount().tolist()) == info.train_counts
    assert len(data.test) == info.test_count
    found = conventions(data)
    assert found == kind.layout


def test_programs_that_stand_alone_come_by_its_pictures(kind):
    assert needs_file(kind.info.name) == (kind.torch is None)
    for program in filter(None, (kind.torch, kind.keras)):
        parts = [quoted(module, *names) for module, names in program.quotes]
        lines = [line for _, lines in parts for line in lines] + list(program.needs)
        code = ast.parse("\n".join([*lines, *(code for code, _ in parts), program.load()]))
        bound = {node.id for node in ast.walk(code) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        assert {"images", "labels", "test_images", "test_labels"} <= bound
    assert needed_packages(kind.info.name)


def test_it_is_a_stranger_to_nets_that_learned_other_classes(kind):
    assert called(kind.info.name) == kind.strangers.called
    digits = load_dataset("digits")
    is_stranger = not set(kind.info.classes) & set(digits.classes)
    if kind.info.offline:
        assert is_stranger == (kind.info.name in {each.name for each in foreign_sets(digits)})
