"""Giving the hand-over: one new file, and the record of who was given it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fieldkit.feedback.handover.blocks import Handover
from fieldkit.feedback.handover.gather import gather
from fieldkit.feedback.handover.markdown_output import to_markdown
from fieldkit.history.open_copies import write_copy
from fieldkit.service import RefusedError, now
from storage.records import Disclosure
from storage.vault.vault import Vault

ENDINGS = (".docx", ".md")


@dataclass(frozen=True, slots=True)
class GivenHandover:
    """Holds what left: the file, its digest, for whom, and what is in it and not in it."""

    path: Path
    size: int
    sha256: str
    recipient: str
    marking: str
    counts: dict[str, int]
    left_out: tuple[str, ...]


def hand_over(
    vault: Vault,
    inspection_id: str,
    path: Path,
    recipient: str,
    *,
    with_rationale: bool = False,
) -> GivenHandover:
    """Write the hand-over to a new file and record the disclosure; not on the clerk's own thread.

    The disclosure is on record before the file has its name, and is withdrawn, with the reason,
    where it cannot be given it.

    Raises:
        RefusedError: the ending is none we write, or nobody is named for whom it is.
        NotMadeError: something lies there already, or it cannot be written.
    """
    if path.suffix.lower() not in ENDINGS:
        raise RefusedError(
            f"A hand-over is written as {' or '.join(ENDINGS)}, and “{path.name}” ends otherwise. "
            "Nothing left the vault; name a file with one of these endings."
        )
    handover = vault.read_now(gather, inspection_id, recipient, with_rationale=with_rationale)
    data = render(handover, path.suffix.lower())
    disclosure = Disclosure.make(
        inspection_id=handover.inspection_id,
        what=f"hand-over {path.name}",
        recipient=handover.recipient,
        at=now(),
        counts=dict(handover.counts),
    )
    sha256 = write_copy(vault, path, data, disclosure)
    return GivenHandover(
        path,
        len(data),
        sha256,
        handover.recipient,
        handover.marking,
        handover.counts,
        handover.left_out,
    )


def render(handover: Handover, ending: str) -> bytes:
    """Return the bytes of the file."""
    if ending == ".md":
        return to_markdown(handover).encode("utf-8")
    # What writes Word documents takes as much memory as a page; nothing else needs it.
    from fieldkit.feedback.handover.docx_output import to_docx

    return to_docx(handover)
