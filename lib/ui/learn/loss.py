"""Labels and loss: what a label is for, three losses under the pointer, and a real net made surer."""

from typing import Any

import streamlit as st
from torch import nn

from lib.config import LOSSES, Loss, RunConfig
from lib.explain.confidence import collect
from lib.parts import at_once
from lib.training import loss_of
from lib.ui.components.loss_lab import loss_lab
from lib.ui.components.surer import surer
from lib.ui.learn.heard import you_may_have_read
from lib.ui.learn.leads import Lead, leads_to, name_of
from lib.ui.net import inside
from lib.ui.net.missing import lacks_pictures
from lib.ui.net.picture import can_be_asked
from lib.ui.setup.link import to_link
from lib.ui.words import for_browser, say

_PICTURES = 1_000
_SCALES = [10 ** (step / 20) for step in range(-20, 21)]  # a tenth to ten, and 1 in the middle


def show(net: inside.Net) -> None:
    """One picture's loss to drag, and below it the loss of a real net."""
    words = for_browser("loss", "fields")
    loss_lab(key="loss-lab", words=words)
    step, model = net.model()
    if can_be_asked(model) and not lacks_pictures(net, "surer"):
        found = _scaled((net.id, step), net, model)
        hint = say("loss.sure_hint", name=name_of(net), count=found["pictures"])
        surer(
            key="surer",
            words=words,
            title=say("loss.sure_title"),
            hint=hint,
            scales=_SCALES,
            losses=found["losses"],
            accuracy=found["accuracy"],
        )
    you_may_have_read("sse_only", "lower_is_better")
    leads_to(
        *(Lead("train", f"leads.train_{loss}", _with_loss(net.config, loss)) for loss in LOSSES),
        Lead("classify", "leads.softmax"),
        Lead("diagnose", "leads.mistakes"),
    )


def _with_loss(config: RunConfig, loss: Loss) -> dict[str, str]:
    """The address of the same set-up with this loss."""
    return to_link(config.model_copy(update={"train": config.train.model_copy(update={"loss": loss})}))


@st.cache_data(show_spinner=False, max_entries=200)
def _scaled(moment: tuple[str, int], _net: inside.Net, _model: nn.Module) -> dict[str, Any]:  # noqa: ARG001
    """Both losses with every score multiplied by each of `_SCALES`; cached by which net of which step."""
    outputs = at_once(collect(_model, _net.dataset.test, _PICTURES))
    losses = {
        loss: [float(loss_of(outputs.logits * scale, outputs.labels, loss)) for scale in _SCALES] for loss in LOSSES
    }
    accuracy = float((outputs.logits.argmax(1) == outputs.labels).double().mean())
    return {"losses": losses, "accuracy": accuracy, "pictures": len(outputs.labels)}
