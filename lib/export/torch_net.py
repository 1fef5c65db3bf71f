"""The net of a run as plain PyTorch code: one line a module, its first weights, its loss, its optimizer."""

import sys

from lib.activations import ACTIVATIONS
from lib.config import RunConfig, TrainConfig
from lib.export.cells import Cell, quoted
from lib.losses import LOSSES
from lib.models import describe
from lib.models.shapes import Planned
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


def net_cell(planned: list[Planned], *, lone_pictures: bool) -> Cell:
    """The net and its first weights, modules named as in Glasshouse.

    lone_pictures: batches of one picture come up, for which batch norm has no variance.
    """
    code, needed = _own_modules(planned, lone_pictures)
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
    return Cell(
        "The loss", "How wrong is the net?", LOSSES[config.train.loss].torch_code, ("from torch.nn import functional",)
    )


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


def _own_modules(planned: list[Planned], lone_pictures: bool) -> tuple[str, list[str]]:
    """Modules that PyTorch does not have: their code, and the imports it needs."""
    own = {each.__name__: each for step in planned for each in step.layer.brings(lone_pictures=lone_pictures)}
    by_file: dict[str, list[str]] = {}
    for name in sorted(own, reverse=True):  # in one order, whatever the net
        by_file.setdefault(own[name].__module__, []).append(name)
    parts = [quoted(sys.modules[file], *names) for file, names in by_file.items()]
    return "\n\n\n".join(code for code, _ in parts), [line for _, imports in parts for line in imports]


def _lines(step: Planned, last: str, lone_pictures: bool) -> list[str]:
    """`name=module,  # what comes out` for one layer, its padding before it and its activation after it."""
    out = describe(step.output_shape)
    cost = f", {step.parameters:,} parameters" if step.parameters else ""
    said = f"  # {out}{cost}"
    if step.name == last:
        return [
            f"{step.name}=nn.Linear({step.input_shape[0]}, {step.output_shape[0]}),{said}: one number for each class"
        ]
    return step.layer.torch_lines(step, said, lone_pictures=lone_pictures)


def _first_weights(planned: list[Planned]) -> str:
    """He where one of the activations follows that want it; ReLU is always named."""
    used = {step.layer.bend for step in planned} | {"relu"}
    named = [name for name, kind in ACTIVATIONS.items() if name in used and kind.first_weights == "he"]
    follows = [f'hasattr(net, f"{{name}}_{each}")' for each in named]
    said = " and ".join(ACTIVATIONS[each].said for each in named)
    return _FIRST_WEIGHTS.replace("{said}", said).replace("{rectified}", " or ".join(follows))
