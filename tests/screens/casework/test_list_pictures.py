"""Pictures of the referrals and of the queries, kept; none of them shows a time of day.

Drawn anew with ``pytest --snapshot-update``; look at every picture before it is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from textual.pilot import Pilot

from fieldkit.casework import judging, queries, referrals
from fieldkit.wording import dates
from screens.app import FieldkitApp
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, settled

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one moment in every picture, and all that was written was written then."""
    monkeypatch.setattr(dates, "here", lambda moment="": datetime(2026, 9, 9, 14, 32).astimezone())


@pytest.fixture
def asked(vault: Vault, cases: dict[str, str]) -> Vault:
    """Two referrals, one of them told and closed; a query to answer and one to settle."""
    write = vault.write_now
    first, second = cases["WST-001"], cases["WST-002"]
    known = "The child has not been seen since Friday. Nobody has told the school."
    write(referrals.refer, first, ["child not seen", "risk too low"], known, "See the child today.")
    made = write(referrals.refer, second, ["child not seen"], "Unseen since May.")
    write(lambda s: referrals.step(s, made.id, "told", whom="DI", how="by telephone"))
    write(lambda s: referrals.step(s, made.id, "closed", reason="It was on paper already."))
    write(judging.grade, first, "initial contact", "good")
    write(judging.grade, second, "investigation", "inadequate")
    write(queries.ask, first, "initial contact", "Who spoke to the child?")
    query = write(queries.ask, second, "investigation", "Why inadequate?")
    write(queries.answer, query.id, "No suspect was looked for.")
    return vault


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x36"])
@pytest.mark.parametrize("key", ["r", "q"], ids=["referrals", "queries"])
def test_list(
    snap_compare: Compare, asked: Vault, inspection: str, key: str, size: tuple[int, int]
) -> None:
    app = FieldkitApp(asked.folder, inspection=inspection, vault=asked)

    async def go(pilot: Pilot[None]) -> None:
        await pilot.press(key)
        await settled(pilot)
        for _ in range(3):
            await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=go)
