"""The register: statuses with their days, comments, evidence of progress, then and now."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlmodel import Session

from fieldkit.evidence.entries import add_document
from fieldkit.followup import register as register_module
from fieldkit.followup import status as status_module
from fieldkit.followup.collected.register_csv import COLUMNS, to_csv
from fieldkit.followup.days import present_day
from fieldkit.followup.force import force_named
from fieldkit.followup.links import link_progress
from fieldkit.followup.publication import publish
from fieldkit.followup.recommendations import recommend
from fieldkit.followup.register import RegisterLine, Wanted, register
from fieldkit.followup.show import show_recommendation, shown_rows
from fieldkit.followup.status import (
    comment,
    edit_comment,
    is_running,
    set_status,
    status_on,
    statuses,
)
from fieldkit.inspections import inspections
from fieldkit.service import NotThereError, RefusedError
from fieldkit.wording.labels import Names
from storage.feed.replay import differences
from storage.records import Recommendation
from storage.vault.vault import Vault
from tests.fieldkit.followup.wall import Wall, wall_on


@dataclass
class Forces:
    """Westshire with two inspections, published 1 June 2040 and 3 June 2041, and Eastshire.

    The second has the force's name in full.
    """

    vault: Vault
    wall: Wall
    first: str
    later: str
    east: str
    made: dict[str, str]

    def lines(self, **wanted: object) -> list[RegisterLine]:
        return self.vault.read_now(register, Wanted(**wanted))  # type: ignore[arg-type]

    def called(self, **wanted: object) -> list[str]:
        return [f"{one.force[0]}{one.called}" for one in self.lines(**wanted)]


@pytest.fixture
def forces(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forces]:
    wall = wall_on(monkeypatch, "2040-06-01")
    made: dict[str, str] = {}

    def begun(force: str, **rows: tuple[str, str, str]) -> str:
        day = present(vault)
        of = vault.write_now(
            inspections.create, force=force, methodology="2018", starts=day, ends=day
        )
        for name, (wording, deadline, criterion) in rows.items():
            made[name] = vault.write_now(
                recommend, of.id, wording, deadline=deadline, criterion=criterion
            ).id
        vault.write_now(publish, of.id, "", "at once")
        return str(of.id)

    first = begun(
        "Westshire",
        logs=("Check the logs.", "within six months", "investigation"),
        train=("=Train, and check.", "immediately", "leadership"),
    )
    east = begun("Eastshire", east=("Listen.", "within three months", "trusted adult"))
    wall.show("2041-06-03")
    later = begun(
        "WESTSHIRE Police", again=("Check them again.", "within three months", "investigation")
    )
    made["draft"] = vault.write_now(recommend, later, "A draft.").id
    yield Forces(vault, wall, first, later, east, made)
    assert vault.read_now(lambda s: differences(s.connection())) == []


def present(vault: Vault) -> str:
    return vault.read_now(present_day)


def test_it_is_of_one_force_or_all_by_day_number_criterion_and_status(forces: Forces) -> None:
    assert forces.called() == ["W2", "E1", "W1", "W3", "Wdraft 4"]
    assert forces.called(force="westshire", order="number") == ["W1", "W2", "W3", "Wdraft 4"]
    assert forces.called(criterion="Investigation", drafts=False) == ["W1", "W3"]
    assert forces.called(due_until="2040-12-01") == ["W2", "E1", "W1"]
    assert [one.late for one in forces.lines(force="Eastshire")] == [275]
    forces.vault.write_now(set_status, forces.made["logs"], "complete", "2041-03-01")
    forces.vault.write_now(
        set_status, forces.made["train"], "superseded", "", "by the third", forces.made["again"]
    )
    assert forces.called(status="complete") == ["W1"]
    assert forces.called(status="Superseded") == ["W2"]
    assert forces.called(status="open", order="criterion") == ["Wdraft 4", "W3", "E1"]
    assert [one.late for one in forces.lines(force="Westshire")] == [0, 0, 0, 0]
    for wanted, said in (
        ({"criterion": "weather"}, "not a criterion"),
        ({"order": "length"}, "not sorted by"),
    ):
        with pytest.raises(RefusedError, match=said):
            forces.lines(**wanted)
    assert forces.vault.read_now(force_named, "east") == "Eastshire"
    for name in ("shire", "", "Northshire"):
        with pytest.raises(NotThereError, match="No single force"):
            forces.vault.read_now(force_named, name)


def test_earlier_statuses_of_many_read_the_roster_once(
    forces: Forces, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was read anew for each, which made 5,160 recommendations take four seconds."""
    forces.vault.write_now(set_status, forces.made["logs"], "complete", "2041-05-01")
    forces.vault.write_now(set_status, forces.made["east"], "complete", "2041-05-01")
    read: list[object] = []

    def names(s: Session) -> Names:
        read.append(s)
        return Names(s)

    monkeypatch.setattr(register_module, "Names", names)
    monkeypatch.setattr(status_module, "Names", names)
    assert {one.then for one in forces.lines(then="2041-04-30")} == {"awaiting review"}
    assert len(read) == 1
    assert forces.lines(then="2041-05-01")[1].then == "complete"


def test_statuses_have_their_days_then_and_now(forces: Forces) -> None:
    one, write = forces.made["logs"], forces.vault.write_now
    write(set_status, one, "being progressed", "2040-09-01")
    write(set_status, one, "complete", "2041-05-01")
    # Recorded later, of an earlier day: then it was being progressed.
    write(set_status, one, "being progressed", "2041-05-20", "the audit was withdrawn")
    had = forces.vault.read_now(statuses, one)
    assert [(each.status, each.on) for each in had] == [
        ("being progressed", "2040-09-01"),
        ("complete", "2041-05-01"),
        ("being progressed", "2041-05-20"),
    ]
    assert had[-1].who == "A. Inspector"
    assert [status_on(had, day) for day in ("2040-05-01", "2040-12-31", "2041-05-02")] == [
        "awaiting review", "being progressed", "complete"
    ]  # fmt: skip
    # A later entry of an earlier day corrects what was said of the days after it.
    corrected = [*had, replace(had[0], on="2041-04-01")]
    assert status_on(corrected, "2041-05-10") == "being progressed"
    (line,) = [each for each in forces.lines(then="2041-05-10") if each.id == one]
    assert (line.then, line.status) == ("complete", "being progressed")


def test_what_ends_one_needs_a_reason_and_is_taken_back(forces: Forces) -> None:
    one, write = forces.made["train"], forces.vault.write_now
    write(set_status, one, "being progressed")
    for args, said in (
        (("not accepted",), "reason why it is not accepted is missing"),
        (("finished",), "“finished” is not a status"),
        (("complete", "2041-06-04"), "still to come"),
        (("superseded", "", "so", one), "Only another recommendation of the same force"),
        (("superseded", "", "so", forces.made["east"]), "of the same force"),
        (("complete", "", "so", forces.made["again"]), "one that is superseded"),
    ):
        with pytest.raises(RefusedError, match=said):
            write(set_status, one, *args)
    write(set_status, one, "rejected", "", "the force trains otherwise")
    ended = forces.vault.read_now(lambda s: s.get_one(Recommendation, one))
    assert (ended.status, ended.ended, is_running(ended)) == (
        "being progressed", "not accepted", False
    )  # fmt: skip
    rows = list(shown_rows(forces.vault.read_now(show_recommendation, one)))
    assert ("status", "not accepted since 3 June 2041: the force trains otherwise") in rows
    write(set_status, one, "awaiting review")
    back = forces.vault.read_now(lambda s: s.get_one(Recommendation, one))
    assert (back.status, back.ended, back.ended_reason) == ("awaiting review", "", "")


def test_comments_of_the_force_and_ours_are_dated(forces: Forces) -> None:
    one, write = forces.made["logs"], forces.vault.write_now
    write(comment, one, "We saw the new log.", on="2041-02-01")
    said = write(comment, one, "It is bought.", of_force=True, on="2040-10-01")
    (line,) = [each for each in forces.lines() if each.id == one]
    assert (line.comments, line.last_comment) == (
        2, "inspectors, 1 February 2041: We saw the new log."
    )  # fmt: skip
    write(edit_comment, said.id, text="It is paid for.", on="2041-03-01")
    (line,) = [each for each in forces.lines() if each.id == one]
    assert line.last_comment == "the force, 1 March 2041: It is paid for."
    for text, on, why in ((" ", "", "comment is missing"), ("x", "2042-01-01", "still to come")):
        with pytest.raises(RefusedError, match=why):
            write(comment, one, text, on=on)
        with pytest.raises(RefusedError, match=why):
            write(edit_comment, said.id, text=text, on=on or None)


def test_evidence_of_a_later_inspection_counts_for_and_against(forces: Forces) -> None:
    one, write = forces.made["logs"], forces.vault.write_now
    review = write(
        inspections.create,
        force="Westshire",
        methodology="2018",
        phase="review",
        starts="2041-06-30",
    )
    for number, relation in enumerate(("supports", "supports", "contradicts", "context")):
        paper = write(add_document, review.id, title=f"Minutes {number}")
        write(link_progress, one, "document", paper.id, relation)
    (line,) = [each for each in forces.lines() if each.id == one]
    assert (line.supports, line.contradicts) == (2, 1)
    assert line.progress == "2 pieces of evidence for progress, 1 against"
    assert line.inspection_id == forces.first


def test_the_register_as_csv_keeps_its_cells(forces: Forces) -> None:
    lines = forces.lines(force="Westshire", order="number")
    rows = list(csv.reader(to_csv(lines, "OFFICIAL-SENSITIVE").splitlines()))
    assert tuple(rows[0]) == COLUMNS and rows[1][0] == "marking: OFFICIAL-SENSITIVE"
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert rows[3][:3] == ["Westshire", "2", "'=Train, and check."], "no formula"
    assert rows[3][5:9] == ["immediately", "2040-06-01", "2040-06-01", "367"]
