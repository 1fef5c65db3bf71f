"""The net of a run as plain PyTorch code: one line a module, its first weights, its loss, its optimizer."""

import sys

from lib.activations import ACTIVATIONS
from lib.config import (
    Activation,
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    MaxPool2d,
    RunConfig,
    TrainConfig,
)
from lib.export.cells import Cell, quoted
from lib.models import build, describe
from lib.models.shapes import Planned, same_padding
from lib.optimizers import OPTIMIZERS

_NET = ("from collections import OrderedDict", "from torch import nn", "from torch import Generator")

_FIRST_WEIGHTS = """    # The first weights are random: He before {said}, Glorot otherwise; biases start at zero.
    numbers = Generator().manual_seed(SEED)
    for name, layer in net.named_children():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            if {rectified}:
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=numbers)
            else:
                nn.init.xavier_uniform_(layer.weight, generator=numbers)
            nn.init.zeros_(layer.bias)
    return net"""

_LOSSES = {
    "cross-entropy": '''def loss_of(logits, labels):
    """Cross-entropy: minus the logarithm of the probability that the true class got, as a mean over the batch."""
    return functional.cross_entropy(logits, labels)''',
    "mse": '''def loss_of(logits, labels):
    """Squared error between softmax and one-hot label, summed over the classes, as a mean over the batch."""
    targets = functional.one_hot(labels, logits.shape[1]).to(logits.dtype)
    return (functional.softmax(logits, dim=1) - targets).square().sum(dim=1).mean()''',
}


def net_cell(planned: list[Planned], *, lone_pictures: bool) -> Cell:
    """The net and its first weights, modules named as in Glasshouse.

    lone_pictures: batches of one picture come up, for which batch norm has no variance.
    """
    own = _own_modules(planned, lone_pictures)
    code, needed = quoted(build, *own) if own else ("", ())
    last = planned[-1].name
    lines = [line for step in planned for line in _lines(step, last, lone_pictures)]
    total = sum(step.parameters for step in planned)
    net = "\n".join(
        [
            "def make_net():",
            f'    """Build the net: {total:,} parameters. What comes out of each layer stands beside it."""',
            "    net = nn.Sequential(",
            "        OrderedDict(",
            *(f"            {line}" for line in lines),
            "        )",
            "    )",
            _first_weights(planned),
        ]
    )
    said = "Softmax is not among the layers: the loss does it, and so does whoever asks for probabilities."
    return Cell("The net", said, f"{code}\n\n\n{net}".strip(), (*_NET, *needed))


def loss_cell(config: RunConfig) -> Cell:
    """What training makes small."""
    return Cell("The loss", "How wrong is the net?", _LOSSES[config.train.loss], ("from torch.nn import functional",))


def own_optimizer_cell(train: TrainConfig) -> Cell | None:
    """The optimizer itself, where PyTorch has none of that name."""
    kind = OPTIMIZERS[train.optimizer]
    if not kind.is_ours:
        return None
    code, imports = quoted(sys.modules[kind.torch_class.__module__], kind.torch_class.__name__)
    return Cell("The optimizer", "It turns slopes into new weights; PyTorch has none of this name.", code, imports)


def optimizer_line(train: TrainConfig) -> str:
    """The optimizer as `lib.training.optimizers` makes it."""
    made = OPTIMIZERS[train.optimizer].torch_code("net.parameters()", "LEARNING_RATE", train.weight_decay)
    return f"optimizer = {made}"


def _own_modules(planned: list[Planned], lone_pictures: bool) -> list[str]:
    """The names in `lib.models.build` of modules that PyTorch does not have."""
    kinds = {step.layer.kind for step in planned}
    own = {"RunDropout": "dropout" in kinds, "GlobalAverage": "global_avg_pool2d" in kinds}
    own |= dict.fromkeys(("RowNorm", "MapNorm"), "batch_norm" in kinds and lone_pictures)
    return [name for name, needed in own.items() if needed]


def _lines(step: Planned, last: str, lone_pictures: bool) -> list[str]:
    """`name=module,  # what comes out` for one layer, its padding before it and its activation after it."""
    out = describe(step.output_shape)
    cost = f", {step.parameters:,} parameters" if step.parameters else ""
    said = f"  # {out}{cost}"
    if step.name == last:
        return [
            f"{step.name}=nn.Linear({step.input_shape[0]}, {step.output_shape[0]}),{said}: one number for each class"
        ]
    match step.layer:
        case Conv2d() as layer:
            pad, options = _convolution(step, layer)
            before = [f"{step.name}_pad=nn.ZeroPad2d({pad}),"] if pad else []
            made = f"{step.name}=nn.Conv2d({step.input_shape[0]}, {layer.filters}, {options}),{said}"
            return [*before, made, *_activation(step.name, layer.activation)]
        case Dense() as layer:
            made = f"{step.name}=nn.Linear({step.input_shape[0]}, {layer.units}),{said}"
            return [made, *_activation(step.name, layer.activation)]
        case MaxPool2d(size=size):
            return [f"{step.name}=nn.MaxPool2d({size}),{said}"]
        case AvgPool2d(size=size):
            return [f"{step.name}=nn.AvgPool2d({size}),{said}"]
        case GlobalAvgPool2d():
            return [f"{step.name}=GlobalAverage(),{said}"]
        case Flatten():
            return [f"{step.name}=nn.Flatten(),{said}"]
        case Dropout(rate=rate):
            return [f"{step.name}=RunDropout({rate!r}),"]
        case BatchNorm():
            maps = len(step.input_shape) == 3
            ours, theirs = ("MapNorm", "nn.BatchNorm2d") if maps else ("RowNorm", "nn.BatchNorm1d")
            return [f"{step.name}={ours if lone_pictures else theirs}({step.input_shape[0]}),{said}"]
        case _:
            raise TypeError(f"unknown layer {step.layer!r}")


def _activation(name: str, activation: Activation) -> list[str]:
    code = ACTIVATIONS[activation].torch_code
    return [f"{name}_{activation}={code},"] if code else []


def _first_weights(planned: list[Planned]) -> str:
    """He where one of the activations follows that want it; ReLU is always named."""
    used = {getattr(step.layer, "activation", None) for step in planned} | {"relu"}
    named = [name for name, kind in ACTIVATIONS.items() if name in used and kind.first_weights == "he"]
    follows = [f'hasattr(net, f"{{name}}_{each}")' for each in named]
    said = " and ".join(ACTIVATIONS[each].said for each in named)
    return _FIRST_WEIGHTS.replace("{said}", said).replace("{rectified}", " or ".join(follows))


def _convolution(step: Planned, layer: Conv2d) -> tuple[str, str]:
    """Zeros to add beforehand (left, right, top, bottom) where both sides differ, and the options of `nn.Conv2d`."""
    options = f"kernel_size={layer.kernel_size}" + (f", stride={layer.stride}" if layer.stride > 1 else "")
    if layer.padding == "valid":
        return "", options
    _, height, width = step.input_shape
    (top, bottom), (left, right) = (same_padding(n, layer.kernel_size, layer.stride) for n in (height, width))
    if (top, left) != (bottom, right):
        return f"({left}, {right}, {top}, {bottom})", options
    padding = f"{top}" if top == left else f"({top}, {left})"
    return "", options + (f", padding={padding}" if top or left else "")
