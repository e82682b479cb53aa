"""Quick marks typed with a note."""

from __future__ import annotations

import pytest

from fieldkit.methodology import load, versions
from screens.evidence import marks
from screens.evidence.marks import Marked, MarkError

WORDS = load("2018")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Plain words", Marked("Plain words")),
        ("+ Seen alone #4", Marked("Seen alone", ("investigation",), "strength")),
        ("-Late again #inv", Marked("Late again", ("investigation",), "concern")),
        ("− with a true minus", Marked("with a true minus", (), "concern")),
        ("= Team of nine", Marked("Team of nine", (), "context")),
        ("Two #trusted_adult #4", Marked("Two", ("trusted_adult", "investigation"))),
        ("Twice #4 #inv", Marked("Twice", ("investigation",))),
        ("Crime #123", Marked("Crime #123")),
        ("Room #0", Marked("Room #0")),
        ("A #4 in the middle stays", Marked("A #4 in the middle stays")),
        ("-5 degrees in the yard", Marked("-5 degrees in the yard")),
        ("+44 is a code", Marked("+44 is a code")),
        ("two\nlines #8", Marked("two\nlines", ("police_detention",))),
        ("see issue#4", Marked("see issue#4")),
        ("#4", Marked("", ("investigation",))),
        ("²", Marked("²")),
        ("Note #²", None),
        ("Which #xyz", None),
        ("Which #d #nothing", None),
        ("Which #assessment_and", Marked("Which", ("assessment",))),
    ],
)
def test_marks(typed: str, found: Marked | None) -> None:
    if found is None:
        with pytest.raises(MarkError):
            marks.read(typed, WORDS)
    else:
        assert marks.read(typed, WORDS) == found


def test_a_beginning_that_several_share_names_them() -> None:
    with pytest.raises(MarkError, match="Initial contact and Investigation"):
        marks.read("Unclear #in", WORDS)


@pytest.mark.parametrize("version", versions())
@pytest.mark.parametrize("width", [40, 78, 118])
def test_every_criterion_is_listed_with_its_number(version: str, width: int) -> None:
    words = load(version)
    rows = marks.numbered(words, width).splitlines()
    assert all(len(row) <= width for row in rows)
    text = " ".join(rows)
    for number, area in enumerate(words.areas, 1):
        assert f"{number} {area.label[:8]}" in text
        assert marks.read(f"x #{number}", words).criteria == (area.key,)
        assert marks.read(f"x #{area.key}", words).criteria == (area.key,)
