"""Whatever is asked of the services in whatever order, the tables are what the ops add up to."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from fieldkit.casework import judging, referrals, reveals
from fieldkit.casework.case_file import open_case
from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.cases import (
    add_case,
    allocate_case,
    edit_case,
    reinstate_case,
    set_audit,
    withdraw_case,
)
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_document, add_interview, add_observation, edit_entry
from fieldkit.evidence.notes import add_note, amend_note, delete_note, edit_note, finalise_note
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    exclude_point,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.followup.action_plans import intend, receive_plan
from fieldkit.followup.context import weigh
from fieldkit.followup.dates.diary import enter
from fieldkit.followup.dates.milestones import mark_done, plan_for
from fieldkit.followup.links import link_progress
from fieldkit.followup.numbers import number_drafts
from fieldkit.followup.recommendations import edit_recommendation, recommend
from fieldkit.followup.status import comment, set_status
from fieldkit.history import redact
from fieldkit.inspections import home, inspections
from fieldkit.selfassessment.decide import accept_exact, link_row, reopen_row, set_no_case
from fieldkit.service import existing
from storage.errors import FieldkitError
from storage.feed import drafts
from storage.feed.replay import differences
from storage.history.undo import undo
from storage.records import (
    ActionPlan,
    Case,
    Debrief,
    DebriefPoint,
    Document,
    ForceRow,
    Inspection,
    Interview,
    Judgment,
    Note,
    Observation,
    Point,
    Recommendation,
    Record,
    Referral,
    Support,
)
from storage.redaction.redact import redactable
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fieldkit.selfassessment.force_rows import add_row

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
EXAMPLES = 200 if TORTURE else 6
# Making a failure smaller takes minutes; the printed steps tell enough in the daily run.
PHASES = tuple(Phase) if TORTURE else (Phase.explicit, Phase.reuse, Phase.generate)
WORDS = ("a word", "", "Siân – „e\u0301tat“", "two\r\nlines \x1b[31m", "child not seen", "x" * 300)
CRITERIA = ("initial_contact", "investigation", "Trusted adult", "overall", "leadership", "piracy")
GRADES = ("good", "RI", "inadequate", "adequate", "")
STATES = ("not applicable", "unable to judge", "not judged", "good")
DAYS = ("", "2026-07-06", "2026-07-07", "6 July")


class Chooser:
    """Figures drawn beforehand, spent one by one on choices."""

    def __init__(self, figures: Sequence[int]) -> None:
        self._figures = list(figures)

    def of(self, several: Sequence[Any]) -> Any:
        figure = self._figures.pop() if self._figures else 0
        return several[figure % len(several)] if several else "nowhere"

    def one(self, s: Session, *kinds: type[Record]) -> Any:
        """The id of some record of some kind, or of none."""
        kind = self.of(kinds)
        known = sorted(one.id for one in s.exec(select(kind)))
        return self.of([*known, "nowhere"])


Step = Callable[[Session, Chooser], object]


def inspection(s: Session, c: Chooser) -> str:
    return str(c.one(s, Inspection))


def _note(s: Session, c: Chooser) -> object:
    kind = c.of((Case, Judgment, Interview, Observation, Document))
    return add_note(
        s,
        kind.KIND,
        c.one(s, kind),
        c.of(WORDS),
        criteria=[c.of(CRITERIA)],
        polarity=c.of(("", "strength", "concern", "sideways")),
    )


def _support(s: Session, c: Chooser) -> object:
    kind = c.of((Note, Judgment, Document, Observation))
    relation = c.of(("supports", "contradicts", "context", "rhymes"))
    return points.support(s, c.one(s, Point), kind.KIND, c.one(s, kind), relation, c.of(WORDS))


def _step(s: Session, c: Chooser) -> object:
    state, whom = c.of(list(referrals.NEXT)), c.of(WORDS)
    return referrals.step(
        s, c.one(s, Referral), state, whom=whom, action=c.of(WORDS), reason=c.of(WORDS)
    )


def _row(s: Session, c: Chooser) -> object:
    return add_row(s, inspection(s, c), c.of(range(6)), grade=c.of(GRADES[:3]))


def _draft(s: Session, c: Chooser) -> None:
    kept = drafts.listed(s)
    if kept and c.of((True, False)):
        drafts.discard(s, c.of(kept).id)
    else:
        drafts.save(s, f"case/{c.one(s, Case)}", "text", "a case", c.of(WORDS))


def _redact(s: Session, c: Chooser) -> object:
    kind = c.of((Note, Judgment, Case, Point, DebriefPoint, Referral))
    field = c.of((*redactable(kind.KIND), "nothing"))
    instead = c.of((None, *WORDS))
    return redact.redact(s, kind.KIND, c.one(s, kind), field, c.of(WORDS), instead)


STEPS: tuple[Step, ...] = (
    lambda s, c: add_case(
        s,
        inspection(s, c),
        c.of(("A-1", "A-2", "a-1", " A-3 ", "")),
        types=[c.of(("missing", "da", "piracy"))],
        force_ref=c.of(WORDS),
        incident_on=c.of(DAYS),
    ),
    lambda s, c: edit_case(
        s, c.one(s, Case), child_age=c.of(("7", "1/2/2019")), force_ref=c.of(WORDS)
    ),
    lambda s, c: allocate_case(s, c.one(s, Case), c.of(WORDS)),
    lambda s, c: withdraw_case(s, c.one(s, Case), c.of(WORDS), c.of(("", "A-1", "Z"))),
    lambda s, c: reinstate_case(s, c.one(s, Case), c.of(WORDS)),
    lambda s, c: set_audit(
        s, c.one(s, Case), voice_seen=c.of(("yes", "n", "")), risk_note=c.of(WORDS)
    ),
    lambda s, c: open_case(s, c.one(s, Case)),
    lambda s, c: judging.grade(
        s, c.one(s, Case), c.of(CRITERIA), c.of(GRADES), c.of(WORDS), allow_open=True
    ),
    lambda s, c: judging.grade(s, c.one(s, Case), "overall", c.of(GRADES[:3]), allow_open=True),
    lambda s, c: judging.set_state(s, c.one(s, Case), c.of(CRITERIA), c.of(STATES), c.of(WORDS)),
    lambda s, c: judging.clear(s, c.one(s, Case), c.of(CRITERIA)),
    lambda s, c: judging.write(
        s, c.one(s, Case), c.of(CRITERIA), rationale=c.of(WORDS), concern=c.of(WORDS)
    ),
    lambda s, c: judging.assess(
        s, inspection(s, c), c.of(CRITERIA), c.of(GRADES), rationale=c.of(WORDS)
    ),
    lambda s, c: reveals.reveal(s, c.one(s, Case)),
    lambda s, c: referrals.refer(s, c.one(s, Case), [c.of(WORDS)], c.of(WORDS)),
    _step,
    lambda s, c: add_interview(s, inspection(s, c), role=c.of(WORDS), held_on=c.of(DAYS)),
    lambda s, c: add_observation(s, inspection(s, c), place=c.of(WORDS)),
    lambda s, c: add_document(s, inspection(s, c), title=c.of(WORDS)),
    lambda s, c: edit_entry(s, "interview", c.one(s, Interview), unavailable=c.of(WORDS)),
    _note,
    lambda s, c: edit_note(s, c.one(s, Note), text=c.of(WORDS)),
    lambda s, c: finalise_note(s, c.one(s, Note)),
    lambda s, c: amend_note(s, c.one(s, Note), c.of(WORDS), c.of(WORDS)),
    lambda s, c: delete_note(s, c.one(s, Note)),
    lambda s, c: points.add_point(
        s, inspection(s, c), c.of(WORDS), c.of(("strength", "concern", "opinion")), c.of(CRITERIA)
    ),
    lambda s, c: points.edit_point(s, c.one(s, Point), wording=c.of(WORDS)),
    lambda s, c: points.withdraw_point(s, c.one(s, Point), c.of(WORDS)),
    _support,
    lambda s, c: points.unsupport(s, c.one(s, Support)),
    lambda s, c: open_debrief(s, inspection(s, c), c.of(("daily", "hot", "warm")), c.of(DAYS)),
    lambda s, c: include_point(s, c.one(s, Debrief), c.one(s, Point)),
    lambda s, c: exclude_point(s, c.one(s, DebriefPoint)),
    lambda s, c: freeze_wording(s, c.one(s, DebriefPoint), c.of(WORDS)),
    lambda s, c: record_response(
        s, c.one(s, DebriefPoint), response=c.of(WORDS), action=c.of(WORDS), action_due=c.of(DAYS)
    ),
    lambda s, c: close_debrief(s, c.one(s, Debrief), c.of(WORDS)),
    lambda s, c: recommend(
        s,
        inspection(s, c),
        c.of(WORDS),
        [c.one(s, Point)],
        deadline=c.of(("at once", "6 months", "soon")),
        owner=c.of(WORDS),
    ),
    lambda s, c: edit_recommendation(
        s, c.one(s, Recommendation), c.of(WORDS), finding=c.of(WORDS), criterion=c.of(CRITERIA)
    ),
    lambda s, c: weigh(
        s, c.one(s, Recommendation), c.of(("resources", "Partners", "luck")), c.of(WORDS)
    ),
    lambda s, c: link_progress(
        s,
        c.one(s, Recommendation),
        "note",
        c.one(s, Note),
        c.of(("supports", "contradicts", "rhymes")),
        c.of(WORDS),
    ),
    lambda s, c: set_status(
        s,
        c.one(s, Recommendation),
        c.of(("complete", "being progressed", "superseded", "done")),
        c.of(DAYS),
        c.of(WORDS),
        c.of(("", c.one(s, Recommendation))),
    ),
    lambda s, c: comment(s, c.one(s, Recommendation), c.of(WORDS), on=c.of(DAYS)),
    lambda s, c: number_drafts(
        s, existing(s, Inspection, inspection(s, c)), "2026-07-06", c.of((0, 1, 7))
    ),
    lambda s, c: receive_plan(s, inspection(s, c), c.of(DAYS)),
    lambda s, c: intend(s, c.one(s, ActionPlan), c.one(s, Recommendation), c.of(WORDS)),
    lambda s, c: mark_done(s, inspection(s, c), c.of(("revisit", "tea")), c.of(DAYS), c.of(WORDS)),
    lambda s, c: plan_for(s, inspection(s, c), "revisit", c.of(DAYS)),
    lambda s, c: enter(s, inspection(s, c), c.of(WORDS), c.of(DAYS), c.of(DAYS)),
    _row,
    lambda s, c: link_row(s, c.one(s, ForceRow), c.one(s, Case)),
    lambda s, c: set_no_case(s, c.one(s, ForceRow)),
    lambda s, c: reopen_row(s, c.one(s, ForceRow)),
    lambda s, c: accept_exact(s, inspection(s, c)),
    _draft,
    _redact,
    lambda s, c: undo(s),
)


def ops(s: Session) -> int:
    return int(s.connection().exec_driver_sql("SELECT COUNT(*) FROM op").scalar_one())


def check(vault: Vault, number: int, figures: Sequence[int]) -> None:
    """Take one step; a refusal changes nothing, and after either the tables are true."""
    before = vault.read_now(ops)
    step = STEPS[number]
    try:
        vault.write_now(lambda s: step(s, Chooser(figures)))
        event("done")
    except FieldkitError as refusal:
        assert str(refusal).rstrip().endswith((".", "?", "»"))
        assert vault.read_now(ops) == before
        event("refused")
    assert vault.read_now(lambda s: differences(s.connection())) == [], number


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(STEPS) - 1), st.lists(st.integers(0, 11), min_size=6, max_size=6)
        ),
        min_size=20,
        max_size=45,
    )
)
def test_after_every_step_the_tables_are_what_the_ops_add_up_to(
    vault_made_once: Path, steps: list[tuple[int, list[int]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(vault_made_once, Path(folder) / "vault")
        with open_vault(Path(folder) / "vault", PASSPHRASE) as vault:
            made = vault.write_now(inspections.create, force="Westshire", methodology="2018")
            for reference in ("A-1", "A-2"):
                vault.write_now(add_case, made.id, reference, force_ref="42/10001/26")
            vault.write_now(add_row, made.id, 1)
            vault.write_now(add_interview, made.id, role="sergeant")
            vault.write_now(points.add_point, made.id, "Visits are late.", "concern")
        # Locked between, so that undo does not take the inspection itself away.
        with open_vault(Path(folder) / "vault", PASSPHRASE) as vault:
            for number, figures in steps:
                check(vault, number, figures)
            vault.read_now(case_lines, made.id)
            assert vault.read_now(home.home, made.id).next
            kept = vault.read_now(ops)
        with open_vault(Path(folder) / "vault", PASSPHRASE) as again:
            assert again.read_now(ops) >= kept
            assert again.read_now(lambda s: differences(s.connection())) == []
