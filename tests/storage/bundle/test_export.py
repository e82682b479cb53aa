"""What leaves a laptop: whole, recorded, without the keys, and unreadable on the way."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from sqlmodel import Session

from storage.bundle.errors import NotForUsError, NotWrittenError
from storage.bundle.limits import padded_size
from storage.bundle.write import Draft, _joined
from storage.crypto.age import decrypt_bytes
from storage.exchange.enrol import NotEnrolledError
from storage.exchange.exchange import write_bundles
from storage.exchange.export import LONG, NothingToExportError, _slice, export
from storage.exchange.inspect import summarise
from storage.exchange.receipts import take_receipt
from storage.feed import drafts
from storage.history.delivery import states
from storage.records import Inspection, Note
from storage.records.log import disclosures
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.storage.conftest import Desk
from tests.storage.forging import spellings
from tests.storage.travelling import (
    CANARY,
    INSPECTION,
    KEY_CANARY,
    Team,
    feed,
    key_feed,
    make_team,
    work,
)


def state_of_cases(vault: Vault) -> set[str]:
    return set(
        vault.read_now(
            lambda s: states(s.connection(), "case", device=vault.author.device)
        ).values()
    )


def test_an_export_is_summed_up_and_recorded(desk: Desk) -> None:
    desk.ada.write_now(work)
    told: list[tuple[int, int]] = []
    summary = export(
        desk.ada, desk.stick, progress=lambda _, done, total: told.append((done, total))
    )
    assert summary.counts == {"case": 1, "inspection": 1, "judgment": 1, "note": 1}
    assert summary.feeds == {feed(desk.ada): (1, 4)}
    assert summary.path.stat().st_size == summary.size
    assert told[-1] == (8, 8)
    assert [one.name for one in desk.stick.iterdir()] == [summary.path.name]
    assert "ada" not in summary.path.name
    (made,) = desk.ada.read_now(disclosures)
    assert made.covers == {str(feed(desk.ada)): 4}
    assert (made.sha256, made.bundle, made.with_key) == (summary.sha256, summary.bundle, False)
    assert made.recipient == "central of Inspectorate"


def test_the_plaintext_is_padded_and_the_keys_stay_home(desk: Desk) -> None:
    desk.ada.write_now(work)
    summary = export(desk.ada, desk.stick)
    plain = decrypt_bytes(summary.path.read_bytes(), [desk.central.identity], limit=2**20)
    assert len(plain) == padded_size(len(plain))
    assert CANARY.encode() in plain
    assert KEY_CANARY.encode() not in plain
    assert key_feed(desk.ada) not in summary.feeds


def test_with_key_sends_the_keys_and_says_so(desk: Desk) -> None:
    desk.ada.write_now(work)
    summary = export(desk.ada, desk.stick, with_key=True)
    plain = decrypt_bytes(summary.path.read_bytes(), [desk.central.identity], limit=2**20)
    assert KEY_CANARY.encode() in plain
    (made,) = desk.ada.read_now(disclosures)
    assert made.with_key
    assert made.covers[str(key_feed(desk.ada))] == 1


def test_nothing_readable_lies_about(desk: Desk) -> None:
    desk.ada.write_now(work)
    export(desk.ada, desk.stick, with_key=True)
    desk.central.ingest([desk.stick])
    damaged = desk.stick / "aaaaaaaa.fkb.age"
    damaged.write_bytes(next(desk.stick.iterdir()).read_bytes()[:-1])
    desk.central.ingest([damaged])
    assert CANARY in desk.central.store.read_now(texts)
    desk.central.lock()
    desk.ada.lock()
    files = [one for one in desk.team.folder.parent.rglob("*") if one.is_file()]
    assert len(files) > 8
    for file in files:
        data = file.read_bytes()
        for canary in (CANARY, KEY_CANARY):
            assert not any(spelling in data for spelling in spellings(canary)), file


def texts(session: Session) -> list[str]:
    return [one.text for one in records_in(session, Note, INSPECTION)]


def test_a_receipt_turns_local_and_exported_into_received(desk: Desk, tmp_path: Path) -> None:
    desk.ada.write_now(work)
    assert state_of_cases(desk.ada) == {"local"}
    export(desk.ada, desk.stick)
    assert state_of_cases(desk.ada) == {"exported"}
    desk.central.ingest([desk.stick])
    receipt = tmp_path / "receipt"
    receipt.write_bytes(desk.central.receipt(desk.ada.author.device).encode())
    summary = take_receipt(desk.ada, receipt)
    assert summary.new
    assert summary.covers == {feed(desk.ada): 4}
    assert summary.left == 0
    assert state_of_cases(desk.ada) == {"received"}
    assert not take_receipt(desk.ada, receipt).new


def test_after_a_receipt_only_what_is_new_travels(desk: Desk, tmp_path: Path) -> None:
    desk.ada.write_now(work)
    export(desk.ada, desk.stick)
    desk.central.ingest([desk.stick])
    receipt = tmp_path / "receipt"
    receipt.write_bytes(desk.central.receipt(desk.ada.author.device).encode())
    take_receipt(desk.ada, receipt)
    desk.ada.write_now(work, reference="WST-002")
    summary = export(desk.ada, desk.stick)
    # Five and six are the disclosure and the receipt.
    assert summary.feeds == {feed(desk.ada): (5, 9)}
    assert export(desk.ada, desk.stick, full=True).feeds == {feed(desk.ada): (1, 10)}
    assert desk.central.ingest([desk.stick]).count("refused") == 0
    assert desk.central.report().feeds == {feed(desk.ada): 10}


def test_what_left_is_known_again_by_its_bytes(desk: Desk) -> None:
    desk.ada.write_now(work)
    summary = export(desk.ada, desk.stick)
    found = summarise(desk.ada, summary.path)
    assert found.disclosed is not None
    assert found.disclosed.bundle == summary.bundle


def test_a_colleagues_bundle_is_explained_and_nothing_of_it_is_taken_in(desk: Desk) -> None:
    desk.ada.write_now(work)
    write_bundles(desk.ada, desk.stick)
    with desk.team.laptop("ben") as ben:
        for one in desk.stick.glob("*.age"):
            with suppress(NotForUsError):
                found = summarise(ben, one)
        assert found.manifest is not None
        assert (found.sender[:3], found.forces) == ("Ada", ("Westshire",))
        assert found.records == {
            "case": 1,
            "case_key": 1,
            "inspection": 1,
            "judgment": 1,
            "note": 1,
        }
        assert [(one.first, one.known) for one in found.parts] == [(1, 0), (1, 0)]
        assert found.unknown == found.manifest.ops == 5
        assert ben.read_now(lambda s: s.get(Inspection, INSPECTION)) is None


def test_without_a_roster_nothing_leaves(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(NotEnrolledError, match="not enrolled yet"):
        export(vault, tmp_path)


def test_nothing_to_export_is_said(desk: Desk) -> None:
    with pytest.raises(NothingToExportError, match="nothing to export"):
        export(desk.ada, desk.stick)
    assert list(desk.stick.iterdir()) == []


def test_what_was_put_aside_goes_with_the_export_and_not_before(desk: Desk) -> None:
    desk.ada.write_now(work)
    for text in ("put aside", "kept"):
        desk.ada.write_now(drafts.save, f"note/{text}", "text", "label", text)
    aside = next(one for one in desk.ada.read_now(drafts.listed) if one.text == "put aside")
    desk.ada.write_now(drafts.discard, aside.id)
    with pytest.raises(NotWrittenError):
        export(desk.ada, desk.stick / "none")
    assert [one.text for one in desk.ada.read_now(drafts.listed, discarded=True)] == ["put aside"]
    export(desk.ada, desk.stick)
    assert desk.ada.read_now(drafts.listed, discarded=True) == []
    assert [one.text for one in desk.ada.read_now(drafts.listed)] == ["kept"]


def test_a_folder_that_is_not_there_is_refused(desk: Desk) -> None:
    desk.ada.write_now(work)
    with pytest.raises(NotWrittenError, match="no folder"):
        export(desk.ada, desk.stick / "none")
    assert desk.ada.read_now(disclosures) == []


def test_what_cannot_be_read_back_does_not_count(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ada.write_now(work)
    whole = Draft._read_back

    def failing_disk(self: Draft, *args: object) -> None:
        data = bytearray(self.temporary.read_bytes())
        data[-20] ^= 1
        self.temporary.write_bytes(data)
        whole(self, *args)  # type: ignore[arg-type]  # passed through as it came

    monkeypatch.setattr(Draft, "_read_back", failing_disk)
    with pytest.raises(NotWrittenError, match="could not be read back"):
        export(desk.ada, desk.stick)
    assert list(desk.stick.iterdir()) == []
    assert desk.ada.read_now(disclosures) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE op SET bytes = CAST(bytes || ' ' AS BLOB) WHERE seq = 2",
        "UPDATE op SET digest = zeroblob(32), bytes = NULL WHERE seq = 2",
        "DELETE FROM op WHERE seq = 2",
    ],
)
def test_what_is_no_longer_what_was_written_does_not_leave(desk: Desk, statement: str) -> None:
    desk.ada.write_now(work)
    desk.ada.write_now(lambda s: s.connection().exec_driver_sql(statement))
    with pytest.raises(NotWrittenError, match="does not count as exported"):
        export(desk.ada, desk.stick)
    assert list(desk.stick.iterdir()) == []
    assert not desk.ada.read_now(disclosures)


@pytest.mark.parametrize("size", [1, 3, 2000])
def test_lines_are_those_of_each_op_also_of_stubs_and_long_ones(desk: Desk, size: int) -> None:
    desk.ada.write_now(work)
    desk.ada.write_now(work, reference="WST-100", words="naïve “ﬁrst” \n\t\\ 𝄞")
    desk.ada.write_now(work, reference="WST-101", words="longer " * (LONG // 7))
    stub = "UPDATE op SET bytes = NULL WHERE seq IN (2, 5)"
    desk.ada.write_now(lambda s: s.connection().exec_driver_sql(stub))
    query = "SELECT seq, bytes, digest, record_kind, record FROM op WHERE kind = 'main' AND seq > 0"

    def compared(session: Session) -> int:
        rows = session.connection().exec_driver_sql(f"{query} ORDER BY seq").all()
        one_by_one = 0
        for first in range(0, len(rows), size):
            several = rows[first : first + size]
            batch, records = _slice(session, feed(desk.ada), several[0][0], several[-1][0])
            due = _joined([tuple(row[:3]) for row in several])
            one_by_one += not isinstance(batch, bytes)
            assert (batch if isinstance(batch, bytes) else _joined(batch)) == due
            assert records == {tuple(row[3:]) for row in several}
        assert _slice(session, feed(desk.ada), len(rows) + 1, len(rows) + 9) == (b"", set())
        return one_by_one

    assert desk.ada.read_now(compared) > 0


def test_a_file_that_cannot_get_its_name_is_no_disclosure(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ada.write_now(work)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(NotWrittenError, match="could not be given its name"):
        export(desk.ada, desk.stick)
    assert list(desk.stick.iterdir()) == []
    assert desk.ada.read_now(disclosures) == []


@pytest.fixture(scope="module")
def classic(tmp_path_factory: pytest.TempPathFactory) -> Team:
    return make_team(tmp_path_factory.mktemp("classic") / "team", laptops=("ada",), pq=False)


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not on the PATH")
def test_debians_age_opens_it(classic: Team, tmp_path: Path) -> None:
    with classic.central() as central, classic.laptop("ada") as ada:
        ada.write_now(work)
        summary = export(ada, tmp_path)
        identity = tmp_path / "identity"
        identity.write_text(central.identity.encode() + "\n")
    done = subprocess.run(
        ["age", "-d", "-i", str(identity), str(summary.path)], capture_output=True, check=True
    )
    assert done.stdout.startswith(b'{"audience":')
    assert CANARY.encode() in done.stdout
