"""Where each page of the app is."""

from __future__ import annotations

import importlib
from typing import Any

from screens.page import Page

PAGES = {
    "inspections": "screens.inspections:InspectionsPage",
    "home": "screens.home:HomePage",
    "cases": "screens.cases:CasesPage",
    "case": "screens.case:CasePage",
    "fieldwork": "screens.fieldwork:FieldworkPage",
    "entry": "screens.entry:EntryPage",
    "points": "screens.points:PointsPage",
    "debrief": "screens.debrief:DebriefPage",
    "referrals": "screens.referrals:ReferralsPage",
    "queries": "screens.queries:QueriesPage",
    "self_assessment": "screens.self_assessment:SelfAssessmentPage",
    "comparison": "screens.comparison:ComparisonPage",
    "handover": "screens.handover:HandoverPage",
    "assessments": "screens.assessments:AssessmentsPage",
    "export": "screens.export:ExportPage",
    "exchange": "screens.exchange:ExchangePage",
    "conflicts": "screens.conflicts:ConflictsPage",
    "safekeeping": "screens.safekeeping:SafekeepingPage",
    "history": "screens.history:HistoryPage",
    "search": "screens.search:SearchPage",
    "drafts": "screens.drafts:DraftsPage",
    "audit": "screens.audit:AuditPage",
}
"""Where each page is; imported when it is first opened, so that the first frame is not kept."""


def page(name: str, **kwargs: Any) -> Page:
    """A new page of that name."""
    module, _, kind = PAGES[name].partition(":")
    made = getattr(importlib.import_module(module), kind)(**kwargs)
    assert isinstance(made, Page)
    return made
