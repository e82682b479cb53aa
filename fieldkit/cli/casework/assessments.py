"""``fieldkit assess list`` and ``assess show``: what is judged on the force itself."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import pairs, table
from fieldkit.methodology import Area
from fieldkit.service import NotThereError, criterion_key, methodology_of
from fieldkit.wording.format import line
from fieldkit.wording.labels import person_name
from storage.records import Assessment
from storage.records.judgment import assessments
from storage.trust.current import people

_WIDEST = 60
"""Columns of a rationale in the list; “assess show” has it whole."""


def show_all(context: Context) -> None:
    """Show every criterion that is judged on the force, with its grade."""
    judged = [_data(*one) for one in context.read(_read)]
    rows = [
        (one["label"], one["said"], one["by"], line(one["rationale"], _WIDEST)) for one in judged
    ]
    text = table(("criterion", "judged", "by", "rationale"), rows)
    context.show({"assessments": judged}, text, marked=True)


def show_one(context: Context, wanted: str) -> None:
    """Show one criterion with its whole rationale."""
    key = context.read(
        lambda s, inspection_id: criterion_key(methodology_of(s, inspection_id), wanted)
    )
    judged = [one for one in context.read(_read) if one[0].key == key]
    if not judged:
        raise NotThereError(
            f"“{wanted}” is not judged on the force by this inspection's methodology. “fieldkit "
            "assess list” names what is."
        )
    data = _data(*judged[0])
    rows = [(name, str(data[name])) for name in ("label", "prompt", "said", "reason", "rationale")]
    labels = {"label": "criterion", "prompt": "question", "said": "judged"}
    rows = [(labels.get(name, name), text) for name, text in rows] + [("by", data["by"])]
    context.show(data, pairs(rows, context.terminal.width), marked=True)


Judged = tuple[Area, Assessment | None, str]
"""A criterion, what is judged of the force on it, and by whom."""


def _read(s: Session, inspection_id: str) -> list[Judged]:
    known = assessments(s, inspection_id)
    names = people(s.connection())
    areas = methodology_of(s, inspection_id).criteria_on("force", overall=True)
    return [
        (area, one, person_name(names, one.by) if one and one.by else "")
        for area in areas
        for one in (known.get(area.key),)
    ]


def _data(area: Area, assessment: Assessment | None, by: str) -> dict[str, Any]:
    return {
        "criterion": area.key,
        "label": area.label,
        "prompt": area.prompt,
        "said": assessment.said if assessment else judging.NOT_JUDGED,
        "state": assessment.state if assessment else judging.NOT_JUDGED,
        "grade": assessment.graded if assessment else "",
        "reason": assessment.why if assessment else "",
        "rationale": assessment.rationale if assessment else "",
        "by": by,
    }
