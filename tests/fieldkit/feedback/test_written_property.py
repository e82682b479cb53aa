"""Over random inspections nothing of our own doubts or statistics is in what the force gets."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from fieldkit.casework import judging, referrals, reveals
from fieldkit.casework.cases import add_case, set_audit
from fieldkit.casework.find_case import find_case
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_document, add_interview, add_observation
from fieldkit.feedback.debriefs.debrief import (
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.document.docx_output import to_docx
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.handover.gather import gather
from fieldkit.feedback.handover.sheets import point_sheet, referral_slip
from fieldkit.inspections import inspections
from fieldkit.methodology import load
from storage.records.judgment import judgment_id
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fieldkit.feedback.tidy import machine_like
from tests.fieldkit.feedback.words import OURS, walk
from tests.fieldkit.selfassessment.force_rows import add_row

NUMBERS = count(1)
SORTS = ("strength", "concern", "notable practice", "to clarify")
OUTCOMES = ("", "agreed", "disputed", "carried", "acted on")
RELATIONS = ("supports", "contradicts", "context")

_POINT = st.fixed_dictionaries(
    {
        "sort": st.sampled_from(SORTS),
        "tellings": st.lists(st.sampled_from(OUTCOMES), max_size=3),
        "links": st.lists(
            st.tuples(st.integers(0, 7), st.sampled_from(RELATIONS)), max_size=4, unique=True
        ),
        "action": st.sampled_from(("", "open", "done")),
        "reworded": st.booleans(),
        "withdrawn": st.booleans(),
    }
)
_CASE = st.fixed_dictionaries(
    {
        "ours": st.integers(0, 2),
        "theirs": st.sampled_from((None, 0, 1, 2)),
        "revealed": st.booleans(),
        "moved": st.sampled_from((None, 0, 2)),
        "noted": st.booleans(),
        "referred": st.booleans(),
    }
)
_DAY = st.fixed_dictionaries(
    {
        "methodology": st.sampled_from(("2014", "2018", "2024")),
        "points": st.lists(_POINT, min_size=1, max_size=4),
        "cases": st.lists(_CASE, min_size=1, max_size=13),
        "assessed": st.integers(0, 2),
    }
)


@pytest.fixture(scope="module")
def opened(vault_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    folder = tmp_path_factory.mktemp("random") / "vault"
    shutil.copytree(vault_made_once, folder)
    with open_vault(folder, PASSPHRASE) as vault:
        yield vault


def live(s: Session, day: dict[str, Any]) -> tuple[str, list[str], list[str]]:
    """Make the inspection; returns its id, the words that must be in it, and the referrals."""
    force = f"Force {next(NUMBERS)}"
    inspection = inspections.create(s, force=force, methodology=day["methodology"]).id
    methodology = load(day["methodology"])
    evidence, raised = _cases(s, inspection, methodology, day["cases"])
    evidence += [
        ("interview", add_interview(s, inspection, role="a role").id),
        ("observation", add_observation(s, inspection, place="a place").id),
        ("document", add_document(s, inspection, title="a title").id),
    ]
    for area in methodology.criteria_on("force")[: day["assessed"]]:
        grade = methodology.scale_for("force").labels[-1]
        judging.assess(s, inspection, area.key, grade, rationale="Seen by us.")
    expected = []
    for number, told in enumerate(day["points"]):
        made = points.add_point(s, inspection, f"Draft {number}.", told["sort"], "investigation")
        for at, relation in told["links"]:
            kind, piece = evidence[at % len(evidence)]
            points.support(s, made.id, kind, piece, relation=relation, why="weighed")
        last = _tell(s, inspection, made.id, number, told)
        if told["withdrawn"]:
            points.withdraw_point(s, made.id, "not so")
        elif last:
            expected.append(last)
    return inspection, expected, raised


def _cases(
    s: Session, inspection: str, methodology: Any, cases: list[dict[str, Any]]
) -> tuple[list[tuple[str, str]], list[str]]:
    scale = methodology.scale_for("case").labels
    evidence, raised = [], []
    for number, case in enumerate(cases, 1):
        origin = "inspectors" if case["theirs"] is None else "self-assessed"
        made = add_case(s, inspection, f"W-{number:03}", types=["missing"], origin=origin).id
        judging.grade(s, made, "overall", scale[case["ours"]], rationale="Why.", allow_open=True)
        evidence.append(("judgment", judgment_id(made, "overall")))
        if case["theirs"] is not None:
            theirs = scale[case["theirs"]]
            add_row(s, inspection, next(NUMBERS), case=made, grade=theirs)
        if case["noted"]:
            set_audit(s, made, context=f"Few people {number}.", notable_practice="A letter.")
        if case["referred"]:
            raised.append(referrals.refer(s, made, ["child not seen"], "known").id)
    return evidence, raised


def _tell(s: Session, inspection: str, point: str, number: int, told: dict[str, Any]) -> str:
    """Tell a point; returns the words that the force must be given, or nothing."""
    agreed, last = "", ""
    for at, outcome in enumerate(told["tellings"]):
        held = open_debrief(s, inspection, "daily", f"2026-07-{at + 6:02}")
        inside = include_point(s, held.id, point)
        last = f"Telling {at} of point {number}."
        freeze_wording(s, inside.id, last)
        values = {"response": f"Answer {at}.", "outcome": outcome}
        if told["action"]:
            values["action"] = f"Do it {number}."
            values["action_done"] = "2026-07-09" if told["action"] == "done" else ""
        record_response(s, inside.id, **values)
        if outcome != "disputed":
            agreed = last
        if told["reworded"]:
            points.edit_point(s, point, wording=f"Reworded {number}.")
    return agreed or last


@given(_DAY)
@settings(max_examples=8)
def test_only_the_last_agreed_words_leave_and_nothing_of_ours(
    opened: Vault, day: dict[str, Any]
) -> None:
    def all_of_it(s: Session) -> Any:
        inspection, expected, raised = live(s, day)
        reveals.reveal_all(s, inspection)
        scale = load(day["methodology"]).scale_for("case").labels
        for number, case in enumerate(day["cases"], 1):
            if case["moved"] is not None and case["theirs"] is not None:
                made = find_case(s, inspection, f"W-{number:03}").id
                judging.grade(s, made, "overall", scale[case["moved"]], reason="talked over",
                              allow_open=True)  # fmt: skip
        return inspection, expected, raised

    inspection, expected, raised = opened.write_now(all_of_it)
    made = opened.read_now(gather, inspection, "chief constable", with_statistics=True)
    page = to_markdown(made.document)
    body, _, _ = page.partition("in statistics")
    assert not OURS.search(body), OURS.search(body)
    assert [one.wording for one in made.findings if one.wording not in expected] == []
    assert sorted(one.wording for one in made.findings) == sorted(expected)
    for words in ("Draft ", "Reworded", "weighed", "a place", "a title", "a role"):
        assert words not in page, words
    assert machine_like(made.document) == []
    word = "\n".join(walk(Document(io.BytesIO(to_docx(made.document)[0]))))
    assert not OURS.search(word.partition("in statistics")[0])
    sheets = [opened.read_now(point_sheet, one.point_id, "chief") for one in made.findings]
    sheets += [opened.read_now(referral_slip, one, "chief") for one in raised]
    for sheet in sheets:
        assert not OURS.search(to_markdown(sheet.document))
        assert machine_like(sheet.document) == []
