"""What a browser has before the app is there: links to what it will ask for, and something to see meanwhile.

On a slow line the app takes seconds, and asks for its parts one after the other. They are named in the document
instead; and Start shows what it will show: a picture on its way through the ready net.
"""

import re
from functools import cache
from pathlib import Path

from streamlit import file_util

from lib.explain import record_activations
from lib.export.drawings import mosaic_image, picture_image
from lib.nets.ready import ready_net
from lib.ui.components import modules
from lib.ui.frame.page import PAGES
from lib.ui.net.inside import first_class, shown_steps

_WORDMARK = Path(__file__).parent / "assets" / "wordmark.svg"
_MOST_TILES = 10  # of a layer, as `feature_maps` shows them: two columns of five
_TILE = (28, 2)  # pixels of its side, and between two
_EVERY_PAGE = ("run_pill", "copy_link")
# Page -> components of ours, parts of Streamlit's: what its first screen has.
_NEEDED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "": (("canvas", "feature_maps"), ("Button", "ButtonGroup", "PageLink")),
    "train": (("net_editor", "run_monitor", "how_long"), ("Button", "Slider", "Selectbox")),
    "classify": (("canvas", "pen_answer"), ("ButtonGroup", "Selectbox")),
    "look_inside": (("canvas", "feature_maps"), ("ButtonGroup", "Selectbox")),
}
_OTHERS: tuple[tuple[str, ...], tuple[str, ...]] = ((), ("ButtonGroup", "Selectbox"))
_IMPORT = re.compile(r'(?:from|import)\s*"\./([\w.-]+\.js)"')
_NEEDLESS = re.compile(rb'<link\s+rel="preload"[^>]*SourceSans[^>]*>')  # a font that our theme does not use


def links(path: str) -> bytes:
    """Name the scripts that the page at `path` will need, so that all are on their way at once."""
    return _links(_page_at(path))


@cache
def _links(page: str | None) -> bytes:
    ours, theirs = _OTHERS if page is None else _NEEDED.get(page, _OTHERS)
    at = f"/api/components/{modules.version()}"
    names = [f"{part}/entry.js" for part in (*_EVERY_PAGE, *ours)]
    names += dict.fromkeys(script for part in (*_EVERY_PAGE, *ours) for script in modules.parts_of(f"{part}/{part}.js"))
    addresses = [f"{at}/{name}" for name in names]
    addresses += [f"/static/js/{name}" for name in _chunks("BidiComponent", *theirs)]
    return "".join(f'<link rel="modulepreload" href="{each}">' for each in addresses).encode()


def without_needless(page: bytes) -> bytes:
    """Leave out what Streamlit's own page asks for and Glasshouse never uses."""
    return _NEEDLESS.sub(b"", page)


def _chunks(*names: str) -> list[str]:
    """Files of Streamlit's with these parts in them, and those that they import; none that its first page names."""
    folder = Path(file_util.get_static_dir()) / "static" / "js"
    found: dict[str, None] = {}
    there = (folder.parents[1] / "index.html").read_text(encoding="utf-8")
    waiting = [path.name for name in names for path in folder.glob(f"{name}.*.js")]
    while waiting:
        name = waiting.pop()
        if name not in found and name not in there and (folder / name).is_file():
            found[name] = None
            waiting += _IMPORT.findall((folder / name).read_text(encoding="utf-8")[:20_000])
    return list(found)


def shown_first(path: str) -> bytes:
    """Return what stands in the document of the page at `path` until the app has drawn it."""
    return _shown_first(_page_at(path))


@cache
def _shown_first(page: str | None) -> bytes:
    mark = _WORDMARK.read_text(encoding="utf-8")
    title = f"<h1>{page.replace('_', ' ').capitalize()}</h1>" if page else ""
    inside = _maps() if page == "" else ""
    return f'<div id="gh-first" aria-hidden="true"><header>{mark}</header><main>{title}{inside}</main></div>'.encode()


def _page_at(path: str) -> str | None:
    """ "" is Start; None: there is no such page, whatever anybody asks for, and what is kept stays little."""
    name = path.strip("/")
    return name if name in {"", *(page.stem for page in PAGES.glob("*.py"))} - {"start"} else None


def _maps() -> str:
    """The picture that greets on Start, and the ready net's maps of it, from layer to layer."""
    net = ready_net()
    data = net.dataset
    x, _ = data.test.batch((data.test.labels == first_class(data)).nonzero()[0])  # the one that greets there
    found = record_activations(net.model()[1], x)
    layers = [found[step.name][:_MOST_TILES] for step in shown_steps(net) if found[step.name].dim() == 3]
    picture = picture_image((x[0] / data.test.scale).round().clamp(0, 255).byte())
    columns = "".join(f'<img class="layer" src="{mosaic_image(each, *_TILE)}" alt="">' for each in layers)
    whole = f'<figure><img class="picture" src="{picture}" alt="">{columns}</figure>'
    return f'<div class="start"><div class="sheet"></div>{whole}</div>'
