"""Redacting: the words are in no byte of the vault, and everything else stands as it stood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from storage.feed import drafts, search
from storage.feed.journal import because, writing
from storage.feed.replay import differences
from storage.history.history import history
from storage.history.undo import NothingToUndoError, undo
from storage.ops.op import Op, OpId, decode
from storage.records import CaseKey, Judgment, Note
from storage.records.case import case_id, case_key_id
from storage.records.judgment import judgment_id
from storage.redaction.redact import NotRedactableError, Redaction, redact, redactable
from storage.vault.check import Checkup, check_vault
from storage.vault.vault import Vault
from tests.storage.travelling import INSPECTION, work

NAME = "Kylie-Marie Ravenscroft"
CASE = case_id(INSPECTION, "WST-001")
OVERALL = judgment_id(CASE, "overall")


def everything(vault: Vault) -> bytes:
    """Every value of every table, the search index's own among them."""
    return b"\n".join(vault._clerk.wait(lambda: _contents(vault._store.connection)))


def _contents(connection: Any) -> list[bytes]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    names = [row[0] for row in connection.execute(query)]
    pieces: list[bytes] = []
    for name in names:
        for row in connection.execute(f'SELECT * FROM "{name}"'):
            pieces += [one if isinstance(one, bytes) else str(one).encode() for one in row]
    return pieces


def change(vault: Vault, rationale: str, reason: str | None = None) -> None:
    def job(s: Session) -> None:
        found = s.get(Judgment, OVERALL)
        assert found is not None
        with because(s, reason):
            found.change(rationale=rationale)

    vault.write_now(job)


@pytest.fixture
def worked(vault: Vault) -> Vault:
    """A judgment with three wordings of its rationale, two of them with a child's name."""
    vault.write_now(lambda s: work(s, words=f"{NAME} was not seen."))
    change(vault, f"The child, {NAME}, was not seen alone.", f"{NAME} told me so")
    vault.write_now(lambda s: s.get(Judgment, OVERALL).change(grade="inadequate"))  # type: ignore[union-attr]
    return vault


def sound(vault: Vault) -> Checkup:
    found = check_vault(vault)
    assert found.sound, found
    return found


def do(vault: Vault, instead: str | None = None, **where: str) -> Redaction:
    meant = {"kind": "judgment", "record": OVERALL, "field": "rationale"} | where
    return vault.write_now(
        redact, meant["kind"], meant["record"], meant["field"], "a child was named", instead=instead
    )


def test_the_words_go_and_the_rest_stands(worked: Vault) -> None:
    before = worked.read_now(history, "judgment", OVERALL)
    done = do(worked)
    assert len(done.ops) == 2
    found = worked.read_now(lambda s: s.get(Judgment, OVERALL))
    assert found is not None
    assert (found.rationale, found.grade, found.state) == ("[redacted]", "inadequate", "graded")
    after = worked.read_now(history, "judgment", OVERALL)
    assert [one.op for one in after[:-1]] == [one.op for one in before]
    assert [one.who for one in after[:-1]] == [one.who for one in before]
    assert after[-1].verb == "redact"
    assert after[-1].reason == "a child was named"
    assert after[0].redacted["rationale"].reason == "a child was named"
    assert after[0].fields["grade"] == ("", "good")
    assert after[1].reason is None
    assert worked.read_now(lambda s: search.find(s.connection(), "Ravenscroft")) != []  # the note
    sound(worked)


def test_no_byte_is_left_of_them(worked: Vault, tmp_path: Path) -> None:
    note = worked.read_now(lambda s: s.exec(Note.__table__.select()).one().id)  # type: ignore[attr-defined]
    worked.write_now(drafts.save, f"judgment/{OVERALL}", "rationale", "here", f"and {NAME}")
    worked.write_now(drafts.save, f"note/{note}", "text", "there", f"{NAME} again")
    for one in worked.read_now(drafts.listed):
        if one.field == "text":
            worked.write_now(drafts.discard, one.id)
    assert NAME.encode() in everything(worked)
    do(worked)
    do(worked, kind="note", record=note, field="text")
    assert NAME.encode() not in everything(worked)
    assert b"Ravenscroft" not in everything(worked)
    assert worked.read_now(lambda s: search.find(s.connection(), "Ravenscroft")) == []
    sound(worked)
    pages = decrypted(worked)
    assert b"Ravenscroft" not in pages
    assert b"a child was named" in pages


def decrypted(vault: Vault) -> bytes:
    """The whole database file, page by page without its encryption, free space and all."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    from storage.crypto.keyslots.kdf import database_key
    from storage.database.sealed_pages import PAGE

    key = bytes.fromhex(database_key(vault._key))
    vault.lock()
    wal = vault.folder / "vault.db-wal"
    assert not wal.exists() or not wal.read_bytes()
    data = (vault.folder / "vault.db").read_bytes()
    reserve = 80
    found = b""
    for number in range(len(data) // PAGE):
        page = data[number * PAGE : (number + 1) * PAGE]
        start = 16 if number == 0 else 0
        vector = page[PAGE - reserve : PAGE - reserve + 16]
        opened = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        found += opened.update(page[start : PAGE - reserve]) + opened.finalize()
    return found


def test_a_wording_without_the_name_stays_with_its_own_op(worked: Vault) -> None:
    done = do(worked, instead="Child 1 was not seen alone.")
    found = worked.read_now(lambda s: s.get(Judgment, OVERALL))
    assert found is not None
    assert found.rationale == "Child 1 was not seen alone."
    assert "kylie-marie ravenscroft" in done.pieces
    assert b"Ravenscroft" not in b"".join(
        one for one in everything(worked).splitlines() if b"judgment" in one
    )
    sound(worked)


def test_what_was_mended_by_hand_before_stays(worked: Vault) -> None:
    change(worked, "Child 1 was not seen.")
    done = do(worked, instead="Child 1 was not seen.")
    assert len(done.ops) == 2
    steps = worked.read_now(history, "judgment", OVERALL)
    assert steps[-2].fields["rationale"] == ("[redacted]", "Child 1 was not seen.")
    sound(worked)


def test_a_second_field_of_the_same_op_goes_too(worked: Vault) -> None:
    def job(s: Session) -> None:
        found = s.get(Judgment, OVERALL)
        assert found is not None
        found.change(rationale="one", concern=f"{NAME} was at home")

    worked.write_now(job)
    do(worked)
    do(worked, field="concern")
    assert b"at home" not in everything(worked)
    found = worked.read_now(lambda s: s.get(Judgment, OVERALL))
    assert found is not None
    assert (found.rationale, found.concern) == ("[redacted]", "[redacted]")
    steps = worked.read_now(history, "judgment", OVERALL)
    assert [one.verb for one in steps].count("redact") == 2
    sound(worked)


def test_fields_of_a_later_program_are_not_carried_on(worked: Vault) -> None:
    """They may quote the words, and may be as long as a bundle's line."""
    op = next(one for one in ops_of(worked, "judgment") if "rationale" in one.fields)
    _append(worked, op.record, op.fields | {f"later_{n}": NAME * 9000 for n in range(80)}, [op.id])
    do(worked)
    assert NAME.encode() not in b"".join(one.encode() for one in ops_of(worked, "judgment"))
    found = worked.read_now(lambda s: s.get(Judgment, OVERALL))
    assert found is not None and (found.rationale, found.grade) == ("[redacted]", "good")
    sound(worked)


@pytest.mark.parametrize("longest", [1200, 3000])
def test_what_redacts_is_never_too_long_to_be_carried(
    worked: Vault, monkeypatch: pytest.MonkeyPatch, longest: int
) -> None:
    """Twelve wordings are told of in several ops; of one alone that is too long more goes."""
    monkeypatch.setattr("storage.redaction.redact.MAX_REDACTION_BYTES", longest)
    for number in range(12):
        change(worked, f"{NAME} {number} was seen.")

    def enlarge(s: Session) -> None:
        s.get_one(Judgment, OVERALL).change(rationale=f"{NAME} again", concern="x " * 1000)

    worked.write_now(enlarge)
    before = {one.id for one in ops_of(worked, "judgment")}
    do(worked)
    made = [one for one in ops_of(worked, "judgment") if one.id not in before]
    assert len(made) > 1 and {one.op for one in made} == {"redact"}
    assert all(len(one.encode()) < longest + 1000 for one in made)
    found = worked.read_now(lambda s: s.get_one(Judgment, OVERALL))
    assert found.rationale == "[redacted]"
    assert found.concern == ("[redacted]" if longest == 1200 else "x " * 1000)
    # Each of them goes again, when another field that they carry is redacted.
    worked.write_now(lambda s: s.get_one(Judgment, OVERALL).change(went_well=f"{NAME} too"))
    do(worked, field="went_well")
    assert NAME.encode() not in b"".join(one.encode() for one in ops_of(worked, "judgment"))
    sound(worked)


def ops_of(vault: Vault, kind: str) -> list[Op]:
    """The ops of a kind of record whose bytes are here, in the order of their places."""
    query = "SELECT bytes FROM op WHERE record_kind = ? AND bytes IS NOT NULL ORDER BY seq"
    rows = vault.read_now(lambda s: s.connection().exec_driver_sql(query, (kind,)).scalars().all())
    return [decode(data) for data in rows]


def _append(
    vault: Vault, record: tuple[str, str], fields: dict[str, Any], base: list[OpId]
) -> None:
    def job(s: Session) -> None:
        with writing(s, record) as writer:
            writer.append("main", "set", record, fields, base, None)

    vault.write_now(job)


def test_deleted_records_and_keys(worked: Vault) -> None:
    def gone(s: Session) -> str:
        note = s.exec(Note.__table__.select()).one().id  # type: ignore[attr-defined]
        s.delete(s.get(Note, note))
        return str(note)

    note = worked.write_now(gone)
    do(worked, kind="note", record=note, field="text")
    assert worked.read_now(lambda s: s.get(Note, note)) is None
    do(worked, kind="case_key", record=case_key_id(CASE), field="force_ref")
    key = worked.read_now(lambda s: s.get(CaseKey, case_key_id(CASE)))
    assert key is not None and key.force_ref == "[redacted]"
    feeds = worked.read_now(
        lambda s: (
            s.connection()
            .exec_driver_sql("SELECT kind FROM op WHERE verb = 'redact' ORDER BY kind")
            .scalars()
            .all()
        )
    )
    assert feeds == ["key", "main"]
    sound(worked)


def test_refusals_and_undo(worked: Vault) -> None:
    for kind, record, field in (
        ("judgment", OVERALL, "grade_"),
        ("judgment", OVERALL, "case_id"),
        ("judgment", OVERALL, "went_well"),
        ("note", "nowhere", "text"),
        ("consultation", OVERALL, "of_id"),
    ):
        with pytest.raises(NotRedactableError, match="Nothing was changed"):
            do(worked, kind=kind, record=record, field=field)
    do(worked)
    with pytest.raises(NothingToUndoError, match="redacted"):
        worked.write_now(undo)
    with pytest.raises(NotRedactableError):
        do(worked)
    assert "rationale" in redactable("judgment") and "state" not in redactable("judgment")
    assert redactable("reveal") == ()
    assert worked.read_now(lambda s: differences(s.connection())) == []
