"""What is worth a second look: each rule, what settles it, and what it is silent about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import withdraw_case
from fieldkit.casework.referrals import refer
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_document, add_interview, add_observation, edit_entry
from fieldkit.evidence.gaps.lints import Lint, lints, rules
from fieldkit.evidence.notes import add_note
from fieldkit.inspections.home import home
from fieldkit.service import RefusedError, existing
from storage.database.connection import driver
from storage.feed.replay import differences
from storage.history.undo import undo
from storage.records import Note, Support
from storage.records.judgment import judgment_id
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.storage.colleague import Colleague


@pytest.fixture(autouse=True)
def tables_equal_a_replay(vault: Vault) -> Iterator[None]:
    yield
    assert vault.read_now(lambda s: differences(s.connection())) == []


def found(vault: Vault, inspection: str, *of_rules: str) -> list[Lint]:
    return [
        one for one in vault.read_now(lints, inspection) if not of_rules or one.rule in of_rules
    ]


def words(vault: Vault, inspection: str, *of_rules: str) -> list[str]:
    return [one.words for one in found(vault, inspection, *of_rules)]


def point(vault: Vault, inspection: str, sort: str = "concern", criterion: str = "") -> str:
    return vault.write_now(points.add_point, inspection, "Logs wait", sort, criterion).id


def note(vault: Vault, inspection: str, role: str, polarity: str = "", **more: object) -> str:
    met = vault.write_now(add_interview, inspection, role=role, works_well="asked")
    return vault.write_now(
        add_note,
        "interview",
        met.id,
        "said",
        polarity=polarity,
        **more,  # type: ignore[arg-type]
    ).id


def test_an_empty_inspection_has_nothing_to_look_at(vault: Vault, inspection: str) -> None:
    assert found(vault, inspection) == []
    assert vault.read_now(home, inspection).look_again == 0


def test_a_point_on_nothing_on_one_source_and_contradicted(vault: Vault, inspection: str) -> None:
    bare, single = point(vault, inspection), point(vault, inspection)
    said = note(vault, inspection, "sergeant")
    vault.write_now(points.support, single, "note", said)
    vault.write_now(points.support, single, "note", note(vault, inspection, "DI"), "contradicts")
    assert words(vault, inspection, "no_support", "one_source", "contradiction") == [
        "Point 1 rests on nothing.",
        "Point 2 rests on one source alone.",
        "Point 2 is contradicted, and nobody has written how that was weighed (1 time).",
    ]
    assert vault.read_now(home, inspection).look_again == len(found(vault, inspection))
    vault.write_now(points.withdraw_point, bare, "no")
    assert words(vault, inspection, "no_support") == []
    seen = vault.write_now(add_observation, inspection, place="custody")
    vault.write_now(points.support, single, "observation", seen.id)
    assert words(vault, inspection, "one_source") == []
    links = vault.read_now(points.point_lines, inspection)
    assert links[1].contradicts == 1
    held = note(vault, inspection, "superintendent")
    vault.write_now(points.support, single, "note", held, "contradicts", "an older time")
    assert "(1 time)" in words(vault, inspection, "contradiction")[0]


def test_deleted_evidence_and_remarks_of_ours_carry_no_point(vault: Vault, inspection: str) -> None:
    made = point(vault, inspection)
    ours = vault.write_now(add_note, "inspection", inspection, "a thought").id
    vault.write_now(points.support, made, "note", ours)
    assert words(vault, inspection, "one_source") == [
        "Point 1 rests on one thing alone, an own remark."
    ]
    vault.write_now(lambda s: s.delete(existing(s, Note, ours)))
    assert words(vault, inspection, "no_support") == ["Point 1 rests on nothing."]


def test_a_point_is_kept_thin_with_a_reason_that_travels_and_is_undone(
    vault: Vault, inspection: str
) -> None:
    made = point(vault, inspection)
    with pytest.raises(RefusedError, match="reason is missing"):
        vault.write_now(points.keep_thin, made, " ")
    vault.write_now(points.support, made, "note", note(vault, inspection, "sergeant"))
    vault.write_now(points.keep_thin, made, "one child was at risk; one file is enough")
    assert words(vault, inspection, "one_source") == []
    # A colleague's change of the wording stands beside the reason.
    bea = Colleague("bb" * 8)
    change = bea.write(("point", made), {"wording": "Logs wait for days"}, ms=10**12 * 3)
    vault.write_now(bea.hand_over, [change])
    assert words(vault, inspection, "one_source") == []
    assert vault.read_now(points.point_lines, inspection)[0].wording == "Logs wait for days"
    (link,) = vault.read_now(lambda s: records_in(s, Support, inspection))
    vault.write_now(points.unsupport, link.id)
    assert words(vault, inspection, "no_support") == ["Point 1 rests on nothing."]
    vault.write_now(undo)
    assert words(vault, inspection, "no_support") == []


def test_an_inadequate_case_is_cited_or_referred(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    for reference in ("WST-001", "WST-002", "WST-003", "WST-004"):
        vault.write_now(judging.grade, cases[reference], "overall", "inadequate", allow_open=True)
    vault.write_now(
        judging.grade, cases["WST-001"], "overall", "requires improvement", allow_open=True
    )
    assert words(vault, inspection, "worst_case") == [
        f"WST-00{n} is inadequate; no point rests on it, and it was not referred back."
        for n in (2, 3, 4)
    ]
    vault.write_now(refer, cases["WST-002"], ["no supervision"], "nobody looked")
    vault.write_now(withdraw_case, cases["WST-003"], "a duplicate")
    judged = judgment_id(cases["WST-004"], "overall")
    remark = vault.write_now(add_note, "judgment", judged, "at night", polarity="concern").id
    assert words(vault, inspection, "unused") == ["WST-004: 1 marked note is in no point."]
    vault.write_now(points.support, point(vault, inspection), "note", remark)
    assert words(vault, inspection, "worst_case", "unused") == []


def test_evidence_that_is_in_no_point(vault: Vault, inspection: str) -> None:
    vault.write_now(add_document, inspection, title="Policy", asked_on="1 July 2026")
    vault.write_now(add_document, inspection, title="Minutes", received_on="2 July 2026")
    used, unused = (note(vault, inspection, role, "concern") for role in ("sergeant", "DI"))
    made = point(vault, inspection)
    vault.write_now(points.support, made, "note", used, "context")
    place = vault.read_now(lambda s: existing(s, Note, used).parent_id)
    vault.write_now(add_note, "interview", place, "more", polarity="strength")
    vault.write_now(add_note, "interview", place, "only context", polarity="context")
    vault.write_now(add_note, "inspection", inspection, "a thought", polarity="concern")
    assert sorted(words(vault, inspection, "unused")) == [
        "Document: Minutes: nothing of it is in a point.",
        "Interview: DI: nothing of it is in a point.",
        "Interview: sergeant: 1 marked note is in no point.",
        "Remarks: 1 marked note is in no point.",
    ]
    vault.write_now(points.support, made, "note", unused)
    assert not any("DI" in one for one in words(vault, inspection, "unused"))


def test_a_criterion_where_no_strength_was_looked_for(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(judging.grade, cases["WST-001"], "investigation", "good")
    note(vault, inspection, "sergeant", "concern", criteria=["Initial contact"])
    point(vault, inspection, criterion="Decision making")
    assert [one.id for one in found(vault, inspection, "no_strength")] == [
        "initial_contact",
        "investigation",
        "decision_making",
    ]
    vault.write_now(judging.write, cases["WST-001"], "investigation", went_well="a good plan")
    note(vault, inspection, "DI", "strength", criteria=["Initial contact"])
    point(vault, inspection, "notable practice", "Decision making")
    assert found(vault, inspection, "no_strength") == []


def test_what_works_well_is_asked_of_each_meeting(vault: Vault, inspection: str) -> None:
    met = vault.write_now(add_interview, inspection, role="sergeant")
    told = vault.write_now(add_interview, inspection, role="DI", meeting="focus group")
    vault.write_now(add_observation, inspection, place="custody")
    assert sorted(words(vault, inspection, "not_asked")) == [
        "Focus group: DI: “what works well here?” was not asked.",
        "Interview: sergeant: “what works well here?” was not asked.",
    ]
    vault.write_now(edit_entry, "interview", met.id, works_well="not asked")
    vault.write_now(add_note, "interview", told.id, "the rota", polarity="strength")
    assert [one.id for one in found(vault, inspection, "not_asked")] == [met.id]
    vault.write_now(edit_entry, "interview", met.id, works_well="asked")
    assert found(vault, inspection, "not_asked") == []


def test_every_rule_says_what_settles_it() -> None:
    for rule in rules()["rules"].values():
        assert rule["words"].endswith(".")
        assert rule["command"].startswith("fieldkit ")
        assert all(rule[name] for name in ("settle", "page", "key"))


def test_marked_notes_are_counted_apart_from_those_in_points(vault: Vault, inspection: str) -> None:
    met = vault.write_now(add_interview, inspection, role="sergeant", works_well="asked").id
    notes = [
        vault.write_now(add_note, "interview", met, f"said {at}", polarity=polarity).id
        for at, polarity in enumerate(("concern", "concern", "strength", "context", ""))
    ]
    made = point(vault, inspection)
    for used in (notes[0], notes[3]):
        vault.write_now(points.support, made, "note", used)
    assert words(vault, inspection, "unused") == [
        "Interview: sergeant: 2 marked notes are in no point."
    ]
    # The same note in a second point is in a point once.
    vault.write_now(points.support, point(vault, inspection), "note", notes[0])
    vault.write_now(points.support, made, "note", notes[2])
    assert words(vault, inspection, "unused") == [
        "Interview: sergeant: 1 marked note is in no point."
    ]
    vault.write_now(points.support, made, "note", notes[1])
    assert words(vault, inspection, "unused") == []


def test_no_text_is_read_to_count_what_is_worth_a_second_look(
    vault: Vault, inspection: str
) -> None:
    """Home counts it at every visit: what stands in thousands of notes was counted before."""
    note(vault, inspection, "sergeant", "strength", criteria=["investigation"])

    def asked(s: Session) -> list[str]:
        seen: list[str] = []
        connection = driver(s.connection())
        connection.set_trace_callback(seen.append)
        lints(s, inspection)
        connection.set_trace_callback(None)
        return seen

    assert not [one for one in vault.read_now(asked) if "FROM note " in one or "COUNT(" in one]
