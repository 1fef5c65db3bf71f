"""What every layer answers to a picture."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from lib.models.modes import evaluating


@contextmanager
def hooked(model: nn.Module, names: Iterable[str], hook: Callable[[str, Tensor], None]) -> Iterator[None]:
    """Call `hook(name, output)` whenever a named module answers; the hooks always come off."""
    modules = dict(model.named_modules())
    handles: list[Any] = []
    try:
        for name in names:
            if name not in modules:
                raise KeyError(f"There is no layer “{name}”; there are {', '.join(filter(None, modules))}.")

            def forward_hook(_module: nn.Module, _inputs: Any, output: Tensor, name: str = name) -> None:
                hook(name, output)

            handles.append(modules[name].register_forward_hook(forward_hook))
        yield
    finally:
        for handle in handles:
            handle.remove()


def record_activations(model: nn.Module, x: Tensor, layers: Iterable[str] | None = None) -> dict[str, Tensor]:
    """Send one picture `x` `(C, H, W)` or `(1, C, H, W)` through and keep what each layer answers.

    Returns layer name -> `(C, H, W)` for maps, `(N,)` for rows of numbers; all layers unless `layers` names some.
    The model is left as it was: hooks removed, training mode restored. Raises KeyError for an unknown layer.
    """
    x = x[None] if x.dim() == 3 else x
    if len(x) != 1:
        raise ValueError(f"record_activations looks at one picture at a time, not {len(x)}.")
    names = list(layers) if layers is not None else [name for name, _ in model.named_children()]
    kept: dict[str, Tensor] = {}
    with (
        torch.no_grad(),
        evaluating(model),
        hooked(model, names, lambda name, output: kept.update({name: output[0].clone()})),
    ):
        model(x)
    return {name: kept[name] for name in names}
