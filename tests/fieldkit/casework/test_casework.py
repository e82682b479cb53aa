from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from fieldkit.casework import judging, referrals
from fieldkit.casework.case_file import open_case
from fieldkit.casework.case_lines import CaseLine, case_lines
from fieldkit.casework.cases import (
    add_case,
    allocate_case,
    edit_case,
    reinstate_case,
    set_audit,
    withdraw_case,
)
from fieldkit.casework.find_case import find_case
from fieldkit.service import NotThereError, RefusedError
from storage.feed import drafts
from storage.feed.journal import because
from storage.ops.op import KEY, MAIN
from storage.records import Case, CaseKey, Consultation, Note
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.records.model.base import InvalidError
from storage.vault.vault import Vault


def line(vault: Vault, inspection: str, reference: str = "WST-001") -> CaseLine:
    lines = vault.read_now(case_lines, inspection)
    return next(one for one in lines if one.reference == reference)


def feeds(vault: Vault) -> dict[tuple[str, str], int]:
    rows = vault.read_now(
        lambda s: (
            s.connection()
            .exec_driver_sql("SELECT record_kind, kind, COUNT(*) FROM op GROUP BY 1, 2")
            .all()
        )
    )
    return {(row[0], row[1]): row[2] for row in rows}


def test_a_case_has_the_id_of_its_reference_and_a_key_apart(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    assert cases["WST-001"] == case_id(inspection, "WST-001")
    kinds = feeds(vault)
    assert kinds[("case", MAIN)] == kinds[("case_key", KEY)] == 4
    made = vault.read_now(lambda s: s.get(Case, cases["WST-001"]))
    assert made is not None
    assert made.types == ["domestic-abuse"]


def test_a_case_without_a_force_reference_has_no_key(vault: Vault, inspection: str) -> None:
    vault.write_now(add_case, inspection, "X-1")
    assert ("case_key", KEY) not in feeds(vault)


@pytest.mark.parametrize(
    ("reference", "said", "error"),
    [
        ("  ", {}, RefusedError),
        ("wst-001", {}, RefusedError),
        ("X-1", {"types": ["piracy"]}, RefusedError),
        ("X-1", {"origin": "the moon"}, RefusedError),
        ("X-1", {"child_age": "12/03/2019"}, RefusedError),
        ("X-1", {"child_age": "2019-03-12"}, RefusedError),
        ("X-1", {"incident_on": "some day"}, InvalidError),
    ],
)
def test_what_does_not_fit_is_refused_and_no_case_is_made(
    vault: Vault,
    inspection: str,
    cases: dict[str, str],
    reference: str,
    said: dict[str, Any],
    error: type[Exception],
) -> None:
    before = feeds(vault)
    with pytest.raises(error, match="Nothing was changed"):
        vault.write_now(add_case, inspection, reference, **said)
    assert feeds(vault) == before


def test_editing_changes_only_what_is_said(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(edit_case, cases["WST-001"], child_age="5 to 9", force_ref="42/7/26")
    made = line(vault, inspection)
    assert (made.child_age, made.force_ref, made.unit) == ("5 to 9", "42/7/26", "Northtown")
    with pytest.raises(RefusedError, match="withdrawn"):
        vault.write_now(edit_case, cases["WST-001"], withdrawn=True)


def test_allocating_and_taking_back(vault: Vault, inspection: str, cases: dict[str, str]) -> None:
    vault.write_now(allocate_case, cases["WST-001"], " M. Colleague ")
    assert line(vault, inspection).allocated_to == "M. Colleague"
    vault.write_now(allocate_case, cases["WST-001"], "")
    assert line(vault, inspection).allocated_to == ""


def test_withdrawing_needs_a_reason_and_may_name_the_replacement(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    with pytest.raises(RefusedError, match="reason"):
        vault.write_now(withdraw_case, cases["WST-001"], " ")
    with pytest.raises(RefusedError, match="not on the list"):
        vault.write_now(withdraw_case, cases["WST-001"], "duplicate", "WST-001")
    vault.write_now(withdraw_case, cases["WST-001"], "duplicate", "WST-002")
    made = line(vault, inspection)
    assert (made.withdrawn, made.withdrawn_reason, made.replaced_by) == (
        True,
        "duplicate",
        cases["WST-002"],
    )
    with pytest.raises(RefusedError, match="before"):
        vault.write_now(withdraw_case, cases["WST-001"], "again")
    vault.write_now(reinstate_case, cases["WST-001"], "it is another child")
    made = line(vault, inspection)
    assert (made.withdrawn, made.withdrawn_reason, made.replaced_by) == (False, "", "")
    with pytest.raises(RefusedError, match="on the list"):
        vault.write_now(reinstate_case, cases["WST-001"], "again")


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("wst-002", "WST-002"),
        ("42/10003/26", "WST-003"),
        ("42/10004", "WST-004"),
        ("WST-004", "WST-004"),
    ],
)
def test_a_case_is_found_by_what_a_person_types(
    vault: Vault, inspection: str, cases: dict[str, str], text: str, reference: str
) -> None:
    assert vault.read_now(find_case, inspection, text).reference == reference


def test_a_whole_reference_wins_over_the_beginning_of_another(
    vault: Vault, inspection: str
) -> None:
    for reference in ("W-1", "W-10"):
        vault.write_now(add_case, inspection, reference)
    assert vault.read_now(find_case, inspection, "w-1").reference == "W-1"


def test_what_could_be_several_cases_is_said(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    with pytest.raises(NotThereError, match="could be 4 cases: WST-001"):
        vault.read_now(find_case, inspection, "WST")
    with pytest.raises(NotThereError, match="no case “XYZ”"):
        vault.read_now(find_case, inspection, "XYZ")


def test_an_audit_takes_the_words_of_the_methodology(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    made = vault.write_now(
        set_audit, case, voice_seen="y", reported_at="2026-02-01T10:00", context="busy"
    )
    assert (made.voice_seen, made.context) == ("yes", "busy")
    vault.write_now(set_audit, case, voice_seen="unknown")
    opened = vault.read_now(open_case, case)
    assert opened.audit is not None
    assert (opened.audit.voice_seen, opened.audit.context) == ("not recorded", "busy")
    with pytest.raises(RefusedError, match="does not answer"):
        vault.write_now(set_audit, case, risk_graded="perhaps")
    with pytest.raises(RefusedError, match="no field"):
        vault.write_now(set_audit, case, mood="sad")
    with pytest.raises(InvalidError):
        vault.write_now(set_audit, case, reported_at="at noon")


def test_opening_a_case_shows_its_file_and_is_recorded_once(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    vault.write_now(judging.grade, case, "investigation", "good")

    def remark(s: Session) -> None:
        for kind, parent, text in (
            ("case", case, "first"),
            ("judgment", judgment_id(case, "investigation"), "second"),
            ("case", cases["WST-002"], "elsewhere"),
        ):
            s.add(
                Note.make(
                    inspection_id=inspection,
                    parent_kind=kind,
                    parent_id=parent,
                    text=text,
                    at=f"2026-07-06T0{len(text)}:00:00Z",
                )
            )

    vault.write_now(remark)
    for _ in range(2):
        opened = vault.read_now(open_case, case)
    assert opened.case.reference == "WST-001"
    assert opened.key is not None
    assert opened.key.force_ref == "42/10001/26"
    assert set(opened.judgments) == {"investigation"}
    assert [one.text for one in opened.notes] == ["first", "second"]
    assert (opened.referral, opened.force, opened.audit) == (None, None, None)
    vault.write_now(allocate_case, case, "me")
    kept = vault.read_now(
        lambda s: [
            (row[0], row[1])
            for row in s.connection().exec_driver_sql("SELECT of_kind, of_id FROM consultation")
        ]
    )
    assert kept == [("case", case)]
    assert feeds(vault)[(Consultation.KIND, MAIN)] == 1


def test_a_line_tells_how_far_the_case_is(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    vault.write_now(judging.grade, case, "investigation", "good")
    vault.write_now(judging.set_state, case, "police detention", "not applicable")
    vault.write_now(judging.grade, case, "overall", "inadequate", allow_open=True)
    vault.write_now(referrals.refer, case, ["child not seen"], "nobody went")
    made = line(vault, inspection)
    assert (made.graded, made.total) == (2, 7)
    assert (made.overall_state, made.overall_grade, made.done) == ("graded", "inadequate", True)
    assert (made.referral, made.sent, made.changed_today) == ("raised", "local", True)
    assert made.type_labels == ("Domestic abuse",)
    untouched = line(vault, inspection, "WST-004")
    assert (untouched.graded, untouched.overall_state, untouched.referral) == (0, "not judged", "")


@pytest.mark.parametrize("place", ["case/{case}", "judgment/{judgment}", "new-note/{case}"])
def test_a_line_tells_that_text_waits_in_the_case(
    vault: Vault, inspection: str, cases: dict[str, str], place: str
) -> None:
    case = cases["WST-001"]
    at = place.format(case=case, judgment=judgment_id(case, "overall"))
    vault.write_now(drafts.save, at, "text", "WST-001", "half a sent")
    lines = vault.read_now(case_lines, inspection)
    assert [one.reference for one in lines if one.drafts] == ["WST-001"]


def test_four_hundred_cases_take_no_more_queries_than_four(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    def queries() -> int:
        seen: list[str] = []

        def read(s: Session) -> int:
            engine = s.connection().engine
            event.listen(engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
            case_lines(s, inspection)
            return len(seen)

        return vault.read_now(read)

    few = queries()

    def add(s: Session) -> None:
        for number in range(400):
            s.add(
                Case.make(
                    id=case_id(inspection, f"N-{number}"),
                    inspection_id=inspection,
                    reference=f"N-{number}",
                )
            )
            s.add(
                CaseKey.make(inspection_id=inspection, case_id=case_id(inspection, f"N-{number}"))
            )

    vault.write_now(add)
    many = queries()
    assert len(vault.read_now(case_lines, inspection)) == 404
    assert many <= few <= 25


def test_sent_follows_the_least_advanced_record_of_the_case(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    from storage.records import Disclosure, Receipt

    device = vault.author.device
    feed = f"{device}/1/{MAIN}"

    def stand(s: Session) -> int:
        sql = "SELECT seq FROM feed WHERE kind = 'main'"
        return int(s.connection().exec_driver_sql(sql).scalar_one())

    def left(s: Session, seq: int) -> None:
        s.add(
            Disclosure.make(
                what="bundle", recipient="central", at="2026-07-06T09:00:00Z", covers={feed: seq}
            )
        )

    vault.write_now(judging.grade, cases["WST-001"], "investigation", "good")
    vault.write_now(left, vault.read_now(stand))
    assert line(vault, inspection).sent == "exported"
    vault.write_now(judging.grade, cases["WST-001"], "investigation", "inadequate")
    assert line(vault, inspection).sent == "local"
    assert line(vault, inspection, "WST-002").sent == "exported"
    seq = vault.read_now(stand)

    def arrived(s: Session) -> None:
        with because(s, "at home"):
            s.add(Receipt.make(central="c", at="2026-07-06T20:00:00Z", covers={feed: seq}))

    vault.write_now(arrived)
    assert {one.sent for one in vault.read_now(case_lines, inspection)} == {"received"}
