"""Of a comparison only what an entry bears on is read again, and that always."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case
from fieldkit.comparison.assemble import Material, material
from fieldkit.evidence.notes import add_note
from fieldkit.inspections import inspections
from storage.database.remembered import forget
from storage.vault.vault import Vault


def read(s: Session, inspection: str) -> Material:
    """Read what is kept, which a reading of all must bear out."""
    kept = material(s, inspection)
    info = dict(s.connection().info)
    forget(s.connection())
    assert material(s, inspection) == kept
    s.connection().info.update(info)
    return kept


def test_only_what_an_entry_bears_on_is_read_again(vault: Vault) -> None:
    made = vault.write_now(inspections.create, force="Westshire", methodology="2018")
    case = vault.write_now(add_case, made.id, "A-1").id
    vault.write_now(judging.grade, case, "investigation", "good")
    vault.write_now(judging.grade, case, "overall", "good", "As it was.", allow_open=True)
    first = vault.read_now(read, made.id)

    vault.write_now(add_note, "case", case, "A remark.")
    vault.write_now(judging.grade, case, "investigation", "inadequate")
    second = vault.read_now(read, made.id)
    assert second.cases is first.cases
    assert [one.grade for one in second.criteria] == ["inadequate"]

    vault.write_now(judging.grade, case, "overall", "inadequate", "It was not so.", allow_open=True)
    third = vault.read_now(read, made.id)
    assert [one.ours for one in third.cases] == ["inadequate"]

    vault.write_now(judging.clear, case, "investigation")
    assert [one.grade for one in vault.read_now(read, made.id).criteria] == [None]
    vault.write_now(add_case, made.id, "A-2")
    assert len(vault.read_now(read, made.id).cases) == 2
