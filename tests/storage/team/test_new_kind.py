"""A new kind of record is one class and one service: all else reads what the class says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

import pytest
from sqlmodel import Field, Session, SQLModel

from fieldkit.history import conflicts, redact
from fieldkit.history.audit import trail
from fieldkit.history.record_history import record_history
from fieldkit.history.search import place_of, search
from fieldkit.history.undo import undo_last
from fieldkit.service import person
from fieldkit.wording.labels import case_of, label, of_kind
from storage.feed.replay import differences
from storage.history.delivery import unsent
from storage.ops.op import KEY
from storage.ops.redactions import REDACTED_TEXT
from storage.records.case import Case, case_id
from storage.records.case_file import records_of_cases
from storage.records.model.base import Answers, InvalidError, Record
from storage.records.model.fields import By, Day, Facts, Person, Text, choice
from storage.records.registry import KINDS
from storage.redaction.redact import redactable
from storage.vault.vault import Vault
from tests.storage.team.three import Three
from tests.storage.travelling import INSPECTION, work

CASE = case_id(INSPECTION, "WST-001")
VISIT = "visit-1"


@pytest.fixture(scope="module")
def visit_class() -> Iterator[type[Record]]:
    class Visit(Record, table=True):
        """A visit to a station, of which nothing but this file knows."""

        KIND = "station_visit"
        LABEL = "{case_id}, visit to {station:12}[ on {visited_on}]"
        UNDER = "case_id"
        SEARCH = ("station", "finding")
        TOGETHER: ClassVar[Answers] = {"fitness": ("verdict", "verdict_reason", "by")}

        inspection_id: str = Field(index=True)
        case_id: str
        station: Text
        visited_on: Annotated[Day, Facts("day of the visit")] = ""
        finding: Annotated[Text, Facts("what was found")] = ""
        verdict: Annotated[str, choice("open", "fit", "unfit")] = "open"
        verdict_reason: Annotated[Text, Facts("reason", trailing=True)] = ""
        led_by: Person = ""
        by: By = ""

    assert Visit.KIND not in KINDS
    KINDS[Visit.KIND] = Visit
    yield Visit
    del KINDS[Visit.KIND]
    SQLModel.metadata.remove(SQLModel.metadata.tables[str(Visit.__tablename__)])


@pytest.fixture
def visited(visit_class: type[Record], three: Three) -> Three:
    """Three laptops that know of one visit."""
    three.ada.write_now(work)
    three.ada.write_now(log_visit, visit_class, station="Northgate police station")
    three.round()
    three.round()
    return three


def log_visit(s: Session, /, visit_class: type[Record], **values: Any) -> str:
    """The one service: it logs a visit, or changes it."""
    kept = s.get(visit_class, VISIT)
    if kept is None:
        case = s.get_one(Case, CASE)
        known = {"inspection_id": case.inspection_id, "case_id": case.id, "by": person(s)}
        kept = visit_class.make(id=VISIT, **known, **values)
        s.add(kept)
    else:
        kept.change(**values, by=person(s))
    return kept.id


def read(vault: Vault, visit_class: type[Record]) -> dict[str, Any]:
    kept = vault.read_now(lambda s: s.get(visit_class, VISIT))
    assert kept is not None
    return kept.model_dump()


def test_it_is_validated_labelled_and_lies_in_its_case(
    visit_class: type[Record], visited: Three
) -> None:
    kind, ben = visit_class.KIND, visited.ben
    assert ben.read_now(label, kind, VISIT) == "WST-001, visit to Northgate p…"
    ben.write_now(log_visit, visit_class, visited_on="07/07/2026")
    assert ben.read_now(label, kind, VISIT) == "WST-001, visit to Northgate p… on 7 July 2026"
    assert ben.read_now(case_of, kind, VISIT) == CASE
    assert ben.read_now(place_of, kind, VISIT) == f"case/{CASE}"
    assert ben.read_now(records_of_cases, INSPECTION)[VISIT] == (kind, CASE)
    assert of_kind(2, kind) == "2 station visits"
    with pytest.raises(InvalidError, match="“Day of the visit” needs a date such as"):
        ben.write_now(log_visit, visit_class, visited_on="soon")


def test_it_is_searched(visit_class: type[Record], visited: Three) -> None:
    visited.ben.write_now(log_visit, visit_class, finding="The lantern room is locked.")
    (hit,) = visited.ben.read_now(search, INSPECTION, "lantern")
    assert (hit.kind, hit.id, hit.case_id) == (visit_class.KIND, VISIT, CASE)
    assert hit.label == "WST-001, visit to Northgate p…"


def test_its_history_and_the_trail_name_its_fields(
    visit_class: type[Record], visited: Three
) -> None:
    ben = visited.ben
    ben.write_now(log_visit, visit_class, finding="No privacy", led_by=ben.author.person)
    made, changed = ben.write_now(record_history, visit_class.KIND, VISIT)
    assert "made station “Northgate police station”" in made.text
    assert "changed what was found “nothing” → “No privacy”" in changed.text
    assert "led by" in changed.text and "Ben" in changed.text
    assert "inspection" not in made.text and CASE not in made.text
    lines = ben.read_now(trail, operation="alteration").lines
    assert lines[0].label == "WST-001, visit to Northgate p…"
    assert lines[0].fields == ("what was found", "led by")
    assert ben.write_now(undo_last) == (
        "Undone: WST-001, visit to Northgate p…, what was found, led by."
    )
    assert read(ben, visit_class)["finding"] == ""


def test_it_waits_to_be_sent_and_is_exported_and_merged(
    visit_class: type[Record], visited: Three
) -> None:
    ben = visited.ben
    ben.write_now(log_visit, visit_class, finding="No privacy")
    waiting = ben.read_now(lambda s: unsent(s.connection(), device=ben.identity.device))
    assert waiting == {visit_class.KIND: 1}
    visited.round()
    visited.round()
    assert read(visited.ada, visit_class) == read(ben, visit_class)
    assert read(visited.cas, visit_class)["finding"] == "No privacy"


def test_two_laptops_conflict_and_decide_it_whole(
    visit_class: type[Record], visited: Three
) -> None:
    ada, ben = visited.ada, visited.ben
    ada.write_now(log_visit, visit_class, verdict="fit", verdict_reason="quiet and warm")
    ben.write_now(log_visit, visit_class, verdict="unfit", verdict_reason="overheard")
    visited.round()
    visited.round()
    for vault in visited.all:
        (conflict,) = vault.read_now(conflicts.listing, INSPECTION)
        assert (conflict.label, conflict.word) == ("WST-001, visit to Northgate p…", "fitness")
        assert sorted(side.text for side in conflict.sides) == [
            "verdict fit; reason quiet and warm",
            "verdict unfit; reason overheard",
        ]
    (conflict,) = ada.read_now(conflicts.listing, INSPECTION)
    (unfit,) = [side for side in conflict.sides if "overheard" in side.text]
    assert "fitness: decided." in ada.write_now(conflicts.decide, conflict.id, keep=unfit.op)
    visited.round()
    visited.round()
    for vault in visited.all:
        assert vault.read_now(conflicts.listing, INSPECTION) == []
        kept = read(vault, visit_class)
        assert (kept["verdict"], kept["verdict_reason"]) == ("unfit", "overheard")


def test_it_is_redacted_wherever_it_is(visit_class: type[Record], visited: Three) -> None:
    kind = visit_class.KIND
    assert redactable(kind) == ("station", "finding", "verdict_reason", "led_by")
    visited.ada.write_now(log_visit, visit_class, finding="Marisol waited in the corridor")
    visited.round()
    visited.round()
    done = visited.ben.write_now(redact.redact, kind, VISIT, "what was found", "a child's name")
    assert done.field == "finding"
    visited.round()
    visited.round()
    for vault in visited.all:
        assert read(vault, visit_class)["finding"] == REDACTED_TEXT
        assert vault.read_now(search, INSPECTION, "Marisol") == []
        assert vault.read_now(lambda s: differences(s.connection())) == []


def test_what_a_class_says_names_fields_that_it_has() -> None:
    for known in KINDS.values():
        fields = set(known.field_names())
        said = {*known.SEARCH, *known.STATED, *known.FROZEN, *filter(None, [known.UNDER])}
        said |= {name for names in known.TOGETHER.values() for name in names}
        said |= {name for names in known.OPERATIONS.values() for name in names}
        assert said <= fields, known.KIND
        assert known.FEED in ("main", KEY)
