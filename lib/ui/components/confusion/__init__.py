"""How often each class was taken for each; see `confusion`."""

from collections.abc import Sequence

from lib.ui.components import register


def confusion(*, key: str, classes: Sequence[str], counts: Sequence[Sequence[int]], caption: str) -> None:
    """Show a small confusion matrix: right answers green, wrong ones warm, the stronger the more of their class.

    counts: rows = truth, columns = answer
    caption: which net and which pictures were counted
    """
    data = {"classes": list(classes), "counts": [list(row) for row in counts], "caption": caption}
    register("confusion", shared=("numbers.js",))(key=key, data=data)
