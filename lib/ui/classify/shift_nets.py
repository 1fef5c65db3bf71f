"""Which nets stand in the three places of the Shift Lab: those of the experiment, or nets trained before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from lib.config import RunConfig
from lib.datasets import DatasetInfo
from lib.models import summarize
from lib.runs import Run
from lib.runs.ready import ready_net
from lib.ui.classify.shift_experiment import KINDS, TITLES, runs_of
from lib.ui.net import inside
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.words import text

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

    @property
    def is_learning(self) -> bool:
        """True while its weights change."""
        return isinstance(self.net, Run) and not self.net.has_ended

    def cost(self, info: DatasetInfo) -> tuple[int, int]:
        """Parameters, and multiply-adds for one picture."""
        summary = summarize(self.config.model, info.input_shape, len(info.classes))
        return summary.parameters, summary.multiply_adds

    def note(self, info: DatasetInfo) -> str:
        """Its run, and what it costs."""
        parameters, multiply_adds = self.cost(info)
        run = f"{self.net.name} · " if self.net is not None and self.net.name != self.title else ""
        return f"{run}{parameters:,} parameters · {multiply_adds:,} multiply-adds"

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
    with st.popover("Nets", icon=":material/swap_horiz:", help="Put nets that you trained yourself in the places"):
        st.markdown("**Which net stands where**")
        chosen = [_choose(info, place, nets) for place in places]
        st.caption(_about(info, nets, others))
    return chosen


def _choose(info: DatasetInfo, place: Place, nets: Mapping[str, inside.Net]) -> Place:
    def label(choice: str) -> str:
        net = nets.get(choice)
        return f"{net.name} · {_layers_of(net.config)}" if net else f"{place.title} · {place.layers}"

    chosen = held(
        st.selectbox,
        f"Place {place.line + 1}",
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
    said = "Any net trained on this machine with the same pictures can stand here."
    if not nets:
        said = f"No other net has been trained on {text.literal(info.title)} on this machine yet: train one on Train."
    if others:
        names = ", ".join(sorted({net.config.data.name for net in others}))
        count = f"{len(others)} other net{'s' if len(others) > 1 else ''}"
        said += f" {count} learned other pictures ({names}) and cannot answer for {text.literal(info.title)}."
    return said


def _layers_of(config: RunConfig) -> str:
    return " · ".join(layer.briefly() for layer in config.model.layers) or "the class layer alone"
