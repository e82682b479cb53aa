"""Finding the case a person means, and the cases that a reference may be confused with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlmodel import Session

from fieldkit.selfassessment.matching.references import may_be_the_same
from fieldkit.service import NotThereError, RefusedError, filled
from fieldkit.wording.format import line
from storage.database.remembered import worked_out
from storage.ops.references import comparable_reference, tidy_reference
from storage.records import Case
from storage.records.case import case_keys, listed_references
from storage.records.lookup import records_in

MIN_ID = 8
"""Characters of a case's id from which it may stand for the whole; as many are shown."""
_SHOWN = 5
"""Cases named back to a person who was not clear enough."""


class NearReferenceError(RefusedError):
    """A new reference looks like that of a case on the list; a person says which it is."""

    def __init__(self, reference: str, cases: Sequence[Case]) -> None:
        self.cases = tuple(cases)
        former = added_under(cases, reference)
        others = [case for case in cases if case not in former]
        self.names = ", ".join(filter(None, [*map(former_name, former), _names(others)]))
        super().__init__(
            f"“{reference}” may be {self.names}, which is on the list already. Nothing was "
            "changed; open that case, or say that the new one is another."
        )


def new_reference(text: str) -> str:
    """Return a reference as it is kept; raises `RefusedError` where there is nothing in it."""
    return filled(tidy_reference(filled(text, "The case reference")), "The case reference")


def same_cases(known: Iterable[Case], reference: str) -> list[Case]:
    """Return the cases whose reference looks the same."""
    wanted = comparable_reference(reference)
    return [case for case in known if comparable_reference(case.reference) == wanted]


def looks_of(s: Session, references: Iterable[str]) -> dict[str, str]:
    """Return each reference as it is compared; worked out once for each."""
    known: dict[str, str] = worked_out(s.connection(), "references as they are compared")
    looks = {}
    for reference in references:
        if reference not in known:
            known[reference] = comparable_reference(reference)
        looks[reference] = known[reference]
    return looks


def same_references(s: Session) -> list[str]:
    """Return a sentence for each group of cases on one list whose references look the same.

    Two laptops of which one has an earlier fieldkit may have made them.
    """
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    listed = listed_references(s)
    looks = looks_of(s, (reference for _, reference in listed))
    for inspection, reference in listed:
        groups[inspection, looks[reference]].append(reference)
    return [
        f"{' and '.join(map(line, references))} are {len(references)} cases whose references look "
        "the same. Where they are one case, withdraw one (c, then w); where they are two, "
        "correct a reference (e)."
        for references in groups.values()
        if len(references) > 1
    ]


def near_cases(known: Sequence[Case], reference: str) -> list[Case]:
    """Return the cases of an inspection that may well be meant by a reference unlike theirs.

    One that was added under the reference, and whose reference was corrected since, is one.
    """
    wanted = comparable_reference(reference)
    former = added_under(known, reference)
    return [
        case
        for case in known
        if comparable_reference(case.reference) != wanted
        and (may_be_the_same(case.reference, reference) or case in former)
    ]


def added_under(known: Sequence[Case], reference: str) -> list[Case]:
    """Return the cases of an inspection that were added under a reference they have no more."""
    if not known:
        return []
    wanted = comparable_reference(reference)
    ids = frozenset(Case.ids_of((known[0].inspection_id, reference)))
    return [
        case for case in known if case.id in ids and comparable_reference(case.reference) != wanted
    ]


def is_corrected(case: Case) -> bool:
    """Say whether a case has another reference than the one it was added under."""
    return case.id not in Case.ids_of((case.inspection_id, case.reference))


def former_name(case: Case) -> str:
    """Return the name of a case for somebody who means it by the reference it had."""
    return f"{case.reference} (added under this reference)"


def find_case(s: Session, inspection_id: str, text: str) -> Case:
    """Find the case a person means: by reference, id or force reference, whole or its beginning.

    A reference that stands so, letter by letter, comes before one that only looks the same.
    Raises `NotThereError` where none or several are meant; the message names a few.
    """
    written = filled(text, "The case")
    wanted, folded = comparable_reference(written), written.casefold()
    known = records_in(s, Case, inspection_id)
    keys = {
        case: comparable_reference(key.force_ref)
        for case, key in case_keys(s, inspection_id).items()
    }
    ours = {case.id: comparable_reference(case.reference) for case in known}
    ways = (
        [case for case in known if case.reference == text.strip() or case.id == folded],
        [case for case in known if ours[case.id] == wanted],
        [case for case in known if keys.get(case.id) == wanted],
        [case for case in known if wanted and ours[case.id].startswith(wanted)],
        [case for case in known if wanted and keys.get(case.id, "").startswith(wanted)],
        [case for case in known if len(folded) >= MIN_ID and case.id.startswith(folded)],
    )
    named = next((found for found in ways if found), [])
    if len(named) == 1:
        return named[0]
    if named:
        raise NotThereError(
            f"“{written}” could be {len(named)} cases: {_names(named)}. Nothing was changed; type "
            "more of the reference, or the digits that stand after it."
        )
    near = near_cases(known, written)
    instead = f"; {_names(near)} looks like it" if near else ""
    raise NotThereError(
        f"There is no case “{written}” in this inspection{instead}. Nothing was changed; look at "
        "the list of cases for its reference."
    )


def _names(cases: Sequence[Case]) -> str:
    """Return the references of a few cases; where they look the same, with the id's beginning."""
    forms = [comparable_reference(case.reference) for case in cases]
    shown = [
        f"{case.reference} ({case.id[:MIN_ID]})" if forms.count(form) > 1 else case.reference
        for case, form in zip(cases, forms, strict=True)
    ]
    return ", ".join(shown[:_SHOWN]) + (" …" if len(cases) > _SHOWN else "")
