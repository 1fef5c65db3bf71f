"""The class's pictures: everybody adds drawings and photos to one set; the teacher lets them in; nets are tested on it.

They are no data set of anybody's: they lie in the class's folder, made small, and go when the class is wiped.
"""

import hashlib
import io
import secrets
import threading
from contextlib import suppress
from pathlib import Path

import torch
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from lib.classroom.keeping import read_kept, write_kept
from lib.classroom.record import Refused, Student
from lib.datasets import Dataset, Split, load_image, prepare
from lib.datasets.catalogue import info
from lib.home import HomeFailure, write_whole
from lib.pictures.load import UnsafeImage

MOST_EACH, MOST = 20, 600  # pictures of a student, and of all
SIDE = 192  # pixels of the longer side, as they are kept
_MOST_BYTES = 1_000_000  # of the list
_FILE, _FOLDER = "pictures.json", "pictures"


class Picture(BaseModel):
    """One picture that a student added: of which class of which data set it is, and whether it was let in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[0-9a-f]{8}$", default_factory=lambda: secrets.token_hex(4))
    student: str = Field(max_length=8)
    data: str = Field(max_length=60)
    label: int = Field(ge=0, lt=1_000)
    digest: str = Field(max_length=32)
    let_in: bool = False


class _Gathered(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    data: str | None = None  # what is gathered for just now
    pictures: tuple[Picture, ...] = Field(default=(), max_length=MOST)


_GATHERED = TypeAdapter(_Gathered)


class Gathering:
    """The class's own pictures. Asked from any thread."""

    def __init__(self, folder: Path) -> None:
        self._path, self._folder = folder / _FILE, folder / _FOLDER
        self._lock = threading.RLock()
        self._now = read_kept(self._path, _GATHERED, _MOST_BYTES, "The class's pictures") or _Gathered()

    @property
    def data(self) -> str | None:
        """The data set whose classes are gathered for just now; None while nobody may add anything."""
        return self._now.data

    def begin(self, data: str) -> None:
        """From now on students may add pictures of this data set's classes; Refused if there is none."""
        try:
            info(data)
        except ValueError:
            raise Refused("no_pictures") from None
        self._keep(data=data)

    def end(self) -> None:
        """Nobody adds anything any more; what was let in stays."""
        self._keep(data=None)

    def add(self, student: Student, image: Image.Image, label: int) -> Picture:
        """Keep a picture that `load_image` or `load_drawing` has read, until the teacher lets it in. Refused."""
        content = _small(image)
        with self._lock:
            if (data := self._now.data) is None:
                raise Refused("not_gathering")
            if not 0 <= label < len(info(data).classes):
                raise Refused("no_class")
            if sum(each.student == student.key for each in self._now.pictures) >= MOST_EACH:
                raise Refused("enough_pictures", most=MOST_EACH)
            if len(self._now.pictures) >= MOST:
                raise Refused("set_full", most=MOST)
            digest = hashlib.blake2b(content, digest_size=16).hexdigest()
            if any(each.digest == digest for each in self._now.pictures):
                raise Refused("known_picture")
            picture = Picture(student=student.key, data=data, label=label, digest=digest)
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                write_whole(self._file(picture), content, settle=False)
            except (HomeFailure, OSError):
                raise Refused("not_kept") from None
            self._keep(pictures=(*self._now.pictures, picture))
            return picture

    @property
    def all(self) -> tuple[Picture, ...]:
        """Everything that was added, let in or not."""
        return self._now.pictures

    def added_by(self, student: Student) -> list[Picture]:
        """What a student has added."""
        return [each for each in self._now.pictures if each.student == student.key]

    def waiting(self) -> list[Picture]:
        """What the teacher has not looked at yet, the oldest first."""
        return [each for each in self._now.pictures if not each.let_in]

    def of(self, data: str) -> list[Picture]:
        """The pictures of this data set's classes that were let in."""
        return [each for each in self._now.pictures if each.let_in and each.data == data]

    def let_in(self, key: str | None = None) -> None:
        """Let one picture in, or all that wait."""
        with self._lock:
            self._keep(pictures=tuple(
                each.model_copy(update={"let_in": True}) if key in (None, each.key) else each
                for each in self._now.pictures
            ))  # fmt: skip

    def take_out(self, key: str) -> None:
        """A picture that was let in waits again, and counts no more."""
        with self._lock:
            self._keep(pictures=tuple(
                each.model_copy(update={"let_in": False}) if each.key == key else each for each in self._now.pictures
            ))  # fmt: skip

    def throw_away(self, key: str) -> None:
        """Delete a picture, let in or not."""
        with self._lock:
            for each in self._now.pictures:
                if each.key == key:
                    self._delete(each)
            self._keep(pictures=tuple(each for each in self._now.pictures if each.key != key))

    def bytes_of(self, picture: Picture) -> bytes | None:
        """The PNG of a picture; None if its file has gone."""
        with suppress(OSError):
            return self._file(picture).read_bytes()
        return None

    def split_of(self, dataset: Dataset) -> Split | None:
        """What was let in for this data set, prepared as its nets want it; None where there is nothing."""
        images, labels = [], []
        for picture in self.of(dataset.name):
            with suppress(UnsafeImage):  # a damaged file costs that picture
                if (content := self.bytes_of(picture)) is not None and picture.label < len(dataset.classes):
                    seen = prepare(load_image(content), dataset).tensor[0] / dataset.test.scale
                    images.append(seen.round().clamp(0, 255).to(torch.uint8))
                    labels.append(picture.label)
        if not images:
            return None
        return Split(torch.stack(images), torch.tensor(labels), dataset.test.scale, dataset.test.mirrors)

    def forget_all(self) -> None:
        """No picture was ever added."""
        with self._lock:
            for each in self._now.pictures:
                self._delete(each)
            self._keep(data=None, pictures=())

    def _delete(self, picture: Picture) -> None:
        with suppress(OSError):
            self._file(picture).unlink()

    def _file(self, picture: Picture) -> Path:
        return self._folder / f"{picture.key}.png"

    def _keep(self, **changed: object) -> None:
        with self._lock:
            self._now = self._now.model_copy(update=changed)
            write_kept(self._path, _GATHERED, self._now, "The class's pictures")


def _small(image: Image.Image) -> bytes:
    """A PNG of the pixels alone: nothing that a camera wrote beside them."""
    small = image.convert("L" if image.mode == "L" else "RGB")
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    if len(set(small.resize((24, 24)).convert("L").tobytes())) < 2:
        raise Refused("blank")
    written = io.BytesIO()
    small.save(written, "PNG")
    return written.getvalue()
