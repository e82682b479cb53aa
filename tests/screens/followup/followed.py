"""An inspection after its publication: recommendations of each state, late and in time."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.notes import add_note
from fieldkit.followup.action_plans import intend, receive_plan
from fieldkit.followup.context import weigh
from fieldkit.followup.dates.milestones import mark_done, plan_for
from fieldkit.followup.links import link_context, link_progress
from fieldkit.followup.publication import publish
from fieldkit.followup.recommendations import recommend
from fieldkit.followup.status import comment, set_status
from fieldkit.inspections import inspections
from fieldkit.inspections.states import change_state
from storage.records import Recommendation
from storage.vault.vault import Vault

WORDS = (
    ("Set the risk to a missing child again at each handover, and write why.", "immediately"),
    ("Visit every registered sex offender whose visit is overdue.", "immediately"),
    (
        "Record what the child saw, said and seemed, in every call to domestic abuse.",
        "within three months",
    ),
    ("Supervisors leave the reason for each decision in the record.", "within three months"),
    ("Give the child abuse unit the detectives of its establishment.", "within six months"),
)


def followed(vault: Vault, *, published: str = "2040-07-30") -> tuple[str, list[str]]:
    """Make it, on a wall clock of November 2040; its id and those of the recommendations."""

    def work(s: Session) -> tuple[str, list[str]]:
        inspection = inspections.create(
            s,
            force="Westshire Constabulary",
            methodology="2018",
            starts="2040-07-02",
            ends="2040-07-13",
        ).id
        s.flush()
        concern = points.add_point(
            s, inspection, "Children are not seen alone.", "concern", "trusted_adult"
        )
        other = points.add_point(s, inspection, "Risk is not set again.", "concern", "assessment")
        points.add_point(s, inspection, "Health joins daily.", "notable practice", "assessment")
        s.flush()
        made = [
            recommend(s, inspection, wording, [point.id], deadline=deadline, owner="head of crime")
            for (wording, deadline), point in zip(
                WORDS, (other, other, concern, concern, other), strict=True
            )
        ]
        held = add_interview(
            s,
            inspection,
            role="Detective inspector",
            source_group="supervisors",
            held_on="2040-07-04",
        )
        s.flush()
        lacking = add_note(
            s, "interview", held.id, "Seven of nine detectives in post.", polarity="context"
        )
        add_note(s, "interview", held.id, "No night placement in spring.", polarity="context")
        seen = add_note(s, "interview", held.id, "Officers write the child's own words.")
        s.flush()
        for question in ("resources", "partners", "feasibility", "proportionality"):
            weigh(s, made[2].id, question, "In part, from its own means.")
        weigh(s, made[4].id, "resources", "Two posts are advertised.")
        link_context(s, made[4].id, "note", lacking.id)
        s.flush()
        change_state(s, inspection, "left site")
        if published:
            publish(s, inspection, published)
            s.flush()
            set_status(s, made[1].id, "complete", "1/10/2040")
            set_status(s, made[2].id, "being progressed", "1/9/2040")
            comment(s, made[2].id, "In use by 71 in 100 officers.", of_force=True, on="2/9/2040")
            link_progress(s, made[2].id, "note", seen.id, "supports")
            set_status(s, made[3].id, "complete", "20/10/2040")
            mark_done(s, inspection, "action plan", "3/9/2040")
            plan_for(s, inspection, "revisit", "18/1/2041")
        return inspection, [one.id for one in made]

    return vault.write_now(work)


def of(vault: Vault, recommendation: str) -> Recommendation:
    """A recommendation as it is kept."""
    return vault.read_now(lambda s: s.get_one(Recommendation, recommendation))


def with_plan(vault: Vault, inspection: str, ids: list[str]) -> str:
    """Have an action plan come that says something of two of them; its id."""

    def work(s: Session) -> str:
        plan = receive_plan(s, inspection, "3/9/2040")
        s.flush()
        intend(s, plan.id, ids[2], "A new form on officers' tablets.", by_when="1/11/2040")
        intend(s, plan.id, ids[4], "Two posts are advertised.", by_when="1/12/2040", owner="ACC")
        return plan.id

    return vault.write_now(work)
