"""The layer list of Train: the net drawn to scale, one line a layer, edited in place."""

from contextlib import suppress
from typing import Any, cast

from lib.config import ModelConfig, RunConfig
from lib.datasets import DatasetInfo
from lib.models import ShapeError, list_presets, nearest_preset, preset
from lib.models.shapes import Planned, plan
from lib.ui.components import heard
from lib.ui.components.net_editor import ChosenPreset, Edit, NetAction, Plain, net_editor
from lib.ui.setup import session
from lib.ui.setup.hiding import is_hidden
from lib.ui.setup.withheld import is_withheld
from lib.ui.words import text
from lib.ui.words.telling import problem_said, tell

_EDITOR = "net"


def layers_card(config: RunConfig, info: DatasetInfo) -> bool:
    """Draw the net and its layer list; True if the net can work."""
    error: ShapeError | None = None
    try:
        planned = plan(config.model, info.input_shape, len(info.classes))
    except ShapeError as problem:
        error, planned = problem, problem.reached
    net_editor(
        key=_EDITOR,
        layers=config.model.model_dump()["layers"],
        rows=_rows(planned, len(config.model.layers) + 1),
        input_shape=info.input_shape,
        classes=len(info.classes),
        totals={
            "parameters": sum(step.parameters for step in planned),
            "multiply_adds": sum(step.multiply_adds for step in planned),
        },
        error=_for_editor(error) if error else None,
        presets=[{"name": name, "label": text.PRESET_TITLES[name]} for name in list_presets()],
        preset=nearest_preset(config),
        can_undo=session.can("undo"),
        can_redo=session.can("redo"),
        withheld=[figure for figure in ("parameters", "multiply_adds") if is_withheld(figure)],
        locked=is_hidden("model.layers"),
        version=session.version(),
        on_action=_edited,
    )
    return error is None


def _edited() -> None:
    """Do what was asked in the layer list."""
    action, config = heard(_EDITOR, "action", cast(type[Edit | ChosenPreset | Plain], NetAction)), session.setup()
    match action:
        case Edit():
            with suppress(ValueError):  # what is no layer is not taken over
                model = ModelConfig.model_validate({"layers": action.layers})
                session.change_setup(config.model_copy(update={"model": model}), undoable=True)
        case ChosenPreset() if action.name in list_presets():
            # A preset brings its own way of training; the pictures that were chosen stay.
            chosen = preset(action.name, config.data.name)
            kept = config.data.model_dump(include={"name", "train_size", "keep"})
            data = chosen.data.model_copy(update=kept)
            session.change_setup(chosen.model_copy(update={"data": data, "seed": config.seed}), undoable=True)
        case Plain(type="mend"):
            _mend(config)
        case Plain(type="undo"):
            session.undo()
        case Plain(type="redo"):
            session.redo()
        case _:
            pass  # nothing that our own editor says: the list as it is goes back
    session.handled()


def _mend(config: RunConfig) -> None:
    info = session.dataset_info(config.data.name)
    try:
        plan(config.model, info.input_shape, len(info.classes))
    except ShapeError as error:
        if error.mend:
            model = ModelConfig(layers=error.mend.layers)
            session.change_setup(config.model_copy(update={"model": model}), undoable=True)


def _rows(planned: list[Planned], count: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"name": step.name, "shape": list(step.output_shape), "parameters": step.parameters} for step in planned
    ]
    return rows + [{"name": "", "shape": None, "parameters": 0}] * (count - len(rows))


def _for_editor(error: ShapeError) -> dict[str, Any]:
    mend = tell(error.mend.told) if error.mend else None
    return {"layer_index": error.layer_index, "reason": problem_said(error), "mend_label": mend}
