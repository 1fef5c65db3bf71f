"""Rules on what the layers do: units that never answer, and activations that are flat."""

from collections.abc import Sequence

from lib.doctor.findings import Bar, Bars, Checked, Finding, Remedy, Rule
from lib.doctor.measurements import LayerState, Measurements
from lib.doctor.remedies import first, other_activation, scaled_pixels, smaller_rate
from lib.doctor.thresholds import FLAT, SILENT
from lib.experiments import words
from lib.experiments.designs import USUAL_RATES


def _silent(m: Measurements) -> Checked:
    if m.looked is None:
        return Checked(unknown=no_look(m))
    layers = [layer for layer in m.looked.layers if layer.activation == "relu"]
    if not layers:
        return Checked("there is no ReLU in this net")
    worst = max(layers, key=lambda layer: layer.silent)
    measured = f"at most {words.percent(worst.silent)} of a layer is silent, in {worst.name}"
    if worst.silent < SILENT.value:
        return Checked(measured)
    silent = round(worst.silent * worst.units)
    those = f"All {worst.units:,}" if silent == worst.units else f"{silent:,} of the {worst.units:,}"
    sentence = (
        f"{those} {_units(worst)} of {worst.name} answer 0 to "
        f"every one of {m.looked.pictures:,} validation pictures: no gradient passes a ReLU at 0, so they "
        "cannot come back."
    )
    title = "Share of each ReLU layer that never answers"
    chart = _bars(title, layers, [layer.silent for layer in layers], SILENT.value)
    return Checked(measured, Finding(sentence, chart, _gentler(m, "relu")))


def _flat(m: Measurements) -> Checked:
    if m.looked is None:
        return Checked(unknown=no_look(m))
    layers = [layer for layer in m.looked.layers if layer.activation in ("sigmoid", "tanh")]
    if not layers:
        return Checked("there is no sigmoid and no tanh in this net")
    worst = max(layers, key=lambda layer: layer.flat)
    measured = f"at most {words.percent(worst.flat)} of a layer's answers are flat, in {worst.name}"
    if worst.flat < FLAT.value:
        return Checked(measured)
    sentence = (
        f"{words.percent(worst.flat)} of the answers of {worst.name} lie where the {worst.activation} is flat: almost "
        "no gradient passes there, so what comes before hardly learns."
    )
    title = "Share of each layer's answers where its activation is flat"
    chart = _bars(title, layers, [layer.flat for layer in layers], FLAT.value)
    return Checked(measured, Finding(sentence, chart, _gentler(m, worst.activation)))


def _gentler(m: Measurements, activation: str) -> Remedy | None:
    """What drove the units there: pixels that are too large, else steps that were; else another activation."""
    config = m.config
    if not config.data.scale_pixels:
        return scaled_pixels(config)
    if config.train.learning_rate > USUAL_RATES[config.train.optimizer]:
        return first(lambda: smaller_rate(config))
    return other_activation(config, activation, "tanh" if activation == "relu" else "relu")


def no_look(m: Measurements) -> str:
    """Why nobody could look into the net."""
    if m.finite is False:
        return "the weights are no longer numbers"
    return "the weights of this run were not kept" if m.finite is None else "its pictures are not on this machine"


def _units(layer: LayerState) -> str:
    return "filters" if layer.name.startswith("conv") else "units"


def _bars(title: str, layers: Sequence[LayerState], shares: Sequence[float], level: float) -> Bars:
    rows = tuple(
        Bar(layer.name, share, words.percent(share), marked=share >= level)
        for layer, share in zip(layers, shares, strict=True)
    )
    return Bars(title, rows, 1.0, (f"conspicuous from {100 * level:.0f} %", level))


RULES = (
    Rule(
        "silent",
        "Dead ReLU units",
        f"In one layer {SILENT.share} or more of the units, or of the filters, answer 0 to every picture looked at.",
        SILENT.why,
        _silent,
    ),
    Rule(
        "flat",
        "Saturated units",
        f"In one sigmoid or tanh layer {FLAT.share} or more of all answers lie where the slope is below a tenth of "
        "its largest.",
        FLAT.why,
        _flat,
    ),
)
