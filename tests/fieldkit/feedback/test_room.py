"""What the force is shown in the room: agreed words, answers and promises, and nothing of ours."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from fieldkit.casework import judging, referrals
from fieldkit.casework.cases import add_case
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.notes import add_note
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.room import NothingAgreedError, Room, room
from fieldkit.inspections import inspections
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE

OURS = ("thin", "adequate", "strong", "method", "inspector", "contradict", "WST-", "told", "h ")
"""Words of ours that no page of the room may hold."""


@pytest.fixture(scope="module")
def vault(vault_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """A vault for all tests of this file."""
    folder = tmp_path_factory.mktemp("room") / "vault"
    shutil.copytree(vault_made_once, folder)
    with open_vault(folder, PASSPHRASE) as opened:
        yield opened


@pytest.fixture(scope="module")
def ids(vault: Vault) -> dict[str, str]:
    """A debrief in which one point is agreed and one is not, after one held before."""
    return vault.write_now(_prepare)


def _prepare(s: Session) -> dict[str, str]:
    inspection = inspections.create(s, force="Westshire", methodology="2018").id
    case = add_case(s, inspection, "WST-001", types=["missing"]).id
    s.flush()
    for criterion, grade in (("investigation", "inadequate"), ("assessment", "good")):
        judging.grade(s, case, criterion, grade)
    judgment = judging.write(s, case, "investigation", concern="The risk was set once.")
    praise = judging.write(s, case, "assessment", went_well="It was reviewed twice.")
    assert judgment is not None and praise is not None
    raised = referrals.refer(s, case, ["unsafe"], "Missing again.", "See the child.")
    referrals.step(s, raised.id, "told", whom="duty sergeant", how="by phone")
    met = add_interview(s, inspection, role="response sergeant", meeting="focus group").id
    notes = [add_note(s, "interview", met, text).id for text in ("Nobody reads it.", "Never.")]
    agreed = points.add_point(s, inspection, "A draft of ours.", "concern", "assessment").id
    other = points.add_point(s, inspection, "Not agreed at all.", "strength", "assessment").id
    points.support(s, agreed, "judgment", judgment.id)
    points.support(s, agreed, "judgment", praise.id, "contradicts")
    for note in notes:
        points.support(s, agreed, "note", note)
    before = open_debrief(s, inspection, "daily", "2026-07-08").id
    first = include_point(s, before, agreed).id
    freeze_wording(s, first, "The risk is set once.")
    record_response(s, first, action="New sheet", action_owner="hub", action_due="10 July 2026")
    close_debrief(s, before, "deputy")
    debrief = open_debrief(s, inspection, "daily", "2026-07-09").id
    told = include_point(s, debrief, agreed).id
    untold = include_point(s, debrief, other).id
    return {"debrief": debrief, "told": told, "untold": untold, "point": agreed, "first": first}


def test_there_is_no_room_where_nothing_was_ever_agreed(vault: Vault, ids: dict[str, str]) -> None:
    def alone(s: Session) -> Room:
        inspection = inspections.create(s, force="Northshire", methodology="2018").id
        point = points.add_point(s, inspection, "A draft.", "concern").id
        debrief = open_debrief(s, inspection, "daily", "2026-07-09").id
        include_point(s, debrief, point)
        return room(s, debrief)

    with pytest.raises(NothingAgreedError, match="Agree those of a point first"):
        vault.write_now(alone)


def test_only_agreed_points_are_shown_in_the_words_agreed(
    vault: Vault, ids: dict[str, str]
) -> None:
    vault.write_now(freeze_wording, ids["told"], "The risk is set once a day.")
    shown = vault.read_now(room, ids["debrief"])
    assert [(one.id, one.words) for one in shown.points] == [
        (ids["told"], "The risk is set once a day.")
    ]
    assert shown.points[0].sources == ("a case file", "a focus group")
    assert [one.action for one in shown.before] == ["New sheet"]
    assert shown.promised == ()


def test_nothing_of_ours_is_in_it(vault: Vault, ids: dict[str, str]) -> None:
    words = " ".join(_texts(asdict(vault.read_now(room, ids["debrief"]))))
    assert "The risk is set once" in words
    assert [each for each in OURS if each.casefold() in words.casefold()] == []


def test_an_answer_and_a_promise_appear_at_once_also_after_the_closing(
    vault: Vault, ids: dict[str, str]
) -> None:
    vault.write_now(lambda s: record_response(s, ids["told"], response="Yes.", action="Train all"))
    shown = vault.read_now(room, ids["debrief"])
    assert shown.points[0].response == "Yes."
    assert [one.action for one in shown.promised] == ["Train all"]
    vault.write_now(close_debrief, ids["debrief"], "deputy")
    vault.write_now(lambda s: record_response(s, ids["first"], action_done="9 July 2026"))
    shown = vault.read_now(room, ids["debrief"])
    # What was said only because the debrief was closed was not agreed, and is not shown.
    assert [one.id for one in shown.points] == [ids["told"]]
    assert [(one.action, one.done) for one in shown.before] == [("New sheet", "2026-07-09")]


def test_a_point_that_the_force_disputes_stays_with_its_answer(
    vault: Vault, ids: dict[str, str]
) -> None:
    vault.write_now(lambda s: record_response(s, ids["told"], response="No.", outcome="disputed"))
    assert [one.response for one in vault.read_now(room, ids["debrief"]).points] == ["No."]


def test_words_that_were_said_and_not_agreed_are_marked_where_they_are_shown(
    vault: Vault, ids: dict[str, str]
) -> None:
    """A point carried over stays on the screen of the debrief in which it was said."""
    vault.write_now(lambda s: record_response(s, ids["untold"], outcome="carried"))
    shown = vault.read_now(room, ids["debrief"])
    marks = {one.id: one.mark for one in shown.points}
    assert marks == {ids["told"]: "", ids["untold"]: "said, not agreed"}
    vault.write_now(lambda s: record_response(s, ids["untold"], outcome="agreed"))
    shown = vault.read_now(room, ids["debrief"])
    assert [one.mark for one in shown.points] == ["", ""]


def test_the_room_reads_the_chains_once(
    vault: Vault, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldkit.feedback.debriefs import chain

    read: list[str] = []
    made = chain._chains

    def counted(*args: Any) -> Any:
        read.append("chains")
        return made(*args)

    monkeypatch.setattr(chain, "_chains", counted)
    vault.read_now(room, ids["debrief"])
    assert read == ["chains"]


def _texts(value: Any) -> list[str]:
    """Every text that a page could draw; ids are drawn nowhere."""
    if isinstance(value, dict):
        shown = [one for name, one in value.items() if not name.endswith("id")]
        return [text for one in shown for text in _texts(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in _texts(one)]
    return [str(value)]
