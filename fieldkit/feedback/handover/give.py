"""Giving a document: one new file, and the record of who was given it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from fieldkit.evidence.identifiers import search_of
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.guard.printed import with_printed
from fieldkit.feedback.guard.stops import refuse_unsettled
from fieldkit.feedback.handover.gather import HAND_OVER, prepare
from fieldkit.feedback.handover.handover import Handover, Prepared
from fieldkit.feedback.handover.preflight import refuse_unready
from fieldkit.history.open_copies import write_copy
from fieldkit.service import RefusedError, now
from storage.records import Disclosure
from storage.vault.vault import Vault

ENDINGS = (".docx", ".md")
NO_LOOKS = "The template was not used: it gives its looks to a .docx, and Markdown has none."


@dataclass(frozen=True, slots=True)
class GivenHandover:
    """Holds what left: the file, its digest, for whom, and what is in it and not in it.

    ``remarks`` says what the template lacked.
    """

    path: Path
    size: int
    sha256: str
    recipient: str
    recipients: tuple[str, ...]
    marking: str
    reference: str
    version: int
    counts: dict[str, int]
    left_out: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def hand_over(
    vault: Vault,
    inspection_id: str,
    path: Path,
    recipients: str | Sequence[str],
    *,
    template: Path | None = None,
    sender: str = "",
    with_rationale: bool = False,
    with_statistics: bool = False,
    internal: bool = False,
) -> GivenHandover:
    """Write the written feedback to a new file and record the disclosure to all its recipients.

    Not to be called on the clerk's own thread. Arguments are those of
    :func:`fieldkit.feedback.handover.gather.prepare`, and ``template``, whose looks the document
    takes. Raises as :func:`give_prepared` does.
    """
    prepared = vault.read_now(
        prepare,
        inspection_id,
        recipients,
        sender=sender,
        with_rationale=with_rationale,
        with_statistics=with_statistics,
        internal=internal,
    )
    return give_prepared(vault, path, prepared, template)


def give_prepared(
    vault: Vault, path: Path, prepared: Prepared, template: Path | None = None
) -> GivenHandover:
    """Give the written feedback as it was gathered, unless something keeps it back.

    The internal copy stays with the team, and nothing keeps it back. Raises as :func:`give` does,
    and :class:`fieldkit.feedback.handover.preflight.NotReadyError`.
    """
    if prepared.handover.what == HAND_OVER:
        refuse_unready(prepared)
    return give(vault, path, prepared.handover, template)


def give(
    vault: Vault, path: Path, handover: Handover, template: Path | None = None
) -> GivenHandover:
    """Write what was gathered to a new file and record that it left; once, for all named.

    The disclosure is on record before the file has its name, and is withdrawn, with the reason,
    where it cannot be given it.

    Raises:
        RefusedError: the ending is none we write, or the template cannot be used.
        NotMadeError: something lies there already, or it cannot be written.
        StoppedError: something in it looks like an identifier and is not settled.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise RefusedError(
            f"A document for the force is written as {' or '.join(ENDINGS)}, and “{path.name}” "
            "ends otherwise. Nothing left the vault; name a file with one of these endings."
        )
    vault.read_now(
        lambda s: refuse_unsettled(s, handover.inspection_id, leaving(s, handover, path.stem))
    )
    data, remarks = render(handover, ending, template)
    if template is not None and ending != ".md":
        vault.read_now(_refuse_named, handover.inspection_id, data)
    disclosure = Disclosure.make(
        inspection_id=handover.inspection_id,
        what=f"{handover.what} {path.name}",
        recipient=handover.recipient,
        at=now(),
        counts=dict(handover.counts),
        with_key=handover.with_key,
    )
    sha256 = write_copy(vault, path, data, disclosure)
    return GivenHandover(
        path,
        len(data),
        sha256,
        handover.recipient,
        handover.recipients,
        handover.marking,
        handover.reference,
        handover.version,
        handover.counts,
        handover.left_out,
        remarks,
    )


def _refuse_named(s: Session, inspection_id: str, data: bytes) -> None:
    """Refuse a template that names somebody of the list; its address and telephone may stand."""
    from fieldkit.feedback.document.template import words_brought

    search = search_of(s, inspection_id)
    named = [line for line in words_brought(data) if any(one.name for one in search.find(line))]
    lines = [LeavingText("", "", "words of the template", line) for line in named]
    refuse_unsettled(s, inspection_id, lines)


def leaving(s: Session, handover: Handover, file_name: str = "") -> list[LeavingText]:
    """Return every text of a document that must name nobody: what was typed, and what is printed.

    Args:
        s: a session.
        handover: the document.
        file_name: by which name it leaves, without the ending.
    """
    whom = (LeavingText("", "", "recipient", role) for role in handover.recipients)
    name = LeavingText("", "", "name of the file", re.sub(r"[_.\-]+", " ", file_name))
    texts = [*handover.texts, *whom, name]
    return with_printed(s, handover.inspection_id, texts, handover.printed)


def render(
    handover: Handover, ending: str, template: Path | None = None
) -> tuple[bytes, tuple[str, ...]]:
    """Return the bytes of the file, and what is to be said of the template, as sentences."""
    if ending == ".md":
        remarks = (NO_LOOKS,) if template is not None else ()
        return to_markdown(handover.document).encode("utf-8"), remarks
    # What writes Word documents takes as much memory as a page; nothing else needs it.
    from fieldkit.feedback.document.docx_output import to_docx

    return to_docx(handover.document, template)
