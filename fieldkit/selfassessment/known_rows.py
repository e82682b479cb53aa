"""What is read of self-assessments in one go, for whoever plans elsewhere than on the clerk.

Rows are only to be looked at: no object of a session is made of any, which takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from fieldkit.methodology import Methodology
from fieldkit.selfassessment.key_entries import headings_of
from fieldkit.service import methodology_of
from storage.feed.session import Steps, whole
from storage.records import Case, ForceRow, ForceRowKey, SelfAssessment
from storage.records.case import force_refs
from storage.records.lookup import rows_in


@dataclass(frozen=True, slots=True)
class KnownRows:
    """Holds what matching needs of an inspection.

    Attributes:
        methodology: of the inspection.
        imports: its self-assessments.
        rows: those of all imports.
        keys: what the force wrote, by row.
        cases: ours.
        refs: the force's references of them, by case.
    """

    methodology: Methodology
    imports: list[Any]
    rows: list[Any]
    keys: Mapping[str, Any]
    cases: list[Any]
    refs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KnownImport:
    """Holds an import with its rows by their number, their keys and its headings by column."""

    imported: SelfAssessment
    rows: Mapping[int, Any]
    keys: Mapping[str, Any]
    headings: Mapping[str, str]


def row_keys(s: Session, inspection_id: str) -> dict[str, Any]:
    """Return what the force wrote in each row, by the id of the row."""
    return {one.force_row_id: one for one in rows_in(s, ForceRowKey, inspection_id)}


def known_rows(s: Session, inspection_id: str) -> KnownRows:
    """Read the rows of an inspection with their keys, and our cases."""
    s.flush()
    return whole(reading_known_rows(s, inspection_id))


def reading_known_rows(s: Session, inspection_id: str) -> Steps[KnownRows]:
    """Do as :func:`known_rows`, a kind in each step."""
    rows = list(rows_in(s, ForceRow, inspection_id))
    yield
    keys = row_keys(s, inspection_id)
    yield
    cases = list(rows_in(s, Case, inspection_id))
    yield
    imports = list(rows_in(s, SelfAssessment, inspection_id))
    methodology, refs = methodology_of(s, inspection_id), force_refs(s, inspection_id)
    yield
    return KnownRows(methodology, imports, rows, keys, cases, refs)


def known_import(
    s: Session, imported: SelfAssessment, known: KnownRows | None = None
) -> KnownImport:
    """Read an import with its rows, or take them from those of its inspection."""
    of = imported.inspection_id
    rows = known.rows if known is not None else rows_in(s, ForceRow, of)
    keys = known.keys if known is not None else row_keys(s, of)
    numbered = {one.row: one for one in rows if one.self_assessment_id == imported.id}
    return KnownImport(imported, numbered, keys, headings_of(s, imported))
