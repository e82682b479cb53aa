"""A corrected workbook beside the one taken in before: what changed, and which decisions hold.

Rows are paired by their reference where it stands once in both, then by equal content, then by
place where most of the row is the same. A decision holds where what it rested on, the reference
with date and type, or else the whole row, is as it was; a row that changed there is asked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from fieldkit.selfassessment.key_entries import CHANGE, headings_of, key_entries, key_entry
from fieldkit.selfassessment.masking import MASK, MATCH_FIELDS, shown_reference, shown_text
from fieldkit.selfassessment.matching.references import canonical
from fieldkit.selfassessment.rows import OPEN, SKIPPED
from fieldkit.visibility import shown_rows
from fieldkit.wording.format import line, local
from fieldkit.workbook.readings import ForceRowReading, WorkbookReading, fingerprint_of
from storage.ops.text import clean_text, many
from storage.records import ForceRow, ForceRowKey, SelfAssessment
from storage.records.lookup import records_in
from storage.records.self_assessment import force_row_keys

CHANGED, ADDED, REMOVED = "changed", "added", "removed"
_KEPT = 5_000
"""Changes kept with an import; a file with more is another file."""
_ALIKE = 0.5
"""Of the cells of a row, or the references of a file, to be taken for the same one."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that changed, or one row that came or went.

    Attributes:
        what: ``changed``, ``added`` or ``removed``.
        row: its number in the new workbook; of a removed row, in the old one.
        cell: its address there; empty for a whole row.
        field: what its column is taken for.
        old: what stood there; of a removed row its reference.
        new: what stands there; of an added row its reference.
        reference: of the row as it is now.
    """

    what: str
    row: int
    cell: str
    field: str
    old: str
    new: str
    reference: str

    def words(self) -> str:
        """The change as a line."""
        if self.what == ADDED:
            return f"row {self.row} is new: {line(self.new) or 'no reference'}"
        if self.what == REMOVED:
            return f"row {self.row} is gone: {line(self.old) or 'no reference'}"
        return f"{self.cell} ({line(self.reference)}): {_said(self.old)} → {_said(self.new)}"


@dataclass(frozen=True, slots=True)
class Correction:
    """A reading beside the import it corrects.

    Attributes:
        before: the import.
        changes: in the order of the new file, rows that are gone at the end.
        kept: the decided rows of the import that hold, by the new row's number.
        again: how many decided rows are asked again.
        rows: how many rows both have.
    """

    before: SelfAssessment
    changes: tuple[Change, ...]
    kept: Mapping[int, ForceRow]
    again: int
    rows: int

    @property
    def new(self) -> int:
        """How many rows the force had not sent before."""
        return sum(one.what == ADDED for one in self.changes)

    @property
    def gone(self) -> int:
        """How many rows are not in the corrected workbook any more."""
        return sum(one.what == REMOVED for one in self.changes)

    @property
    def cells(self) -> int:
        """How many cells of rows that both have are different."""
        return sum(one.what == CHANGED for one in self.changes)

    def words(self) -> str:
        """What it is and what it comes to, as two sentences."""
        return (
            f"It corrects {self.before.file_name} of {local(self.before.read_at)} and takes its "
            f"place. {many(self.cells, 'cell')} changed, {many(self.new, 'row')} new, "
            f"{self.gone} gone; {many(len(self.kept), 'decision')} kept, {self.again} asked again."
        )


@dataclass(frozen=True, slots=True)
class RowTexts:
    """A row of either file; ``cells`` by heading or, without one, by column."""

    row: int
    ref: str
    dated: str
    kind: str
    cells: Mapping[str, str]


def corrected_import(
    s: Session, inspection_id: str, reading: WorkbookReading
) -> SelfAssessment | None:
    """The import that a workbook seems to be a correction of, the latest first; None for none.

    It has the same headings or half the same references.
    """
    keys = force_row_keys(s, inspection_id)
    rows = records_in(s, ForceRow, inspection_id)
    theirs = {text for one in reading.rows if (text := canonical(one.ref))}
    for made in reversed(records_in(s, SelfAssessment, inspection_id)):
        known = {
            text
            for row in rows
            if row.self_assessment_id == made.id and row.id in keys
            if (text := canonical(keys[row.id].reference))
        }
        if known and len(known & theirs) >= _ALIKE * min(len(known), len(theirs)):
            return made
        named = list(headings_of(s, made).values())
        same = any(named) and fingerprint_of(named) == reading.fingerprint()
        if same and reading.sheet == made.sheet and known & theirs:
            return made
    return None


def rows_by_number(s: Session, made: SelfAssessment) -> dict[int, ForceRow]:
    """The rows of an import by their number."""
    rows = records_in(s, ForceRow, made.inspection_id)
    return {one.row: one for one in rows if one.self_assessment_id == made.id}


def column_names(reading: WorkbookReading) -> dict[str, str]:
    """Column letter to the name by which its cells are compared."""
    return {one.column: clean_text(one.heading) or one.column for one in reading.columns}


def pair_rows(
    s: Session, made: SelfAssessment, reading: WorkbookReading
) -> tuple[list[RowTexts], list[RowTexts], dict[int, RowTexts]]:
    """The rows of an import and those of a reading, and which was which, by the new number."""
    keys = force_row_keys(s, made.inspection_id)
    named = headings_of(s, made)
    old = [_old(one, keys.get(one.id), named) for one in rows_by_number(s, made).values()]
    now = column_names(reading)
    both = sorted((*reading.rows, *reading.skipped), key=lambda one: one.row)
    new = [_new(one, now) for one in both]
    return old, new, _paired(old, new)


def correction_of(s: Session, made: SelfAssessment, reading: WorkbookReading) -> Correction:
    """What a reading changes of an import, cell by cell; changes nothing itself."""
    rows = rows_by_number(s, made)
    old, new, pairs = pair_rows(s, made, reading)
    now = column_names(reading)
    fields = {now[column.column]: (column.column, column.field) for column in reading.columns}
    changes: list[Change] = []
    kept: dict[int, ForceRow] = {}
    again = 0
    left_out = {one.row for one in reading.skipped}
    for one in new:
        was = pairs.get(one.row)
        if was is None:
            changes.append(Change(ADDED, one.row, "", "", "", one.ref, one.ref))
            continue
        changes += _changes(was, one, fields)
        decided = rows[was.row]
        if decided.decision == OPEN or one.row in left_out:
            continue
        # Skipping is an answer to the workbook, and holds where `carrying` says so.
        if decided.decision != SKIPPED and _holds(was, one):
            kept[one.row] = decided
        else:
            again += 1
    found = {was.row for was in pairs.values()}
    changes += [
        Change(REMOVED, one.row, "", "", one.ref, "", one.ref)
        for one in old
        if one.row not in found
    ]
    return Correction(made, tuple(changes), kept, again, len(pairs))


def mask_changes(s: Session, found: Correction) -> list[Change]:
    """The changes before the workbook is taken in, without what is not revealed."""
    shown = shown_rows(s, found.before).shown
    open_rows = {row for row, was in found.kept.items() if was.row in shown}
    return [_mask(one, one.row in open_rows) for one in found.changes]


def changes_of(s: Session, made: SelfAssessment) -> list[Change]:
    """What an import changed of the one before, without what is not revealed now.

    Empty where it corrects none, or its key did not come here.
    """
    shown = shown_rows(s, made).shown
    found = []
    for one in key_entries(s, made):
        match one:
            case ["change", str(w), int(row), str(cell), str(f), str(old), str(new), str(ref)]:
                change = Change(w, row, cell, f, old, new, ref)
                found.append(_mask(change, w == CHANGED and row in shown))
    return found


def changes_sentence(changes: Sequence[Change]) -> str:
    """The changes of a workbook taken in, counted in a sentence; empty without any."""
    if not changes:
        return ""
    by_kind = Counter(one.what for one in changes)
    return (
        f"Against the workbook before it: {many(by_kind[CHANGED], 'cell')} changed, "
        f"{many(by_kind[ADDED], 'row')} new, {by_kind[REMOVED]} gone."
    )


def change_entries(changes: Iterable[Change]) -> list[str]:
    """The changes as they are kept in the key of an import."""
    return [
        key_entry(CHANGE, one.what, one.row, one.cell, one.field, one.old, one.new, one.reference)
        for one in list(changes)[:_KEPT]
    ]


def _mask(one: Change, shown: bool) -> Change:
    if shown:
        return one
    one = replace(one, reference=shown_reference(one.reference))
    if one.what != CHANGED:
        return replace(one, old=shown_reference(one.old), new=shown_reference(one.new))
    if one.field in MATCH_FIELDS:
        return replace(one, old=shown_text(one.old), new=shown_text(one.new))
    old, new = (MASK if text.strip() else "" for text in (one.old, one.new))
    return replace(one, old=old, new=new)


def _said(text: str) -> str:
    flat = line(text)
    return f"“{flat}”" if flat and flat != MASK else flat or "(blank)"


def _old(row: ForceRow, key: ForceRowKey | None, named: Mapping[str, str]) -> RowTexts:
    if key is None:
        return RowTexts(row.row, "", "", "", {})
    cells: dict[str, str] = {}
    for one in key.cells:
        cell, _, stored = one.partition("\t")
        column = cell.rstrip("0123456789")
        cells[named.get(column) or column] = stored.strip()
    return RowTexts(row.row, key.reference, key.dated, key.case_type, _filled(cells))


def _new(row: ForceRowReading, named: Mapping[str, str]) -> RowTexts:
    cells = {
        named[one.cell.rstrip("0123456789")]: clean_text(one.stored).strip() for one in row.cells
    }
    kind = clean_text("; ".join(row.types) or row.written_type)
    return RowTexts(row.row, clean_text(row.ref), row.date or "", kind, _filled(cells))


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {clean_text(name): text for name, text in cells.items() if text}


def _paired(old: Sequence[RowTexts], new: Sequence[RowTexts]) -> dict[int, RowTexts]:
    """New row number to the old row it was."""
    pairs: dict[int, RowTexts] = {}
    _pair(pairs, old, new, lambda one: canonical(one.ref))
    _pair(pairs, old, new, lambda one: "\n".join(f"{k}\t{v}" for k, v in sorted(one.cells.items())))
    taken = {one.row for one in pairs.values()}
    left = {one.row: one for one in old if one.row not in taken}
    for one in new:
        was = left.get(one.row)
        if one.row not in pairs and was is not None and _alike(was, one):
            pairs[one.row] = was
    return pairs


def _pair(
    pairs: dict[int, RowTexts],
    old: Sequence[RowTexts],
    new: Sequence[RowTexts],
    name: Callable[[RowTexts], str],
) -> None:
    """Pair the rows whose name stands once in what is left of both files."""
    taken = {one.row for one in pairs.values()}
    mine = [(name(one), one) for one in old if one.row not in taken]
    theirs = [(name(one), one) for one in new if one.row not in pairs]
    mine_once = Counter(text for text, _ in mine)
    theirs_once = Counter(text for text, _ in theirs)
    by_name = {text: one for text, one in mine if text and mine_once[text] == 1}
    for text, one in theirs:
        if text in by_name and theirs_once[text] == 1:
            pairs[one.row] = by_name[text]


def _alike(was: RowTexts, one: RowTexts) -> bool:
    names = {*was.cells, *one.cells}
    same = sum(was.cells.get(name) == one.cells.get(name) for name in names)
    return bool(names) and same >= _ALIKE * len(names)


def _holds(was: RowTexts, one: RowTexts) -> bool:
    reference = canonical(one.ref)
    if not reference:
        return was.cells == one.cells
    same = (was.dated, was.kind) == (one.dated, one.kind)
    return same and canonical(was.ref) == reference


def _changes(was: RowTexts, one: RowTexts, fields: Mapping[str, tuple[str, str]]) -> list[Change]:
    by_name = {clean_text(name): place for name, place in fields.items()}
    found = []
    for name in dict.fromkeys((*by_name, *was.cells)):
        old, new = was.cells.get(name, ""), one.cells.get(name, "")
        if old != new:
            column, field = by_name.get(name, ("", ""))
            cell = f"{column}{one.row}" if column else f"row {one.row}, “{name}”"
            found.append(Change(CHANGED, one.row, cell, field, old, new, one.ref))
    return found
