"""Where two nets differ on the same pictures: each cell against scikit-learn's matrices, and what a cell opens."""

import pytest
import torch
from sklearn.metrics import confusion_matrix
from streamlit.testing.v1 import AppTest

from lib.config import Dense, Flatten, ModelConfig, RunConfig
from lib.explain.mistakes import Answered
from lib.runs import Run, get_registry
from lib.ui.compare import difference
from lib.ui.frame.page import PAGES

CLASSES = ("cat", "dog", "eel")


def answered(seed: int, pictures: int = 400) -> Answered:
    random = torch.Generator().manual_seed(seed)
    labels = torch.arange(pictures) % 3
    shares = torch.rand(pictures, 3, generator=random, dtype=torch.float64).softmax(1)
    return Answered(torch.arange(pictures), labels, shares)


def test_every_cell_is_what_one_matrix_has_more_than_the_other() -> None:
    both = answered(1), answered(2)
    wanted = [confusion_matrix(each.labels, each.answers, labels=[0, 1, 2]) for each in both]
    cells = difference.cells_of(CLASSES, both[0].counts(), both[1].counts(), ("A", "B"))
    for truth in range(3):
        for answer in range(3):
            first, second = (int(each[truth, answer]) for each in wanted)
            cell = cells[truth][answer]
            assert cell["text"].replace("−", "-") == (f"{first - second:+}" if first != second else "")
            assert cell["title"].endswith(f": {first} with A, {second} with B")
            if first != second:
                assert cell["better"] == ((first > second) == (truth == answer))
    assert max(cell["share"] for row in cells for cell in row) == 1


def test_a_cell_opens_what_one_of_them_alone_knows_the_surest_mistake_first() -> None:
    both = answered(1), answered(2)
    right = [each.answers == each.labels for each in both]
    for place in (0, 1):
        alone = right[place] & ~right[1 - place]
        assert sorted(difference.only(both, place, None)) == alone.nonzero().flatten().tolist()
        assert (
            sorted(difference.only(both, place, (1, 1))) == (alone & (both[0].labels == 1)).nonzero().flatten().tolist()
        )
        rows = difference.only(both, place, (1, 2))
        assert rows
        assert all(both[1 - place].answers[row] == 2 and both[0].labels[row] == 1 for row in rows)
        sure = [float(both[1 - place].probabilities[row].max()) for row in rows]
        assert sure == sorted(sure, reverse=True)
    parts = (difference.only(both, 0, (1, 0)), difference.only(both, 0, (1, 2)))
    assert sorted([*parts[0], *parts[1]]) == sorted(difference.only(both, 0, (1, 1)))


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> list[Run]:
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    config = RunConfig.model_validate(
        {
            "data": {"name": "digits", "train_size": 200, "test_size": 100},
            "model": ModelConfig(layers=(Flatten(), Dense(8))).model_dump(),
            "train": {"epochs": 2, "precision": "fp32"},
        }
    )
    runs = [get_registry().start(config.model_copy(update={"seed": seed}), "this-session") for seed in (0, 1)]
    assert all(run.wait(120) for run in runs)
    return runs


def test_compare_shows_it_once_both_were_asked(two: list[Run], monkeypatch: pytest.MonkeyPatch) -> None:
    shown: dict[str, dict] = {}
    monkeypatch.setattr(difference, "confusion_difference", lambda **said: shown.update({said["key"]: said}))
    monkeypatch.setattr(difference, "cell_pictures", lambda **said: shown.update({said["key"]: said}))
    at = AppTest.from_file(str(PAGES / "compare.py"), default_timeout=60)
    at.query_params["runs"] = ",".join(run.id for run in two)
    at.session_state["compare-view"] = "runs"
    at.run()
    assert not shown
    next(each for each in at.button if "same test pictures" in each.label).click().run()
    assert not at.exception
    both = [difference.asked(run) for run in two]
    matrix = shown["difference-matrix"]
    assert matrix["cells"] == difference.cells_of(
        two[0].dataset.classes, both[0].counts(), both[1].counts(), [run.name for run in two]
    )
    for place in (0, 1):
        wall, rows = shown[f"difference-only-{place}"], difference.only(both, place, None)
        assert [tile["place"] for tile in wall["tiles"]] == rows[:12]
        assert wall["title"] == f"Only {two[place].name} knows"
        assert wall["on_cleared"] is None
    at.session_state["difference-cell"] = (3, 3)
    at.run()
    assert not at.exception
    assert shown["difference-matrix"]["chosen"] == (3, 3)
    assert all(tile["truth"] == two[0].dataset.classes[3] for tile in shown["difference-only-0"]["tiles"])
    assert shown["difference-only-0"]["on_cleared"] is not None
