"""What is read out: nothing of what we know ourselves, and a day gone by as it was."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.notes import add_note
from fieldkit.feedback.debriefs.chain import chains
from fieldkit.feedback.debriefs.debrief import (
    OUTCOMES,
    FrozenError,
    LongWordingError,
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.prepare import preparation_of, preparation_text
from fieldkit.feedback.debriefs.printed_sheet import sheet_text
from fieldkit.feedback.debriefs.sheet import sheet_of
from fieldkit.inspections import inspections
from fieldkit.service import RefusedError
from storage.ops import clock
from storage.records import DebriefPoint, Note, Point
from storage.records.judgment import judgment_id
from storage.records.lookup import records_in
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE

OURS = re.compile(
    r"thin\b|adequate|strong\b|\bmethod|source group|\binspectors?\b|rests on|nothing supports|"
    r"contradict|case audit|not agreed yet|draft|kappa|bowker|conflict|evidence that|laptop",
    re.IGNORECASE,
)
"""Words of what a point rests on, of lints, of statistics and of our own affairs."""

DAYS = (("daily", "2026-07-06"), ("daily", "2026-07-07"), ("hot", "2026-07-17"))
_ANSWERS = tuple(one for one in OUTCOMES if one not in ("corrected", "kept with evidence"))


@dataclass(frozen=True)
class Plan:
    """A point: its sort, what bears on it, and what is done with it at each of three debriefs."""

    sort: str
    criterion: str
    links: tuple[str, ...]
    tellings: tuple[tuple[str, str], ...]
    """By debrief: left out, listed or frozen; and the outcome."""
    withdrawn: bool


PLANS = st.lists(
    st.builds(
        Plan,
        sort=st.sampled_from(("strength", "concern", "notable practice", "to clarify")),
        criterion=st.sampled_from(("", "investigation", "initial_contact")),
        links=st.lists(st.sampled_from(("supports", "contradicts", "context")), max_size=3).map(
            tuple
        ),
        tellings=st.tuples(
            *[
                st.tuples(
                    st.sampled_from(("", "listed", "frozen")), st.sampled_from(("", *_ANSWERS))
                )
                for _ in DAYS
            ]
        ),
        withdrawn=st.booleans(),
    ),
    min_size=1,
    max_size=3,
)


@pytest.fixture(scope="module")
def shared(vault_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """One vault for many inspections."""
    folder = tmp_path_factory.mktemp("shared") / "vault"
    shutil.copytree(vault_made_once, folder)
    with open_vault(folder, PASSPHRASE) as vault:
        yield vault


def _live(s: Session, plans: list[Plan], last_open: bool) -> tuple[str, list[str]]:
    """Live an inspection as planned; returns it and its debriefs."""
    inspection = inspections.create(s, force="Westshire", methodology="2018", joining=True).id
    case = add_case(s, inspection, "WST-001", types=["missing"])
    judging.grade(s, case.id, "investigation", "inadequate")
    meeting = add_interview(s, inspection, role="custody sergeant")
    evidence = [
        ("judgment", judgment_id(case.id, "investigation")),
        ("note", add_note(s, "interview", meeting.id, "Heard there.").id),
        ("interview", meeting.id),
    ]
    ids = []
    for number, plan in enumerate(plans):
        point = points.add_point(s, inspection, f"Words {number} first", plan.sort, plan.criterion)
        for relation, piece in zip(plan.links, evidence, strict=False):
            points.support(s, point.id, *piece, relation)
        ids.append(point.id)
    debriefs = []
    for at, (sort, day) in enumerate(DAYS):
        debrief = open_debrief(s, inspection, sort, day).id
        debriefs.append(debrief)
        for number, plan in enumerate(plans):
            doing, outcome = plan.tellings[at]
            if not doing:
                continue
            place = include_point(s, debrief, ids[number]).id
            if doing == "frozen":
                freeze_wording(s, place, f"Words {number} told {at}")
            record_response(s, place, outcome=outcome, response=f"Answer {number}")
        if at < len(DAYS) - 1 or not last_open:
            close_debrief(s, debrief, "deputy chief constable")
    for number, plan in enumerate(plans):
        if plan.withdrawn:
            points.withdraw_point(s, ids[number], "The log was found")
    return inspection, debriefs


@given(plans=PLANS, last_open=st.booleans())
@settings(max_examples=15)
def test_nothing_of_ours_is_read_out(shared: Vault, plans: list[Plan], last_open: bool) -> None:
    def look(s: Session) -> None:
        inspection, debriefs = _live(s, plans, last_open)
        for at, debrief in enumerate(debriefs):
            sheet = sheet_of(s, debrief, then=True)
            text = sheet_text(sheet)
            assert not OURS.search(text), text
            standing = chains(s, inspection)
            for point in sheet.points:
                chain = standing[point.point_id]
                agreed = [one.agreed for one in chain.tellings]
                if not any(one.frozen for one in chain.tellings[: at + 1]):
                    assert not point.goes_out and point.wording not in text
                assert point.goes_out or point.number in _named(sheet.left_out), agreed

    shared.write_now(look)


def _named(sentences: tuple[str, ...]) -> set[int]:
    return {int(number) for one in sentences for number in re.findall(r"\d+", one)}


def _told(s: Session, inspection: str) -> tuple[str, str, str]:
    """A point told and answered in a debrief that was closed."""
    made = points.add_point(s, inspection, "Logs", "concern", "investigation").id
    debrief = open_debrief(s, inspection, "daily", "2026-07-06").id
    place = include_point(s, debrief, made).id
    freeze_wording(s, place, "Logs are not checked.")
    record_response(
        s, place, response="We know.", outcome="agreed", action="Check them", action_due="9/7/2026"
    )
    close_debrief(s, debrief, "deputy")
    return made, debrief, place


class InTwoDays:
    """The time two days later."""

    @staticmethod
    def time_ns() -> int:
        return time.time_ns() + 2 * 86400 * 1_000_000_000


def test_a_day_gone_by_prints_as_it_was(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, debrief, place = vault.write_now(_told, inspection)
    before = sheet_text(vault.read_now(sheet_of, debrief, then=True))
    monkeypatch.setattr(clock, "time", InTwoDays)
    vault.write_now(record_response, place, response="We did.", action_done="8/7/2026")
    vault.write_now(points.edit_point, made, wording="Logs are checked", sort="strength")
    vault.write_now(points.withdraw_point, made, "it was so")
    sheet = vault.read_now(sheet_of, debrief, then=True)
    text = sheet_text(sheet)
    later = ["response We did.", "done 8 July 2026", "the point was withdrawn"]
    assert [one.words for one in sheet.points[0].later] == later
    for words in later:
        text = text.replace(f"   Since then: {words}\n", "")
    text = text.replace("As it stood at the end of that day; what came later is named apart.\n", "")
    assert text == before
    (now,) = vault.read_now(sheet_of, debrief).points
    assert (now.response, now.action_done, now.withdrawn) == ("We did.", "2026-07-08", True)


def test_words_redacted_since_stay_redacted_on_a_day_gone_by(vault: Vault, inspection: str) -> None:
    from fieldkit.history.redact import redact

    _, debrief, place = vault.write_now(_told, inspection)
    vault.write_now(redact, DebriefPoint.KIND, place, "agreed_wording", "it named a child")
    text = sheet_text(vault.read_now(sheet_of, debrief, then=True))
    assert "Logs" not in text and "[redacted]" in text


def test_a_misunderstanding_is_put_right_by_evidence(vault: Vault, inspection: str) -> None:
    made, debrief, place = vault.write_now(_told, inspection)
    meeting = vault.write_now(add_interview, inspection, role="custody sergeant").id
    note = vault.write_now(add_note, "interview", meeting, "The log of Monday was shown").id
    shown = {"evidence_kind": Note.KIND, "evidence_id": note}
    with pytest.raises(RefusedError, match="what was misunderstood"):
        vault.write_now(record_response, place, outcome="corrected")
    with pytest.raises(RefusedError, match="what was misunderstood"):
        vault.write_now(record_response, place, **shown)
    with pytest.raises(RefusedError, match="rests on nothing"):
        vault.write_now(record_response, place, outcome="kept with evidence")
    with pytest.raises(RefusedError, match="no note of that id"):
        vault.write_now(record_response, place, correction="x", **shown | {"evidence_id": "x"})
    vault.write_now(record_response, place, outcome="disputed")
    day = vault.write_now(open_debrief, inspection, "daily", "2026-07-07").id
    again = vault.write_now(include_point, day, made).id
    vault.write_now(freeze_wording, again, "Logs were not shown to us.")
    vault.write_now(record_response, again, correction="They are checked weekly.", **shown)
    chain = vault.read_now(chains, inspection)[made]
    assert (chain.status, chain.wording) == ("corrected", "Logs were not shown to us.")
    assert chain.correction is not None and chain.correction.evidence is not None
    assert chain.correction.evidence.text == "The log of Monday was shown"
    assert [(one.status, one.day) for one in chain.steps] == [
        ("raised", "2026-07-06"), ("disputed", "2026-07-06"), ("corrected", "2026-07-07"),
    ]  # fmt: skip
    assert vault.read_now(lambda s: s.get(Point, made).state) == "agreed"  # type: ignore[union-attr]
    sheet = vault.read_now(sheet_of, day)
    text = sheet_text(sheet)
    assert "Put right: They are checked weekly." in text and "Monday" not in text
    prepared = preparation_text(vault.read_now(preparation_of, day))
    assert "By: Interview: custody sergeant, note" in prepared
    vault.write_now(points.support, made, Note.KIND, note)
    vault.write_now(record_response, place, outcome="kept with evidence")
    assert vault.read_now(chains, inspection)[made].status == "corrected", "that came later"
    assert debrief != day


def test_an_action_is_done_where_it_was_promised(vault: Vault, inspection: str) -> None:
    made, _, place = vault.write_now(_told, inspection)
    other = vault.write_now(points.add_point, inspection, "Cells", "concern").id
    day = vault.write_now(open_debrief, inspection, "daily", "2026-07-07").id
    again = vault.write_now(include_point, day, made).id
    lone = vault.write_now(include_point, day, other).id
    with pytest.raises(RefusedError, match="No action was promised"):
        vault.write_now(record_response, lone, action_done="2026-07-08")
    vault.write_now(record_response, again, action_done="8 July 2026")
    kept = {one.id: one.action_done for one in vault.read_now(records_in, DebriefPoint, inspection)}
    assert kept == {place: "2026-07-08", again: "", lone: ""}
    sheet = vault.read_now(sheet_of, day)
    words = "Check them (by 9 July 2026, done 8 July 2026, promised 6 July 2026)"
    assert f"  - {words}" in sheet_text(sheet), "it stays on the sheet"
    assert vault.read_now(chains, inspection)[made].status == "acted on"
    for at, (debrief_place, action) in enumerate(((again, "Train all"), (again, "Train more"))):
        vault.write_now(record_response, debrief_place, action=action)
        assert len(vault.read_now(chains, inspection)[made].actions) == 2, at
    third = vault.write_now(open_debrief, inspection, "daily", "2026-07-08").id
    last = vault.write_now(include_point, third, made).id
    vault.write_now(record_response, place, action_done="")
    with pytest.raises(RefusedError, match=r"promised on 6 July 2026 .* and on 7 July 2026"):
        vault.write_now(record_response, last, action_done="2026-07-09")


def test_a_long_wording_is_asked_for_again(vault: Vault, inspection: str) -> None:
    made = vault.write_now(points.add_point, inspection, "Logs", "concern").id
    day = vault.write_now(open_debrief, inspection, "daily", "2026-07-07").id
    place = vault.write_now(include_point, day, made).id
    long = "Logs are not checked. Nobody looks. Cells are cold."
    with pytest.raises(LongWordingError, match="has 3 sentences"):
        vault.write_now(freeze_wording, place, long)
    assert not vault.read_now(records_in, DebriefPoint, inspection)[0].frozen_at
    vault.write_now(freeze_wording, place, long, long=True)
    assert vault.write_now(freeze_wording, place, long).agreed_wording == long
    with pytest.raises(FrozenError):
        vault.write_now(freeze_wording, place, "Logs.")
