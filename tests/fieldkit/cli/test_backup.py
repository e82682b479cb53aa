"""``fieldkit vault backup``, ``restore`` and ``check``: made, named, restored, mended."""

from __future__ import annotations

import shutil
from pathlib import Path

from storage.vault.unlock import open_vault
from tests.fieldkit.cli.conftest import PASSPHRASE, Runner


def test_a_backup_is_made_listed_and_restored(fieldkit: Runner, tmp_path: Path) -> None:
    fieldkit.begun()
    assert "no backups in" in fieldkit.bare("vault", "backup", "--list").out
    made = fieldkit.done("vault", "backup", "--json").data
    assert made["verified"] and made["kept"] == 1 and made["ops"] == 1
    listed = fieldkit.bare("vault", "backup", "--list", "--json").data
    assert [one["path"] for one in listed] == [made["path"]]
    name = Path(made["path"]).name
    assert name in fieldkit.bare("vault", "backup", "--list").out
    assert "backup" not in fieldkit.done("inspection", "show").out

    new = tmp_path / "new" / "vault"
    ran = fieldkit.done("vault", "restore", name, "--to", str(new))
    assert "all verified" in ran.out and str(new) in ran.err
    shown = fieldkit.done("--vault", str(new), "inspection", "show", "--json")
    assert shown.data["overview"]["force"] == "Westshire"
    assert "restored from a backup" in shown.err
    assert "only" in fieldkit.refused("vault", "restore", name, "--to", str(new)).split(".")[1]
    assert "names those that there are" in fieldkit.refused(
        "vault", "restore", "nothing", "--to", str(tmp_path / "other")
    )
    assert not (tmp_path / "other").exists()


def test_another_place_and_what_is_missing(fieldkit: Runner, tmp_path: Path) -> None:
    fieldkit.begun()
    stick = tmp_path / "stick"
    assert "none yet" in fieldkit.done("inspection", "show").out
    made = fieldkit.done("vault", "backup", "--to", str(stick), "--json").data
    assert Path(made["path"]).parent == stick
    fieldkit.done("inspection", "new", "--force", "Eastshire", "--methodology", "2018")
    fieldkit.done("vault", "backup", "--to", str(stick))
    data = fieldkit.done(
        "vault", "restore", made["path"], "--to", str(tmp_path / "new"), "--json"
    ).data
    ((first, last),) = data["missing"].values()
    assert last >= first > 1


def test_the_recovery_code_restores_too(fieldkit: Runner, tmp_path: Path) -> None:
    made = fieldkit.done("vault", "create", "--memory", "64", "--json").data
    code = tmp_path / "code"
    code.write_text(made["recovery_code"])
    backup = fieldkit.done("vault", "backup", "--json").data["path"]
    fieldkit.bare("vault", "restore", backup, "--to", str(tmp_path / "n"), "--code-file", str(code))
    assert (tmp_path / "n" / "vault.db").exists()


def test_a_check_tells_what_to_do_and_mends_what_is_derived(fieldkit: Runner) -> None:
    fieldkit.begun()
    assert "never" in fieldkit.done("vault", "check", "--last").out
    with open_vault(fieldkit.home / "vault", PASSPHRASE) as vault:
        change = "UPDATE inspection SET force = 'Other'"
        vault.write_now(lambda s: s.connection().exec_driver_sql(change).rowcount)
    ran = fieldkit("vault", "check")
    assert ran.code == 6 and "--rebuild" in ran.out and "not sound" in ran.err
    data = fieldkit("vault", "check", "--json").data
    assert (
        not data["sound"]
        and data["tables"]
        and len(data["next"]) == len([part for part in ("tables", "search") if data[part]])
    )
    assert "found" in fieldkit.done("vault", "check", "--last").out
    fieldkit.done("vault", "check", "--rebuild")
    assert fieldkit.done("vault", "check", "--json").data["sound"]
    assert fieldkit.done("vault", "check", "--mend-search").code == 0
    assert fieldkit.done("vault", "check", "--last").out.rstrip().endswith("sound")


def test_a_damaged_vault_is_said_to_be(fieldkit: Runner, tmp_path: Path) -> None:
    fieldkit.begun()
    database = fieldkit.home / "vault" / "vault.db"
    made = fieldkit.done("vault", "backup", "--json").data["path"]
    shutil.copy(database, tmp_path / "whole")
    data = bytearray(database.read_bytes())
    data[-1500] ^= 1
    database.write_bytes(data)
    ran = fieldkit("vault", "check")
    assert ran.code == 6 and "aside" in ran.out + ran.err
    assert "backup" in fieldkit.refused("vault", "backup", code=6)
    assert Path(made).is_dir()
