"""Frozen eyes: what a net that learned ImageNet finds alike, and a few photos learned with its eyes or without them."""

from functools import cache
from statistics import fmean, stdev

import streamlit as st
import torch
from torch import Tensor

from lib.datasets import Dataset, DatasetInfo, DatasetUnavailable, list_datasets, load_dataset
from lib.datasets.loaded import whole
from lib.labs.frozen import PHOTOS, Eyes, Seen, compare, draw_photos, nearest
from lib.models import preset
from lib.nets.imagenet import PACKAGE, NoImageNet, imagenet_net, is_here
from lib.parts import at_once
from lib.ui.labs import work
from lib.ui.labs.parts import fewer, once, pictures, table
from lib.ui.labs.seeds import beside
from lib.ui.net import inside
from lib.ui.net.answers import png_base64
from lib.ui.net.background import Parts
from lib.ui.net.inside import Net
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.words import percent, say
from lib.ui.words.field import classes_of, title_of
from lib.ui.words.telling import problem_said
from lib.ui.words.text import literal

SEEDS, TESTED = (0, 1, 2), 500
_FIRST, _PHOTOS, _SHOWN = "stickers", 5, 5  # the set and the photos of a class at first; of those that are alike


@cache
def _eyes() -> Eyes:
    return Eyes(imagenet_net())


def get_ready() -> Parts[None]:
    """Read the net and the first set, and look at the photos that the lab begins with: a second and a half."""
    if not is_here():
        return
    eyes = _eyes()
    yield 0.2
    data = load_dataset(_FIRST, valid_fraction=0.0)
    yield 0.8
    yield from eyes.look(data.train.pixels(draw_photos(data.train, len(data.classes), _PHOTOS, SEEDS[0])))


@st.fragment
def show(_net: Net) -> None:
    """Choose pictures and how many of a class; look at what is alike; then learn them three ways."""
    if not is_here():
        st.info(say("lab_frozen.get", package=PACKAGE), icon=":material/visibility:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        sets = {each.name: each for each in list_datasets(session.owner()) if each.available}
        name = held(
            st.selectbox,
            say("lab_frozen.pictures"),
            list(sets),
            key="frozen-data",
            first=_FIRST,
            format_func=lambda each: sets[each].title,
            width=230,
        )
        photos = held(st.select_slider, say("lab_frozen.photos"), PHOTOS, first=_PHOTOS, key="frozen-photos", width=300)
    data = _pictures(sets[name])
    if data is None:
        return
    try:
        _alike(data, photos)
    except NoImageNet as problem:
        st.error(problem_said(problem), icon=":material/error:")
        return
    _learn(data, photos)


def _pictures(info: DatasetInfo) -> Dataset | None:
    """The chosen set; None where it cannot teach, and then the sentence is written."""
    try:
        data = load_dataset(info.name, valid_fraction=0.0)
    except (DatasetUnavailable, ValueError) as problem:
        st.error(say("data.not_here", name=literal(title_of(info)), problem=problem), icon=":material/error:")
        return None
    if len(set(data.train.labels.tolist())) < 2 or not len(data.test):
        st.info(say("lab_frozen.too_few"), icon=":material/science:")
        return None
    return fewer(data, len(data.train), TESTED)


def _alike(data: Dataset, photos: int) -> None:
    """Of the first seed's photos those that are nearest to a picture: to the frozen eyes, and pixel by pixel."""
    split, classes = data.train, classes_of(data)
    places = draw_photos(split, len(classes), photos, SEEDS[0])
    with st.container(key="stack-lab"):  # on a narrow screen one above the other
        own, main = st.columns([0.22, 0.78], gap="medium")
    with own:
        source = inside.choose_source("sample")
        chosen = inside.choose_picture(source, data)
    if chosen is None:
        return
    pixels = (chosen.x / split.scale).round().to(torch.uint8)
    with own:
        pictures([(png_base64(pixels[0].float()), chosen.caption, "", False)], "frozen-picture")
    key = ("frozen", data.name, whole(data.name).digest, photos)
    features = once(key, lambda: _features(split.pixels(places)))
    seen = nearest(features, _features(pixels))
    plain = nearest(split.pixels(places).flatten(1).float(), pixels.flatten(1).float())
    with main:
        for way, order in (("eyes", seen), ("pixels", plain)):
            st.markdown(f"**{say(f'lab_frozen.alike_{way}')}**")
            tiles = []
            for place in places[order[:_SHOWN]].tolist():
                label = int(split.labels[place])
                png = png_base64(split.pixels(torch.tensor([place]))[0].float())
                tiles.append((png, classes[label], "", chosen.truth not in (None, label)))
            pictures(tiles, f"frozen-{way}")
        if chosen.truth is not None:
            st.caption(say("lab_frozen.rim"))


def _features(pixels: Tensor) -> Tensor:
    eyes = _eyes()
    return eyes.features(at_once(eyes.look(pixels)))


def _learn(data: Dataset, photos: int) -> None:
    found: Seen | None = work.result_of(
        "frozen",
        ("frozen", data.name, whole(data.name).digest, photos),
        lambda: compare(_eyes(), preset("small-cnn").model, data, photos, SEEDS),
        say("lab_frozen.train"),
        say("lab_frozen.training"),
        say("lab_frozen.note", photos=photos, tested=len(data.test), seeds=len(SEEDS)),
    )
    if found is None:
        return
    ways = {name: getattr(found, name) for name in ("scratch", "frozen", "thawed")}
    head = (
        say("lab_frozen.way"),
        *(say("lab_frozen.seed", seed=seed) for seed in SEEDS),
        say("lab_frozen.mean"),
        say("lab_frozen.spread"),
    )
    rows = [
        (say(f"lab_frozen.{name}"), *map(percent, scores), percent(fmean(scores)), percent(stdev(scores)))
        for name, scores in ways.items()
    ]
    table([head, *rows], "frozen-table")
    names = {name: say(f"lab_frozen.short_{name}") for name in ways}
    for one, other in (("frozen", "scratch"), ("thawed", "frozen")):
        st.markdown(beside((names[one], names[other]), ways[one], ways[other], 1 / len(data.test)))
