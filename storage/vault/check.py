"""Checks a vault wholly: file, chain, tables, search, drafts, key file and anchors.

The check reads a copy of the database, made while the vault is used (the copying itself reads and
authenticates every page), so that nobody who types waits for it.
"""

from __future__ import annotations

import json
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, fields
from threading import Lock
from typing import Any

from sqlalchemy import Connection, select
from sqlcipher3 import dbapi2

from storage.crypto.keyslots.kdf import database_key
from storage.crypto.keyslots.keyfile import KeyFile
from storage.database.cipher import findings, findings_in_copy, open_cipher
from storage.database.connection import CACHE_KIB_FOR_REPLAY, set_cache_size
from storage.database.errors import DatabaseRefusedError, StoreDamagedError, translate_errors
from storage.database.facts import Fact
from storage.database.tables import drafts, feeds
from storage.errors import FieldkitError
from storage.feed import replay
from storage.feed.chain import check_chains
from storage.feed.projection import LeafTexts, leaf_texts_of_copy
from storage.feed.refused import refused_entries, refused_here
from storage.feed.replay import differences_by_part
from storage.ops.canonical_json import MalformedError
from storage.ops.clock import wall_ms, wall_text
from storage.ops.op import OpId
from storage.progress import Progress, labelled, silent
from storage.trust.current import roster_in
from storage.vault.anchors import behind
from storage.vault.attachments import damaged
from storage.vault.backup.errors import BackupNotWrittenError, UnsoundVaultError
from storage.vault.backup.make import copied_as_it_lies, copied_from
from storage.vault.leftovers import scratch
from storage.vault.stage import undisturbed
from storage.vault.store import Store
from storage.vault.vault import EARLIER_KEYS, Vault


def _last_check(data: bytes) -> tuple[str, int]:
    value = json.loads(data)
    return str(value["at"]), int(value["findings"])


LAST = Fact(
    "check/last",
    lambda last: json.dumps({"at": last[0], "findings": last[1]}).encode(),
    _last_check,
)
"""When the vault was last checked, ISO 8601 in UTC, and how many things were found."""

ADVICE = {
    "pages": "Copy the whole folder of the vault aside as it is, before anything else. Then "
    "restore the latest backup into a new folder with “fieldkit vault restore”; what it lacks, "
    "central and colleagues can send back.",
    "chain": "What was written has been changed behind fieldkit's back. Copy the whole folder "
    "aside as it is, export nothing from it, tell whoever administers central, and restore the "
    "latest backup into a new folder.",
    "tables": "The entries themselves are whole; what is made from them is not. Run “fieldkit "
    "vault check --rebuild”, which makes a backup and then the tables anew.",
    "search": "No entry is touched; only the search index, which is made from them. Run “fieldkit "
    "vault check --mend-search”.",
    "drafts": "Open “fieldkit drafts”, copy out what can be read, and finish or discard it.",
    "keys": "Where it says that a copy was written anew, nothing is left to do. Otherwise change "
    "the passphrase with “fieldkit vault passphrase”, which writes both files anew, and make a "
    "backup.",
    "files": "No entry is touched. Take the file from a backup, or ask whoever sent it.",
    "anchors": "The database was put back to an earlier state. What was written since is in a "
    "later backup, or at central, which can send it back; what is written from now on begins anew "
    "and disturbs nothing.",
}
"""For each part of a check, what to do next where something was found."""


Leaves = Future[LeafTexts | None]
Findings = Future[list[str]]


class CheckNotMadeError(FieldkitError):
    """The vault could not be checked, and was not changed."""


@dataclass(frozen=True)
class Checkup:
    """Holds what a check found; every list is empty where all is well.

    Attributes:
        ops: how many ops were looked at.
        feeds: how many feeds they stand in.
        pages: what SQLCipher and SQLite say against the database file.
        chain: where a feed's chain does not hold.
        tables: where the tables are not what the ops add up to.
        search: where the search index is not what the tables say.
        drafts: texts that wait and cannot be read.
        keys: what is wrong with the key file or the copy beside it.
        files: files kept in the vault whose bytes are not those that were kept.
        anchors: feeds that had come further once than the database knows.
        refused: whose entries count for nothing, and why; the vault is sound all the same.
    """

    ops: int
    feeds: int
    pages: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """Return what was found, by part, in the order in which it matters."""
        return {one.name: getattr(self, one.name) for one in fields(self)[2:-1]}

    @property
    def sound(self) -> bool:
        """Say whether nothing was found."""
        return not any(self.parts.values())

    @property
    def advice(self) -> list[str]:
        """Return what to do next, a sentence or two for each part where something was found."""
        return [ADVICE[part] for part, found in self.parts.items() if found]


def check_vault(vault: Vault, progress: Progress = silent) -> Checkup:
    """Check an unlocked vault wholly; not to be called on the clerk's own thread.

    Reads and verifies everything; changes nothing but the note of when it was checked. A key file's
    copy that was missing or older is written anew, and told.

    Raises:
        CheckNotMadeError: there was no room for the copy that is read, the vault is being checked
            already, or it was locked meanwhile.
        UnfinishedError: a long job was cut short since the vault was unlocked.
        BackupStoppedError: the vault was locked while it was copied.
    """
    if not _one_at_a_time.acquire(blocking=False):
        raise CheckNotMadeError(
            "The vault is being checked already. Nothing was changed; you are told when that check "
            "is finished."
        )
    try:
        return _checked(vault, _until_locked(vault, progress))
    finally:
        _one_at_a_time.release()
        vault.spare_memory()


_one_at_a_time = Lock()
"""A check holds all rows of a vault in memory: two at once take twice as much."""


def _until_locked(vault: Vault, progress: Progress) -> Progress:
    """Return a progress that ends the check of a vault which was locked, for it has a key too."""

    def told(what: str, done: int, total: int) -> None:
        if vault.locked:
            raise CheckNotMadeError(
                "The vault was locked before its check was finished. Nothing was changed; unlock "
                "it and check again."
            )
        progress(what, done, total)

    return told


def _checked(vault: Vault, progress: Progress) -> Checkup:
    keys = _keys(vault)
    hexkey = vault.with_key(lambda _, key: database_key(key))
    checkup = None
    with suppress(DatabaseRefusedError, StoreDamagedError):
        checkup = _of_copy(vault, hexkey, keys, progress, as_it_lies=True)
    try:
        if checkup is None or any(checkup.parts[part] for part in _READ):
            # Nothing is told of a copy of the bytes that is not so in SQLite's own copy.
            checkup = _of_copy(vault, hexkey, keys, progress)
    except (UnsoundVaultError, StoreDamagedError):
        checkup = None
    if checkup is None:
        # Something cannot be read, so there is no copy; nobody should go on typing anyway.
        checkup = vault.upkeep_now(lambda store: _as_it_lies(store, keys))
    with suppress(FieldkitError):
        vault.set_fact_now(LAST, (wall_text(wall_ms()), sum(map(len, checkup.parts.values()))))
    return checkup


_READ = ADVICE.keys() - {"keys"}
"""The parts of a check that are read in the copy."""


def _of_copy(
    vault: Vault, hexkey: str, keys: list[str], progress: Progress, *, as_it_lies: bool = False
) -> Checkup | None:
    """Check a copy, which is gone afterwards; None where its bytes could not be copied whole.

    A copy of the bytes takes a fourth of the time of SQLite's own, which reads and encrypts each
    page anew, and none of the clerk's.
    """
    told = labelled(progress, "every page")
    with ExitStack() as stack:
        try:
            path = stack.enter_context(scratch(vault.folder)) / "copy.db"
            with undisturbed(vault):  # in the middle of a long job, tables lag behind
                if not as_it_lies:
                    copied_from(vault, path, hexkey, told)
                elif not copied_as_it_lies(vault, path, hexkey, told):
                    return None
        except BackupNotWrittenError as error:
            raise _no_room(str(error.__cause__)) from error
        except OSError as error:
            raise _no_room(str(error.strerror or error)) from error
        connection = stack.enter_context(closing(open_cipher(path, hexkey)))
        set_cache_size(connection.execute, CACHE_KIB_FOR_REPLAY)
        beside = stack.enter_context(ThreadPoolExecutor(1))
        texts = beside.submit(leaf_texts_of_copy, path, hexkey)
        structure = beside.submit(findings_in_copy, path, hexkey, sealed=as_it_lies)
        with translate_errors():
            return _all_of(connection, texts, structure, vault, keys, progress)


def _no_room(reason: str) -> CheckNotMadeError:
    return CheckNotMadeError(
        "To be checked while it is used, the vault is copied within its folder first, and the copy "
        f"could not be written ({reason}). Nothing was changed. Make room on the disk of the vault "
        "and check again."
    )


def _all_of(
    raw: Any, texts: Leaves, structure: Findings, vault: Vault, keys: list[str], progress: Progress
) -> Checkup:
    store = Store(raw)
    facts = store.facts()
    with store.engine.connect() as connection:
        tables, index, changed = _tables(connection, texts, labelled(progress, "tables"))
        count, chain = check_chains(connection, progress, changed)
        progress("structure of the file", 0, 1)
        pages = structure.result()
        progress("structure of the file", 1, 1)
        return Checkup(
            ops=count,
            feeds=len(connection.execute(select(feeds)).all()),
            pages=tuple(pages),
            chain=tuple(chain),
            tables=tuple(tables),
            search=tuple(index or _index(raw)),
            drafts=tuple(_drafts(connection)),
            keys=tuple(keys),
            files=tuple(damaged(connection)),
            anchors=tuple(_anchors(raw, vault, facts)),
            refused=tuple(refused_entries(refused_here(connection), roster_in(connection))),
        )


def _as_it_lies(store: Store, keys: list[str]) -> Checkup:
    """Return what can still be said of a database that cannot be read in full."""
    pages = findings(store.connection, whole=True) or ["a page cannot be read"]
    count, chain, number = 0, ["the chain cannot be followed through a page that is damaged"], 0
    with suppress(Exception), store.engine.connect() as connection:
        number = len(connection.execute(select(feeds)).all())
        count, chain = check_chains(connection)
    return Checkup(count, number, tuple(pages), tuple(chain), keys=tuple(keys))


def _tables(
    connection: Connection, texts: Leaves, progress: Progress
) -> tuple[list[str], list[str], set[OpId] | None]:
    """Return what is wrong with the tables and with the index, and the ops whose bytes are others.

    In place of the last there is None where not all of the ops could be looked at.
    """
    changed: set[OpId] = set()
    try:
        return *differences_by_part(connection, progress, changed, texts.result), changed
    except (ValueError, KeyError, TypeError, MalformedError):
        # Not an accident of this program's: the chain's own findings name the op.
        return ["the ops cannot be replayed, because one of them cannot be read"], [], None


def _index(raw: Any) -> list[str]:
    """Say whether the full-text index agrees with its own texts (FTS5 manual, 6.4)."""
    try:
        raw.execute("INSERT INTO words(words) VALUES('integrity-check')")
    except dbapi2.DatabaseError as error:
        return [f"the full-text index contradicts its texts ({error})"]
    return []


def _drafts(connection: Connection) -> list[str]:
    """Texts that wait and are not what was typed: every column but the last is a text."""
    rows = map(tuple, connection.execute(select(drafts)))
    wrong = (row for row in rows if not all(isinstance(value, str) for value in row[:-1]))
    return [f"draft {row[0]}: it cannot be read" for row in wrong]


def _keys(vault: Vault) -> list[str]:
    """Return what is wrong with the key file on the disk; its copy is made good by looking."""
    findings: list[str] = []

    def look(keys: KeyFile, _: bytearray) -> None:
        if keys.is_copy_stale and not vault.earlier_keys:
            findings.append("the copy of the key file was missing or older, and was written anew")
        try:
            if KeyFile.load(keys.path).generation != keys.generation:
                findings.append(
                    "the key file on the disk is not the one this vault was opened with"
                )
        except FieldkitError as error:
            findings.append(str(error))

    if vault.earlier_keys:
        findings.append(EARLIER_KEYS)
    try:
        vault.with_key(look)
    except FieldkitError as error:
        findings.append(str(error))
    return findings


def _anchors(raw: Any, vault: Vault, facts: dict[str, bytes]) -> list[str]:
    missing = behind(raw.execute, facts, vault.keys.anchors)
    return [
        f"feed {feed}: it had come to entry {anchor.seq:,}, and this database does not know that "
        "entry"
        for feed, anchor in sorted(missing.items())
    ]


def mend_search(vault: Vault) -> int:
    """Make the search index anew from the tables; returns how many records it finds now.

    All of it happens in one transaction; not to be called on the clerk's own thread.
    """

    def mend(store: Store) -> int:
        with store.engine.begin() as connection:
            return replay.mend_search(connection)

    return vault.upkeep_now(mend)
