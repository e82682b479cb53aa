"""A force's workbook that carries our own references, in the place of its own or beside them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from fieldkit.casework.cases import add_case
from fieldkit.methodology import load
from fieldkit.selfassessment.decide import row_lines
from fieldkit.selfassessment.import_workbook import import_reading, read_force_workbook
from fieldkit.selfassessment.known_rows import KnownRows
from fieldkit.selfassessment.matching.match_plan import own_form
from fieldkit.selfassessment.rows import ForceRows
from storage.vault.vault import Vault

WRITTEN = ["WST-001", "wst-002", "WST\u2013003", "WST - 004", "WST\u200b-005", "WST-6"]


def cases(s: Session, inspection: str) -> None:
    for number in range(1, 9):
        add_case(s, inspection, f"WST-{number:03}", force_ref=f"42/{4000 + 37 * number}/26")


@pytest.mark.parametrize("heading", ["", "HMICFRS ref", "Our ref", "Sample no", "Inspection case"])
def test_our_own_references_are_recognised(
    vault: Vault, inspection: str, tmp_path: Path, heading: str
) -> None:
    vault.write_now(cases, inspection)
    lines = [f"{heading},Crime number,Grade,Reason" if heading else "Case reference,Grade,Reason"]
    for number, written in enumerate(WRITTEN, 1):
        beside = f"NX/{900 + number}/25," if heading else ""
        lines.append(f"{written},{beside}{'Good' if number % 2 else 'Inadequate'},Because of it")
    (tmp_path / "force.csv").write_text("\n".join(lines), "utf-8")
    reading = read_force_workbook(tmp_path / "force.csv", "2018")
    vault.write_now(import_reading, inspection, reading, accept_exact=True)
    rows = vault.read_now(row_lines, inspection)
    assert [one.case_reference for one in rows] == [f"WST-{n:03}" for n in range(1, 7)]


def test_the_forces_own_reference_comes_first(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    vault.write_now(cases, inspection)
    text = "HMICFRS ref,Crime number,Grade,Reason\nWST-001,42/4074/26,Good,Because of it\n"
    text += "WST-003,42/4111/26,Good,Because of it\n"
    (tmp_path / "force.csv").write_text(text, "utf-8")
    reading = read_force_workbook(tmp_path / "force.csv", "2018")
    vault.write_now(import_reading, inspection, reading, accept_exact=True)
    rows = vault.read_now(row_lines, inspection)
    assert [one.case_reference for one in rows] == ["WST-002", "WST-003"]


CELLS = st.text(st.sampled_from("WSTO 0123①٣-/.ref"), max_size=10)
TOLD = st.sampled_from(["WST-001", "Case WST 1 of ours", "WST①", "no number at all", "ABC", ""])


@given(st.lists(CELLS, max_size=3, unique=True), st.lists(CELLS | TOLD, max_size=4))
def test_no_text_is_passed_over_that_may_be_a_reference_of_ours(
    others: list[str], cells: list[str]
) -> None:
    """Of texts without a digit it is only asked where a reference of ours has none."""
    references = ["WST-001", *others]
    ours = [SimpleNamespace(id=one, reference=one) for one in references]
    known = KnownRows(load("2018"), [], [], {}, ours, {})
    forms = {own_form(one): one for one in references if own_form(one)}
    named = {forms[own_form(text)] for text in cells if own_form(text) in forms}
    key = SimpleNamespace(reference="theirs", cells=[f"A1\t{text}" for text in cells])
    expected = named.pop() if len(named) == 1 else "theirs"
    assert ForceRows(known)._reference(key) == expected
