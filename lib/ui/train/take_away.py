"""Take a run away as files, open somebody's recording or set-up, save the set-up: two dialogs of Train.

Which dialog is open stands in the session, so that it stays open when the page runs again behind it.
"""

import streamlit as st

from lib.datasets.travel import own_set_for
from lib.export.catalogue import Export, exports_of, file_stem
from lib.export.setup_json import NotASetup, parse_setup, setup_file
from lib.home import HomeFailure
from lib.models import nearest_preset
from lib.nets.recording import RecordedRun, find_recorded, keep_recording
from lib.nets.recording_file import FORMAT as RECORDING_FORMAT
from lib.nets.recording_file import NotARecording, Recording, parse_recording
from lib.nets.stranger.file import MAX_BYTES as NET_BYTES
from lib.runs import Run
from lib.ui.components.dialog_focus import dialog_focus
from lib.ui.frame.home_notes import failure_in_words
from lib.ui.setup import allowed, session, waiting
from lib.ui.train import net_file
from lib.ui.words import say, text

_OPEN = "dialog"  # in the session: "take-away", "files" or nothing
_HEAD = 400  # bytes of a file that say what it is
_BROUGHT = "brought"  # in the session: ids of recordings that this browser brought


def buttons(run: Run | None) -> None:
    """The two buttons that open the dialogs; a run can be taken away once it has ended."""
    if run and run.has_ended:
        _opener(say("train.take_away"), "take-away", ":material/download:")
    _opener(say("train.open_or_save"), "files", ":material/folder_open:")


def dialogs(run: Run | None) -> None:
    """Show the dialog that is open, if one is. Last on the page."""
    match st.session_state.get(_OPEN):
        case "take-away" if run and run.has_ended:
            opened = st.dialog(say("train.take_away_2", name=run.name), width="large", on_dismiss=_closed)(_take_away)
            opened(run)
        case "files":
            st.dialog(say("train.open_or_save"), width="medium", on_dismiss=_closed)(_files)()


def brought() -> list[RecordedRun]:
    """The recordings that this browser brought, as far as they are still kept."""
    return [run for run_id in st.session_state.get(_BROUGHT, []) if (run := find_recorded(run_id))]


def _opener(label: str, dialog: str, icon: str) -> None:
    st.button(label, key=f"opens-{dialog}", type="tertiary", icon=icon, on_click=_show, args=(dialog,))


def _show(dialog: str) -> None:
    st.session_state[_OPEN] = dialog


def _closed() -> None:
    st.session_state.pop(_OPEN, None)


def _take_away(run: Run) -> None:
    dialog_focus()
    st.caption(say("train.everything_here_works"))
    for title, exports in exports_of(run).items():
        with st.container(key=f"take-{title}", gap="xsmall"):
            st.markdown(f"**{title}**")
            for export in exports:
                _offer(export)


def _offer(export: Export) -> None:
    button, words, size = st.columns([0.24, 0.65, 0.11], vertical_alignment="center", gap="small")
    with button:
        st.download_button(
            export.title,
            export.make,
            file_name=export.file_name,
            key=f"take-{export.kind}",
            icon=":material/download:",
            on_click="ignore",
            disabled=export.problem is not None,
            width="stretch",
        )
    words.caption(export.problem or export.sentence)
    size.caption("" if export.problem else text.size(export.about_bytes), text_alignment="right")


def _files() -> None:
    config = session.setup()
    st.markdown("**Save**")
    st.caption(say("train.set_up_as"))
    name = nearest_preset(config) or "own-net"
    st.download_button(
        say("train.save_set_up"),
        setup_file(name, config),
        file_name=f"{file_stem(name)}-set-up.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
    )
    st.markdown("**Open**")
    st.caption(say("train.set_up_train"))
    file = allowed.uploader(
        say("train.set_up_or"),
        key="open-file",
        type=["json", *net_file.ENDINGS],
        max_upload_size=NET_BYTES // 1_000_000,
    )
    if file is None:
        return
    if file.name.lower().endswith(net_file.ENDINGS):
        net_file.show(file.name, file.getvalue())
        return
    try:
        _take_over(file.name, file.getvalue())
    except (NotARecording, NotASetup) as refused:
        st.error(text.literal(str(refused)), icon=":material/error:")
    except HomeFailure as failure:
        said = text.literal(say("train.cannot_be_kept", name=file.name, failure=failure_in_words(failure)))
        st.error(said, icon=":material/error:")
    else:
        _closed()
        st.rerun()


def _with_pictures(name: str, recording: Recording) -> Recording:
    """Let a recording show its pictures where they came as a file: they have another name then."""
    data, told = recording.config.data, recording.pictures
    if not session.may_use(data.name):
        raise NotARecording(say("train.pictures_whoever_made", name=name))
    came = own_set_for(data.name, session.owner())
    if came is None or told is None or came.classes != told.classes:
        return recording
    config = recording.config.model_copy(update={"data": data.model_copy(update={"name": came.name})})
    return recording.model_copy(update={"config": config})


def _take_over(name: str, content: bytes) -> None:
    """Bring the recording into view, or make the set-up the one that is edited."""
    if RECORDING_FORMAT.encode() in content[:_HEAD]:
        run = keep_recording(_with_pictures(name, parse_recording(name, content)))
        st.session_state[_BROUGHT] = list(dict.fromkeys([*st.session_state.get(_BROUGHT, []), run.id]))
        session.show_run(run)
    else:
        wanted = parse_setup(name, content)
        config = session.at_hand(wanted)
        waiting.keep(None if config else wanted)
        if config:
            session.change_setup(session.fitted(config), undoable=True)
