"""Which cases a follow-up audits: in a visit none, in a review those of the areas of concern.

A person may audit another one and says why; the reason stays with the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.concern.areas import ConcernArea, areas_of
from fieldkit.methodology.follow_up import NO_AUDITS, OF_CONCERN, activity
from fieldkit.service import RefusedError, criterion_key, existing, methodology_of
from storage.records import Case, Inspection


class NeedsReasonError(RefusedError):
    """A case is not audited in this follow-up unless somebody says why; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Says for which areas of concern a case is audited, and why, where that was asked."""

    areas: tuple[str, ...] = ()
    because: str = ""


class AuditChoice:
    """Chooses for which areas of concern cases are audited; made once for many cases."""

    def __init__(self, s: Session, inspection_id: str) -> None:
        phase = existing(s, Inspection, inspection_id).phase
        said = activity(phase)
        self._phase, self._audits = phase, said.audits if said else ""
        self._methodology = methodology_of(s, inspection_id)
        self._areas: Sequence[ConcernArea] = ()
        if self._audits == OF_CONCERN:
            self._areas = [one for one in areas_of(s, inspection_id) if one.on_cases]

    def choose(
        self, reference: str, types: Iterable[str], areas: Iterable[str] = (), because: str = ""
    ) -> Chosen:
        """Return for which areas a case is audited.

        Args:
            reference: of the case.
            types: its types, by key or as they were written.
            areas: the criteria for which it is to be audited; where none is given, those whose
                recommendations rest on cases of these types.
            because: why it is audited, in a person's words.

        Raises:
            NeedsReasonError: it is not among what this follow-up audits, and nobody says why.
            RefusedError: an area is no criterion of the methodology.
        """
        keys = tuple(
            dict.fromkeys(criterion_key(self._methodology, one, overall=False) for one in areas)
        )
        why = because.strip()
        if self._audits == NO_AUDITS and not why:
            raise NeedsReasonError(
                f"A {self._phase} audits no case, so {reference} needs a reason. Nothing was "
                "changed; say why it is audited, or plan a review."
            )
        if self._audits != OF_CONCERN:
            return Chosen(keys, why)
        known = {
            term.key for one in types if (term := self._methodology.case_type(one)) is not None
        }
        if not keys:
            keys = tuple(one.criterion for one in self._areas if known & set(one.types))
        concern = {one.criterion for one in self._areas}
        if not why and (not keys or not set(keys) <= concern):
            raise NeedsReasonError(
                f"{reference} lies outside the areas of concern of this review: {self._words()}. "
                "Nothing was changed; name the area that it is audited for, or say why it is "
                "audited all the same."
            )
        return Chosen(keys, why)

    def _words(self) -> str:
        """Return the areas of concern, each with the types of case that it rests on."""
        said = []
        for one in self._areas:
            types = self._methodology.type_labels(one.types)
            said.append(one.label + (f" ({', '.join(types).lower()})" if types else ""))
        return "; ".join(said) or "the register has none for it"


def asked_criteria(s: Session, case: Case) -> tuple[str, ...]:
    """Return the keys of the criteria on which a case has to be judged, in their order.

    In a review those that it is audited for; else all on which cases are judged.
    """
    every = [one.key for one in methodology_of(s, case.inspection_id).criteria_on("case")]
    inspection = existing(s, Inspection, case.inspection_id)
    said = activity(inspection.phase)
    if said is None or said.audits != OF_CONCERN:
        return tuple(every)
    asked = tuple(key for key in every if key in case.areas)
    return asked or tuple(every)
