"""Central's report of one laptop's own writes that stand beside each other."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session

from fieldkit.exchange.exchange import exchange
from storage.central import Central
from storage.records import Judgment
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from tests.storage.central.offices import sign
from tests.storage.travelling import INSPECTION, Team, work

LINE = judgment_id(case_id(INSPECTION, "WST-001"), "overall")


def reword(session: Session, text: str) -> None:
    session.get_one(Judgment, LINE).rationale = text


def test_what_was_between_them_never_came(central: Central, team: Team, tmp_path: Path) -> None:
    """Ben reworded what Ada wrote over his; she was revoked before anything came from her."""
    stick = tmp_path / "stick"
    stick.mkdir()
    with team.laptop("ada") as ada, team.laptop("ben") as ben:
        ben.write_now(work, words="his first")
        exchange(ben, stick)
        exchange(ada, stick)
        ada.write_now(reword, "hers")
        exchange(ada, stick)
        exchange(ben, stick)
        ben.write_now(reword, "his second")
        central.revoke(ada.author.device)
        for path in stick.iterdir():
            path.unlink()
        (stick / "roster").write_bytes(sign(central, team).read_bytes())
        exchange(ben, stick)
        assert central.ingest([stick]).count("taken") == 1
        (inspection,) = central.report().inspections
        (conflict,) = inspection.conflicts
        assert (conflict.kind, conflict.record, conflict.fields) == (
            "judgment",
            LINE,
            ("rationale",),
        )
        assert {device for device, _ in conflict.writers} == {ben.author.device}
