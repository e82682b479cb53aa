from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.case_file import open_case
from fieldkit.evidence.notes import add_note
from fieldkit.history import search
from fieldkit.history.last_opened import last_opened
from fieldkit.inspections import inspections
from fieldkit.service import NotThereError
from storage.feed.search import LIMIT
from storage.records import Interview, Note
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.fieldkit.selfassessment.force_rows import add_row


def test_a_hit_is_named_and_opens_its_case(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    vault.write_now(judging.write, case, "investigation", rationale="The suspect was\nnot traced.")
    (hit,) = vault.read_now(search.search, inspection, "trac")
    assert hit == search.SearchHit(
        kind="judgment",
        id=judgment_id(case, "investigation"),
        label="WST-001, Investigation",
        excerpt="The suspect was not «traced».",
        case_id=case,
    )


def test_a_force_reference_finds_the_case(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    (hit,) = vault.read_now(search.search, inspection, "42/10002/26")
    assert (hit.label, hit.case_id) == ("WST-002, force reference", cases["WST-002"])


def test_only_the_inspection_asked_for_is_searched(vault: Vault, inspection: str) -> None:
    other = vault.write_now(inspections.create, force="Eastshire", methodology="2018").id

    def add(s: Session) -> None:
        for one in (inspection, other):
            interview = Interview.make(inspection_id=one, role="detective sergeant")
            s.add(interview)
            s.add(
                Note.make(
                    inspection_id=one,
                    parent_kind="interview",
                    parent_id=interview.id,
                    text="The custody suite is full.",
                )
            )

    vault.write_now(add)
    (hit,) = vault.read_now(search.search, inspection, "custody")
    assert (hit.label, hit.case_id) == ("note in interview: detective sergeant", "")


@pytest.mark.parametrize("words", ["", "  ", '"', "AND", "NEAR(", "-", "*"])
def test_whatever_is_typed_is_no_error(vault: Vault, inspection: str, words: str) -> None:
    assert vault.read_now(search.search, inspection, words) == []


def test_hidden_rows_do_not_crowd_out_what_may_be_shown(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    def add(s: Session) -> None:
        for row in range(LIMIT + 20):
            add_row(s, inspection, row, rationale="zebra")
        text = "zebra " + "and many other words that push this one down the list " * 9
        s.add(
            Note.make(
                inspection_id=inspection,
                parent_kind="case",
                parent_id=cases["WST-001"],
                text=text,
            )
        )

    vault.write_now(add)
    (hit,) = vault.read_now(search.search, inspection, "zebra")
    assert hit.label == "note in WST-001"


def test_there_must_be_such_an_inspection(vault: Vault) -> None:
    with pytest.raises(NotThereError):
        vault.read_now(search.search, "nowhere", "word")


def test_what_was_opened_last_comes_first_and_of_before_after_it(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    for reference in ("WST-002", "WST-001"):
        vault.read_now(open_case, cases[reference])
    vault.write_now(add_note, "case", cases["WST-001"], "Seen alone.")  # commits what was opened
    vault.author.opened.clear()  # as at another unlocking
    vault.read_now(open_case, cases["WST-003"])
    opened = vault.read_now(last_opened, inspection)
    assert [one.label for one in opened] == ["WST-003", "WST-001", "WST-002"]
    assert [one.label for one in vault.read_now(last_opened, inspection, 1)] == ["WST-003"]
    assert vault.read_now(last_opened, "another") == []
