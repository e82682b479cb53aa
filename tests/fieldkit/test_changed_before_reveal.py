"""The force's grade that somebody changed before the reveal is named in the comparison."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.casework import judging, reveals
from fieldkit.comparison import assemble
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text
from fieldkit.feedback.handover.gather import gather
from storage.feed.read import ops_of
from storage.ops.op import Op
from storage.records import ForceRow
from storage.records.judgment import OVERALL
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.fieldkit.test_revealed import FIRST, SECOND, sent, with_grade
from tests.storage.colleague import Colleague

CHANGED = "before the reveal the force's grade was changed here from good to inadequate"


@pytest.fixture
def row(vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path) -> Op:
    """The import of the row of the first case, which is judged and not revealed."""
    sent(vault, inspection, tmp_path, (FIRST, SECOND), "first.xlsx")
    vault.write_now(judging.grade, cases["WST-001"], OVERALL, "inadequate", allow_open=True)
    rows = vault.read_now(records_in, ForceRow, inspection)
    (found,) = [one for one in rows if one.case_id == cases["WST-001"]]
    known = vault.read_now(lambda s: ops_of(s.connection(), ForceRow.KIND, found.id))
    return next(one for one in known if "grade" in one.fields)


def checks(vault: Vault, inspection: str, case: str) -> str:
    """What the comparison says beside its tables, once the case is revealed."""
    vault.write_now(reveals.reveal, case)
    compared = vault.read_now(assemble.comparison, inspection)
    said = "\n".join(compared.checks)
    assert " ".join(said.split()) in " ".join(to_text(compared, 100).split())
    assert list(compared.checks) == to_json(compared)["checks"]
    vault.read_now(gather, inspection, "the force's lead")
    return said


@pytest.mark.parametrize("verb", ["set", "resolve", "create", "link"])
def test_a_grade_that_a_colleague_wrote_over_is_named(
    vault: Vault, inspection: str, cases: dict[str, str], row: Op, verb: str
) -> None:
    ben = Colleague("b" * 16)
    over = row.fields if verb == "create" else {}
    written = ben.write(
        row.record, over | {"grade": "inadequate"}, base=[row.id], verb=verb, ms=10**13
    )
    vault.write_now(ben.hand_over, [written])
    assert CHANGED in checks(vault, inspection, cases["WST-001"])


def test_what_was_changed_and_changed_back_is_not_named(
    vault: Vault, inspection: str, cases: dict[str, str], row: Op
) -> None:
    ben = Colleague("b" * 16)
    first = ben.write(row.record, {"grade": "inadequate"}, base=[row.id], ms=10**13)
    then = ben.write(row.record, {"grade": "good"}, base=[row.id, first.id], ms=10**13 + 1)
    vault.write_now(ben.hand_over, [first, then])
    assert CHANGED not in checks(vault, inspection, cases["WST-001"])


def test_neither_an_import_nor_a_better_workbook_is_a_change(
    vault: Vault, inspection: str, cases: dict[str, str], row: Op, tmp_path: Path
) -> None:
    again = (with_grade(FIRST, "Inadequate"), SECOND)
    sent(vault, inspection, tmp_path, again, "second.xlsx")
    assert "before the reveal" not in checks(vault, inspection, cases["WST-001"])


def test_our_own_laptop_is_named_as_well(
    vault: Vault, inspection: str, cases: dict[str, str], row: Op
) -> None:
    vault.write_now(lambda s: s.get_one(ForceRow, row.record[1]).change(grade="inadequate"))
    assert CHANGED in checks(vault, inspection, cases["WST-001"])
