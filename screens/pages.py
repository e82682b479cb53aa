"""Where each page of the app is."""

from __future__ import annotations

import asyncio
import importlib
import sys
from typing import Any

from screens.kit.page import Page

PAGES = {
    "inspections": "screens.inspections.inspections:InspectionsPage",
    "help": "screens.inspections.help:HelpPage",
    "home": "screens.inspections.home:HomePage",
    "cases": "screens.casework.cases:CasesPage",
    "case": "screens.casework.case:CasePage",
    "case_list": "screens.casework.case_list:CaseListPage",
    "fieldwork": "screens.evidence.fieldwork:FieldworkPage",
    "entry": "screens.evidence.entry:EntryPage",
    "points": "screens.evidence.points:PointsPage",
    "names": "screens.evidence.names:NamesPage",
    "coverage": "screens.evidence.gaps.coverage:CoveragePage",
    "look_again": "screens.evidence.gaps.look_again:LookAgainPage",
    "debrief": "screens.feedback.debrief:DebriefPage",
    "room": "screens.feedback.room:RoomPage",
    "follow_up": "screens.followup.follow_up:FollowUpPage",
    "report": "screens.followup.documents.report:ReportPage",
    "practice": "screens.followup.documents.practice:PracticePage",
    "recommendations": "screens.followup.recommendations:RecommendationsPage",
    "context": "screens.followup.context:ContextPage",
    "action_plan": "screens.followup.action_plan:ActionPlanPage",
    "outcomes": "screens.evidence.gaps.outcomes:OutcomesPage",
    "force": "screens.comparison.force:ForcePage",
    "calendar": "screens.followup.calendar:CalendarPage",
    "referrals": "screens.casework.referrals:ReferralsPage",
    "queries": "screens.casework.queries:QueriesPage",
    "self_assessment": "screens.selfassessment.self_assessment:SelfAssessmentPage",
    "comparison": "screens.comparison.comparison:ComparisonPage",
    "preflight": "screens.feedback.preflight:PreflightPage",
    "leaving": "screens.feedback.leaving:LeavingPage",
    "handover": "screens.feedback.handover:HandoverPage",
    "assessments": "screens.casework.assessments:AssessmentsPage",
    "export": "screens.exchange.export:ExportPage",
    "exchange": "screens.exchange.exchange:ExchangePage",
    "join": "screens.exchange.join:JoinPage",
    "conflicts": "screens.history.conflicts:ConflictsPage",
    "vault": "screens.vault.vault:VaultPage",
    "settings": "screens.vault.settings:SettingsPage",
    "history": "screens.history.history:HistoryPage",
    "search": "screens.history.search:SearchPage",
    "deleted": "screens.history.deleted:DeletedPage",
    "copies": "screens.history.copies:CopiesPage",
    "drafts": "screens.history.drafts:DraftsPage",
    "audit": "screens.history.audit:AuditPage",
}
"""Where each page is; imported when it is first opened, so that the first frame is not kept."""


def in_phase(name: str, phase: str) -> str:
    """Return the page that takes the place of one in a phase.

    A visit and a review have one written feedback, area by area, which their own page writes.
    """
    if name != "handover":
        return name
    from fieldkit.methodology.follow_up import VISITS

    return "follow_up" if phase in VISITS else name


async def page(name: str, **kwargs: Any) -> Page:
    """Return a new page of that name.

    What it needs is imported, the first time, on a thread of its own: with what some pages write or
    read, that takes up to half a second, and the loop draws and takes keys meanwhile.
    """
    module, _, kind = PAGES[name].partition(":")
    if module not in sys.modules:
        await asyncio.to_thread(importlib.import_module, module)
    opened = getattr(importlib.import_module(module), kind)(**kwargs)
    assert isinstance(opened, Page)
    return opened
