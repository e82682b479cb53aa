"""Which fields take a canary, which take no free text, and which words may leave for central."""

from __future__ import annotations

import datetime as dt

from storage.ops.op import KEY
from storage.records.registry import KINDS
from tests.journeys.canaries import canary

Name = tuple[str, ...]

CLOSED_EVERYWHERE = frozenset(
    "inspection_id case_id point_id debrief_id recommendation_id parent_kind parent_id "
    "evidence_kind evidence_id action_plan_id document_id self_assessment_id force_row_id "
    "by criterion".split()
)
"""Fields without free text in whatever class: ids, kinds, the person's id, a criterion's key."""

CLOSED: dict[str, frozenset[str]] = {
    "inspection": frozenset({"methodology", "methodology_corrected", "follows"}),
    "case": frozenset({"replaced_by", "types", "areas"}),
    "case_audit": frozenset(
        "voice_seen voice_seen_alone voice_spoken_to voice_behaviour voice_views voice_used "
        "supervision_reviewed supervision_rationale risk_graded risk_right risk_others".split()
    ),
    "judgment": frozenset({"grade"}),
    "assessment": frozenset({"grade"}),
    "reveal": frozenset({"grade", "force_op"}),
    "interview": frozenset({"mode", "source_group"}),
    "note": frozenset({"criteria", "outcomes"}),
    "pulse": frozenset({"interview_id", "unit", "question"}),
    "point": frozenset({"outcomes"}),
    "support": frozenset({"revision"}),
    "practice": frozenset({"types"}),
    "debrief": frozenset({"covers"}),
    "debrief_point": frozenset({"outcome"}),
    "self_assessment": frozenset({"file_hash", "grades", "columns"}),
    "recommendation": frozenset({"superseded_by", "outcomes"}),
    "weighing": frozenset({"question"}),
    "recommendation_link": frozenset({"role", "revision"}),
    "milestone": frozenset({"timing"}),
    "query": frozenset({"asked_of", "answered_by"}),
    "epoch": frozenset({"why", "before"}),
    "force_row": frozenset({"grade", "decided_by"}),
    "consultation": frozenset({"of_kind", "of_id"}),
    "let_pass": frozenset({"of_kind", "of_id", "field", "looks_like"}),
    "disclosure": frozenset({"what", "recipient", "bundle", "sha256", "covers", "counts", "to"}),
    "receipt": frozenset({"central", "covers", "sha256"}),
    "erasure": frozenset({"covers", "counts", "receipt"}),
}
"""Fields without free text although their form takes any: ids, hashes, counts, central's name, and
words that the services check against the methodology."""

SAME_IN_BOTH = {("force_row_key", "sheet"): ("self_assessment", "sheet")}
"""A field of the key feed whose word the main feed tells too, by its name there."""

REASONS = (
    *("grade", "state", "clear", "withdraw", "reinstate", "amend", "point"),
    *("assess", "not satisfied", "escalated"),
)
"""The steps that are given a reason, which only the op keeps."""

FORCE_ONLY = (
    *("reference twice", "reference in words", "reference hidden", "reference merged"),
    *("extra column", "extra column hidden", "line left out", "footnote"),
    *("date in prose", "date unread", "grade mapped"),
)
"""Cells of the workbook that belong to the key feed."""

NOT_TAKEN = ("title", "other sheet", "comment", "author", "case list's extra column")
"""What the files say beside, which is not taken in at all."""

DATED_REFERENCE = dt.datetime(1987, 11, 23, 14, 35)
"""A reference that a spreadsheet has turned into a date."""

SHORT_REFERENCE = 7316
"""A reference as short as a count; it stands in two rows, which is a problem to be told."""


def is_open(kind: str, field: str) -> bool:
    """Whether a field is to be given a canary."""
    return field not in CLOSED_EVERYWHERE and field not in CLOSED.get(kind, frozenset())


def key_words() -> dict[str, str]:
    """The canaries that may be in the key feed only, by their names."""
    kinds = [one for one in KINDS.values() if one.FEED == KEY]
    fields = [
        (one.KIND, name)
        for one in kinds
        for name in one.field_names()
        if is_open(one.KIND, name) and name not in ("row", "dated", "sheet")
    ]
    headings = ("self_assessment", "columns")
    names: list[Name] = [*fields, headings, *(("workbook", one) for one in FORCE_ONLY)]
    return {" ".join(one): canary(*one) for one in names}
