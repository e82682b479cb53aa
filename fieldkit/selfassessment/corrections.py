"""A corrected workbook beside the one imported before: what changed, and which decisions hold.

Rows are paired by their reference where it stands once in both, then by equal content, then by
place where most of the row is the same. A decision holds where what it rested on, the reference
with date and type, or else the whole row, is as it was; a row that changed there is asked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from fieldkit.selfassessment.key_entries import CHANGE, headings_of, key_entries, key_entry
from fieldkit.selfassessment.known_rows import KnownImport, row_keys
from fieldkit.selfassessment.masking import MASK, MATCH_FIELDS, shown_reference, shown_text
from fieldkit.selfassessment.matching.references import canonical
from fieldkit.selfassessment.rows import OPEN, SKIPPED
from fieldkit.visibility import shown_rows
from fieldkit.wording.dates import short_moment
from fieldkit.wording.format import line
from fieldkit.workbook.readings import ForceRowReading, WorkbookReading, fingerprint_of
from storage.ops.text import clean_text, many
from storage.records import ForceRow, SelfAssessment
from storage.records.lookup import records_in, rows_in

CHANGED, ADDED, REMOVED = "changed", "added", "removed"
_KEPT = 5_000
"""Changes kept with an import; a file with more is another file."""
_ALIKE = 0.5
"""Of the cells of a row, or the references of a file, to be taken for the same one."""


@dataclass(frozen=True, slots=True)
class Change:
    """Holds one cell that changed, or one row that came or went.

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
        """Return the change as a line."""
        if self.what == ADDED:
            return f"row {self.row} is new: {line(self.new) or 'no reference'}"
        if self.what == REMOVED:
            return f"row {self.row} is gone: {line(self.old) or 'no reference'}"
        return f"{self.cell} ({line(self.reference)}): {_said(self.old)} → {_said(self.new)}"


@dataclass(frozen=True, slots=True)
class Correction:
    """Holds a reading beside the import it corrects.

    Attributes:
        before: the import.
        changes: in the order of the new file, rows that are gone at the end.
        kept: the decided rows of the import that hold, by the new row's number.
        again: how many decided rows are asked again.
        rows: how many rows both have.
    """

    before: SelfAssessment
    changes: tuple[Change, ...]
    kept: Mapping[int, Any]
    again: int
    rows: int

    @property
    def new(self) -> int:
        """Return how many rows the force had not sent before."""
        return sum(one.what == ADDED for one in self.changes)

    @property
    def gone(self) -> int:
        """Return how many rows are not in the corrected workbook any more."""
        return sum(one.what == REMOVED for one in self.changes)

    @property
    def cells(self) -> int:
        """Return how many cells of rows that both have are different."""
        return sum(one.what == CHANGED for one in self.changes)

    def words(self) -> str:
        """Return what it is and what it comes to, as two sentences."""
        return (
            f"It corrects {self.before.file_name} of {short_moment(self.before.read_at)} "
            "and takes its "
            f"place. {many(self.cells, 'cell')} changed, {many(self.new, 'row')} new, "
            f"{self.gone} gone; {many(len(self.kept), 'decision')} kept, {self.again} asked again."
        )


@dataclass(frozen=True, slots=True)
class RowTexts:
    """Holds a row of either file; ``cells`` by heading or, without one, by column."""

    row: int
    ref: str
    dated: str
    kind: str
    cells: Mapping[str, str]


def corrected_import(
    s: Session, inspection_id: str, reading: WorkbookReading
) -> SelfAssessment | None:
    """Return the latest import that a workbook seems to be a correction of; None for none.

    It has the same headings or half the same references.
    """
    keys = row_keys(s, inspection_id)
    rows = rows_in(s, ForceRow, inspection_id)
    theirs = {text for one in reading.rows if (text := canonical(one.ref))}
    for imported in reversed(records_in(s, SelfAssessment, inspection_id)):
        known = {
            text
            for row in rows
            if row.self_assessment_id == imported.id and row.id in keys
            if (text := canonical(keys[row.id].reference))
        }
        if known and len(known & theirs) >= _ALIKE * min(len(known), len(theirs)):
            return imported
        named = list(headings_of(s, imported).values())
        same = any(named) and fingerprint_of(named) == reading.fingerprint()
        if same and reading.sheet == imported.sheet and known & theirs:
            return imported
    return None


def column_names(reading: WorkbookReading) -> dict[str, str]:
    """Return column letter to the name by which its cells are compared."""
    return {one.column: clean_text(one.heading) or one.column for one in reading.columns}


def pair_rows(
    known: KnownImport, reading: WorkbookReading
) -> tuple[list[RowTexts], list[RowTexts], dict[int, RowTexts]]:
    """Return the rows of an import, those of a reading, and the former by the latter's number."""
    old = [_old(row, known.keys.get(row.id), known.headings) for row in known.rows.values()]
    now = column_names(reading)
    rows = sorted((*reading.rows, *reading.skipped), key=lambda row: row.row)
    new = [_new(row, now) for row in rows]
    return old, new, _paired(old, new)


def correction_of(known: KnownImport, reading: WorkbookReading) -> Correction:
    """Return what a reading changes of an import, cell by cell; needs no vault."""
    rows = known.rows
    old, new, pairs = pair_rows(known, reading)
    now = column_names(reading)
    fields = {now[column.column]: (column.column, column.shown_as) for column in reading.columns}
    changes: list[Change] = []
    kept: dict[int, Any] = {}
    again = 0
    left_out = {row.row for row in reading.skipped}
    for row in new:
        old_row = pairs.get(row.row)
        if old_row is None:
            changes.append(Change(ADDED, row.row, "", "", "", row.ref, row.ref))
            continue
        changes += _changes(old_row, row, fields)
        decided = rows[old_row.row]
        if decided.decision == OPEN or row.row in left_out:
            continue
        # Skipping is an answer to the workbook, and holds where `carrying` says so.
        if decided.decision != SKIPPED and _holds(old_row, row):
            kept[row.row] = decided
        else:
            again += 1
    paired = {old_row.row for old_row in pairs.values()}
    changes += [
        Change(REMOVED, row.row, "", "", row.ref, "", row.ref)
        for row in old
        if row.row not in paired
    ]
    return Correction(known.imported, tuple(changes), kept, again, len(pairs))


def mask_changes(shown: Collection[int], correction: Correction) -> list[Change]:
    """Return the changes before the workbook is imported, without what is not revealed.

    ``shown`` are the rows of the one before that may be shown.
    """
    open_rows = {row for row, was in correction.kept.items() if was.row in shown}
    return [_mask(one, one.row in open_rows) for one in correction.changes]


def changes_of(s: Session, imported: SelfAssessment) -> list[Change]:
    """Return what an import changed of the one before, without what is not revealed now.

    Empty where it corrects none, or its key did not come here.
    """
    shown = shown_rows(s, imported).shown
    changes = []
    for parts in key_entries(s, imported):
        match parts:
            case ["change", str(w), int(row), str(cell), str(f), str(old), str(new), str(ref)]:
                change = Change(w, row, cell, f, old, new, ref)
                changes.append(_mask(change, w == CHANGED and row in shown))
    return changes


def changes_sentence(changes: Sequence[Change]) -> str:
    """Return the changes of a workbook, counted in a sentence; empty without any."""
    if not changes:
        return ""
    by_kind = Counter(one.what for one in changes)
    return (
        f"Against the workbook before it: {many(by_kind[CHANGED], 'cell')} changed, "
        f"{many(by_kind[ADDED], 'row')} new, {by_kind[REMOVED]} gone."
    )


def change_entries(changes: Iterable[Change]) -> list[str]:
    """Return the changes as they are kept in the key of an import."""
    return [
        key_entry(
            CHANGE,
            change.what,
            change.row,
            change.cell,
            change.field,
            change.old,
            change.new,
            change.reference,
        )
        for change in list(changes)[:_KEPT]
    ]


def _mask(change: Change, shown: bool) -> Change:
    if shown:
        return change
    change = replace(change, reference=shown_reference(change.reference))
    if change.what != CHANGED:
        return replace(change, old=shown_reference(change.old), new=shown_reference(change.new))
    if change.field in MATCH_FIELDS:
        return replace(change, old=shown_text(change.old), new=shown_text(change.new))
    old, new = (MASK if text.strip() else "" for text in (change.old, change.new))
    return replace(change, old=old, new=new)


def _said(text: str) -> str:
    flat = line(text)
    return f"“{flat}”" if flat and flat != MASK else flat or "(blank)"


def _old(row: Any, key: Any, named: Mapping[str, str]) -> RowTexts:
    if key is None:
        return RowTexts(row.row, "", "", "", {})
    cells: dict[str, str] = {}
    for text in key.cells:
        cell, _, stored = text.partition("\t")
        column = cell.rstrip("0123456789")
        cells[named.get(column) or column] = stored.strip()
    return RowTexts(row.row, key.reference, key.dated, key.case_type, _filled(cells))


def _new(row: ForceRowReading, named: Mapping[str, str]) -> RowTexts:
    cells = {
        named[reading.cell.rstrip("0123456789")]: clean_text(reading.stored).strip()
        for reading in row.cells
    }
    kind = clean_text("; ".join(row.types) or row.written_type)
    return RowTexts(row.row, clean_text(row.ref), row.date or "", kind, _filled(cells))


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {clean_text(name): text for name, text in cells.items() if text}


def _paired(old: Sequence[RowTexts], new: Sequence[RowTexts]) -> dict[int, RowTexts]:
    """New row number to the old row it was."""
    pairs: dict[int, RowTexts] = {}
    _pair(pairs, old, new, lambda row: canonical(row.ref))
    _pair(pairs, old, new, lambda row: "\n".join(f"{k}\t{v}" for k, v in sorted(row.cells.items())))
    paired = {row.row for row in pairs.values()}
    free = {row.row: row for row in old if row.row not in paired}
    for row in new:
        old_row = free.get(row.row)
        if row.row not in pairs and old_row is not None and _alike(old_row, row):
            pairs[row.row] = old_row
    return pairs


def _pair(
    pairs: dict[int, RowTexts],
    old: Sequence[RowTexts],
    new: Sequence[RowTexts],
    name: Callable[[RowTexts], str],
) -> None:
    """Pair the rows whose name stands once in what is left of both files."""
    paired = {row.row for row in pairs.values()}
    mine = [(name(row), row) for row in old if row.row not in paired]
    theirs = [(name(row), row) for row in new if row.row not in pairs]
    mine_once = Counter(text for text, _ in mine)
    theirs_once = Counter(text for text, _ in theirs)
    by_name = {text: row for text, row in mine if text and mine_once[text] == 1}
    for text, row in theirs:
        if text in by_name and theirs_once[text] == 1:
            pairs[row.row] = by_name[text]


def _alike(old: RowTexts, new: RowTexts) -> bool:
    names = {*old.cells, *new.cells}
    same = sum(old.cells.get(name) == new.cells.get(name) for name in names)
    return bool(names) and same >= _ALIKE * len(names)


def _holds(old: RowTexts, new: RowTexts) -> bool:
    reference = canonical(new.ref)
    if not reference:
        return old.cells == new.cells
    same = (old.dated, old.kind) == (new.dated, new.kind)
    return same and canonical(old.ref) == reference


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
