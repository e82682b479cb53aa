"""What single case files gave beside the grades: practice, context, and cases referred back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from fieldkit.feedback.document.blocks import Bullets, Heading, Paragraph, grid
from fieldkit.feedback.handover.draft import Draft, words
from fieldkit.feedback.handover.findings import PRACTICE, Told
from fieldkit.methodology import Methodology
from fieldkit.wording.dates import moment_words
from fieldkit.wording.format import without_stop
from storage.ops.text import comparable, many
from storage.records import Case, CaseAudit, Referral
from storage.records.lookup import records_by_id, records_in

MOST_LINES = 10
"""Remarks of one kind up to which all stand in the body; the others follow in an annex."""


def audit_remarks(
    draft: Draft, s: Session, inspection_id: str, methodology: Methodology, field: str
) -> list[str]:
    """Return what was noted in case files under that field, equal words once, without references.

    Args:
        draft: the document that it is for.
        s: a session.
        inspection_id: of which inspection.
        methodology: its case types.
        field: "notable_practice" or "context" of the case audit.
    """
    cases = {one.id: one for one in records_in(s, Case, inspection_id) if not one.withdrawn}
    noted: dict[str, tuple[str, list[str], list[int]]] = {}
    for audit in records_in(s, CaseAudit, inspection_id):
        if audit.case_id not in cases or not getattr(audit, field).strip():
            continue
        text = draft.say(audit, field)
        _, types, count = noted.setdefault(comparable(without_stop(text)), (text, [], [0]))
        types += [each.lower() for each in methodology.type_labels(cases[audit.case_id].types)]
        count[0] += 1
    return [
        f"{without_stop(text)} ({many(count[0], 'case')}"
        + (f": {', '.join(dict.fromkeys(types))}" if types else "")
        + ")."
        for text, types, count in noted.values()
    ]


def practice_blocks(draft: Draft, told: Told, remarks: Sequence[str]) -> None:
    """Write the notable practice: which findings are, and what case files showed."""
    numbers = [str(one.number) for one in told.findings if one.sort == PRACTICE]
    if not numbers and not remarks:
        return
    say = words()["practice"]
    draft.add(Heading(say["heading"]))
    if numbers:
        listed = f"finding{'s' * (len(numbers) > 1)} {', '.join(numbers)}"
        draft.add(Paragraph(say["findings"].format(numbers=listed)))
    if remarks:
        draft.add(Paragraph(say["audits"]), Bullets(tuple(remarks[:MOST_LINES])))


def context_blocks(draft: Draft, remarks: Sequence[str]) -> None:
    """Write the force's context; nothing where none was noted."""
    if remarks:
        say = words()["context"]
        draft.add(Heading(say["heading"]), Paragraph(say["lead"]))
        draft.add(Bullets(tuple(remarks[:MOST_LINES])))


def referrals_blocks(
    draft: Draft, s: Session, methodology: Methodology, raised: Sequence[Referral]
) -> None:
    """Write the cases that were referred back, each with its steps and their times."""
    say = words()["referrals"]
    draft.add(Heading(say["heading"]))
    if not raised:
        draft.add(Paragraph(say["none"]))
        return
    cases = records_by_id(s, Case, {one.case_id for one in raised})
    known = {one.id: one.reference for one in cases}
    rows = [
        (
            known.get(one.case_id, "a case not kept here"),
            reasons_of(draft, methodology, one),
            _step(draft, one, one.told_at, "told_whom") or "not told yet",
            _step(draft, one, one.acknowledged_at, "acknowledged_by") or "not yet",
            _step(draft, one, one.acted_at, "action")
            or ("" if one.state == "closed" else "not reported yet"),
            _state(draft, one),
        )
        for one in raised
    ]
    headings = ("Case", "Why", "Told", "Acknowledged", "What the force did", "State")
    draft.add(Paragraph(say["lead"]), grid(headings, rows, (11, 22, 18, 18, 18, 13)))


def reasons_of(draft: Draft, methodology: Methodology, referral: Referral) -> str:
    """Return the reasons of a referral in words, a person's own among them."""
    labels = {one.key: one.label for one in methodology.referral_reasons}
    return "; ".join(
        labels[each] if each in labels else without_stop(draft.say(referral, "reasons", each))
        for each in referral.reasons
    )


def _step(draft: Draft, referral: Referral, when: str, field: str) -> str:
    if not when:
        return ""
    text = without_stop(draft.say(referral, field))
    return f"{moment_words(when)}: {text}" if text else moment_words(when)


def _state(draft: Draft, referral: Referral) -> str:
    if referral.state != "closed":
        return referral.state
    reason = without_stop(draft.say(referral, "closed_reason"))
    return f"closed {moment_words(referral.closed_at)}" + (f": {reason}" if reason else "")
