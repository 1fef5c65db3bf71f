"""How page tests find a widget: by the entry of the session that it shows."""

from typing import Any

import pytest
from streamlit.testing.v1.element_tree import ElementList


@pytest.fixture(autouse=True)
def _found_by_its_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `at.selectbox(key="setup.data.name")` find the widget whose key goes on with how often others chose."""
    exactly = ElementList.__call__

    def find(self: ElementList[Any], key: str) -> Any:
        named = (each.key for each in self if (getattr(each, "key", None) or "").rpartition("~")[0] == key)
        return exactly(self, next(named, key))

    monkeypatch.setattr(ElementList, "__call__", find)
