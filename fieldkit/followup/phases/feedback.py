"""The written feedback on a follow-up, area by area: recommendation, summary, detail.

For the chief constable and the police and crime commissioner, within three weeks. It is made by the
machinery of all documents for the force: its template, what keeps identifiers back, its disclosure.
Not in it: notes, what was said to us, and points that no debrief told.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session

from fieldkit.feedback.document.blocks import Bullets, Heading, Paragraph, figures_grid
from fieldkit.feedback.handover.draft import Draft
from fieldkit.feedback.handover.draft import words as standing
from fieldkit.feedback.handover.findings import Finding, Told, finding_blocks, told
from fieldkit.feedback.handover.frame import limit_words, next_blocks
from fieldkit.feedback.handover.handover import Handover
from fieldkit.feedback.handover.sheets import Sheet
from fieldkit.followup.phases.detail import POINT, Piece
from fieldkit.followup.phases.follow_up import AIM, AreaShown, FollowUp, follow_up
from fieldkit.followup.register import RegisterLine
from fieldkit.methodology import load
from fieldkit.methodology.follow_up import VISITS
from fieldkit.service import existing
from fieldkit.wording.dates import span_words
from fieldkit.wording.format import without_stop
from storage.ops.text import many
from storage.records import Assessment, Inspection, Recommendation, RecommendationLink
from storage.records.judgment import assessment_id
from storage.records.lookup import records_naming

FEEDBACK = "follow-up feedback"
"""What a disclosure says was given; the name of the file follows."""


@cache
def words() -> dict[str, Any]:
    """Return the standing words of the feedback, from ``words.toml``."""
    return tomllib.loads((files(__package__) / "words.toml").read_text("utf-8"))


def feedback(
    s: Session, inspection_id: str, recipients: str | Sequence[str] = "", *, sender: str = ""
) -> Handover:
    """Return the written feedback on a follow-up as it would be given now; nothing is written.

    Args:
        s: a session.
        inspection_id: of which visit, review or re-inspection.
        recipients: for whom, by role; where none is given the chief constable and the police and
            crime commissioner.
        sender: from whom; the inspection team where it is not given.

    Raises:
        RefusedError: it is an inspection, or the text names nobody for whom it is.
        NotThereError: there is no such inspection.
    """
    inspection = existing(s, Inspection, inspection_id)
    shown = follow_up(s, inspection_id)
    methodology = load(inspection.judged_by)
    whom = recipients or standing()["document"]["recipients"]
    sheet = Sheet(s, inspection_id, whom, sender)
    found = told(s, inspection_id, methodology)
    _begin(sheet.draft, inspection, shown)
    for one in shown.areas:
        if one.sort != AIM:
            _area(sheet.draft, s, inspection_id, one, found)
    own_aims = [one for one in shown.areas if one.sort == AIM and one.looked_at]
    if own_aims:
        sheet.draft.add(Heading(words()["aims"]))
    for one in own_aims:
        _aim(sheet.draft, s, inspection_id, one, found)
    _others(sheet.draft, shown, found)
    if inspection.phase in VISITS:
        say, timing = words()["next"], methodology.timing("written feedback")
        span, by = limit_words(inspection, timing)
        sheet.draft.add(Heading(say["heading"]), Paragraph(say["text"].format(span=span, by=by)))
    else:
        next_blocks(sheet.draft, inspection, methodology)
    sheet.draft.add(Paragraph(standing()["summary"]["emerging"]))
    return sheet.made(
        FEEDBACK,
        words()["title"].format(phase=shown.phase_label),
        {"area": len(shown.areas), "case": shown.audits, "point": len(found.findings)},
        found.findings,
        left_out=tuple(_remarks(shown, found)),
    )


def _begin(draft: Draft, inspection: Inspection, shown: FollowUp) -> None:
    say = words()
    days = span_words(inspection.starts, inspection.ends)
    said = say["re_inspection" if shown.phase == "re-inspection" else "when"]
    why = say["limited"] if shown.limited else say["all"] if shown.has_audits else say["reason"]
    audited = say["audited"].format(cases=many(shown.audits, "case"), why=why)
    sentences = [
        said.format(force=inspection.force, days=f" ({days})" if days else ""),
        audited if shown.audits else "" if shown.has_audits else say["no_audits"],
        say["areas"],
    ]
    draft.add(Paragraph(" ".join(filter(None, sentences))))


def _area(draft: Draft, s: Session, inspection_id: str, one: AreaShown, found: Told) -> None:
    say = words()["area"]
    draft.add(Heading(one.label), Heading(say["recommendation"], 2))
    for line in one.recommendations:
        draft.add(*_recommendation(draft, s, line))
    if not one.recommendations:
        draft.add(Paragraph(say["none"]))
    draft.add(Heading(say["summary"], 2))
    _summary(draft, s, inspection_id, one)
    draft.add(Heading(say["detail"], 2))
    lines = [_piece(draft, s, one, piece) for piece in one.detail.pieces if piece.method != POINT]
    if lines:
        draft.add(Bullets(tuple(lines)))
    findings = [each for each in found.findings if each.criterion == one.criterion]
    _findings(draft, findings, found)
    if not lines and not findings:
        draft.add(Paragraph(say["no_detail"]))
    if one.sample_then.audits or one.sample_now.audits:
        _samples(draft, one)


def _recommendation(draft: Draft, s: Session, line: RegisterLine) -> list[Paragraph]:
    made = existing(s, Recommendation, line.id)
    said = words()["area"]["due"].format(status=line.status, due=line.due_words)
    return [
        Paragraph(draft.say(made, "wording"), f"Recommendation {line.called}."),
        Paragraph(f"{said[:1].upper()}{said[1:]}.", inset=True),
    ]


def _summary(draft: Draft, s: Session, inspection_id: str, one: AreaShown) -> None:
    say = words()["area"]
    judged = s.get(Assessment, assessment_id(inspection_id, one.criterion))
    if judged is not None and one.judged:
        now = judged.said
        text = say["before"].format(now=now, then=one.then) if one.then else now
        if judged.why:
            text += f" ({without_stop(draft.say(judged, 'state_reason'))})"
        draft.add(Paragraph(f"{text}.", say["judged"]))
    if judged is not None and judged.rationale.strip():
        draft.add(Paragraph(draft.say(judged, "rationale")))
    else:
        draft.add(Paragraph(say["no_summary"]))


def _piece(draft: Draft, s: Session, one: AreaShown, piece: Piece) -> str:
    """Return what one method shows, in our own words: never what a note or a person says."""
    ids = [each.id for each in one.recommendations]
    said = [
        draft.say(link, "why")
        for link in records_naming(s, RecommendationLink, "recommendation_id", ids)
        if link.relation == piece.relation and link.id in piece.links and link.why.strip()
    ]
    lead = words()["relation"][piece.relation]
    more = f": {'; '.join(map(without_stop, dict.fromkeys(said)))}" if said else ""
    return f"{lead} ({piece.label}){more}."


def _findings(draft: Draft, findings: Sequence[Finding], found: Told) -> None:
    for each in findings:
        draft.add(*finding_blocks(draft, each, found.chains[each.point_id]))


def _samples(draft: Draft, one: AreaShown) -> None:
    say = words()["area"]
    scale = list(dict.fromkeys((*one.sample_then.scale, *one.sample_now.scale)))
    rows = [
        (
            f"{sample.when}, {many(sample.audits, 'audit')}",
            *(sample.counts.get(g, 0) for g in scale),
        )
        for sample in (one.sample_then, one.sample_now)
        if sample.audits
    ]
    draft.add(
        Paragraph("", f"{say['then_and_now']}:"),
        figures_grid("When", scale, rows),
    )
    if len(rows) > 1:
        draft.add(Paragraph(say["different"]))


def _aim(draft: Draft, s: Session, inspection_id: str, one: AreaShown, found: Told) -> None:
    draft.add(Heading(one.label, 2))
    _summary(draft, s, inspection_id, one)
    findings = [each for each in found.findings if each.criterion == one.criterion]
    _findings(draft, findings, found)


def _others(draft: Draft, shown: FollowUp, found: Told) -> None:
    """Write the findings that were told on what is neither an area of concern nor an aim."""
    known = {one.criterion for one in shown.areas}
    others = [one for one in found.findings if one.criterion not in known]
    if others:
        draft.add(Heading(words()["others"]))
        _findings(draft, others, found)


def _remarks(shown: FollowUp, found: Told) -> list[str]:
    """Say what is not in it, for the inspector alone."""
    bare = [one.label for one in shown.areas if one.sort != AIM and not one.summary.strip()]
    remarks = [f"Without a summary: {', '.join(bare)}."] if bare else []
    if found.untold:
        remarks.append(f"Not in it: {many(found.untold, 'point')} not told in any debrief yet.")
    if shown.follows and not shown.kept:
        remarks.append(
            "The inspection that this one follows is not kept here, so nothing is said of then. "
            "Central hands it out: “fieldkit central export --inspection ID --for LAPTOP”."
        )
    return remarks
