"""Central itself: its keys, the roster it proposes and uses, what it takes in and confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import canonical
from storage.age import KeyIdentity
from storage.bundle.reader import Progress, Trust
from storage.central import ledger, reporting
from storage.central.ingesting import IngestSummary, ingest
from storage.central.keeping import Keeping
from storage.central.people import check_person
from storage.clock import wall_ms, wall_text
from storage.enrolment import read_request_file
from storage.errors import FieldkitError
from storage.keyslots import Argon2Params
from storage.keyslots.derive import DEFAULT
from storage.receipt import digest
from storage.roster import (
    Central as CentralEntry,
)
from storage.roster import (
    Device,
    OlderRosterError,
    Planned,
    Roster,
    RosterError,
    check_line,
    from_value,
    read_roster,
)
from storage.signing import Signed
from storage.vault import Vault

ROOT = "root"
"""The root key's folder inside central's, until it is taken away to be kept offline."""
VALID_DAYS = 365
"""How long a roster is valid before it warns."""

_KIND, _ROSTER, _PROPOSAL = "central_kind", "roster", "proposal"


class NoRosterError(FieldkitError):
    """Central has no signed roster yet."""


class Central:
    """Central, unlocked; ended by :meth:`lock`."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.store: Keeping = vault
        self.folder = vault.folder

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase: str,
        *,
        org: str,
        post_quantum: bool = True,
        methodology: str = "",
        params: Argon2Params = DEFAULT,
    ) -> tuple[Central, str]:
        """Make central's keys and store; returns it and its recovery code.

        Its first roster is proposed, for the root key to sign. Raises as
        :meth:`storage.vault.Vault.create` does, and :class:`RosterError` where the organisation's
        or the methodology's name is not one line.
        """
        check_line(org, "organisation's name")
        check_line(methodology, "methodology's name")
        vault, code = Vault.create(folder, passphrase, "central", params=params)
        vault.set_fact_now(_KIND, b"pq" if post_quantum else b"x25519")
        made = cls(vault)
        made._propose(
            Roster(
                org=org,
                team=vault.keys.vault_id,
                version=1,
                issued="",
                expires="",
                central=made._entry(),
                methodology=methodology,
            )
        )
        return made, code

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> Central:
        """Unlock; raises as :meth:`storage.vault.Vault.open` does."""
        vault = Vault.open(folder, passphrase)
        if _KIND not in vault.facts_now():
            vault.lock()
            raise FieldkitError(
                f"The vault in {folder} is not central's. Nothing was changed. Name central's "
                "folder with --store, or make one with «fieldkit central init»."
            )
        return cls(vault)

    @property
    def identity(self) -> KeyIdentity:
        """The age identity that opens bundles for central; ``encode`` gives its secret text."""
        kind = self._vault.facts_now()[_KIND].decode()
        own = self._vault.identity
        return own.age_pq if kind == "pq" else own.age_x25519

    def _entry(self) -> CentralEntry:
        kind = self._vault.facts_now()[_KIND].decode()
        recipient = self.identity.recipient().encode()
        return CentralEntry(self._vault.identity.public, (recipient,), kind)

    # --- the roster

    @property
    def signed_roster(self) -> Signed | None:
        """The roster in use, as the root key signed it."""
        data = self._vault.facts_now().get(_ROSTER)
        return None if data is None else Signed.read(data)

    @property
    def proposal(self) -> Roster | None:
        """The roster that waits for the root key's signature."""
        data = self._vault.facts_now().get(_PROPOSAL)
        return from_value(canonical.loads(data)) if data else None

    def roster(self) -> tuple[Signed, Roster]:
        """The roster in use; raises :class:`NoRosterError`."""
        signed = self.signed_roster
        if signed is None:
            raise NoRosterError(
                "The root key has signed no roster yet. Nothing was changed. Sign it with "
                "«fieldkit central root sign»."
            )
        return signed, read_roster(signed)

    def enrol(self, request: Path, *, name: str = "", same_person: bool = False) -> Device:
        """Add a laptop, or renew its entry, in the next roster; its root signature is awaited.

        For callers that hold the fingerprint against the laptop's own words themselves, before
        the root key signs. Where a person has to compare first, :meth:`considered` reads the
        request and :meth:`admit` proposes what was read.

        Args:
            request: the laptop's file.
            name: what to call the laptop instead of what it calls itself.
            same_person: the administrator says that a new laptop is a known person's further one.

        Raises:
            MalformedError, SignatureError, WeakKeyError: the request is refused.
            RosterError: the laptop was revoked, or its person is another's.
        """
        device = self.considered(request, name=name, same_person=same_person)
        self.admit(device)
        return device

    def considered(self, request: Path, *, name: str = "", same_person: bool = False) -> Device:
        """The entry that a request would get; nothing is changed. As :meth:`enrol` otherwise."""
        device = read_request_file(request)
        check_line(name, "laptop's name")
        before = self._next()
        known = before.device(device.id)
        if known is not None and known.until is not None:
            raise RosterError(
                f"Laptop {known.name} was revoked and is not enrolled again. Nothing was changed. "
                "Make a new vault on it and enrol that."
            )
        check_person(before, device, same_person)
        if known is not None:
            device = replace(device, since=known.since)
        return replace(device, name=name) if name else device

    def admit(self, device: Device) -> None:
        """Propose an entry of :meth:`considered`, once somebody has compared its fingerprint."""
        before = self._next()
        if before.device(device.id) != device:
            self._propose(before.with_device(device))

    def plan(self, inspection: Planned) -> None:
        """Give an inspection of the team its one id, in the next roster.

        Raises:
            RosterError: a text of it is not one line.
        """
        for text in (inspection.id, inspection.force, inspection.starts, inspection.ends):
            check_line(text, "inspection's id, force or date")
        before = self._next()
        kept = tuple(one for one in before.inspections if one.id != inspection.id)
        self._propose(replace(before, inspections=(*kept, inspection)))

    def revoke(self, device: str) -> Device:
        """End a laptop's time: of its feeds nothing is accepted beyond what is known here now.

        One revoked before stays as it was. The root's signature is awaited.

        Raises:
            RosterError: there is no such laptop.
        """
        before = self._next()
        found = before.device(device)
        if found is None:
            raise RosterError(f"There is no laptop {device} on the roster. Nothing was changed.")
        if found.until is not None:
            return found
        known = self.store.read_now(reporting.stands)
        until = {feed: seq for feed, (seq, _) in known.items() if feed.startswith(f"{device}/")}
        revoked = replace(found, until=until)
        self._propose(before.with_device(revoked))
        return revoked

    def _next(self) -> Roster:
        """What the next roster says so far."""
        waiting = self.proposal
        if waiting is not None:
            return waiting
        _, roster = self.roster()
        return replace(roster, version=roster.version + 1, root=b"")

    def _propose(self, roster: Roster) -> None:
        now = datetime.fromtimestamp(wall_ms() / 1000, UTC)
        stamped = replace(
            roster,
            issued=wall_text(int(now.timestamp() * 1000)),
            expires=wall_text(int((now + timedelta(days=VALID_DAYS)).timestamp() * 1000)),
        )
        self._vault.set_fact_now(_PROPOSAL, canonical.dumps(stamped.value()))

    def take_roster(self, signed: Signed) -> Roster:
        """Use a roster that the root key has signed.

        Raises:
            OlderRosterError: a later version is in use.
            RosterError: it is by another root, or not central's own.
        """
        roster = read_roster(signed)
        entry = self._entry()
        if roster.central.sign_pk != entry.sign_pk or (
            not set(entry.recipients) <= set(roster.central.recipients)
        ):
            raise RosterError(
                "This roster names another central than this one. Nothing was changed. Check that "
                "it is the right file."
            )
        before = self.signed_roster
        if before is not None:
            known = read_roster(before)
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
        self._vault.set_fact_now(_ROSTER, signed.encode())
        waiting = self.proposal
        if waiting is not None and waiting.version <= roster.version:
            self._vault.set_fact_now(_PROPOSAL, b"")
        return roster

    # --- bundles and receipts

    def trust(self) -> Trust:
        """The roster and keys that bundles are judged by; raises :class:`NoRosterError`."""
        _, roster = self.roster()
        identity = self.identity
        return Trust(roster, (identity.recipient().encode(),), (identity,))

    def ingest(self, paths: Sequence[Path], progress: Progress | None = None) -> IngestSummary:
        """Take in bundles, files or folders of them; the same again changes nothing.

        Raises:
            NoRosterError: there is nothing to judge them by.
        """
        return ingest(self.store, self.folder, self.trust(), paths, progress)

    def receipt(self, device: str) -> Signed:
        """A receipt for a laptop: how far central holds every feed of the team.

        Raises:
            RosterError: the laptop is not on the roster.
        """
        _, roster = self.roster()
        if roster.device(device) is None:
            raise RosterError(f"There is no laptop {device} on the roster. Nothing was changed.")
        receipt = self.store.read_now(reporting.receipt, roster, device)
        signed = receipt.sign(self._vault.identity.signing)
        self.store.write_now(ledger.give, device, digest(signed), receipt.at)
        return signed

    def report(self) -> reporting.Report:
        """What central holds."""
        return self.store.read_now(reporting.report)

    def lock(self) -> None:
        """Close the store and forget the keys."""
        self._vault.lock()

    def __enter__(self) -> Central:
        return self

    def __exit__(self, *_: object) -> None:
        self.lock()
