"""What was revealed on one laptop while another took the force's next workbook in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from fieldkit.casework import judging, reveals
from fieldkit.casework.cases import add_case
from fieldkit.comparison import assemble
from fieldkit.comparison.output.json_output import to_json
from fieldkit.visibility import CHANGED
from storage.records import Inspection
from storage.records.case import case_id
from storage.records.judgment import OVERALL
from storage.vault.vault import Vault
from tests.fieldkit.test_revealed import FIRST, SECOND, sent, with_grade
from tests.storage.team.conftest import made_three, three
from tests.storage.team.laptops import WORLD
from tests.storage.team.test_exchange import HOUR
from tests.storage.team.three import Three
from tests.storage.travelling import INSPECTION

__all__ = ["made_three", "three"]


def begin(s: Session) -> None:
    s.add(Inspection.make(id=INSPECTION, force="Westshire", methodology="2018"))
    for number in (1, 2):
        case = add_case(
            s,
            INSPECTION,
            f"WST-00{number}",
            types=["domestic abuse"],
            origin="self-assessed",
            incident_on=f"2026-02-0{number}",
            force_ref=f"42/1000{number}/26",
        )
        judging.grade(s, case.id, OVERALL, "inadequate", allow_open=True)


def told(vault: Vault) -> dict[str, Any]:
    return vault.read_now(lambda s: to_json(assemble.comparison(s, INSPECTION)))


@pytest.mark.parametrize("off", [-3 * HOUR, 0, 3 * HOUR])
def test_all_laptops_count_what_was_shown(three: Three, tmp_path: Path, off: int) -> None:
    three.ada.write_now(begin)
    sent(three.ada, INSPECTION, tmp_path, (FIRST, SECOND), "first.xlsx")
    three.round()
    # Neither sees what the other does, and Ben's clock is wrong.
    three.ada.write_now(reveals.reveal, case_id(INSPECTION, "WST-001"))
    WORLD.off = off
    again = (with_grade(FIRST, "Inadequate"), SECOND)
    sent(three.ben, INSPECTION, tmp_path, again, "second.xlsx")
    three.exchange(three.ben)
    WORLD.off = 0
    for _ in range(2):
        three.round()
    found = [told(one) for one in three.all]
    assert found[0] == found[1] == found[2]
    (change,) = found[0]["force_changes"]
    assert (change["what"], change["revealed"], change["now"]) == (CHANGED, "good", "inadequate")
    assert found[0]["tables"]["self_assessed"]["crosstab"]["inadequate"]["good"] == 1
    assert [one["label"] for one in found[2]["by_auditor"]] == ["Ada"]
