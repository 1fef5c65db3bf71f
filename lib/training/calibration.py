"""What is fastest for this net on this machine: measured with a few passes, never guessed, and remembered.

bfloat16 trains a large CNN about three times as fast where the processor has matrix units for it (AMX), not quite twice
as fast with AVX512-BF16, and up to fifteen times slower without either. Laying filters out channels last is faster for
all the nets and instruction sets that were tried, so the other way is taken only where it clearly wins.
"""

import hashlib
import os
import platform
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from pydantic import TypeAdapter
from torch import Tensor, nn
from torch.nn import functional

from lib.config import TrainConfig
from lib.home import home, write_whole
from lib.models.modes import evaluating
from lib.training.convolution import can_go_by_rows, kernel_weight_gradient, weight_gradient
from lib.training.fast_forward import forward
from lib.training.precision import Arithmetic, computing_in

_CLEARLY = 1.3  # times as fast, to be worth fewer digits
_TINY_SECONDS = 0.004  # a step this short gains nothing, and is not measured further
_ROWS_CLEARLY = 1.1  # times as fast, to be worth sums in another order
_ROUNDS, _ENOUGH_SECONDS = 5, 1.5
_PICTURES = 32  # a larger batch is judged by a part of it
_SAFE = Arithmetic("fp32")
_OTHERS = (Arithmetic("fp32", channels_last=False), Arithmetic("bf16"))

_CONTENT = TypeAdapter(dict[str, Arithmetic])
_known: dict[str, Arithmetic] = {}
_lock = threading.Lock()
_one_at_a_time = threading.Lock()


def choose_arithmetic(model: nn.Module, x: Tensor, y: Tensor, config: TrainConfig) -> Arithmetic:
    """Give what `config.precision` says, or for "auto" what a few passes over the batch `x, y` show to be fastest.

    The answer is kept in a file, so that equal nets compute alike in every process of this machine. Leaves the model
    as it was but for its layout in memory: no weight, no running mean and no random generator is touched.
    """
    if config.precision != "auto":
        return Arithmetic(config.precision)
    key = _key(model, x)
    with _one_at_a_time:  # two that measure at once slow each other down, and the second can use the first one's answer
        return _recall(key) or _remember(key, _measure(model, x[:_PICTURES], y[:_PICTURES]))


def _measure(model: nn.Module, x: Tensor, y: Tensor) -> Arithmetic:
    with evaluating(model):
        _pass(model, x, y, _SAFE)
        seconds = {_SAFE: _pass(model, x, y, _SAFE)}
        if seconds[_SAFE] < _TINY_SECONDS:
            return _SAFE
        # The first pass prepares memory and kernels; what is hopeless even so is not tried again.
        hopeful = [other for other in _OTHERS if _pass(model, x, y, other) < 3 * seconds[_SAFE]]
        started = perf_counter()
        for _ in range(_ROUNDS):
            for each in (_SAFE, *hopeful):
                # The best of each: what else the machine does can only make a pass slower.
                seconds[each] = min(_pass(model, x, y, each), seconds.get(each, float("inf")))
            if perf_counter() - started > _ENOUGH_SECONDS:
                break
    fastest = min(hopeful, key=seconds.__getitem__, default=_SAFE)
    speedup = round(seconds[_SAFE] / seconds[fastest], 2)
    chosen = Arithmetic(fastest.precision, fastest.channels_last, speedup) if speedup > _CLEARLY else _SAFE
    return replace(chosen, by_rows=_faster_by_rows(model, x, chosen))


def _pass(model: nn.Module, x: Tensor, y: Tensor, arithmetic: Arithmetic) -> float:
    """Seconds for one forward and backward pass."""
    arithmetic.lay_out(model)
    started = perf_counter()
    with computing_in(arithmetic.precision, x.device.type):
        logits = forward(model, x)
    loss = functional.cross_entropy(logits.float(), y)
    float(torch.autograd.grad(loss, list(model.parameters()))[0].sum())  # waits for a GPU
    return perf_counter() - started


def _faster_by_rows(model: nn.Module, x: Tensor, arithmetic: Arithmetic) -> tuple[str, ...]:
    """Name the convolutions whose weight gradient is clearly sooner there as one matrix product."""
    if x.device.type != "cpu" or not isinstance(model, nn.Sequential):
        return ()
    arithmetic.lay_out(model)
    found = []
    for name, layer in model.named_children():
        arrives = x
        with torch.no_grad(), evaluating(model), computing_in(arithmetic.precision):
            x = layer(x)
        if can_go_by_rows(layer, arrives):
            kernels, rows = _gradient_seconds(layer, arrives, arithmetic)
            found += [name] if rows * _ROWS_CLEARLY < kernels else []
    return tuple(found)


def _gradient_seconds(layer: Any, x: Tensor, arithmetic: Arithmetic) -> tuple[float, float]:
    """Seconds for the weight gradient of `layer`, fed with `x`: by torch's own kernel, and by rows."""
    kind = torch.bfloat16 if arithmetic.precision == "bf16" else torch.float32
    x, weight = x.to(kind), layer.weight.detach().to(kind)
    gradient = functional.conv2d(x, weight, padding=layer.padding)
    seconds = [float("inf")] * 2
    for _ in range(_ROUNDS):
        for way, compute in enumerate((kernel_weight_gradient, weight_gradient)):
            started = perf_counter()
            compute(x, gradient, weight, layer.padding)
            seconds[way] = min(seconds[way], perf_counter() - started)
    return seconds[0], seconds[1]


def _key(model: nn.Module, x: Tensor) -> str:
    """All that the answer depends on: net, batch, machine."""
    parts = (
        str(model),
        tuple(x.shape),
        x.device.type,
        torch.__version__,
        torch.backends.cpu.get_cpu_capability(),
        os.environ.get("ONEDNN_MAX_CPU_ISA"),
        torch.get_num_threads(),
        platform.node(),
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def _recall(key: str) -> Arithmetic | None:
    with _lock:
        if key not in _known and key in (kept := _read()):
            _known[key] = kept[key]
        return _known.get(key)


def _remember(key: str, found: Arithmetic) -> Arithmetic:
    """Keep `found`, unless another thread or process was first: then its answer is everyone's."""
    with _lock:
        kept = _read()
        found = _known.setdefault(key, kept.get(key, found))
        with suppress(OSError):  # a full or read-only disk: this process still knows
            write_whole(_file(), _CONTENT.dump_json(kept | {key: found}, indent=1), settle=False)
        return found


def _read() -> dict[str, Arithmetic]:
    try:
        return _CONTENT.validate_json(_file().read_bytes())
    except (OSError, ValueError):
        return {}


def _file() -> Path:
    return home() / "calibration.json"
