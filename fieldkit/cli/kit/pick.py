"""Which of several records a person means by what was typed on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import TypeVar

from sqlmodel import Session

from fieldkit.casework.find_case import find_case, same_cases
from fieldkit.cli.kit.context import Context
from fieldkit.evidence.choices import evidence_choices
from fieldkit.evidence.evidence import CASE_AUDIT, KINDS_OF_EVIDENCE
from fieldkit.evidence.points import PointLine, point_lines
from fieldkit.history.record_history import inspection_of
from fieldkit.methodology import OVERALL, load
from fieldkit.service import NotThereError, RefusedError, methodology_of
from storage.errors import FieldkitError
from storage.records import Case, CaseAudit, Judgment
from storage.records.case import case_audit_id
from storage.records.judgment import judgment_id
from storage.records.lookup import beginning_with, records_in
from storage.records.registry import KINDS

T = TypeVar("T")

MIN_PREFIX = 4
"""Characters of an id from which it may stand for the whole."""
MAX_CHOICES = 5
"""Choices named back to a person."""
_THE_AUDIT = ("", "audit", CASE_AUDIT)
"""What stands after a case's slash for its audit."""
RECORD_HELP = (
    "a case; a case and criterion, as in WST-014/investigation; or the beginning of the id of any "
    "record, with its kind before it where two have the same, as in note/5f3b"
)
"""What :func:`pick_record` takes."""


class NotMeantError(FieldkitError):
    """Says that what was typed names none of the records, or more than one."""


def pick(
    wanted: str,
    items: Iterable[T],
    label: Callable[[T], str],
    noun: str,
    *,
    plural: str = "",
    where: str = "in this inspection",
    id: Callable[[T], str] = attrgetter("id"),
) -> T:
    """Return the one of the items that is meant; a person calls each by its label.

    By id, by its beginning, by the whole label, or by a part of the label that is in no other.
    Raises :class:`NotMeantError`.
    """
    text = wanted.strip().casefold()
    known = {id(item): item for item in items}
    label_of = {key: label(item) for key, item in known.items()}
    ways = (
        [key for key in known if key == text],
        [key for key in known if len(text) >= MIN_PREFIX and key.startswith(text)],
        [key for key in known if text and label_of[key].casefold() == text],
        [key for key in known if text and text in label_of[key].casefold()],
    )
    matches = next((way for way in ways if way), [])
    if len(matches) == 1:
        return known[matches[0]]
    if matches:
        choices = "; ".join(f"{key[:8]} ({label_of[key]})" for key in matches[:MAX_CHOICES])
        more = " …" if len(matches) > MAX_CHOICES else ""
        raise NotMeantError(
            f"“{wanted}” could be {len(matches)} of the {plural or noun + 's'}: {choices}{more}. "
            "Nothing was changed; name one by the beginning of its id."
        )
    raise NotMeantError(
        f"There is no {noun} “{wanted}” {where}. Nothing was changed; look at the list for its id."
    )


def pick_point(session: Session, inspection_id: str, wanted: str) -> PointLine:
    """Return the point meant: by its number, its id or a part of its wording.

    Raises :class:`NotMeantError`.
    """
    points = point_lines(session, inspection_id)
    if wanted.strip().isdigit():
        for point in points:
            if point.number == int(wanted):
                return point
    return pick(wanted, points, lambda point: point.wording, "point")


def pick_evidence(s: Session, inspection_id: str, wanted: str) -> tuple[str, str]:
    """Return the kind and id of the evidence meant: by id, by its case, or by what it is called.

    A case by its reference is what its audit says besides the grades or, where nothing stands
    there, its overall grade; “WST-014/investigation” is one of its judgments. Raises
    :class:`NotMeantError` where none is meant, or several.
    """
    by_id = [one for one in beginning_with(s, wanted) if one[0] in KINDS_OF_EVIDENCE]
    if len(by_id) == 1:
        return by_id[0]
    reference, slash, line = wanted.rpartition("/")
    known = [one for one in records_in(s, Case, inspection_id) if not one.withdrawn]
    cases = same_cases(known, reference if slash else wanted)
    # A reference may hold a slash, as the force's own do.
    if not cases and slash:
        cases, line = same_cases(known, wanted), ""
    if len(cases) == 1 and (named := _of_case(s, cases[0], line if slash else "")):
        return named
    choices = evidence_choices(s, inspection_id, wanted)
    noun, several = "piece of evidence", "pieces of evidence"
    choice = pick(wanted, choices, lambda one: one.label, noun, plural=several)
    return choice.kind, choice.id


def _of_case(s: Session, case: Case, line: str) -> tuple[str, str] | None:
    """Return the audit of a case, or its judgment on a criterion, where it says anything."""
    audit = s.get(CaseAudit, case_audit_id(case.id))
    if line.strip().casefold() in _THE_AUDIT and audit is not None and audit.filled_in:
        return audit.KIND, audit.id
    area = methodology_of(s, case.inspection_id).criterion(line or OVERALL)
    judgment = s.get(Judgment, judgment_id(case.id, area.key)) if area else None
    if judgment is None or not (judgment.graded or judgment.words()):
        return None
    return judgment.KIND, judgment.id


def pick_record(s: Session, context: Context, wanted: str) -> tuple[str, str]:
    """Return the kind and id of the record meant, deleted ones among them, and print its marking.

    Raises a refusal where none is meant, or several.
    """
    kind, record = _record(s, context, wanted)
    context.mark(s, inspection_of(s, kind, record))
    return kind, record


def _record(s: Session, context: Context, wanted: str) -> tuple[str, str]:
    reference, slash, criterion = wanted.partition("/")
    # A colleague's record of another kind may have the id of one of ours.
    kind = reference if reference in KINDS else ""
    by_id = beginning_with(s, criterion if kind else wanted)
    by_id = [one for one in by_id if kind in ("", one[0])]
    if len(by_id) > 1:
        choices = ", ".join(f"{kind}/{id[:8]}" for kind, id in by_id)
        raise RefusedError(
            f"“{wanted}” is the beginning of several records. Nothing was changed. Name one of "
            f"them with its kind: {choices}."
        )
    if by_id:
        return by_id[0]
    inspection = context.inspection(s)
    case = find_case(s, inspection.id, reference)
    if not slash:
        return case.KIND, case.id
    area = load(inspection.judged_by).criterion(criterion)
    if area is None:
        raise NotThereError(
            f"“{criterion}” is not a criterion of this inspection. Nothing was changed."
        )
    return "judgment", judgment_id(case.id, area.key)
