"""The panels of exchange and export: nothing runs over, whatever the names and counts."""

from __future__ import annotations

import pytest

from fieldkit.exchange.exchange_report import Exchanged, FileLine
from fieldkit.exchange.receipts import Export, Receipts
from fieldkit.exchange.team import Leaving, Share, TeamLine, TeamSeen
from screens.exchange import panels

LONG = "Detective superintendent A. Longname-Otherwise (the second laptop of the unit)"
SEEN = TeamSeen(
    org="Inspectorate of Constabulary and of much besides",
    laptops=4,
    lines=(
        TeamLine("1", "Ben", Share("all to 16:12", False), Share("to Fri 6 Sep, 16:35", True), 118),
        TeamLine("2", LONG, Share("nothing yet", True), Share("nothing yet", True)),
        TeamLine(
            "central", "Central", Share("receipt Fri 6 Sep, 18:20", False), Share("all", False)
        ),
    ),
    leaving=Leaving("Inspectorate", {"case": 1_234, "judgment": 9_999}, {"case_key": 1}, True, ""),
    clocks=(f"The clock of {LONG} looks 2 hours fast. Tell its person.",),
    roster="roster 7, holds until 28 November 2026",
)
RECEIPTS = Receipts(
    tuple(
        Export(f"{n}", f"bundle {LONG}.fkb.age", "2026-09-06T16:35:00Z", not n, "2026-09-06" * n)
        for n in range(2)
    ),
    1_014,
    "2026-09-01T08:00:00Z",
)
LINE = FileLine("a-rather-long-name-of-a-bundle.fkb.age", "refused", "", 0, {}, (), "refused",
                ("It is damaged from its first byte on. " * 4,))  # fmt: skip
DONE = Exchanged([LINE, LINE], 3, 2, [], [], silent=[LONG], conflicts=7, refused=2, notes=[LONG])


@pytest.mark.parametrize("width", [34, 46, 66, 76, 112])
def test_no_panel_runs_over(width: int) -> None:
    for shown in (
        panels.before(RECEIPTS, [LONG], LONG, [LONG], width),
        panels.after(DONE, [LONG], width, whole=True),
        panels.after(DONE, [], width, whole=False),
        panels.who_has_what(SEEN, width, exchanged=True),
        panels.who_has_what(SEEN, width, exchanged=False),
        panels.leaves(SEEN.leaving, width, with_key=True, listed=False),
        panels.leaves(SEEN.leaving, width, listed=True),
        panels.conflicts(DONE, width),
        panels.goes_on(SEEN, width),
        panels.received(RECEIPTS, width),
        panels.received(RECEIPTS, width, 1),
        panels.safe(SEEN, width),
        panels.export_key(True, width),
        panels.no_team(width, 20),
    ):
        assert all(len(row) <= width for row in shown.plain.splitlines()), shown.plain


def test_what_is_cut_says_so_and_what_matters_is_there() -> None:
    shown = panels.who_has_what(SEEN, 76, exchanged=True).plain
    assert "+118" in shown and "all to 16:12" in shown and "…" in shown
    assert panels.behind(SEEN).plain == "▲ 2 behind"
    assert "1,234 cases" in panels.leaves(SEEN.leaving, 76, listed=False).plain
    assert "case key" not in panels.leaves(SEEN.leaving, 76, listed=False).plain
    assert "2 files not taken in" in panels.after(DONE, [], 76, whole=True).plain
    assert panels.goes_on(SEEN, 200).plain.splitlines()[0].startswith("1 Hand the stick to Ben and")
