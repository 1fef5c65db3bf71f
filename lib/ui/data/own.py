"""Your own classes: bring or draw a few pictures of each, keep them as a data set, and train on it."""

from html import escape
from typing import Any

import streamlit as st
import torch

from lib.config import RunConfig
from lib.datasets import DatasetInfo, UnsafeImage, load_image
from lib.datasets.own import FEWEST, FEWEST_CLASSES, KINDS, MOST_CLASSES, save_own, shrink
from lib.pictures.archive import MAX_PICTURES, MAX_ZIP_MB, PictureFile, PictureFiles, Source
from lib.pictures.load import load_drawing
from lib.pictures.names import clean_name, twins_in
from lib.runs import get_registry
from lib.ui.components.canvas import SIDE, canvas
from lib.ui.data import drafting, kept
from lib.ui.net.answers import png_base64
from lib.ui.serve import uploads
from lib.ui.setup import allowed, session
from lib.ui.setup.controls import held
from lib.ui.words import say
from lib.ui.words.text import literal

_SHOWN = 7  # of the newest pictures of a class


def show(config: RunConfig, info: DatasetInfo) -> None:  # noqa: ARG001  (every view is called alike)
    """The classes on the left, what brings pictures on the right, and below the sets that are kept here."""
    with st.container(key="stack-own"):
        left, right = st.columns([0.56, 0.44], gap="medium")
    with right, st.container(border=True, key="own-bring", gap="small"):
        _bring()
    with left:
        with st.container(border=True, key="own-classes", gap="small"):
            _classes()
            _keep(config)
        kept.show(config)


def _classes() -> None:
    made = drafting.draft()
    title, kind = st.columns([0.5, 0.5], gap="medium", vertical_alignment="bottom")
    with title:
        key = f"own-title-{made['round']}"
        held(st.text_input, say("own.title"), first=made["title"], max_chars=30, key=key,
             placeholder=say("own.title_example"),
             on_change=lambda: made.update(title=st.session_state[key]))  # fmt: skip
    with kind:
        any_yet = any(each["pictures"] for each in made["classes"])
        held(
            st.segmented_control, say("own.kind"), KINDS, format_func=lambda name: say(f"own.{name}"), disabled=any_yet,
            help=say("own.kind_help"), required=True, **_bound("kind"),
        )  # fmt: skip
    for one in made["classes"]:
        _class_row(one)
    for name in _twins()[:1]:
        st.warning(_alike(name), icon=":material/content_copy:")
    st.button(say("own.add_class"), icon=":material/add:", type="tertiary", on_click=drafting.add_class,
              disabled=len(made["classes"]) == MOST_CLASSES, key="own-add-class")  # fmt: skip


def _bound(part: str) -> dict[str, Any]:
    """Widget arguments that show a part of the draft and write it back."""
    made, key = drafting.draft(), f"own-{part}-{drafting.draft()['round']}"
    st.session_state[key] = made[part]
    return {"key": key, "on_change": lambda: made.update({part: st.session_state[key]})}


def _class_row(one: dict[str, Any]) -> None:
    made, key = drafting.draft(), drafting.name_key(one)
    place, name = made["classes"].index(one), _name(one)
    with st.container(
        horizontal=True, wrap=False, vertical_alignment="center", gap="small", key=f"own-row-{one['id']}"
    ):
        held(st.text_input, say("own.name_of", number=place), first=one["name"], max_chars=30, key=key, width=170,
             placeholder=say("own.name_example", number=place + 1), label_visibility="collapsed",
             on_change=lambda: one.update(name=st.session_state[key]))  # fmt: skip
        count = len(one["pictures"])
        st.html(f'<div class="gh-own" data-testid="own-class" data-count="{count}">{_strip(one, name)}</div>')
        st.button(say("own.drop"), icon=":material/close:", type="tertiary",
                  help=say("own.drop_class", name=literal(name)), on_click=drafting.drop_class, args=(one["id"],),
                  key=f"own-drop-{one['id']}", disabled=len(made["classes"]) <= FEWEST_CLASSES)  # fmt: skip


def _name(one: dict[str, Any]) -> str:
    """What a class is called; a number until it has a name of its own."""
    classes = drafting.draft()["classes"]
    number, name = 1 + classes.index(one), clean_name(one["name"])
    if twins_in(each["name"] for each in classes[:number] if each is one or twins_in([each["name"], name])):
        return f"{name} ({number})"
    return name or say("own.name_example", number=number)


def _twins() -> list[str]:
    return twins_in(each["name"] for each in drafting.draft()["classes"])


def _alike(name: str) -> str:
    return say("own.alike", name=literal(name), left=literal(clean_name(name)))


def _strip(one: dict[str, Any], name: str) -> str:
    """The newest pictures side by side in one image, and how many there are."""
    count = len(one["pictures"])
    said = say("own.count", count=count) if count >= FEWEST else say("own.count_of", count=count, least=FEWEST)
    if not count:
        return f"<span>{said}</span>"
    sheet = torch.cat(drafting.pictures_of(one, _SHOWN), dim=2)
    width = 36 * min(count, _SHOWN)
    alt = escape(say("own.strip", name=name, count=count))
    return (
        f'<img alt="{alt}" style="width: {width}px" src="data:image/png;base64,{png_base64(sheet)}"><span>{said}</span>'
    )


def _bring() -> None:
    """Choose a class and give it pictures, drawn or uploaded."""
    made = drafting.draft()
    ids = {each["id"]: _name(each) for each in made["classes"]}
    made["chosen"] = drafting.chosen()["id"]
    held(
        st.segmented_control,
        say("own.pictures_for"),
        ids,
        format_func=lambda key: literal(ids[key]),
        required=True,
        **_bound("chosen"),
    )
    if drafting.kind() == "drawing":
        _draw()
    _upload()
    if made["refused"]:
        lines = "".join(f"<li><b>{escape(name)}</b>{escape(why)}</li>" for name, why in made["refused"][:50])
        st.html(f'<div class="gh-refused" role="status" data-testid="own-refused"><ul>{lines}</ul></div>')


def _draw() -> None:
    made = drafting.draft()
    key = f"own-canvas-{made['round']}-{sum(len(each['pictures']) for each in made['classes'])}"
    drawing = canvas(key=key, label=say("own.draw", name=_name(drafting.chosen()))).drawing
    label = say("own.add_drawing", name=literal(_name(drafting.chosen())))
    st.button(label, icon=":material/add_photo_alternate:", on_click=_take_drawing, args=(drawing["png"],),
              disabled=not drawing["png"], key="own-take-drawing")  # fmt: skip


def _take_drawing(png: str) -> None:
    try:
        small = shrink(load_drawing(png, SIDE), "drawing")
    except UnsafeImage as problem:
        drafting.draft()["refused"] = [[_name(drafting.chosen()), problem.reason]]
        return
    word = "own.empty_sheet" if small is None else drafting.add_picture(small)
    drafting.draft()["refused"] = [[_name(drafting.chosen()), say(word)]] if word else []


def _upload() -> None:
    """Read files one after the other; what was read stays, also after Stop."""
    made = drafting.draft()
    files = allowed.uploader(
        say("own.upload", name=literal(_name(drafting.chosen()))),
        key=f"own-files-{made['round']}-{made.get('uploads', 0)}",
        accept_multiple_files=True,
        max_upload_size=MAX_ZIP_MB,
    )
    st.caption(f":material/lock: {say('own.privacy')}")
    if not files:
        return
    pictures = PictureFiles(Source(file.name, file.size, file.getvalue) for file in files)
    folders = {name: count for name, count in pictures.folders().items() if clean_name(name)}
    if len(folders) > 1 and made.get("by_folder") is None:
        _ask_about(folders)
        return
    stop = st.empty()
    stop.button(say("own.stop"), icon=":material/stop:", on_click=_next_upload, key="own-stop")
    bar = st.progress(0.0)
    made["refused"] = []
    for place, picture in enumerate(pictures, 1):
        problem = picture.problem or _take(picture)
        if problem:
            made["refused"].append([picture.name, problem])
        bar.progress(place / len(pictures), say("own.reading", place=place, count=min(len(pictures), MAX_PICTURES)))
    uploads.let_go(files)
    _next_upload()
    st.rerun()


def _next_upload() -> None:
    made = drafting.draft()
    made["uploads"] = made.get("uploads", 0) + 1
    made["by_folder"] = None


def _ask_about(folders: dict[str, int]) -> None:
    """Ask whether the folders of a zip are classes, before anything is read."""
    listed = ", ".join(f"{literal(clean_name(name))} ({count})" for name, count in folders.items())
    st.info(say("own.folders", count=len(folders), listed=listed), icon=":material/folder_zip:")
    missing = [name for name in folders if not any(twins_in([each["name"], name]) for each in _named())]
    twins, many = twins_in(folders), len(missing) + len(_named()) > MOST_CLASSES
    if twins:
        st.warning(_alike(twins[0]), icon=":material/content_copy:")
    elif many:
        st.warning(say("own.too_many", most=MOST_CLASSES), icon=":material/category:")
    with st.container(horizontal=True, gap="small"):
        st.button(say("own.by_folder"), type="primary", on_click=drafting.draft().update, kwargs={"by_folder": True},
                  disabled=bool(twins or many), key="own-by-folder")  # fmt: skip
        st.button(say("own.all_to", name=literal(_name(drafting.chosen()))), on_click=drafting.draft().update,
                  kwargs={"by_folder": False}, key="own-all-to")  # fmt: skip


def _named() -> list[dict[str, Any]]:
    """The classes that have a name or pictures."""
    return [each for each in drafting.draft()["classes"] if clean_name(each["name"]) or each["pictures"]]


def _take(picture: PictureFile) -> str | None:
    """Add one picture to the class of its folder, if folders are classes, or else to the chosen one.

    Returns the sentence why not, if so.
    """
    by_folder = drafting.draft().get("by_folder") and clean_name(picture.folder)
    one = drafting.class_named(picture.folder) if by_folder else drafting.chosen()
    if one is None:
        return say("own.too_many", most=MOST_CLASSES)
    try:
        small = shrink(load_image(picture.data), drafting.kind())
    except UnsafeImage as problem:
        return problem.reason
    if small is None:
        return say("own.empty_sheet")
    word = drafting.add_picture(small, one)
    return say(word) if word else None


def _keep(config: RunConfig) -> None:
    made, lacking = drafting.draft(), drafting.missing()
    nameless = any(not clean_name(each["name"]) for each in made["classes"])
    held(st.segmented_control, say("own.for"), ("me", "all"), format_func=lambda who: say(f"own.for_{who}"),
         required=True, **_bound("for"))  # fmt: skip
    if not allowed.say_if_not("own_classes"):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(say("own.keep"), type="primary", on_click=_make, args=(config,), key="own-keep",
                  disabled=bool(lacking or nameless or _twins()))  # fmt: skip
        if lacking:
            st.caption(say("own.lacking", count=lacking, least=FEWEST), width="content")
        elif nameless:
            st.caption(say("own.nameless"), width="content")
    if problem := st.session_state.pop("own-problem", None):
        st.error(problem, icon=":material/error:")


def _make(config: RunConfig) -> None:
    if not allowed.may("own_classes"):
        return
    made = drafting.draft()
    try:
        pictures = {each["name"]: drafting.pictures_of(each) for each in made["classes"]}
        coming = sum(each.numel() for several in pictures.values() for each in several)
        get_registry().space.make_room(coming)
        saved = save_own(made["title"], drafting.kind(), pictures, session.owner(), shared=made["for"] == "all")
    except (ValueError, OSError) as problem:
        st.session_state["own-problem"] = (
            literal(allowed.refusal(problem)) if isinstance(problem, ValueError) else say("own.no_room")
        )
        return
    drafting.start_over()
    kept.use(config, saved)
