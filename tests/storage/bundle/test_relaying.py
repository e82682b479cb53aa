"""What one laptop passes on of another's feed: stubs, late bytes, and what came after its time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from storage.bundle.errors import BundleError, MalformedBundleError
from storage.bundle.revoked import revoked_feeds
from storage.bundle.stream import stub_line
from storage.bundle.verify import verify
from storage.central import Root
from storage.exchange.enrol import take_roster
from storage.exchange.export import export
from storage.exchange.merge import merge
from storage.exchange.receipts import take_receipt
from storage.feed.replay import differences
from storage.history.delivery import written_after
from storage.ops.op import FeedId, Op, digest, first_head, next_head
from storage.trust.identity import device_id
from storage.trust.receipt import Receipt
from storage.vault.vault import Vault
from tests.storage.conftest import Desk
from tests.storage.forging import an_op, craft, lines_of, remanifest, reseal
from tests.storage.travelling import PASSPHRASE, feed, work


def stubbed(desk: Desk, path: Path, to: Path, sender: Vault) -> Path:
    """The same bundle with a digest in place of each op, made by ``sender``."""
    lines = lines_of(path, desk.central.identity)
    begun = next(n for n, line in enumerate(lines) if b'"t":"segment"' in line)
    stubs = [stub_line(n, digest(one)) for n, one in enumerate(lines[begun + 1 : -2], 1)]
    lines[begun + 1 : -2] = stubs
    changed = remanifest(
        lines,
        sender,
        lambda value: value.update({"from": sender.author.device, "have": {}}),
    )
    return reseal(to, changed, desk.roster.central.recipients[0])


def test_nobody_strips_a_colleagues_ops(desk: Desk) -> None:
    desk.ada.write_now(work)
    whole = export(desk.ada, desk.stick).path
    with desk.team.laptop("ben") as ben:
        path = stubbed(desk, whole, desk.stick / "22222222.fkb.age", ben)
    assert len(verify(path, desk.central.trust()).cut) == 4
    assert [one.outcome for one in desk.central.ingest([path]).files] == ["known"]
    assert desk.central.report().feeds == {}
    assert [one.outcome for one in desk.central.ingest([desk.stick]).files] == ["known", "taken"]
    assert [one.counts["case"] for one in desk.central.report().inspections] == [1]


def test_late_bytes_take_a_stubs_place(desk: Desk) -> None:
    desk.ada.write_now(work)
    whole = export(desk.ada, desk.stick).path
    stubs = stubbed(desk, whole, desk.team.folder / "stubs.fkb.age", desk.ada)
    assert desk.central.ingest([stubs]).ops == 4
    assert desk.central.report().inspections == ()
    assert desk.central.store.read_now(_written, desk.ada) == 1
    (one,) = desk.central.ingest([whole]).files
    assert (one.outcome, one.ops, one.records) == ("taken", 4, 4)
    assert desk.central.store.read_now(_written, desk.ada) == 4
    assert [one.counts["case"] for one in desk.central.report().inspections] == [1]
    assert desk.central.store.read_now(lambda s: differences(s.connection())) == []
    (one,) = desk.central.ingest([whole]).files
    assert one.outcome == "known"


def _written(session: Session, author: Vault) -> int:
    """Return how many records the author's feed wrote, as pages ask; stubs are on none."""
    return len(written_after(session.connection(), feed(author), 0, 4))


def test_a_stub_that_no_redaction_explains_is_not_passed_on(desk: Desk) -> None:
    """Nobody would take it."""
    ops = [an_op(desk.ada, seq) for seq in (1, 2)]
    with desk.team.laptop("ben") as ben:
        for end in (1, 2):
            merge(ben, craft(desk.ada, desk.roster, desk.stick, ops[:end], to=ben))
        ben.write_now(_forget, 2)
        assert export(ben, desk.stick).feeds[feed(desk.ada)] == (1, 1)
        ben.write_now(_forget, 1)
        ben.write_now(work)
        assert feed(desk.ada) not in export(ben, desk.stick).feeds


def _forget(session: Session, seq: int) -> None:
    session.connection().exec_driver_sql("UPDATE op SET bytes = NULL WHERE seq = ?", (seq,))


def revoke(desk: Desk, device: str, until: dict[FeedId, int]) -> None:
    """Central ends a laptop's time at certain ops, and everybody hears of it."""
    desk.central.revoke(device)
    proposal = desk.central.proposal
    assert proposal is not None
    entry = proposal.device(device)
    assert entry is not None
    with Root.open(desk.team.folder / "root", PASSPHRASE) as key:
        signed = key.sign(proposal.with_device(replace(entry, until=until)))
    desk.central.take_roster(signed)
    (desk.stick / "roster").write_bytes(signed.encode())


def test_what_was_held_past_a_revocation_stays_out(desk: Desk) -> None:
    with desk.team.laptop("ben") as ben:
        ops = [an_op(ben, seq) for seq in range(1, 11)]
        name, device = feed(ben), ben.author.device
        heads = [first_head(name)]
        for op in ops:
            heads.append(next_head(heads[-1], digest(op.encode())))
        parts = [
            craft(ben, desk.roster, desk.stick, ops[a:b], first=a + 1, prev=heads[a], to=desk.ada)
            for a, b in ((0, 3), (3, 5), (5, 10))
        ]
    merge(desk.ada, parts[0])
    assert merge(desk.ada, parts[2]).waiting == {name: (4, 5)}
    revoke(desk, device, {name: 5})
    take_roster(desk.ada, desk.stick / "roster", fingerprint_confirmed=True)
    applied = merge(desk.ada, parts[1])
    # What was held was put apart when the roster was taken; nothing of it counts now either.
    assert (applied.new, applied.revoked) == ({name: 2}, {})
    assert desk.ada.read_now(lambda s: revoked_feeds(s.connection())) == {name: (6, 10)}
    query = f"SELECT (SELECT max(seq) FROM op WHERE device = '{device}'), count(*) FROM held_op"
    assert desk.ada.read_now(lambda s: s.connection().exec_driver_sql(query).one()) == (5, 0)


def receipt_op(desk: Desk, ben: Vault, covers: Any) -> Op:
    fields = {
        "central": device_id(desk.roster.central.sign_pk),
        "at": "2026-07-06T09:30:00.000Z",
        "covers": covers,
        "sha256": "",
    }
    return an_op(ben, 1, record=("receipt", "11111111-0000-4000-8000-000000000001"), fields=fields)


@pytest.mark.parametrize("seq", [3, 9999, "x", {}, True, -1])
def test_a_colleagues_receipt_keeps_nothing_from_leaving(desk: Desk, seq: object) -> None:
    desk.ada.write_now(work)
    with desk.team.laptop("ben") as ben:
        op = receipt_op(desk, ben, {str(feed(desk.ada)): seq})
        merge(desk.ada, craft(ben, desk.roster, desk.stick, [op], to=desk.ada))
    made = export(desk.ada, desk.stick)
    assert made.feeds[feed(desk.ada)] == (1, 4)
    assert desk.central.ingest([made.path]).ops == 5
    (desk.stick / "receipt").write_bytes(desk.central.receipt(desk.ada.author.device).encode())
    assert take_receipt(desk.ada, desk.stick / "receipt").new


def test_a_refused_receipt_does_not_take_the_ops_along(desk: Desk) -> None:
    with desk.team.laptop("ben") as ben:
        said = Receipt("team", desk.ada.author.device, 1, {}, "2026-07-06T09:30:00.000Z", {})
        forged = said.sign(ben.identity.signing)
        path = craft(ben, desk.roster, desk.stick, [an_op(ben, 1)], to=desk.ada, along=forged)
        applied = merge(desk.ada, path)
        assert applied.new == {feed(ben): 1}
    (note,) = applied.notes
    assert note.startswith("The entries were taken in, but not the receipt")


def test_one_bundle_that_nobody_foresaw_does_not_stop_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ada.write_now(work)
    export(desk.ada, desk.stick)
    with desk.team.laptop("ben") as ben:
        bad = craft(ben, desk.roster, desk.stick, [an_op(ben, 1)])
    bad = bad.rename(desk.stick / "22222222.fkb.age")

    def broken(path: Path, *args: Any) -> Any:
        if path == bad:
            raise RuntimeError("kingfisher")
        return verify(path, *args)

    monkeypatch.setattr("storage.central.intake.ingest.verify", broken)
    first, second = desk.central.ingest([desk.stick]).files
    assert (first.outcome, second.outcome) == ("refused", "taken")
    assert "RuntimeError" in first.reason
    assert "kingfisher" not in first.reason
    assert len(list((desk.central.folder / "quarantine").iterdir())) == 1


def huge(op: Op, **over: Any) -> bytes:
    from storage.ops import canonical_json

    return canonical_json.dumps(canonical_json.loads(op.encode()) | over)


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 17, str(2**53)])
def test_a_number_too_large_refuses_the_bundle(desk: Desk, number: str) -> None:
    base = [f"{desk.ada.author.device}/{number}/main/1"]
    path = craft(desk.ada, desk.roster, desk.stick, [huge(an_op(desk.ada, 1), base=base)])
    with pytest.raises(MalformedBundleError, match=r"too large|form fieldkit"):
        verify(path, desk.central.trust())


def test_an_id_whose_numbers_are_text(desk: Desk) -> None:
    named = [desk.ada.author.device, "1", "main", "1"]
    path = craft(desk.ada, desk.roster, desk.stick, [huge(an_op(desk.ada, 1), id=named)])
    with pytest.raises(BundleError, match="id is not in the form"):
        verify(path, desk.central.trust())
