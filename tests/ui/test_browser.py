"""Whose browser it is: only a cookie that this server signed counts, and whoever has none is still nobody else."""

import asyncio
import json
import stat
import threading
from http.cookies import SimpleCookie

import pytest
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from streamlit.testing.v1 import AppTest

from lib.config import RunConfig
from lib.home import key as keys
from lib.runs.registry import Registry
from lib.ui.serve import browser

TINY = RunConfig.model_validate({"data": {"name": "digits"}, "model": {"layers": [{"kind": "flatten"}]}})
OLD = "O" * 22  # a name as earlier versions gave it out


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home without a key."""
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    keys._key_of.cache_clear()
    yield tmp_path
    keys._key_of.cache_clear()


@pytest.fixture
def registry(tmp_path, monkeypatch):
    registry = Registry(tmp_path)
    monkeypatch.setattr(browser, "get_registry", lambda: registry)
    yield registry
    registry.close()


def page_cookie(sent="", scheme="http"):
    """The cookie that comes with a page, for a browser that sends `sent`."""
    sent_back = []

    async def send(message):
        sent_back.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "scheme": scheme, "server": ("x", 80)}
    scope |= {"headers": [(b"cookie", sent.encode())] if sent else []}
    asyncio.run(browser.OwnerCookie(HTMLResponse("hello"))(scope, None, send))
    (cookie,) = SimpleCookie(Headers(raw=sent_back[0]["headers"])["set-cookie"]).values()
    return cookie


def owner_of(cookie):
    return browser.owner_of({cookie.key: cookie.value})


@pytest.mark.usefixtures("registry")
def test_a_browser_keeps_the_name_that_it_was_given():
    first = page_cookie()
    assert owner_of(first)
    again = page_cookie(f"{first.key}={first.value}")
    assert (again.key, owner_of(again)) == (first.key, owner_of(first))
    assert owner_of(page_cookie()) != owner_of(first)
    assert (first["httponly"], first["samesite"], first["secure"]) == (True, "Lax", "")
    assert page_cookie(scheme="https")["secure"]


def forgeries():
    owner = browser.new_owner()
    good = browser.signed(owner)
    name, signature = good.split(".")
    yield from ("", ".", owner, f"{owner}.", f".{signature}", f"{browser.new_owner()}.{signature}", good + "=")
    yield from (f"{good}.{signature}", f"this-session.{signature}", f"{name}.{signature[:-1]}", "ä.ö", good[::-1])
    yield from (f"{owner[:-1]}{chr(ord(owner[-1]) ^ 1)}.{signature}", "x" * 4000, good + "\n")


def test_a_cookie_that_was_not_signed_here_is_no_owner():
    for made_up in forgeries():
        assert browser.owner_of({browser.cookie_name(): made_up}) is None, made_up
    assert browser.owner_of({"glasshouse_owner": OLD}) is None
    assert browser.owner_of({}) is None


def test_another_home_s_cookie_is_no_owner(tmp_path, monkeypatch):
    owner = browser.new_owner()
    name, value = browser.cookie_name(), browser.signed(owner)
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "other"))
    assert browser.cookie_name() != name  # so two servers on one machine do not take turns in overwriting one cookie
    assert browser.owner_of({name: value, browser.cookie_name(): value}) is None
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    assert browser.owner_of({name: value}) == owner


def test_whoever_has_runs_from_an_earlier_version_keeps_them(registry):
    registry.start(TINY, OLD)
    assert owner_of(page_cookie(f"glasshouse_owner={OLD}")) == OLD  # the key is younger than the run
    assert owner_of(page_cookie(f"glasshouse_owner={OLD[1:]}P")) != OLD[1:] + "P"
    newer = "N" * 22
    registry.start(TINY, newer)
    assert owner_of(page_cookie(f"glasshouse_owner={newer}")) != newer  # such a name was only ever given out signed


def test_the_key_is_its_owner_s_alone_and_stays(home):
    secret = keys.home_key().secret
    path = home / "key.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keys._key_of.cache_clear()
    assert keys.home_key().secret == secret
    assert not list(home.glob("*.part"))


def garbage():
    good = {"secret": "00" * 32, "made": 1.0}
    yield from (b"", b"\x00\xff", b"null", b"[]", b"{}", b"[" * 900, b'{"secret": 1, "made": 2}')
    yield from (json.dumps(good | change).encode() for change in ({"secret": "00"}, {"made": None}, {"secret": "xy"}))


@pytest.mark.parametrize("content", list(garbage()))
def test_a_damaged_key_is_set_aside(home, content):
    (home / "key.json").write_bytes(content)
    key = keys.home_key()
    assert len(key.secret) == 32
    assert [each.read_bytes() for each in home.glob("key.json.set-aside-*")] == [content]
    keys._key_of.cache_clear()
    assert keys.home_key() == key


def test_where_nothing_can_be_written_the_key_lasts_as_long_as_the_process(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "file"))
    assert keys.home_key() == keys.home_key()
    assert len(keys.home_key().secret) == 32


def test_many_processes_at_once_agree_on_one_key(home):
    found = []

    def look():
        found.append(keys._key_of.__wrapped__(home / "key.json"))

    threads = [threading.Thread(target=look) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1


def test_two_tabs_without_a_cookie_are_two_owners():
    def page():
        import streamlit as st

        from lib.ui.setup import session

        st.text(session.owner())

    first, second = AppTest.from_function(page).run(), AppTest.from_function(page).run()
    assert first.text[0].value == first.run().text[0].value
    assert len(first.text[0].value) == 22
    assert first.text[0].value != second.text[0].value


def test_a_disk_without_hard_links_keeps_its_key(tmp_path, monkeypatch):
    def refuse(*_paths):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("lib.home.files.os.link", refuse)
    found = []
    for _start in range(2):
        keys._key_of.cache_clear()
        found.append(keys._key_of(tmp_path / "key.json"))
    assert found[0] == found[1]
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]


def test_a_key_that_cannot_be_read_now_stays_where_it_is(tmp_path, monkeypatch):
    path = tmp_path / "key.json"
    keys._key_of.cache_clear()
    first = keys._key_of(path)

    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr("lib.home.key._read", refuse)
        keys._key_of.cache_clear()
        assert keys._key_of(path) != first
    keys._key_of.cache_clear()
    assert keys._key_of(path) == first
