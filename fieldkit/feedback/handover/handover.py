"""What a document for the force is, once gathered: its words, for whom, and what is not in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.feedback.debriefs.chain import Chain
from fieldkit.feedback.document.blocks import Written
from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.handover.findings import Finding
from fieldkit.service import RefusedError, filled
from fieldkit.wording.format import without_stop


@dataclass(frozen=True, slots=True)
class Waiting:
    """Holds what was read beside a document, so that nobody reads it again to look it over.

    Attributes:
        chains: the chain of every point of the inspection.
        hidden: the references of the cases whose grade by the force is not revealed.
        unjudged: how many cases have no overall grade or state.
    """

    chains: tuple[Chain, ...]
    hidden: tuple[str, ...]
    unjudged: int


@dataclass(frozen=True, slots=True)
class Handover:
    """Holds a document for the force as it would be given now.

    Attributes:
        inspection_id: of which inspection.
        what: what it is, in a disclosure: “hand-over”, “internal copy”, “sheet of a point”.
        force: the force.
        marking: printed above and below every page.
        recipients: for whom it is, by role.
        reference: the reference that the document is known by.
        version: its version, from 1; 0 where it has none.
        findings: the findings in it.
        document: all that leaves, in words.
        texts: every text in it that a person typed, with the record it stands in.
        counts: how many records of each kind are in it.
        with_key: it contains a reference of the force's own, which was asked for.
        left_out: what is not in it, or to be kept in mind, as sentences for the inspector; not part
            of the document.
    """

    inspection_id: str
    what: str
    force: str
    marking: str
    recipients: tuple[str, ...]
    reference: str
    version: int
    findings: tuple[Finding, ...]
    document: Written
    texts: tuple[LeavingText, ...]
    counts: dict[str, int]
    left_out: tuple[str, ...]
    with_key: bool = False

    @property
    def printed(self) -> tuple[str, ...]:
        """Return every line and cell that is printed."""
        return (*self.document.texts, self.marking)

    @property
    def recipient(self) -> str:
        """Return for whom it is, in one line, as the disclosure has it."""
        return "; ".join(self.recipients)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Holds the written feedback, gathered once, and what else is looked over before it leaves."""

    handover: Handover
    waiting: Waiting


def named_recipients(recipients: str | Sequence[str]) -> tuple[str, ...]:
    """Return for whom a document is, each role once; raises `RefusedError` where nobody is named.

    A role that is typed as “one; another” is two.
    """
    typed = [recipients] if isinstance(recipients, str) else list(recipients)
    roles = [without_stop(role) for text in typed for role in text.split(";")]
    whom = dict.fromkeys(filled(one, "For whom it is, by role,") for one in roles if one.strip())
    if not whom:
        raise RefusedError(
            "For whom it is, by role, is missing. Nothing was changed; write it and try again."
        )
    return tuple(whom)
