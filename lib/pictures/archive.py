"""Pictures in files and zips, one after the other: what is not safe to unpack is refused by name, the rest goes on."""

import re
import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from io import BytesIO
from typing import NamedTuple

from lib.pictures.load import MAX_BYTES, UnsafeImage
from lib.pictures.names import one_line

MAX_PICTURES = 500
MAX_TOTAL_BYTES = 100_000_000  # of all files together, unpacked
MAX_ZIP_MB = 100  # of 2**20 bytes each, as Streamlit counts its uploads
_MOST_LISTED = 1_000_000  # bytes of a zip's list of files: some ten thousand names
_LONGEST_NAME = 120
_MB = MAX_BYTES // 1_000_000
_TOO_MANY = f"Only {MAX_PICTURES} pictures are read at once; send it in a second round."
_TOO_MUCH = f"With it there would be more than {MAX_TOTAL_BYTES // 1_000_000} MB together; send it in a second round."
# What is unpacked with bounded memory; LZMA lets a file ask for gigabytes before its first byte.
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SAYS_UTF_8 = 0x800
_ENCRYPTED = 0x1 | 0x40  # flag bits: a password, "strong" encryption
# What operating systems put into zips beside the person's files.
_CLUTTER = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
_LEADS_OUT = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)|\0")  # whatever wrote it: \ is read as /


class Source(NamedTuple):
    """A file that may be read; `read` gives its bytes, or raises UnsafeImage with the reason why not."""

    name: str
    size: int  # bytes, unpacked
    read: Callable[[], bytes]
    folder: str = ""  # that it lies in, inside a zip


class PictureFile(NamedTuple):
    """A file that was read, or the sentence that says why it was not."""

    name: str
    data: bytes
    problem: str | None = None
    folder: str = ""  # that it lies in, inside a zip


class PictureFiles:
    """The pictures in files and zips, in order; those of a zip are called `holiday.zip/beach.jpg`.

    Iterating reads one after the other, writes nothing, and raises for nothing that is in a file. At most
    `MAX_PICTURES` and `MAX_TOTAL_BYTES` are read; memory stays below that of the zips themselves and two pictures.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources: list[Source] = []
        for source in sources:
            self._sources += _unzipped(source) if is_zip(source.name) else [source]

    def folders(self) -> dict[str, int]:
        """The folders in zips that directly hold files which may be read, and how many each holds; in order."""
        return Counter(source.folder for source in self._sources if source.folder)

    def __len__(self) -> int:
        return len(self._sources)

    def __iter__(self) -> Iterator[PictureFile]:
        count, left = 0, MAX_TOTAL_BYTES
        for name, size, read, folder in self._sources:
            try:
                if count == MAX_PICTURES:
                    raise UnsafeImage(_TOO_MANY)
                if size > MAX_BYTES:
                    raise UnsafeImage(f"The file has {size / 1e6:,.1f} MB; pictures may have up to {_MB} MB.")
                if size > left:
                    raise UnsafeImage(_TOO_MUCH)
                left -= size  # also where it turns out to be damaged: unpacking it was work
                data = read()
                count += 1
            except UnsafeImage as problem:
                yield PictureFile(plain(name), b"", problem.reason)
            else:
                yield PictureFile(plain(name), data, None, folder)


def plain(name: str) -> str:
    """Return a file's name fit for a screen: one line of printable letters, not endlessly long."""
    name = one_line(name)
    half = _LONGEST_NAME // 2
    return name if len(name) <= _LONGEST_NAME else f"{name[: half - 1]}…{name[-half:]}"


class _Sparing(BytesIO):
    """A file that never hands out more than `most` bytes at once: a zip may claim that its list has any size."""

    most = _MOST_LISTED

    def read(self, size: int | None = -1, /) -> bytes:
        rest = len(self.getbuffer()) - self.tell()
        wanted = rest if size is None or size < 0 else min(size, rest)
        if wanted > self.most:
            raise UnsafeImage(f"It lists far too many files; put at most {MAX_PICTURES} pictures into a zip.")
        return super().read(size)


def _unzipped(source: Source) -> list[Source]:
    """List what is in a zip; a zip that cannot be listed is refused as a whole."""
    name = source.name
    try:
        if source.size > MAX_ZIP_MB << 20:
            raise UnsafeImage(f"The zip has {source.size / 1e6:,.0f} MB; it may have up to {MAX_ZIP_MB} MB.")
        file = _Sparing(source.read())
        archive = zipfile.ZipFile(file)
        file.most = 2 * MAX_BYTES  # from now on one picture at a time is asked for
        inside, seen = [], set[str]()
        for info in archive.infolist():
            path = _named(info).replace("\\", "/")  # Windows' own zips separate folders so
            if path.endswith("/") or _CLUTTER.search(path):
                continue
            inside.append(_source(archive, info, name, path, path in seen))
            seen.add(path)
    except UnsafeImage as problem:
        return [_refused(name, problem.reason)]
    except Exception:  # damaged zips make zipfile raise almost anything
        return [_refused(name, "This is no zip file, or it is damaged; try to make it again.")]
    return inside or [_refused(name, "There is no picture in this zip.")]


def _named(info: zipfile.ZipInfo) -> str:
    """What an entry is called, also where a Mac wrote UTF-8 without saying so, which zipfile reads as code page 437."""
    if not info.flag_bits & _SAYS_UTF_8:
        with suppress(UnicodeError):
            return info.orig_filename.encode("cp437").decode("utf-8")
    return info.orig_filename


def _source(archive: zipfile.ZipFile, info: zipfile.ZipInfo, zip_name: str, path: str, is_second: bool) -> Source:
    name = f"{zip_name}/{path}"
    if problem := _problem(info, path, is_second):
        return _refused(name, problem)
    # What cannot shrink grows a little; an entry that is much larger packed than unpacked is there to waste time.
    size = max(info.file_size, info.compress_size - 1_000 - info.file_size // 100)
    folder = path.split("/")[-2] if "/" in path else ""
    return Source(name, size, partial(_unpack, archive, info), plain(folder))


def _problem(info: zipfile.ZipInfo, path: str, is_second: bool) -> str | None:
    """Say why an entry is not unpacked; None if it may be tried."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if _LEADS_OUT.search(path):
        return "Its name leads out of the folder; give it a plain name and make the zip again."
    if kind == stat.S_IFLNK:
        return "It is a link to another file; put the picture itself into the zip."
    if kind not in (0, stat.S_IFREG):
        return "It is no ordinary file; put only pictures into the zip."
    if info.flag_bits & _ENCRYPTED:
        return "It is locked with a password; make the zip again without one."
    if is_zip(path):
        return "It is a zip inside the zip; unpack it first."
    if is_second:
        return "Another file in the zip has the same name; only the first one is read."
    if info.compress_type not in _PACKINGS:
        return "It is packed in a way that is not read here; make the zip the usual way (deflate)."
    return None


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack one entry: never more than it declares, and that is known to be little."""
    try:
        with archive.open(info) as file:
            data = file.read(MAX_BYTES + 1)
    except Exception:
        data = None
    if data is None or len(data) != info.file_size:
        raise UnsafeImage("It is damaged inside the zip; try to make the zip again.")
    return data


def _refused(name: str, reason: str) -> Source:
    def read() -> bytes:
        raise UnsafeImage(reason)

    return Source(name, 0, read)


def is_zip(name: str) -> bool:
    """True if a file of this name is read as a zip."""
    return name.lower().endswith(".zip")
