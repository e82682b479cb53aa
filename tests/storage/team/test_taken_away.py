"""What colleagues take away by the ordinary program is named, listed, and can be brought back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session, select

from fieldkit.casework.cases import withdraw_case
from fieldkit.casework.referrals import refer, step
from fieldkit.evidence.points import add_point, withdraw_point
from fieldkit.exchange.exchange import exchange
from fieldkit.exchange.exchange_report import TAKEN_AWAY, exchange_data, exchange_lines
from fieldkit.history import deleted, undo
from fieldkit.history.record_history import record_history
from fieldkit.inspections.home import home
from fieldkit.selfassessment.import_workbook import remove_import
from fieldkit.service import NotThereError
from storage.bundle.errors import NotForUsError
from storage.exchange.merge import merge
from storage.records import (
    Case,
    ForceRow,
    ForceRowKey,
    Judgment,
    Note,
    Point,
    Referral,
    SelfAssessment,
)
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.records.lookup import records_in
from storage.records.self_assessment import force_row_id, force_row_key_id, self_assessment_id
from storage.redaction.redact import redact
from storage.vault.vault import Vault
from tests.storage.team.office import Office
from tests.storage.travelling import INSPECTION, notes, sound, work

CASE = case_id(INSPECTION, "WST-001")
JUDGMENT = judgment_id(CASE, "overall")


def _named(office: Office, vault: Vault) -> list[str]:
    """What an exchange says that colleagues took away, as a page lists it and as data."""
    done = exchange(vault, office.stick)
    listed = [line for head, lines in exchange_lines(done) if head == TAKEN_AWAY for line in lines]
    assert listed == [line for one in exchange_data(done)["came"] for line in one["taken_away"]]
    return listed


def _home(vault: Vault) -> str:
    return vault.read_now(home, INSPECTION).deleted


@pytest.fixture
def shared(office: Office) -> Office:
    """Both laptops have Ada's case, her judgment and a note of hers."""
    office.ada.write_now(work)
    office.both()
    return office


def test_a_note_that_a_colleague_deleted_is_named_told_listed_and_brought_back(
    shared: Office,
) -> None:
    note = shared.note(shared.ada, "the child was not seen alone")
    shared.both()
    shared.delete(shared.ben, note)
    exchange(shared.ben, shared.stick)
    (said,) = _named(shared, shared.ada)
    assert said.startswith("Ben deleted 1 note, yours: note in Westshire")
    assert _home(shared.ada) == said
    (line,) = shared.ada.read_now(deleted.listing, INSPECTION)
    assert (line.who, line.whose, line.text) == ("Ben", "yours", "the child was not seen alone")
    assert shared.ada.read_now(record_history, "note", note)
    shared.ada.write_now(deleted.looked_at)
    assert _home(shared.ada) == ""
    with pytest.raises(NotThereError):
        shared.ada.write_now(deleted.bring_back, INSPECTION, "0" * 8)
    said = shared.ada.write_now(deleted.bring_back, INSPECTION, line.id[:8])
    assert said.startswith("Brought back: note in Westshire")
    assert shared.ada.read_now(deleted.listing, INSPECTION) == []
    shared.both()
    assert "the child was not seen alone" in notes(shared.ada) & notes(shared.ben)
    assert sound(shared.ada) and sound(shared.ben)


def test_bringing_back_is_undone_and_done_again(shared: Office) -> None:
    note = shared.note(shared.ada, "once more")
    shared.both()
    shared.delete(shared.ben, note)
    shared.both()
    for _ in range(2):
        shared.ada.write_now(deleted.bring_back, INSPECTION, note)
        assert "once more" in notes(shared.ada)
        shared.ada.write_now(undo.undo_last)
        assert "once more" not in notes(shared.ada)
        assert len(shared.ada.read_now(deleted.listing, INSPECTION)) == 1


def test_what_is_withdrawn_closed_cleared_or_redacted_is_named_with_whose_it_is(
    shared: Office,
) -> None:
    def begin(s: Session) -> tuple[str, str]:
        point = add_point(s, INSPECTION, "no return interviews", sort="concern").id
        return point, refer(s, CASE, ["child not seen"], known="k").id

    point, referral = shared.ada.write_now(begin)
    note = shared.note(shared.ada, "Tom Smith was missing")
    shared.both()

    def end(s: Session) -> None:
        withdraw_case(s, CASE, "sampled twice")
        withdraw_point(s, point, "not a pattern")
        step(s, referral, "closed", reason="a mistake")
        redact(s, "note", note, "text", "a child's name")

    shared.ben.write_now(end)
    shared.ben.write_now(_cleared)
    exchange(shared.ben, shared.stick)
    said = _named(shared, shared.ada)
    assert [one.partition(":")[0] for one in said] == [
        "Ben withdrew 1 case, yours",
        "Ben withdrew 1 point, yours",
        "Ben closed 1 referral, yours",
        "Ben redacted words in 1 note, yours",
        "Ben cleared 1 judgment, yours",
    ]
    assert "(because sampled twice)" in said[0]
    assert _home(shared.ada).startswith("Ben redacted words in 1 note, yours")
    shared.ada.write_now(deleted.looked_at)
    assert _home(shared.ada) == ""
    # A third laptop hears whose it was; nothing is said twice.
    for name in ("ben", "ada"):
        exchange(getattr(shared, name), shared.stick)
    told = _named(shared, shared.cas)
    assert any(one.startswith("Ben withdrew 1 case, Ada's") for one in told)
    assert _named(shared, shared.ada) == []


def test_redacted_words_are_named_to_whoever_wrote_them_in_a_colleagues_record(
    shared: Office,
) -> None:
    exchange(shared.cas, shared.stick)
    shared.cas.write_now(lambda s: s.get_one(Judgment, JUDGMENT).change(concern="of Cas's"))
    for _ in range(2):
        exchange(shared.cas, shared.stick)
        exchange(shared.ben, shared.stick)
    shared.ben.write_now(redact, "judgment", JUDGMENT, "concern", "not true")
    exchange(shared.ben, shared.stick)
    (said,) = _named(shared, shared.cas)
    assert said.startswith("Ben redacted words in 1 judgment, yours")
    assert _home(shared.cas).startswith("Ben redacted words in 1 judgment, yours")


def _cleared(s: Session) -> None:
    s.get_one(Judgment, JUDGMENT).change(state="not judged", grade="")


def test_what_was_brought_back_or_never_shared_is_not_named(shared: Office) -> None:
    note = shared.note(shared.ada, "kept after all")
    shared.both()
    shared.delete(shared.ben, note)
    shared.ben.write_now(deleted.bring_back, INSPECTION, note)
    shared.delete(shared.ben, shared.note(shared.ben, "made and gone"))
    exchange(shared.ben, shared.stick)
    assert _named(shared, shared.ada) == []
    assert _home(shared.ada) == ""


def test_a_trial_of_a_bundle_names_it_and_keeps_nothing(shared: Office) -> None:
    note = shared.note(shared.ada, "tried first")
    shared.both()
    shared.delete(shared.ben, note)
    shared.empty()
    exchange(shared.ben, shared.stick)
    applied = [merge(shared.ada, path, dry_run=True) for path in _for_ada(shared)]
    assert [one.did for each in applied for one in each.removals] == ["deleted"]
    assert _home(shared.ada) == ""


def _for_ada(office: Office) -> list[Path]:
    paths = []
    for path in office.stick.iterdir():
        try:
            merge(office.ada, path, dry_run=True)
        except NotForUsError:
            continue
        paths.append(path)
    return paths


def _import(s: Session) -> None:
    book = SelfAssessment.make(
        inspection_id=INSPECTION,
        file_name="wst.xlsx",
        file_hash="h",
        sheet="s",
        header_row=1,
    )
    s.add(book)
    for number in (2, 3):
        row = force_row_id("h", "s", number)
        s.add(
            ForceRow.make(
                id=row,
                inspection_id=INSPECTION,
                self_assessment_id=book.id,
                row=number,
                grade="good",
            )
        )
        s.add(
            ForceRowKey.make(
                id=force_row_key_id(row),
                inspection_id=INSPECTION,
                force_row_id=row,
                sheet="s",
                row=number,
                written="Good",
                rationale="because they said so",
            )
        )


def test_an_import_is_listed_once_and_comes_back_with_its_rows(shared: Office) -> None:
    shared.ada.write_now(_import)
    shared.both()
    shared.ben.write_now(
        lambda s: remove_import(s, self_assessment_id(INSPECTION, "h", "s"), "a better one came")
    )
    exchange(shared.ben, shared.stick)
    said = _named(shared, shared.ada)
    assert any(one.startswith("Ben deleted 2 force rows, yours: the force's row 2") for one in said)
    (line,) = shared.ada.read_now(deleted.listing, INSPECTION)
    assert (line.kind, line.rows, line.text) == ("self_assessment", 2, "")
    shared.ada.write_now(deleted.bring_back, INSPECTION, line.id)
    assert len(shared.ada.read_now(records_in, ForceRow, INSPECTION)) == 2
    assert len(shared.ada.read_now(records_in, ForceRowKey, INSPECTION)) == 2
    assert sound(shared.ada)


def test_a_row_of_the_force_alone_comes_back_with_its_key_and_tells_no_grade(
    shared: Office,
) -> None:
    shared.ada.write_now(_import)
    shared.both()
    row = force_row_id("h", "s", 3)

    def take(s: Session) -> None:
        s.delete(s.get_one(ForceRow, row))
        s.delete(s.get_one(ForceRowKey, force_row_key_id(row)))

    shared.ben.write_now(take)
    shared.both()
    (line,) = shared.ada.read_now(deleted.listing, INSPECTION)
    assert (line.kind, line.label, line.text) == ("force_row", "the force's row 3", "")
    shared.ada.write_now(deleted.bring_back, INSPECTION, row)
    assert shared.ada.read_now(lambda s: s.get(ForceRowKey, force_row_key_id(row))) is not None


@pytest.mark.parametrize("kind", [Case, Point, Referral, Note])
def test_every_kind_that_a_person_writes_is_listed_when_it_is_deleted(
    shared: Office, kind: type[Case | Point | Referral | Note]
) -> None:
    def begin(s: Session) -> str:
        if kind is Case:
            return CASE
        if kind is Point:
            return add_point(s, INSPECTION, "w", sort="concern").id
        if kind is Referral:
            return refer(s, CASE, ["child not seen"], known="k").id
        return s.exec(select(Note)).one().id

    record = shared.ada.write_now(begin)
    shared.both()
    shared.ben.write_now(lambda s: s.delete(s.get_one(kind, record)))
    shared.both()
    (line,) = shared.ada.read_now(deleted.listing, INSPECTION)
    assert (line.kind, line.whose) == (kind.KIND, "yours")
    assert "not kept here" not in line.label
    shared.ada.write_now(deleted.bring_back, INSPECTION, record)
    assert shared.ada.read_now(lambda s: s.get(kind, record)) is not None
