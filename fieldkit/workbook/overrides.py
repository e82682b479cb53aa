"""What a file is read with: an inspection's words, and what a person chose of what was proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldkit.methodology import Methodology, load


@dataclass(frozen=True, slots=True)
class Overrides:
    """Holds what a person chose in place of what was proposed; empty where nothing was.

    Attributes:
        sheet: the name of the sheet.
        header_row: the last row of the headings, from 1; 0 for a table without any.
        columns: column letter or heading to field.
        grades: written grade word to a grade of the scale, or None for no grade; in a list of our
            own cases also to a state.
        fixes: address of a cell to what a person says it means.
        skips: address of a cell to why it is skipped.
    """

    sheet: str | None = None
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    grades: Mapping[str, str | None] = field(default_factory=dict)
    fixes: Mapping[str, str] = field(default_factory=dict)
    skips: Mapping[str, str] = field(default_factory=dict)


def reading_arguments(
    methodology: Methodology | str, overrides: Overrides | None = None
) -> dict[str, Any]:
    """Return the arguments by which any file of cases is read.

    Args:
        methodology: the inspection's, or its version; its case scale and types.
        overrides: what a person chose.
    """
    pinned = load(methodology) if isinstance(methodology, str) else methodology
    chosen = overrides or Overrides()
    return {
        "scale": pinned.scale_for("case").labels,
        "types": {one.label: (one.key, *one.aliases) for one in pinned.case_types},
        "sheet": chosen.sheet,
        "header_row": chosen.header_row,
        "columns": chosen.columns or None,
        "grades": chosen.grades or None,
        "fixes": chosen.fixes,
        "skips": chosen.skips,
    }
