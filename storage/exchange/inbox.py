"""Taking in what lies in a folder: bundles, receipts and rosters, each once.

A file that was read before and has not changed is not read again, unless a later roster may say
something else of it. A bundle of a laptop that no roster names yet is copied into the vault's own
folder, encrypted as it came, and taken in when a roster names that laptop.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, and_, delete, select
from sqlmodel import Session

from storage import files
from storage.bundle.applied import Applied
from storage.bundle.errors import NotForUsError, UnknownDeviceError
from storage.bundle.limits import MAX_ASIDE_BYTES
from storage.bundle.write import SUFFIX
from storage.crypto.signing import MAX_DOCUMENT_BYTES, Signed
from storage.database.connection import make_missing
from storage.database.tables import WHOLE
from storage.durable import remove
from storage.errors import FieldkitError
from storage.exchange.enrol import signed_roster, take_signed_roster
from storage.exchange.merge import merge
from storage.exchange.receipts import take_signed_receipt
from storage.exchange.sent_files import names_written_here
from storage.ops.canonical_json import MalformedError
from storage.ops.text import size
from storage.progress import Progress, labelled, silent
from storage.trust.receipt import ReceiptSummary
from storage.trust.roster import OlderRosterError
from storage.trust.roster_document import read_roster
from storage.vault.vault import Vault

Outcome = Literal["taken", "known", "other", "aside", "refused"]
QUARANTINE = "quarantine"

_house = MetaData()
files_seen = Table(
    "file_seen",
    _house,
    Column("name", Text, primary_key=True),
    Column("size", WHOLE, primary_key=True, autoincrement=False),
    Column("changed", WHOLE, primary_key=True, autoincrement=False),
    Column("outcome", Text, nullable=False),
    Column("roster", Integer, nullable=False),
)
"""Files that were read, what became of them, and the version of the roster then."""

_NUMBERS = 2**63
"""SQLite's whole numbers are smaller; the time of a file may be any."""


@dataclass
class FileResult:
    """What became of one file.

    Attributes:
        name: the file's.
        outcome: taken; known, so that nothing changed; other: made for somebody else; aside: kept
            until a roster names its laptop; or refused.
        applied: of a bundle, what it changed.
        receipt: of a receipt, alone or in a bundle, what it confirmed.
        roster: of a roster, its version.
        said: the reason of a refusal, and what else a person has to know, in sentences.
    """

    name: str
    outcome: Outcome
    applied: Applied | None = None
    receipt: ReceiptSummary | None = None
    roster: int = 0
    said: list[str] = field(default_factory=list)


def take_folder(
    vault: Vault, folder: Path, progress: Progress = silent
) -> tuple[list[FileResult], int]:
    """Take in every file of a folder that is new here; returns them, and how many were not read.

    One file that is refused keeps no other one out. Not to be called on the clerk's own thread.
    Raises :class:`storage.exchange.enrol.NotEnrolledError`.
    """
    _, roster = signed_roster(vault)
    own = vault.read_now(names_written_here)
    came: list[FileResult] = []
    passed_over = 0
    again: list[Path] = []
    for path in [*_quarantined(vault), *_candidates(folder, own)]:
        if vault.read_now(_seen, *_key(path), _version(vault)):
            passed_over += 1
            continue
        one = _one(vault, path, progress)
        came.append(one)
        if one.outcome == "aside":
            again.append(path)
    if again and _version(vault) != roster.version:
        retried = {
            _plain(path.name): _one(vault, path, progress) for path in again if path.exists()
        }
        came = [retried.get(one.name, one) for one in came]
    return came, passed_over


def _version(vault: Vault) -> int:
    return signed_roster(vault)[1].version


def _candidates(folder: Path, own: set[str]) -> Iterator[Path]:
    """Return what may be ours to read, the earliest first: later files follow on earlier ones."""
    found = []
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                if path.name.startswith(".") or path.name in own or not files.is_plain(path):
                    continue
                size, changed = path.stat().st_size, path.stat().st_mtime_ns
                if path.name.endswith(SUFFIX) or (size <= MAX_DOCUMENT_BYTES and _document(path)):
                    found.append((not path.name.endswith(SUFFIX), changed, path.name, path))
    # Rosters first: they say whom to believe.
    yield from (one[3] for one in sorted(found, key=lambda one: (not one[0], one[1], one[2])))


def _document(path: Path) -> bool:
    with files.open_plain(path) as file:
        begin = file.read(1)
    return begin == b"{"


def _plain(text: str) -> str:
    """Return the name of a file, or a sentence with one, that can be kept and shown.

    Names come from whatever wrote the stick, and need not be UTF-8.
    """
    return text.encode("utf-8", "backslashreplace").decode()


def _key(path: Path) -> tuple[str, int, int]:
    """Return what a file is known by when it is seen again."""
    name = _plain(path.name)
    with suppress(OSError):
        found = path.lstat()
        return name, found.st_size, found.st_mtime_ns % _NUMBERS
    return name, 0, 0


def _one(vault: Vault, path: Path, progress: Progress) -> FileResult:
    key = _key(path)
    try:
        came = (
            _bundle(vault, path, progress) if path.name.endswith(SUFFIX) else _signed(vault, path)
        )
    except FieldkitError as error:
        came = FileResult(_plain(path.name), "refused", said=[_plain(str(error))])
    except Exception as error:
        # It is not kept as read: a fieldkit that foresees this takes it in.
        said = (
            f"{_plain(path.name)} could not be taken in, because of an error that fieldkit does "
            f"not foresee ({type(error).__name__}). Nothing of it was used. Keep the file, and "
            "tell whoever looks after fieldkit."
        )
        return FileResult(_plain(path.name), "refused", said=[said])
    if path.parent == vault.folder / QUARANTINE:
        if came.outcome in ("taken", "known"):
            remove(path)
    vault.write_now(_saw, *key, came.outcome, _version(vault))
    return came


def _bundle(vault: Vault, path: Path, progress: Progress) -> FileResult:
    name = _plain(path.name)
    try:
        applied = merge(vault, path, labelled(progress, name))
    except NotForUsError as error:
        return FileResult(name, "other", said=[_plain(str(error))])
    except UnknownDeviceError as error:
        return FileResult(name, "aside", said=[_plain(f"{error} {_keep_aside(vault, path)}")])
    receipt = applied.receipt
    changed = applied.changed or applied.waiting or applied.revoked or applied.notes
    outcome: Outcome = "taken" if changed or (receipt and receipt.new) else "known"
    said = [*applied.notes, *(receipt.forks if receipt and receipt.new else ())]
    return FileResult(name, outcome, applied, receipt, said=said)


def _signed(vault: Vault, path: Path) -> FileResult:
    """Take in a receipt or a roster that lies there alone; any other file is none of ours."""
    name = _plain(path.name)
    try:
        # It may have grown, or become something else, since it was listed.
        with files.open_plain(path) as file:
            data = file.read(MAX_DOCUMENT_BYTES + 1)
        if len(data) > MAX_DOCUMENT_BYTES:
            return FileResult(name, "other")
        signed = Signed.read(data)
        kind = signed.value().get("t")
    except (MalformedError, OSError):
        return FileResult(name, "other")
    if kind == "receipt":
        if signed.value().get("device") != vault.identity.device:
            return FileResult(name, "other")
        receipt = take_signed_receipt(vault, signed)
        outcome: Outcome = "taken" if receipt.new else "known"
        return FileResult(
            name, outcome, receipt=receipt, said=list(receipt.forks) if receipt.new else []
        )
    if kind == "roster":
        found = read_roster(signed)
        if found.device(vault.identity.device) is None:
            return FileResult(name, "other")
        try:
            taken = take_signed_roster(vault, signed, found)
        except OlderRosterError:
            return FileResult(name, "known")
        outcome = "taken" if taken.changed else "known"
        return FileResult(name, outcome, roster=found.version, said=list(taken.notices))
    return FileResult(name, "other")


def _quarantined(vault: Vault) -> list[Path]:
    return sorted((vault.folder / QUARANTINE).glob(f"*{SUFFIX}"))


def _keep_aside(vault: Vault, path: Path) -> str:
    """Copy a bundle into the vault's folder, as it is; says in a sentence what came of it."""
    place = vault.folder / QUARANTINE
    if path.parent == place:
        return "It stays kept aside."
    try:
        held = sum(one.stat().st_size for one in _quarantined(vault))
        if held + path.stat().st_size > MAX_ASIDE_BYTES:
            return (
                f"It was not kept aside either, because {size(MAX_ASIDE_BYTES)} of such bundles "
                "are; keep the file."
            )
        place.mkdir(exist_ok=True, mode=0o700)
        with files.open_plain(path) as source:
            kept = place / (files.digest(source)[:16] + SUFFIX)
            if not kept.exists():
                source.seek(0)
                files.replace(kept, source)
    except OSError as error:
        return f"It could not be kept aside ({error.strerror or error}); keep the file."
    return "It is kept aside, encrypted, and taken in when a roster names that laptop."


def _seen(session: Session, name: str, size: int, changed: int, roster: int) -> bool:
    connection = session.connection()
    make_missing(connection, _house)
    row = connection.execute(
        select(files_seen.c.outcome, files_seen.c.roster).where(_is(name, size, changed))
    ).one_or_none()
    if row is None:
        return False
    # A later roster may name another laptop, or another root's may be explained by then.
    return row.outcome in ("taken", "known", "other") or row.roster == roster


def _saw(session: Session, name: str, size: int, changed: int, outcome: str, roster: int) -> None:
    connection: Connection = session.connection()
    make_missing(connection, _house)
    connection.execute(delete(files_seen).where(_is(name, size, changed)))
    connection.execute(
        files_seen.insert().values(
            name=name, size=size, changed=changed, outcome=outcome, roster=roster
        )
    )


def _is(name: str, size: int, changed: int) -> Any:
    return and_(
        files_seen.c.name == name, files_seen.c.size == size, files_seen.c.changed == changed
    )
