"""Two nets on the same pictures: counted by hand, and asked for real."""

import pytest
import torch
from scipy import stats

from lib.config import RunConfig
from lib.datasets import load_dataset
from lib.experiments import Coordinator
from lib.experiments.answers import Beside, beside, more_often, right_answers, said_of, said_of_places, same_test
from lib.experiments.designs import optimizer_contest, with_train
from lib.runs import Registry
from tests.in_english import both, read

House = tuple[Registry, Coordinator]


def test_who_alone_is_right_is_counted() -> None:
    first, second = torch.tensor([1, 1, 1, 0, 0, 1]).bool(), torch.tensor([1, 0, 0, 0, 1, 0]).bool()
    assert beside(first, second) == Beside(6, 3, 1)
    assert beside(second, first) == Beside(6, 1, 3)
    assert beside(first, second).chance == pytest.approx(stats.binomtest(3, 4).pvalue)


def test_the_sentence_tells_pictures_from_seeds() -> None:
    said = both(said_of("a", "b", Beside(360, 20, 4)))
    assert said.startswith(
        "Of the same 360 test pictures 20 are right with a alone and 4 with b alone: these two nets "
    )
    assert said.endswith("One seed each says nothing about chance between seeds.")
    close = both(said_of("a", "b", Beside(360, 8, 4)))
    assert f"too close to call (McNemar's test, p = {stats.binomtest(8, 12).pvalue:.1f})" in close
    assert not Beside(360, 8, 4).is_told
    assert Beside(360, 20, 4).is_told


def test_nets_that_are_asked_in_many_places_are_compared_picture_by_picture() -> None:
    found = more_often(torch.tensor([81, 40, 3, 0, 9]), torch.tensor([80, 41, 3, 0, 1]))
    assert found == Beside(5, 2, 1)
    assert both(said_of_places("a", "b", found)).startswith(
        "Of the same 5 test pictures 2 are right in more places with a and 1 with b: too close to call"
    )


def test_single_seeds_are_asked_the_same_pictures(house: House, base: RunConfig) -> None:
    """And with one seed each nobody is named a winner all the same."""
    registry, coordinator = house
    short = with_train(base, epochs=2)
    planned = optimizer_contest(short, ("sgd", "adam"), usual_rates=False)
    experiment = coordinator.start("optimizers", "Optimizers", planned, "me")
    assert coordinator.wait(experiment.id, 240)
    ended = coordinator.find(experiment.id)
    assert ended is not None
    assert ended.verdict is not None
    runs = {member.panel: registry.find(member.run or "") for member in ended.members}
    right = {panel: right_answers(run) for panel, run in runs.items() if run}
    test = load_dataset(**base.data.model_dump()).test
    for panel, found in right.items():
        result = ended.panels()[panel][0].result
        assert result is not None
        assert found is not None
        assert len(found) == len(test)
        assert float(found.double().mean()) == pytest.approx(result.test_accuracy)
    assert read(ended.verdict).endswith(both(said_of("Adam", "SGD", beside(right["Adam"], right["SGD"]))))
    assert ended.verdict.best is None


def test_other_test_pictures_are_not_laid_side_by_side(house: House, base: RunConfig) -> None:
    registry, _ = house
    other = base.model_copy(update={"data": base.data.model_copy(update={"test_size": 100})})
    longer = with_train(base, epochs=5)
    one, two, three = (registry.start(config, "me") for config in (base, other, longer))
    assert not same_test(one, two)
    assert same_test(one, three)
    for run in (one, two, three):
        run.stop("me")
