"""The list of names and what was let pass, on three laptops and after a redaction.

The short form exchanges four times between two; “make torture” tries the whole of it.
"""

from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.casework.cases import add_case
from fieldkit.evidence.identifiers import search_of
from fieldkit.evidence.names import add_names, edit_name, find_name, listed_names, remove_name
from fieldkit.evidence.notes import add_note, edit_note
from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.guard.settle import ask_again, let_pass
from fieldkit.feedback.guard.stops import Stop, stops
from fieldkit.history.redact import redact
from storage.feed.replay import differences
from storage.records import Inspection, LetPass, Note
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.conftest import HEAVY
from tests.storage.team.conftest import made_three, three
from tests.storage.team.three import Three
from tests.storage.travelling import INSPECTION

__all__ = ["made_three", "three"]


def begin(s: Session) -> str:
    s.add(Inspection.make(id=INSPECTION, force="Westshire", methodology="2018"))
    case = add_case(s, INSPECTION, "WST-001", types=["missing"])
    add_names(s, INSPECTION, ["Dafydd Llewelyn = child 2"])
    return add_note(s, "case", case.id, "Dafydd was seen by Gareth.").id


def stopping(vault: Vault, note: str) -> list[Stop]:
    def read(s: Session) -> list[Stop]:
        kept = s.get(Note, note)
        assert kept is not None
        return stops(s, INSPECTION, [LeavingText(Note.KIND, note, "text", kept.text)])

    return vault.read_now(read)


def found(three: Three, note: str) -> list[str]:
    """What stops on every laptop after two rounds, the same on all."""
    for _ in range(2):
        three.round()
    shown = [[one.identifier.text for one in stopping(vault, note)] for vault in three.all]
    assert shown[0] == shown[1] == shown[2]
    assert all(one.read_now(lambda s: differences(s.connection())) == [] for one in three.all)
    return shown[0]


def test_names_and_passes_travel(three: Three) -> None:
    ada, cas = three.ada, three.cas
    note = ada.write_now(begin)
    ada.write_now(let_pass, stopping(ada, note)[0], "The name of the desk.")
    three.exchange(ada)
    three.exchange(cas)
    assert stopping(cas, note) == []
    cas.write_now(add_names, INSPECTION, ["Gareth Pugh = a sergeant"])
    cas.write_now(edit_note, note, text="Dafydd was seen by Gareth twice.")
    three.exchange(cas)
    three.exchange(ada)
    shown = [[one.identifier.text for one in stopping(vault, note)] for vault in (ada, cas)]
    assert shown == [["Dafydd", "Gareth"]] * 2, "what was let pass is asked about again"


def test_what_a_redaction_puts_there_was_let_pass_by_nobody(vault: Vault) -> None:
    note = vault.write_now(begin)
    vault.write_now(let_pass, stopping(vault, note)[0], "The name of the desk.")
    assert stopping(vault, note) == []
    vault.write_now(add_names, INSPECTION, ["Morgan Rees"])
    vault.write_now(redact, Note.KIND, note, "text", "asked for", "Morgan was seen twice.")
    assert [one.identifier.text for one in stopping(vault, note)] == ["Morgan"]


@pytest.mark.skipif(not HEAVY, reason="make torture exchanges seven times")
def test_names_and_passes_hold_for_that_very_text_on_all_laptops(three: Three) -> None:
    ada, ben, cas = three.all
    note = ada.write_now(begin)
    three.round()
    assert [one.identifier.text for one in stopping(cas, note)] == ["Dafydd"]
    # Two put the same name on the list without sight of each other, and say different things.
    ben.write_now(add_names, INSPECTION, ["Gareth Pugh = a sergeant"])
    cas.write_now(add_names, INSPECTION, ["gareth pugh = an officer"])
    ada.write_now(let_pass, stopping(ada, note)[0], "The name of the desk.")
    assert found(three, note) == ["Gareth"]
    offered = {vault.read_now(instead) for vault in three.all}
    assert len(offered) == 1, "all laptops offer the same in its place"

    # Ben corrects the name while Cas changes the text: what was let pass is asked about again.
    ben.write_now(lambda s: edit_name(s, find_name(s, INSPECTION, "Gareth Pugh").id, label="DS"))
    cas.write_now(edit_note, note, text="Dafydd was seen by Gareth twice.")
    assert found(three, note) == ["Dafydd", "Gareth"]
    for stop in stopping(cas, note):
        cas.write_now(let_pass, stop, "Both may stand.")
    assert stopping(cas, note) == []
    passes = cas.read_now(records_in, LetPass, INSPECTION)
    cas.write_now(ask_again, passes[-1].id)
    assert len(stopping(cas, note)) == 1
    cas.write_now(remove_name, INSPECTION, "Gareth Pugh")
    assert [one.name for one in cas.read_now(listed_names, INSPECTION)] == ["Dafydd Llewelyn"]

    # What a redaction puts there instead was let pass by nobody, though as long as the name.
    cas.write_now(add_names, INSPECTION, ["Morgan Rees"])
    cas.write_now(redact, Note.KIND, note, "text", "asked for", "Morgan was seen twice.")
    assert found(three, note) == ["Morgan"]


def instead(s: Session) -> str:
    search = search_of(s, INSPECTION)
    (one,) = search.find("Gareth was heard.")
    return search.instead(one)
