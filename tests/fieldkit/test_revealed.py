"""The force's grade counts as it was revealed, whatever the force sends afterwards."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.casework import judging, reveals
from fieldkit.casework.case_file import open_case
from fieldkit.comparison import assemble
from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.inputs import ForceChange
from fieldkit.comparison.output.csv_output import to_csv
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.handover.gather import gather
from fieldkit.selfassessment.corrections import corrected_import
from fieldkit.selfassessment.decide import link_row, reopen_row
from fieldkit.selfassessment.import_workbook import (
    import_reading,
    read_force_workbook,
    remove_import,
)
from fieldkit.visibility import CHANGED, DROPPED, REMATCHED, REREAD, REWORDED, WAITING, force_view
from fieldkit.workbook.overrides import Overrides
from storage.feed.replay import differences
from storage.feed.writer import UnfitError
from storage.history.undo import undo
from storage.ops.op import op_id
from storage.ops.redactions import REDACTED_TEXT
from storage.records import ForceRow, Reveal, SelfAssessment
from storage.records.judgment import OVERALL
from storage.records.lookup import records_in
from storage.records.self_assessment import force_row_key_id
from storage.redaction.redact import redact
from storage.vault.vault import Vault
from tests.fieldkit.selfassessment.test_corrections import take_in, workbook
from tests.storage.colleague import Colleague

FIRST = ("42/10001/26", "Domestic abuse", "2026-02-01", "Good", "Child seen.")
SECOND = ("42/10002/26", "Missing children", "2026-02-02", "TBC", "To follow.")
THIRD = ("42/55555/26", "Missing children", "2026-02-09", "Inadequate", "Another child.")


@pytest.fixture(autouse=True)
def tables_equal_a_replay(vault: Vault) -> Iterator[None]:
    yield
    assert vault.read_now(lambda s: differences(s.connection())) == []


def sent(
    vault: Vault, inspection: str, folder: Path, rows: Sequence[Sequence[str]], name: str
) -> None:
    """The force sends a workbook, and it is taken in as a correction where it looks like one."""
    take_in(vault, inspection, read_force_workbook(workbook(folder, rows, name), "2018"))


@pytest.fixture
def shown(vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Two cases of a workbook revealed, ours both inadequate; the cases by reference."""
    sent(vault, inspection, tmp_path, (FIRST, SECOND), "first.xlsx")
    for reference in ("WST-001", "WST-002"):
        vault.write_now(judging.grade, cases[reference], OVERALL, "inadequate", allow_open=True)
    vault.write_now(reveals.reveal_all, inspection)
    return cases


def compared(vault: Vault, inspection: str) -> Comparison:
    return vault.read_now(assemble.comparison, inspection)


def only(made: Comparison) -> ForceChange:
    (one,) = made.force_changes
    return one


def with_grade(row: tuple[str, ...], grade: str) -> tuple[str, ...]:
    return (*row[:3], grade, "Read again.")


def row_ids(vault: Vault, inspection: str) -> dict[int, str]:
    return {one.row: one.id for one in vault.read_now(records_in, ForceRow, inspection)}


@pytest.fixture
def revealed_anew(
    vault: Vault, inspection: str, shown: dict[str, str]
) -> Iterator[Callable[[str], None]]:
    """Have the reveals name another op as the force's grade, as no write of today could.

    An empty one makes them those of a fieldkit that did not say which grade was shown. They are
    as they were again before the tables are compared with a replay.
    """
    kept = {one.id: one.force_op for one in vault.read_now(records_in, Reveal, inspection)}
    assert all(map(op_id, kept.values()))

    def name(s: Session, named: dict[str, str]) -> None:
        for reveal, force_op in named.items():
            s.connection().exec_driver_sql(
                "UPDATE reveal SET force_op = ? WHERE id = ?", (force_op, reveal)
            )
        s.expire_all()

    yield lambda force_op: vault.write_now(name, dict.fromkeys(kept, force_op))
    vault.write_now(name, kept)


@pytest.mark.parametrize("by_clock", [False, True])
def test_a_workbook_sent_anew_changes_no_figure_and_is_said_everywhere(
    vault: Vault,
    inspection: str,
    shown: dict[str, str],
    revealed_anew: Callable[[str], None],
    tmp_path: Path,
    by_clock: bool,
) -> None:
    before = compared(vault, inspection)
    assert (before.force_changes, before.agreement.sign.force_higher) == ((), 1)
    if by_clock:
        revealed_anew("")
    sent(vault, inspection, tmp_path, (SECOND, with_grade(FIRST, "Inadequate")), "second.xlsx")
    made = compared(vault, inspection)
    assert made.self_assessed == before.self_assessed and made.agreement == before.agreement
    assert [one.their_rationale for one in made.disparities] == ["Child seen."]
    one = only(made)
    sentence = (
        "After the reveal the force changed its grade of case WST-001 from good to inadequate (row "
        "3 of second.xlsx); the tables count the grade as revealed."
    )
    assert (one.what, one.before, one.now, one.as_revealed) == (CHANGED, "good", "inadequate", True)
    assert one.sentence == sentence
    assert sentence in " ".join(to_text(made).split())
    assert [each["sentence"] for each in to_json(made)["force_changes"]] == [sentence]
    assert sentence in [each["note"] for each in csv.DictReader(io.StringIO(to_csv(made)))]
    given = to_markdown(vault.read_now(gather, inspection, "chief").document)
    assert sentence in given.replace("\\", "")
    view = vault.read_now(open_case, shown["WST-001"]).force
    assert view is not None and view.since is not None
    assert (view.grade, view.written, view.rationale) == ("good", "Good", "Child seen.")
    assert view.since.words("WST-001") == sentence
    vault.write_now(undo)
    assert compared(vault, inspection) == before


def test_words_redacted_of_a_row_that_is_gone_stay_out(
    vault: Vault, inspection: str, shown: dict[str, str], tmp_path: Path
) -> None:
    row = row_ids(vault, inspection)[2]
    sent(vault, inspection, tmp_path, (with_grade(FIRST, "Inadequate"), SECOND), "second.xlsx")
    key = force_row_key_id(row)
    vault.write_now(redact, "force_row_key", key, "rationale", "it named the child")
    view = vault.read_now(force_view, shown["WST-001"])
    assert view is not None
    assert (view.grade, view.rationale, view.written) == ("good", REDACTED_TEXT, "Good")
    assert [one.their_rationale for one in compared(vault, inspection).disparities] == [
        REDACTED_TEXT
    ]


def test_what_was_no_grade_when_revealed_stays_none(
    vault: Vault, inspection: str, shown: dict[str, str], tmp_path: Path
) -> None:
    sent(vault, inspection, tmp_path, (FIRST, with_grade(SECOND, "Good")), "second.xlsx")
    made = compared(vault, inspection)
    assert made.self_assessed.parts["only us"] == 1 and made.agreement.n == 1
    one = only(made)
    assert "from “TBC” (no grade of the scale) to good (row 3" in one.sentence
    assert "TBC" not in one.told and "from no grade to good" in one.told


def test_an_odd_word_is_shown_as_the_force_wrote_it(
    vault: Vault, inspection: str, shown: dict[str, str]
) -> None:
    view = vault.read_now(force_view, shown["WST-002"])
    assert view is not None
    assert (view.grade, view.said) == ("", "“TBC” (no grade of the scale)")
    vault.write_now(judging.grade, shown["WST-002"], OVERALL, "good", "spoken of", allow_open=True)
    made = compared(vault, inspection)
    text = " ".join(to_text(made).split())
    assert "WST-002: the force gives “TBC” (no grade of the scale)." in text
    assert "from inadequate to good (force: “TBC” (no grade of the scale))" in text
    told = to_json(made)["tables"]["self_assessed"]["no_force_grade"]
    assert told == [{"case": "WST-002", "written": "TBC"}]
    assert "TBC" not in to_markdown(vault.read_now(gather, inspection, "chief").document)


def test_a_row_that_the_force_drops_counts_as_revealed(
    vault: Vault, inspection: str, shown: dict[str, str], tmp_path: Path
) -> None:
    before = compared(vault, inspection)
    sent(vault, inspection, tmp_path, (SECOND, THIRD), "second.xlsx")
    made = compared(vault, inspection)
    assert made.self_assessed == before.self_assessed and made.agreement == before.agreement
    one = only(made)
    assert (one.what, one.now) == (DROPPED, None)
    assert "no row is matched to it now" in one.sentence and "as revealed, good" in one.sentence
    assert "to no row of the force: 1 (WST-001, counted as revealed)." in " ".join(
        to_text(made).split()
    )
    told = to_json(made)["unmatched"]
    assert told["our_cases"] == told["counted_as_revealed"] == ["WST-001"]
    lines = [tuple(each.values()) for each in csv.DictReader(io.StringIO(to_csv(made)))]
    assert ("matched to no row", "WST-001", "counted", "counted as revealed", "") in lines


def test_a_match_taken_back_in_a_later_workbook_counts_no_more(
    vault: Vault, inspection: str, shown: dict[str, str], tmp_path: Path
) -> None:
    second = (FIRST, with_grade(SECOND, "RI"))
    sent(vault, inspection, tmp_path, second, "second.xlsx")
    row = row_ids(vault, inspection)[2]
    vault.write_now(reopen_row, row)
    for other in ("", "WST-003"):
        if other:
            vault.write_now(link_row, row, shown[other])
        made = compared(vault, inspection)
        assert [one.reference for one in made.unmatched_cases] == ["WST-001"]
        assert made.self_assessed.total == 0 and made.agreement.n == 0
        assert [one.reference for one in made.force_changes] == ["WST-002"]
        assert vault.read_now(force_view, shown["WST-001"]) is None


def test_a_reason_reworded_by_the_force_is_shown_as_revealed(
    vault: Vault, inspection: str, shown: dict[str, str], tmp_path: Path
) -> None:
    sent(vault, inspection, tmp_path, (with_grade(FIRST, "Good"), SECOND), "second.xlsx")
    one = only(made := compared(vault, inspection))
    assert (one.what, one.before, one.now, one.as_revealed) == (REWORDED, "good", "good", True)
    assert "reworded its reason for its grade of case WST-001 (row 2 of second.xlsx)" in one.told
    assert [each.their_rationale for each in made.disparities] == ["Child seen."]
    view = vault.read_now(open_case, shown["WST-001"]).force
    assert view is not None and (view.grade, view.rationale) == ("good", "Child seen.")
    key = force_row_key_id(row_ids(vault, inspection)[2])
    vault.write_now(redact, "force_row_key", key, "rationale", "it named the child")
    view = vault.read_now(force_view, shown["WST-001"])
    assert view is not None and (view.rationale, view.since) == (REDACTED_TEXT, None)


def test_a_workbook_taken_out_for_good_leaves_nothing(
    vault: Vault, inspection: str, shown: dict[str, str]
) -> None:
    (made,) = vault.read_now(records_in, SelfAssessment, inspection)
    vault.write_now(remove_import, made.id, "another force's")
    after = compared(vault, inspection)
    assert after.self_assessed.unmatched == 2 and after.force_changes == ()
    assert vault.read_now(force_view, shown["WST-001"]) is None


def test_a_cell_that_we_read_otherwise_counts_as_it_is_read_now(
    vault: Vault, inspection: str, shown: dict[str, str], tmp_path: Path
) -> None:
    """The same file, and so the same words of the force's."""
    (made,) = vault.read_now(records_in, SelfAssessment, inspection)
    vault.write_now(remove_import, made.id, "TBC was taken for none")
    anew = read_force_workbook(
        tmp_path / "first.xlsx", "2018", Overrides(grades={"TBC": "inadequate"})
    )
    vault.write_now(import_reading, inspection, anew, accept_exact=True)
    after = compared(vault, inspection)
    assert after.self_assessed.parts["both"] == 2 and after.agreement.n == 2
    one = only(after)
    assert (one.what, one.before, one.now, one.as_revealed) == (REREAD, None, "inadequate", False)


def test_a_match_put_right_after_the_reveal_counts_the_right_row(
    vault: Vault, inspection: str, shown: dict[str, str], tmp_path: Path
) -> None:
    sent(vault, inspection, tmp_path, (FIRST, SECOND, THIRD), "second.xlsx")
    rows = row_ids(vault, inspection)
    vault.write_now(reopen_row, rows[2])
    vault.write_now(link_row, rows[4], shown["WST-001"])
    one = only(compared(vault, inspection))
    assert (one.what, one.now) == (REMATCHED, "inadequate")
    assert "good" not in one.sentence, "that is another case's grade, which may be hidden"
    # The next workbook keeps the decision; the row that was revealed is two workbooks ago.
    third = (FIRST, with_grade(SECOND, "RI"), THIRD)
    sent(vault, inspection, tmp_path, third, "third.xlsx")
    found = {one.reference: one for one in compared(vault, inspection).force_changes}
    assert (found["WST-001"].what, found["WST-002"].what) == (REMATCHED, CHANGED)


def test_a_row_that_is_asked_again_is_still_the_forces_change(
    vault: Vault, inspection: str, shown: dict[str, str], tmp_path: Path
) -> None:
    """Its date changed too, so that a person says anew which case it is."""
    moved = (FIRST[0], FIRST[1], "2026-02-20", "Inadequate", "Read again.")
    reading = read_force_workbook(workbook(tmp_path, (moved, SECOND), "second.xlsx"), "2018")
    before = vault.read_now(corrected_import, inspection, reading)
    vault.write_now(import_reading, inspection, reading, accept_exact=False, corrects=before)
    made = compared(vault, inspection)
    one = only(made)
    assert (one.what, one.now) == (WAITING, None)
    assert "waits for a decision (row 2 of second.xlsx)" in one.sentence
    assert "inadequate" not in one.sentence, "what waits is not shown yet"
    (row,) = made.unmatched_rows
    assert row.hidden and row.said == "waits for a decision; WST-001 counts as revealed"
    assert "grade hidden" not in to_text(made)
    vault.write_now(link_row, row_ids(vault, inspection)[2], shown["WST-001"])
    one = only(compared(vault, inspection))
    assert (one.what, one.before, one.now) == (CHANGED, "good", "inadequate")


def test_a_match_put_right_before_the_reveal_is_no_matter_afterwards(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    sent(vault, inspection, tmp_path, (FIRST, SECOND, THIRD), "first.xlsx")
    rows = row_ids(vault, inspection)
    for row in (2, 4):
        vault.write_now(reopen_row, rows[2])
        vault.write_now(link_row, rows[row], cases["WST-001"])
        vault.write_now(reopen_row, rows[row])
    vault.write_now(link_row, rows[2], cases["WST-001"])
    vault.write_now(judging.grade, cases["WST-001"], OVERALL, "inadequate", allow_open=True)
    vault.write_now(reveals.reveal, cases["WST-001"])
    sent(vault, inspection, tmp_path, (with_grade(FIRST, "RI"), SECOND, THIRD), "second.xlsx")
    assert only(compared(vault, inspection)).what == CHANGED


def test_no_clock_decides_what_was_shown(
    vault: Vault, inspection: str, shown: dict[str, str], tmp_path: Path
) -> None:
    """A colleague whose clock stands at 1970 revealed what she saw; the row came later by it."""
    sent(vault, inspection, tmp_path, (with_grade(FIRST, "Inadequate"), SECOND), "second.xlsx")
    far = Colleague("aaaa000000000000")
    ours = vault.read_now(lambda s: records_in(s, Reveal, inspection))
    mine = next(one for one in ours if one.case_id == shown["WST-001"])
    fields = {name: getattr(mine, name) for name in Reveal.field_names()}
    seen = far.write(("reveal", "theirs"), fields, verb="reveal", ms=1000)
    vault.write_now(far.hand_over, [seen])
    assert only(compared(vault, inspection)).what == CHANGED
    with pytest.raises(UnfitError):
        vault.write_now(lambda s: s.delete(s.get(Reveal, mine.id)))


@pytest.mark.parametrize("wrong", ["", "no op", "aaaa000000000000/1/main/7"])
def test_a_reveal_that_names_no_op_kept_here_falls_back_on_the_clock(
    vault: Vault,
    inspection: str,
    shown: dict[str, str],
    revealed_anew: Callable[[str], None],
    tmp_path: Path,
    wrong: str,
) -> None:
    revealed_anew(wrong)
    assert compared(vault, inspection).force_changes == ()
    sent(vault, inspection, tmp_path, (with_grade(FIRST, "Inadequate"), SECOND), "second.xlsx")
    assert only(compared(vault, inspection)).before == "good"


def test_a_row_of_a_case_that_the_force_is_not_known_to_have_assessed_is_named(
    vault: Vault, inspection: str, shown: dict[str, str], tmp_path: Path
) -> None:
    sent(vault, inspection, tmp_path, (FIRST, SECOND, THIRD), "second.xlsx")
    vault.write_now(link_row, row_ids(vault, inspection)[4], shown["WST-003"])
    made = compared(vault, inspection)
    (note,) = made.self_assessed.notes
    assert "its origin is not self-assessed" in note and "in no table: WST-003." in note
    assert note in made.checks and note in to_json(made)["checks"]
    assert note in [each["note"] for each in csv.DictReader(io.StringIO(to_csv(made)))]
    given = vault.read_now(gather, inspection, "chief")
    assert note in given.left_out and "in no table" not in to_markdown(given.document)


def test_the_auditor_is_called_by_name(
    vault: Vault, inspection: str, shown: dict[str, str]
) -> None:
    (one,) = compared(vault, inspection).by_auditor
    assert one.label == vault.person.name
    assert vault.person.id not in to_text(compared(vault, inspection))
