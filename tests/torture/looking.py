"""What an honest person does on a day: opens every page, runs every command, goes on working."""

from __future__ import annotations

import contextlib
import ctypes
import io
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlmodel import Session
from textual.pilot import Pilot
from textual.screen import ModalScreen

from fieldkit.casework.cases import add_case
from fieldkit.cli import main
from fieldkit.cli.central import report
from fieldkit.cli.kit.context import Context
from fieldkit.evidence.notes import add_note
from fieldkit.evidence.points import point_lines
from fieldkit.exchange.exchange import exchange
from fieldkit.history.record_history import record_history
from fieldkit.inspections.inspections import bring_back
from fieldkit.wording.labels import label
from screens.kit.page import Page
from screens.pages import PAGES
from storage.central import Central
from storage.exchange.export import export
from storage.exchange.receipts import take_receipt
from storage.feed.journal import because
from storage.feed.read import ops_of
from storage.records import Case, Inspection, Note, Recommendation
from storage.records.lookup import records_in
from storage.records.registry import KINDS
from storage.vault.vault import Vault
from tests.screens.driving import opened
from tests.storage.malicious import Malicious

LIMIT_S = 20
"""Seconds of the processor that one look may take. Honest ones take a twentieth of it; it is
counted, not timed, so that a busy machine changes nothing."""


MAY_REFUSE = ("case", "entry", "history")
"""Pages of one record, which a colleague may have deleted."""


class HangError(AssertionError):
    """Says that something went on and on."""


@contextmanager
def bounded(what: str, limit: float = LIMIT_S) -> Iterator[None]:
    """Fail where something takes more of the processor than it ever may."""
    main_thread = threading.current_thread() is threading.main_thread()
    if not main_thread or not hasattr(signal, "setitimer"):
        yield
        return

    def over(number: int, frame: FrameType | None) -> None:
        # The clerk's thread may be what goes on.
        for thread in threading.enumerate():
            if thread is not threading.main_thread() and thread.ident:
                ident, error = ctypes.c_ulong(thread.ident), ctypes.py_object(HangError)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, error)
        raise HangError(f"{what} takes more than {limit} s of the processor")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def commands(vault: Vault, inspection: str, cases: list[str]) -> list[tuple[str, ...]]:
    """Every command that only shows something, of records that are there."""
    reading: list[tuple[str, ...]] = [
        ("inspection", "list"),
        ("inspection", "show", inspection),
        ("cases", "list"),
        ("fieldwork", "list"),
        ("note", "list"),
        ("point", "list"),
        ("point", "evidence"),
        ("coverage",),
        ("coverage", "4", "--method", "strength"),
        ("coverage", "4", "--json"),
        ("debrief",),
        ("debrief", "--date", "2026-07-08"),
        ("debrief", "since"),
        ("referrals",),
        ("queries", "--all"),
        ("self-assessment", "match"),
        ("self-assessment", "changes"),
        ("compare",),
        ("compare", "--csv"),
        ("compare", "--json"),
        ("handover", "--recipient", "the force's lead", "--with-rationale", "--with-statistics"),
        ("handover", "--recipient", "our lead", "--internal"),
        ("search", "the"),
        ("recommendations", "--all", "--then", "2026-07-06"),
        ("recommendations", "look-again"),
        ("recommendations", "--ics"),
        ("actionplan",),
        ("calendar",),
        ("calendar", "--year", "2026"),
        ("calendar", "late"),
        ("drafts",),
        ("conflicts",),
        ("deleted",),
        ("audit",),
        ("audit", "--csv"),
        ("vault", "info"),
    ]

    def known(s: Session) -> tuple[list[str], list[int], list[str]]:
        references = [one.id for one in records_in(s, Case, inspection) if one.id in cases]
        recommended = [one.id for one in records_in(s, Recommendation, inspection)][:3]
        return references, [one.number for one in point_lines(s, inspection)][:6], recommended

    kept, points, recommended = vault.read_now(known)
    reading += [("recommendations", "show", one) for one in recommended]
    reading += [("history", f"case/{case}") for case in kept[:2]]
    reading += [("trace", str(number)) for number in points]
    return reading


def run(vault: Vault, inspection: str, words: tuple[str, ...]) -> tuple[int, str]:
    """Run a command on a vault that is open; returns its code and what it said."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        patch.setattr(Context, "open_vault", lambda self: vault)
        code = main(["--vault", str(vault.folder), "--inspection", inspection, *words])
    return code, err.getvalue()


def every_command(vault: Vault, inspection: str, cases: list[str]) -> None:
    """Run every command that shows something: none fails, none is refused, none hangs."""
    for words in commands(vault, inspection, cases):
        with bounded(" ".join(words)):
            code, said = run(vault, inspection, words)
        assert code == 0 and "error of its own" not in said, (words, code, said)


def every_history(vault: Vault) -> None:
    """Read the name and the history of every record there are ops of."""

    def look(s: Session) -> None:
        query = "SELECT DISTINCT record_kind, record FROM op WHERE record_kind <> ''"
        for kind, record in s.connection().exec_driver_sql(query).all():
            # Where none of its ops counts, there is nothing to tell of it.
            if kind in KINDS and ops_of(s.connection(), kind, record):
                label(s, kind, record)
                record_history(s, kind, record)

    with bounded("every history", 4 * LIMIT_S):
        vault.read_now(look)


def reopen(vault: Vault, inspection: str) -> None:
    """Bring the inspection back where a colleague deleted it, as every command says to."""

    def back(s: Session) -> None:
        if s.get(Inspection, inspection) is None:
            bring_back(s, inspection)

    vault.write_now(back)


async def every_page(vault: Vault, inspection: str, arguments: dict[str, dict[str, Any]]) -> None:
    """Open every page of the app, go down a line, and go back."""

    def failed(page: Page, error: Exception) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Page, "failed", failed)
        await _visit(vault, inspection, arguments)


async def _quiet(pilot: Pilot[Any]) -> None:
    """Wait until a page has nothing left to do; a dialog that it opens at once is closed."""
    for _ in range(400):
        await pilot.pause()
        if isinstance(pilot.app.screen, ModalScreen):
            await pilot.press("escape")
        elif not any(one.is_running for one in pilot.app.workers):
            return
    raise HangError(f"{type(pilot.app.screen).__name__} comes to no rest")


async def _visit(vault: Vault, inspection: str, arguments: dict[str, dict[str, Any]]) -> None:
    async with opened(vault, inspection) as (app, pilot):
        for name in PAGES:
            with bounded(f"the page {name}"):
                await app.go(name, **arguments.get(name, {}))
                await _quiet(pilot)
                await pilot.press("down")
                await _quiet(pilot)
                assert app.unlocked, name
                refused = [one.message for one in app._notifications if one.severity == "error"]
                assert not refused or name in MAY_REFUSE, (name, refused)
            await app.pop_screen()
            app.clear_notifications()


def goes_on(vault: Vault, colleague: Vault, inspection: str, stick: Path, seen: int) -> None:
    """An honest laptop still writes, exchanges and exports."""
    text, reference = f"still writing {seen}", f"NEW-{seen:03}"

    def write(s: Session) -> None:
        # An inspection that a hostile op takes as left asks for a reason.
        with because(s, "we go on"):
            made = add_case(s, inspection, reference)
            add_note(s, Case.KIND, made.id, text)

    with bounded("writing, exchanging and exporting"):
        vault.write_now(write)
        done = exchange(vault, stick)
        assert not done.failed, done.failed
        export(vault, stick, full=True)
    listed = vault.read_now(records_in, Note, inspection)
    assert any(one.text == text for one in listed)
    assert colleague.author.device != vault.author.device


class _Open:
    """Central, as a command finds it, which leaves it open at its end."""

    def __init__(self, central: Central) -> None:
        self._central = central

    def __getattr__(self, name: str) -> Any:
        return getattr(self._central, name)

    def __enter__(self) -> _Open:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def central_reads(
    central: Central, ada: Malicious, vault: Vault, inspection: str, stick: Path
) -> None:
    """Central takes in what both laptops have, gives receipts, and reports on the inspection."""
    with bounded("central"):
        assert ada.hand_in(central, stick).outcome in ("taken", "known")
        (file,) = central.ingest([export(vault, stick, full=True, with_key=True).path]).files
        assert file.outcome in ("taken", "known"), file
        receipt = stick / "receipt"
        receipt.write_bytes(central.receipt(vault.author.device).encode())
        assert take_receipt(vault, receipt).new
    for more in ((), ("--json",), ("--inspection", inspection)):
        out, err = io.StringIO(), io.StringIO()
        with (
            bounded("central's report"),
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            patch.setattr(report, "open_central", lambda context: (_Open(central), ""))
            code = main(["central", "report", *more])
        assert code == 0 and "error of its own" not in err.getvalue(), err.getvalue()
        assert inspection[:8] in out.getvalue()
    # An inspection that a colleague invented may have no tables; ours has.
    assert "The tables cannot be made" not in out.getvalue(), out.getvalue()
