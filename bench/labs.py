"""Measure what the labs say they found: `python -m bench.labs [LAB ...]`, each from three seeds, printed as JSON lines.

The net is `small-cnn` on 4,000 doodles for five epochs, if a lab says nothing else. Takes about ten minutes in all.
"""

import json
import sys
from collections.abc import Callable, Generator
from dataclasses import asdict, replace
from statistics import mean
from typing import Any

import torch
from torch import nn

from lib.config import Conv2d, GlobalAvgPool2d, MaxPool2d, ModelConfig, RunConfig, TrainConfig
from lib.datasets import Dataset, Split, load_dataset
from lib.explain.attribution import grad_cam, occlusion, saliency
from lib.explain.surgery import convolutions
from lib.labs import asking, fooling, frozen, hands, liking, teaching
from lib.labs import clue as clues
from lib.labs import wrong_labels as wrong
from lib.labs.hardening import hardened
from lib.labs.learning import accuracy, learn
from lib.labs.scrambling import agreement, explanations, learning_layers, scrambled
from lib.labs.shrinking import BITS, PRUNED, shrunk
from lib.models import build_model, preset
from lib.nets.imagenet import imagenet_net
from lib.training import evaluate

SEEDS = (0, 1, 2)
_LEVEL = 16  # grey levels at which ways to change a picture are compared


def finished(work: Generator[float, None, Any]) -> Any:
    """Do all of it, and return what it found."""
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def first_of(split: Split, pictures: int) -> Split:
    """The first so many pictures."""
    part = slice(0, pictures)
    return Split(split.pixels(part), split.labels[part], split.scale, split.mirrors)


def trained(seed: int, data: Dataset | None = None, **train: Any) -> tuple[RunConfig, Dataset, nn.Sequential]:
    """The usual net of these measurements, on other pictures or with other settings if wanted."""
    config = preset("small-cnn", "doodles")
    data = data or load_dataset("doodles", train_size=4_000)
    settings = config.train.model_copy(update={"epochs": 5, "precision": "fp32", **train})
    net = build_model(config.model, data.input_shape, len(data.classes), seed)
    finished(learn(net, data.train, data.valid, settings, seed))
    return config, data, net


def fool(seed: int) -> dict[str, Any]:
    """How little suffices before and after training against it, and what noise as large does."""
    _, data, net = trained(seed)
    found: dict[str, Any] = {}
    for name, each in (("before", net), ("after", finished(hardened(net, data.train, seed)))):
        x, y = data.test.batch(slice(0, 500))
        size = _LEVEL * data.test.scale

        def right(changed: torch.Tensor, model: nn.Module = each, truth: torch.Tensor = y) -> float:
            return float((fooling.answers(model, changed).argmax(1) == truth).float().mean())

        found[name] = {
            "accuracy": accuracy(each, data.test),
            "half": fooling.middle(finished(fooling.smallest_sizes(each, data.test, 200))),
            "noise": right(fooling.noisy(x, size)),
            "one": right(fooling.fooled(each, x, y, size)),
            "ten": right(fooling.fooled(each, x, y, size, steps=fooling.STEPS)),
        }
    return found


def wrong_labels(seed: int) -> dict[str, Any]:
    """Training and test accuracy by the share of labels that are drawn by lot, and what mending brings back."""
    config, data = preset("small-cnn", "doodles"), load_dataset("doodles", train_size=2_000, test_size=1_000)
    settings = TrainConfig(learning_rate=0.003, batch_size=32, epochs=12, precision="fp32")
    truth, found = data.train.labels, dict[str, Any]()
    for share in (0, 20, 40, 80):
        given = wrong.spoiled(truth, share / 100, 10, seed)
        studied = finished(wrong.study(config.model, data, given, settings, seed))
        suspects = studied.suspects(len(given))
        found[f"{share} %"] = {
            "train": studied.train_accuracy[-1],
            "test": studied.test_accuracy[-1],
            "best test": max(studied.test_accuracy),
            "planted": int((given != truth).sum()),
            "among the first hundred": wrong.planted_among(suspects[:100], given, truth),
        }
        if share == 40:
            labels = wrong.mended(given, {place: int(studied.answers[place]) for place in suspects})
            again = finished(wrong.study(config.model, data, labels, settings, seed))
            found["mended"] = {"left": int((labels != truth).sum()), "test": again.test_accuracy[-1]}
    return found


def clue(seed: int) -> dict[str, Any]:
    """How many fall for the dot, and which explanation points at it, in a net with Flatten and one that averages."""
    data = load_dataset("doodles", train_size=2_000, test_size=1_000)
    settings = TrainConfig(learning_rate=0.003, batch_size=32, epochs=6, precision="fp32")
    found = {}
    averaging = ModelConfig(layers=(Conv2d(16), MaxPool2d(), Conv2d(32), MaxPool2d(), GlobalAvgPool2d()))
    for name, model in (("small-cnn", preset("small-cnn", "doodles").model), ("averaging", averaging)):
        net, misled = finished(clues.mislead(model, data, 5, 0, settings, seed))
        others = (data.test.labels != 5).nonzero().flatten()[:60]
        x = clues.dotted(data.test.batch(others)[0], 0, 1.0)
        taken = x[fooling.answers(net, x).argmax(1) == 5]
        last = convolutions(net)[-1]
        maps = {
            "grad-cam": [grad_cam(net, each, last, 5) for each in taken],
            "saliency": [saliency(net, each, 5) for each in taken],
            "occlusion": [occlusion(net, each, 5, patch=4, stride=2) for each in taken],
        }
        found[name] = asdict(misled) | {
            f"{how} points at the dot": mean(_points_there(each) for each in drawn)
            for how, drawn in maps.items()
            if drawn
        }
    return found


def shrink(seed: int) -> dict[str, Any]:
    """Accuracy on 1,000 test pictures by bits, and by the share of weights that is left out."""
    _, data, net = trained(seed)
    test = first_of(data.test, 1_000)
    found: dict[str, Any] = {f"{bits} bits": accuracy(shrunk(net, bits), test) for bits in BITS}
    return found | {f"without {part} %": accuracy(shrunk(net, 32, part), test) for part in PRUNED}


def like(seed: int) -> dict[str, Any]:
    """From how many classes the nine patches come that a filter answers most, and what it says to the made picture.

    Over all filters that answer anything, of a thousand training pictures as on the page.
    """
    _, data, net = trained(seed)
    split, found = first_of(data.train, 1_000), dict[str, Any]()
    for layer in convolutions(net):
        classes, times, size = [], [], set()
        count = int(net.get_submodule(layer).out_channels)  # type: ignore[arg-type]
        for index in range(count):
            best = liking.most_liked(net, layer, index, split)
            if best[0].answer <= 0:
                continue
            classes.append(len({int(split.labels[each.picture]) for each in best}))
            made = liking.pleasing(net, layer, index, data.input_shape, 255 * split.scale)
            with torch.no_grad():
                times.append(float(liking.up_to(net, layer)(made[None])[0, index].max()) / best[0].answer)
            size |= {(each.window.bottom - each.window.top + 1) for each in best}
        found[layer] = {
            "silent": count - len(classes), "of": count, "classes": mean(classes), "fewest": min(classes),
            "most": max(classes), "made against the best": mean(times), "rows seen": max(size),
        }  # fmt: skip
    return found


def scramble(seed: int) -> dict[str, Any]:
    """How far each explanation agrees with itself once the net is scrambled, over 40 test pictures."""
    _, data, net = trained(seed)
    x, _ = data.test.batch(slice(0, 40))
    last, found = scrambled(net, 1, seed), dict[str, list[tuple[float, float]]]()
    everything = scrambled(net, len(learning_layers(net)), seed)
    for one in x.split(1):
        label = int(fooling.answers(net, one)[0].argmax())
        maps = [explanations(each, one, label) for each in (net, last, everything)]
        for method, first in maps[0].items():
            pair = (agreement(first, maps[1][method]), agreement(first, maps[2][method]))
            found.setdefault(method, []).append(pair)
    return {
        method: {"last layer": mean(a for a, _ in pairs), "all layers": mean(b for _, b in pairs)}
        for method, pairs in found.items()
    }


def ask(seed: int) -> dict[str, Any]:
    """Test accuracy with labels that the net chose, and with as many by lot, by what unsure means."""
    data = load_dataset("doodles", train_size=1_000, test_size=1_000)
    model, found = preset("small-cnn", "doodles").model, dict[str, Any]()
    for by in asking.DOUBTS:
        asked = finished(asking.compare(model, data, by, (seed,)))
        found |= {"first": asked.by_lot[0][0], by: asked.chosen[0][-1], "by lot": asked.by_lot[0][-1]}
    return found


def teach(seed: int) -> dict[str, Any]:
    """Test accuracy of a pupil that heard the teacher, by temperature, and of one on the labels alone."""
    _, data, net = trained(seed)
    few = replace(data, train=first_of(data.train, 300), test=first_of(data.test, 1_000))
    model, found = teaching.pupil(data.input_shape, len(data.classes)), dict[str, Any]()
    for temperature in teaching.TEMPERATURES:
        taught = finished(teaching.teach(net, model, few, temperature, (seed,)))
        found |= {"teacher": taught.teacher, "labels": taught.by_labels[0], f"at {temperature}": taught.by_teacher[0]}
    return found


def frozen_eyes(seed: int) -> dict[str, Any]:
    """Test accuracy on the stickers by photos a class: on frozen eyes, with the last block thawed, from nothing."""
    data = load_dataset("stickers", test_size=1_000, valid_fraction=0.0)
    eyes, found = frozen.Eyes(imagenet_net()), dict[str, Any]()
    for photos in (1, 5, 20):
        seen = finished(frozen.compare(eyes, preset("small-cnn").model, data, photos, (seed,)))
        found |= {f"{photos} a class, {way}": scores[0] for way, scores in asdict(seen).items()}
    return found


def whose_hand(seed: int) -> dict[str, Any]:
    """Test accuracy by group of hands, and of nets without a group, with it, and with as many others."""
    config, data, net = trained(seed)
    right = evaluate(net, data.test).probabilities.argmax(1) == data.test.labels
    few = replace(data, train=first_of(data.train, 2_000), test=first_of(data.test, 1_000))
    found = dict[str, Any]()
    for measure in hands.MEASURES:
        groups = hands.thirds(hands.measured(data.test, measure), data.test.labels)
        for end, places in groups.items():
            found[f"{measure} {end}"] = float(right[places].float().mean())
    for measure, end in (("thickness", "high"), ("tilt", "high"), ("size", "low")):
        grown = finished(hands.grow(config.model, few, measure, end, (seed,)))
        for way in hands.WAYS:
            found[f"{measure} {end}, {way}"] = [grown.inside[way][0], grown.outside[way][0]]
    return found


def _points_there(values: torch.Tensor) -> float:
    """Whether the largest value lies where the dot in the top left corner is, or beside it."""
    row, column = divmod(int(values.argmax()), values.shape[1])
    return float(row < values.shape[0] / 4 and column < values.shape[1] / 4)


LABS: dict[str, Callable[[int], dict[str, Any]]] = {
    "fool": fool,
    "wrong_labels": wrong_labels,
    "clue": clue,
    "shrink": shrink,
    "like": like,
    "scramble": scramble,
    "ask": ask,
    "teach": teach,
    "frozen_eyes": frozen_eyes,
    "whose_hand": whose_hand,
}


def _means(found: list[Any]) -> Any:
    first = found[0]
    if isinstance(first, dict):
        return {name: _means([each[name] for each in found]) for name in first}
    return round(mean(found), 4) if all(isinstance(each, int | float) for each in found) else found


def main(names: list[str]) -> None:
    """Measure the labs called so, or all."""
    for name in names or LABS:
        found = []
        for seed in SEEDS:
            found.append(LABS[name](seed))
            print(json.dumps({"lab": name, "seed": seed, "found": found[-1]}), flush=True)
        print(json.dumps({"lab": name, "mean": _means(found)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
