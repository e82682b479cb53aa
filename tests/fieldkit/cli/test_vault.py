"""``fieldkit vault``: made, opened, refused, changed and checked."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from storage.vault.unlock import open_vault
from tests.fieldkit.cli.conftest import PASSPHRASE, Runner

CODE = re.compile(r"(?:[0-9A-Z]{5}-){6}[0-9A-Z]{5}\n")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir())}


def test_made_without_asking_it_prints_the_code_alone(fieldkit: Runner) -> None:
    ran = fieldkit.done("vault", "create", "--memory", "64")
    assert CODE.fullmatch(ran.out)
    folder = fieldkit.home / "vault"
    assert {one.name for one in folder.iterdir()} >= {"vault.keys", "vault.db"}
    before = bytes_of(folder)
    assert "already" in fieldkit.refused("vault", "create", "--memory", "64")
    assert bytes_of(folder) == before


def test_what_can_be_told_without_unlocking(fieldkit: Runner) -> None:
    assert "no vault" in fieldkit.refused("vault", "info", code=4)
    made = fieldkit.done("vault", "create", "--memory", "64", "--name", "Siân", "--json").data
    assert made["person"]["name"] == "Siân"
    told = fieldkit.bare("vault", "info", "--json").data
    assert told["vault_id"] == made["vault_id"]
    assert told["opened_by"][0] == {"kind": "passphrase", "memory_mib": 64, "passes": 3, "lanes": 4}
    assert told["database_bytes"] > 0
    assert made["recovery_code"] not in str(told)


def test_the_memory_is_bounded(fieldkit: Runner) -> None:
    for wrong in ("63", "1025", "much", "-64"):
        assert fieldkit("vault", "create", "--memory", wrong).code == 2
    assert not (fieldkit.home / "vault").exists()


def test_the_vault_may_lie_elsewhere(fieldkit: Runner, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    fieldkit.done("--vault", str(elsewhere), "vault", "create", "--memory", "64")
    assert (elsewhere / "vault.db").exists()
    assert not (fieldkit.home / "vault").exists()


def test_a_wrong_passphrase_changes_nothing(fieldkit: Runner) -> None:
    fieldkit.begun()
    folder = fieldkit.home / "vault"
    before = bytes_of(folder)
    fieldkit.words.write_text("another passphrase altogether\n", "utf-8")
    said = fieldkit.refused("cases", "list", code=3)
    assert said.startswith("This passphrase does not open the vault. Nothing was changed.")
    assert bytes_of(folder) == before


def test_without_a_vault_or_a_passphrase_there_is_a_sentence(fieldkit: Runner) -> None:
    assert "fieldkit vault create" in fieldkit.refused("cases", "list", code=4)
    assert list(fieldkit.home.iterdir()) == [fieldkit.words]
    fieldkit.begun()
    ran = fieldkit.bare("cases", "list")
    assert ran.code == 1 and "no terminal to ask on" in ran.err


def test_the_passphrase_may_come_by_stdin(
    fieldkit: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    fieldkit.begun()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSPHRASE}\nrest"))
    assert fieldkit.bare("--passphrase-file", "-", "inspection", "list").code == 0


def test_changing_the_passphrase(fieldkit: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    fieldkit.begun()
    monkeypatch.setattr("sys.stdin", io.StringIO("some other words entirely\n"))
    fieldkit.done("vault", "passphrase", "--new-passphrase-file", "-")
    assert "does not open" in fieldkit.refused("inspection", "list", code=3)
    fieldkit.words.write_text("some other words entirely\n", "utf-8")
    fieldkit.done("inspection", "list")


def test_the_recovery_code_sets_a_new_passphrase_and_may_be_renewed(fieldkit: Runner) -> None:
    code = fieldkit.done("vault", "create", "--memory", "64").out
    written = fieldkit.home / "code"
    written.touch(mode=0o600)
    written.write_text("AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-AAAAA\n", "utf-8")
    fieldkit.words.write_text("the new words of today\n", "utf-8")
    recover = ("vault", "recover", "--code-file", str(written))
    assert fieldkit(*recover).code == 3
    written.write_text(code.lower(), "utf-8")
    again = fieldkit.done(*recover, "--new-code").out
    assert CODE.fullmatch(again) and again != code
    fieldkit.done("inspection", "list")
    assert "does not open this vault" in fieldkit.refused(*recover, code=3)


def test_an_easy_passphrase_is_warned_of(fieldkit: Runner) -> None:
    fieldkit.words.write_text("passwordpassword\n", "utf-8")
    ran = fieldkit.done("vault", "create", "--memory", "64")
    assert "Taken as it is, but: This passphrase" in ran.err
    assert CODE.fullmatch(ran.out)


def test_a_short_passphrase_is_refused(fieldkit: Runner) -> None:
    fieldkit.words.write_text("zebra marsh\n", "utf-8")
    made = ("--memory", "64")
    assert "shorter than 12 characters" in fieldkit.refused("vault", "create", *made)
    assert "shorter than 12" in fieldkit.refused("central", "root", "init", *made)
    assert "shorter than 12" in fieldkit.refused("central", "init", *made)
    assert list(fieldkit.home.iterdir()) == [fieldkit.words]
    fieldkit.words.write_text(f"{PASSPHRASE}\n", "utf-8")
    fieldkit.done("vault", "create", *made)
    short = fieldkit.home / "short"
    short.touch(mode=0o600)
    short.write_text("zebra marsh\n", "utf-8")
    change = ("vault", "passphrase", "--new-passphrase-file", str(short))
    assert "shorter than 12 characters" in fieldkit.refused(*change)
    fieldkit.done("inspection", "list")


def test_checking_finds_a_table_that_is_not_what_the_ops_say(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001")
    sound = fieldkit.done("vault", "check", "--json").data
    assert sound["sound"] and sound["ops"] > 1

    def tamper(statement: str) -> None:
        with open_vault(fieldkit.home / "vault", PASSPHRASE) as vault:
            vault._clerk.wait(lambda: vault._store.connection.execute(statement))

    tamper("UPDATE \"case\" SET unit = 'another'")
    ran = fieldkit("vault", "check", "--json")
    assert ran.code == 6 and "not sound" in ran.err
    assert [one.split()[0] for one in ran.data["tables"]] == ["case"]
    assert ran.data["chain"] == []

    of_the_case = "record_kind = 'case' AND seq > 1"
    tamper(f"UPDATE op SET bytes = CAST('{{}}' AS BLOB) WHERE {of_the_case}")
    found = fieldkit("vault", "check", "--json").data
    assert any("its bytes" in one for one in found["chain"])
    assert "cannot be replayed" in found["tables"][0]
    tamper("DELETE FROM op WHERE record_kind = 'inspection'")
    chain = fieldkit("vault", "check", "--json").data["chain"]
    assert any("does not reach" in one for one in chain)


def test_info_says_what_lies_there_in_place_of_a_database(fieldkit: Runner) -> None:
    fieldkit.done("vault", "create", "--memory", "64", "--name", "A. Inspector")
    database = Path(fieldkit.done("vault", "info", "--json").data["vault"]) / "vault.db"
    assert "bytes, encrypted" in fieldkit.done("vault", "info").out
    database.write_bytes(b"SQLite format 3\0" + bytes(4080))
    assert "4,096 bytes, not encrypted" in " ".join(fieldkit.done("vault", "info").out.split())
    database.write_bytes(b"")
    assert fieldkit.done("vault", "info", "--json").data["database"].startswith("empty")
    database.unlink()
    database.mkdir()
    told = fieldkit.done("vault", "info", "--json").data
    assert told["database_bytes"] is None and told["database"].startswith("not a file")
