"""The doctor: rules on what a run measured, each with the numbers behind it and a change to try."""

from lib.doctor.evidence import both_curves
from lib.doctor.examination import RULES, examine
from lib.doctor.findings import Bars, Checked, Evidence, Finding, Lines, Remedy, Rule
from lib.doctor.layer_states import look
from lib.doctor.measurements import Epoch, LayerState, LayerWeights, Looked, Measurements
from lib.doctor.probes import measure

__all__ = [
    "RULES",
    "Bars",
    "Checked",
    "Epoch",
    "Evidence",
    "Finding",
    "LayerState",
    "LayerWeights",
    "Lines",
    "Looked",
    "Measurements",
    "Remedy",
    "Rule",
    "both_curves",
    "examine",
    "look",
    "measure",
]
