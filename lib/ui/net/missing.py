"""A net is here and its pictures are not: one sentence on top says how to get them, and each view shows what it can."""

import streamlit as st

from lib.datasets.catalogue import info
from lib.datasets.own import PREFIX
from lib.nets.net import Net
from lib.ui.words import say, text
from lib.ui.words.field import title_of


def lacks_pictures(net: Net, part: str = "") -> bool:
    """True if none of the net's pictures are here; then the sentence of `part` of a view is written, if it has one."""
    if len(net.dataset.test):
        return False
    if part:
        st.caption(f":material/image_not_supported: {say(f'missing.{part}')}")
    return True


def say_how_to_get(net: Net, *, with_sheet: bool) -> None:
    """Write, on top of a page, what is missing for this net and how to get it; nothing where its pictures are here.

    with_sheet: the page shows a picture, and an empty sheet where it has none
    """
    if not lacks_pictures(net):
        return
    about = info(net.config.data.name)
    way = "own" if about.name.startswith(PREFIX) else "package" if about.package else "fetch"
    named = {"net": text.literal(f"{net.name[:1].upper()}{net.name[1:]}"), "title": text.literal(title_of(about))}
    said = say(f"missing.{way}", **named, name=about.name, package=about.package)
    st.info(f"{said} {say('missing.until_then')}" if with_sheet else said, icon=":material/image_not_supported:")
