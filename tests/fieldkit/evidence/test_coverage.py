"""Coverage: what each criterion rests on, by which method, who was heard, and where nothing was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import withdraw_case
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_document, add_interview, add_observation, edit_entry
from fieldkit.evidence.gaps.coverage import Cell, Coverage, Row, coverage, gap_words, methods
from fieldkit.evidence.gaps.criterion_evidence import evidence_on, row_of
from fieldkit.evidence.gaps.lints import lints
from fieldkit.evidence.notes import add_note
from fieldkit.inspections.inspections import create
from fieldkit.service import RefusedError, existing
from storage.records import ForceRow, Inspection, Note, SelfAssessment
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault

CASE_AUDIT, OWN = "case-audit", "own"
BESIDE_CASES = ("interview", "focus-group", "observation", "document")


def seen(vault: Vault, inspection: str) -> Coverage:
    return vault.read_now(coverage, inspection)


def row(vault: Vault, inspection: str, criterion: str) -> Row:
    return next(one for one in seen(vault, inspection).rows if one.criterion == criterion)


def counts(row: Row) -> dict[str, int]:
    return {one.method: one.count for one in row.cells if one.count}


def noted(vault: Vault, entry: str, kind: str, criterion: str, polarity: str = "") -> str:
    return vault.write_now(
        add_note, kind, entry, "said", criteria=[criterion], polarity=polarity
    ).id


def test_an_empty_inspection_is_a_matrix_of_gaps(vault: Vault, inspection: str) -> None:
    found = seen(vault, inspection)
    assert [(one.number, one.criterion) for one in found.rows][:2] == [
        (1, "leadership"),
        (2, "initial_contact"),
    ]
    leadership, contact = found.rows[:2]
    # What is judged on the force is not looked at in cases, and no self-assessment is read.
    assert leadership.missing == (*BESIDE_CASES, "strength")
    assert contact.missing == (CASE_AUDIT, *BESIDE_CASES, "strength")
    assert not contact.cell(OWN).applies and not contact.cell(OWN).gap
    assert found.gaps == 5 + 7 * 6
    assert [one.meetings for one in found.heard] == [0] * 6
    assert [one.key for one in found.missing] == ["c", "i", "g", "o", "d", "n"]


def test_each_method_counts_what_bears_on_a_criterion_once(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    for reference, grade in (("WST-001", "inadequate"), ("WST-002", "good"), ("WST-004", "good")):
        vault.write_now(judging.grade, cases[reference], "investigation", grade)
    vault.write_now(withdraw_case, cases["WST-004"], "a duplicate")
    vault.write_now(
        judging.set_state, cases["WST-003"], "investigation", "unable to judge", "no file"
    )
    met = vault.write_now(add_interview, inspection, role="DI", source_group="supervisor").id
    group = vault.write_now(
        add_interview, inspection, role="response", meeting="focus group", source_group="frontline"
    ).id
    place = vault.write_now(add_observation, inspection, place="custody suite").id
    policy = vault.write_now(add_document, inspection, title="Missing policy").id
    for _ in range(3):
        noted(vault, met, "interview", "investigation", "concern")
    noted(vault, group, "interview", "investigation")
    noted(vault, place, "observation", "trusted_adult", "strength")
    noted(vault, policy, "document", "investigation", "context")
    found = row(vault, inspection, "investigation")
    assert counts(found) == {CASE_AUDIT: 2, "interview": 1, "focus-group": 1, "document": 1}
    assert (found.grades, found.unable) == ({"inadequate": 1, "good": 1}, 1)
    assert (found.strengths, found.concerns, found.pieces) == (0, 3, 5)
    assert found.missing == ("observation", "strength")
    assert found.cell("interview").heard == ("DI",)
    assert found.cell("document").heard == ("Missing policy",)
    # A strength noted anywhere in a meeting shows that it was asked for.
    assert (found.meetings, found.asked) == (2, 0)
    noted(vault, met, "interview", "leadership", "strength")
    vault.write_now(edit_entry, "interview", group, works_well="asked")
    assert row(vault, inspection, "investigation").asked == 2
    heard = {one.group: one.meetings for one in seen(vault, inspection).heard if one.meetings}
    assert heard == {"supervisor": 1, "frontline": 1}


def test_what_a_point_rests_on_bears_on_the_points_criterion(vault: Vault, inspection: str) -> None:
    place = vault.write_now(add_observation, inspection, place="custody suite").id
    met = vault.write_now(add_interview, inspection, role="DI").id
    said = noted(vault, met, "interview", "leadership")
    made = vault.write_now(points.add_point, inspection, "x", "concern", "police_detention").id
    vault.write_now(points.support, made, "observation", place)
    vault.write_now(points.support, made, "note", said)
    found = row(vault, inspection, "police_detention")
    assert counts(found) == {"observation": 1, "interview": 1}
    assert "strength" in found.missing
    pieces = vault.read_now(evidence_on, inspection, found, "observation")
    assert [(one.where, one.kind, one.id) for one in pieces] == [
        ("custody suite", "observation", place)
    ]
    vault.write_now(points.withdraw_point, made, "an error")
    assert counts(row(vault, inspection, "police_detention")) == {}


def test_a_strength_was_looked_for_where_the_prompts_say_so(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    """The matrix and “look again” agree on where no strength was looked for."""

    def agree(criterion: str, strengths: int, *, sought: bool) -> None:
        found = row(vault, inspection, criterion)
        assert (found.strengths, found.sought) == (strengths, sought)
        prompted = {
            one.id for one in vault.read_now(lints, inspection) if one.rule == "no_strength"
        }
        assert (criterion in prompted) is not sought

    vault.write_now(judging.grade, cases["WST-001"], "investigation", "inadequate")
    agree("investigation", 0, sought=False)
    vault.write_now(judging.write, cases["WST-001"], "investigation", concern="slow")
    assert row(vault, inspection, "investigation").concerns == 1
    vault.write_now(judging.write, cases["WST-001"], "investigation", went_well="prompt")
    agree("investigation", 1, sought=True)
    vault.write_now(judging.grade, cases["WST-001"], "assessment", "inadequate")
    vault.write_now(points.add_point, inspection, "x", "notable practice", "assessment")
    agree("assessment", 0, sought=True)
    # Of a case that was taken off the list nothing counts, nor do the notes in it.
    noted(vault, judgment_id(cases["WST-001"], "investigation"), "judgment", "trusted_adult")
    noted(vault, cases["WST-001"], "case", "managing_risk", "strength")
    assert row(vault, inspection, "managing_risk").strengths == 1
    vault.write_now(withdraw_case, cases["WST-001"], "a duplicate")
    assert row(vault, inspection, "managing_risk").strengths == 0
    assert row(vault, inspection, "investigation").strengths == 0


def test_the_forces_own_cases_count_once_its_rows_are_matched(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(judging.grade, cases["WST-001"], "investigation", "good")
    vault.write_now(judging.grade, cases["WST-002"], "investigation", "good")

    def read(s: Session) -> None:
        made = SelfAssessment.make(
            inspection_id=inspection, file_name="a.xlsx", file_hash="0", sheet="A", header_row=1
        )
        s.add(made)
        for number, (reference, decision) in enumerate(
            (("WST-001", "exact"), ("WST-002", "open"), ("WST-003", "chosen"))
        ):
            s.add(
                ForceRow.make(
                    inspection_id=inspection,
                    self_assessment_id=made.id,
                    row=number + 2,
                    case_id=cases[reference],
                    decision=decision,
                    grade="good",
                )
            )

    vault.write_now(read)
    own = row(vault, inspection, "investigation").cell(OWN)
    assert (own.count, own.applies) == (1, True)
    assert row(vault, inspection, "assessment").cell(OWN).gap
    # Whatever the force gave stays hidden: what is told is our own judgment.
    pieces = vault.read_now(evidence_on, inspection, row(vault, inspection, "investigation"), OWN)
    assert [(one.where, one.grade) for one in pieces] == [("WST-001", "good")]


def test_a_visit_audits_no_case(vault: Vault) -> None:
    made = vault.write_now(create, force="Westshire", methodology="2018", phase="visit").id
    assert not any(one.applies for one in seen(vault, made).rows[1].cells[:2])


def test_days_left_and_free_days_are_working_days_of_the_fieldwork(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldkit.evidence.gaps import coverage as module

    def dates(starts: str, ends: str, now: str) -> tuple[int | None, tuple[str, ...]]:
        monkeypatch.setattr(module, "today", lambda: now)
        vault.write_now(
            lambda s: existing(s, Inspection, inspection).change(starts=starts, ends=ends)
        )
        found = seen(vault, inspection)
        return found.days_left, found.free

    # Friday: Monday to Wednesday are left, and something is planned on Tuesday.
    vault.write_now(add_interview, inspection, role="DI", held_on="2026-09-08")
    assert dates("2026-09-01", "2026-09-09", "2026-09-04") == (3, ("2026-09-07", "2026-09-09"))
    assert dates("2026-09-01", "2026-09-09", "2026-09-09") == (0, ())
    assert dates("2026-09-01", "2026-09-09", "2026-10-09") == (0, ())
    assert dates("2026-09-01", "2026-09-09", "2026-08-01")[0] == 7
    assert dates("", "2026-09-09", "2026-09-08") == (1, ("2026-09-09",))
    assert dates("2026-09-01", "", "2026-09-04") == (None, ())
    assert dates("2026-09-01", "9999-12-31", "2026-09-04") == (None, ())
    # Whom we meet on a day to come was not heard yet.
    monkeypatch.setattr(module, "today", lambda: "2026-09-07")
    assert sum(one.meetings for one in seen(vault, inspection).heard) == 0
    monkeypatch.setattr(module, "today", lambda: "2026-09-08")
    assert [(one.group, one.meetings) for one in seen(vault, inspection).heard][-1] == ("others", 1)


@pytest.mark.parametrize(
    ("cases", "missing", "words"),
    [
        (1, ("observation",), "not observed"),
        (1, ("observation", "strength"), "not observed; no strength looked for"),
        (1, ("focus-group", "observation"), "no focus group or observation"),
        (
            1,
            ("focus-group", "observation", "document"),
            "no focus group, observation or document",
        ),
        (1, ("strength",), "no strength looked for"),
        (1, ("interview",), "nobody interviewed"),
        (1, BESIDE_CASES, "nothing beside case files"),
        (1, (*BESIDE_CASES, "strength"), "nothing beside case files; no strength looked for"),
        (0, (*BESIDE_CASES, "strength"), "nothing yet"),
        (1, (), ""),
    ],
)
def test_gaps_are_said_in_words(cases: int, missing: tuple[str, ...], words: str) -> None:
    cells = (Cell(CASE_AUDIT, cases),)
    row = Row("x", 1, "X", cells, 0, 0, "strength" not in missing, {}, 0, 0, 0, missing)
    assert gap_words(row) == words


def test_the_most_gaps_come_first(vault: Vault, inspection: str) -> None:
    found = seen(vault, inspection)
    less = replace(found.rows[1], missing=())
    both = replace(found, rows=(found.rows[0], less, found.rows[2]))
    assert [one.criterion for one in both.lacking] == ["assessment", "leadership"]
    assert list(methods()) == [CASE_AUDIT, OWN, *BESIDE_CASES, "strength"]


def test_the_evidence_of_a_criterion_and_of_each_cell(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    for reference, grade in (("WST-001", "good"), ("WST-002", "inadequate")):
        vault.write_now(judging.grade, cases[reference], "investigation", grade)
    vault.write_now(
        judging.write, cases["WST-002"], "investigation", rationale="late", went_well="seen"
    )
    met = vault.write_now(add_interview, inspection, role="DI").id
    said = noted(vault, met, "interview", "investigation", "strength")
    noted(vault, met, "interview", "assessment", "strength")
    vault.write_now(add_note, "case", cases["WST-001"], "seen", criteria=["investigation"])
    vault.write_now(points.add_point, inspection, "Logs wait", "concern", "investigation")
    found = vault.read_now(row_of, inspection, "4")
    assert found == vault.read_now(row_of, inspection, "Investigation")

    def pieces(method: str = "") -> list[tuple[str, str, str, str]]:
        listed = vault.read_now(evidence_on, inspection, found, method)
        return [(one.sign or one.grade, one.text, one.where, one.kind) for one in listed]

    assert pieces(CASE_AUDIT) == [
        ("inadequate", "late", "WST-002", "case"),
        ("good", "", "WST-001", "case"),
    ]
    assert pieces("interview") == [("strength", "said", "DI", "interview")]
    assert pieces("strength") == [
        ("strength", "said", "DI", "interview"),
        ("strength", "seen", "WST-002", "case"),
    ]
    assert pieces("concern") == [] and pieces("document") == []
    assert pieces() == [
        ("strength", "said", "DI", "interview"),
        ("concern", "Logs wait", "point 1, without evidence", "point"),
        ("", "seen", "WST-001", "case"),
    ]
    vault.write_now(lambda s: s.delete(existing(s, Note, said)))
    assert row(vault, inspection, "investigation").cell("interview").count == 0
    with pytest.raises(RefusedError, match="not a method"):
        vault.read_now(evidence_on, inspection, found, "hearsay")
    with pytest.raises(RefusedError, match="not a criterion"):
        vault.read_now(row_of, inspection, "overall")
