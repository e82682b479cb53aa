"""Locking past a page that hangs, a disk that is full and a clerk that is busy."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from textual import events

from fieldkit.vault.after_lock import AfterLock, take
from screens.app import FieldkitApp
from screens.casework.case import CasePage
from screens.inspections.home import HomePage
from screens.vault import lock
from screens.vault.lock_thread import LockThread
from screens.vault.relocked import packed, unpacked
from screens.vault.unlock import UnlockPage
from storage.errors import FieldkitError
from storage.feed import drafts
from storage.vault.store import Store
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.screens import driving
from tests.screens.driving import PATIENCE, opened, page, settled, until, waiting_texts


class Began(Exception):
    """Stands for the moment when another process has taken this one's place."""


async def begun(app: FieldkitApp) -> AfterLock:
    """Lock as in a terminal; what the next process is to know."""
    passed: list[AfterLock] = []

    def begin_anew(after: AfterLock) -> NoReturn:
        passed.append(after)
        raise Began

    thread = LockThread(app, lambda: False, app._known, begin_anew)
    with pytest.raises(Began):
        await asyncio.to_thread(thread._lock)
    app._vault = None
    (after,) = passed
    read = take(after.variables())
    assert read == after
    return after


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine is given all the time that it needs."""
    monkeypatch.setattr("screens.vault.lock_thread.LONGEST", PATIENCE)
    monkeypatch.setattr("screens.vault.lock_thread.PATIENCE", PATIENCE)


async def typing_in(app: FieldkitApp, pilot: Any, case: str) -> None:
    await app.go("case", case_id=case)
    await settled(pilot)
    await pilot.press("enter", *"gap")


async def test_another_process_begins_and_finds_what_was_typed(
    vault: Vault, inspection: str, cases: dict[str, str], patient: None
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await typing_in(app, pilot, cases["WST-001"])
        after = await begun(app)
    assert after == AfterLock(inspection=inspection, placed=True, locked=after.locked)
    assert after.locked.startswith("You locked it on ")
    assert vault.locked
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert waiting_texts(again) == ["gap"]


async def test_text_that_the_disk_refuses_goes_along_sealed(
    vault: Vault,
    inspection: str,
    cases: dict[str, str],
    patient: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise FieldkitError("The disk is full.")

    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=cases["WST-001"])
        await settled(pilot)
        with monkeypatch.context() as patched:
            patched.setattr(Store, "write", full)
            await pilot.press("enter", *"gap")
            after = await begun(app)
    assert after.sealed and b"gap" not in after.sealed
    app = FieldkitApp(vault.folder, inspection=after.inspection, after=after)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, UnlockPage)
        assert "could not be saved" in " ".join(page(app).split())
        await pilot.press(*PASSPHRASE, "enter")
        await settled(pilot)
        assert isinstance(app.screen, HomePage)
        assert waiting_texts(app.vault) == ["gap"]


async def test_text_that_is_being_committed_is_kept_where_a_job_holds_the_clerk(
    vault: Vault, inspection: str, cases: dict[str, str], patient: None
) -> None:
    begun_, go_on = threading.Event(), threading.Event()

    def long(_: object) -> None:
        begun_.set()
        assert go_on.wait(PATIENCE)

    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=cases["WST-001"])
        await settled(pilot)
        await pilot.press("enter")
        vault.write_later(long)
        assert await asyncio.to_thread(begun_.wait, PATIENCE)
        await pilot.press(*"gap")
        app.post_message(events.Key("escape", None))
        await until(pilot_of_the_loop(app), lambda: bool(app.typing._on_the_way))
        after = await begun(app)
        go_on.set()
        await asyncio.to_thread(vault._clerk.close)
    assert after.broken_off and not after.sealed
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert waiting_texts(again) == ["gap"]


def pilot_of_the_loop(app: FieldkitApp) -> Any:
    """Lets the loop run without waiting for the app's keys, one of which hangs."""

    class Loop:
        async def pause(self, delay: float | None = None) -> None:
            await asyncio.sleep(delay or 0)

    return Loop()


async def test_a_text_that_was_committed_is_no_draft(
    vault: Vault, inspection: str, cases: dict[str, str], patient: None
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await typing_in(app, pilot, cases["WST-001"])
        await pilot.press("escape")
        await settled(pilot)
        await begun(app)
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert waiting_texts(again) == []


@pytest.mark.parametrize("hangs", ["key", "worker"])
async def test_the_key_that_locks_waits_for_no_other(
    vault: Vault,
    inspection: str,
    cases: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    hangs: str,
) -> None:
    never = asyncio.Event()

    async def hang(self: CasePage) -> None:
        if hangs == "worker":
            self.run_worker(never.wait())
        else:
            await never.wait()

    monkeypatch.setattr(CasePage, "action_history", hang)
    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=cases["WST-001"])
        await settled(pilot)
        app.post_message(events.Key("h", "h"))
        for _ in range(20):
            await asyncio.sleep(0)
        app.post_message(events.Key("ctrl+l", None))
        try:
            async with asyncio.timeout(PATIENCE):
                while app.unlocked:
                    await asyncio.sleep(0.01)
            assert vault.locked
        finally:
            never.set()


async def test_a_busy_clerk_is_told_on_the_page(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE", PATIENCE)
    begun_, go_on = threading.Event(), threading.Event()

    def long(_: object) -> None:
        begun_.set()
        assert go_on.wait(PATIENCE)

    async with opened(vault, inspection) as (app, pilot):
        vault.write_later(long)
        assert await asyncio.to_thread(begun_.wait, PATIENCE)
        await driving.locked(pilot)
        go_on.set()
        assert "what was not finished of it was undone" in " ".join(page(app).split())


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (AfterLock(broken_off=True), "what was not finished of it was undone"),
        (AfterLock(broken_off=True, staged="ready"), "It is finished as soon as you unlock"),
        (AfterLock(staged="filling"), "Nothing of it counts"),
        (AfterLock(lost=True), "too much to be kept"),
        (AfterLock(sealed=b"x"), "could not be saved"),
    ],
)
async def test_the_page_says_what_the_lock_did(vault: Vault, after: AfterLock, words: str) -> None:
    vault.lock()
    app = FieldkitApp(vault.folder, after=after, hint="It opens with “x”.")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        said = " ".join(page(app).split())
        assert words in said and "It opens with “x”." in said


def test_texts_come_back_as_they_were() -> None:
    texts: dict[tuple[str, str], tuple[str, str | None]] = {
        ("note/1", "text"): ("A note", "“Ünïqué”\n\ud83d"),
        ("note/2", "text"): ("Another", None),
    }
    assert unpacked(packed(texts)) == texts


@pytest.mark.parametrize(
    ("opening", "open_", "asked"), [(False, True, 1), (True, False, 1), (False, False, 0)]
)
async def test_there_is_something_to_lock_from_the_passphrase_on(
    vault: Vault, opening: bool, open_: bool, asked: int
) -> None:
    app = FieldkitApp(vault.folder, vault=vault if open_ else None)
    app.opening = opening
    asks: list[Callable[[], None]] = []

    class Locks:
        def ask(self) -> None:
            asks.append(self.ask)

    app._locks = Locks()  # type: ignore[assignment]
    assert app.lock_at_once() is bool(asked)
    assert len(asks) == asked
    assert [one.text for one in vault.read_now(drafts.listed)] == []
