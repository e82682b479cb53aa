"""The wordings of inspections as central tells them: text, data and a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from fieldkit.feedback.document.blocks import Block, Bullets, Heading, Paragraph, Written, grid
from fieldkit.followup.collected.wordings import (
    OutcomeCount,
    Wording,
    Wordings,
    outcomes_of,
    status_counts,
)
from fieldkit.followup.register import RegisterLine
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import set_in
from storage.ops.forces import comparable_force
from storage.ops.text import many

_SIGNS = {"strength": "+", "concern": "−", "notable practice": "★", "to clarify": "?"}
_AGREED, _PRACTICE, _RECOMMENDED, _OUTCOMES = (
    "Agreed with the force",
    "Notable practice",
    "Recommendations",
    "Outcomes",
)


def worded_lines(one: Wordings) -> Iterator[str]:
    """Return what an inspection says in words, as text."""
    published = f", published {day_words(one.published)}" if one.published else ", not published"
    yield f"{one.force}, {one.called} ({one.id[:8]}){published}"
    for title, points in ((_AGREED, one.agreed), (_PRACTICE, one.practice)):
        if points:
            yield f"  {title}"
            yield from (set_in(f"    {_point_words(point)}") for point in points)
    if one.recommendations:
        yield f"  {_RECOMMENDED}"
        yield from (set_in(f"    {_recommended_words(line)}") for line in one.recommendations)
    if one.outcomes:
        yield f"  {_OUTCOMES}"
        yield from (set_in(f"    {_outcome_words(count)}") for count in one.outcomes)
    if not (one.agreed or one.practice or one.recommendations or one.outcomes):
        yield "  Nothing is agreed, recommended or noted as practice yet."


def across_lines(said: Sequence[Wordings]) -> Iterator[str]:
    """Return what several inspections come to together, as text."""
    yield f"Across {_how_many(said)}"
    yield f"  {_sum_words(said)}"
    for _, group in _by_force(said):
        yield set_in(f"  {group[0].force}: {many(len(group), 'inspection')}; {_sum_words(group)}")
    if counts := outcomes_of(said):
        yield f"  {_OUTCOMES}"
        yield from (set_in(f"    {_outcome_words(count)}") for count in counts)


def across_data(said: Sequence[Wordings]) -> dict[str, Any]:
    """Return the same as data: sums over all, by force, and by outcome."""
    return {
        **_sums(said),
        "forces": [
            {"force": group[0].force, "inspections": len(group), **_sums(group)}
            for _, group in _by_force(said)
        ],
        "outcomes": [asdict(count) for count in outcomes_of(said)],
    }


def wordings_document(said: Sequence[Wordings]) -> Written:
    """Return the wordings of these inspections as a document: force by force, year by year."""
    blocks: list[Block] = []
    if len(said) > 1:
        blocks += [Paragraph(f"{_sum_words(said)}.")]
    for place, (_, group) in enumerate(_by_force(said)):
        blocks.append(Heading(group[0].force, new_page=bool(place)))
        for one in group:
            blocks += _inspection_blocks(one)
    if counts := outcomes_of(said):
        rows = (
            (one.label, one.points, one.practice, one.recommended, one.running) for one in counts
        )
        headings = ("Outcome", "Points", "Practice", "Recommended", "Open")
        blocks += [Heading(_OUTCOMES), grid(headings, rows, (6, 2, 2, 2, 2), range(1, 5))]
    markings = " / ".join(dict.fromkeys(one.marking for one in said if one.marking))
    subtitle = said[0].force if len({one.force for one in said}) == 1 else _how_many(said)
    return Written("What inspections say in words", subtitle, markings, "central", tuple(blocks))


def _inspection_blocks(one: Wordings) -> Iterator[Block]:
    published = f", published {day_words(one.published)}" if one.published else ", not published"
    yield Heading(f"{one.called[:1].upper()}{one.called[1:]}{published}", 2)
    for title, points in ((_AGREED, one.agreed), (_PRACTICE, one.practice)):
        if points:
            yield Paragraph("", title)
            yield Bullets(tuple(map(_point_words, points)))
    if one.recommendations:
        yield Paragraph("", _RECOMMENDED)
        yield Bullets(tuple(map(_recommended_words, one.recommendations)))
    if not (one.agreed or one.practice or one.recommendations):
        yield Paragraph("Nothing is agreed, recommended or noted as practice yet.")


def _point_words(point: Wording) -> str:
    on = f"{point.criterion_label}: " if point.criterion_label else ""
    return f"{_SIGNS.get(point.sort, '·')} {on}{point.wording}"


def _recommended_words(line: RegisterLine) -> str:
    since = f" since {day_words(line.status_on)}" if line.status_on else ""
    why = f": {line.status_reason}" if line.status_reason else ""
    parts = (line.due_words, f"{line.status}{since}{why}", line.owner, line.progress)
    return f"{line.called}. {line.wording} ({'; '.join(filter(None, parts))})"


def _outcome_words(one: OutcomeCount) -> str:
    parts = (
        (one.points, many(one.points, "point")),
        (one.practice, f"{one.practice} of notable practice"),
        (one.recommended, f"{many(one.recommended, 'recommendation')}, {one.running} open"),
    )
    return f"{one.label}: {'; '.join(words for number, words in parts if number)}"


def _sums(said: Sequence[Wordings]) -> dict[str, Any]:
    return {
        "agreed": sum(len(one.agreed) for one in said),
        "practice": sum(len(one.practice) for one in said),
        "recommendations": status_counts(line for one in said for line in one.recommendations),
    }


def _sum_words(said: Sequence[Wordings]) -> str:
    sums = _sums(said)
    counts = sums["recommendations"]
    number = sum(counts.values())
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    parts = [
        f"{many(sums['agreed'], 'agreed point')}",
        f"{sums['practice']} of notable practice",
        f"{many(number, 'recommendation')}{f' ({told})' if told else ''}",
    ]
    return "; ".join(parts)


def _how_many(said: Sequence[Wordings]) -> str:
    forces = len({comparable_force(one.force) for one in said})
    return f"{many(len(said), 'inspection')} of {many(forces, 'force')}"


def _by_force(said: Sequence[Wordings]) -> Iterator[tuple[str, list[Wordings]]]:
    """Return the inspections of each force; they come sorted by it."""
    for name, group in groupby(said, lambda one: comparable_force(one.force)):
        yield name, list(group)
