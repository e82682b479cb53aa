"""Migration by replay: after a verified backup, whole or not at all, old bytes under new names."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage.database.tables import SCHEMA
from storage.feed import derived, drafts
from storage.feed.derived import SHAPE, present
from storage.feed.replay import differences
from storage.feed.writer import Writer
from storage.ops import op as ops
from storage.ops.op import MAIN
from storage.ops.upcast import load
from storage.records import Note
from storage.vault import migrate, store, unlock
from storage.vault.backup.generations import backups_in, default_place
from storage.vault.check import check_vault
from storage.vault.store import NewerVaultError
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.storage.ops.test_upcast import GOOD
from tests.storage.travelling import CANARY, work

FIXTURES = Path(__file__).with_name("vaults")


def notes(vault: Vault) -> set[str]:
    return {one.text for one in vault.read_now(lambda s: s.exec(select(Note)).all())}


def version(vault: Vault) -> int:
    found: int = vault.upkeep_now(
        lambda at: at.connection.execute("PRAGMA user_version").fetchone()[0]
    )
    return found


def make_older(vault: Vault) -> None:
    """As an earlier fieldkit would have left it: a table fewer, one more, other columns."""

    def older(session: Session) -> None:
        run = session.connection().exec_driver_sql
        run("DROP TABLE epoch")
        run("ALTER TABLE note DROP COLUMN language")
        run("CREATE TABLE jotting (id TEXT PRIMARY KEY, body TEXT)")
        run("INSERT INTO jotting VALUES ('x', 'of an earlier version')")

    vault.write_now(older)
    told = present().decode().replace('"epoch"', '"jotting"')
    vault.set_fact_now(SHAPE, told.encode())


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> int:
    """This fieldkit writes the version after the one that the vaults of these tests are of."""
    for module in (migrate, derived, store):
        monkeypatch.setattr(module, "SCHEMA", SCHEMA + 1)
    return SCHEMA + 1


@pytest.mark.parametrize("folder", sorted(FIXTURES.glob("format-*")), ids=lambda one: str(one.name))
def test_every_released_format_is_read(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "vault")
    said = re.search(r"Passphrase: `(.+?)`", (folder / "README.md").read_text("utf-8"))
    assert said is not None
    with open_vault(tmp_path / "vault", said[1]) as vault:
        assert notes(vault) == {CANARY, "second case"}
        assert [one.text for one in vault.read_now(drafts.listed)] == ["half a sen"]
        assert vault.read_now(lambda s: differences(s.connection())) == []
        found = check_vault(vault)
        assert found.sound and found.ops >= 10
        vault.write_now(work, reference="WST-003", words="written today")
        assert "written today" in notes(vault)


def test_an_older_vault_is_brought_up_to_date_after_a_backup(vault: Vault, later: int) -> None:
    vault.write_now(work)
    vault.write_now(drafts.save, "note/x", "text", "a note", "half a sen")
    make_older(vault)
    vault.lock()
    told: list[tuple[str, int, int]] = []
    with open_vault(vault.folder, PASSPHRASE, lambda *one: told.append(one)) as opened:
        assert version(opened) == later
        assert notes(opened) == {CANARY}
        assert [one.text for one in opened.read_now(drafts.listed)] == ["half a sen"]
        tables = opened.read_now(
            lambda s: (
                s.connection()
                .exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
                .scalars()
                .all()
            )
        )
        assert "epoch" in tables and "jotting" not in tables
        assert check_vault(opened).sound
    assert [one[0] for one in told[:1]] == [migrate.BACKING_UP]
    assert told[-1][0] == migrate.REPLAYING and told[-1][1] == told[-1][2]
    (backup,) = backups_in(default_place(vault.folder))
    told.clear()
    with open_vault(vault.folder, PASSPHRASE, lambda *one: told.append(one)):
        assert told == []
    assert len(backups_in(backup.path.parent)) == 1


def test_names_of_earlier_versions_are_read_under_the_present_ones(
    vault: Vault, later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.write_now(work)

    def earlier(session: Session) -> None:
        writer = Writer(session.connection(), session.info["author"])
        place = {"inspection_id": "i", "parent_kind": "case", "parent_id": "c"}
        fields = {"body": "an old jotting"} | place
        first = writer.append(MAIN, "create", ("jotting", "j-1"), fields, [], None)
        changed = {"body": "an old jotting, mended"}
        writer.append(MAIN, "set", ("jotting", "j-1"), changed, [first.id], None)
        writer.flush()

    vault.write_now(earlier)
    assert notes(vault) == {CANARY}
    make_older(vault)
    before = vault.read_now(
        lambda s: s.connection().exec_driver_sql("SELECT bytes FROM op ORDER BY seq").all()
    )
    vault.lock()
    monkeypatch.setattr(ops, "RENAMES", load(GOOD, later))
    with open_vault(vault.folder, PASSPHRASE) as opened:
        assert notes(opened) == {CANARY, "an old jotting, mended"}
        assert check_vault(opened).sound
        after = opened.read_now(
            lambda s: s.connection().exec_driver_sql("SELECT bytes FROM op ORDER BY seq").all()
        )
        assert after == before, "the bytes of an op are for ever"

        def edit(session: Session) -> None:
            note = session.get(Note, "j-1")
            assert note is not None
            note.change(text="written under the new name")

        opened.write_now(edit)
        assert notes(opened) == {CANARY, "written under the new name"}
        assert check_vault(opened).sound


def test_interrupted_it_leaves_the_vault_as_it_was(
    vault: Vault, later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.write_now(work)
    make_older(vault)
    vault.lock()

    def cut(what: str, done: int, total: int) -> None:
        if what == migrate.REPLAYING and done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_vault(vault.folder, PASSPHRASE, cut)
    with monkeypatch.context() as patched:
        patched.setattr(unlock, "bring_up_to_date", lambda *_: None)
        with open_vault(vault.folder, PASSPHRASE) as opened:
            assert version(opened) == SCHEMA
            old = opened.read_now(
                lambda s: s.connection().exec_driver_sql("SELECT body FROM jotting").scalars().all()
            )
            assert old == ["of an earlier version"]
    with open_vault(vault.folder, PASSPHRASE) as opened:
        assert version(opened) == later and notes(opened) == {CANARY}


def test_without_room_for_the_backup_nothing_is_migrated(vault: Vault) -> None:
    vault.write_now(work)
    make_older(vault)
    vault.lock()
    default_place(vault.folder).write_text("a file where the folder should be")
    from storage.vault.backup.errors import BackupNotWrittenError

    with pytest.raises(BackupNotWrittenError):
        open_vault(vault.folder, PASSPHRASE)
    default_place(vault.folder).unlink()
    with open_vault(vault.folder, PASSPHRASE) as opened:
        assert notes(opened) == {CANARY}


def test_a_vault_of_a_later_fieldkit_is_refused_by_version(vault: Vault) -> None:
    vault.upkeep_now(
        lambda at: at.connection.execute(f"PRAGMA user_version = {SCHEMA + 6}").fetchall()
    )
    vault.lock()
    with pytest.raises(NewerVaultError, match=f"store version {SCHEMA + 6}"):
        open_vault(vault.folder, PASSPHRASE)
