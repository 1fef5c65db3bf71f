"""Fetch a data set from the page: progress, cancel, and one sentence when there is no network."""

import threading
from dataclasses import dataclass, field

import streamlit as st

from lib.datasets import DatasetInfo, DatasetUnavailable, fetch
from lib.datasets.absent import find_absent
from lib.datasets.own import PREFIX
from lib.ui.words import say
from lib.ui.words.field import title_of
from lib.ui.words.text import literal


@dataclass
class Download:
    """One download of this process; every session that looks sees the same one."""

    name: str
    done: int = 0
    total: int = 0
    error: str | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Fetch until done, cancelled or without network."""
        try:
            fetch(self.name, self._progress)
        except DatasetUnavailable as error:
            self.error = str(error)
        except _CancelledError:
            self.error = say("setup.cancelled_nothing_left")
        finally:
            self.finished.set()

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self.cancelled.is_set():
            raise _CancelledError


class _CancelledError(Exception):
    pass


_downloads: dict[str, Download] = {}


def offer_download(info: DatasetInfo) -> None:
    """Say that the set is not here, and fetch it on request."""
    if own := find_absent(info.name):
        st.caption(say("own.wanted", name=literal(own.title), classes=", ".join(map(literal, own.classes))))
    elif is_gone(info):
        st.caption(say("own.gone", name=literal(title_of(info))))
    elif info.package:
        st.caption(say("data.needs_package", name=title_of(info), package=info.package))
    else:
        _panel(info.name, title_of(info))


def is_gone(info: DatasetInfo) -> bool:
    """True for a data set of one's own whose pictures were deleted: nobody has them to download."""
    return info.name.startswith(PREFIX) and not info.available


@st.fragment(run_every=0.5)
def _panel(name: str, title: str) -> None:
    download = _downloads.get(name)
    if download is None or download.finished.is_set():
        if download is not None and download.error is None:
            _downloads.pop(name)
            st.rerun()
        st.caption(download.error if download and download.error else say("setup.not_machine_yet", title=title))
        st.button(
            say("setup.download"), key=f"download-{name}", icon=":material/download:", on_click=_start, args=(name,)
        )
        return
    share = download.done / download.total if download.total else 0.0
    st.progress(min(share, 1.0), say("setup.mb", done=download.done / 1e6, total=download.total / 1e6))
    st.button(say("setup.cancel"), key=f"cancel-{name}", on_click=download.cancelled.set)


def _start(name: str) -> None:
    _downloads[name] = Download(name)
    threading.Thread(target=_downloads[name].run, name=f"download-{name}", daemon=True).start()
