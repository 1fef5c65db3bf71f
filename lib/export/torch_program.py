"""A run as a PyTorch program that stands alone and gives the same curve."""

import sys
from datetime import datetime
from math import ceil, isfinite
from textwrap import wrap

from lib.config import RunConfig
from lib.export.cells import Cell, plain, quoted, script_of
from lib.export.recipe import Repeat, called, exactness, repeat
from lib.export.torch_net import loss_cell, net_cell, optimizer_line, own_optimizer_cell
from lib.export.torch_pictures import batches_cell, cut_cell, needed_packages, needs_file, pictures_cell
from lib.models import describe
from lib.runs import Run
from lib.schedules import scheduled_rate

_CURVE = ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy")

_MEASURE = '''@torch.no_grad()
def evaluate(net, images, labels):
    """Mean loss and accuracy on pictures that do not train, 500 at a time."""
    net.eval()
    logits = []
    for few in images.split(500):
        x = (few.float() * SCALE).to(DEVICE)
{forward}
    logits = torch.cat(logits)
    return loss_of(logits, labels).item(), (logits.argmax(1) == labels).double().mean().item()'''

_GO = """net = make_net().to(DEVICE, memory_format={layout})
{dropout}{optimizer}

curve = []
for epoch in range(1, EPOCHS + 1):
    trained = train_epoch(net, optimizer, epoch)
    if not math.isfinite(trained[0]):
        print(f"The loss stopped being a number in epoch {{epoch}}: the steps were too large.")
        break
    curve.append((epoch, *trained, *evaluate(net, valid_images, valid_labels)))
    print("epoch {{:3}}  train {{:.7f}} {{:.5f}}  {valid} {{:.7f}} {{:.5f}}".format(*curve[-1]), flush=True)

test_loss, test_accuracy = evaluate(net, test_images, test_labels)
print(f"test accuracy {{test_accuracy:.4f}}, loss {{test_loss:.4f}}")"""

_COMPARE = """pairs = [(mine, theirs) for row, other in zip(curve, MEASURED) for mine, theirs in zip(row, other)]
difference = max((abs(mine - theirs) for mine, theirs in pairs), default=0.0)
print(f"largest difference from the curve that Glasshouse drew: {difference:.7f}")"""


def torch_cells(run: Run) -> list[Cell]:
    """The program in parts, the loop before the pictures; for a run that has ended."""
    config, how = run.config, repeat(run)
    return [
        _settings(config, how),
        net_cell(how.planned, lone_pictures=how.lone_pictures),
        loss_cell(config),
        *([made] if (made := own_optimizer_cell(config.train)) else []),
        *_learning(config, how),
        pictures_cell(config.data, how.data),
        cut_cell(config.data),
        batches_cell(config, how.data),
        _go(config, how),
        _compare(run),
    ]


def torch_script(run: Run) -> str:
    """The whole program as one file."""
    return script_of(about(run, "PyTorch", "torch", *needed_packages(run.config.data.name)), torch_cells(run))


def about(run: Run, library: str, *packages: str) -> str:
    """What the program is, what it needs and how closely it repeats the run; plain words of several lines."""
    how = repeat(run)
    when = datetime.fromtimestamp(run.created)
    shape, classes = describe(how.data.input_shape), len(how.data.classes)
    lines = [
        f"{plain(called(run))}: a net for {plain(how.data.title)} ({shape}, {classes} classes), in plain {library}.",
        *(["", *wrap(plain(run.note), 110)] if run.note else []),
        "",
        f"Glasshouse trained it on {when.day} {when:%B %Y}; this program does the same without Glasshouse. It needs",
        "",
        f"    pip install {' '.join(packages)}",
        "",
    ]
    if needs_file(run.config.data.name):
        lines += [f"and, in the same folder, the pictures: {run.config.data.name}.npz, from the same page.", ""]
    if library == "PyTorch":
        lines += [line for sentence in exactness(how) for line in wrap(sentence, 110)]
    return "\n".join(lines)


def _settings(config: RunConfig, how: Repeat) -> Cell:
    train, device = config.train, how.arithmetic.device
    lines = [
        f"SEED = {config.seed}",
        f"EPOCHS = {how.epochs}",
        f"BATCH_SIZE = {train.batch_size}",
        f"LEARNING_RATE = {train.learning_rate!r}",
        f'DEVICE = "{device}"' + ("" if device != "cpu" else '  # or "cuda": faster, and rounded differently'),
        "",
    ]
    why = "as many cores as the run had"
    if how.cores == 1:
        why = "for so small a net more cores cost more than they bring"
    lines.append(f"torch.set_num_threads({how.cores})  # {why}")
    lines.append("torch.set_flush_denormal(True)  # numbers near 1e-40 mean nothing and are slow to compute with")
    return Cell("Settings", "What was chosen for this run.", "\n".join(lines), ("import torch",))


def _learning(config: RunConfig, how: Repeat) -> list[Cell]:
    """The loop over one epoch, and the measurement after it."""
    half = how.arithmetic.precision == "bf16"
    forward = ["logits = net(x)  # 1. forward: what does the net say?"]
    measured = ["logits.append(net(x).cpu())"]
    if half:  # weights and loss stay in float32
        context = "with torch.autocast(DEVICE, torch.bfloat16):"
        forward = [context, f"    {forward[0]}", "logits = logits.float()"]
        measured = [context, "    logits.append(net(x).float().cpu())"]
    moving = _moving_rate(config, how)
    numbered = bool(moving) or how.steps is not None
    start, loop, imports = "", "for x, y in batches(epoch):", ["import torch"]
    if numbered:
        start = f"    done = {how.steps_per_epoch} * (epoch - 1)  # steps of the epochs before\n"
        loop = "for step, (x, y) in enumerate(batches(epoch), done):"
    if how.steps is not None:
        loop = f"for step, (x, y) in enumerate(islice(batches(epoch), {how.steps} - done), done):  # the clock ended it"
        imports.append("from itertools import islice")
    body = [
        *(["optimizer.param_groups[0]['lr'] = learning_rate(step)".replace("'", '"')] if moving else []),
        *forward,
        "loss = loss_of(logits, y)  # 2. how wrong is that?",
        "optimizer.zero_grad()",
        "loss.backward()  # 3. backward: the slope of the loss for every weight",
        "optimizer.step()  # 4. update: every weight a little against its slope",
        "",
        "loss_sum, seen = loss_sum + loss.item() * len(y), seen + len(y)",
        "right += (logits.argmax(1) == y).sum().item()",
    ]
    inside = "\n".join(f"        {line}".rstrip() for line in body)
    code = f'''def train_epoch(net, optimizer, epoch):
    """Show the net every training picture once; gives mean loss and accuracy while it was still changing."""
    net.train()
    loss_sum, right, seen = 0.0, 0, 0
{start}    {loop}
{inside}
    return loss_sum / seen, right / seen'''
    said = "Forward, loss, backward, update: this loop is all there is to learning."
    evaluate = _MEASURE.format(forward="\n".join(f"        {line}" for line in measured))
    return [
        *([moving] if moving else []),
        Cell("Learning", said, code, tuple(imports)),
        Cell("Measuring", "After every epoch, without learning anything.", evaluate, ("import torch",)),
    ]


def _moving_rate(config: RunConfig, how: Repeat) -> Cell | None:
    """The learning rate of each step, if it is not always the same."""
    schedule, total = config.train.schedule, how.steps or how.steps_per_epoch * how.epochs
    base, said = "LEARNING_RATE", "It was changed by hand while the net trained."
    parts: list[str] = []
    imports: tuple[str, ...] = ()
    if how.rates:
        changes = ", ".join(f"{step}: {rate!r}" for step, rate in how.rates.items())
        parts.append(f"RATES = {{0: LEARNING_RATE, {changes}}}  # from which step on")
        base = "RATES[max(since for since in RATES if since <= step)]"
    if schedule != "constant":
        code, imports = quoted(sys.modules[scheduled_rate.__module__], scheduled_rate.__name__)
        parts.append(f"Schedule = str  # one of those below\n\n\n{code}")
        said = f"It follows a schedule: {schedule}." + (f"\n{said}" if how.rates else "")
        base = f'scheduled_rate("{schedule}", {base}, step, {total})'
    elif not how.rates:
        return None
    parts.append(f'def learning_rate(step):\n    """The rate of the update after `step` others."""\n    return {base}')
    return Cell("The learning rate", said, "\n\n\n".join(parts), imports)


def _go(config: RunConfig, how: Repeat) -> Cell:
    layout = "torch.channels_last" if how.arithmetic.channels_last else "torch.contiguous_format"
    dropout = ""
    if any(step.layer.kind == "dropout" for step in how.planned):
        dropout = (
            "numbers = generator_for(SEED, device=DEVICE)  # dropout draws from it\n"
            "for module in net.modules():\n"
            "    if isinstance(module, RunDropout):\n"
            "        module.generator = numbers\n"
        )
    valid = "valid" if config.data.valid_fraction else "test"
    code = _GO.format(layout=layout, dropout=dropout, optimizer=optimizer_line(config.train), valid=valid)
    said = "Each line: the epoch, loss and accuracy in training, loss and accuracy in validation."
    return Cell("Go", said, code, ("import math", "import torch"))


def _compare(run: Run) -> Cell:
    rows = [
        f"    ({ceil(epoch['epoch'])}, {', '.join(repr(epoch[name]) for name in _CURVE)}),"
        for epoch in run.log.epochs
        if epoch["epoch"] > 0 and all(epoch[name] is not None and isfinite(epoch[name]) for name in _CURVE)
    ]
    measured = "\n".join(["MEASURED = [", *rows, "]"]) if rows else "MEASURED = []"
    said = "The curve as Glasshouse wrote it down, to six decimals."
    return Cell("Is it the same?", said, f"{measured}\n{_COMPARE}")
