"""A net whose weights are no longer numbers: its early moments can be seen, everything else says so in words."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.runs import Run, get_registry
from lib.runs.test_results import last_accuracy
from lib.training import NoAnswer, has_numbers
from lib.ui.frame.page import PAGES
from lib.ui.setup.link import from_link

LINK = {
    "net": "f-d16L-d16L-d16L-d16L-d16L-d16L",
    "data": "digits",
    "opt": "sgd",
    "lr": "1",
    "epochs": "2",
}


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> Run:
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    run = get_registry().start(from_link(LINK)[0], "this-session")
    assert run.wait(180)
    assert run.state == "failed"
    return run


def opened(page: str, run: Run, **state: object) -> AppTest:
    at = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    at.query_params["run"] = run.id
    for key, value in state.items():
        at.session_state[key.replace("_", "-")] = value
    return at.run()


def said(at: AppTest) -> str:
    kinds = (at.warning, at.info, at.caption, at.markdown, at.error)
    return " ".join(str(each.value) for kind in kinds for each in kind) + str(at)


VIEWS = [
    *(("look_inside", {"view": view}) for view in ("maps", "matters", "backwards")),
    *(("diagnose", {"diagnose_view": view}) for view in ("mistakes", "gap", "projection", "doctor")),
    *(("classify", {"classify_view": view}) for view in ("picture", "many", "sureness")),
    *(("learn", {"section": view}) for view in ("neurons", "loss", "descent", "iteration", "clusters")),
]


@pytest.mark.parametrize(("page", "state"), VIEWS, ids=[next(iter(s.values())) for _, s in VIEWS])
def test_a_broken_net_is_never_right(page, state, broken):
    at = opened(page, broken, **state)
    assert not at.exception
    words = said(at)
    assert "no longer" in words or "no number" in words
    assert "✓ Right" not in words
    assert "the true class is" not in words


def test_its_early_moments_can_be_seen(broken, monkeypatch):
    early = broken.snapshots()[0]
    assert has_numbers(broken.model_at(early))
    assert not has_numbers(broken.model()[1])
    monkeypatch.setattr("lib.ui.look_inside.time_machine.asked_for", lambda _key: early)
    at = opened("look_inside", broken, view="maps")
    assert not at.exception
    assert "no longer numbers" not in said(at)


def test_a_run_list_does_not_show_the_untrained_net_s_accuracy(broken):
    assert broken.log.epochs[0]["valid_accuracy"] is not None
    assert last_accuracy(broken) is None
    words = said(opened("train", broken))
    assert f"{broken.name} · " not in words


def test_what_it_said_live_is_nothing(broken):
    assert broken.glimpse["answers"] == []
    assert len(str(NoAnswer())) > 20
