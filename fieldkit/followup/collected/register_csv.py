"""The register as comma-separated values, and what of it may not leave unlooked at."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from fieldkit.comparison.output.csv_output import safe_cell
from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.followup.register import RegisterLine
from storage.records import Recommendation

COLUMNS = (
    *("force", "number", "recommendation", "finding", "criterion", "deadline", "published", "due"),
    *("days late", "status", "since", "why", "then", "owner", "evidence for", "evidence against"),
)


def to_csv(lines: Iterable[RegisterLine], marking: str) -> str:
    """Return the register as comma-separated values; days are ``YYYY-MM-DD``.

    A marking is the first line under the headings, so that the file stays a table.
    """
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(COLUMNS)
    if marking:
        rows.writerow((f"marking: {marking}", *[""] * (len(COLUMNS) - 1)))
    for one in lines:
        cells = (
            *(one.force, one.called, one.wording, one.finding, one.criterion_label, one.deadline),
            *(one.published, one.due, str(one.late or ""), one.status, one.status_on),
            *(one.status_reason, one.then, one.owner, str(one.supports), str(one.contradicts)),
        )
        rows.writerow(map(safe_cell, cells))
    return file.getvalue()


def leaving(lines: Iterable[RegisterLine]) -> dict[str, list[LeavingText]]:
    """Return the texts of the register that leave with it, by inspection."""
    texts: dict[str, list[LeavingText]] = {}
    for one in lines:
        said = {
            "wording": one.wording,
            "finding": one.finding,
            "owner": one.owner,
            "ended_reason": one.status_reason,
        }
        texts.setdefault(one.inspection_id, []).extend(
            LeavingText(Recommendation.KIND, one.id, name, text)
            for name, text in said.items()
            if text.strip()
        )
    return texts
