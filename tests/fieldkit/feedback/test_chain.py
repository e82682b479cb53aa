"""The chain of a point: what was agreed last, how it was answered, and every telling behind it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview
from fieldkit.feedback.debriefs.chain import Chain, chains
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.news import since_last
from fieldkit.feedback.debriefs.printed_sheet import sheet_text
from fieldkit.feedback.debriefs.sheet import sheet_of
from fieldkit.inspections import inspections
from fieldkit.service import existing
from storage.records import Debrief, DebriefPoint, Point
from storage.records.debrief import debrief_point_id, debriefs
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE

DAYS = (("daily", "2026-07-06"), ("daily", "2026-07-07"), ("hot", "2026-07-17"))
DRAFT = "Logs are not checked"
FIRST, SECOND, THIRD = "Logs are not checked at night.", "Some are not.", "Few are not."

Told = tuple[str, dict[str, str]]
"""The words agreed at a telling, empty where none are; and the answer."""

POINTS: dict[str, tuple[Told, ...]] = {
    "again with other words": (
        (FIRST, {"response": "We know.", "outcome": "agreed"}),
        (SECOND, {}),
        (THIRD, {}),
    ),
    "again, not agreed": (
        (FIRST, {"response": "We know.", "outcome": "agreed"}),
        (SECOND, {"response": "No longer so.", "outcome": "disputed"}),
        ("", {}),
    ),
    "disputed, then corrected": (
        (FIRST, {"response": "They are.", "outcome": "disputed"}),
        (SECOND, {"outcome": "agreed"}),
        ("", {}),
    ),
    "disputed throughout": (
        (FIRST, {"response": "They are.", "outcome": "disputed"}),
        ("", {"outcome": "disputed"}),
        ("", {}),
    ),
    "action done after the third": (
        (FIRST, {"outcome": "agreed", "action": "Check them", "action_owner": "sergeants"}),
        ("", {"outcome": "carried"}),
        ("", {"action_done": "2026-07-20"}),
    ),
    "agreed, then those words disputed": (
        (FIRST, {"outcome": "agreed"}),
        ("", {"outcome": "disputed", "response": "They are."}),
        (FIRST, {}),
    ),
    "two actions": (
        (FIRST, {"action": "Check them.", "action_due": "2026-07-09"}),
        ("", {"action": "check them", "action_done": "2026-07-08"}),
        ("", {"action": "Train all", "action_due": "2026-08-01"}),
    ),
}


@pytest.fixture(scope="module")
def told_thrice(
    vault_made_once: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Vault, dict[str, str]]]:
    """Points told in two daily debriefs and the hot one, as :data:`POINTS` says; and one never."""
    folder = tmp_path_factory.mktemp("told") / "vault"
    shutil.copytree(vault_made_once, folder)
    with open_vault(folder, PASSPHRASE) as vault:
        yield vault, vault.write_now(_tell)


def _tell(s: Session) -> dict[str, str]:
    inspection = inspections.create(s, force="Westshire Constabulary", methodology="2018").id
    ids = {name: points.add_point(s, inspection, DRAFT, "concern").id for name in POINTS}
    ids["never"] = points.add_point(s, inspection, DRAFT, "concern").id
    for at, (sort, day) in enumerate(DAYS):
        debrief = open_debrief(s, inspection, sort, day).id
        for name, tellings in POINTS.items():
            words, answer = tellings[at]
            place = include_point(s, debrief, ids[name]).id
            if words:
                freeze_wording(s, place, words)
            record_response(s, place, **answer)
        close_debrief(s, debrief, "deputy chief constable")
    return ids | {"inspection": inspection}


def chain(told: tuple[Vault, dict[str, str]], name: str) -> Chain:
    vault, ids = told
    return vault.read_now(chains, ids["inspection"])[ids[name]]


@pytest.mark.parametrize(
    ("name", "wording", "agreed", "status", "response"),
    [
        ("again with other words", THIRD, True, "agreed", "We know."),
        ("again, not agreed", FIRST, True, "disputed", "No longer so."),
        ("disputed, then corrected", SECOND, True, "agreed", "They are."),
        ("disputed throughout", FIRST, False, "disputed", "They are."),
        ("action done after the third", FIRST, True, "acted on", ""),
        ("agreed, then those words disputed", FIRST, False, "disputed", "They are."),
        ("two actions", FIRST, True, "raised", ""),
        ("never", DRAFT, False, "not told yet", ""),
    ],
)
def test_the_last_agreed_words_and_answers_stand(
    told_thrice: tuple[Vault, dict[str, str]],
    name: str,
    wording: str,
    agreed: bool,
    status: str,
    response: str,
) -> None:
    made = chain(told_thrice, name)
    assert (made.wording, made.agreed) == (wording, agreed)
    assert (made.status, made.response) == (status, response)
    assert made.told is (name != "never") and made.start == wording


def test_every_telling_stays_with_the_words_and_answer_it_had(
    told_thrice: tuple[Vault, dict[str, str]],
) -> None:
    made = chain(told_thrice, "again with other words")
    assert [(one.held_on, one.wording) for one in made.tellings] == [
        ("2026-07-06", FIRST), ("2026-07-07", SECOND), ("2026-07-17", THIRD),
    ]  # fmt: skip
    assert [one.outcome for one in made.tellings] == ["agreed", "", ""]
    assert [(one.status, one.day) for one in made.steps] == [
        ("raised", "2026-07-06"), ("agreed", "2026-07-06"),
        ("agreed", "2026-07-07"), ("agreed", "2026-07-17"),
    ]  # fmt: skip


def test_an_action_stays_and_is_done_where_it_was_promised(
    told_thrice: tuple[Vault, dict[str, str]],
) -> None:
    (done,) = chain(told_thrice, "action done after the third").actions
    assert (done.action, done.owner, done.held_on, done.done) == (
        "Check them", "sergeants", "2026-07-06", "2026-07-20",
    )  # fmt: skip
    first, second = chain(told_thrice, "two actions").actions
    assert (first.due, first.done) == ("2026-07-09", "2026-07-08")
    assert (second.action, second.due, second.done) == ("Train all", "2026-08-01", "")


def test_a_point_reworded_after_a_dispute_is_told_in_its_new_words(
    vault: Vault, inspection: str
) -> None:
    made = vault.write_now(points.add_point, inspection, DRAFT, "concern").id
    first = vault.write_now(open_debrief, inspection, "daily", "2026-07-06").id
    place = vault.write_now(include_point, first, made).id
    vault.write_now(freeze_wording, place, FIRST)
    vault.write_now(points.edit_point, made, wording=SECOND)
    assert vault.read_now(chains, inspection)[made].start == FIRST, "what was agreed stands"
    vault.write_now(record_response, place, outcome="disputed")
    stands = vault.read_now(chains, inspection)[made]
    assert (stands.start, stands.wording, stands.agreed) == (SECOND, FIRST, False)
    second = vault.write_now(open_debrief, inspection, "daily", "2026-07-07").id
    vault.write_now(include_point, second, made)
    told = vault.read_now(chains, inspection)[made].tellings
    assert [(one.wording, one.frozen) for one in told] == [(FIRST, True), (SECOND, False)]
    assert told[1].id == debrief_point_id(second, made)
    vault.write_now(points.withdraw_point, made, "the log was found")
    assert vault.read_now(chains, inspection)[made].status == "withdrawn"


def test_what_an_earlier_fieldkit_or_a_strange_colleague_wrote_is_read(
    vault: Vault, inspection: str
) -> None:
    made = vault.write_now(points.add_point, inspection, DRAFT, "concern").id
    meeting = vault.write_now(add_interview, inspection, role="custody sergeant").id
    elsewhere = vault.write_now(
        lambda s: inspections.create(s, force="Eastshire", methodology="2018").id
    )
    theirs = vault.write_now(add_interview, elsewhere, role="control room").id
    known = {"inspection_id": inspection, "point_id": made, "frozen_at": "2026-07-06T17:00:00Z"}

    def write(s: Session, /, day: str, **fields: Any) -> str:
        debrief = Debrief.make(
            inspection_id=inspection, held_on=day, held_at=f"{day}T17:00:00Z",
            covers={"no/feed": "x", "a/1/main": True},
        )  # fmt: skip
        telling = DebriefPoint.make(debrief_id=debrief.id, **known, **fields)
        s.add(debrief)
        s.add(telling)
        s.flush()
        return telling.id

    # An earlier fieldkit froze words at the end of a debrief as if they had been agreed.
    vault.write_now(write, "2026-07-06", agreed_wording=FIRST, action_done="2026-07-07")
    stands = vault.read_now(chains, inspection)[made]
    assert (stands.wording, stands.agreed, stands.status) == (FIRST, True, "raised")
    assert stands.actions == (), "nobody promised what is said to be done"
    vault.write_now(
        write, "2026-07-07", agreed_wording=SECOND, outcome="shrugged", correction="Seen.",
        evidence_kind="interview", evidence_id=theirs,
    )  # fmt: skip
    stands = vault.read_now(chains, inspection)[made]
    assert (stands.wording, stands.status, stands.outcome) == (SECOND, "raised", "shrugged")
    assert stands.correction is not None and stands.correction.evidence is None
    again = stands.tellings[1].id
    for kind, record in (("nonsense", meeting), ("interview", "gone"), ("debrief", "x")):
        fields = {"evidence_kind": kind, "evidence_id": record}
        vault.write_now(lambda s, values: existing(s, DebriefPoint, again).change(**values), fields)
        stands = vault.read_now(chains, inspection)[made]
        assert stands.correction is not None and stands.correction.evidence is None
    assert vault.read_now(since_last, inspection).new == {"interview": 1}
    sheets = [vault.read_now(sheet_of, one.id, then=True)
              for one in vault.read_now(debriefs, inspection)]  # fmt: skip
    assert ["shrugged" in sheet_text(one) for one in sheets] == [True, False]


def test_a_point_that_was_told_and_is_gone_stays_on_the_sheet_as_told(
    vault: Vault, inspection: str
) -> None:
    ids = [
        vault.write_now(points.add_point, inspection, f"Draft {n}", "concern").id for n in range(3)
    ]
    day = vault.write_now(open_debrief, inspection, "daily", "2026-07-06").id
    for number, point in enumerate(ids):
        place = vault.write_now(include_point, day, point).id
        vault.write_now(freeze_wording, place, f"Told {number}.")
        vault.write_now(record_response, place, action=f"Mend {number}", outcome="agreed")
    vault.write_now(close_debrief, day, "deputy")
    vault.write_now(lambda s: s.delete(s.get(Point, ids[0])))
    vault.write_now(points.withdraw_point, ids[1], "the log was found")
    known = vault.read_now(chains, inspection)
    assert list(known) == ids[1:] and known[ids[1]].status == "withdrawn"
    text = sheet_text(vault.read_now(sheet_of, day, then=True))
    assert all(f"Told {number}." in text for number in range(3)) and "Draft" not in text
    hot = vault.write_now(open_debrief, inspection, "hot", "2026-07-17").id
    sheet = vault.read_now(sheet_of, hot)
    assert [one.wording for one in sheet.points] == ["Told 2."], "what is gone is not told again"
    assert [one.action for one in sheet.actions] == ["Mend 0", "Mend 1", "Mend 2"]
