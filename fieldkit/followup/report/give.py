"""Giving the report: a new file, or the one there made again; and the record that it left."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from fieldkit.evidence.identifiers import search_of
from fieldkit.feedback.document.template import words_brought
from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.guard.stops import refuse_unsettled
from fieldkit.feedback.handover.give import ENDINGS, leaving
from fieldkit.feedback.handover.handover import Handover, Prepared
from fieldkit.feedback.handover.preflight import refuse_unready
from fieldkit.followup.report.gather import REPORT, Report, prepare_report
from fieldkit.followup.report.merge import Fate, told
from fieldkit.followup.report.update import Outcome, made, made_again
from fieldkit.history.open_copies import replace_copy, write_copy
from fieldkit.service import RefusedError, now
from fieldkit.wording.identifiers.identifier import EMAIL, PHONE, POSTCODE
from storage.files import read
from storage.records import Disclosure
from storage.vault.vault import Vault

LARGEST_BYTES = 20 * 2**20
"""Bytes of a file that is made again: a report with pictures is smaller."""
OF_WRITERS = "text_of_a_writer"
"""The field that a stop names where it stands in what a writer wrote."""
_MAY_STAND = frozenset((EMAIL, PHONE, POSTCODE))
"""What a writer may put into a report of an office, as a letterhead has it."""


@dataclass(frozen=True, slots=True)
class GivenReport:
    """Holds what left: the file, its digest, for whom, and what became of each section.

    ``told`` says in sentences what was kept, ``left_out`` what is not in it, and ``remarks`` what
    the template lacked.
    """

    path: Path
    size: int
    sha256: str
    recipient: str
    marking: str
    reference: str
    version: int
    counts: dict[str, int]
    sections: tuple[Fate, ...]
    told: tuple[str, ...]
    left_out: tuple[str, ...]
    remarks: tuple[str, ...]


def give_report(
    vault: Vault,
    inspection_id: str,
    path: Path,
    recipients: str | Sequence[str] = "",
    *,
    earlier: Path | None = None,
    template: Path | None = None,
    sender: str = "",
    with_basis: bool = True,
    chapters_file: Path | None = None,
) -> GivenReport:
    """Write the report to a file and record the disclosure to all its recipients.

    Where a report of this inspection lies there already, it is made again: what its writers changed
    stays. Not to be called on the clerk's own thread.

    Args:
        vault: the vault.
        inspection_id: of which inspection.
        path: the file; it ends in .docx or .md.
        recipients: as :func:`fieldkit.followup.report.gather.prepare_report` takes them.
        earlier: a report that writers changed and sent back, whose changes are taken into a new
            file.
        template: whose looks a new .docx takes.
        sender: as there.
        with_basis: as there.
        chapters_file: as there.

    Raises:
        RefusedError: the ending is none we write, or the file there is no report of this
            inspection.
        NotReadyError: a finding is in dispute, or has two answers, and nobody has decided.
        StoppedError: something in it looks like an identifier and is not settled.
        NotMadeError: it cannot be written.
    """
    ending = _ending(path)
    report = vault.read_now(
        prepare_report,
        inspection_id,
        recipients,
        sender=sender,
        with_basis=with_basis,
        chapters_file=chapters_file,
    )
    refuse_unready(Prepared(report.handover, report.waiting), "report")
    found = earlier or (path if path.exists() else None)
    data = read(found, LARGEST_BYTES) if found is not None else None
    if found is not None and _ending(found) != ending:
        raise RefusedError(
            f"“{found.name}” is made again as a file of its own kind. Nothing was written; name a "
            f"file that ends in {found.suffix}."
        )
    outcome = made(report, ending, template) if data is None else made_again(report, ending, data)
    has_looks = template is not None and ending != ".md"
    vault.read_now(
        lambda s: refuse_unsettled(
            s, inspection_id, _leaving(s, report.handover, outcome, path, has_looks)
        )
    )
    disclosure = _disclosure(report.handover, path)
    if data is not None and found == path:
        known = hashlib.sha256(data).hexdigest()
        sha256 = replace_copy(vault, path, outcome.data, disclosure, known)
    else:
        sha256 = write_copy(vault, path, outcome.data, disclosure)
    return _given(report, outcome, path, sha256)


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise RefusedError(
            f"A report is written as {' or '.join(ENDINGS)}, and “{path.name}” ends otherwise. "
            "Nothing left the vault; name a file with one of these endings."
        )
    return ending


def _leaving(
    s: Session, handover: Handover, outcome: Outcome, path: Path, has_looks: bool
) -> list[LeavingText]:
    """Return our own words that leave, and what tells of somebody in others' words.

    Others are the writers of a file that is made again, and whoever made a template.
    """
    search = search_of(s, handover.inspection_id)
    lines = [line for text in outcome.of_writers for line in text.splitlines()]
    telling = [
        LeavingText("", "", OF_WRITERS, line)
        for line in lines
        if any(one.kind not in _MAY_STAND for one in search.find(line))
    ]
    brought = words_brought(outcome.data) if has_looks else []
    named = (line for line in brought if any(one.name for one in search.find(line)))
    telling += [LeavingText("", "", "words of the template", line) for line in named]
    return [*leaving(s, handover, path.stem), *telling]


def _disclosure(handover: Handover, path: Path) -> Disclosure:
    return Disclosure.make(
        inspection_id=handover.inspection_id,
        what=f"{REPORT} {path.name}",
        recipient=handover.recipient,
        at=now(),
        counts=dict(handover.counts),
    )


def _given(report: Report, outcome: Outcome, path: Path, sha256: str) -> GivenReport:
    handover = report.handover
    return GivenReport(
        path=path,
        size=len(outcome.data),
        sha256=sha256,
        recipient=handover.recipient,
        marking=handover.marking,
        reference=handover.reference,
        version=handover.version,
        counts=handover.counts,
        sections=outcome.fates,
        told=tuple(told(outcome.fates)),
        left_out=handover.left_out,
        remarks=outcome.remarks,
    )
