"""Whatever a colleague's laptop sends, this one still writes, exports and is read by central."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from storage.bundle.errors import ForgedError
from storage.bundle.verify import verify
from storage.exchange.enrol import trust_of
from storage.exchange.export import export
from storage.feed.writer import UnfitError, Writer
from storage.ops.op import MAIN, MAX_OP_BYTES
from tests.storage.forging import an_op, craft
from tests.storage.hostile.readers import Stand
from tests.storage.travelling import INSPECTION, work

INVENTED = (
    ["naïve", "日本", "kind of mine", "Ünïqué", "\u00e9" * 200]
    + ["case\nnote", "a.b", "$", "'", '"']
    + [f"invented-{number:05}-{'x' * 180}" for number in range(20)]
)
"""Kinds of records that nobody knows."""


def test_invented_kinds_stop_no_export(stands: Stand) -> None:
    for number, kind in enumerate(INVENTED):
        stands.ada.write((kind, f"r{number}"), {"a": number})
    stands.spread()
    stands.ben.write_now(work, reference="WST-002", words="after it")
    for full in (False, True):
        done = export(stands.ben, stands.stick, with_key=True, full=full)
        assert set(done.counts) <= {"inspection", "case", "case_key", "judgment", "note"} | {
            "disclosure"
        }
        for central in stands.centrals.values():
            (file,) = central.ingest([done.path]).files
            assert file.outcome in ("taken", "known"), file
    assert {row[0] for row in stands.alike("case", "reference")} == {"WST-001", "WST-002"}


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (("note", "n"), {"text": "x" * MAX_OP_BYTES}),
        (("note", "n" * 201), {"text": "x"}),
        (("note", "n"), {"ünknown": "x"}),
        (("note", "n"), {"text": "e\u0301"}),
        (("note", "n"), {"text": "\ud800"}),
        (("note", "n"), {"row": 2**53}),
        (("note", "n"), {f"field{number}": "" for number in range(257)}),
        (("case", "c"), {"inspection_id": INSPECTION, "reference": "R"}),
        (("judgment", "j"), {"inspection_id": "i", "case_id": "c", "criterion": "overall"}),
    ],
)
def test_an_own_op_that_nobody_could_take_in_is_not_written(
    stand: Stand, record: tuple[str, str], fields: dict[str, object]
) -> None:
    def job(session: Session) -> None:
        writer = Writer(session.connection(), session.info["author"])
        writer.append(MAIN, "set", record, fields, [], None)
        writer.flush()

    with pytest.raises(UnfitError, match="Nothing was changed"):
        stand.ben.write_now(job)
    stand.meet()


def test_central_speaks_for_no_laptop(stand: Stand) -> None:
    """Whoever owns central’s computer signs a bundle in the name of Ben’s laptop, and of Ada’s."""
    central = stand.centrals["file"]
    _, roster = central.roster()
    key = central.keys.signing(roster)
    trust = trust_of(stand.ben, roster)
    for sender in (stand.ben.author.device, stand.ada.vault.author.device, "0" * 16):
        ops = [an_op(stand.ada.vault, 1)]
        path = craft(
            stand.ada.vault, roster, stand.stick, ops, to=stand.ben, signed_by=key, sender=sender
        )
        with pytest.raises(ForgedError, match="never signs for a laptop"):
            verify(path, trust)
