"""Draws a case in short, beside the list: grades, the force's side, the child, what is open."""

from __future__ import annotations

from textual.content import Content

from fieldkit.casework.case_lines import CaseLine
from fieldkit.casework.overview.preview import CasePreview
from fieldkit.methodology import Methodology
from fieldkit.wording.dates import short_day
from screens.kit.drawing.chips import Grades, hidden, late
from screens.kit.drawing.rows import between, cut, fit, lines, muted, strong, wrapped
from screens.kit.drawing.signs import glyph, sign, style

ABOUT = (
    ("voice_seen_alone", "Seen alone"),
    ("voice_spoken_to", "Spoken to"),
    ("supervision_reviewed", "Supervision"),
)
"""The answers of a case audit that are told, and what they are called here."""

NOT_YET = "shown once our overall is committed"
SHOWN = "in the case, f shows it"


def draw(
    case: CaseLine,
    more: CasePreview | None,
    methodology: Methodology,
    grades: Grades,
    width: int,
) -> Content:
    """Return a case in so many columns; until ``more`` is read, what its line says."""
    child = ", ".join(filter(None, (case.child_label, case.child_age)))
    about = [
        " · ".join(filter(None, (child, "self-assessed too" if _self_assessed(case) else ""))),
        f"incident {short_day(case.incident_on)}" if case.incident_on else "",
        f"audited by {case.auditor}" if case.auditor else "nobody audits it yet",
        case.unit,
    ]
    rows: list[Content] = [*wrapped(", ".join(case.type_labels) or "no type given", width, most=2)]
    rows += [muted(cut(one, width)) for one in about if one]
    if case.withdrawn:
        rows += [strong("Withdrawn"), *wrapped(case.withdrawn_reason, width, most=3)]
    rows += [Content(""), *_grades(case, methodology, grades, width)]
    if more is not None:
        rows += [
            Content(""),
            *_force(case, more, width),
            _rule(width),
            *_child(more, methodology, width),
        ]
        if more.referral is not None:
            rows += [_rule(width), *_referral(more, width)]
        rows += [
            _rule(width),
            between("Notes", strong(f"{more.notes:,}"), width),
            between("Points that rest on it", strong(f"{more.points:,}"), width),
        ]
    if case.drafts:
        rows.append(muted(cut(f"{glyph('typing')} text typed here waits to be finished", width)))
    if case.two_answers:
        rows.append(cut(Content.assemble(sign("two answers"), " two overall grades"), width))
    if case.same_as:
        rows.append(cut(sign("two answers") + " another case looks the same", width))
    return lines(rows)


def _self_assessed(case: CaseLine) -> bool:
    return case.origin == "self-assessed"


def _rule(width: int) -> Content:
    return Content.styled(glyph("rule") * width, style("rule"))


def _grades(case: CaseLine, words: Methodology, grades: Grades, width: int) -> list[Content]:
    room = 16 if width >= 50 else 0
    label = max(width - 6 - (room + 1 if room else 0), 4)
    rows = []
    for area, answer in zip(words.criteria_on("case"), case.answers, strict=False):
        number = f"{words.number_of(area.key)} "
        rows.append(
            Content.assemble(
                (number, "$text-muted"), fit(area.label, label), " ", *_told(grades, answer, room)
            )
        )
    overall = case.overall if case.done else ""
    told = _told(grades, overall, room)
    rows.append(Content.assemble("  ", fit(strong("Overall"), label), " ", *told))
    return rows


def _told(grades: Grades, answer: str, room: int) -> tuple[Content, ...]:
    chip = grades.chip(answer)
    if not room:
        return (chip,)
    word = grades.word(answer, room) if answer not in ("", "not judged") else muted("–")
    return (chip, Content(" "), word)


def _force(case: CaseLine, more: CasePreview, width: int) -> list[Content]:
    if not more.revealed:
        return [
            between("The force's grade", hidden(), width),
            muted(cut(SHOWN if case.done else NOT_YET, width)),
        ]
    return [between("The force's grade", strong(more.force or "no row matched"), width)]


def _child(more: CasePreview, methodology: Methodology, width: int) -> list[Content]:
    told = more.timeline.summary.removeprefix("seen ")
    rows = [between("Child seen", f"after {told}" if told else muted("not recorded"), width)]
    if more.timeline.too_early:
        what = more.timeline.too_early[0].label
        rows.append(cut(Content.assemble(sign("soon"), f" {what} before the report"), width))
    answers = {one.key: one.label for one in methodology.answers}
    for field, label in ABOUT:
        answer = str(getattr(more.audit, field, "") or "")
        shown = {"yes": sign("done", "yes"), "no": sign("no", "no")}.get(answer)
        rows.append(between(label, shown or muted(answers.get(answer, "not recorded")), width))
    return rows


def _referral(more: CasePreview, width: int) -> list[Content]:
    referral = more.referral
    assert referral is not None
    head = late("") if referral.running else muted(f" {glyph('late')} ")
    return [
        Content.assemble(head, " ", strong(cut("Referred back", width - 4))),
        *(muted(one) for one in wrapped(referral.clock, width, most=2)),
    ]
