"""What a lab asks of a net, and the sentence where the net has not got it."""

from collections.abc import Callable, Iterable

from lib.explain.surgery import convolutions
from lib.models import summarize
from lib.runs import get_registry
from lib.training import has_numbers
from lib.ui.net.inside import Net
from lib.ui.net.missing import lacks_pictures
from lib.ui.words import say


def lacking(net: Net, needs: Iterable[str]) -> str | None:
    """The sentence about the first thing that the net lacks; None if it has all. "": it is written already."""
    return next((said for need in needs if (said := _LOOK[need](net)) is not None), None)


def _learned(net: Net) -> str | None:
    step, model = net.model()
    if not has_numbers(model):
        return say("labs.no_numbers")
    return None if step or net.came_trained else say("labs.random")


def _pictures(net: Net) -> str | None:
    return "" if lacks_pictures(net) else None


def _classes(net: Net) -> str | None:
    return None if len(net.dataset.classes) > 1 else say("labs.one_class")


def _convolution(net: Net) -> str | None:
    return None if convolutions(net.model()[1]) else say("labs.no_convolution")


def _size(net: Net) -> str | None:
    parameters = summarize(net.config.model, net.dataset.input_shape, len(net.dataset.classes)).parameters
    most = get_registry().limits.max_parameters
    return say("labs.too_large", parameters=parameters, most=most) if parameters > most else None


_LOOK: dict[str, Callable[[Net], str | None]] = {
    "learned": _learned,
    "pictures": _pictures,
    "classes": _classes,
    "convolution": _convolution,
    "size": _size,
}
