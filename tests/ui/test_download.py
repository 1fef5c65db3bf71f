"""Fetching a data set from the page: progress, cancel, no network."""

from functools import partial

import pytest

from lib.datasets import fetch
from lib.home.place import data_folder
from lib.ui.setup.download import Download

NOWHERE = "http://127.0.0.1:9/"  # the discard port: nobody listens


def test_no_network_is_one_sentence_with_three_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.setup.download.fetch", partial(fetch, mirrors=[NOWHERE]))
    download = Download("kmnist")
    download.run()
    assert download.finished.is_set()
    assert download.error
    for way in ("press Download", "python -m lib.cli fetch kmnist", "choose digits or doodles"):
        assert way in download.error


def test_cancel_ends_a_download_and_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(name, progress):
        progress(1_000, 30_000)
        download.cancelled.set()
        progress(2_000, 30_000)
        raise AssertionError("went on after cancel")

    monkeypatch.setattr("lib.ui.setup.download.fetch", slow)
    download = Download("kmnist")
    download.run()
    assert (download.done, download.total) == (2_000, 30_000)
    assert download.error == "Cancelled; nothing is left half-done."
    assert not data_folder("kmnist").exists()
