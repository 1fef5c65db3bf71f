"""A run as one page that opens anywhere: set-up, curves, mistakes, and what its layers make of a test picture."""

from datetime import datetime
from html import escape
from pathlib import Path
from string import Template

from lib.datasets import DatasetUnavailable
from lib.export.charts import Line, chart, round_up
from lib.export.maps_section import inside_section
from lib.export.recipe import Repeat, called, exactness, repeat
from lib.export.score import Score, score_of
from lib.export.setup_json import setup_file
from lib.models import describe
from lib.models.shapes import Planned
from lib.optimizers import OPTIMIZERS
from lib.runs import Run
from lib.training import guessing_loss

_PAGE = Path(__file__).with_name("report.html")
_DATA_SAID = {True: "scaled to 0..1", False: "left at 0..255"}


def report(run: Run) -> str:
    """The page as HTML: no script and nothing from elsewhere. Curves alone where weights or pictures are missing."""
    how, result = repeat(run), score_of(run)
    body = [_head(run, how, result), _curves(run, how), _set_up(run, how)]
    if result:
        body.append(_confusion(result, how.data.classes))
    try:
        body.append(inside_section(run))
    except DatasetUnavailable:
        body.append(
            f'<p class="quiet">The pictures of {escape(how.data.title)} are not on the machine that wrote this.</p>'
        )
    body.append(_end(run, how))
    title = f"{escape(called(run))} · Glasshouse"
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(title=title, body="\n".join(body))


def _head(run: Run, how: Repeat, result: Score | None) -> str:
    when, status = datetime.fromtimestamp(run.created), run.status()
    parameters = sum(step.parameters for step in how.planned)
    cost = sum(step.multiply_adds for step in how.planned)
    figures = {
        "test accuracy": f"{result.accuracy * 100:.1f} %" if result else "–",
        "test loss": f"{result.loss:.3f}" if result else "–",
        "parameters": f"{parameters:,}",
        "multiply-adds": f"{cost / 1e6:.2f} M" if cost >= 10_000 else f"{cost:,}",
        "iterations": f"{status['step']:,}",
        "trained for": _duration(status["seconds"]),
    }
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures.items())
    said = f"A net for {escape(how.data.title)}, trained with Glasshouse on {when.day} {when:%B %Y}."
    message = "".join(f"<p>{escape(each)}</p>" for each in (run.note, run.message) if each)
    return f'<h1>{escape(called(run))}</h1><p class="quiet">{said}</p>{message}<dl class="figures">{cells}</dl>'


def _curves(run: Run, how: Repeat) -> str:
    classes, loss = len(how.data.classes), run.config.train.loss
    valid = "validation" if run.config.data.valid_fraction else "test"
    epochs = max([1.0, *(float(epoch["epoch"]) for epoch in run.log.epochs), *(p[0] or 0.0 for p in run.log.points)])
    marks = [(float(mark["at"]), f"rate {mark['learning_rate']:g}") for mark in run.log.marks]
    drawn = []
    for name, column, guess in (("Accuracy", 2, 1 / classes), ("Loss", 1, guessing_loss(classes, loss))):
        trained = [(point[0] or 0.0, point[column]) for point in run.log.points]
        checked = [(check[0] or 0.0, check[column]) for check in run.log.checks]
        checked += [(float(epoch["epoch"]), epoch[f"valid_{name.lower()}"]) for epoch in run.log.epochs]
        checked.sort(key=lambda each: each[0])
        lines = [Line("guessing", [(0, guess), (epochs, guess)])]
        lines += [Line("training", trained), Line("validation", checked, dots=epochs <= 25)]
        highest = max([guess * 1.05, *(value for _, value in [*trained, *checked] if value is not None)])
        top = 1.0 if name == "Accuracy" else round_up(min(highest, 20 * guess))
        last = next((value for _, value in reversed(checked) if value is not None), None)
        ends = "" if last is None else f", {valid} at the end {f'{last * 100:.1f} %' if column == 2 else f'{last:.3f}'}"
        picture = chart(f"{name} by epoch{ends}", lines, epochs, top, percent=column == 2, marks=marks)
        drawn.append(f"<div><h3>{name}</h3>{picture}</div>")
    names = {"training": "training", "validation": valid, "guessing": "guessing"}
    keys = "".join(f'<span class="{kind}"><i></i>{said}</span>' for kind, said in names.items())
    return f'<h2>The curves</h2><div class="pair">{"".join(drawn)}</div><p class="keys">{keys}</p>'


def _set_up(run: Run, how: Repeat) -> str:
    config = run.config
    data, train = config.data, config.train
    held_out = (
        f"{data.valid_fraction * 100:g} % of the training pictures" if data.valid_fraction else "the test pictures"
    )
    rows = {
        "data": f"{escape(how.data.title)}, {how.pictures:,} training pictures, {len(how.data.classes)} classes",
        "validation": held_out,
        "pixels": _DATA_SAID[data.scale_pixels],
        "augmentation": "on" if train.augment else "off",
        "optimizer": OPTIMIZERS[train.optimizer].plainly
        + (f", weight decay {train.weight_decay:g}" if train.weight_decay else ""),
        "loss": train.loss,
        "learning rate": f"{train.learning_rate:g}, {train.schedule}",
        "batch size": f"{train.batch_size:,}, so {how.steps_per_epoch:,} iterations an epoch",
        "epochs": f"{train.epochs}" if train.time_budget is None else f"for {_duration(train.time_budget)}",
        "computed in": {"fp32": "float32", "bf16": "bfloat16"}[how.arithmetic.precision],
        "seed": f"{config.seed}",
    }
    if data.keep:
        said = ", ".join(f"{escape(how.data.classes[label])} {percent} %" for label, percent in data.keep)
        rows["data"] += f"; kept of {said}"
    settings = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows.items())
    layers = "".join(_layer_row(step, step is how.planned[-1]) for step in how.planned)
    head = "<tr><th>layer</th><th>what</th><th class=n>comes out</th><th class=n>parameters</th></tr>"
    return (
        f'<h2>The set-up</h2><div class="pair"><div><table>{settings}</table></div>'
        f"<div><table><thead>{head}</thead><tbody>{layers}</tbody></table></div></div>"
    )


def _layer_row(step: Planned, last: bool) -> str:
    numbers = f"<td class=n>{describe(step.output_shape)}</td><td class=n>{step.parameters:,}</td>"
    return f"<tr><td>{step.name}</td><td>{_what(step, last)}</td>{numbers}</tr>"


def _what(step: Planned, last: bool) -> str:
    if last:
        return f"{step.output_shape[0]} classes, softmax"
    return step.layer.told()


def _confusion(result: Score, classes: tuple[str, ...]) -> str:
    names = [escape(name) for name in classes]
    head = "".join(f"<th>{name}</th>" for name in names)
    rows = []
    for index, counts in enumerate(result.confusion):
        total = max(1, sum(counts))
        cells = "".join(
            f'<td class="{_look(count, right=answer == index)}" style="--share: {count / total:.3f}">{count:,}</td>'
            for answer, count in enumerate(counts)
        )
        rows.append(f"<tr><th>{names[index]}</th>{cells}</tr>")
    worst = max(
        (
            (count, truth, answer)
            for truth, row in enumerate(result.confusion)
            for answer, count in enumerate(row)
            if answer != truth
        ),
        default=(0, 0, 0),
    )
    said = "Every row is a true class, every column an answer; the right ones are framed."
    if worst[0]:
        said += f" The commonest mistake: {names[worst[1]]} taken for {names[worst[2]]} ({worst[0]:,}×)."
    table = f'<table class="confusion"><thead><tr><th></th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    return f'<h2>What it mistakes for what</h2><p>{said}</p><div class="wide">{table}</div>'


def _look(count: int, *, right: bool) -> str:
    return "right" if right else "" if count else "none"


def _end(run: Run, how: Repeat) -> str:
    said = escape(" ".join(exactness(how)))
    return (
        f"<h2>To do it again</h2><p>Take the PyTorch program of this run, or open this set-up in Glasshouse. {said}</p>"
        f"<details><summary>The set-up, as a file that Glasshouse opens</summary>"
        f"<pre>{escape(setup_file(called(run), run.config))}</pre></details>"
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s" if seconds < 10 else f"{rest} s"
