"""A case audit as evidence: what it says besides the grades is chosen, linked and traced."""

from __future__ import annotations

import pytest

from fieldkit.casework import judging
from fieldkit.casework.cases import set_audit, withdraw_case
from fieldkit.cli.kit.pick import NotMeantError, pick_evidence
from fieldkit.evidence import points
from fieldkit.evidence.choices import evidence_choices
from fieldkit.evidence.trace import trace_point, trace_text
from fieldkit.feedback.debriefs.news import counts_in_words, since_last
from storage.records.case import CaseAudit
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault

PRACTICE = "The officer drew what the child said, and kept the drawing."


@pytest.fixture
def case(cases: dict[str, str]) -> str:
    """The id of WST-001."""
    return cases["WST-001"]


def audited(vault: Vault, case: str, **fields: str) -> str:
    return vault.write_now(set_audit, case, **fields).id


def point(vault: Vault, inspection: str) -> str:
    made = vault.write_now(points.add_point, inspection, "Children are heard", "strength")
    return made.id


def test_what_an_audit_says_is_evidence_with_its_labels(
    vault: Vault, inspection: str, case: str
) -> None:
    audit = audited(
        vault,
        case,
        notable_practice=PRACTICE,
        context="Two sergeants are vacant.",
        voice_seen_alone="yes",
        child_seen_at="12 March 2026 14:30",
        risk_note="Graded late.",
    )
    made = point(vault, inspection)
    vault.write_now(points.support, made, "case_audit", audit)
    trace = vault.read_now(trace_point, made)
    (link,) = trace.links
    assert link.evidence is not None
    assert link.evidence.label == "WST-001, case audit"
    assert (link.evidence.method, link.evidence.by) == ("case audit", vault.person.id)
    assert trace.basis == "rests on 1 case audit"
    text = trace_text(trace)
    for words in (
        f"Notable practice: {PRACTICE}",
        "Context: resources, partners: Two sergeants are vacant.",
        "Was the child seen alone? yes",
        "child seen: 12 March 2026, 14:30",
        "Risk, remarks: Graded late.",
    ):
        assert words in text
    vault.write_now(set_audit, case, context="One sergeant is vacant.")
    (later,) = vault.read_now(trace_point, made).links
    assert later.changed and "Two sergeants" in later.text
    assert "It now says" in trace_text(vault.read_now(trace_point, made))


def test_an_audit_is_chosen_by_its_case_or_its_words_and_only_where_it_says_something(
    vault: Vault, inspection: str, case: str
) -> None:
    def chosen(words: str = "") -> list[str]:
        return [one.label for one in vault.read_now(evidence_choices, inspection, words)]

    audit = audited(vault, case, voice_seen="yes")
    assert chosen() == ["WST-001, case audit"]
    vault.write_now(set_audit, case, voice_seen="", notable_practice=PRACTICE)
    assert chosen("drawing") == chosen("wst-001") == ["WST-001, case audit"]
    vault.write_now(set_audit, case, notable_practice="")
    assert chosen() == []
    assert vault.read_now(lambda s: s.get(CaseAudit, audit)) is not None
    vault.write_now(set_audit, case, context="Short of staff.")
    vault.write_now(withdraw_case, case, "a twin")
    assert chosen() == []


def test_a_case_by_its_reference_is_its_audit_or_else_its_overall_grade(
    vault: Vault, inspection: str, case: str
) -> None:
    def meant(wanted: str) -> tuple[str, str]:
        return vault.read_now(pick_evidence, inspection, wanted)

    with pytest.raises(NotMeantError):
        meant("WST-001")
    vault.write_now(judging.grade, case, "investigation", "good")
    vault.write_now(judging.grade, case, "overall", "good", allow_open=True)
    assert meant("wst-001") == ("judgment", judgment_id(case, "overall"))
    audit = audited(vault, case, context="Short of staff.")
    assert meant("WST-001") == meant("wst-001/audit") == meant(audit[:8]) == ("case_audit", audit)
    assert meant("WST-001/Investigation") == ("judgment", judgment_id(case, "investigation"))
    assert meant("WST-001, case audit") == ("case_audit", audit)
    with pytest.raises(NotMeantError):
        meant("WST-001/trusted_adult")
    vault.write_now(withdraw_case, case, "a twin")
    for wanted in ("WST-001", "WST-001/investigation", "WST-001, case audit"):
        with pytest.raises(NotMeantError):
            meant(wanted)


def test_an_audit_is_news_until_the_next_debrief(vault: Vault, inspection: str, case: str) -> None:
    audited(vault, case, voice_seen="yes")
    assert counts_in_words(vault.read_now(since_last, inspection).new) == "1 case audit"
