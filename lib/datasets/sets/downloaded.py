"""Sets in the files of the MNIST family, which are downloaded; mirrors and checksums are torchvision's."""

from functools import partial
from pathlib import Path
from typing import Any

from lib.datasets import idx
from lib.datasets.idx import read_idx_pictures
from lib.datasets.sets.kind import DatasetInfo, DatasetKind, Download, Fetched, Parts, Program, Strangers
from lib.pictures.rules import Conventions

IDX_FILES = tuple(f"{part}-{kind}-ubyte.gz" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1"))
# Debian's package holds the same files packed again without their names, so their checksums differ.
REPACKED = frozenset(
    {
        "cf8536b0aa1a6ac5fa3f23001093305c",  # fashion-mnist, train-images
        "10bea18fdb374794d4bb42e356e600c9",
        "f78720b4224f21cce2f2ccf2d7a94c9a",  # t10k-images
        "0d30e22e447f3c33dab9ed536400ac01",
    }
)
_FETCH = '''
def read_pictures(part):
    """The "train" or the "t10k" part: from a folder that has it, else downloaded once."""
    for kind in ("images-idx3", "labels-idx1"):
        file = FOLDER / f"{{part}}-{{kind}}-ubyte.gz"
        if not file.is_file():
            FOLDER.mkdir(parents=True, exist_ok=True)
            print(f"Downloading {{file.name}} ...")
            urllib.request.urlretrieve(f"{mirror}{{file.name}}", file)
    return read_idx_pictures(FOLDER, part)


FOLDERS = [
    Path("data/{name}"),
    Path(os.environ.get("GLASSHOUSE_HOME", ".glasshouse")) / "data/{name}",
    Path("/usr/share/datasets/{name}"),  # Debian's package dataset-{name}
]
FOLDER = next((folder for folder in FOLDERS if folder.is_dir()), FOLDERS[0])
images, labels = read_pictures("train")
test_images, test_labels = read_pictures("t10k")
'''
_KERAS = """
(images, labels), (test_images, test_labels) = keras.datasets.{name}.load_data()
images, test_images = images[..., None], test_images[..., None]
"""


def idx_set(
    info: DatasetInfo, theirs: str, layout: Conventions, strangers: Strangers, keras: str | None = None
) -> DatasetKind:
    """Make the record of a set in IDX files: `theirs` is torchvision's name for it, `keras` Keras' own."""
    needs = ("import os", "import urllib.request", "from pathlib import Path")
    return DatasetKind(
        info=info,
        read=_read,
        layout=layout,
        strangers=strangers,
        fetched=Fetched(partial(_source, theirs), IDX_FILES),
        torch=Program(partial(_fetching, info.name, theirs), ((idx, ()),), needs),
        keras=keras_program(_KERAS.format(name=keras)) if keras else None,
    )


def keras_program(code: str) -> Program:
    """A set that Keras fetches itself."""
    return Program(lambda: code, needs=("import keras",), packages=())


def known_to_torchvision(theirs: str) -> Any:
    """Its class there."""
    from lib.compat import datasets  # a second to import, so only when checksums or mirrors are asked for

    return getattr(datasets, theirs)


def _source(theirs: str) -> Download:
    known = known_to_torchvision(theirs)
    return Download(tuple(known.mirrors), tuple(known.resources), tuple(known.resources))


def _fetching(name: str, theirs: str) -> str:
    return _FETCH.format(name=name, mirror=_source(theirs).mirrors[0])


def _read(folder: Path) -> Parts:
    return *read_idx_pictures(folder, "train"), *read_idx_pictures(folder, "t10k")
