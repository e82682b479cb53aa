"""Pictures of the report and of the collection of practice, kept; none shows a time of day.

Drawn anew with ``pytest --snapshot-update``; look at every picture before it is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlmodel import Session
from textual.pilot import Pilot

from fieldkit.evidence.points import add_point
from fieldkit.feedback.debriefs.debrief import freeze_wording, include_point, open_debrief
from fieldkit.followup.practice.consent import record_consent
from fieldkit.followup.practice.sheets import record_request, write_sheet
from fieldkit.wording import dates
from screens.app import FieldkitApp
from storage.records import Inspection
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, settled

Compare = Callable[..., bool]
POINTS = (
    ("notable practice", "They ring the child back after each decision.", "trusted_adult"),
    ("notable practice", "Schools hear by half past eight.", "assessment"),
    ("concern", "Risk is set once and not looked at again.", "assessment"),
)


@pytest.fixture(autouse=True)
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one moment in every picture, and all that was written was written then."""
    monkeypatch.setattr(dates, "here", lambda moment="": datetime(2026, 9, 9, 14, 32).astimezone())
    monkeypatch.setattr("fieldkit.followup.report.gather.today", lambda: "2026-09-09")
    monkeypatch.setattr(Inspection, "document_reference", "NCPI 12345678")


@pytest.fixture
def told(vault: Vault, inspection: str) -> None:
    """Two practices, one of which may be passed on, and a concern."""

    def tell(s: Session) -> None:
        held, made = open_debrief(s, inspection, "daily", "2026-07-09"), []
        for sort, wording, area in POINTS:
            made.append(add_point(s, inspection, wording, sort, area).id)
            freeze_wording(s, include_point(s, held.id, made[-1]).id, wording)
        ring = made[0]
        record_consent(s, ring, "name shown", "chief constable", "2026-07-10", "gladly")
        record_request(s, ring, "Eastshire", "2026-07-11")
        write_sheet(
            s, ring, ["missing"], problem="Children did not hear what became of it.",
            how="A list in the unit, looked at each morning.", ask_whom="head of the unit",
        )  # fmt: skip

    vault.write_now(tell)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x36"])
@pytest.mark.parametrize("key", ["7", "4"])
def test_page(
    snap_compare: Compare,
    vault: Vault,
    inspection: str,
    told: None,
    key: str,
    size: tuple[int, int],
) -> None:
    app = FieldkitApp(vault.folder, inspection=inspection, vault=vault)

    async def go(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press(key)
        await settled(pilot)
        await pilot.press("down")
        await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=go)
