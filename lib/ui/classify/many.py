"""Many pictures: files, zips and photos go in, a table of answers comes out."""

import base64
from collections.abc import Mapping
from hashlib import blake2b
from time import monotonic
from typing import Any

import streamlit as st
from torch import nn

from lib.datasets import Dataset, UnsafeImage
from lib.explain.familiar import Familiar
from lib.nets.classify import Answer, Read, answer, read_picture
from lib.nets.strange import familiar_to
from lib.pictures.archive import MAX_PICTURES, MAX_TOTAL_BYTES, MAX_ZIP_MB, PictureFile, PictureFiles, Source, is_zip
from lib.pictures.load import MAX_BYTES, MAX_MEGAPIXELS
from lib.ui.classify.table import thumbnail, write_table
from lib.ui.components.camera_check import Camera, camera_check
from lib.ui.net import inside
from lib.ui.net.answers import png_base64
from lib.ui.net.moment import moment_of, newest_button
from lib.ui.net.picture import can_be_asked
from lib.ui.serve import uploads
from lib.ui.setup import allowed
from lib.ui.setup.controls import held
from lib.ui.words import Said, say, text

_KEY = "many"
_MB = 1_000_000
_EXAMPLES = 20
_CAMERA: Mapping[Camera, str] = Said(
    {
        "insecure": "classify.camera_insecure",
        "unsupported": "classify.camera_unsupported",
        "missing": "classify.camera_missing",
    }
)


def show(net: inside.Net) -> None:
    """Uploads on the left, answers on the right; both keep what they have when the net changes.

    No fragment: Streamlit lets only what runs the whole page end a run that is under way, and Cancel must.
    """
    step, model = moment_of(net)
    if not can_be_asked(model):
        return
    with st.container(key="stack-many"):
        left, right = st.columns([0.27, 0.73], gap="large")
    with left:
        _inbox()
        _camera()
        newest_button(net)
    with right:
        if _kept()["files"]:
            _answer_all(net, step, model)
            write_table(net, step, _kept()["rows"], on_clear=_clear)
        else:
            _invite(net.dataset)


def _invite(data: Dataset) -> None:
    with st.container(border=True, key="many-waiting"):
        st.markdown(say("classify.table_answer_each"))
        if not len(data.test):
            return
        st.button(
            say("classify.try_test_pictures", examples=_EXAMPLES),
            icon=":material/dataset:",
            on_click=_take_examples,
            args=(data,),
        )


def _kept() -> dict[str, Any]:
    """What this session brought: plain values only, in memory, until Clear or the end of the session."""
    empty: dict[str, Any] = {
        "files": {},
        "shown": [],
        "rows": [],
        "read": {},
        "data": None,
        "done": None,
        "stopped": None,
        "passes": 0,
        "cleared": 0,
    }
    kept: dict[str, Any] = st.session_state.setdefault(_KEY, empty)
    return kept


def _inbox() -> None:
    key = f"many-files-{_kept()['cleared']}"
    files = allowed.uploader(
        say("classify.pictures_or_zips"),
        key=key,
        accept_multiple_files=True,
        max_upload_size=MAX_ZIP_MB,
        on_change=_take_files,
        args=(key,),
    )
    # What is taken out there goes; but an uploader that was away with its view comes back empty, and nothing goes.
    _kept()["shown"] = [file.file_id for file in files]
    st.caption(
        say(
            "classify.limits",
            pictures=MAX_PICTURES,
            mb=MAX_BYTES // _MB,
            megapixels=MAX_MEGAPIXELS["PNG"],
            webp=MAX_MEGAPIXELS["WebP"],
            together=MAX_TOTAL_BYTES // _MB,
        )
    )


def _take_files(key: str) -> None:
    files = {file.file_id: file for file in st.session_state[key]}
    for removed in set(_kept()["shown"]) - set(files):
        _kept()["files"].pop(removed, None)
    for file_id, file in files.items():
        if file_id not in _kept()["files"]:
            _keep(file_id, file.name, file.getvalue())
            if _kept()["files"][file_id][1] is None:
                uploads.refuse(file, "")  # why, the table says


def _keep(file_id: str, name: str, data: bytes) -> None:
    """Keep what will be read; of others only the size."""
    files = _kept()["files"]
    room = (MAX_ZIP_MB << 20) - sum(len(content or b"") for _, content, _ in files.values())
    too_large = len(data) > MAX_BYTES and not is_zip(name)
    fits = len(data) <= room and not too_large
    files[file_id] = (name, data if fits else None, len(data) if fits or too_large else 0)


def _camera() -> None:
    if not allowed.say_if_not("camera"):
        return
    if not held(
        st.toggle,
        say("classify.take_photos"),
        key="many-camera",
        help=say("classify.camera_device_you"),
    ):
        return
    found = camera_check(key="many-camera-check")
    if found == "here":
        key = _photo_key()
        allowed.camera(say("classify.hold_drawing_or"), key=key, on_change=_take_photo, args=(key,))
    elif found != "unknown":
        st.info(_CAMERA[found], icon=":material/no_photography:")


def _photo_key() -> str:
    return f"many-photo-{_kept()['cleared']}"


def _take_photo(key: str) -> None:
    photo = st.session_state[key]
    if photo is not None:  # None: the person takes another one
        name = f"photo {1 + sum(each.startswith('photo ') for each in _kept()['files'])}"
        _keep(name, f"{name}.jpg", photo.getvalue())


def _take_examples(data: Dataset) -> None:
    for number in range(_EXAMPLES):
        label = number % len(data.classes)
        chosen = inside.sample_of(data, label, number // len(data.classes))
        name = f"{data.classes[label]} {number // len(data.classes) + 1}.png"
        _keep(name, name, base64.b64decode(png_base64(chosen.x[0] / data.test.scale)))


def _clear() -> None:
    number = st.session_state.pop(_KEY)["cleared"]
    photo = st.session_state.get(f"many-photo-{number}")
    uploads.let_go([*st.session_state.get(f"many-files-{number}", []), *([photo] if photo else [])])
    _kept()["cleared"] = number + 1  # so that uploader and camera begin anew


def _source(name: str, data: bytes | None, size: int) -> Source:
    def read() -> bytes:
        if data is None:
            raise UnsafeImage(say("classify.there_room_mb", max_zip_mb=MAX_ZIP_MB))
        return data

    return Source(name, size, read)


def _answer_all(net: inside.Net, step: int, model: nn.Sequential) -> None:
    """Fill `rows` where files, net or data are new: with progress, and whatever is pressed meanwhile ends it."""
    kept = _kept()
    wanted = [*kept["files"], net.id, step]
    place = st.empty()
    if kept["done"] == wanted:  # also where Cancel came too late
        return
    if kept["stopped"] == wanted:
        with place.container(horizontal=True, vertical_alignment="center"):
            st.caption(say("classify.cancelled_after", count=len(kept["rows"])))
            st.button(
                say("classify.go"),
                icon=":material/play_arrow:",
                on_click=_resume,
                key="many-go-on",
            )
        return
    _answer_files(net, step, model, place, wanted)


def _answer_files(net: inside.Net, step: int, model: nn.Sequential, place: Any, wanted: list[Any]) -> None:
    kept, data = _kept(), net.dataset
    prepared_for = net.config.data.model_dump_json()  # how training pictures look decides how others are prepared
    if kept["data"] != prepared_for:
        kept["data"], kept["read"] = prepared_for, {}
    kept["passes"] = mine = kept["passes"] + 1
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, say("classify.reading"))
        st.button(say("classify.cancel"), key="many-cancel", on_click=_cancel, args=(mine, wanted))
    known = familiar_to(net, step, model)
    rows: list[dict[str, Any]] = []
    started = monotonic()
    try:
        files = PictureFiles(_source(*each) for each in kept["files"].values())
        for number, file in enumerate(files, 1):
            rows.append(_row(model, data, file, known))
            left = (monotonic() - started) / number * (len(files) - number)
            bar.progress(
                number / len(files),
                say("classify.files_left", number=number, files=len(files), left=text.duration(left)),
            )
        if kept["passes"] == mine:
            kept["done"] = wanted
    finally:  # also where a press on Cancel ends the script
        if kept["passes"] == mine:  # Streamlit does not wait for it: a newer pass may be over by now
            kept["rows"] = rows
    place.empty()


def _cancel(number: int, wanted: list[Any]) -> None:
    """End one pass; Streamlit may tell of a press once more when a run was cut off, and that means no later pass."""
    if _kept()["passes"] == number:
        _kept()["stopped"] = wanted


def _resume() -> None:
    _kept().update(stopped=None, passes=_kept()["passes"] + 1)


def _row(model: nn.Module, data: Dataset, file: PictureFile, known: Familiar | None) -> dict[str, Any]:
    """One line of the table; a picture that was read before is only answered again."""
    if file.problem is not None:
        return {"thumbnail": "", **Answer(file.name, file.problem, None)._asdict()}
    before: dict[str, dict[str, Any]] = _kept()["read"]
    digest = blake2b(file.data).hexdigest()
    if digest not in before:
        read = read_picture(file, data)
        shown = "" if read.image is None else thumbnail(read.image)
        before[digest] = {"problem": read.problem, "x": read.x, "thumbnail": shown}
    said = answer(model, Read(file.name, before[digest]["problem"], None, before[digest]["x"]), known)
    return {"thumbnail": before[digest]["thumbnail"], **said._asdict()}
