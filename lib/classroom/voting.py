"""The class votes: nets that know the same classes of pictures answer together, and it is measured who helps.

What is voted on are test pictures, which no net has trained on. The best single net is chosen by these very pictures,
which flatters it: a vote that beats it beats it in earnest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from lib.classroom.averaging import Averaged
from lib.experiments.statistics import mcnemar


@dataclass(frozen=True)
class Voter:
    """How one net did, and what the mean vote would be without it."""

    student: str  # key
    run: str  # id
    accuracy: float  # 0..1
    helps: float  # accuracy of the mean vote minus that of the vote without this net; 0 where nobody else votes
    twin: bool = False  # it answers exactly as one before it


@dataclass(frozen=True)
class Count:
    """One vote, counted: accuracies 0..1 on the same `pictures` test pictures."""

    pictures: int
    voters: tuple[Voter, ...]  # who helps the most comes first
    majority: float  # each net gives one vote to its likeliest class
    mean: float  # the probabilities of all are averaged
    chance: float  # how often a vote no better than the best net would be so far from it (McNemar, two-sided)
    best: Voter = field(repr=False)
    saved: tuple[int, ...] = ()  # pictures, by their place, that the mean vote has right and the best net has not

    @property
    def average(self) -> float:
        """The accuracy of a net that is drawn by lot."""
        return sum(each.accuracy for each in self.voters) / len(self.voters)

    @property
    def different(self) -> int:
        """How many nets answer each in a way of their own."""
        return sum(not each.twin for each in self.voters)


@dataclass(frozen=True)
class Vote:
    """What the projector shows of a vote: of the nets on one data set, and of averages of weights."""

    data: str  # the name of the set
    counted: Count
    averages: tuple[Averaged, ...]
    ours: Count | None = None  # of the same nets on the pictures that the class gathered


def by_majority(probabilities: Tensor) -> Tensor:
    """Class `(N,)` that most of M nets name, by `(M, N, classes)`; of classes with equal votes the first one."""
    classes = probabilities.shape[2]
    named = probabilities.argmax(2)
    votes = torch.nn.functional.one_hot(named, classes).sum(0)
    return votes.argmax(1)


def by_mean(probabilities: Tensor) -> Tensor:
    """Class `(N,)` whose probability, averaged over M nets, is largest, by `(M, N, classes)`."""
    return probabilities.double().mean(0).argmax(1)


def without_each(probabilities: Tensor) -> Tensor:
    """`(M, N)`: what `by_mean` says where each of M nets, at least two, stays away."""
    # Averaged anew: taking one off the sum leaves rounding that decides where two classes are equal.
    places = range(len(probabilities))
    return torch.stack([by_mean(probabilities[[each for each in places if each != left_out]]) for left_out in places])


def count(voters: Sequence[tuple[str, str]], probabilities: Tensor, labels: Tensor) -> Count:
    """Count the votes of M nets on N pictures.

    voters: (student's key, run's id) of each; probabilities: float `(M, N, classes)`; labels: int64 `(N,)`.
    ValueError unless there is at least one net and one picture.
    """
    if not len(voters) or probabilities.shape[:2] != (len(voters), len(labels)) or not len(labels):
        raise ValueError("a vote needs nets, and pictures to vote on")
    right = probabilities.argmax(2) == labels
    accuracies = right.double().mean(1).tolist()
    together = by_mean(probabilities) == labels
    mean = float(together.double().mean())
    alone = len(voters) == 1
    others = [mean] if alone else (without_each(probabilities) == labels).double().mean(1).tolist()
    found = [
        Voter(student, run, accuracies[place], mean - others[place],
              any(torch.equal(probabilities[place], probabilities[before]) for before in range(place)))
        for place, (student, run) in enumerate(voters)
    ]  # fmt: skip
    place = max(range(len(found)), key=accuracies.__getitem__)
    only_vote, only_best = together & ~right[place], right[place] & ~together
    return Count(
        pictures=len(labels),
        voters=tuple(sorted(found, key=lambda each: (-each.helps, -each.accuracy))),
        majority=float((by_majority(probabilities) == labels).double().mean()),
        mean=mean,
        chance=mcnemar(int(only_vote.sum()), int(only_best.sum())),
        best=found[place],
        saved=tuple(only_vote.nonzero().flatten().tolist()),
    )
