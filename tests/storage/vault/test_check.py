"""The check: each kind of damage is found, in its own part, with what to do next."""

from __future__ import annotations

from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session

from storage.database import sealed_pages
from storage.database.connection import driver
from storage.database.tables import leaves
from storage.feed import drafts
from storage.feed.chain import check_chains, recent
from storage.feed.projection import leaf_rows_of, leaf_texts_at_once, read_leaf_texts
from storage.feed.replay import _json_text, folded_records
from storage.ops import canonical_json
from storage.ops.canonical_json import MalformedError
from storage.vault.backup import make
from storage.vault.check import ADVICE, LAST, CheckNotMadeError, check_vault, mend_search
from storage.vault.leftovers import sweep
from storage.vault.migrate import bring_up_to_date
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.storage.travelling import CANARY, work

DAMAGE = {
    "chain": "UPDATE op SET bytes = CAST(replace(CAST(bytes AS TEXT), 'good', 'poor') AS BLOB) "
    "WHERE record_kind = 'judgment'",
    "tables": "UPDATE note SET text = 'not what was written'",
    "search": "DELETE FROM searchable WHERE record_kind = 'note'",
    "drafts": "UPDATE draft SET text = x'ff00'",
}


def doctor(vault: Vault, *statements: str) -> None:
    def change(session: Session) -> None:
        for one in statements:
            assert session.connection().exec_driver_sql(one).rowcount

    vault.write_now(change)


@pytest.fixture
def full(vault: Vault) -> Vault:
    vault.write_now(work)
    vault.write_now(drafts.save, "note/x", "text", "a note", "half a sen")
    return vault


def test_a_sound_vault(full: Vault) -> None:
    told: list[tuple[str, int, int]] = []
    found = check_vault(full, lambda *one: told.append(one))
    assert found.sound and found.advice == [] and found.ops == 5 and found.feeds == 2
    stages = list(dict.fromkeys(one[0] for one in told))
    assert stages == ["every page", "tables", "structure of the file"]
    assert full.facts_now()[LAST.key].endswith(b'"findings": 0}')
    assert [one.name for one in full.folder.iterdir() if one.name.startswith(".")] == []


@pytest.mark.parametrize("part", DAMAGE)
def test_each_damage_is_found_in_its_part(full: Vault, part: str) -> None:
    doctor(full, DAMAGE[part])
    found = check_vault(full)
    assert not found.sound
    assert found.parts[part]
    assert ADVICE[part] in found.advice
    others = {name for name, several in found.parts.items() if several} - {part}
    assert others <= {"chain": {"tables"}, "tables": {"search"}}.get(part, set())
    assert b'"findings": 0' not in full.facts_now()[LAST.key]


LEAF = "WHERE field = 'text' AND record_kind = 'note'"
OP = "WHERE kind = 'main' AND seq = 3"
BENT = (
    f"DELETE FROM leaf {LEAF}",
    f"UPDATE leaf SET hlc = hlc || '0' {LEAF}",
    f"UPDATE leaf SET field = 'te''xt\"],[\"' {LEAF}",
    f"UPDATE leaf SET op = op || char(0) || '1' {LEAF}",
    f"UPDATE leaf SET record = 'another' {LEAF}",
    f"INSERT INTO leaf SELECT record_kind, record, 'more', op, hlc FROM leaf {LEAF}",
    f"INSERT INTO leaf SELECT 'nothing', record, field, op, hlc FROM leaf {LEAF}",
    f"UPDATE op SET bytes = x'7b7d' {OP}",
    f"UPDATE op SET bytes = x'ff' {OP}",
    f"UPDATE op SET bytes = CAST(bytes AS TEXT) {OP}",
    f"UPDATE op SET bytes = CAST(CAST(bytes AS TEXT) || ' ' AS BLOB) {OP}",
    f"UPDATE op SET bytes = (SELECT bytes FROM op WHERE kind = 'main' AND seq = 2) {OP}",
    f"UPDATE op SET record = 'another' {OP}",
    f"UPDATE op SET record_kind = 'nothing' {OP}",
    f"UPDATE op SET verb = 'unheard' {OP}",
    f"UPDATE op SET bytes = NULL {OP}",
)


@pytest.mark.parametrize("statement", BENT)
def test_what_is_read_once_for_all_says_what_each_alone_says(full: Vault, statement: str) -> None:
    assert not any(full.read_now(_findings_by_each_alone))
    doctor(full, statement)
    found = check_vault(full)
    chain, differing = full.read_now(_findings_by_each_alone)
    assert found.chain == tuple(chain)
    if found.tables and found.tables[0].startswith("the ops cannot"):
        assert chain, "only what nobody could read is told by the chain alone"
    else:
        assert sorted(one for one in found.tables if one.startswith("leaf ")) == differing
    assert not found.sound


@pytest.mark.parametrize("statement", BENT)
def test_leaves_read_beside_are_those_read_at_once(full: Vault, statement: str) -> None:
    doctor(full, statement)

    def read(session: Session) -> None:
        run = driver(session.connection()).execute
        texts = read_leaf_texts(run)
        assert texts and leaf_texts_at_once(run) == texts

    full.read_now(read)


@pytest.mark.parametrize("column", ["hlc", "record", "record_kind"])
def test_a_leaf_that_is_no_text_is_found(full: Vault, column: str) -> None:
    doctor(full, f"UPDATE leaf SET {column} = CAST({column} AS BLOB) {LEAF}")
    assert check_vault(full).tables


def test_an_index_that_contradicts_its_table_is_found(full: Vault) -> None:
    def turn(session: Session) -> None:
        run = session.connection().exec_driver_sql
        run("PRAGMA writable_schema = ON")
        run("UPDATE sqlite_master SET sql = replace(sql, 'record, record_kind', 'seq, record') "
            "WHERE name = 'op_of_record'")  # fmt: skip
        run("PRAGMA writable_schema = RESET")

    full.write_now(turn)
    assert any("op_of_record" in one for one in check_vault(full).pages)


def _findings_by_each_alone(session: Session) -> tuple[list[str], list[str]]:
    """Return what is wrong with the chain, and each leaf that is missing or too many."""
    connection = session.connection()
    chain = check_chains(connection)[1]
    try:
        due = {
            row
            for kind, _, folded, _ in folded_records(connection)
            for row in leaf_rows_of(kind, folded)
        }
    except (ValueError, KeyError, TypeError, MalformedError):
        return chain, []
    kept = set(map(tuple, connection.execute(select(leaves))))
    return chain, sorted(f"leaf {' '.join(row)}" for row in due ^ kept)


def test_a_missing_op_and_a_feed_cut_short_are_found(full: Vault) -> None:
    doctor(full, "DELETE FROM op WHERE kind = 'main' AND seq = 2")
    assert any("before it is missing" in one for one in check_vault(full).chain)


def test_the_head_and_the_last_ops_are_looked_at_at_unlocking(full: Vault) -> None:
    for number in range(20):
        full.write_now(work, reference=f"WST-1{number:02}", words=f"words {number}")
    assert full.read_now(recent) == []
    assert full.read_now(recent, 3) == []
    doctor(full, "UPDATE feed SET seq = seq - 1 WHERE kind = 'main'")
    assert any("does not reach" in one for one in full.read_now(recent, 3))
    doctor(full, "UPDATE feed SET seq = seq + 1 WHERE kind = 'main'")
    early = "UPDATE op SET digest = zeroblob(32) WHERE kind = 'main' AND seq = 2"
    doctor(full, early)
    assert full.read_now(recent, 3) == [], "only the end is looked at"
    assert any("/main/2:" in one for one in full.read_now(recent))
    late = "UPDATE op SET bytes = x'7b7d' WHERE kind = 'main' AND seq = (SELECT max(seq) FROM op)"
    doctor(full, late)
    assert full.read_now(recent, 3)


def test_the_key_file_and_its_copy(full: Vault) -> None:
    copy = full.folder / "vault.keys.bak"
    copy.unlink()
    found = check_vault(full)
    assert found.keys and "copy" in found.keys[0]
    assert copy.exists() and check_vault(full).sound
    whole = full.keys.path.read_bytes()
    full.keys.path.write_bytes(whole[:-9])
    assert any("damaged" in one for one in check_vault(full).keys)
    full.keys.path.write_bytes(whole)
    assert check_vault(full).sound


def test_what_is_derived_is_made_anew(full: Vault) -> None:
    doctor(full, DAMAGE["search"])
    assert mend_search(full) > 0
    assert check_vault(full).sound
    doctor(full, DAMAGE["tables"], "DELETE FROM leaf")
    made = bring_up_to_date(full)
    assert made.backup.is_dir() and made.records == 5
    assert check_vault(full).sound


def test_what_is_copied_to_be_read_is_encrypted_and_gone(
    full: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    def look(what: str, done: int, total: int) -> None:
        assert sweep(full.folder) == ([], []), "a check under way keeps its copy"
        for one in full.folder.glob(".check-*/*"):
            seen.append(one.read_bytes())

    check_vault(full, look)
    assert seen and not any(CANARY.encode() in one or b"SQLite" in one for one in seen)
    left: list[Path] = list(full.folder.glob(".check-*"))
    assert left == []
    full.lock()
    with open_vault(full.folder, PASSPHRASE) as opened:
        assert check_vault(opened).sound


def test_there_is_one_check_at_a_time_and_it_ends_with_the_lock(full: Vault) -> None:
    """A check holds all rows of a vault, and a key of its copy."""
    refused: list[str] = []

    def again(what: str, done: int, total: int) -> None:
        with pytest.raises(CheckNotMadeError, match="being checked already") as refusal:
            check_vault(full)
        refused.append(str(refusal.value))

    assert check_vault(full, again).sound and refused
    assert check_vault(full).sound, "once it is over there may be another"

    def lock(what: str, done: int, total: int) -> None:
        if what == "tables":
            full.lock()

    with pytest.raises(CheckNotMadeError, match="locked before its check was finished"):
        check_vault(full, lock)
    assert list(full.folder.glob(".check-*")) == []


def test_memory_is_given_back_when_a_check_ends(
    full: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[bool] = []
    monkeypatch.setattr(full, "spare_memory", lambda: given.append(True))
    check_vault(full)
    assert given == [True]


def test_what_is_written_into_the_file_meanwhile_is_no_damage(
    full: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is merged into the file behind the copying makes that no copy of one moment."""
    copied, compared = sealed_pages.copy_pages, []

    def disturbed(*arguments: Any) -> bool:
        whole = copied(*arguments)
        full.write_now(work, reference="WST-200")
        full.upkeep_now(lambda store: store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))
        return whole

    def lies(*arguments: Any) -> bool:
        compared.append(sealed_pages.lies_as_copied(*arguments))
        return compared[-1]

    monkeypatch.setattr(make, "copy_pages", disturbed)
    monkeypatch.setattr(make, "lies_as_copied", lies)
    found = check_vault(full)
    assert compared == [False]
    assert found.sound and found.ops == 9, "SQLite's own copy has what was written meanwhile"
    monkeypatch.setattr(make, "copy_pages", copied)
    assert check_vault(full).sound and compared == [False, True]


def test_what_only_the_copy_of_the_bytes_shows_is_not_told(
    full: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an older state of a page was copied, authentic as it is, the vault is not to blame."""
    older = full.upkeep_now(make._bytes_of).readall()
    full.write_now(work, reference="WST-200")

    def half(file: FileIO, target: BinaryIO, *_: Any) -> bool:
        file.seek(0)
        newer = file.read()
        pages = range(0, len(newer), 2 * sealed_pages.PAGE)
        target.write(b"".join(newer[at : at + 4096] + older[at + 4096 : at + 8192] for at in pages))
        return True

    monkeypatch.setattr(make, "copy_pages", half)
    monkeypatch.setattr(make, "lies_as_copied", lambda *_: True)
    assert check_vault(full).sound


@given(
    st.one_of(
        st.lists(st.one_of(st.text(max_size=3), st.integers(0, 2), st.booleans()), max_size=2),
        st.dictionaries(st.sampled_from("ab"), st.booleans(), max_size=1),
        st.none(),
    )
)
def test_what_stands_in_a_column_of_json_is_canonical(value: Any) -> None:
    try:
        due = canonical_json.text(value)
    except MalformedError:
        with pytest.raises(MalformedError):
            _json_text(value)
    else:
        assert _json_text(value) == due
