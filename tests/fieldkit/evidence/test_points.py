"""Points, what they rest on, how independent that is, and the walk back to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fieldkit.casework import judging
from fieldkit.casework.cases import withdraw_case
from fieldkit.evidence import points
from fieldkit.evidence.choices import evidence_choices
from fieldkit.evidence.entries import add_document, add_interview
from fieldkit.evidence.notes import add_note, edit_note, finalise_note
from fieldkit.evidence.trace import trace_point, trace_text
from fieldkit.evidence.triangulation import Meter, levels
from fieldkit.service import RefusedError
from storage.feed.replay import differences
from storage.history.history import history, revision
from storage.history.undo import undo
from storage.records import Note, Point, Support
from storage.records.judgment import judgment_id
from storage.records.lookup import records_in
from storage.vault.vault import Vault


@pytest.fixture(autouse=True)
def tables_equal_a_replay(vault: Vault) -> Iterator[None]:
    yield
    assert vault.read_now(lambda s: differences(s.connection())) == []


def met(vault: Vault, inspection: str, role: str, group: str, text: str, **more: str) -> str:
    """A note in an interview with that role; its id."""
    parent = vault.write_now(add_interview, inspection, role=role, source_group=group, **more)
    return vault.write_now(add_note, "interview", parent.id, text).id


def point(vault: Vault, inspection: str, wording: str = "Logs are not checked at night") -> str:
    made = vault.write_now(points.add_point, inspection, wording, "concern", "Investigation")
    return made.id


def line(vault: Vault, inspection: str, which: int = 0) -> points.PointLine:
    return vault.read_now(points.point_lines, inspection)[which]


def test_a_point_is_made_changed_and_withdrawn_with_a_reason(vault: Vault, inspection: str) -> None:
    made = point(vault, inspection)
    vault.write_now(points.edit_point, made, sort="good practice", criterion="")
    shown = line(vault, inspection)
    assert (shown.number, shown.sort, shown.criterion) == (1, "notable practice", "")
    with pytest.raises(RefusedError, match="reason is missing"):
        vault.write_now(points.withdraw_point, made, "")
    vault.write_now(points.withdraw_point, made, "the log was found")
    assert line(vault, inspection).state == "withdrawn"
    assert vault.read_now(history, "point", made)[-1].reason == "the log was found"
    for refused in (
        lambda s: points.edit_point(s, made, wording="x"),
        lambda s: points.support(s, made, "note", "x"),
        lambda s: points.withdraw_point(s, made, "again"),
    ):
        with pytest.raises(RefusedError, match="was withdrawn"):
            vault.write_now(refused)


@pytest.mark.parametrize(
    ("wording", "sort", "criterion", "said"),
    [
        ("", "concern", "", "wording of the point is missing"),
        ("x", "worry", "", "“worry” is not a sort of point"),
        ("x", "concern", "the weather", "“the weather” is not a criterion"),
    ],
)
def test_a_point_that_is_not_one_is_refused(
    vault: Vault, inspection: str, wording: str, sort: str, criterion: str, said: str
) -> None:
    with pytest.raises(RefusedError, match=said):
        vault.write_now(points.add_point, inspection, wording, sort, criterion)
    assert vault.read_now(points.point_lines, inspection) == []


def test_support_is_to_the_evidence_as_it_stands_and_says_when_that_changed(
    vault: Vault, inspection: str
) -> None:
    note = met(vault, inspection, "constable", "frontline", "Nobody checks the log")
    made = point(vault, inspection)
    link = vault.write_now(points.support, made, "note", note, why="said unasked")
    assert link.revision == vault.read_now(revision, "note", note)
    assert line(vault, inspection).stale == 0
    vault.write_now(edit_note, note, text="Nobody checks the log at night")
    assert line(vault, inspection).stale == 1
    told = vault.read_now(trace_point, made)
    (only,) = told.links
    assert (only.text, only.changed) == ("Nobody checks the log", True)
    assert only.evidence is not None and only.evidence.text == "Nobody checks the log at night"
    text = trace_text(told)
    for expected in (
        "Nobody checks the log\n",
        "Changed since linked. It now says:",
        "Interview: constable, note",
        "A. Inspector",
        "Why: said unasked",
        "1 source changed since linked",
    ):
        assert expected in text, expected
    assert link.revision not in text, "a person compares words and times, not ids"
    vault.write_now(points.support, made, "note", note)
    assert line(vault, inspection).stale == 0
    assert len(vault.read_now(records_in, Support, inspection)) == 1


def test_what_leaves_the_words_as_they_were_makes_no_source_stale(
    vault: Vault, inspection: str
) -> None:
    note = met(vault, inspection, "constable", "frontline", "Nobody checks the log")
    made = point(vault, inspection)
    vault.write_now(points.support, made, "note", note)
    vault.write_now(edit_note, note, text="something else")
    vault.write_now(edit_note, note, text="Nobody checks the log")
    vault.write_now(finalise_note, note)
    assert line(vault, inspection).stale == 0


def test_evidence_of_another_inspection_or_of_no_kind_is_refused(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    from fieldkit.inspections import inspections

    other = vault.write_now(inspections.create, force="Eastshire", methodology="2018").id
    stray = met(vault, other, "constable", "frontline", "Elsewhere")
    made = point(vault, inspection)
    with pytest.raises(RefusedError, match="another inspection"):
        vault.write_now(points.support, made, "note", stray)
    with pytest.raises(RefusedError, match="“case” cannot be evidence"):
        vault.write_now(points.support, made, "case", cases["WST-001"])
    with pytest.raises(Exception, match="“Relation” can be “supports”"):
        note = met(vault, inspection, "constable", "frontline", "Here")
        vault.write_now(points.support, made, "note", note, relation="proves")
    assert vault.read_now(records_in, Support, inspection) == []


def test_the_meter_counts_methods_and_groups_and_not_rows(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    made = point(vault, inspection)
    assert line(vault, inspection).meter == "Nothing supports it yet"
    for text in ("Nobody checks", "Not in my team", "Never seen it"):
        note = met(vault, inspection, "constable", "frontline", text)
        vault.write_now(points.support, made, "note", note)
    shown = line(vault, inspection)
    assert (shown.supports, shown.strength) == (3, "thin")
    assert shown.meter == "Thin: 1 method, 1 source group, 1 inspector"
    case = cases["WST-001"]
    vault.write_now(judging.grade, case, "investigation", "inadequate")
    judged = judgment_id(case, "investigation")
    vault.write_now(points.support, made, "judgment", judged)
    assert line(vault, inspection).strength == "adequate"
    sergeants = met(
        vault, inspection, "sergeants", "supervisor", "We do check", meeting="focus group"
    )
    link = vault.write_now(points.support, made, "note", sergeants, relation="contradicts")
    shown = line(vault, inspection)
    assert (shown.supports, shown.contradicts) == (4, 1)
    assert shown.meter.endswith("1 contradiction open")
    vault.write_now(
        points.support, made, "note", sergeants, relation="contradicts", why="days, not nights"
    )
    assert line(vault, inspection).meter.endswith("1 contradiction answered")
    told = vault.read_now(trace_point, made)
    assert told.basis == (
        "rests on 1 case audit (1 inadequate), 3 interviews; contradicted by 1 focus group"
    )
    assert [one.method for one in told.methods] == ["case audit", "interview", "focus group"]
    assert "WST-001" not in told.basis
    vault.write_now(points.unsupport, link.id)
    assert line(vault, inspection).contradicts == 0


def test_remarks_of_our_own_count_as_no_method(vault: Vault, inspection: str) -> None:
    made = point(vault, inspection)
    remark = vault.write_now(add_note, "inspection", inspection, "I think so")
    vault.write_now(points.support, made, "note", remark.id)
    shown = line(vault, inspection)
    assert (shown.supports, shown.methods, shown.strength) == (1, (), "thin")


@pytest.mark.parametrize(
    ("methods", "sources", "inspectors", "open_", "word"),
    [
        (1, 4, 4, 0, "thin"),
        (2, 1, 4, 0, "thin"),
        (2, 2, 1, 3, "adequate"),
        (3, 3, 1, 0, "adequate"),
        (3, 3, 2, 0, "strong"),
        (3, 3, 2, 1, "adequate"),
    ],
)
def test_the_levels_of_strength(
    methods: int, sources: int, inspectors: int, open_: int, word: str
) -> None:
    meter = Meter(9, tuple("m" * methods), tuple("s" * sources), inspectors, open_ + 1, 1)
    assert meter.strength == word
    assert set(levels()) == {"adequate", "strong"}


def test_deleted_evidence_is_told_and_supports_nothing(vault: Vault, inspection: str) -> None:
    note = met(vault, inspection, "constable", "frontline", "Nobody checks the log")
    made = point(vault, inspection)
    vault.write_now(points.support, made, "note", note)
    # As when a colleague's deletion arrives beside our link.
    vault.write_now(lambda s: s.delete(s.get(Note, note)))
    shown = line(vault, inspection)
    assert (shown.stale, shown.strength, shown.supports) == (1, "none", 1)
    text = trace_text(vault.read_now(trace_point, made))
    assert "deleted since" in text and "Nobody checks the log" in text


def test_evidence_is_found_by_label_text_and_accent(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    cafe = met(vault, inspection, "constable", "frontline", "They met in the café", language="cy")
    met(vault, inspection, "sergeant", "supervisor", "Nothing of note")
    case = cases["WST-002"]
    vault.write_now(judging.grade, case, "investigation", "inadequate")
    vault.write_now(judging.write, case, "investigation", rationale="Delayed by four months")
    vault.write_now(judging.write, case, "initial_contact", rationale="")
    vault.write_now(add_note, "case", case, "Supervisor silent", polarity="concern")
    vault.write_now(add_document, inspection, title="Missing policy")

    def labels(words: str = "") -> list[str]:
        return [one.label for one in vault.read_now(evidence_choices, inspection, words)]

    assert labels()[0] == "WST-002, note"
    assert set(labels()) == {
        "WST-002, note",
        "Interview: constable, note",
        "Interview: sergeant, note",
        "WST-002, Investigation",
        "Interview: constable",
        "Interview: sergeant",
        "Document: Missing policy",
    }
    assert labels("wst-002 silent") == ["WST-002, note"]
    assert labels("wst-002 four") == ["WST-002, Investigation"]
    assert labels("cafe") == ["Interview: constable, note"]
    assert labels("policy") == ["Document: Missing policy"]
    assert labels("no such words") == []
    (found,) = vault.read_now(evidence_choices, inspection, "four months")
    assert (found.criterion, found.excerpt) == (
        "Investigation",
        "inadequate: Delayed by four months",
    )
    assert cafe in {one.id for one in vault.read_now(evidence_choices, inspection)}
    vault.write_now(withdraw_case, case, "not a child")
    assert "WST-002, note" not in labels()


def test_a_link_is_undone_as_one_step(vault: Vault, inspection: str) -> None:
    note = met(vault, inspection, "constable", "frontline", "Nobody checks the log")
    made = point(vault, inspection)
    vault.write_now(points.support, made, "note", note)
    vault.write_now(undo)
    assert vault.read_now(records_in, Support, inspection) == []
    vault.write_now(undo)
    assert vault.read_now(lambda s: s.get(Point, made)) is None
