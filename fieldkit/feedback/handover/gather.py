"""The written feedback, gathered from what was told, committed and compared.

In it: findings in the words last agreed, what the force answered and does, the judgments of the
force, practice and context noted in case files, the comparison and the referrals. Not in it: names
of inspectors and colleagues, notes, what was said to us, the force's references, the key to child
labels, what was never told in a debrief, and what we know of the evidence behind a finding.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from fieldkit.comparison import assemble
from fieldkit.comparison.compare import Comparison
from fieldkit.feedback.document.blocks import Bullets, Written
from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.guard.printed import with_printed
from fieldkit.feedback.handover.casework import (
    MOST_LINES,
    audit_remarks,
    context_blocks,
    practice_blocks,
    referrals_blocks,
)
from fieldkit.feedback.handover.comparison import (
    comparison_blocks,
    differences_blocks,
    not_revealed,
    statistics_blocks,
)
from fieldkit.feedback.handover.draft import Draft, words
from fieldkit.feedback.handover.evidence import EvidenceRows, evidence_blocks, evidence_rows
from fieldkit.feedback.handover.findings import (
    Told,
    actions_blocks,
    findings_blocks,
    judged_of_force,
    told,
)
from fieldkit.feedback.handover.frame import (
    Addressed,
    inspection_words,
    methods_blocks,
    next_blocks,
    query_blocks,
    summary_blocks,
    title_block,
    title_words,
)
from fieldkit.feedback.handover.handover import Handover, Prepared, Waiting, named_recipients
from fieldkit.feedback.handover.internal import internal_blocks
from fieldkit.methodology import Methodology, load
from fieldkit.service import existing, today
from storage.ops.text import many
from storage.records import Inspection, Referral
from storage.records.log import disclosures
from storage.records.lookup import records_in

HAND_OVER, INTERNAL = "hand-over", "internal copy"
"""What a disclosure says was given; the name of the file follows."""


def gather(
    s: Session,
    inspection_id: str,
    recipients: str | Sequence[str],
    *,
    sender: str = "",
    with_rationale: bool = False,
    with_statistics: bool = False,
    internal: bool = False,
) -> Handover:
    """Return the written feedback as :func:`prepare` does, and nothing beside it.

    Raises `RefusedError` also where nobody at all is named for whom it is.
    """
    named_recipients(recipients)
    return prepare(
        s,
        inspection_id,
        recipients,
        sender=sender,
        with_rationale=with_rationale,
        with_statistics=with_statistics,
        internal=internal,
    ).handover


def prepare(
    s: Session,
    inspection_id: str,
    recipients: str | Sequence[str] = "",
    *,
    sender: str = "",
    with_rationale: bool = False,
    with_statistics: bool = False,
    internal: bool = False,
) -> Prepared:
    """Return the written feedback as it would be given now, once gathered; nothing is written.

    Args:
        s: a session.
        inspection_id: of which inspection.
        recipients: for whom, by role; one text may hold several with “;” between them. Where none
            is given, those who always get it.
        sender: from whom; the inspection team where it is not given.
        with_rationale: our own reasons beside each difference.
        with_statistics: with the annex of statistics.
        internal: the copy with the whole trace, which is not for the force; it has the statistics.

    Raises:
        RefusedError: the text names nobody for whom it is.
        NotThereError: there is no such inspection.
    """
    inspection = existing(s, Inspection, inspection_id)
    methodology = load(inspection.judged_by)
    whom = named_recipients(recipients or words()["document"]["recipients"])
    findings = told(s, inspection_id, methodology)
    compared = assemble.comparison(s, inspection_id)
    addressed = Addressed(
        sender=sender.strip() or words()["document"]["sender"],
        recipients=whom,
        reference=inspection.document_reference,
        version=0 if internal else given_before(s, inspection_id) + 1,
        day=today(),
    )
    draft = Draft()
    evidence = evidence_rows(findings.findings, EvidenceRows(s, inspection_id, methodology))
    more = _body(
        draft, s, inspection, methodology, addressed, findings, compared, listed=bool(evidence)
    )
    _annexes(
        draft,
        compared,
        evidence,
        more,
        with_rationale=with_rationale or internal,
        with_statistics=with_statistics or internal,
    )
    remarks = remarks_of(findings, compared)
    if internal:
        internal_blocks(draft, s, findings, remarks)
    say = words()["document"]
    handover = Handover(
        inspection_id=inspection_id,
        what=INTERNAL if internal else HAND_OVER,
        force=inspection.force,
        marking=inspection.marking,
        recipients=whom,
        reference=addressed.reference,
        version=addressed.version,
        findings=findings.findings,
        document=Written(
            title=say["internal"] if internal else title_words(inspection, methodology),
            subtitle=inspection_words(inspection, methodology),
            marking=inspection.marking,
            foot=addressed.known_by,
            blocks=tuple(draft.blocks),
        ),
        texts=tuple(draft.texts),
        counts={
            "case": compared.all_cases.cases,
            "difference": len(compared.disparities),
            "point": len(findings.findings),
            "referral": len(records_in(s, Referral, inspection_id)),
        },
        left_out=remarks if internal else (*remarks, _never(with_rationale=with_rationale)),
    )
    return Prepared(handover, waiting_of(findings, compared))


def leaving_texts(s: Session, inspection_id: str) -> list[LeavingText]:
    """Return every text of the written feedback that a person typed, as it would be given now.

    With our reasons, so that whoever looks through them sees all that may leave.
    """
    given = prepare(s, inspection_id, with_rationale=True).handover
    return with_printed(s, inspection_id, given.texts, given.printed)


def given_before(s: Session, inspection_id: str) -> int:
    """Say how many versions were given before, by anybody whose record has come here."""
    return sum(
        one.inspection_id == inspection_id and one.what.startswith(f"{HAND_OVER} ")
        for one in disclosures(s)
    )


def _body(
    draft: Draft,
    s: Session,
    inspection: Inspection,
    methodology: Methodology,
    addressed: Addressed,
    findings: Told,
    compared: Comparison,
    *,
    listed: bool,
) -> list[str]:
    """Write all before the annexes; returns the remarks for which there is no room in it."""
    raised = records_in(s, Referral, inspection.id)
    judged = judged_of_force(s, inspection.id)
    title_block(draft, addressed, inspection)
    summary_blocks(draft, inspection, findings, compared, raised, judged, methodology)
    methods_blocks(draft, s, inspection.id, compared, findings, listed=listed)
    findings_blocks(draft, findings, methodology, judged)
    practice, context = (
        audit_remarks(draft, s, inspection.id, methodology, field)
        for field in ("notable_practice", "context")
    )
    practice_blocks(draft, findings, practice)
    context_blocks(draft, context)
    actions_blocks(draft, findings)
    referrals_blocks(draft, s, methodology, raised)
    comparison_blocks(draft, compared)
    next_blocks(draft, inspection, methodology)
    query_blocks(draft)
    return [*practice[MOST_LINES:], *context[MOST_LINES:]]


def _annexes(
    draft: Draft,
    compared: Comparison,
    evidence: Sequence[tuple[str, ...]],
    more: Sequence[str],
    *,
    with_rationale: bool,
    with_statistics: bool,
) -> None:
    evidence_blocks(draft, evidence)
    differences_blocks(draft, compared, with_rationale=with_rationale)
    if with_statistics:
        statistics_blocks(draft, compared)
    if more:
        draft.begin_annex(words()["annex"]["more"])
        draft.add(Bullets(tuple(more)))


def remarks_of(told: Told, compared: Comparison) -> tuple[str, ...]:
    """Say what is not in it, and what is to be kept in mind, for the inspector alone."""
    disputed = sum(not one.agreed for one in told.findings)
    untold, withdrawn = told.untold, told.withdrawn
    since = "it was" if withdrawn == 1 else "they were"
    sentences = (
        f"Not in it: {many(untold, 'point')} not told in any debrief yet." if untold else "",
        f"Not in it: {many(withdrawn, 'point')} withdrawn since {since} told." if withdrawn else "",
        f"In it: {many(disputed, 'finding')} in words the force has not agreed."
        if disputed
        else "",
        *compared.checks,
        *not_revealed(compared),
    )
    return tuple(filter(None, sentences))


def _never(*, with_rationale: bool) -> str:
    """Say what is in nothing that the force gets."""
    return (
        "Never in it: names, notes, what interviewees said, the force's own references, raw cells "
        "of its workbook, and how much evidence we have for a finding"
        + ("." if with_rationale else "; our reasons for single grades are left out too.")
    )


def waiting_of(told: Told, compared: Comparison) -> Waiting:
    """Return what was read beside a document and is looked over before it leaves."""
    hidden = (*compared.to_reveal, *compared.to_grade)
    return Waiting(
        chains=tuple(told.chains.values()),
        hidden=tuple(one.reference for one in hidden),
        unjudged=compared.all_cases.not_judged,
    )
