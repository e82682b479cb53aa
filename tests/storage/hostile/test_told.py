"""Entries that count for nothing are told wherever alarms are: whose, and what they tried."""

from __future__ import annotations

from fieldkit.history.audit import trail
from fieldkit.inspections.reminders import warnings
from fieldkit.vault.backups import check_text
from storage.ops.clock import stamp
from storage.records.case import case_id
from storage.vault.check import check_vault
from tests.storage.hostile.readers import Stand
from tests.storage.travelling import INSPECTION

CASE = case_id(INSPECTION, "WST-001")


def test_they_are_told_everywhere_and_change_nothing(stands: Stand) -> None:
    stands.meet()
    judgment = {"inspection_id": INSPECTION, "case_id": CASE, "criterion": "overall"}
    stands.ada.write(("judgment", "another"), judgment)
    stands.ada.write(("case", CASE), {"inspection_id": "elsewhere"}, verb="set")
    stands.ada.write(("note", "n1"), {"inspection_id": INSPECTION})
    whole = {"inspection_id": INSPECTION, "parent_kind": "case", "parent_id": CASE}
    stands.ada.write(("note", "n2"), whole | {"text": "dated back"}, hlc=stamp(5, 0))
    told = stands.spread()
    assert len(told) == 4
    for words in ("another id", "elsewhere", "every record of its kind", "dated before"):
        assert any(words in one for one in told), words
    assert all("Ada" in one and "counts for nothing" in one for one in told)
    assert stands.spread() == [], "what was told is not told again"

    checkup = check_vault(stands.ben)
    assert checkup.sound
    assert sorted(checkup.refused) == sorted(told)
    assert "Entries that count for nothing" in check_text(checkup)
    (line,) = [one for one in stands.ben.read_now(warnings) if "counted for nothing" in one]
    assert line.startswith("4 entries of ")
    audited = [one.did for one in stands.ben.read_now(trail).lines]
    assert sum("counts for nothing" in one for one in audited) == 4
    for name, central in stands.centrals.items():
        assert sorted(central.report().alarms) == sorted(told), name


def test_a_history_marks_a_clock_that_was_set_back(stand: Stand) -> None:
    """The clock of the entries grows, and the wall time beside it is another."""
    from fieldkit.history.record_history import record_history

    stand.meet()
    note = {"inspection_id": INSPECTION, "parent_kind": "case", "parent_id": CASE, "text": "x"}
    for year in ("2001", "0001", "2099"):
        stand.ada.write(("note", f"n{year}"), note, wall=f"{year}-01-01T00:00:00.000Z")
    stand.ada.write(("note", "honest"), note)
    assert stand.spread() == []
    for number, marked in (("n2001", 1), ("n0001", 1), ("n2099", 1), ("honest", 0)):
        (line,) = stand.ben.read_now(record_history, "note", number)
        assert ("set back" in line.at) == bool(marked)
