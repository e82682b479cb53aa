"""Joining a team: rosters that lie in a folder, the words that are compared, and what is joined."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fieldkit.inspections import join
from fieldkit.inspections.corrected import plans_not_understood
from fieldkit.inspections.join import Offer
from fieldkit.inspections.reminders import ended
from fieldkit.service import RefusedError
from fieldkit.wording.format import flat
from storage import files
from storage.crypto.fingerprint import fingerprint, is_same_fingerprint
from storage.crypto.signing import MAX_DOCUMENT_BYTES, Signed
from storage.errors import FieldkitError
from storage.exchange.enrol import RosterTaken, take_signed_roster
from storage.ops.text import many, tidy_line
from storage.records import Inspection
from storage.trust.current import ROOT
from storage.trust.request import read_request_file
from storage.trust.roster import Roster
from storage.trust.roster_document import read_roster
from storage.vault.vault import Vault

MOST_READ = 200
"""Files of a folder, of those that begin as a signed document does, that are read."""
NO_ROSTER = (
    "There is no roster in {folder}. Nothing was changed. Put the file that central's "
    "administrator gave you there, or choose another folder."
)


@dataclass(frozen=True)
class RosterFile:
    """Holds a roster that was read from a file, its signature checked by the key that it names.

    Attributes:
        path: the file.
        signed: what was read; the file is not read a second time, for a stick may answer otherwise.
        roster: what it says.
    """

    path: Path
    signed: Signed
    roster: Roster

    @property
    def words(self) -> str:
        """Return the fingerprint of its root key, seven words."""
        return fingerprint(self.roster.root)


@dataclass(frozen=True)
class Enrolled:
    """Says what came of a roster that was taken in.

    Attributes:
        taken: the roster, and what a person has to know of it.
        joined: the inspections that this laptop takes part in now.
        waiting: those for which a person is asked first, one of their dates being here.
        over: that this laptop's time on the roster has ended; empty where it has not.
        trouble: why its inspections could not be joined; the roster counts all the same.
    """

    taken: RosterTaken
    joined: list[Inspection]
    waiting: list[Offer]
    over: str
    trouble: str

    @property
    def lines(self) -> list[str]:
        """Return what is true now, in sentences."""
        roster = self.taken.roster
        state = "is in use now" if self.taken.changed else "was in use already"
        lines = [f"Version {roster.version} of {roster.org}'s roster {state}."]
        lines += [f"You take part in the team's inspection of {one.force}." for one in self.joined]
        if self.taken.moved:
            lines.append(
                f"{self.taken.moved:,} records changed, because the roster ended or renewed a "
                "laptop's time."
            )
        return lines

    @property
    def trouble_text(self) -> str:
        """Say why no inspection was joined; empty where nothing went wrong."""
        if not self.trouble:
            return ""
        return (
            f"The roster is in use, but its inspections were not joined: {self.trouble} Ask "
            "central's administrator to put that right on the next roster."
        )


def request_name(vault: Vault) -> str:
    """Return the name of the file of this laptop's request, which every file system takes."""
    name = "".join(
        letter if letter.isascii() and letter.isalnum() else "-"
        for letter in tidy_line(vault.person.name).casefold()
    )
    person = "-".join(part for part in name.split("-") if part)[:40]
    return f"request-{person or 'laptop'}-{vault.identity.device[:4]}.json"


def is_own_request(vault: Vault, path: Path) -> bool:
    """Say whether a file is the request of this laptop, whole and with the keys it has now."""
    try:
        device = read_request_file(path)
    except (FieldkitError, OSError):
        return False
    identity = vault.identity
    return (device.sign_pk, device.recipients) == (identity.public, identity.recipients)


@dataclass(frozen=True)
class RostersFound:
    """Holds the rosters that lie in a folder.

    Attributes:
        rosters: those that hold, the latest version first.
        damaged: a sentence for each file that says it is a roster and does not hold.
        beyond: how many files that may be rosters were not looked into.
    """

    rosters: list[RosterFile]
    damaged: list[str]
    beyond: int = 0

    @property
    def warning(self) -> str:
        """Say what else in the folder may be a roster; empty where there is nothing."""
        warnings = list(self.damaged)
        if self.beyond:
            warnings.append(
                f"{many(self.beyond, 'older file')} of the folder that may be rosters were not "
                "read. Put the roster into a folder of its own if it is among them."
            )
        return "\n".join(warnings)


def rosters_in(folder: Path) -> RostersFound:
    """Return the rosters that lie in a folder, and what looks like one and does not hold.

    Raises:
        RefusedError: no roster there holds.
    """
    rosters: list[RosterFile] = []
    damaged: list[str] = []
    documents = _documents(folder)
    for path in documents[:MOST_READ]:
        signed = _read(path)
        if signed is None:
            continue
        try:
            rosters.append(RosterFile(path, signed, read_roster(signed)))
        except FieldkitError as refusal:
            damaged.append(f"{flat(path.name)}: {refusal}")
    rosters.sort(key=lambda one: (one.roster.org, -one.roster.version, one.path.name))
    found = RostersFound(rosters, damaged, max(0, len(documents) - MOST_READ))
    if not rosters:
        raise RefusedError(found.warning or NO_ROSTER.format(folder=folder))
    return found


def _documents(folder: Path) -> list[Path]:
    """Return the files of a folder that begin as a signed document does, the latest first.

    None where the folder is not there. A full folder of downloads has thousands of other files.
    """
    documents: list[tuple[float, str, Path]] = []
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError, FieldkitError):
                facts = path.lstat()
                if (
                    not path.name.startswith(".")
                    and files.is_plain(path)
                    and 0 < facts.st_size <= MAX_DOCUMENT_BYTES
                    and _begins_as_document(path)
                ):
                    documents.append((-facts.st_mtime, path.name, path))
    return [path for _, _, path in sorted(documents)]


def _begins_as_document(path: Path) -> bool:
    with files.open_plain(path) as file:
        return file.read(1) == b"{"


def _read(path: Path) -> Signed | None:
    """Return the signed document that says it is a roster; nothing of any other file."""
    try:
        with files.open_plain(path) as file:
            data = file.read(MAX_DOCUMENT_BYTES + 1)
        if len(data) > MAX_DOCUMENT_BYTES:
            return None
        signed = Signed.read(data)
        return signed if signed.value().get("t") == "roster" else None
    except (FieldkitError, OSError, ValueError):
        return None


def needs_comparing(vault: Vault) -> bool:
    """Say whether a person has to compare a roster's words first: no root key is trusted yet."""
    return vault.fact_now(ROOT) is None


def refuse_other_words(typed: str, words: str) -> None:
    """Raise :class:`RefusedError` where the words typed are not a roster's fingerprint.

    It names the first word that differs, never the right one: what a person types has to come from
    central's administrator.
    """
    if is_same_fingerprint(typed, words):
        return
    said, right = typed.replace(",", " ").split(), words.split()
    if len(said) != len(right):
        raise RefusedError(
            f"The words of a roster are {len(right)}, and {len(said)} were typed. Nothing was "
            "changed."
        )
    wrong = next(
        (n for n, pair in enumerate(zip(said, right, strict=True), 1)
         if not is_same_fingerprint(*pair)), len(right),
    )  # fmt: skip
    raise RefusedError(
        f"Word {wrong} is not the roster's. Nothing was changed. Type them again; if they are what "
        "central's administrator told you, do not use this roster before they have explained it."
    )


def enrol(vault: Vault, signed: Signed, roster: Roster, *, confirmed: bool) -> Enrolled:
    """Use a roster from now on, and take part in its inspections.

    Not to be called on the clerk's own thread.

    Args:
        vault: unlocked.
        signed: the roster's document.
        roster: what it says.
        confirmed: a person compared the words of its root key; needed once.

    Raises:
        RosterError: as :func:`storage.exchange.enrol.take_roster` does; nothing was changed.
    """
    taken = take_signed_roster(vault, signed, roster, confirmed)
    over = vault.read_now(ended)
    try:
        joined, waiting = vault.write_now(join.join_all)
    except FieldkitError as error:
        # The roster counts all the same, and with it whose time has ended.
        return Enrolled(taken, [], [], over, str(error))
    not_joined = " ".join(vault.read_now(plans_not_understood))
    return Enrolled(taken, joined, waiting, over, not_joined)
