"""The class votes, against scikit-learn's VotingClassifier; averages of weights, against torch's; who votes at all."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier
from torch.optim.swa_utils import AveragedModel

from lib import build_model, evaluate, load_dataset
from lib.classroom import Refused, averaging, electorate
from lib.classroom.averaging import average_of
from lib.classroom.electorate import alike, hold_vote
from lib.classroom.voting import by_majority, by_mean, count, without_each
from lib.config import BatchNorm, Conv2d, Dense, Flatten, ModelConfig
from lib.parts import at_once
from tests.classroom.people import ADA, BOB, TEACHER, config, key, until


@pytest.fixture(scope="module")
def judges():
    """Four of scikit-learn's classifiers that know digits badly, and the pictures that they are asked about."""
    x, y = load_digits(return_X_y=True)
    taught, asked = slice(0, 120), slice(900, 1500)
    models = [
        ("tree", DecisionTreeClassifier(max_depth=6, random_state=0)), ("bayes", GaussianNB()),
        ("near", KNeighborsClassifier(3)), ("line", LogisticRegression(C=0.01, max_iter=2_000)),
    ]  # fmt: skip
    fitted = [(name, model.fit(x[taught], y[taught])) for name, model in models]
    return fitted, x[taught], y[taught], x[asked], y[asked]


def said_by(models, x):
    return torch.from_numpy(np.stack([model.predict_proba(x) for _, model in models]))


def vote_of(models, x, y, asked, how):
    return VotingClassifier(models, voting=how).fit(x, y).predict(asked)


def test_the_vote_is_scikit_learn_s(judges):
    models, x, y, asked, truth = judges
    said = said_by(models, asked)
    assert by_majority(said).tolist() == vote_of(models, x, y, asked, "hard").tolist()
    assert by_mean(said).tolist() == vote_of(models, x, y, asked, "soft").tolist()
    for place, names in enumerate(without_each(said)):
        rest = [model for at, model in enumerate(models) if at != place]
        assert names.tolist() == vote_of(rest, x, y, asked, "soft").tolist()
    counted = count([(name, name) for name, _ in models], said, torch.from_numpy(truth))
    assert counted.pictures == 600
    assert counted.best.accuracy == max(model.score(asked, truth) for _, model in models)
    assert counted.mean == np.mean(vote_of(models, x, y, asked, "soft") == truth)
    assert counted.majority == np.mean(vote_of(models, x, y, asked, "hard") == truth)
    assert counted.average == pytest.approx(np.mean([model.score(asked, truth) for _, model in models]))
    helps = {each.student: each.helps for each in counted.voters}
    for place, (name, _) in enumerate(models):
        rest = [model for at, model in enumerate(models) if at != place]
        without = np.mean(vote_of(rest, x, y, asked, "soft") == truth)
        assert helps[name] == pytest.approx(counted.mean - without, abs=1e-12)
    assert [each.helps for each in counted.voters] == sorted(helps.values(), reverse=True)
    best = models[[name for name, _ in models].index(counted.best.student)][1].predict(asked)
    assert list(counted.saved) == np.flatnonzero((by_mean(said).numpy() == truth) & (best != truth)).tolist()


def test_equal_votes_go_to_the_first_class_and_twins_are_told():
    said = torch.tensor([[[0.1, 0.9]], [[0.6, 0.4]]])
    assert by_majority(said).tolist() == [0]
    assert by_mean(said).tolist() == [1]
    twins = count([("a", "1"), ("b", "2"), ("c", "3")], said[[0, 1, 0]], torch.tensor([1]))
    assert [(each.student, each.twin) for each in sorted(twins.voters, key=lambda each: each.student)] == [
        ("a", False), ("b", False), ("c", True),
    ]  # fmt: skip
    assert twins.different == 2
    alone = count([("a", "1")], said[:1], torch.tensor([1]))
    assert (alone.mean, alone.best.helps, alone.chance) == (1.0, 0.0, 1.0)
    for voters, labels in (([], [1]), ([("a", "1")], [1]), ([("a", "1"), ("b", "2")], [1, 1])):
        with pytest.raises(ValueError, match="a vote needs"):
            count(voters, said[: len(voters) * 2], torch.tensor(labels))


def test_the_average_of_weights_is_torch_s():
    layers = ModelConfig(layers=(Conv2d(3), BatchNorm(), Flatten(), Dense(5)))
    nets = [build_model(layers, (1, 8, 8), 4, seed) for seed in range(3)]
    for net in nets:
        net(torch.rand(16, 1, 8, 8))  # so that the running statistics differ
    averaged = AveragedModel(nets[0], use_buffers=True)
    for net in nets:
        averaged.update_parameters(net)
    ours, theirs = average_of(nets).state_dict(), averaged.module.state_dict()
    assert list(ours) == list(theirs)
    for name, value in ours.items():
        if value.is_floating_point():
            torch.testing.assert_close(value, theirs[name])


def test_small_nets_show_that_one_start_averages_and_own_starts_do_not():
    shares, work = [], averaging.show_both()
    while True:
        try:
            shares.append(next(work))
        except StopIteration as stop:
            one, own = stop.value
            break
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert (one.start, own.start) == ("one", "own")
    assert len(one.singles) == len(own.singles) == averaging.SHOWN_NETS
    assert min(one.singles) > 0.8
    assert one.average > min(one.singles) - 0.02
    assert own.average < min(own.singles) - 0.05


# ---- the class's own ----


def trained(registry, owner, **more):
    seed, train = more.pop("seed", 0), {"epochs": 2, "batch_size": 16} | more
    run = registry.start(config(**train).model_copy(update={"seed": seed}), owner)
    assert run.wait(60)
    assert run.state == "finished"
    return run


def test_each_student_votes_once_with_her_newest_finished_net(room, registry, teacher):
    with pytest.raises(Refused, match="too_few_nets"):
        at_once(teacher.hold_vote("digits"))
    trained(registry, ADA)
    ada = trained(registry, ADA, learning_rate=0.02)
    bob = trained(registry, BOB, seed=1)
    unfinished = registry.start(config(), BOB)
    trained(registry, TEACHER)
    assert {name: [run.id for _, run in each] for name, each in electorate.voters_by_data(room, registry).items()} == {
        "digits": [ada.id, bob.id]
    }
    vote = at_once(teacher.hold_vote("digits"))
    assert room.vote is vote
    assert {each.student for each in vote.counted.voters} == {key(room, ADA), key(room, BOB)}
    test = load_dataset("digits").test
    for voter in vote.counted.voters:
        net = registry.find(voter.run).model()[1]
        assert voter.accuracy == pytest.approx(evaluate(net, test, limit=electorate.MOST_PICTURES).accuracy)
    assert {each.of_class for each in vote.averages} == {False}  # no two of them began at one start
    with pytest.raises(Refused, match="too_few_nets"):
        at_once(teacher.hold_vote("doodles"))
    teacher.remove(key(room, BOB))
    with pytest.raises(Refused, match="too_few_nets"):
        at_once(hold_vote(room, registry, "digits"))
    until(lambda: unfinished.has_ended)
    teacher.wipe()
    assert room.vote is None


def test_nets_from_one_start_and_from_own_starts_are_found_in_the_class(room, registry, teacher):
    runs = [trained(registry, ADA), trained(registry, ADA, learning_rate=0.02), trained(registry, ADA, seed=3),
            trained(registry, BOB)]  # fmt: skip
    nets = [(run, run.model()[1]) for run in runs]
    assert [run.id for run, _ in alike("one", nets)] == [runs[0].id, runs[1].id]  # the last one is the first again
    assert [run.id for run, _ in alike("own", nets)] == [runs[0].id, runs[2].id]
    assert len(alike("own", nets, most=1)) == 1
    room.join("C" * 22, room.code, "c")
    trained(registry, "C" * 22, seed=5)
    trained(registry, ADA, learning_rate=0.03, seed=5)
    vote = at_once(teacher.hold_vote("digits"))
    assert [(each.start, each.of_class, len(each.singles)) for each in vote.averages] == [
        ("one", True, 2), ("own", True, 2),
    ]  # fmt: skip
