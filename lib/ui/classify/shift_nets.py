"""Which nets stand in the three places of the Shift Lab: those of the experiment, or nets trained before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from lib.config import RunConfig
from lib.datasets import DatasetInfo
from lib.models import summarize
from lib.nets.ready import ready_net
from lib.ui.classify.shift_experiment import KINDS, TITLES, runs_of
from lib.ui.net import inside
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.words import say, text
from lib.ui.words.field import title_of

_OFFERED = 30  # newest runs
_OF_EXPERIMENT = "experiment"


@dataclass(frozen=True)
class Place:
    """One net of the lab, there already or still to be trained."""

    title: str
    config: RunConfig
    net: inside.Net | None
    line: int  # which of the three places
    kind: str | None  # of the experiment's nets

    @cached_property
    def is_learning(self) -> bool:
        """True while its weights change, as first asked: a run that ends during a draw is a learning one to its end.

        Otherwise a draw that took two nets as they are and the third as not there yet measures two of three.
        """
        return self.net is not None and not self.net.has_ended

    def cost(self, info: DatasetInfo) -> tuple[int, int]:
        """Parameters, and multiply-adds for one picture."""
        summary = summarize(self.config.model, info.input_shape, len(info.classes))
        return summary.parameters, summary.multiply_adds

    def note(self, info: DatasetInfo) -> str:
        """Its run, and what it costs."""
        parameters, multiply_adds = self.cost(info)
        run = f"{self.net.name} · " if self.net is not None and self.net.name != self.title else ""
        return say("classify.parameters_multiply_adds", run=run, parameters=parameters, multiply_adds=multiply_adds)

    @property
    def layers(self) -> str:
        """Its hidden layers in words: "conv 16 · pool · flatten"."""
        return _layers_of(self.config)


def of_experiment(configs: Mapping[str, RunConfig]) -> list[Place]:
    """The experiment's three nets, those that are not trained without a net."""
    pairs = zip(KINDS, runs_of([configs[kind] for kind in KINDS]), strict=True)
    return [Place(TITLES[kind], configs[kind], run, line, kind) for line, (kind, run) in enumerate(pairs)]


def choose_places(info: DatasetInfo, places: Sequence[Place]) -> list[Place]:
    """Let the person put nets of their own in the places; only what was trained on the same pictures fits."""
    nets, others = _candidates(info)
    with st.popover(say("classify.nets"), icon=":material/swap_horiz:", help=say("classify.put_nets_you")):
        st.markdown(say("classify.which_net_stands"))
        chosen = [_choose(info, place, nets) for place in places]
        st.caption(_about(info, nets, others))
    return chosen


def _choose(info: DatasetInfo, place: Place, nets: Mapping[str, inside.Net]) -> Place:
    def label(choice: str) -> str:
        net = nets.get(choice)
        return f"{net.name} · {_layers_of(net.config)}" if net else f"{place.title} · {place.layers}"

    chosen = held(
        st.selectbox,
        say("classify.place", line=place.line + 1),
        [_OF_EXPERIMENT, *nets],
        format_func=label,
        key=f"shift-place-{info.name}-{place.line}",
        width=440,
    )
    net = nets.get(chosen)
    return Place(net.name, net.config, net, place.line, None) if net else place


def _candidates(info: DatasetInfo) -> tuple[dict[str, inside.Net], list[inside.Net]]:
    """Nets of this data set by id, and those of others."""
    runs: list[inside.Net] = [run for run in session.newest_runs(_OFFERED) if run.has_weights]
    known = [ready_net(), *runs]
    fitting = {net.id: net for net in known if net.config.data.name == info.name}
    return fitting, [net for net in known if net.id not in fitting]


def _about(info: DatasetInfo, nets: Mapping[str, inside.Net], others: Sequence[inside.Net]) -> str:
    said = say("classify.any_net_trained")
    if not nets:
        said = say("classify.no_other_net", title=text.literal(title_of(info)))
    if others:
        names = ", ".join(sorted({net.config.data.name for net in others}))
        count = say("classify.other_nets", count=len(others))
        said += say("classify.learned_other_pictures", count=count, names=names, title=text.literal(title_of(info)))
    return said


def _layers_of(config: RunConfig) -> str:
    return " · ".join(layer.briefly() for layer in config.model.layers) or say("classify.class_layer_alone")
