"""The short documents: a point on one page, and the slip of a referral."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from fieldkit.feedback.debriefs.chain import chains
from fieldkit.feedback.document.blocks import Facts, Heading, Paragraph, Written, grid
from fieldkit.feedback.handover.casework import reasons_of
from fieldkit.feedback.handover.draft import Draft, words
from fieldkit.feedback.handover.evidence import EvidenceRows
from fieldkit.feedback.handover.findings import (
    Finding,
    action_rows,
    actions_grid,
    finding,
    finding_blocks,
)
from fieldkit.feedback.handover.frame import Addressed, inspection_words, title_block
from fieldkit.feedback.handover.handover import Handover, named_recipients
from fieldkit.methodology import load
from fieldkit.service import RefusedError, existing, methodology_of, today
from fieldkit.wording.dates import day_words, moment_words
from fieldkit.wording.format import without_stop
from storage.records import Case, CaseKey, Inspection, Point, Referral
from storage.records.case import case_key_id

POINT_SHEET, SLIP = "sheet of a point", "referral slip"
"""What a disclosure says was given; the name of the file follows."""


def point_sheet(
    s: Session, point_id: str, recipients: str | Sequence[str], *, sender: str = ""
) -> Handover:
    """Return one point on a page: its wording, the force's answer, actions and evidence by kind.

    Raises:
        RefusedError: the point was never told, or was withdrawn; or nobody is named for whom.
        NotThereError: there is no such point.
    """
    point = existing(s, Point, point_id)
    chain = chains(s, point.inspection_id)[point_id]
    if not chain.told or chain.withdrawn:
        why = "was withdrawn" if chain.withdrawn else "was not told in a debrief yet"
        raise RefusedError(
            f"This point {why}, so there is no sheet of it for the force. Nothing was written; "
            "tell it in a debrief first."
        )
    methodology = methodology_of(s, point.inspection_id)
    one = finding(methodology, 1, chain)
    say = words()["sheets"]
    sheet = Sheet(s, point.inspection_id, recipients, sender)
    draft = sheet.draft
    draft.add(Heading(one.criterion_label or words()["findings"]["apart"]))
    draft.add(*finding_blocks(draft, one, chain, numbered=False))
    if rows := action_rows(draft, one, chain):
        # There is one finding, so its number says nothing.
        draft.add(Heading(words()["actions"]["heading"], 2), actions_grid(rows, numbered=False))
    evidence = EvidenceRows(s, point.inspection_id, methodology).of(one)
    if evidence:
        lead = Paragraph(words()["annex"]["evidence_lead"])
        table = grid(("Kind", "Source"), evidence, (25, 75))
        draft.add(Heading(say["evidence"], 2), lead, table)
    draft.add(Paragraph(words()["summary"]["emerging"]))
    return sheet.made(POINT_SHEET, say["point"], {"point": 1}, (one,))


def referral_slip(
    s: Session,
    referral_id: str,
    recipients: str | Sequence[str],
    *,
    sender: str = "",
    with_reference: bool = False,
) -> Handover:
    """Return the slip of a referral: the case, why, what is known, what is asked for, the steps.

    Args:
        s: a session.
        referral_id: which referral.
        recipients: for whom, by role.
        sender: from whom; the inspection team where it is not given.
        with_reference: with the force's own reference beside ours, which the key feed holds.

    Raises:
        RefusedError: nobody is named for whom it is.
        NotThereError: there is no such referral.
    """
    referral = existing(s, Referral, referral_id)
    case = existing(s, Case, referral.case_id)
    methodology = methodology_of(s, referral.inspection_id)
    say = words()["sheets"]
    key = s.get(CaseKey, case_key_id(case.id)) if with_reference else None
    sheet = Sheet(s, referral.inspection_id, recipients, sender)
    draft = sheet.draft
    theirs = draft.say(key, "force_ref") if key is not None else ""
    draft.add(
        Facts(
            (
                ("Case", case.reference),
                *([("Force reference", theirs)] if theirs else []),
                ("Type", ", ".join(methodology.type_labels(case.types)) or "not recorded"),
                ("Child", _child(draft, case)),
                ("Date of incident", day_words(case.incident_on) or "not recorded"),
            )
        ),
    )
    reasons = reasons_of(draft, methodology, referral)
    for heading, text in (
        ("why", f"{reasons[:1].upper()}{reasons[1:]}." if reasons else ""),
        ("known", draft.say(referral, "known")),
        ("asked_for", draft.say(referral, "asked_for")),
    ):
        if text:
            draft.add(Heading(say[heading], 2), Paragraph(text))
    draft.add(
        Heading(say["steps"], 2),
        Facts(tuple(_steps(draft, referral))),
        Paragraph(say["telephone"]),
    )
    return sheet.made(SLIP, say["slip"], {"referral": 1}, with_key=bool(theirs))


def _child(draft: Draft, case: Case) -> str:
    label = draft.say(case, "child_label")
    age = draft.say(case, "child_age")
    return ", ".join(filter(None, (label, f"aged {age}" if age else ""))) or "not recorded"


def _steps(draft: Draft, referral: Referral) -> list[tuple[str, str]]:
    steps = (
        ("Raised", referral.raised_at, ()),
        ("Told", referral.told_at, ("told_whom", "told_how")),
        ("Acknowledged", referral.acknowledged_at, ("acknowledged_by",)),
        ("Action reported", referral.acted_at, ("action", "outcome")),
        ("Closed", referral.closed_at, ("closed_reason",)),
    )
    rows = []
    for name, at, fields in steps:
        said = (without_stop(draft.say(referral, field)) for field in fields if at)
        rows.append((name, ", ".join(filter(None, (moment_words(at), *said))) or "not yet"))
    return rows


class Sheet:
    """Puts a short document together: its title block first, the rest by whoever makes it."""

    def __init__(
        self, s: Session, inspection_id: str, recipients: str | Sequence[str], sender: str
    ) -> None:
        self._inspection = existing(s, Inspection, inspection_id)
        self._whom = named_recipients(recipients)
        self._addressed = Addressed(
            sender=sender.strip() or words()["document"]["sender"],
            recipients=self._whom,
            reference=self._inspection.document_reference,
            version=0,
            day=today(),
        )
        self.draft = Draft()
        title_block(self.draft, self._addressed, self._inspection)

    def made(
        self,
        what: str,
        title: str,
        counts: dict[str, int],
        findings: tuple[Finding, ...] = (),
        *,
        with_key: bool = False,
        left_out: tuple[str, ...] = (),
    ) -> Handover:
        """Return the document with what was put into it."""
        inspection = self._inspection
        return Handover(
            inspection_id=inspection.id,
            what=what,
            force=inspection.force,
            marking=inspection.marking,
            recipients=self._whom,
            reference=self._addressed.reference,
            version=0,
            findings=findings,
            document=Written(
                title=title,
                subtitle=inspection_words(inspection, load(inspection.judged_by)),
                marking=inspection.marking,
                foot=self._addressed.known_by,
                blocks=tuple(self.draft.blocks),
            ),
            texts=tuple(self.draft.texts),
            counts=counts,
            left_out=left_out,
            with_key=with_key,
        )
