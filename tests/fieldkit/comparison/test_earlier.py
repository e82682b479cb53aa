from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case, withdraw_case
from fieldkit.comparison import assemble, earlier
from fieldkit.inspections import inspections
from fieldkit.service import NotThereError
from storage.vault.vault import Vault


def add(vault: Vault, force: str, starts: str, grades: tuple[str, ...], version: str) -> str:
    """Another inspection with those overall grades, the last case withdrawn."""

    def made(s: Session) -> str:
        ends = f"{starts[:8]}28" if starts else ""
        one = inspections.create(
            s, force=force, methodology=version, starts=starts, ends=ends, phase="inspection"
        )
        for number, grade in enumerate(grades):
            case = add_case(s, one.id, f"OLD-{number}", types=["missing"])
            judging.grade(s, case.id, "overall", grade, allow_open=True)
        withdraw_case(s, case.id, "a duplicate")
        return one.id

    return vault.write_now(made)


def test_the_latest_earlier_inspection_of_the_force_stands_beside_this_one(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    add(vault, "Westshire Constabulary", "2010-01-01", ("good", "good"), "2014")
    before = add(
        vault, "westshire  constabulary", "2014-07-07", ("good", "adequate", "good"), "2014"
    )
    other = add(vault, "Northshire Police", "2020-01-01", ("inadequate", "good"), "2018")
    add(vault, "Westshire Constabulary", "2030-01-01", ("good", "good"), "2018")
    vault.write_now(judging.grade, cases["WST-001"], "overall", "good", allow_open=True)

    found = vault.read_now(assemble.comparison, inspection).previous
    assert found is not None and found.label == "inspection begun 7 July 2014"
    assert {row.grade: (row.before, row.now) for row in found.rows} == {
        "good": (1, 1),
        "adequate": (1, None),
        "requires improvement": (0, 0),
        "inadequate": (0, 0),
    }
    assert any("no agreement is calculated" in note for note in found.notes)
    assert any("scales differ" in note for note in found.notes)

    chosen = vault.read_now(assemble.comparison, inspection, previous=other).previous
    assert chosen is not None and chosen.label.endswith("Northshire Police")
    assert vault.read_now(assemble.comparison, inspection, previous=earlier.NONE).previous is None
    with pytest.raises(NotThereError, match="not compared with itself"):
        vault.read_now(assemble.comparison, inspection, previous=inspection)
    listed = [one.id for one in vault.read_now(earlier.others, inspection)]
    assert listed[0] == before and len(listed) == 4


def test_without_an_earlier_inspection_there_is_none(vault: Vault, inspection: str) -> None:
    assert vault.read_now(assemble.comparison, inspection).previous is None
