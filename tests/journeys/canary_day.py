"""A day in which every field that takes text is given a canary of its own, through the services."""

from __future__ import annotations

import csv
import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook
from sqlmodel import Session

from fieldkit.casework import judging, queries, referrals, reveals
from fieldkit.casework.cases import (
    add_case,
    allocate_case,
    edit_case,
    reinstate_case,
    set_audit,
    withdraw_case,
)
from fieldkit.casework.find_case import find_case
from fieldkit.casework.import_list import import_cases, read_list
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_document, add_interview, add_observation
from fieldkit.evidence.names import add_names
from fieldkit.evidence.notes import add_note, amend_note, finalise_note
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.guard.settle import let_pass
from fieldkit.feedback.guard.stops import all_texts, stops
from fieldkit.followup.action_plans import intend, receive_plan, review_plan
from fieldkit.followup.context import weigh
from fieldkit.followup.dates.diary import enter
from fieldkit.followup.dates.milestones import mark_done
from fieldkit.followup.links import link_context
from fieldkit.followup.practice.consent import record_consent
from fieldkit.followup.practice.sheets import TEXTS, record_request, write_sheet
from fieldkit.followup.recommendations import recommend
from fieldkit.followup.status import comment, set_status
from fieldkit.history.open_copies import say_given
from fieldkit.inspections import inspections
from fieldkit.methodology import OVERALL, load
from fieldkit.selfassessment.decide import link_row, queue_lines, set_no_case
from fieldkit.selfassessment.import_workbook import import_reading, read_force_workbook
from fieldkit.workbook.overrides import Overrides
from storage.feed import drafts
from storage.records import Disclosure
from storage.vault.vault import Vault
from tests.journeys.canaries import canary
from tests.journeys.canary_names import DATED_REFERENCE, SHORT_REFERENCE, Name


class Day:
    """The day; ``typed`` are the names of the canaries that were given away."""

    def __init__(self, vault: Vault, folder: Path) -> None:
        self.vault = vault
        self.folder = folder
        folder.mkdir()
        self.typed: set[Name] = set()
        self.inspection = ""
        self.cases: dict[str, str] = {}

    def word(self, *name: str) -> str:
        """The canary of a place, in a sentence as people write."""
        self.typed.add(name)
        return canary(*name)

    def says(self, *name: str) -> str:
        """The canary inside a sentence."""
        return f"They said “{self.word(*name)}” twice."

    def live(self) -> None:
        """Type and import everything."""
        self.vault.write_now(self._begin)
        for step in (
            self._cases,
            self._notes,
            self._ask,
            self._points,
            self._refer,
            self._recommend,
        ):
            self.vault.write_now(step)
        self._import()
        self.vault.write_now(self._judge)
        self.vault.write_now(self._debrief)
        self.vault.write_now(self._guard)
        self.vault.write_now(self._copies)
        self.vault.write_now(self._drafts)

    def _begin(self, s: Session) -> None:
        made = inspections.create(
            s,
            force=self.word("inspection", "force"),
            methodology="2018",
            marking=self.word("inspection", "marking"),
            language=self.word("inspection", "language"),
            starts="2026-07-06",
        )
        self.inspection = made.id

    def _cases(self, s: Session) -> None:
        word = self.word
        made = add_case(
            s,
            self.inspection,
            word("case", "reference"),
            types=["domestic abuse"],
            child_label=word("case", "child_label"),
            child_age=word("case", "child_age"),
            unit=word("case", "unit"),
            audited_because=self.says("case", "audited_because"),
            origin="self-assessed",
            force_ref=f"42/{word('case_key', 'force_ref')}1/26",
            child=self.says("case_key", "child"),
        )
        other = add_case(s, self.inspection, "WST-002", force_ref="42/10002/26")
        self.cases = {"one": made.id, "other": other.id}
        edit_case(s, made.id, second_reader=word("case", "second_reader"))
        allocate_case(s, made.id, word("case", "allocated_to"))
        withdraw_case(s, other.id, self.says("case", "withdrawn_reason"))
        s.flush()
        reinstate_case(s, other.id, self.says("reason", "reinstate"))
        s.flush()
        withdraw_case(s, other.id, self.says("reason", "withdraw"))
        notes = "voice_note timeliness_note supervision_note risk_note".split()
        audit = ("context", "notable_practice", *notes)
        set_audit(s, made.id, **{one: self.says("case_audit", one) for one in audit})

    def _notes(self, s: Session) -> None:
        word = self.word
        met = add_interview(
            s,
            self.inspection,
            role=word("interview", "role"),
            unavailable=word("interview", "unavailable"),
            language=word("interview", "language"),
        )
        seen = add_observation(
            s,
            self.inspection,
            place=word("observation", "place"),
            what=self.says("observation", "what"),
        )
        paper = add_document(
            s, self.inspection, title=word("document", "title"), sort=word("document", "sort")
        )
        graded = judging.set_state(
            s, self.cases["one"], "investigation", "unable to judge", self.says("reason", "state")
        )
        assessed = judging.assess(
            s, self.inspection, load("2018").criteria_on("force")[0].key, rationale="As heard."
        )
        inside = {
            "inspection": self.inspection,
            "assessment": assessed.id,
            "case": self.cases["one"],
            "judgment": graded.id,
            "interview": met.id,
            "observation": seen.id,
            "document": paper.id,
        }
        for kind in inside:
            add_note(s, kind, inside[kind], self.says("note in", kind))
        note = add_note(
            s, "case", inside["case"], self.says("note", "text"), language=word("note", "language")
        )
        finalise_note(s, note.id)
        s.flush()
        amend_note(s, note.id, self.says("note", "text"), "spelling")
        s.flush()
        amended = self.says("note", "amended text")
        amend_note(s, note.id, amended, self.says("reason", "amend"))
        self.cases["note"] = note.id

    def _ask(self, s: Session) -> None:
        case, says = self.cases["one"], self.says
        asked = queries.ask(s, case, "investigation", says("query", "question"))
        s.flush()
        queries.answer(s, asked.id, says("query", "answer"))

    def _points(self, s: Session) -> None:
        made = points.add_point(s, self.inspection, self.says("point", "wording"), "concern")
        points.support(s, made.id, "note", self.cases["note"], why=self.says("support", "why"))
        points.keep_thin(s, made.id, self.says("point", "kept_thin"))
        gone = points.add_point(s, self.inspection, self.says("point", "withdrawn"), "strength")
        points.withdraw_point(s, gone.id, self.says("reason", "point"))
        self.cases["point"] = made.id

    def _refer(self, s: Session) -> None:
        says, kind = self.says, "referral"
        made = referrals.refer(
            s,
            self.cases["one"],
            [says(kind, "reasons")],
            says(kind, "known"),
            says(kind, "asked_for"),
        )
        steps: tuple[dict[str, str], ...] = (
            {"state": "told", "whom": says(kind, "told_whom"), "how": says(kind, "told_how")},
            {"state": "acknowledged", "whom": says(kind, "acknowledged_by")},
            {"state": "acted", "action": says(kind, "action"), "outcome": says(kind, "outcome")},
            {"state": "not satisfied", "reason": says("reason", "not satisfied")},
            {"state": "escalated", "whom": "the chief", "reason": says("reason", "escalated")},
            {"state": "closed", "reason": says(kind, "closed_reason")},
        )
        for one in steps:
            referrals.step(s, made.id, **one)
            s.flush()

    def _practise(self, s: Session) -> None:
        says = self.says
        point = points.add_point(s, self.inspection, "They ring.", "notable practice").id
        held = open_debrief(s, self.inspection, "daily", "2026-07-05")
        freeze_wording(s, include_point(s, held.id, point).id, "They ring.")
        write_sheet(s, point, **{name: says("practice", name) for name in TEXTS})
        consent = "practice_consent"
        remark = says(consent, "remark")
        record_consent(s, point, "name shown", says(consent, "given_by"), "", remark)
        asked = "practice_request"
        record_request(s, point, says(asked, "asked_by"), "", says(asked, "remark"))

    def _recommend(self, s: Session) -> None:
        says, kind = self.says, "recommendation"
        point = self.cases["point"]
        made = recommend(
            s,
            self.inspection,
            says(kind, "wording"),
            [point],
            **{one: says(kind, one) for one in ("finding", "owner", "force_context")},
        )
        self._practise(s)
        # What an earlier fieldkit kept of what was said; now it is dated.
        made.change(comment=says(kind, "comment"))
        weigh(s, made.id, "resources", says("weighing", "answer"))
        why = says("recommendation_link", "why")
        link_context(s, made.id, "note", self.cases["note"], why)
        comment(s, made.id, says("recommendation_comment", "text"), of_force=True)
        s.flush()
        set_status(s, made.id, "not accepted", "", says(kind, "ended_reason"))
        mark_done(s, self.inspection, "revisit", "", says("milestone", "remark"))
        plan = receive_plan(s, self.inspection)
        fields = {one: says("intention", one) for one in ("intends", "owner")}
        intend(s, plan.id, made.id, fields["intends"], owner=fields["owner"])
        review_plan(s, plan.id, "some concerns", says("action_plan", "view_words"))
        enter(
            s,
            self.inspection,
            says("calendar_entry", "title"),
            "2026-07-06",
            person_away=self.word("calendar_entry", "person"),
        )

    def _judge(self, s: Session) -> None:
        case, says = self.cases["one"], self.says
        for field in ("rationale", "went_well", "concern"):
            judging.write(s, case, "investigation", **{field: says("judgment", field)})
        judging.set_state(
            s, case, "initial_contact", "unable to judge", says("judgment", "state_reason")
        )
        s.flush()
        judging.clear(s, case, "initial_contact", says("reason", "clear"))
        judging.grade(s, case, OVERALL, "good", allow_open=True)
        s.flush()
        reveals.reveal(s, case)
        judging.grade(s, case, OVERALL, "inadequate", says("reason", "grade"), allow_open=True)
        of_force = load("2018").criteria_on("force")[0].key
        judging.assess(s, self.inspection, of_force, rationale=says("assessment", "rationale"))
        why = says("assessment", "state_reason")
        judging.assess(s, self.inspection, of_force, state="unable to judge", reason=why)
        s.flush()
        judging.assess(s, self.inspection, of_force, "good", reason=says("reason", "assess"))

    def _debrief(self, s: Session) -> None:
        says, kind = self.says, "debrief_point"
        held = open_debrief(s, self.inspection, "daily", "2026-07-08")
        told = include_point(s, held.id, self.cases["point"])
        freeze_wording(s, told.id, says(kind, "agreed_wording"))
        record_response(
            s,
            told.id,
            outcome="disputed",
            response=says(kind, "response"),
            correction=says(kind, "correction"),
            action=says(kind, "action"),
            action_owner=says(kind, "action_owner"),
        )
        close_debrief(s, held.id, says("debrief", "present"))

    def _guard(self, s: Session) -> None:
        name, label = self.word("known_name", "name"), self.word("known_name", "label")
        add_names(s, self.inspection, [f"{name} = {label}"])
        points.add_point(s, self.inspection, "Her mother is on 07700 900123.", "concern")
        (stop,) = stops(s, self.inspection, all_texts(s, self.inspection))
        let_pass(s, stop, self.says("let_pass", "reason"))

    def _copies(self, s: Session) -> None:
        made = Disclosure.make(
            inspection_id=self.inspection,
            what="hand-over",
            recipient="chief constable",
            at="2026-07-17T16:00:00.000Z",
            sha256="0" * 64,
        )
        s.add(made)
        say_given(s, made.id, self.says("disclosure", "whereabouts"))

    def _drafts(self, s: Session) -> None:
        for name in ("text", "discarded text"):
            place = f"new-note/{name}"
            drafts.save(s, place, "text", self.says("draft", "label"), self.says("draft", name))
        gone = next(one for one in drafts.listed(s) if one.place.endswith("discarded text"))
        drafts.discard(s, gone.id)

    # --- what is imported

    def _import(self) -> None:
        reading = read_list(self._case_list(), load("2018"))
        done = self.vault.write_now(import_cases, self.inspection, reading)
        assert done.graded == 1
        path = self._workbook()
        meant = {f"Good {self.word('workbook', 'grade mapped')}": "good"}
        chosen = Overrides(grades=meant)
        book = read_force_workbook(path, "2018", chosen)
        self.vault.write_now(import_reading, self.inspection, book, accept_exact=True)
        waiting = self.vault.read_now(queue_lines, self.inspection)
        assert len(waiting) > 2
        listed = self.vault.read_now(find_case, self.inspection, canary("list", "case"))
        self.vault.write_now(link_row, waiting[0].row_id, listed.id)
        self.vault.write_now(set_no_case, waiting[1].row_id)

    def _case_list(self) -> Path:
        path = self.folder / "cases.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(
                ("case", "force_ref", "type", "date", "origin", "overall_grade", "rationale", "x")
            )
            rows.writerow(
                (
                    self.word("list", "case"),
                    f"42/{self.word('list', 'force_ref')}3/26",
                    "missing",
                    "2026-02-03",
                    "inspectors",
                    "good",
                    self.says("list", "rationale"),
                    canary("not taken", "case list's extra column"),
                )
            )
        return path

    def _workbook(self) -> Path:
        book = Workbook()
        book.properties.creator = canary("not taken", "author")
        sheet = book.active
        assert sheet is not None
        sheet.title = self.word("self_assessment", "sheet")
        heading = f"Notes {self.word('self_assessment', 'columns')}"
        sheet.append([f"Return of {canary('not taken', 'title')}"])
        sheet.append([])
        sheet.append(["Reference", "Type", "Date", "Grade", "Rationale", heading, "Sergeant"])
        for line in self._lines():
            sheet.append(line)
        sheet.row_dimensions[6].hidden = True
        sheet.column_dimensions["G"].hidden = True
        sheet.merge_cells("A12:A13")
        sheet.append([])
        sheet.append([self.says("workbook", "footnote")])
        beside = book.create_sheet("Summary")
        beside.append([canary("not taken", "other sheet")])
        hidden = book.create_sheet(self.word("self_assessment", "problems"))
        hidden.append(["Draft"])
        hidden.sheet_state = "hidden"
        path = self.folder / f"{self.word('self_assessment', 'file_name')}.xlsx"
        book.save(path)
        _calculate(path, "A9", canary("workbook", "reference in words"))
        return path

    def _lines(self) -> Iterator[list[object]]:
        w, says = self.word, self.says
        exact = f"42/{w('case_key', 'force_ref')}1/26"
        key, cell = "force_row_key", "workbook"
        good, day = "Good", dt.date(2026, 2, 3)
        cells, hidden = w(key, "cells"), w(cell, "extra column hidden")
        twice = f"42/{w(cell, 'reference twice')}9/26"
        unread, prose = w(key, "case_type"), says(cell, "date in prose") + " x" * 30
        graded = f"Good {w(cell, 'grade mapped')}"
        yield [exact, "Domestic abuse", day, good, says(key, "rationale"), cells, hidden]
        yield [f"42/{w(key, 'reference')}7/26", "Missing", day, graded, "", None, None]
        yield [f"42/{w(cell, 'reference hidden')}/26", "Missing", day, "Inadequate", "", None, None]
        yield [twice, unread, day, good, "", says(cell, "extra column"), None]
        yield [twice.upper(), "Missing", says(cell, "date unread"), good, "", None, None]
        yield [w(cell, "reference in words"), "Missing", prose, good, "", None, None]
        yield [DATED_REFERENCE, "Missing", day, f"TBC {w(key, 'written')}", "", None, None]
        yield [None, None, None, None, None, says(cell, "line left out"), None]
        yield [f"42/{w(cell, 'reference merged')}8/26", "Missing", day, good, "", None, None]
        yield [None, "Missing", day, "Inadequate", "The same file.", None, None]
        yield [SHORT_REFERENCE, "Missing", day, good, "", None, None]
        yield [SHORT_REFERENCE, "Domestic abuse", day, "Inadequate", "", None, None]


def _calculate(path: Path, cell: str, result: str) -> None:
    """Let a cell hold a formula and its result, as a spreadsheet program saves it."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    formula = f'<c r="{cell}" t="str"><f>B1&amp;B2</f><v>{result}</v></c>'.encode()
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet], done = re.subn(rb'<c r="%s".*?</c>' % cell.encode(), formula, parts[sheet])
    assert done == 1
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
