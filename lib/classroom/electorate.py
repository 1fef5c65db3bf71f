"""Who votes: each student's newest net that has ended, with those of others who trained on the same pictures."""

from collections import defaultdict
from collections.abc import Generator, Sequence

import torch
from torch import Tensor, nn

from lib.classroom.averaging import STARTS, Averaged, Start, measured, show_both
from lib.classroom.record import Refused, Student
from lib.classroom.room import Room
from lib.classroom.taking_home import runs_of
from lib.classroom.voting import Count, Vote, count
from lib.datasets import DatasetUnavailable, Split, load_dataset, spread
from lib.parts import scaled
from lib.runs import Registry, Run
from lib.runs.published import WeightsLost
from lib.training import Evaluation, evaluate, has_numbers
from lib.training.evaluation import evaluate_in_parts
from lib.training.events import Evaluating

FEWEST, MOST_PICTURES = 2, 2_000
_MOST_AVERAGED = 8  # nets of the class in one average
_ASKED = 0.5  # of the whole work: all nets have answered

_Net = tuple[Run, nn.Module]


def voters_by_data(room: Room, registry: Registry) -> dict[str, list[tuple[Student, Run]]]:
    """By data set, who would vote there; the set with the most nets first. Nobody votes twice."""
    found: dict[str, list[tuple[Student, Run]]] = defaultdict(list)
    for student in room.students:
        if student.state == "in":
            run = next((run for run in runs_of(student, registry) if has_learned(run)), None)
            if run is not None:
                found[run.config.data.name].append((student, run))
    return dict(sorted(found.items(), key=lambda each: -len(each[1])))


def has_learned(run: Run) -> bool:
    """True for a run that has ended after an epoch at least, and has a net."""
    return run.state in ("finished", "stopped") and run.has_weights and bool(run.log.epochs)


def hold_vote(room: Room, registry: Registry, data: str) -> Generator[float, None, Vote]:
    """Ask every net and count; yields the share that is done. Refused with fewer than two nets, or without pictures."""
    there = [(student, run, net) for student, run in voters_by_data(room, registry).get(data, [])
             if (net := sound_net(run)) is not None]  # fmt: skip
    if len(there) < FEWEST:
        raise Refused("too_few_nets")
    try:
        whole = load_dataset(data)
        said: list[Tensor] = []
        for place, (_, run, net) in enumerate(there):
            # Each sees the pictures as it learned them, scaled or not; which ones they are is the same for all.
            split = load_dataset(data, scale_pixels=run.config.data.scale_pixels).test
            asked = evaluate_in_parts(net, split, limit=MOST_PICTURES)
            evaluation = yield from shares(asked, _ASKED * place / len(there), _ASKED / len(there))
            said.append(evaluation.probabilities)
    except (DatasetUnavailable, ValueError):
        raise Refused("no_pictures") from None
    places = spread(len(whole.test), MOST_PICTURES)  # those that each was asked about
    counted = count([(student.key, run.id) for student, run, _ in there], torch.stack(said), whole.test.labels[places])
    ours = _on_ours(room, there)
    averages = yield from _averages([(run, net) for _, run, net in there])
    return Vote(data, counted, averages, ours)


def _on_ours(room: Room, nets: Sequence[tuple[Student, Run, nn.Module]]) -> Count | None:
    """The same vote on the pictures that the class gathered; None where there are none."""
    split = room.gathering.split_of(load_dataset(nets[0][1].config.data.name))
    if split is None:
        return None
    said = []
    for _, run, net in nets:
        scale = 1 / 255 if run.config.data.scale_pixels else 1.0
        said.append(evaluate(net, Split(split.images, split.labels, scale, split.mirrors)).probabilities)
    return count([(student.key, run.id) for student, run, _ in nets], torch.stack(said), split.labels)


def _averages(nets: Sequence[_Net]) -> Generator[float, None, tuple[Averaged, ...]]:
    """Of the class's own nets, if it has both kinds; else of small ones that are trained to show it."""
    chosen = [(start, alike(start, nets)) for start in STARTS]
    if any(len(those) < FEWEST for _, those in chosen):
        return (yield from scaled(show_both(), _ASKED, 1.0))
    found = []
    for start, those in chosen:
        yield _ASKED
        of = those[0][0].config.data
        pictures = load_dataset(of.name, scale_pixels=of.scale_pixels)
        found.append(measured(start, [net for _, net in those], pictures, of_class=True))
    return tuple(found)


def alike(start: Start, nets: Sequence[_Net], most: int = _MOST_AVERAGED) -> list[_Net]:
    """The most nets that are built alike and began at one start, or each at its own; no two of them are the same."""
    groups: dict[tuple[object, ...], list[_Net]] = defaultdict(list)
    for run, net in nets:
        config = run.config
        key = (config.model, config.data.name, config.data.scale_pixels, config.seed if start == "one" else None)
        same_seed = any(other.config.seed == config.seed for other, _ in groups[key])
        if not (same_seed if start == "own" else any(_is_same(net, other) for _, other in groups[key])):
            groups[key].append((run, net))
    return max(groups.values(), key=len, default=[])[:most]


def _is_same(one: nn.Module, other: nn.Module) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True))


def sound_net(run: Run) -> nn.Module | None:
    """Its net; None where its weights are lost, or no numbers any more: that costs this net alone."""
    try:
        _, net = run.model()
    except WeightsLost:
        return None
    return net if has_numbers(net) else None


def shares(
    parts: Generator[Evaluating, None, Evaluation], start: float, length: float
) -> Generator[float, None, Evaluation]:
    """`evaluate_in_parts` as a part of longer work: its shares begin at `start` and end `length` later."""
    while True:
        try:
            done = next(parts)
        except StopIteration as stop:
            found: Evaluation = stop.value
            return found
        yield start + length * done.done / done.total
