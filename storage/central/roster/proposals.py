"""The roster at central: what is proposed, what the root key signed, and what is in use.

Everything that changes it makes a proposal of the next version; nothing counts before the root key
has signed. Versions never go down, and one version never says two things.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlmodel import Session

from storage.bundle.revoked import apply_roster
from storage.central import report
from storage.central.roster.checks import check_person, check_planned, days, same_as
from storage.central.roster.keys import Keys, in_days
from storage.central.store import OpStore
from storage.crypto.signing import Signed
from storage.database.facts import Fact
from storage.errors import FieldkitError
from storage.ops import canonical_json
from storage.ops.op import FeedId
from storage.trust.request import read_request_file
from storage.trust.roster import (
    Device,
    OlderRosterError,
    PlannedInspection,
    Roster,
    RosterError,
    check_line,
)
from storage.trust.roster_changes import refuse_foreign_keys
from storage.trust.roster_document import read_kept_roster, read_roster, roster_from_value
from storage.vault.vault import Vault

VALID_DAYS = 365
"""How long a roster is valid before it warns."""

_ROSTER = Fact("roster", Signed.encode, Signed.read)
_PROPOSAL: Fact[Roster | None] = Fact(
    "proposal",
    lambda roster: canonical_json.dumps(roster.value()) if roster else b"",
    lambda data: roster_from_value(canonical_json.loads(data)) if data else None,
)


class NoRosterError(FieldkitError):
    """Central has no signed roster yet."""


class Rosters:
    """Central's roster, kept in its vault."""

    _vault: Vault
    store: OpStore
    keys: Keys

    @property
    def signed_roster(self) -> Signed | None:
        """Return the roster in use, as the root key signed it."""
        return self._vault.fact_now(_ROSTER)

    @property
    def proposal(self) -> Roster | None:
        """Return the roster that waits for the root key's signature."""
        return self._vault.fact_now(_PROPOSAL)

    def roster(self) -> tuple[Signed, Roster]:
        """Return the roster in use; raises :class:`NoRosterError`."""
        signed = self.signed_roster
        if signed is None:
            raise NoRosterError(
                "The root key has signed no roster yet. Nothing was changed. Sign it with "
                "“fieldkit central root sign”."
            )
        return signed, read_kept_roster(signed)

    def enrol(
        self, request: Path, *, name: str = "", same_person: bool = False, same_name: bool = False
    ) -> Device:
        """Add a laptop, or renew its entry, in the next roster; its root signature is awaited.

        For callers that hold the fingerprint against the laptop's own words themselves, before
        the root key signs. Where a person has to compare first, :meth:`considered` reads the
        request and :meth:`admit` proposes what was read.

        Args:
            request: the laptop's file.
            name: what to call the laptop instead of what it calls itself.
            same_person: the administrator says that a new laptop is a known person's further one.
            same_name: the administrator says that a new person may have a known person's name.

        Raises:
            MalformedError, SignatureError, WeakKeyError: the request is refused.
            RosterError: the laptop was revoked, or its person or name is another's.
        """
        device = self.considered(request, name=name, same_person=same_person, same_name=same_name)
        self.admit(device)
        return device

    def considered(
        self, request: Path, *, name: str = "", same_person: bool = False, same_name: bool = False
    ) -> Device:
        """Return the entry that a request would get, and change nothing; else as :meth:`enrol`."""
        device = read_request_file(request)
        check_line(name, "laptop's name")
        before = self._next()
        known = before.device(device.id)
        if known is not None and known.until is not None:
            raise RosterError(
                f"Laptop {known.name} was revoked and is not enrolled again. Nothing was changed. "
                "Make a new vault on it and enrol that."
            )
        check_person(before, device, same_person, same_name)
        if known is not None:
            device = replace(device, since=known.since)
        return replace(device, name=name) if name else device

    def admit(self, device: Device) -> None:
        """Propose an entry of :meth:`considered`, once somebody has compared its fingerprint."""
        before = self._next()
        if before.device(device.id) != device:
            self._propose(before.with_device(device))

    def planned(self) -> tuple[PlannedInspection, ...]:
        """Return the inspections on the next roster, as far as it is made."""
        return self._next().inspections

    def plan(self, inspection: PlannedInspection, *, second: bool = False) -> None:
        """Give an inspection of the team its one id, in the next roster; or change one of that id.

        Args:
            inspection: with its days, where they are known.
            second: it is known that there is one of the same force and dates.

        Raises:
            RosterError: it names no force or days that are none, a text of it is not one line, or
                there is one of the same force and dates.
        """
        check_planned(inspection)
        before = self._next()
        other = None if second else same_as(inspection, before.inspections)
        if other is not None:
            raise RosterError(
                f"There is an inspection of {other.force} for these dates on the roster already "
                f"({other.id}, {days(other)}). Nothing was changed. Change that one with --id; if "
                "a second is really meant, say --second."
            )
        staying = tuple(one for one in before.inspections if one.id != inspection.id)
        self._propose(replace(before, inspections=(*staying, inspection)))

    def withdraw(self, inspection: str) -> PlannedInspection:
        """Take an inspection off the next roster. Laptops that take part in it already keep it.

        Raises:
            RosterError: it is not on it.
        """
        before = self._next()
        inspection_entry = next((one for one in before.inspections if one.id == inspection), None)
        if inspection_entry is None:
            raise RosterError(
                f"There is no inspection {inspection} on the roster. Nothing was changed. "
                "“fieldkit central roster --json” lists them."
            )
        staying = tuple(one for one in before.inspections if one.id != inspection)
        self._propose(replace(before, inspections=staying))
        return inspection_entry

    def revoke(self, device: str) -> Device:
        """End a laptop's time: of its feeds nothing is accepted beyond what is known here now.

        One revoked before stays as it was. The root's signature is awaited.

        Raises:
            RosterError: there is no such laptop.
        """
        before = self._next()
        laptop = before.device(device)
        if laptop is None:
            raise RosterError(f"There is no laptop {device} on the roster. Nothing was changed.")
        if laptop.until is not None:
            return laptop
        until, signed = self.store.read_now(report.end_of, device)
        revoked = replace(laptop, until=until, signed=signed)
        self._propose(before.with_device(revoked))
        return revoked

    def rotate(self, *, signing: bool = False) -> Roster:
        """Make central a new key, and name it in the next roster; the root signature is awaited.

        Bundles made by an older roster still open. With ``signing`` receipts get another key too,
        for when the one before may be known to others: laptops then send everything once more.

        Raises:
            RosterError: a new key waits for the signature already; nobody would ever use it.
        """
        self._next()
        waiting, signed = self.proposal, self.signed_roster
        if waiting is not None and (
            signed is None or waiting.central != read_kept_roster(signed).central
        ):
            raise RosterError(
                "A new key of central's waits for the root's signature already, in version "
                f"{waiting.version} of the roster. Nothing was changed. Have that signed first "
                "(“fieldkit central root sign”), and rotate again if it is still needed."
            )
        self.keys.rotate(signing=signing)
        made = replace(self._next(), central=self.keys.entry())
        self._propose(made)
        return made

    def renew(self) -> Roster:
        """Propose the same roster for another year; the root signature is awaited."""
        self._propose(self._next())
        return self._next()

    def forget(self, days: int | None = None) -> int:
        """Destroy central's keys that were replaced at least so many days ago; gives how many.

        By default the roster's grace period. A key that the roster in use names stays.
        """
        _, roster = self.roster()
        return self.keys.forget(roster, roster.grace_days if days is None else days)

    def forgettable_from(self, days: int | None = None) -> str:
        """Return the day from which on :meth:`forget` would destroy a key; else an empty text."""
        _, roster = self.roster()
        return self.keys.forgettable_from(roster, roster.grace_days if days is None else days)

    def judging(self) -> Roster:
        """Return the roster that bundles are judged by: the one in use, and what was revoked since.

        From its revocation on nothing of a laptop's is accepted, also while the root's signature
        is awaited. Raises :class:`NoRosterError`.
        """
        _, roster = self.roster()
        return roster.with_ended(self.revoked_since())

    def revoked_since(self) -> dict[str, dict[FeedId, int]]:
        """Return where the feeds end of laptops whose revocation the root has not signed yet."""
        waiting = self.proposal
        devices = () if waiting is None else waiting.devices
        return {one.id: one.until for one in devices if one.until is not None}

    def _next(self) -> Roster:
        """Return what the next roster says so far."""
        waiting = self.proposal
        if waiting is not None:
            return waiting
        _, roster = self.roster()
        return replace(roster, version=roster.version + 1, root=b"")

    def _propose(self, roster: Roster) -> None:
        stamped = replace(roster, issued=in_days(0), expires=in_days(VALID_DAYS))
        self._vault.set_fact_now(_PROPOSAL, stamped)

    def take_roster(self, signed: Signed) -> Roster:
        """Use a roster that the root key has signed.

        Raises:
            OlderRosterError: a later version is in use.
            RosterError: it is by another root, or not central's own.
        """
        roster = read_roster(signed)
        if not self.keys.are_named_by(roster):
            raise RosterError(
                "This roster names another central than this one. Nothing was changed. Check that "
                "it is the right file."
            )
        before = self.signed_roster
        if before is not None:
            known = read_kept_roster(before)
            if known.root != roster.root:
                raise RosterError(
                    "This roster is signed by another root key than the one in use. Nothing was "
                    "changed. Check where it came from."
                )
            if known.version > roster.version or (
                known.version == roster.version and before.body != signed.body
            ):
                raise OlderRosterError(
                    f"Version {known.version} of the roster is in use, and this is version "
                    f"{roster.version}. Nothing was changed."
                )
            refuse_foreign_keys(known, roster)
        self._vault.set_fact_now(_ROSTER, signed)
        waiting = self.proposal
        if waiting is not None and waiting.version <= roster.version:
            self._vault.set_fact_now(_PROPOSAL, None)
            # What was proposed after the copy that was signed, a revocation perhaps, is not lost.
            alike = replace(
                waiting,
                root=roster.root,
                version=roster.version,
                issued=roster.issued,
                expires=roster.expires,
            )
            if alike != roster:
                self._propose(replace(waiting, version=roster.version + 1))
        if self.store is self._vault:
            self._vault.write_now(_keep_to, roster, self._vault.identity.device)
        return roster


def _keep_to(session: Session, roster: Roster, own: str) -> None:
    """Count what a roster accepts and nothing else, as laptops do."""
    apply_roster(session.connection(), roster, own)
