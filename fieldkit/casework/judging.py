"""Judging: grades and states with their reasons, of a case and of the force itself."""

from __future__ import annotations

from typing import TypeVar

from sqlmodel import Session

from fieldkit.casework.new_grades import entered_open
from fieldkit.evidence.concern.audits import asked_criteria
from fieldkit.methodology import OVERALL, Methodology, Subject, find
from fieldkit.service import (
    RefusedError,
    criterion_key,
    criterion_label,
    existing,
    filled,
    methodology_of,
    person,
)
from fieldkit.visibility import is_revealed
from storage.feed.journal import because
from storage.ops.meant import choices
from storage.records import Assessment, Case, Inspection, Judgment, Query
from storage.records.judgment import assessment_id, imported_auditor, judgment_id, judgments_of
from storage.records.lookup import rows_naming
from storage.records.query import UNSETTLED

AnyJudged = TypeVar("AnyJudged", Judgment, Assessment)

NOT_JUDGED = "not judged"


def grade(
    s: Session,
    case_id: str,
    criterion: str,
    grade: str,
    reason: str | None = None,
    *,
    rationale: str | None = None,
    allow_open: bool = False,
    by: str = "",
) -> Judgment:
    """Grade a case on a criterion, or overall.

    Args:
        s: a writing session.
        case_id: the case.
        criterion: its key or label; "overall" is entered last.
        grade: a grade of the inspection's scale of cases, however it is spelt.
        reason: why; needed for moderation, which is a change of the overall grade after the
            force's was revealed, or of a line that a second reader has queried. The same grade
            with a reason is entered once more, with that reason.
        rationale: the judgment's text, where it comes with the grade.
        allow_open: take an overall grade although criteria are open; this is recorded.
        by: who judged, where that is not the acting person
            (:func:`storage.records.judgment.imported_by`).

    Raises:
        RefusedError: no such grade or criterion, open criteria, a missing reason, or the case was
            withdrawn.
        NotThereError: there is no such case.
    """
    case, methodology, key = _judged(s, case_id, criterion)
    word = _word(methodology, "case", grade)
    confirmed = bool((reason or "").strip())
    stated = ""
    if key == OVERALL:
        still_open = open_criteria(s, case_id)
        if still_open and not allow_open:
            raise RefusedError(
                f"The overall grade of {case.reference} is entered last, and still open are: "
                f"{', '.join(criterion_label(methodology, one) for one in still_open)}. Nothing "
                "was changed; grade them, or mark them not applicable or unable to judge."
            )
        if still_open:
            stated = entered_open(len(still_open))
    values = {"state": "graded", "grade": word, "state_reason": ""}
    if rationale is not None:
        values["rationale"] = rationale.rstrip()
    return _commit(s, case, key, reason, stated=stated, confirmed=confirmed, by=by, **values)


def set_state(
    s: Session, case_id: str, criterion: str, state: str, reason: str = "", *, by: str = ""
) -> Judgment:
    """Say that a case cannot be graded on a criterion: "not applicable" or "unable to judge".

    A state is never a grade. "Unable to judge" needs the reason, which stays with the judgment.
    ``by`` and what is raised are as of :func:`grade`.
    """
    case, methodology, key = _judged(s, case_id, criterion)
    word = _state(methodology, state, reason)
    why = reason.strip()
    return _commit(s, case, key, why, by=by, state=word, grade="", state_reason=why)


def clear(s: Session, case_id: str, criterion: str, reason: str | None = None) -> Judgment | None:
    """Take a grade or state back to "not judged"; what was written about it stays.

    Returns nothing where nothing was judged. Raises as :func:`grade` does.
    """
    case, _, key = _judged(s, case_id, criterion)
    if s.get(Judgment, judgment_id(case.id, key)) is None:
        return None
    return _commit(s, case, key, reason, state=NOT_JUDGED, grade="", state_reason="")


def write(
    s: Session,
    case_id: str,
    criterion: str,
    *,
    rationale: str | None = None,
    went_well: str | None = None,
    concern: str | None = None,
    by: str = "",
) -> Judgment | None:
    """Write the texts of a judgment, graded or not; a text left out stays as it is.

    ``by`` is as of :func:`grade`. Whose grade came with a list of cases stays on record.

    Returns nothing where there was no judgment and nothing was written.

    Raises:
        RefusedError: no such criterion.
        NotThereError: there is no such case.
    """
    case = existing(s, Case, case_id)
    key = _criterion(methodology_of(s, case.inspection_id), "case", criterion)
    texts = {"rationale": rationale, "went_well": went_well, "concern": concern}
    values = {name: text.rstrip() for name, text in texts.items() if text is not None}
    if not any(values.values()) and s.get(Judgment, judgment_id(case.id, key)) is None:
        return None
    return _put(s, Judgment, _identity(case, key), values, by=by)


def assess(
    s: Session,
    inspection_id: str,
    criterion: str,
    grade: str | None = None,
    *,
    state: str | None = None,
    reason: str = "",
    rationale: str | None = None,
) -> Assessment:
    """Judge the force itself on a criterion: a grade or a state, and the rationale.

    With neither grade nor state only the rationale is written; state "not judged" clears.
    Raises as :func:`grade` and :func:`set_state` do.
    """
    inspection = existing(s, Inspection, inspection_id)
    methodology = methodology_of(s, inspection.id)
    key = _criterion(methodology, "force", criterion)
    values: dict[str, str] = {} if rationale is None else {"rationale": rationale.rstrip()}
    why = reason.strip()
    if grade is not None and state is not None:
        raise RefusedError(
            "A criterion has a grade or a state, not both. Nothing was changed; give one of them."
        )
    if grade is not None:
        word = _word(methodology, "force", grade)
        values |= {"state": "graded", "grade": word, "state_reason": ""}
    elif state is not None and methodology.state(state) == NOT_JUDGED:
        values |= {"state": NOT_JUDGED, "grade": "", "state_reason": ""}
    elif state is not None:
        word = _state(methodology, state, why)
        values |= {"state": word, "grade": "", "state_reason": why}
    identity = {
        "id": assessment_id(inspection.id, key),
        "inspection_id": inspection.id,
        "criterion": key,
    }
    with because(s, why):
        confirmed = grade is not None and bool(why)
        return _put(s, Assessment, identity, values, confirmed=confirmed)


def open_criteria(s: Session, case_id: str) -> list[str]:
    """Return the keys of a case's criteria that have neither a grade nor a state yet.

    In a review, of those that the case is audited for.
    """
    case = existing(s, Case, case_id)
    known = judgments_of(s, case_id)
    return [
        key for key in asked_criteria(s, case) if key not in known or known[key].state == NOT_JUDGED
    ]


def _judged(s: Session, case_id: str, criterion: str) -> tuple[Case, Methodology, str]:
    case = existing(s, Case, case_id)
    if case.withdrawn:
        raise RefusedError(
            f"{case.reference} was withdrawn ({case.withdrawn_reason}), so it is not judged. "
            "Nothing was changed; reinstate it first if it counts after all."
        )
    methodology = methodology_of(s, case.inspection_id)
    return case, methodology, _criterion(methodology, "case", criterion)


def _criterion(methodology: Methodology, subject: Subject, written: str) -> str:
    key = criterion_key(methodology, filled(written, "The criterion"))
    judged = methodology.criteria_on(subject, overall=True)
    if all(area.key != key for area in judged):
        listed = ", ".join(area.label for area in judged)
        subject_words = "a case" if subject == "case" else "the force"
        raise RefusedError(
            f"{criterion_label(methodology, key)} is not judged on {subject_words} by this "
            f"inspection's methodology. Nothing was changed; judged on {subject_words}: {listed}."
        )
    return key


def _word(methodology: Methodology, subject: Subject, written: str) -> str:
    word = methodology.grade(written, subject)
    if word is None:
        scale = choices(written, methodology.scale_for(subject).labels)
        raise RefusedError(
            f"“{written}” is not a grade of this inspection's scale. Nothing was changed; the "
            f"grades "
            f"are {scale}"
        )
    return word


def _state(methodology: Methodology, written: str, reason: str) -> str:
    term = find(methodology.states, written)
    if term is None or term.key == NOT_JUDGED:
        known = " and ".join(f"“{one.key}”" for one in methodology.states if one.key != NOT_JUDGED)
        raise RefusedError(
            f"“{written}” is not a state; the states are {known}. Nothing was changed."
        )
    if term.needs_reason and not reason.strip():
        raise RefusedError(
            f"“{term.label}” needs a reason. Nothing was changed; say why, and try again."
        )
    return term.key


def _commit(
    s: Session,
    case: Case,
    key: str,
    reason: str | None,
    *,
    stated: str = "",
    confirmed: bool = False,
    by: str = "",
    **values: str,
) -> Judgment:
    """Write a judgment; ``stated`` is put on record beside the reason and is none by itself."""
    judgment = s.get(Judgment, judgment_id(case.id, key))
    judged = ("state", "grade", "state_reason")
    changes = judgment is None or any(getattr(judgment, name) != values[name] for name in judged)
    if changes and key == OVERALL and not (reason or "").strip() and is_revealed(s, case.id):
        raise RefusedError(
            f"The force's grade of {case.reference} has been shown, so a change of our overall "
            "grade is moderation and needs a reason. Nothing was changed; say why, and try again."
        )
    if (
        changes
        and judgment is not None
        and not (reason or "").strip()
        and _queried(s, case.id, key)
    ):
        raise queried(case.reference)
    with because(s, reason, stated=stated):
        return _put(s, Judgment, _identity(case, key), values, confirmed=confirmed, by=by)


def queried(reference: str) -> RefusedError:
    """Return the refusal to change what a second reader has queried without a reason."""
    return RefusedError(
        f"A second reader has queried this judgment of {reference}, so a change of it is "
        "moderation and needs a reason. Nothing was changed; say why, and try again."
    )


def _queried(s: Session, case_id: str, key: str) -> bool:
    """Say whether a query on the line is open, or answered and not settled."""
    lines = rows_naming(s, Query, ("criterion", "state"), Query.UNDER, [case_id])
    return any((key, state) in lines for state in UNSETTLED)


def _put(
    s: Session,
    kind: type[AnyJudged],
    identity: dict[str, str],
    values: dict[str, str],
    *,
    confirmed: bool = False,
    by: str = "",
) -> AnyJudged:
    """Write what is judged; the same grade with a new reason or text is said again with it."""
    record = s.get(kind, identity["id"])
    if record is None:
        record = kind.make(**identity, by=by or person(s), **values)
        s.add(record)
    elif confirmed or any(getattr(record, name) != value for name, value in values.items()):
        stays = "state" not in values and imported_auditor(record.by) is not None
        record.change(**values, by=by or (record.by if stays else person(s)))
        if "state" in values:
            record.confirm("state")
    s.flush()
    return record


def _identity(case: Case, key: str) -> dict[str, str]:
    return {
        "id": judgment_id(case.id, key),
        "inspection_id": case.inspection_id,
        "case_id": case.id,
        "criterion": key,
    }
