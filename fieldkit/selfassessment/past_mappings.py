"""What was agreed of a force's last workbooks, offered again for the next of the same headings.

A mapping is read from the imports themselves, of every inspection of the force that is kept here;
nothing is kept beside them. It is proposed and said aloud, and a person goes through it as through
any other proposal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlmodel import Session

from fieldkit.methodology import Methodology
from fieldkit.selfassessment.import_workbook import read_force_workbook
from fieldkit.selfassessment.masking import MATCH_FIELDS
from fieldkit.selfassessment.problems import agreed_words, columns_of
from fieldkit.service import existing
from fieldkit.wording.dates import day_words, local_day
from fieldkit.workbook.errors import WorkbookRefused
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.readings import WorkbookReading, fingerprint_of
from fieldkit.workbook.values.cells import column_number
from storage.ops.forces import is_same_force
from storage.ops.text import many
from storage.records import Inspection, SelfAssessment
from storage.records.inspection import inspections
from storage.records.lookup import records_in

_TRIED = 5
"""Different headings of a force that are tried, the latest first."""


@dataclass(frozen=True, slots=True)
class PastMapping:
    """Holds what was agreed of one workbook.

    Attributes:
        at: when it was imported, ISO 8601 in UTC.
        fields: heading and field of each column, in order.
        words: what each word of the grade column was taken for.
    """

    at: str
    file_name: str
    sheet: str
    header_row: int
    fields: tuple[tuple[str, str], ...]
    words: Mapping[str, str | None]

    @property
    def fingerprint(self) -> str:
        """Return its headings as `WorkbookReading.fingerprint` has them."""
        return fingerprint_of(heading for heading, _ in self.fields)

    @property
    def day(self) -> str:
        """Return the day it was imported, in words: "12 March 2026"."""
        return day_words(local_day(self.at)) or "at a time not known"


@dataclass(frozen=True, slots=True)
class FittingMapping:
    """Holds a past mapping that fits a file, and what it would change of the proposal."""

    mapping: PastMapping
    overrides: Overrides

    @property
    def changes(self) -> bool:
        """Say whether the file would be read otherwise than it is proposed."""
        return self.overrides != Overrides()

    def words(self) -> str:
        """Return it in words, as far as it differs from what would be proposed."""
        of = self.overrides
        parts = []
        if of.sheet is not None:
            parts.append(f"sheet “{of.sheet}” with headings in row {of.header_row}")
        if of.columns:
            parts.append("the columns")
        if of.grades:
            parts.append(many(len(of.grades), "grade word"))
        listed = " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
        return f"As last time, {self.mapping.day}: {listed or 'read as it would be anyway'}."


def past_mappings(s: Session, inspection_id: str) -> list[PastMapping]:
    """Return what was agreed of this force's workbooks, the latest first, each heading row once."""
    force = existing(s, Inspection, inspection_id).force
    imports = [
        imported
        for kept in inspections(s)
        if is_same_force(kept.force, force)
        for imported in records_in(s, SelfAssessment, kept.id)
    ]
    mappings: dict[str, PastMapping] = {}
    for imported in sorted(imports, key=lambda kept: kept.read_at, reverse=True):
        columns = sorted(
            columns_of(s, imported).items(), key=lambda item: column_number(item[0]) or 0
        )
        mapping = PastMapping(
            at=imported.read_at,
            file_name=imported.file_name,
            sheet=imported.sheet,
            header_row=imported.header_row,
            fields=tuple((kept["heading"], kept["field"]) for _, kept in columns),
            words=agreed_words(s, imported),
        )
        if mapping.at and any(heading for heading, _ in mapping.fields):
            mappings.setdefault(mapping.fingerprint, mapping)
    return list(mappings.values())[:_TRIED]


def fitting_mapping(
    path: Path | str,
    methodology: Methodology,
    reading: WorkbookReading,
    known: Sequence[PastMapping],
) -> FittingMapping | None:
    """Return the mapping that fits a file as it is proposed to be read, or another sheet of it.

    Needs no vault. `reading` is the proposal; the file is read again only where its headings were
    found elsewhere last time.
    """
    for mapping in known:
        if reading.fingerprint() == mapping.fingerprint:
            return _as_fitting(mapping, reading, Overrides(), methodology)
    for mapping in known:
        has_sheet = any(one.name == mapping.sheet for one in reading.sheets)
        if not has_sheet or (mapping.sheet, mapping.header_row) == (
            reading.sheet,
            reading.header_row,
        ):
            continue
        begun = Overrides(sheet=mapping.sheet, header_row=mapping.header_row)
        try:
            other = read_force_workbook(path, methodology, begun)
        except WorkbookRefused:
            continue
        if other.fingerprint() == mapping.fingerprint:
            return _as_fitting(mapping, other, begun, methodology)
    return None


def _as_fitting(
    mapping: PastMapping, reading: WorkbookReading, begun: Overrides, methodology: Methodology
) -> FittingMapping:
    scale = methodology.scale_for("case").labels
    pairs = list(zip(reading.columns, mapping.fields, strict=True))
    # A column chosen can move another's proposal, so all are named or none.
    differs = any(column.field != field for column, (_, field) in pairs)
    # One that tells of the grades is not what rows are shown by, whatever was agreed once.
    telling = any(column.mask_reason and field in MATCH_FIELDS for column, (_, field) in pairs)
    columns = (
        {column.column: field for column, (_, field) in pairs} if differs and not telling else {}
    )
    grades = {
        word.written: mapping.words[word.written]
        for word in reading.grades
        if word.written in mapping.words
        and mapping.words[word.written] != word.means
        and mapping.words[word.written] in (None, *scale)
    }
    return FittingMapping(mapping, replace(begun, columns=columns, grades=grades))
