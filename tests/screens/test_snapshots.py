"""A few pictures of each page, kept: what an inspector sees must not change unnoticed.

Drawn anew with ``pytest --snapshot-update``; look at every picture before it is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session
from textual.pilot import Pilot
from textual.widgets import Input

from fieldkit.casework import judging
from fieldkit.casework.cases import withdraw_case
from fieldkit.evidence import points
from fieldkit.evidence.names import add_names
from fieldkit.wording import dates
from screens.app import FieldkitApp
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, settled

Compare = Callable[..., bool]

PAGES: dict[str, tuple[str, ...]] = {
    "home": (),
    "help": ("f1",),
    "cases": ("c",),
    "case": ("c", "enter", "down"),
    "fieldwork": ("n",),
    "points": ("p",),
    "coverage": ("g", "down", "right"),
    "look_again": ("z",),
    "leaving": ("b",),
    "names": ("y",),
    "preflight": ("w", "c"),
    "referrals": ("r",),
    "comparison": ("m",),
    "assessments": ("a",),
    "export": ("e",),
    "exchange": ("x",),
    "drafts": ("u",),
    "search": ("f3", *"alone"),
    "settings": ("j", "down", "down"),
    "inspections": ("i",),
    "palette": ("ctrl+p",),
}
"""Each page and the keys that lead to it from home; none of them shows a time of day."""


@pytest.fixture(autouse=True)
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one moment in every picture, and all that was written was written then."""
    monkeypatch.setattr(dates, "here", lambda moment="": datetime(2026, 9, 9, 14, 32).astimezone())


@pytest.fixture
def judged(vault: Vault, inspection: str, cases: dict[str, str]) -> Vault:
    """Two cases judged, one withdrawn, and a point."""

    def work(s: Session) -> None:
        for number, reference in enumerate(("WST-001", "WST-002")):
            for criterion in (
                "initial_contact",
                "assessment",
                "investigation",
                "decision_making",
                "trusted_adult",
                "managing_risk",
                "police_detention",
                "overall",
            ):
                grade = ("good", "requires improvement", "inadequate")[
                    (number + len(criterion)) % 3
                ]
                judging.grade(s, cases[reference], criterion, grade)
            judging.write(s, cases[reference], "overall", rationale="No record of [/ being alone.")
        withdraw_case(s, cases["WST-004"], "A duplicate of WST-003.")
        made = points.add_point(
            s, inspection, "Children are not always seen alone.", "concern", "investigation"
        )
        s.flush()
        judgment = judging.write(s, cases["WST-001"], "overall", concern="Siblings not considered.")
        assert judgment is not None
        s.flush()
        points.support(s, made.id, "judgment", judgment.id)
        add_names(s, inspection, ["Dafydd Llewelyn = child 2", "Jane Hughes", "Will Thornton"])

    vault.write_now(work)
    return vault


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x36"])
@pytest.mark.parametrize("page", PAGES)
def test_page(
    snap_compare: Compare, judged: Vault, inspection: str, page: str, size: tuple[int, int]
) -> None:
    app = FieldkitApp(judged.folder, inspection=inspection, vault=judged)

    async def go(pilot: Pilot[None]) -> None:
        await pilot.pause()
        for key in PAGES[page]:
            await pilot.press(key)
        for field in app.screen.query(Input):
            field.cursor_blink = False  # else a slow machine meets it between two blinks
        if not app.keys.asking:  # what waits for the answer of a dialog is not waited for
            await settled(pilot)
        for _ in range(3):
            await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=go)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x36"])
def test_unlock(
    snap_compare: Compare, vault: Vault, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    vault.lock()
    monkeypatch.chdir(vault.folder.parent)  # the page names the folder, and it is another each time
    assert snap_compare(FieldkitApp(Path(vault.folder.name)), terminal_size=size)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x36"])
def test_first_run(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert snap_compare(FieldkitApp(Path("none")), terminal_size=size)
