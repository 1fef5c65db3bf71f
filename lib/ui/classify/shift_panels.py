"""The nets of the Shift Lab as its pad shows them: what each answers in every place, and its map once there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from torch import Tensor, nn

from lib.datasets import Dataset, DatasetInfo, Split
from lib.explain.shifting import ANGLES, REACH, SCALES, Robustness, answers_when_shifted
from lib.training import has_numbers
from lib.ui.classify.shift_measure import Key, Measurement, measure, measurement
from lib.ui.classify.shift_nets import Place
from lib.ui.components.shift_pad import encode_accuracies, encode_answers
from lib.ui.net import inside
from lib.ui.words import Said, say

_CHANGES = (2 * REACH + 1) ** 2 + len(ANGLES) + len(SCALES)
_MOST_COST = 2_000_000_000_000  # multiply-adds behind one net's maps, about a minute on two cores
_FEWEST = 50  # test pictures, however large the net
_MISSING = Said(
    {
        "running": "classify.missing_running",
        "cancelled": "classify.missing_cancelled",
        "failed": "classify.missing_failed",
    }
)


@dataclass(frozen=True)
class Shown:
    """A place with its net as it is now, and what is known of it."""

    place: Place
    step: int
    model: nn.Sequential | None  # None: there is nothing to ask ...
    why: str  # ... and this is why
    key: Key | None

    @property
    def measurement(self) -> Measurement | None:
        """Its map, under measurement or done; None before."""
        return measurement(self.key) if self.key else None

    @property
    def found(self) -> Robustness | None:
        """Its map, once measured."""
        return known.found if (known := self.measurement) else None


def pictures_for(places: Sequence[Place], data: Dataset, info: DatasetInfo, wanted: int) -> int:
    """How many test pictures all of `places` are measured on: fewer if one of the nets is large."""
    cost = max(place.cost(info)[1] for place in places)
    affordable = _MOST_COST // (cost * _CHANGES) // _FEWEST * _FEWEST
    return min(wanted, len(data.test), max(_FEWEST, affordable))


def load(place: Place, data: Dataset, pictures: int) -> Shown:
    """Take the net of a place as it is now."""
    if place.net is None:
        return Shown(place, 0, None, say("classify.not_trained_yet"), None)
    if place.is_learning:
        return Shown(place, 0, None, say("classify.still_training"), None)
    step, model = place.net.model()
    if not has_numbers(model):
        return Shown(place, step, None, say("classify.weights_no_longer"), None)
    return Shown(place, step, model, "", (place.net.id, step, data.name, pictures))


def begin(shown: Shown, data: Dataset, info: DatasetInfo) -> None:
    """Measure its map in the background, unless that is done or under way."""
    if shown.model is not None and shown.key is not None:
        test = Split(data.test.images, data.test.labels, _scale(shown.place))
        measure(shown.key, shown.model, test, shown.place.cost(info)[1])


def panel(shown: Shown, data: Dataset, info: DatasetInfo, chosen: inside.Chosen) -> dict[str, Any]:
    """One panel for `shift_pad`."""
    place, found, known = shown.place, shown.found, shown.measurement
    filled: dict[str, Any] = {
        "name": place.kind or place.title,
        "title": place.title,
        "note": place.note(info),
        "layers": place.layers,
        "line": place.line,
        "missing": shown.why or _MISSING.get(known.state if known else "running", ""),
    }
    if shown.model is not None and place.net is not None:
        x = chosen.x * (_scale(place) / data.test.scale)
        filled["answers"] = _answers((place.net.id, shown.step), x, shown.model)
    if found is not None:
        filled |= {"map": encode_accuracies(found.by_shift), "pictures": found.pictures}
    return filled


@st.cache_data(max_entries=500, show_spinner=False, hash_funcs={Tensor: lambda x: x.numpy().tobytes()})
def _answers(
    net: tuple[str, int],  # noqa: ARG001  (what the cache goes by, beside the picture)
    x: Tensor,
    _model: nn.Sequential,
) -> str:
    return encode_answers(answers_when_shifted(_model, x).numpy())


def _scale(place: Place) -> float:
    """What the net sees is a pixel times this."""
    return 1 / 255 if place.config.data.scale_pixels else 1.0
