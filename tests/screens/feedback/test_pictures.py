"""Pictures of the debrief and of the room, kept; none of them shows a time of day.

Drawn anew with ``pytest --snapshot-update``; look at every picture before it is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from textual.pilot import Pilot

from fieldkit.evidence import points
from fieldkit.feedback.debriefs.debrief import (
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.wording import dates
from screens.app import FieldkitApp
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, settled

Compare = Callable[..., bool]
POINTS = (
    ("strength", "Call-takers ask where the child is.", "initial_contact"),
    ("concern", "Nobody looks at the risk to a missing child again at handover.", "assessment"),
    ("to clarify", "How many children are kept overnight after charge?", "police_detention"),
)


@pytest.fixture(autouse=True)
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one moment in every picture, and all that was written was written then."""
    monkeypatch.setattr(dates, "here", lambda moment="": datetime(2026, 9, 9, 14, 32).astimezone())


@pytest.fixture
def debrief(vault: Vault, inspection: str) -> str:
    """A debrief of three points, two agreed and one of them answered."""
    write = vault.write_now
    debrief = write(open_debrief, inspection, "daily", "2026-07-09").id
    told = [
        write(include_point, debrief, write(points.add_point, inspection, words, sort, area).id).id
        for sort, words, area in POINTS
    ]
    write(freeze_wording, told[0])
    write(freeze_wording, told[1])
    write(lambda s: record_response(s, told[1], response="Accepted.", outcome="agreed"))
    write(
        lambda s: record_response(
            s, told[1], action="New sheet", action_owner="hub", action_due="2026-07-20"
        )
    )
    return debrief


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x36"])
@pytest.mark.parametrize("page", ["debrief", "room"])
def test_page(
    snap_compare: Compare,
    vault: Vault,
    inspection: str,
    debrief: str,
    page: str,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("screens.feedback.room.today", lambda: "2026-07-09")
    monkeypatch.setattr("screens.feedback.room.now", lambda: "2026-07-09T17:12")
    app = FieldkitApp(vault.folder, inspection=inspection, vault=vault)

    async def go(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await app.go(page, debrief=debrief)
        await settled(pilot)
        await pilot.press("down" if page == "debrief" else "space")
        await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=go)
