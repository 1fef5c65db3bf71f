"""Fetch a data set over the network, so that only whole, checked files ever carry their real names."""

import hashlib
import http.client
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from lib.datasets.local import forget, is_whole, locate
from lib.datasets.sets import SETS
from lib.home import HomeFailure, in_words, write_whole
from lib.home.files import PART
from lib.home.place import data_folder, make_folder

Progress = Callable[[int, int], None]  # bytes done, bytes in all

_CHUNK = 1 << 16
_TIMEOUT = 20.0  # seconds without a byte
_STALE = 3600.0  # seconds after which a half file is taken for left behind
_locks: dict[str, threading.Lock] = {}


class DatasetUnavailable(Exception):
    """The files of a data set are not on this machine; the message says what to do."""


class _Unreachable(Exception):
    """A mirror does not answer, or stopped answering."""


def ways_out(name: str) -> str:
    """Say in half a sentence how to come by `name`, or do without it."""
    if package := SETS[name].info.package:
        return f"run `pip install {package}`, or choose digits or doodles, which are always there."
    return (
        f"connect to the internet and press Download, or run `python -m lib.cli fetch {name}` on a connected machine "
        f"and copy the folder it names to {data_folder(name).absolute()}, or choose digits or doodles, which need no "
        "download."
    )


def fetch(name: str, progress: Progress | None = None, mirrors: Sequence[str] | None = None) -> Path:
    """Return the folder with a whole copy of `name`, downloading what is missing or damaged.

    `progress` is told the bytes done and in all; whatever it raises ends the download and leaves no broken file.
    `mirrors` are base addresses to use instead of torchvision's. ValueError if `name` cannot be downloaded;
    `DatasetUnavailable` if no mirror has whole files or the disk takes none.
    """
    fetched = SETS[name].fetched if name in SETS else None
    if fetched is None:
        raise ValueError(f"{name!r} cannot be downloaded; {', '.join(_fetchable())} can.")
    wanted = fetched.source()
    folder = data_folder(name)
    with _locks.setdefault(name, threading.Lock()):
        found = locate(name)
        if found is not None:
            return found
        try:
            _prepare(folder)
            todo = [(file, md5) for file, md5 in wanted.downloads if not is_whole(folder / file, md5)]
            _download_all(folder, todo, list(mirrors or wanted.mirrors), progress)
            if fetched.unpack:
                fetched.unpack(folder / wanted.downloads[0][0], tuple(file for file, _ in wanted.files))
        except (_Unreachable, ValueError) as error:
            raise DatasetUnavailable(f"{name} could not be downloaded ({error}): {ways_out(name)}") from error
        except OSError as error:
            said = in_words(error) if isinstance(error, HomeFailure) else f"{error.strerror or error}."
            raise DatasetUnavailable(f"{name} could not be written. {said}") from error
        found = locate(name)
    if found is None:
        raise DatasetUnavailable(f"{name} arrived damaged: {ways_out(name)}")
    return found


def _fetchable() -> list[str]:
    return [name for name, kind in SETS.items() if kind.fetched]


def _prepare(folder: Path) -> None:
    make_folder(folder)
    forget(folder)
    for part in folder.glob(f"*{PART}"):
        if time.time() - part.stat().st_mtime > _STALE:  # left by a process that was killed
            part.unlink(missing_ok=True)


def _download_all(folder: Path, todo: list[tuple[str, str]], mirrors: list[str], progress: Progress | None) -> None:
    if not todo:
        return
    bases, total = _first_that_answers([f"{mirror.rstrip('/')}/" for mirror in mirrors], [file for file, _ in todo])
    done = 0
    for file, md5 in todo:
        failure = _Unreachable("no mirror")
        # Whatever went wrong on the way (damage, a lost connection) gets a second chance at each mirror.
        for url in [f"{base}{file}" for base in bases for _ in range(2)]:
            try:
                done = _download(url, folder / file, md5, done, total, progress)
                break
            except _Unreachable as error:
                failure = error
        else:
            raise failure


def _first_that_answers(bases: list[str], files: list[str]) -> tuple[list[str], int]:
    """Skip mirrors that do not answer; return the others and the bytes to come, as far as they are known."""
    failure = _Unreachable("no mirror")
    for skipped, base in enumerate(bases):
        try:
            return bases[skipped:], sum(_size(f"{base}{file}") for file in files)
        except _Unreachable as error:
            failure = error
    raise failure


def _size(url: str) -> int:
    try:
        with _reply(url, "HEAD") as reply:
            return int(reply.headers.get("Content-Length") or 0)
    except _Unreachable as error:
        if isinstance(error.__cause__, urllib.error.HTTPError):
            return 0  # it answers, if only to say that it does not like the question
        raise


def _download(url: str, path: Path, md5: str, start: int, total: int, progress: Progress | None) -> int:
    """Bring one file; return the bytes done since the first file began."""
    done = start

    def bring(draft: Path) -> None:
        nonlocal done
        digest = hashlib.md5(usedforsecurity=False)
        with draft.open("wb") as out, closing(_chunks(url)) as chunks:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                if progress:
                    progress(done, max(done, total))
        if digest.hexdigest() != md5:
            raise _Unreachable(f"{path.name} arrived damaged from {url}")

    write_whole(path, bring)
    return done


def _chunks(url: str) -> Generator[bytes, None, None]:
    with _reply(url, "GET") as reply:
        while chunk := reply.read(_CHUNK):
            yield chunk


@contextmanager
def _reply(url: str, method: str) -> Iterator[http.client.HTTPResponse]:
    request = urllib.request.Request(url, method=method, headers={"User-Agent": "glasshouse"})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as reply:
            yield reply
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # it holds the connection
        raise _Unreachable(_words(error)) from error


def _words(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return getattr(reason, "strerror", None) or str(reason) or type(error).__name__
