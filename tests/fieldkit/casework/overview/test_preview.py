"""A case in short: the force's grade stays hidden, and what is counted is the case's own."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.casework import judging, referrals
from fieldkit.casework.overview.preview import case_preview
from fieldkit.evidence import points
from storage.records import Note
from storage.vault.vault import Vault


def test_a_case_in_short_counts_what_is_its_own(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    def work(s: Session) -> None:
        judged = judging.grade(s, cases["WST-001"], "investigation", "good")
        other = judging.grade(s, cases["WST-002"], "investigation", "good")
        point = points.add_point(s, inspection, "Seen late.", "concern", "investigation")
        s.flush()
        for kind, above in (("case", cases["WST-001"]), ("judgment", judged.id)):
            note = {"parent_kind": kind, "parent_id": above, "text": "t"}
            s.add(Note.make(inspection_id=inspection, **note))
        points.support(s, point.id, "judgment", judged.id)
        points.support(s, point.id, "judgment", other.id)
        referrals.refer(s, cases["WST-001"], ["child not seen"], "Unseen")

    vault.write_now(work)
    shown = vault.read_now(case_preview, cases["WST-001"])
    assert (shown.notes, shown.points) == (2, 1)
    assert shown.referral is not None and shown.referral.running
    assert (shown.force, shown.revealed, shown.audit) == ("", False, None)
    bare = vault.read_now(case_preview, cases["WST-003"])
    assert (bare.notes, bare.points, bare.referral) == (0, 0, None)
