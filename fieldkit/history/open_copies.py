"""The files that anybody can read and that left this vault: open copies, until somebody says more.

Nobody can take a hand-over back, so whoever wrote it says once where it went: deleted here, or
given to whom. Until then it is named on home. Only files that this laptop wrote are listed, and
only what this laptop says of them counts; where each was written stays in this vault.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session

from fieldkit.service import NotThereError, RefusedError, existing, filled
from fieldkit.wording.dates import short_moment
from fieldkit.wording.format import line
from storage import files
from storage.database.facts import Fact
from storage.feed.journal import because
from storage.files import NewFile, NotMadeError
from storage.history.delivery import own_records
from storage.ops.text import many
from storage.records import Disclosure

if TYPE_CHECKING:
    from storage.vault.vault import Vault

DELETED = "deleted from this laptop"
GIVEN = "given to {whom}"
REPLACED = "replaced by a later one in its place"
OURSELVES = "inspector who wrote it out"
"""For whom a file is that nobody was named for."""
SHORTEST_PREFIX = 4
"""Characters of an id from which it may stand for the whole."""
_PATHS = Fact.json("open_copies")
"""Where each file was written, by the id of its disclosure; it goes nowhere."""


@dataclass(frozen=True, slots=True)
class OpenCopy:
    """Holds a file that was written readable.

    Attributes:
        id: of its disclosure.
        inspection_id: which inspection it is of.
        what: what it is, with the file's name.
        recipient: for whom it was written.
        at: when, in this laptop's local time; ``wall`` is ISO 8601 in UTC.
        path: where it was written; empty where an early fieldkit did not keep it.
        sha256: of its bytes, in hexadecimal digits.
        whereabouts: what was said of where it went; empty while it is open.
    """

    id: str
    inspection_id: str
    what: str
    recipient: str
    at: str
    wall: str
    path: str
    sha256: str
    whereabouts: str

    @property
    def text(self) -> str:
        """Return it in a line."""
        where = f", {self.path}" if self.path else ""
        return f"{self.what}, {self.at}, for the {self.recipient}{where}"


def write_copy(
    vault: Vault,
    path: Path,
    data: bytes,
    disclosure: Disclosure,
    further: Sequence[Disclosure] = (),
) -> str:
    """Write a new file that anybody can read and record that it left; returns its SHA-256.

    ``further`` are the disclosures of other inspections whose words are in it; they stand on record
    beside the first one, which is the file's own.

    The disclosure is on record before the file has its name, and is withdrawn, with the reason,
    where it cannot be given it. Not to be called on the clerk's own thread. Raises `NotMadeError`:
    something lies there already, or it cannot be written.
    """
    file = NewFile(path, data)
    disclosure.change(sha256=file.sha256)
    copies = [disclosure.id, *(one.id for one in further)]
    try:
        vault.write_now(_record, disclosure, path, further)
    except BaseException:
        file.discard()
        raise
    try:
        file.publish()
    except NotMadeError:
        vault.write_now(_withdraw, *copies)
        raise
    return file.sha256


def replace_copy(vault: Vault, path: Path, data: bytes, disclosure: Disclosure, known: str) -> str:
    """Write a readable file in the place of an earlier one, and record that it left.

    What was said to be open of the earlier one is closed: the new one has taken its place. Not to
    be called on the clerk's own thread.

    Args:
        vault: the vault.
        path: the file.
        data: all that it is to hold.
        disclosure: what is recorded of it.
        known: the SHA-256 of the file as it was read; another one is not written over.

    Returns its SHA-256. Raises `NotMadeError`: the file was changed since, or cannot be written.
    """
    disclosure.change(sha256=hashlib.sha256(data).hexdigest())
    copy, sha256 = disclosure.id, disclosure.sha256
    vault.write_now(_record, disclosure, path)
    try:
        if files.sha256(path) != known:
            raise NotMadeError(
                f"{path} was changed while it was read. Nothing left the vault. Close it where it "
                "is open, and try again."
            )
        files.replace(path, data)
    except OSError as error:
        vault.write_now(_withdraw, copy)
        raise NotMadeError(
            f"{path} could not be written ({error.strerror or error}). It stands as it was, and "
            "nothing left the vault. Close it where it is open, and try again."
        ) from error
    except NotMadeError:
        vault.write_now(_withdraw, copy)
        raise
    vault.write_now(_replaced, path, copy)
    return sha256


def _replaced(s: Session, path: Path, copy: str) -> None:
    """Say of the earlier files of that place that a later one has taken it."""
    for one in open_copies(s):
        if one.path == str(path) and one.id != copy:
            existing(s, Disclosure, one.id).change(whereabouts=REPLACED)


def _record(
    s: Session, disclosure: Disclosure, path: Path, further: Sequence[Disclosure] = ()
) -> None:
    connection = s.connection()
    s.add_all((disclosure, *further))
    _PATHS.put(connection, {**(_PATHS.within(connection) or {}), disclosure.id: str(path)})


def _withdraw(s: Session, *disclosures: str) -> None:
    records = [s.get(Disclosure, one) for one in disclosures]
    with because(s, "the file could not be given its name and was removed"):
        for record in filter(None, records):
            s.delete(record)


def readable_copies(s: Session, inspection_id: str = "") -> list[OpenCopy]:
    """Return every file that was written readable, the latest first; of one inspection, or all."""
    connection = s.connection()
    paths = _PATHS.within(connection) or {}
    copies = [
        OpenCopy(
            id=record,
            inspection_id=str(values.get("inspection_id", "")),
            what=str(values.get("what", "")),
            recipient=str(values.get("recipient", "")),
            at=short_moment(str(values.get("at", ""))),
            wall=str(values.get("at", "")),
            path=str(paths.get(record, "")),
            sha256=str(values.get("sha256", "")),
            whereabouts=str(values.get("whereabouts", "")),
        )
        for record, values in own_records(connection, Disclosure).items()
        if values.get("sha256") and not values.get("bundle")
    ]
    wanted = (one for one in copies if inspection_id in ("", one.inspection_id))
    return sorted(wanted, key=lambda one: (one.wall, one.id), reverse=True)


def open_copies(s: Session) -> list[OpenCopy]:
    """Return those of which nobody has said where they went, the latest first."""
    return [one for one in readable_copies(s) if not one.whereabouts]


def open_copies_text(s: Session) -> str:
    """Say for home how many open copies there are, and which is the latest; empty for none."""
    copies = open_copies(s)
    if not copies:
        return ""
    latest = copies[0]
    more = f"{many(len(copies), 'file')}, the latest " if len(copies) > 1 else ""
    return f"{more}{line(latest.what, 60)}, {latest.at}, for the {latest.recipient}"


def lies_there(copy: OpenCopy) -> bool:
    """Say whether the file lies where it was written, byte for byte; not for the clerk's thread."""
    try:
        return bool(copy.path) and files.sha256(Path(copy.path)) == copy.sha256
    except OSError:
        return False


def find_copy(s: Session, wanted: str) -> OpenCopy:
    """Return the one of that id, or whose id begins so; raises `NotThereError`."""
    text = wanted.strip().lower()
    named = [
        one
        for one in readable_copies(s)
        if len(text) >= SHORTEST_PREFIX and one.id.startswith(text)
    ]
    if len(named) != 1:
        raise NotThereError(
            f"No single readable file that this laptop wrote is called “{wanted}”. Nothing was "
            "changed. “fieldkit copies --all” lists them with their ids."
        )
    return named[0]


def say_given(s: Session, copy: str, whom: str) -> str:
    """Record to whom a file was given; says so. Raises `RefusedError` where nobody is named."""
    return _say(s, copy, GIVEN.format(whom=filled(whom, "To whom it was given")))


def say_deleted(vault: Vault, copy: OpenCopy) -> str:
    """Record that a file was deleted here; says so. Not to be called on the clerk's own thread.

    Raises `RefusedError` where it still lies where it was written: fieldkit takes no file away that
    was written for somebody.
    """
    if lies_there(copy):
        raise RefusedError(
            f"{copy.path} still lies there as it was written. Nothing was recorded. Delete it "
            "first, also from the bin, or say to whom it was given."
        )
    return vault.write_now(_say, copy.id, DELETED)


def _say(s: Session, copy: str, words: str) -> str:
    disclosure = existing(s, Disclosure, copy)
    disclosure.change(whereabouts=words).confirm("whereabouts")
    return f"On record: {disclosure.what} was {words}."
