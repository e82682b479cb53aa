"""Which inspection a command means where a colleague's further one is in fieldwork beside it."""

from __future__ import annotations

import pytest

from fieldkit.inspections import inspections
from fieldkit.inspections.states import change_state
from fieldkit.service import NotThereError
from storage.records import Inspection, Note
from storage.records.inspection import Inspection as Kind
from storage.vault.vault import Vault
from tests.storage.colleague import Colleague

FURTHER = "99999999-2222-4333-8444-555555555555"


def add(vault: Vault, inspection: str = FURTHER, force: str = "Eastshire") -> Colleague:
    """A colleague's laptop begins an inspection and writes a case in it."""
    colleague = Colleague("aaaa00000000000" + inspection[0])
    values = Kind.make(id=inspection, force=force, methodology="2018").model_dump()
    fields = {name: value for name, value in values.items() if name != "id"}
    case = {"inspection_id": inspection, "reference": "E-1", "types": [], "label": ""}
    made = [
        colleague.write(("inspection", inspection), fields, verb="create"),
        colleague.write(("case", "c-" + inspection), case, verb="create"),
    ]
    vault.write_now(colleague.hand_over, made)
    return colleague


def open_one(vault: Vault, wanted: str | None = None) -> str:
    return vault.read_now(inspections.the_open_one, wanted).id


def test_a_colleagues_further_one_makes_no_command_ask(vault: Vault, inspection: str) -> None:
    for further in (FURTHER, FURTHER.replace("9", "8")):
        add(vault, further)
        assert open_one(vault) == inspection
    assert open_one(vault, FURTHER) == FURTHER
    with pytest.raises(NotThereError, match="More than one"):
        open_one(vault, "Eastshire")


def test_one_of_the_same_force_does_not_take_its_name(vault: Vault, inspection: str) -> None:
    force = vault.read_now(lambda s: s.get(Inspection, inspection)).force  # type: ignore[union-attr]  # it is there
    add(vault, force=force)
    assert open_one(vault, force) == inspection


def test_alone_a_colleagues_is_meant(vault: Vault) -> None:
    add(vault)
    assert open_one(vault) == FURTHER
    add(vault, FURTHER.replace("9", "8"), "Northshire")
    with pytest.raises(NotThereError, match="More than one inspection that you work in"):
        open_one(vault)


def test_who_writes_in_a_colleagues_works_in_it(vault: Vault) -> None:
    add(vault)
    add(vault, FURTHER.replace("9", "8"), "Northshire")
    note = Note(inspection_id=FURTHER, parent_kind="case", parent_id="c-" + FURTHER, text="seen")
    vault.write_now(lambda s: s.add(note))
    assert open_one(vault) == FURTHER


def test_whoever_works_in_both_is_asked(vault: Vault, inspection: str) -> None:
    add(vault)
    note = Note(inspection_id=FURTHER, parent_kind="case", parent_id="c-" + FURTHER, text="seen")
    vault.write_now(lambda s: s.add(note))
    with pytest.raises(NotThereError, match=f"(?s)Name one by its id: .*{inspection[:8]}"):
        open_one(vault)


def test_a_colleagues_does_not_take_the_place_of_ones_own_that_has_left_the_site(
    vault: Vault, inspection: str
) -> None:
    add(vault)
    vault.write_now(change_state, inspection, "left site")
    assert open_one(vault) == inspection
    assert open_one(vault, "Eastshire") == FURTHER


def test_a_colleague_who_is_called_yours_makes_nothing_ones_own(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(vault)
    monkeypatch.setattr(inspections, "people", lambda _: {"colleague": inspections.YOURS})
    assert open_one(vault) == inspection
