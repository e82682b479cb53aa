"""How a laptop joins: its request goes out, and the organisation's roster comes back.

The roster is believed because a person compared the fingerprint of its root key, once. From then on
the root key is pinned and versions never go down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sqlmodel import Session

from storage import files
from storage.bundle.revoked import apply_roster
from storage.bundle.verify import Trust
from storage.crypto.fingerprint import fingerprint
from storage.crypto.signing import MAX_DOCUMENT_BYTES, Signed
from storage.errors import FieldkitError
from storage.ops.clock import wall_ms, wall_text
from storage.ops.text import tidy_line
from storage.trust.current import ALARM, FORMER, ROOT, ROSTER
from storage.trust.request import make_request
from storage.trust.roster import OlderRosterError, Roster, RosterError, check_line
from storage.trust.roster_changes import changes, refuse_foreign_keys, unsigned_text
from storage.trust.roster_document import read_roster
from storage.vault.stage import undisturbed
from storage.vault.vault import Vault


class NotEnrolledError(FieldkitError):
    """There is no roster in this vault yet."""


class FingerprintNotConfirmedError(RosterError):
    """A person has to compare the fingerprint before a first roster is believed."""

    def __init__(self, words: str) -> None:
        super().__init__(
            f"The roster's fingerprint is: {words}. Nothing was changed. Compare it with the words "
            "that central's administrator gave you, aloud or on paper, and confirm that they are "
            "the same."
        )
        self.words = words


@dataclass(frozen=True)
class RosterTaken:
    """A roster taken in.

    Attributes:
        roster: what it says.
        fingerprint: of its root key.
        changed: it is newer than the one before.
        moved: how many records changed, because it no longer accepts ops of a revoked laptop, or
            accepts some again.
        notices: what of it a person has to know, in sentences: whose keys it changes, and whose
            are not signed by their own laptop.
    """

    roster: Roster
    fingerprint: str
    changed: bool
    moved: int = 0
    notices: tuple[str, ...] = ()


def enrol_request(vault: Vault, path: Path, name: str = "") -> str:
    """Write this laptop's request to be put on the roster; returns its fingerprint.

    Args:
        vault: unlocked.
        path: the file to be made; it holds public keys and the person's name only.
        name: what people call the laptop; by default its person's.

    Raises:
        RosterError: the name is not one line of at most 100 characters, or nothing of the person's
            name shows.
    """
    identity = vault.identity
    if not tidy_line(identity.person.name):
        raise RosterError(
            "The name that this vault was made with has no visible letters, so it cannot stand on "
            "a roster. No request was written, and nothing was changed. Make a new vault with a "
            "plain name, and enrol that."
        )
    called = check_line(name, "laptop's name") or tidy_line(
        f"{tidy_line(identity.person.name)[:80]}, laptop {identity.device[:4]}"
    )
    signed = make_request(identity, called, wall_text(wall_ms()))
    files.write(path, signed.encode())
    return identity.fingerprint


def read_roster_file(path: Path) -> tuple[Signed, Roster]:
    """Read a roster and check its signature by the key it names; no vault is needed."""
    signed = Signed.read(files.read(path, MAX_DOCUMENT_BYTES))
    return signed, read_roster(signed)


def take_roster(vault: Vault, path: Path, fingerprint_confirmed: bool) -> RosterTaken:
    """Use a roster from now on.

    Args:
        vault: unlocked.
        path: the roster.
        fingerprint_confirmed: a person compared the root key's fingerprint; needed once.

    Raises:
        FingerprintNotConfirmedError: it is the first, and nobody compared.
        OlderRosterError: a later version is in use already.
        RosterError: another root key, or this laptop is not on it.
    """
    signed, roster = read_roster_file(path)
    return take_signed_roster(vault, signed, roster, fingerprint_confirmed)


def take_signed_roster(
    vault: Vault, signed: Signed, roster: Roster, fingerprint_confirmed: bool = False
) -> RosterTaken:
    """Use a roster that was read already; as :func:`take_roster` otherwise."""
    taken = judge_roster(vault, signed, roster, fingerprint_confirmed)
    if not taken.changed:
        return taken
    with undisturbed(vault):
        moved = vault.write_now(use_roster, signed, roster, vault.identity.device)
    return replace(taken, moved=moved)


def judge_roster(
    vault: Vault, signed: Signed, roster: Roster, fingerprint_confirmed: bool = False
) -> RosterTaken:
    """Return what :func:`take_roster` would say of a roster, and raise as it does."""
    words = fingerprint(roster.root)
    pinned = vault.fact_now(ROOT)
    if pinned is not None and pinned != roster.root:
        raise RosterError(
            f"This roster is signed by another root key ({words}) than the one this laptop "
            f"trusts ({fingerprint(pinned)}). Nothing was changed. Do not use it before central's "
            "administrator has explained it to you in person."
        )
    entry = roster.device(vault.identity.device)
    if entry is not None and entry.person_id != vault.person.id:
        raise RosterError(
            f"This roster gives this laptop to another person ({entry.person}). Nothing was "
            "changed. A laptop never changes its person: tell central's administrator."
        )
    if entry is None:
        raise RosterError(
            "This laptop is not on the roster. Nothing was changed. Give central's administrator "
            "this laptop's request, and take in the roster made after it."
        )
    if entry.sign_pk != vault.identity.public or entry.recipients != vault.identity.recipients:
        if pinned is not None:
            # Home says so until a right roster comes.
            vault.set_fact_now(ALARM, str(roster.version))
        raise RosterError(
            "This roster gives this laptop keys that are not its own: whoever holds them could "
            f"read what colleagues and central send you. Its words say “{entry.fingerprint}”, this "
            f"laptop's are “{vault.identity.fingerprint}”. Nothing was changed. Exchange with "
            "nobody who uses this roster, and tell central's administrator in person, now."
        )
    in_use = vault.fact_now(ROSTER)
    if in_use is not None:
        before, known = in_use
        if roster.version < known.version:
            raise OlderRosterError(
                f"This is version {roster.version} of the roster, and version {known.version} is "
                "in use already. Nothing was changed. Ask for the latest roster."
            )
        if roster.version == known.version:
            if before.body != signed.body:
                raise RosterError(
                    f"There are two different rosters of version {roster.version}. Nothing was "
                    "changed. Tell central's administrator."
                )
            return RosterTaken(roster, words, changed=False)
    elif not fingerprint_confirmed:
        raise FingerprintNotConfirmedError(words)
    believed = in_use[1] if in_use else None
    refuse_foreign_keys(believed, roster)
    return RosterTaken(roster, words, changed=True, notices=_notices(believed, roster))


def _notices(before: Roster | None, roster: Roster) -> tuple[str, ...]:
    """Say what a laptop's person has to know of a roster that is taken in."""
    grave = [change.text for change in changes(before, roster) if change.grave and before]
    unsigned = unsigned_text(roster)
    return (*grave, unsigned) if unsigned else tuple(grave)


def use_roster(session: Session, signed: Signed, roster: Roster, own: str) -> int:
    """Use a roster, and count what it accepts and nothing else, in one transaction."""
    connection = session.connection()
    FORMER.put(connection, ROSTER.within(connection))
    ROOT.put(connection, roster.root)
    ROSTER.put(connection, (signed, roster))
    ALARM.put(connection, "")
    return len(apply_roster(connection, roster, own))


def signed_roster(vault: Vault) -> tuple[Signed, Roster]:
    """Return the roster in use; raises :class:`NotEnrolledError` before enrolment."""
    in_use = vault.fact_now(ROSTER)
    if in_use is None:
        raise NotEnrolledError(
            "This laptop is not enrolled yet, so there is nobody to send to. Nothing was changed. "
            "Join a team: press j in the exchange (x), or write a request with “fieldkit enrol "
            "request --to FILE” and take the roster that comes back in with “fieldkit enrol "
            "ROSTER”."
        )
    return in_use


def trust_of(vault: Vault, roster: Roster) -> Trust:
    """Return what this vault judges bundles by: a roster, and its own keys."""
    identity = vault.identity
    return Trust(roster, tuple(identity.recipients.values()), tuple(identity.identities))
