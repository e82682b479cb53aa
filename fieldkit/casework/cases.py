"""Adding, changing, allocating and withdrawing cases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from fieldkit.casework.case_types import type_keys
from fieldkit.casework.find_case import (
    NearReferenceError,
    find_case,
    near_cases,
    new_reference,
    same_cases,
)
from fieldkit.evidence.concern.audits import AuditChoice
from fieldkit.methodology import Methodology, find
from fieldkit.service import RefusedError, existing, filled, methodology_of
from storage.feed.journal import because
from storage.ops.references import comparable_reference
from storage.records import Case, CaseAudit, CaseKey, ForceRow, ForceRowKey, Inspection
from storage.records.case import MAX_USES, case_audit_id, case_key_id, unused_case_id
from storage.records.lookup import records_in
from storage.records.self_assessment import force_row_key_id

_DATE = re.compile(r"\d{1,4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,4}")
_FIELDS = frozenset(
    ("types", "origin", "incident_on", "child_label", "child_age", "unit", "second_reader", "areas")
) | {"audited_because"}
_AUDIT_FIELDS = frozenset(CaseAudit.field_names()) - {"inspection_id", "case_id"}


def add_case(
    s: Session,
    inspection_id: str,
    reference: str,
    *,
    types: Iterable[str] = (),
    origin: str = "inspectors",
    incident_on: str = "",
    force_ref: str = "",
    child_label: str = "",
    child_age: str = "",
    unit: str = "",
    child: str = "",
    areas: Iterable[str] = (),
    audited_because: str = "",
    another: bool = False,
) -> Case:
    """Add a case under the inspection's own reference.

    Args:
        s: a writing session.
        inspection_id: the inspection.
        reference: the inspection's own reference; one case each.
        types: case types by key, label or alias.
        origin: "self-assessed" or "inspectors".
        incident_on: the day of the incident, ``YYYY-MM-DD``.
        force_ref: the force's own reference; kept apart, and not exported unless asked for.
        child_label: what the child is called here, such as "child 1".
        child_age: in years or a band; never a date of birth.
        unit: the team that dealt with the case.
        child: the key to the child's label; kept apart as the force's reference is.
        areas: the areas of concern that it is audited for, in a review.
        audited_because: why it is audited although this follow-up would not.
        another: a person said that it is another case than those that its reference looks like.

    Raises:
        NeedsReasonError: this follow-up does not audit it, and nobody says why it does.
        NearReferenceError: there are cases that its reference looks like, and nobody said so yet.
        RefusedError: the reference is missing or another case has it, a type is not known, or
            the age is a date.
        InvalidError: a date is not one.
    """
    inspection = existing(s, Inspection, inspection_id)
    reference = free_reference(s, inspection_id, reference, another=another)
    known = list(types)
    chosen = AuditChoice(s, inspection_id).choose(reference, known, areas, audited_because)
    case = Case.make(
        id=_new_id(s, inspection_id, reference),
        inspection_id=inspection.id,
        reference=reference,
        areas=list(chosen.areas),
        audited_because=chosen.because,
        **_checked(
            methodology_of(s, inspection_id),
            {
                "types": known,
                "origin": origin,
                "incident_on": incident_on,
                "child_label": child_label,
                "child_age": child_age,
                "unit": unit,
            },
        ),
    )
    s.add(case)
    set_key(s, case, force_ref=force_ref or None, child=child or None)
    s.flush()
    return case


def free_reference(
    s: Session, inspection_id: str, text: str, *, another: bool, besides: str = ""
) -> str:
    """Return a reference that a case may get; raises as :func:`add_case` does.

    Args:
        s: a session.
        inspection_id: the inspection.
        text: the reference as it was typed.
        another: a person said that it is none of those that it looks like.
        besides: the id of the case that gets it, if there is one already.
    """
    reference = new_reference(text)
    listed = [case for case in records_in(s, Case, inspection_id) if case.id != besides]
    for known in same_cases(listed, reference):
        state = "withdrawn; reinstate it" if known.withdrawn else "on the list"
        raise RefusedError(
            f"There is a case {known.reference} already ({state}). Nothing was changed; open "
            "it, or give another reference."
        )
    if not another and (near := near_cases(listed, reference)):
        raise NearReferenceError(reference, near)
    if not besides and _new_id(s, inspection_id, reference) is None:
        raise RefusedError(
            f"The reference {reference} was given and corrected {MAX_USES} times. Nothing was "
            "changed; give the case another reference."
        )
    return reference


def _new_id(s: Session, inspection_id: str, reference: str) -> str | None:
    return unused_case_id(lambda one: s.get(Case, one) is not None, inspection_id, reference)


def edit_case(
    s: Session,
    /,
    case_id: str,
    *,
    reference: str | None = None,
    another: bool = False,
    force_ref: str | None = None,
    child: str | None = None,
    **fields: Any,
) -> Case:
    """Change what is known of a case; what is left out stays.

    Allocation, withdrawal and grades have services of their own. Where the reference is corrected
    the case stays the same one, with all that was judged and noted of it.

    Args:
        s: a writing session.
        case_id: the case.
        reference: its reference, put right.
        another: a person said that it is another case than those that the reference looks like.
        force_ref: the force's own reference.
        child: the key to the child's label.
        fields: what else is known of it.

    Raises `RefusedError` for another field and as :func:`add_case` does.
    """
    case = existing(s, Case, case_id)
    strangers = sorted(fields.keys() - _FIELDS)
    if strangers:
        raise RefusedError(
            f"“{strangers[0].replace('_', ' ')}” cannot be changed here. Nothing was changed; "
            f"what can be: {', '.join(sorted(one.replace('_', ' ') for one in _FIELDS))}."
        )
    if reference is not None and reference.strip() != case.reference:
        place = case.inspection_id
        _refuse_matched_by_reference(s, case)
        fields["reference"] = free_reference(s, place, reference, another=another, besides=case.id)
    if fields.keys() & {"areas", "audited_because"}:
        said = {"areas": case.areas, "audited_because": case.audited_because} | fields
        types = fields.get("types", case.types)
        choice = AuditChoice(s, case.inspection_id)
        chosen = choice.choose(case.reference, types, said["areas"], said["audited_because"])
        fields |= {"areas": list(chosen.areas), "audited_because": chosen.because}
    case.change(**_checked(methodology_of(s, case.inspection_id), fields))
    set_key(s, case, force_ref=force_ref, child=child)
    s.flush()
    return case


def _refuse_matched_by_reference(s: Session, case: Case) -> None:
    """Refuse to correct a reference by which a row of the force was matched to the case."""
    key = s.get(CaseKey, case_key_id(case.id))
    theirs = comparable_reference(key.force_ref) if key is not None else ""
    for row in records_in(s, ForceRow, case.inspection_id):
        if row.case_id != case.id or row.decision != "exact":
            continue
        written = s.get(ForceRowKey, force_row_key_id(row.id))
        if written is None or not theirs or comparable_reference(written.reference) != theirs:
            raise RefusedError(
                f"Row {row.row} of the force's workbook is matched to {case.reference} by this "
                "reference. Nothing was changed; take that match back (s, then b), correct the "
                "reference, and match the row anew."
            )


def set_key(s: Session, case: Case, *, force_ref: str | None, child: str | None) -> bool:
    """Keep the force's reference and the key to the child's label apart; whether they changed."""
    texts = {"force_ref": force_ref, "child": child}
    values = {name: text.strip() for name, text in texts.items() if text is not None}
    key = s.get(CaseKey, case_key_id(case.id))
    if key is None:
        if not any(values.values()):
            return False
        identity = {"id": case_key_id(case.id), "inspection_id": case.inspection_id}
        s.add(CaseKey.make(case_id=case.id, **identity, **values))
        return True
    changes = any(getattr(key, name) != value for name, value in values.items())
    key.change(**values)
    return changes


def allocate_case(s: Session, case_id: str, person: str) -> Case:
    """Give a case to a person by id or name; an empty text gives it to nobody."""
    case = existing(s, Case, case_id).change(allocated_to=person.strip())
    s.flush()
    return case


def allocate_cases(s: Session, case_ids: Iterable[str], person: str) -> int:
    """Give several cases to a person in one step, as :func:`allocate_case` does; how many."""
    cases = [existing(s, Case, one) for one in case_ids]
    for case in cases:
        case.change(allocated_to=person.strip())
    s.flush()
    return len(cases)


def withdraw_case(s: Session, case_id: str, reason: str, replaced_by: str = "") -> Case:
    """Take a case off the list, with the reason; all that was entered is kept.

    ``replaced_by`` is the id or reference of the case that takes its place. Raises `RefusedError`
    without a reason, or where the case was withdrawn before.
    """
    case = existing(s, Case, case_id)
    why = filled(reason, f"The reason why {case.reference} is withdrawn")
    if case.withdrawn:
        raise RefusedError(
            f"{case.reference} was withdrawn before ({case.withdrawn_reason}). Nothing was changed."
        )
    instead = ""
    if replaced_by.strip():
        other = find_case(s, case.inspection_id, replaced_by)
        if other.id == case.id or other.withdrawn:
            raise RefusedError(
                f"{case.reference} cannot be replaced by {other.reference}, which is itself "
                "not on the list. Nothing was changed; name the case that takes its place."
            )
        instead = other.id
    with because(s, why):
        case.change(withdrawn=True, withdrawn_reason=why, replaced_by=instead)
    return case


def reinstate_case(s: Session, case_id: str, reason: str) -> Case:
    """Put a withdrawn case back on the list, with the reason."""
    case = existing(s, Case, case_id)
    why = filled(reason, f"The reason why {case.reference} is reinstated")
    if not case.withdrawn:
        raise RefusedError(f"{case.reference} is on the list. Nothing was changed.")
    with because(s, why):
        case.change(withdrawn=False, withdrawn_reason="", replaced_by="")
    return case


def set_audit(s: Session, /, case_id: str, **fields: str) -> CaseAudit:
    """Record what a case file shows besides the grades; what is left out stays.

    Answers are words of the methodology ("yes", "no", "not recorded", "not applicable") or empty.
    Raises `RefusedError` for another word or field, `InvalidError` for a time that is none.
    """
    case = existing(s, Case, case_id)
    methodology = methodology_of(s, case.inspection_id)
    strangers = sorted(fields.keys() - _AUDIT_FIELDS)
    if strangers:
        raise RefusedError(
            f"A case audit has no field “{strangers[0].replace('_', ' ')}”. Nothing was changed."
        )
    asked = (*methodology.voice, *methodology.supervision, *methodology.risk)
    questions = {term.key: term.label for term in asked}
    values = {
        name: _answer(methodology, questions[name], text) if name in questions else text.strip()
        for name, text in fields.items()
    }
    audit = s.get(CaseAudit, case_audit_id(case.id))
    if audit is None:
        identity = {"id": case_audit_id(case.id), "inspection_id": case.inspection_id}
        audit = CaseAudit.make(case_id=case.id, **identity, **values)
        if any(values.values()):
            s.add(audit)
    else:
        audit.change(**values)
    s.flush()
    return audit


def _answer(methodology: Methodology, question: str, written: str) -> str:
    if not written.strip():
        return ""
    term = find(methodology.answers, written)
    if term is None:
        known = ", ".join(f"“{one.key}”" for one in methodology.answers)
        raise RefusedError(
            f"“{written}” does not answer “{question}”. Nothing was changed; the answers are "
            f"{known}."
        )
    return term.key


def _checked(methodology: Methodology, fields: dict[str, Any]) -> dict[str, Any]:
    values = {
        name: value.strip() if isinstance(value, str) else value for name, value in fields.items()
    }
    if "types" in values:
        values["types"] = type_keys(methodology, values["types"])
    if "origin" in values:
        origin = methodology.origin(values["origin"])
        if origin is None:
            raise RefusedError(
                f"“{values['origin']}” is not an origin of a case. Nothing was changed; a case is "
                "“self-assessed” (also graded by the force) or from “inspectors” only."
            )
        values["origin"] = origin
    if _DATE.search(str(values.get("child_age", ""))):
        raise RefusedError(
            "A child's age is kept in years or as a band, never as a date. Nothing was changed; "
            "write for example “7” or “5 to 9”."
        )
    return values
