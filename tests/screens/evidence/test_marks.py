"""Quick marks typed with a note."""

from __future__ import annotations

import pytest

from fieldkit.methodology import load, versions
from screens.evidence import marks
from screens.evidence.marks import Marked, MarkError

WORDS = load("2018")
KEY = {number: area.key for number, area in enumerate(WORDS.areas, 1)}


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
def test_every_criterion_is_named_by_its_number_and_key(version: str) -> None:
    words = load(version)
    labels = marks.numbered_criteria(words)
    for number, area in enumerate(words.areas, 1):
        assert labels[area.key] == f"{number} {area.label}"
        assert marks.read(f"x #{number}", words).criteria == (area.key,)
        assert marks.read(f"#{number} x", words).criteria == (area.key,)
        assert marks.read(f"x #{area.key}", words).criteria == (area.key,)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("+ #inv We ring the family", Marked("We ring the family", ("investigation",), "strength")),
        ("#inv + We ring", Marked("We ring", ("investigation",), "strength")),
        ("- #1 #inv Late #3", Marked("Late", (KEY[1], KEY[4], KEY[3]), "concern")),
        ("#123 of the list", Marked("#123 of the list")),
        ("#4", Marked("", (KEY[4],))),
        ("#4 #5", Marked("", (KEY[4], KEY[5]))),
        ("= #4 #4 twice", Marked("twice", (KEY[4],), "context")),
    ],
)
def test_marks_before_the_text(typed: str, expected: Marked) -> None:
    assert marks.read(typed, WORDS) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (
            "- First #5\nSecond\nThird #4",
            Marked("First\nSecond\nThird", (KEY[5], KEY[4]), "concern"),
        ),
        ("One #4\n#5\nTwo", Marked("One\nTwo", (KEY[4], KEY[5]))),
        ("One #4\n\nTwo #4 #5", Marked("One\n\nTwo", (KEY[4], KEY[5]))),
        ("+ #4 One\n#5 of it\nTwo", Marked("One\n#5 of it\nTwo", (KEY[4],), "strength")),
        ("Crime #123\nRoom #0", Marked("Crime #123\nRoom #0")),
        ("A #4 there\nfor #inv.", Marked("A #4 there\nfor #inv.")),
        ("#4\n#5", Marked("", (KEY[4], KEY[5]))),
        ("One\n - not a sign #8  \n", Marked("One\n - not a sign", (KEY[8],))),
        ("One #xyz\nTwo", None),
        ("One #in\nTwo #4", None),
    ],
)
def test_marks_end_any_line_of_a_note(typed: str, expected: Marked | None) -> None:
    if expected is None:
        with pytest.raises(MarkError, match="still in its field"):
            marks.read(typed, WORDS)
    else:
        assert marks.read(typed, WORDS) == expected
        meant = marks.while_typing(typed, WORDS)
        assert (meant.polarity, meant.criteria) == (expected.polarity, expected.criteria)


@pytest.mark.parametrize("typed", ["+ #xyz text", "#in text", "- #zz"])
def test_a_mark_before_the_text_that_names_nothing_is_refused(typed: str) -> None:
    with pytest.raises(MarkError):
        marks.read(typed, WORDS)


@pytest.mark.parametrize(
    ("typed", "polarity", "criteria"),
    [
        ("", "", ()),
        ("-", "", ()),
        ("- N", "concern", ()),
        ("- Nobody reads it #", "concern", ()),
        ("- Nobody reads it #in", "concern", ()),
        ("- Nobody reads it #4 #", "concern", (KEY[4],)),
        ("- Nobody reads it #inv", "concern", (KEY[4],)),
        ("+ #inv", "strength", (KEY[4],)),
        ("+ #4 #5 so", "strength", (KEY[4], KEY[5])),
        ("+ " + "word " * 500 + "#4", "strength", (KEY[4],)),
        ("- seen #4 #zz", "concern", (KEY[4],)),
        ("- #zz and more", "concern", ()),
        ("- Late #4\nand " + "word " * 500 + "#5\nso #in", "concern", (KEY[4], KEY[5])),
    ],
)
def test_what_marks_mean_while_they_are_typed(
    typed: str, polarity: str, criteria: tuple[str, ...]
) -> None:
    meant = marks.while_typing(typed, WORDS)
    assert (meant.polarity, meant.criteria) == (polarity, criteria)
