"""Verifying a bundle: all of it, before anything of it is used.

The spool is the encrypted file itself: it is walked once to verify and once more to apply, and the
second walk must meet the very bytes of the first. No plaintext is ever put on a disk, and memory
does not grow with the bundle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

from storage import files
from storage.bundle.errors import (
    DamagedBundleError,
    ForgedError,
    MalformedBundleError,
    NotForUsError,
    OtherTeamError,
    PassedOnError,
    TooLargeError,
    UnknownDeviceError,
    UnreadableBundleError,
)
from storage.bundle.limits import MAX_BUNDLE_BYTES
from storage.bundle.manifest import Manifest, Segment, audience_id, malformed
from storage.bundle.stream import Document, Line, SegmentEnd, SegmentStart, Walk
from storage.bundle.validate import check, is_plain
from storage.crypto import age
from storage.crypto.age import AgeError, NoMatchError
from storage.crypto.fingerprint import fingerprint
from storage.crypto.signing import SignatureError
from storage.ops.canonical_json import MalformedError
from storage.ops.clock import wall_ms, wall_text
from storage.ops.op import Op, OpId, decode
from storage.ops.redactions import REDACT, redacted_ids
from storage.ops.text import size
from storage.progress import Progress, silent
from storage.records.registry import KINDS
from storage.trust.identity import device_id
from storage.trust.roster import Device, Roster

_OVERHEAD = 128 * 1024
"""Bytes by which an encrypted file may exceed its plaintext: header and seals of 64 KiB chunks."""


Each = Callable[[Segment, Line, Op | None], None]
"""Given each op once it is checked, decoded where it is no stub; the bundle is not whole yet."""


@dataclass(frozen=True)
class Trust:
    """Whom a reader believes, and which addressees it is.

    Attributes:
        roster: the roster in use.
        own: the texts of the reader's own age recipients.
        identities: what opens files made for them.
    """

    roster: Roster
    own: tuple[str, ...]
    identities: tuple[age.Identity, ...]

    def person_of(self, device: str) -> Device:
        """Return the roster's entry of a laptop; raises :class:`UnknownDeviceError`."""
        device_entry = self.roster.device(device)
        if device_entry is None:
            raise UnknownDeviceError(
                f"This bundle holds entries of laptop {device[:16]}, which is not on the roster. "
                "Nothing was used. Enrol that laptop or take in a newer roster, and try again."
            )
        return device_entry


@dataclass(frozen=True)
class Checked:
    """A bundle every part of which was verified.

    Attributes:
        path: where it lies; it is read again when it is applied.
        manifest: what it says of itself.
        documents: the rosters and receipts that travel along.
        sha256: of the file.
        plain: SHA-256 of the plaintext, which the second walk must meet.
        trust: by whom it was verified.
        ended: each segment with the signature of its laptop, in their order.
        cut: ops of which a colleague passes on nothing but the digest, without the redaction that
            says why; that may be here already.
        size: of the plaintext, in bytes.
    """

    path: Path
    manifest: Manifest
    documents: tuple[Document, ...]
    sha256: str
    plain: bytes
    trust: Trust
    ended: tuple[SegmentEnd, ...] = ()
    cut: frozenset[OpId] = frozenset()
    size: int = 0

    def seen_row(self) -> dict[str, Any]:
        """Return its row of the table of bundles taken in (:mod:`storage.database.transit`)."""
        return seen_row(self.manifest, self.sha256)


def seen_row(manifest: Manifest, sha256: str) -> dict[str, Any]:
    """Return the row of a bundle that is taken in now; ``sha256`` is of its file."""
    return {
        "bundle": manifest.bundle,
        "sender": manifest.sender,
        "sha256": sha256,
        "at": wall_text(wall_ms()),
        "ops": manifest.ops,
    }


def verify(
    path: Path, trust: Trust, progress: Progress = silent, each: Each | None = None
) -> Checked:
    """Verify a whole bundle; nothing is written anywhere.

    Args:
        path: the file.
        trust: the roster and the keys to judge it by.
        progress: hears how many ops are done, of how many.
        each: given the ops on the way, to be laid aside: only when this returns may they be used.

    Raises:
        BundleError: one of its kinds, with the reason; the file stays as it is.
    """
    documents: list[Document] = []
    segments: list[SegmentEnd] = []
    cut: set[OpId] = set()
    redacted: set[OpId] = set()
    with opened(path, trust) as (walk, file):
        _addressed(walk, trust)
        total, done = walk.manifest.ops, 0
        passed_on = by_central = False
        check_line: Callable[[Line], Op | None] | None = None
        segment: Segment | None = None
        for event in walk.events():
            if isinstance(event, Line):
                if check_line is not None and segment is not None:
                    op = check_line(event)
                    if op is not None and op.op == REDACT and op.record[0] in KINDS:
                        limit = trust.person_of(segment.device).accepted_to(segment.feed)
                        if limit is None or event.seq <= limit:
                            redacted.update(redacted_ids(op))
                    elif op is None and passed_on and not by_central:
                        cut.add(segment.feed.at(event.seq))
                    if each is not None:
                        each(segment, event, op)
                done += 1
                if done % 1000 == 0 or done == total:
                    progress("verifying", done, total)
            elif isinstance(event, SegmentStart):
                passed_on = walk.manifest.sender != event.segment.device
                by_central = walk.public == trust.roster.central.sign_pk
                segment = event.segment
                check_line = _checker(segment, trust)
            elif isinstance(event, SegmentEnd):
                if event.public != trust.person_of(event.segment.device).sign_pk:
                    raise ForgedError(
                        f"The entries of laptop {event.segment.device} are signed by another key "
                        f"({fingerprint(event.public)}). Nothing was used. Tell whoever "
                        "administers central."
                    )
                segments.append(event)
            else:
                _sound(event)
                documents.append(event)
        file.seek(0)
        return Checked(
            path,
            walk.manifest,
            tuple(documents),
            files.digest(file),
            walk.lines.digest.digest(),
            trust,
            tuple(segments),
            frozenset(cut - redacted),
            walk.lines.size,
        )


def _sound(document: Document) -> None:
    """Check that a document came whole; whose signature counts is for whoever uses it to say."""
    try:
        document.signed.check(document.kind, document.signed.public)
    except SignatureError as error:
        raise ForgedError(
            f"{error} It came with this bundle, and nothing of the bundle was used."
        ) from None


@contextmanager
def opened(path: Path, trust: Trust) -> Iterator[tuple[Walk, BufferedReader]]:
    """Walk through a bundle's plaintext, every failure on it a ``BundleError``."""
    try:
        if path.is_dir() or not path.exists():
            closed = path.is_dir()
            what = f"The folder {path} was not read" if closed else f"There is no bundle at {path}"
            raise UnreadableBundleError(
                f"{what}. Nothing was changed. Check the name, the stick or disk, and "
                "that you may read it, and try again."
            )
        if path.stat().st_size > MAX_BUNDLE_BYTES + _OVERHEAD:
            raise TooLargeError(
                f"{path.name} is larger than the {size(MAX_BUNDLE_BYTES)} accepted of one bundle. "
                "Nothing was used. Ask the sender what it is."
            )
        with files.open_named(path) as file:
            yield Walk(_decrypted(file, trust.identities)), file
    except NoMatchError:
        raise NotForUsError(
            f"{path.name} is not addressed to any key held here, or was damaged on the way. "
            "Nothing was used. Check with the sender whom it was made for."
        ) from None
    except AgeError as error:
        raise DamagedBundleError(str(error)) from None
    except OSError as error:
        raise UnreadableBundleError(
            f"{path.name} could not be read ({error.strerror or error}). Nothing was used. Check "
            "the stick or disk it lies on and try again."
        ) from error


def _decrypted(file: BinaryIO, identities: Sequence[age.Identity]) -> Iterator[bytes]:
    yield from age.decrypt(file, identities, limit=MAX_BUNDLE_BYTES)


def _addressed(walk: Walk, trust: Trust) -> None:
    manifest = walk.manifest
    if manifest.team != trust.roster.team:
        raise OtherTeamError(
            "This bundle belongs to another team than the roster in use here. Nothing was used. "
            "Check that it is the right stick, or take in the right roster."
        )
    if not {audience_id(one) for one in trust.own} & set(manifest.audience):
        raise PassedOnError(
            "This bundle opens here, but its sender did not mean it for us: someone passed it on. "
            "Nothing was used. Tell whoever administers central."
        )
    central = trust.roster.central.sign_pk
    if walk.public != central and trust.roster.device(manifest.sender) is None:
        raise UnknownDeviceError(
            f"Laptop {manifest.sender[:16]}, which made this bundle, is not on the roster in use "
            "here. Nothing was used. Take in a roster that names it; “fieldkit enrol request” on "
            "that laptop writes what central needs, and shows this id."
        )
    if walk.public == central and manifest.sender != device_id(central):
        raise ForgedError(
            f"This bundle says that laptop {manifest.sender} made it, but central signed it, which "
            "never signs for a laptop. Nothing was used. Tell whoever administers central."
        )
    known = central if walk.public == central else trust.person_of(manifest.sender).sign_pk
    if walk.public != known:
        raise ForgedError(
            f"This bundle says that laptop {manifest.sender} made it, but another key signed it "
            f"({fingerprint(walk.public)}). Nothing was used. Tell whoever administers central."
        )


def _checker(segment: Segment, trust: Trust) -> Callable[[Line], Op | None]:
    """Return what looks at each op of a segment; of a stub there is nothing to see."""
    person = trust.person_of(segment.device).person_id
    others = frozenset(one.person_id for one in trust.roster.devices) - {person}

    def person_of(device: str) -> str:
        return trust.person_of(device).person_id

    def check_line(line: Line) -> Op | None:
        place = segment.feed.at(line.seq)
        if line.data is None:
            return None
        try:
            op = decode(line.data)
        except MalformedError as error:
            raise MalformedBundleError(malformed(f"the entry {place}: {error}")) from None
        check(op, place, person, others, person_of, plain=is_plain(line.data))
        return op

    return check_line
