"""How a point is drawn: its row, its evidence as a tree, and what would make it strong."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.gaps.lints import lints
from fieldkit.evidence.notes import add_note
from fieldkit.evidence.points import PointLine
from fieldkit.feedback.debriefs.debrief import (
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from screens.evidence import point_rows
from screens.evidence.point_seen import PointSeen, read_point, read_points
from storage.vault.vault import Vault

Read = tuple[PointLine, PointSeen]


@pytest.fixture
def read(vault: Vault, inspection: str, cases: dict[str, str]) -> Read:
    """A point that rests on a judgment and is contradicted by a note, told and answered."""

    def work(s: Session) -> str:
        point = points.add_point(s, inspection, "Risk is set once.", "concern", "assessment")
        judgment = judging.grade(s, cases["WST-001"], "assessment", "inadequate")
        held = add_interview(s, inspection, role="sergeant", source_group="frontline")
        note = add_note(s, "interview", held.id, "We ring each family.")
        s.flush()
        points.support(s, point.id, "judgment", judgment.id)
        points.support(s, point.id, "note", note.id, "contradicts", "One team only.")
        told = include_point(s, open_debrief(s, inspection, "daily", "2026-07-09").id, point.id)
        freeze_wording(s, told.id)
        record_response(
            s,
            told.id,
            response="Accepted.",
            outcome="agreed",
            action="New sheet",
            action_owner="hub",
            action_due="2026-07-10",
        )
        return point.id

    point = vault.write_now(work)
    line = vault.read_now(lambda s: points.point_lines(s, inspection))[0]
    return line, vault.read_now(read_point, point)


def test_a_row_tells_how_well_the_point_stands_and_cuts_its_words(read: Read) -> None:
    line, _ = read
    long = replace(line, wording="Nobody looks at it again. " * 20)
    row = point_rows.point_row(long, "3 Assessment", [], 76, chosen=False, wide=False).plain
    words, basis = row.split("\n")
    assert words.startswith("−  1 Nobody") and words.endswith("…") and len(words) <= 76
    assert "3 Assessment" in basis and "■□□ methods ■□□ sources ■□ people" in basis
    assert basis.endswith("▲ thin") and len(basis) <= 76
    chosen = point_rows.point_row(long, "", ["Look."], 76, chosen=True, wide=False).plain
    assert chosen.count("\n") == 5 and chosen.endswith("▲ Look.")


def test_a_row_takes_the_lines_that_are_known_before_it_is_drawn(read: Read) -> None:
    line, _ = read
    several = (
        line,
        replace(line, wording="Nobody looks at it again. " * 20, stale=2),
        replace(line, wording="Two\nlines", number=1234, state="withdrawn"),
    )
    for point, criterion, width, wide in product(
        several, ("", "3 Assessment"), (20, 40, 76), (False, True)
    ):
        row = point_rows.point_row(point, criterion, ["Look."], width, chosen=False, wide=wide)
        height = point_rows.point_height(point, criterion, width, wide=wide)
        assert height == len(row.plain.split("\n")), (point, criterion, width, wide)


def test_a_withdrawn_point_and_one_without_evidence_say_so(read: Read) -> None:
    line, _ = read
    bare = replace(line, strength="none", methods=(), sources=(), inspectors=0)
    row = point_rows.point_row(bare, "", [], 76, chosen=False, wide=False).plain
    assert "□□□ methods" in row and row.endswith("▲ no evidence")
    gone = replace(line, state="withdrawn")
    assert "withdrawn" in point_rows.point_row(gone, "", [], 76, chosen=False, wide=True).plain
    assert point_rows.counts([bare, gone]).plain == "+0  ★0  −1  ?0"


def test_the_tree_names_methods_sources_and_what_speaks_against(read: Read) -> None:
    _, seen = read
    rows = point_rows.tree(seen, 60, wide=False)
    shown = [str(row.prompt) for row in rows]
    assert [row.disabled for row in rows] == [True, False, True, False]
    assert shown[0].startswith("▾ Case audit") and shown[0].endswith("1 case file")
    assert shown[1].startswith("└ +  I  WST-001 ")
    assert shown[2].startswith("▾ Interview") and "✗" in shown[3]
    assert shown[3].endswith("weighed: One team only.")
    assert all(len(each) <= 60 for row in shown for each in row.split("\n"))
    assert point_rows.rests_figure(seen.trace).plain == "1 for · 1 against · weighed"


def test_what_is_missing_for_a_strong_basis_is_named(read: Read) -> None:
    _, seen = read
    shown = point_rows.would_be_strong(seen.trace, 60).plain.split("\n")
    assert shown[0].startswith("■□□ methods") and shown[0].endswith("▲ 2 more methods")
    assert shown[2].endswith("▲ one more inspector")
    assert all(len(each) <= 60 for each in shown)


def test_where_a_point_goes_is_told_in_order(read: Read) -> None:
    _, seen = read
    shown = point_rows.where_it_goes(seen, 60).plain.split("\n")
    assert shown[0].startswith("✓ Daily debrief") and "agreed" in shown[0]
    assert shown[1] == "● Answer agreed; Accepted."
    assert "hub: New sheet" in shown[2] and shown[-1] == "○ Recommendation none yet"


def test_prompts_that_have_no_room_are_counted(vault: Vault, inspection: str, read: Read) -> None:
    found, again, criteria = vault.read_now(lambda s: read_points(s, inspection))
    assert len(found) == 1 and criteria["assessment"].startswith("3 ")
    assert again == vault.read_now(lambda s: lints(s, inspection))
    shown = point_rows.look_again(again * 3, 40, 3).plain.split("\n")
    assert len(shown) == 3 and shown[-1].endswith("more") and all(len(one) <= 40 for one in shown)
