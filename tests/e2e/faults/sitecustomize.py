"""Faults for a server that is started with this folder on PYTHONPATH: `?break=page` and so on brings them about."""

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# What breaks: the word in the address -> the module and its function that raises.
PLACES = {
    "view": ("lib.ui.look_inside.maps", "show"),
    "page": ("lib.ui.setup.session", "read_address"),
    "lesson": ("lib.ui.lesson.place", "follow"),
    "part": ("lib.ui.net.in_page", "view"),  # of Start: in a fragment; only once it runs alone
    "dialog": ("lib.ui.train.take_away", "_files"),
    "press": ("lib.ui.train.take_away", "_show"),
    "press-in-part": ("lib.ui.net.inside", "_next_sample"),
}


def _broken(word: str, whole: Callable[..., Any]) -> Callable[..., Any]:
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    def break_if_asked(*args: Any, **options: Any) -> Any:
        context = get_script_run_ctx()
        alone = context is not None and bool(context.fragment_ids_this_run)
        mended = Path(os.environ["FAULTS_MENDED"]).exists()
        if st.query_params.get("break") == word and not mended and (alone or word != "part"):
            raise RuntimeError(f"the {word} is broken on purpose")
        return whole(*args, **options)

    return break_if_asked


class _Breaking:
    """Lets modules be imported as ever, and puts the faults into the ones that are to have them."""

    def find_spec(self, name: str, *_: object) -> Any:
        if name not in {module for module, _ in PLACES.values()}:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        assert spec is not None
        assert spec.loader is not None
        execute = spec.loader.exec_module

        def execute_and_break(module: Any) -> None:
            execute(module)
            for word, (at, function) in PLACES.items():
                if at == name:
                    setattr(module, function, _broken(word, getattr(module, function)))

        spec.loader.exec_module = execute_and_break
        return spec


sys.meta_path.insert(0, _Breaking())
