"""An inspection with one of everything that a document for the force may hold; made once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.casework import judging, referrals, reveals
from fieldkit.casework.cases import add_case, set_audit
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_document, add_interview, add_observation
from fieldkit.evidence.notes import add_note
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.inspections import inspections
from storage.records import DebriefPoint
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.fieldkit.selfassessment.force_rows import add_row

THEIRS = "zanzibar was thorough"
HOSTILE = "Not | seen *alone* [/] <b> #1"
PRESENT = "deputy chief constable"


@dataclass(frozen=True)
class ToldInspection:
    """The ids of what :func:`tell` made."""

    inspection: str
    risk: str
    disputed: str
    praised: str
    withdrawn: str
    untold: str
    referral: str


def tell(vault: Vault) -> ToldInspection:
    """Make it; one point is told three times, with an answer, a correction and an action done."""
    made = vault.write_now(_begin)
    ids = vault.write_now(_audit, made)
    return vault.write_now(_tell, made, ids)


def _begin(s: Session) -> str:
    return inspections.create(
        s, force="Westshire Constabulary", methodology="2018", starts="2026-07-06",
        ends="2026-07-17",
    ).id  # fmt: skip


def _audit(s: Session, inspection: str) -> dict[str, str]:
    ids = {}
    grades = ("inadequate", "good", "requires improvement", "good")
    for number, grade in enumerate(grades, 1):
        reference = f"WST-{number:03}"
        case = ids[reference] = add_case(
            s, inspection, reference,
            types=["domestic abuse"] if number % 2 else ["missing"],
            origin="self-assessed" if number <= 2 else "inspectors",
            force_ref=f"42/1000{number}/26", unit="Northtown",
        ).id  # fmt: skip
        judging.grade(s, case, "overall", grade, rationale="Ours alone.", allow_open=True)
    for number, reference in ((1, "WST-001"), (2, "WST-002")):
        grade = "good" if number == 1 else "requires improvement"
        add_row(s, inspection, number, case=ids[reference], grade=grade, rationale=THEIRS)
    reveals.reveal(s, ids["WST-001"])
    practice = "A letter to the child is read out by the officer."
    context = "Two of nine detectives were at work."
    set_audit(s, ids["WST-002"], notable_practice=practice, context=context)
    set_audit(s, ids["WST-004"], notable_practice=practice)
    judging.assess(s, inspection, "leadership", "requires improvement", rationale="Not counted.")
    return ids


def _tell(s: Session, inspection: str, ids: dict[str, str]) -> ToldInspection:
    group = add_interview(
        s, inspection, role="detective inspector of Northtown", source_group="supervisor",
        unavailable="head of service",
    )  # fmt: skip
    chair = add_interview(
        s, inspection, role="chair", source_group="partnership chair", meeting="focus group"
    )
    shift = add_observation(s, inspection, place="Southtown station", held_on="2026-07-07")
    policy = add_document(s, inspection, title="Secret policy", received_on="2026-07-02")
    said = add_note(s, "interview", group.id, "said to us in confidence")
    shown = add_note(s, "document", policy.id, "the sheet has the box")
    wordings = {
        "risk": ("concern", "assessment", "A first draft of ours."),
        "disputed": ("concern", "trusted_adult", HOSTILE),
        "praised": ("strength", "assessment", "Officers listen."),
        "withdrawn": ("concern", "assessment", "taken back since"),
        "untold": ("strength", "investigation", "never told to anybody"),
    }
    known = {
        name: points.add_point(s, inspection, text, sort, criterion).id
        for name, (sort, criterion, text) in wordings.items()
    }
    points.support(s, known["risk"], "judgment", judgment_id(ids["WST-001"], "overall"))
    points.support(s, known["risk"], "judgment", judgment_id(ids["WST-003"], "overall"))
    points.support(s, known["risk"], "note", said.id)
    points.support(s, known["risk"], "observation", shift.id, "contradicts", "weighed by us")
    points.support(s, known["disputed"], "interview", group.id)
    points.support(s, known["praised"], "interview", chair.id)
    points.support(s, known["praised"], "document", policy.id)

    for day, words in (("2026-07-08", "Agreed on Wednesday."), ("2026-07-09", "Agreed last.")):
        held = open_debrief(s, inspection, "daily", day)
        inside = include_point(s, held.id, known["risk"])
        freeze_wording(s, inside.id, words)
        if day == "2026-07-08":
            record_response(
                s, inside.id, response="An early answer.", action="Review them tonight.",
                action_owner="superintendent", action_due="2026-07-10",
            )  # fmt: skip
            other = include_point(s, held.id, known["disputed"])
            freeze_wording(s, other.id, HOSTILE)
            record_response(s, other.id, response="We do not see it.", outcome="kept with evidence")
            gone = include_point(s, held.id, known["withdrawn"])
            freeze_wording(s, gone.id, "taken back since")
        else:
            record_response(
                s, inside.id, response="Accepted in full.", outcome="agreed",
                action="Review them tonight.", action_done="2026-07-09",
            )  # fmt: skip
            _correct(inside, "The box was there since March.", shown.id)
        close_debrief(s, held.id, PRESENT)
    hot = open_debrief(s, inspection, "hot", "2026-07-17")
    for name in ("risk", "praised"):
        inside = include_point(s, hot.id, known[name])
        freeze_wording(s, inside.id, "Agreed last." if name == "risk" else "Officers listen.")
    close_debrief(s, hot.id, PRESENT)
    points.withdraw_point(s, known["withdrawn"], "it was another force's")
    raised = referrals.refer(s, ids["WST-001"], ["child not seen", "the dog."], "known", "visit")
    referrals.step(s, raised.id, "told", whom="duty inspector.", how="by telephone")
    return ToldInspection(inspection=inspection, referral=raised.id, **known)


def _correct(told: DebriefPoint, text: str, note: str) -> None:
    told.change(correction=text, evidence_kind="note", evidence_id=note)
