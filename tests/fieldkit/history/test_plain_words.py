"""Histories, the audit trail and traces name no id, revision or field name to a person."""

from __future__ import annotations

import re

from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.case_file import open_case
from fieldkit.casework.cases import add_case, edit_case, set_audit
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.notes import add_note, delete_note, edit_note, finalise_note
from fieldkit.history import audit
from fieldkit.history.record_history import record_history
from fieldkit.history.undo import undo_last
from fieldkit.wording.labels import label
from storage.records import Interview
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault

MACHINE = re.compile(
    r"[0-9a-f]{6,}|\b\w+_\w+\b|[0-9a-f]{4,}/\d|\d{4}-\d\d-\d\dT|\bpolarity\b|\bNone\b"
)
"""What only a program would say."""


def test_what_was_done_is_told_in_words(vault: Vault, inspection: str) -> None:
    def job(s: Session) -> list[tuple[str, str]]:
        case = add_case(s, inspection, "WST-101", force_ref="71/1", types=["missing"]).id
        judging.grade(s, case, "investigation", "good")
        judging.write(s, case, "investigation", rationale="Logs are whole.")
        judged = judgment_id(case, "investigation")
        said = set_audit(s, case, voice_seen="yes", reported_at="22/11/2026 14:30").id
        met = add_interview(s, inspection, role="detective sergeant", source_group="supervisors").id
        note = add_note(s, "interview", met, "Told late.", polarity="concern").id
        point = points.add_point(s, inspection, "Told late.", "concern", "investigation").id
        link = points.support(s, point, "note", note).id
        kinds = ("case", "judgment", "case_audit", "interview", "note", "point", "support")
        return list(zip(kinds, (case, judged, said, met, note, point, link), strict=True))

    records = vault.write_now(job)
    ids = dict(records)
    vault.write_now(lambda s: edit_note(s, ids["note"], polarity="strength"))
    vault.write_now(undo_last)
    vault.write_now(lambda s: edit_case(s, ids["case"], unit="Hub"))
    vault.write_now(finalise_note, ids["note"])
    vault.write_now(lambda s: open_case(s, ids["case"]))
    vault.write_now(lambda s: edit_case(s, ids["case"], unit="Team"))
    told = [line.text for line in vault.read_now(audit.trail).lines]
    for kind, record in records:
        told += [line.text for line in vault.write_now(record_history, kind, record)]
    assert [line for line in told if MACHINE.search(line)] == []
    assert any("sign" in line and "taken back" in line for line in told)


def test_the_audit_trail_calls_what_is_deleted_as_it_was_called(
    vault: Vault, inspection: str
) -> None:
    def job(s: Session) -> str:
        met = add_interview(s, inspection, role="detective sergeant").id
        note = add_note(s, "interview", met, "Told late.").id
        s.flush()
        called = label(s, "note", note)
        delete_note(s, note)
        s.flush()
        s.delete(s.get(Interview, met))
        return called

    called = vault.write_now(job)
    lines = vault.read_now(audit.trail).lines
    assert {line.label for line in lines if line.kind == "note"} == {called}
    assert "detective sergeant" in called
    assert not any("not kept here" in line.text for line in lines)
