"""Whatever words of a person's the force gets of a debrief were handed to the guard before."""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from fieldkit.casework.cases import add_case
from fieldkit.casework.referrals import refer
from fieldkit.cli.kit.json_text import plain, to_json
from fieldkit.evidence import points
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.printed_sheet import data_texts, sheet_text, sheet_texts
from fieldkit.feedback.debriefs.room import NothingAgreedError, Room, leaving_texts, room
from fieldkit.feedback.debriefs.sheet import sheet_of
from fieldkit.feedback.document.docx_output import to_docx
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.guard.stops import written_by
from fieldkit.feedback.handover.debrief_sheet import debrief_sheet
from fieldkit.feedback.handover.give import leaving
from fieldkit.inspections import inspections
from fieldkit.service import RefusedError
from storage.ops import clock
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fieldkit.feedback.test_sheet import DAYS, InTwoDays
from tests.fieldkit.feedback.words import walk

NUMBERS = count(1)
MARK = re.compile(r"zq\d+")
_TELLING = st.fixed_dictionaries(
    {
        "doing": st.sampled_from(("", "listed", "frozen")),
        "outcome": st.sampled_from(("", "agreed", "disputed", "carried", "acted on")),
        "answers": st.sets(st.sampled_from(("response", "correction", "action", "action_owner"))),
        "later": st.sets(st.sampled_from(("response", "correction", "action", "action_owner"))),
    }
)
_POINTS = st.lists(
    st.fixed_dictionaries(
        {
            "tellings": st.tuples(*[_TELLING for _ in DAYS]),
            "reworded": st.booleans(),
            "withdrawn": st.booleans(),
        }
    ),
    min_size=1,
    max_size=3,
)


@pytest.fixture(scope="module")
def opened(vault_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    folder = tmp_path_factory.mktemp("words") / "vault"
    shutil.copytree(vault_made_once, folder)
    with open_vault(folder, PASSPHRASE) as vault:
        yield vault


def typed() -> str:
    """Words that stand nowhere else."""
    return f"Words zq{next(NUMBERS)}."


def live(s: Session, plan: list[dict[str, object]], close_last: bool) -> list[str]:
    """Live an inspection as planned, with other words in each field; returns its debriefs."""
    inspection = inspections.create(s, force=f"Force {next(NUMBERS)}", methodology="2018").id
    case = add_case(s, inspection, "WST-001", types=["missing"])
    refer(s, case.id, [typed()], typed(), typed())
    ids = [points.add_point(s, inspection, typed(), "concern").id for _ in plan]
    debriefs, changes = [], []
    for at, (sort, day) in enumerate(DAYS):
        debrief = open_debrief(s, inspection, sort, day).id
        debriefs.append(debrief)
        for point, planned in zip(ids, plan, strict=True):
            telling = planned["tellings"][at]  # type: ignore[index]
            if not telling["doing"]:
                continue
            place = include_point(s, debrief, point).id
            if telling["doing"] == "frozen":
                freeze_wording(s, place, typed())
            record_response(
                s,
                place,
                outcome=telling["outcome"],
                **{name: typed() for name in telling["answers"]},
            )
            changes.append((place, telling["later"]))
            if planned["reworded"]:
                points.edit_point(s, point, wording=typed())
        if close_last or at < len(DAYS) - 1:
            close_debrief(s, debrief, typed())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "time", InTwoDays)
        for place, names in changes:
            record_response(s, place, **{name: typed() for name in sorted(names)})
        for point, planned in zip(ids, plan, strict=True):
            if planned["withdrawn"]:
                points.withdraw_point(s, point, typed())
    return debriefs


def written(s: Session, text: LeavingText) -> bool:
    """Say whether an op wrote these words into that field, so that they can be settled there.

    Several texts of a field are one op.
    """
    wrote = written_by(s, text.kind, text.record_id, text.field, text.text)
    return bool(wrote) or text.field == "reasons"


def missed(s: Session, shown: str, handed: Iterable[LeavingText]) -> set[str]:
    """The words shown that nobody looked through, or not as a text that an op wrote."""
    known = [one for one in handed if one.kind and written(s, one)]
    return {*MARK.findall(shown)} - {mark for one in known for mark in MARK.findall(one.text)}


def drawn(shown: Room) -> Iterator[str]:
    """The words that the pages of a room draw."""
    for point in shown.points:
        yield from (point.words, point.response, point.correction)
    of_points = (action for point in shown.points for action in point.actions)
    for action in (*of_points, *shown.promised, *shown.before):
        yield from (action.action, action.owner)


@given(plan=_POINTS, close_last=st.booleans())
@settings(max_examples=40 if os.environ.get("FIELDKIT_TORTURE") else 4)
def test_all_that_is_printed_was_looked_through(
    opened: Vault, plan: list[dict[str, object]], close_last: bool
) -> None:
    def look(s: Session) -> None:
        for debrief in live(s, plan, close_last):
            for then in (False, True):
                sheet = sheet_of(s, debrief, then=then)
                assert missed(s, sheet_text(sheet), sheet_texts(sheet)) == set()
                assert missed(s, to_json(plain(sheet)), data_texts(sheet)) == set()
            try:
                made = debrief_sheet(s, debrief, "chief constable")
                words = "\n".join(walk(Document(io.BytesIO(to_docx(made.document)[0]))))
                assert missed(s, words, leaving(s, made)) == set()
                assert missed(s, to_markdown(made.document), leaving(s, made)) == set()
            except RefusedError:
                pass
            try:
                shown = room(s, debrief)
            except NothingAgreedError:
                continue
            assert missed(s, "\n".join(drawn(shown)), leaving_texts(shown)) == set()

    opened.write_now(look)
