"""Restoring: into a new folder, verified, as a new epoch, so that no fork can come of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage.crypto.keyslots.errors import WrongPassphrase
from storage.exchange.export import export
from storage.exchange.receipts import ReceiptAlarmError, take_receipt
from storage.feed import drafts
from storage.feed.replay import differences
from storage.ops.op import FeedId
from storage.records import Note
from storage.records.log import Epoch
from storage.vault.anchors import anchor
from storage.vault.backup.errors import NoBackupError, RestoreRefusedError
from storage.vault.backup.generations import named
from storage.vault.backup.make import back_up
from storage.vault.backup.restore import Restored, restore
from storage.vault.check import check_vault
from storage.vault.epochs import RESTORED, SET_BACK, next_number
from storage.vault.folder import DATABASE, KEYS
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.storage.travelling import PASSPHRASE as TEAM_PASSPHRASE
from tests.storage.travelling import Team, work


def restored(backup: Path, to: Path, words: str = PASSPHRASE, *others: Path) -> Restored:
    return restore(backup, to, lambda keys: keys.unlock(words), others=others)


def notes(session: Session) -> set[str]:
    return {one.text for one in session.exec(select(Note))}


def epochs(session: Session) -> list[Epoch]:
    return list(session.exec(select(Epoch)))


def first_ops(vault: Vault) -> list[tuple[str, int]]:
    """Record kind and seq of the main feed of the present epoch."""

    def read(session: Session) -> list[tuple[str, int]]:
        rows = session.connection().exec_driver_sql(
            "SELECT record_kind, seq FROM op WHERE epoch = ? AND kind = 'main' ORDER BY seq",
            (vault.author.epoch,),
        )
        return [(row[0], row[1]) for row in rows]

    return vault.read_now(read)


def test_a_restored_vault_keeps_drafts_and_begins_a_new_epoch(vault: Vault, tmp_path: Path) -> None:
    vault.write_now(work)
    vault.write_now(drafts.save, "note/x", "text", "a note", "half a sen")
    backup = back_up(vault).backup.path
    bytes_before = {one.name: one.read_bytes() for one in backup.iterdir()}
    head = vault.read_now(
        lambda s: s.connection().exec_driver_sql("SELECT seq, head FROM feed").all()
    )
    found = restored(backup, tmp_path / "new")
    assert (found.ops, found.drafts, found.missing) == (sum(row[0] for row in head), 1, {})
    assert found.at[:10] == found.at[:4] + "-" + found.at[5:7] + "-" + found.at[8:10]
    assert {one.name: one.read_bytes() for one in backup.iterdir()} == bytes_before
    with open_vault(tmp_path / "new", PASSPHRASE) as opened:
        assert opened.epoch_change is not None and opened.epoch_change.why == RESTORED
        assert [one.text for one in opened.read_now(drafts.listed)] == ["half a sen"]
        assert first_ops(opened) == []
        epoch = opened.author.epoch
        opened.write_now(work, reference="WST-002")
        assert first_ops(opened)[0] == ("epoch", 1) and len(first_ops(opened)) > 1
        (begun,) = opened.read_now(epochs)
        assert sorted(begun.before.values()) == sorted([row[0], row[1].hex()] for row in head)
        assert opened.read_now(lambda s: differences(s.connection())) == []
        assert check_vault(opened).sound
    with open_vault(tmp_path / "new", PASSPHRASE) as opened:
        assert opened.epoch_change is None and opened.author.epoch == epoch
        opened.write_now(work, reference="WST-003")
        assert len(opened.read_now(epochs)) == 1
    with open_vault(backup, PASSPHRASE) as opened:
        assert opened.epoch_change is not None, "a backup opened as a vault would fork"


def test_only_looking_at_a_restored_vault_begins_nothing(vault: Vault, tmp_path: Path) -> None:
    backup = back_up(vault).backup.path
    restored(backup, tmp_path / "new")
    for _ in range(2):
        with open_vault(tmp_path / "new", PASSPHRASE) as opened:
            assert opened.epoch_change is not None
            assert opened.read_now(epochs) == []


def test_a_step_that_fails_leaves_the_beginning_to_the_next(vault: Vault, tmp_path: Path) -> None:
    backup = back_up(vault).backup.path
    restored(backup, tmp_path / "new")

    def fails(session: Session) -> None:
        work(session)
        session.flush()
        raise RuntimeError("after the flush")

    with open_vault(tmp_path / "new", PASSPHRASE) as opened:
        with pytest.raises(RuntimeError):
            opened.write_now(fails)
        assert first_ops(opened) == []
        opened.write_now(work)
        assert first_ops(opened)[0] == ("epoch", 1)
        assert check_vault(opened).sound


def test_nothing_is_restored_over_something_or_from_something_damaged(
    vault: Vault, tmp_path: Path
) -> None:
    vault.write_now(work)
    backup = back_up(vault).backup.path
    with pytest.raises(RestoreRefusedError, match="There is a vault in"):
        restored(backup, vault.folder)
    full = tmp_path / "full"
    full.mkdir()
    (full / "something").write_text("here")
    with pytest.raises(RestoreRefusedError, match="not empty"):
        restored(backup, full)
    with pytest.raises(WrongPassphrase):
        restored(backup, tmp_path / "new", "not the passphrase")
    with pytest.raises(NoBackupError):
        named("nothing", tmp_path)
    copy = tmp_path / "copy"
    shutil.copytree(backup, copy)
    data = bytearray((copy / DATABASE).read_bytes())
    data[-2000] ^= 1
    (copy / DATABASE).write_bytes(data)
    with pytest.raises(RestoreRefusedError, match="not whole"):
        restored(copy, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".new-*"))


def test_it_says_what_a_later_backup_and_the_vault_itself_know_more(
    vault: Vault, tmp_path: Path
) -> None:
    vault.write_now(work)
    place = tmp_path / "out"
    first = back_up(vault, place).backup
    vault.write_now(work, reference="WST-002")
    second = back_up(vault, place).backup
    main = FeedId(vault.author.device, 1, "main")
    found = restored(first.path, tmp_path / "one")
    assert found.missing[main] == (first.reach[main] + 1, second.reach[main])
    vault.write_now(work, reference="WST-003")
    anchor(vault)
    found = restored(second.path, tmp_path / "two", PASSPHRASE, vault.folder)
    assert found.missing[main][0] == second.reach[main] + 1
    assert found.known_by == (vault.folder,)


def test_old_and_restored_vault_both_write_and_all_of_it_reaches_central(
    team: Team, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with team.laptop("ada") as ada, team.central() as central:
        ada.write_now(work, words="before the backup")
        central.ingest([export(ada, out).path])
        backup = back_up(ada).backup.path
        ada.write_now(work, reference="WST-002", words="after the backup")
        central.ingest([export(ada, out).path])
        restored(backup, tmp_path / "new", TEAM_PASSPHRASE)
        ada.write_now(work, reference="WST-003", words="the old one writes on")
        with open_vault(tmp_path / "new", TEAM_PASSPHRASE) as new:
            new.write_now(work, reference="WST-004", words="the new one writes too")
            assert new.author.device == ada.author.device and new.author.epoch > ada.author.epoch
            central.ingest([export(new, out).path])
        central.ingest([export(ada, out).path])
        # The restored one, opened again, and a second one from the same backup.
        with open_vault(tmp_path / "new", TEAM_PASSPHRASE) as new:
            new.write_now(work, reference="WST-005", words="and on the next day")
            central.ingest([export(new, out).path])
        restored(backup, tmp_path / "twice", TEAM_PASSPHRASE)
        with open_vault(tmp_path / "twice", TEAM_PASSPHRASE) as twice:
            twice.write_now(work, reference="WST-006", words="restored twice")
            central.ingest([export(twice, out).path])
        assert central.store.read_now(notes) == {
            "before the backup",
            "after the backup",
            "the old one writes on",
            "the new one writes too",
            "and on the next day",
            "restored twice",
        }
        assert central.store.read_now(lambda s: differences(s.connection())) == []
        # A receipt that covers more of the earlier feeds than the restored vault holds is no alarm.
        receipt = tmp_path / "receipt"
        receipt.write_bytes(central.receipt(ada.author.device).encode())
        with open_vault(tmp_path / "new", TEAM_PASSPHRASE) as new:
            told = take_receipt(new, receipt)
            assert told.covers[FeedId(new.author.device, new.author.epoch, "main")] > 0


def moved_on(team: Team, folder: Path) -> tuple[dict[str, bytes], Path]:
    """What Ada's folder held before its last step went to central, and the receipt for that."""
    with team.laptop("ada") as ada:
        ada.write_now(work, words="first")
    old = {one.name: one.read_bytes() for one in ada.folder.iterdir()}
    with team.laptop("ada") as ada, team.central() as central:
        ada.write_now(work, reference="WST-002", words="second")
        central.ingest([export(ada, folder).path])
        receipt = folder / "receipt"
        receipt.write_bytes(central.receipt(ada.author.device).encode())
    return old, receipt


def test_a_database_put_back_is_told_and_goes_on_in_a_new_epoch(team: Team, tmp_path: Path) -> None:
    old, _ = moved_on(team, tmp_path)
    # The database alone is what it was; the key file beside it is today's.
    (team.folder / "ada" / DATABASE).write_bytes(old[DATABASE])
    with team.laptop("ada") as ada, team.central() as central:
        assert ada.epoch_change is not None and ada.epoch_change.set_back
        assert sum(ada.epoch_change.missing.values()) > 0
        found = check_vault(ada)
        assert found.anchors and not found.sound and not (found.chain or found.tables)
        ada.write_now(work, reference="WST-003", words="third")
        central.ingest([export(ada, tmp_path).path])
        assert central.store.read_now(notes) == {"first", "second", "third"}
        assert check_vault(ada).sound
    with team.laptop("ada") as ada:
        assert ada.epoch_change is None
        (begun,) = ada.read_now(epochs)
        assert begun.why == SET_BACK


def test_with_its_key_file_put_back_too_the_receipt_tells(team: Team, tmp_path: Path) -> None:
    old, receipt = moved_on(team, tmp_path)
    for name in (DATABASE, KEYS, f"{KEYS}.bak"):
        (team.folder / "ada" / name).write_bytes(old[name])
    with team.laptop("ada") as ada:
        before = ada.author.epoch
        with pytest.raises(ReceiptAlarmError, match="set back"):
            take_receipt(ada, receipt)
        assert ada.epoch_change is not None and ada.epoch_change.set_back
        assert ada.author.epoch > before == 1
    with team.laptop("ada") as ada, team.central() as central:
        assert ada.epoch_change is not None and ada.epoch_change.set_back, "forgotten with the lock"
        ada.write_now(work, reference="WST-003", words="third")
        take_receipt(ada, receipt)
        central.ingest([export(ada, tmp_path).path])
        assert central.store.read_now(notes) == {"first", "second", "third"}


def test_two_restores_share_no_epoch_where_the_clock_was_set_back() -> None:
    """By the clock alone both would take the number after the backup's."""
    ahead = {"epoch": str(2**43).encode()}
    numbers = {next_number(ahead) for _ in range(5)}
    assert len(numbers) == 5
    assert min(numbers) > 2**43
