"""Central itself: its keys, the roster it proposes and uses, what it takes in and confirms."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from storage.bundle.verify import Trust
from storage.central import report as reporting
from storage.central.hand_out import HandedOut, Sender
from storage.central.intake import ledger
from storage.central.intake.ingest import IngestSummary, ingest
from storage.central.location import refuse_keys_alone, refuse_records, remember_database
from storage.central.postgres.database import Database
from storage.central.roster.keys import KIND, Keys
from storage.central.roster.proposals import Rosters
from storage.central.store import OpStore, ReadableStore
from storage.crypto.age import KeyIdentity
from storage.crypto.keyslots.kdf import DEFAULT, Argon2Params
from storage.crypto.signing import Signed
from storage.errors import FieldkitError
from storage.progress import Progress, silent
from storage.trust.receipt import document_digest
from storage.trust.roster import Device, Roster, RosterError, check_line, check_name
from storage.vault.leftovers import unmake
from storage.vault.unlock import create_vault, open_vault
from storage.vault.vault import Vault

if TYPE_CHECKING:
    from storage.central.postgres.workers import Workers

ROOT = "root"
"""The root key's folder inside central's, until it is taken away to be kept offline."""


class Central(Rosters):
    """Central, unlocked; ended by :meth:`lock`.

    Its keys and its roster are in a vault. So are the feeds, unless a database was named.
    """

    def __init__(self, vault: Vault, database: Database | None = None) -> None:
        self._vault = vault
        self._database = database
        self.store: OpStore = vault if database is None else database
        self.keys = Keys(vault)
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
        url: str = "",
    ) -> tuple[Central, str]:
        """Make central's keys and store; returns it and its recovery code.

        Its first roster is proposed, for the root key to sign. With ``url`` the feeds are kept in
        that database, whose tables are made. Raises as
        :func:`storage.vault.unlock.create_vault` and ``Database.make`` do, nothing then being
        left behind, and :class:`RosterError` where the organisation's or the methodology's name is
        not one line.
        """
        check_name(org, "organisation's name")
        check_line(methodology, "methodology's name")
        database = Database(url) if url else None
        if database is not None:
            # Before anything is made: whether it is there, and not of a later fieldkit.
            database.version()
        vault, code = create_vault(folder, passphrase, "central", params=params)
        team = vault.keys.vault_id
        try:
            vault.set_fact_now(KIND, "pq" if post_quantum else "x25519")
            if database is not None:
                database.make(team)
                remember_database(vault, database)
        except BaseException:
            vault.lock()
            unmake(folder, team)
            raise
        central = cls(vault, database)
        entry = central.keys.entry()
        central._propose(Roster(org, team, 1, "", "", entry, methodology=methodology))
        return central, code

    @classmethod
    def open(cls, folder: Path, passphrase: str, *, url: str = "") -> Central:
        """Unlock; raises as :func:`storage.vault.unlock.open_vault` and ``Database.check`` do.

        Raises:
            RecordsElsewhereError: no database was named, and the records are in one.
            RecordsHereError: a database was named, and the folder has records of its own.
        """
        central = cls._unlocked(folder, passphrase, url)
        try:
            if central._database is None:
                refuse_keys_alone(central._vault)
            else:
                central._database.check(central._vault.keys.vault_id)
                refuse_records(central._vault)
                remember_database(central._vault, central._database)
        except BaseException:
            central.lock()
            raise
        return central

    @classmethod
    def upgrade(
        cls, folder: Path, passphrase: str, url: str, *, without_records: bool = False
    ) -> tuple[str | None, str]:
        """Make or bring up to date the tables in a database for keys that are there already.

        Returns the version of the tables before, if any, and now. Records that lie in the keys'
        folder are not carried over: ``without_records`` says that this is known. Raises as
        :meth:`open` and ``Database.make`` do.
        """
        with cls._unlocked(folder, passphrase, url) as central:
            database = Database(url)
            before = database.version()
            if not without_records:
                refuse_records(central._vault)
            database.make(central._vault.keys.vault_id)
            remember_database(central._vault, database)
            return before, database.present()

    @classmethod
    def _unlocked(cls, folder: Path, passphrase: str, url: str) -> Central:
        database = Database(url) if url else None
        vault = open_vault(folder, passphrase)
        if vault.fact_now(KIND) is None:
            vault.lock()
            raise FieldkitError(
                f"The vault in {folder} is not central's. Nothing was changed. Name central's "
                "folder with --store (or, beside a database, with --keys), or make one with "
                "“fieldkit central init”."
            )
        return cls(vault, database)

    @property
    def identity(self) -> KeyIdentity:
        """Return the age identity that opens bundles; ``encode`` gives its secret text."""
        return self.keys.opening()[-1].identity

    # --- bundles and receipts

    def trust(self) -> Trust:
        """Return the roster and keys that bundles are judged by; raises :class:`NoRosterError`."""
        keys = self.keys.opening()
        return Trust(
            self.judging(),
            tuple(one.recipient for one in keys),
            tuple(one.identity for one in keys),
        )

    @property
    def on_database(self) -> bool:
        """Say whether the feeds are in a database, where several processes may take bundles in."""
        return self._database is not None

    def workers(self) -> Workers:
        """Return what takes bundles into the database; central may be locked while it works.

        Raises:
            NoRosterError: there is nothing to judge them by.
        """
        from storage.central.postgres.workers import WorkerInput, Workers

        if self._database is None:
            raise FieldkitError("Central's records are in its own folder, which one process opens.")
        signed, _ = self.roster()
        secrets = tuple(one.identity.encode() for one in self.keys.opening())
        url = self._database.url.render_as_string(hide_password=False)
        return Workers(WorkerInput(url, self.folder, signed, secrets, self.revoked_since()))

    def ingest(
        self, paths: Sequence[Path], progress: Progress = silent, workers: int = 1
    ) -> IngestSummary:
        """Take in bundles, files or folders of them; the same again changes nothing.

        ``workers`` processes work at once where the feeds are in a database.

        Raises:
            NoRosterError: there is nothing to judge them by.
        """
        if self._database is not None:
            from storage.central.postgres.standing import keep_up

            taken = self.workers().ingest(paths, progress, workers)
            self._database.write_now(keep_up)
            return taken
        return ingest(self._vault, self.folder, self.trust(), paths, progress)

    def receipt(self, device: str) -> Signed:
        """Return a receipt for a laptop: how far central holds every feed of the team.

        Raises:
            RosterError: the laptop is not on the roster.
        """
        _, roster = self.roster()
        self._listed(roster, device)
        receipt = self.store.read_now(reporting.receipt, roster, device)
        signed = receipt.sign(self.keys.signing(roster))
        self.store.write_now(ledger.record_receipt, device, document_digest(signed), receipt.at)
        return signed

    def send_receipt(self, device: str, folder: Path) -> Path:
        """Return a receipt as a bundle that the laptop merges, the roster with it.

        Raises:
            RosterError: the laptop is not on the roster, or was revoked.
            NotWrittenError: the folder cannot be written.
        """
        sender = self._sender()
        laptop = self._listed(sender.roster, device, going_on=True)
        return sender.send_receipt(laptop, folder, self.receipt(device))

    def hand_out(
        self,
        inspection: str,
        device: str,
        folder: Path,
        *,
        with_key: bool = True,
        progress: Progress = silent,
    ) -> HandedOut:
        """Write all that central holds of an inspection for a laptop: a replacement, or a review.

        Raises:
            RosterError: the laptop is not on the roster, or was revoked.
            NothingHeldError, NotWrittenError.
        """
        sender = self._sender()
        laptop = self._listed(sender.roster, device, going_on=True)
        return sender.hand_out(
            inspection, laptop, folder, self.receipt(device), with_key=with_key, progress=progress
        )

    def _sender(self) -> Sender:
        signed, roster = self.roster()
        return Sender(self.store, signed, roster, self.keys.signing(roster))

    def _listed(self, roster: Roster, device: str, *, going_on: bool = False) -> Device:
        laptop = roster.device(device)
        if laptop is None:
            raise RosterError(f"There is no laptop {device} on the roster. Nothing was changed.")
        if going_on and laptop.until is not None:
            raise RosterError(
                f"Laptop {laptop.name} was revoked, so nothing is made for it. Nothing was "
                "changed. Enrol the laptop that takes its place, and name that."
            )
        return laptop

    # --- reports

    def report(self, only: Collection[str] | None = None) -> reporting.Report:
        """Return what central holds.

        Args:
            only: the ids of the inspections to be told of; all where it is not given, which adds
                up all that central holds. Beside a database whose entries count for nothing is
                told of these inspections only, as it takes all of their ops.
        """
        reports: list[reporting.InspectionReport] = []
        alarms: list[str] = []
        roster = None if self.signed_roster is None else self.roster()[1]
        if self._database is None:
            if only is None or only:
                reports.extend(self._vault.read_now(reporting.inspections, only))
            alarms.extend(self._vault.read_now(reporting.refused, roster))
        else:
            for group in self.inspections() if only is None or only else ():
                if only is None or not frozenset(only).isdisjoint(group):
                    with self.reading(group) as reading:
                        reports.extend(reading.read_now(reporting.inspections, only))
                        alarms.extend(reading.read_now(reporting.refused, roster))
        holdings = self.store.read_now(reporting.holdings)
        return reporting.Report(holdings, tuple(reports), tuple(dict.fromkeys(alarms)))

    def inspections(self) -> list[tuple[str, ...]]:
        """Return the ids of the inspections held; :meth:`reading` reads each group at once."""
        if self._database is None:
            return self._vault.read_now(reporting.by_force)
        from storage.central.postgres.working_copy import inspections_by_force

        return self.store.read_now(inspections_by_force)

    @contextmanager
    def standing(self, inspections: Sequence[str] = ()) -> Iterator[ReadableStore]:
        """Return a store to read the wordings of inspections from, of all where none are named.

        It has inspections, points, what was told of them, and recommendations with what belongs to
        them; whatever else :meth:`reading` would find may be missing. Its cost grows with these.
        """
        if self._database is None:
            yield self._vault
            return
        from storage.central.postgres.standing import standing_copy

        with standing_copy(self._database, inspections) as copy:
            yield copy

    @contextmanager
    def reading(self, inspections: Sequence[str]) -> Iterator[ReadableStore]:
        """Return a store with the tables of records of some inspections, to read from."""
        if self._database is None:
            yield self._vault
            return
        from storage.central.postgres.working_copy import working_copy

        with working_copy(self._database, inspections) as copy:
            yield copy

    def lock(self) -> None:
        """Close the store and forget the keys."""
        self._vault.lock()

    def __enter__(self) -> Central:
        return self

    def __exit__(self, *_: object) -> None:
        self.lock()
