"""What is drawn says the same without its colours, fits its columns and is cut with an ellipsis."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.content import Content

from fieldkit.methodology import load
from screens.kit.drawing import bars, chips, clocks, heat, keys, notices, rows, signs, themes

SCALE = load("2024").scale_for("force")
GRADES = chips.Grades(SCALE)
WIDTHS = (1, 2, 3, 7, 20, 38, 76, 200)


@pytest.fixture
def plain_glyphs() -> Iterator[None]:
    signs.use_glyphs("plain")
    yield
    signs.use_glyphs("full")


def test_a_grade_is_its_letter_on_three_columns_and_a_state_is_a_sign() -> None:
    shown = [
        GRADES.chip(one).plain for one in (*SCALE.labels, "not applicable", "unable to judge", "")
    ]
    assert shown == [" O ", " G ", " A ", " R ", " I ", " – ", " ? ", " · "]
    assert GRADES.chip("of another scale").plain == " · "
    seven = ["requires improvement", "good", "inadequate", "not judged", "not applicable"]
    assert GRADES.letters(seven).plain == "RGI·–"
    filled = [span.style for span in GRADES.letters(seven).spans if " on " in str(span.style)]
    assert filled == ["bold $grade-inadequate-on on $grade-inadequate"]


def test_a_word_is_short_where_the_whole_has_no_room() -> None:
    assert GRADES.word("requires improvement").plain == "requires improvement"
    assert GRADES.word("requires improvement", 16).plain == "req. improvement"
    assert GRADES.word("requires improvement", 8).plain == "req. im…"
    assert GRADES.word("not judged").plain == GRADES.word("").plain == "not judged yet"
    assert GRADES.chip_and_word("good").plain == " G  good"


@pytest.mark.parametrize("width", WIDTHS)
def test_shares_have_letter_and_count_inside_and_fill_the_width(width: int) -> None:
    counts = {"good": 17, "requires improvement": 25, "inadequate": 19, "not judged": 1236}
    shown = GRADES.shares(counts | {"not applicable": 4}, width)
    assert shown.cell_length <= width
    if width >= 27:
        assert shown.cell_length == width
        assert shown.plain.split() == ["G", "17", "R", "25", "I", "19", "·", "1,236"]
    assert GRADES.shares({}, 40).plain == "none yet"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("done", "total"), [(0, 97), (1, 97), (61, 97), (96, 97), (97, 97), (0, 0)]
)
def test_a_bar_never_says_more_or_less_than_is_done(done: int, total: int, width: int) -> None:
    shown = bars.bar(done, total, width).plain
    assert len(shown) == width
    if total and width > 1:
        assert ("━" in shown) == (done > 0)
        assert ("─" in shown) == (done < total)
    assert bars.progress(done, total, width).cell_length <= max(width, 1)
    assert bars.progress(61, 97, 20).plain == "━━━━━━━━─────  61/97"


def test_figures_of_progress_stand_under_each_other() -> None:
    shown = [bars.progress(one, 1014, 30).plain for one in (7, 61, 1014)]
    assert [one[-11:] for one in shown] == ["    7/1,014", "   61/1,014", "1,014/1,014"]


def test_columns_stand_on_their_figures() -> None:
    shown = [one.plain for one in bars.columns([4, 0, 19], ["Mon", "Tue", "today"], 24, 4)]
    assert len(shown) == 6
    assert shown[4].split() == ["4", "0", "19"]
    assert shown[5].split() == ["Mon", "Tue", "today"]
    assert shown[0].strip() == "██████" and shown[3][8:14] == "      "
    assert bars.columns([], [], 24, 4)[0].plain == "none yet"


def test_pips_and_basis() -> None:
    assert bars.pips(2, 3).plain == "■■□"
    assert bars.pips(9, 3).plain == "■■■"
    assert bars.basis("thin", 1, 0, 1).plain == "■□□ methods □□□ sources ■□ people  ▲ thin"


@pytest.mark.parametrize(
    ("seconds", "limit", "words"),
    [
        (2400, 4 * 3600, "● 40 min"),
        (2 * 3600, 4 * 3600, "▲ 2 h"),
        (4 * 3600, 4 * 3600, "▲ 4 h"),
        (4 * 3600 + 60, 4 * 3600, " ! 4 h 01 "),
        (26 * 3600, None, "1 day 2 h"),
        (0, 60, "● 0 min"),
    ],
)
def test_a_clock_is_told_by_its_sign(seconds: float, limit: float | None, words: str) -> None:
    assert clocks.clock(seconds, limit).plain == words


def test_heat_has_count_and_direction_inside() -> None:
    assert heat.cell(6, 7, 1, 9).plain == "   6 ▲   "
    assert heat.cell(3, 7, 2, 9).plain == "   3 ▲▲  "
    assert heat.cell(1, 7, -1, 9).plain == "   1 ▼   "
    assert heat.cell(0, 7, 0, 9).plain == "    ·    "
    assert [heat.step(one, 16) for one in (0, 1, 7, 12, 16)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_its_columns(width: int) -> None:
    long = "A rationale of some length\nwith two lines, 漢字 and é"
    assert rows.cut(long, width).cell_length <= width
    assert rows.fit(long, width).cell_length == width
    assert rows.between(long, "4 of 7", width).cell_length <= max(width, 1)
    assert all(one.cell_length <= width for one in rows.wrapped("a b c d e f g", width, most=2))
    names = [("All", 97), ("Open", 36), ("Mine", 25), ("Withdrawn", None)]
    for at in range(4):
        shown = chips.tabs(names, at, width)
        assert shown.cell_length <= width
        assert width < 12 or names[at][0] in shown.plain
    for step in (notices.Step("Writing for the team", "now", 0.62, 4.2),):
        assert notices.steps([step], width).cell_length <= max(width, 3)


def test_what_is_cut_ends_in_an_ellipsis() -> None:
    assert rows.cut("Managing those who pose a risk", 16).plain == "Managing those…"
    assert rows.cut("whole", 5).plain == "whole"
    assert rows.between("Managing those who", "41/58", 16).plain == "Managing…  41/58"
    assert rows.row([("WSH-014", 8), ("97", -5)]).plain == "WSH-014     97"


def test_notices_say_what_is_there_and_the_way_out() -> None:
    empty = notices.empty("No point yet.", [("a", "add one"), ("esc", "back")], "31 notes", 40, 9)
    assert [one.strip() for one in empty.plain.split("\n") if one.strip()] == [
        "No point yet.", "a     add one", "esc   back", "31 notes",
    ]  # fmt: skip
    wrong = notices.trouble("The stick is full.", "Nothing was lost.", [("f", "another")], 40)
    assert wrong.plain.split("\n") == [
        " !  The stick is full.", "    Nothing was lost.", "     f  another",
    ]  # fmt: skip
    steps = [notices.Step("Taken in", "done", None, 0.4), notices.Step("Writing", "now", 0.5, 61),
             notices.Step("Receipt", "to come")]  # fmt: skip
    shown = notices.steps(steps, 60).plain.split("\n")
    assert shown[0].startswith("✓ Taken in") and shown[0].endswith("under 1 s")
    assert shown[1].startswith("▸ Writing") and shown[1].endswith("──────────  50 %  1 min")
    assert shown[2].startswith("· Receipt")


def test_every_colour_of_a_sign_is_one_of_the_theme() -> None:
    own = themes.theme("dark")
    known = set(own.variables) | {"success", "warning", "error", "primary", "background"}
    for name in signs.names():
        for word in signs.style(name).split():
            assert not word.startswith("$") or word[1:] in known, name


BESIDE_GRADES = ("typing", "two answers", "query", "text", "no text", "not judged")
"""What stands beside the chip of a grade, or in it."""


def test_without_colours_a_grade_with_text_looks_unlike_one_without() -> None:
    assert len({signs.glyph(one) for one in BESIDE_GRADES}) == len(BESIDE_GRADES)


@pytest.mark.usefixtures("plain_glyphs")
def test_plain_glyphs_are_ascii_and_tell_what_stands_side_by_side_apart() -> None:
    for name in signs.names():
        assert signs.glyph(name).isascii(), name
    for group in (
        ("strength", "concern", "context", "notable practice", "to clarify", "contradicts"),
        ("in time", "soon", "late"),
        ("thin", "adequate", "strong"),
        ("here only", "exported", "central has it", "two answers"),
        ("same", "higher", "lower"),
        ("open", "closed"),
        ("bar done", "bar to do"),
        ("pip", "no pip"),
        BESIDE_GRADES,
    ):
        assert len({signs.glyph(one) for one in group}) == len(group), group
    everything: list[Content] = [
        GRADES.shares({"good": 3, "not judged": 2}, 30),
        bars.progress(3, 7, 30),
        bars.basis("strong", 3, 2, 1),
        clocks.clock(30, 60),
        heat.cell(3, 4, 1, 9),
        chips.hidden(),
        rows.cut("a text that is cut", 9),
        *bars.columns([1, 2], ["a", "b"], 20, 3),
    ]
    assert all(one.plain.isascii() for one in everything)


def test_texts_of_people_are_never_markup() -> None:
    text = "[bold]no[/] markup [@click=quit]x[/]\x1b[31m"
    for shown in (rows.cut(text, 80), keys.key_and_label("enter", text), rows.muted(text)):
        assert "[bold]no[/] markup [@click=quit]x[/]" in shown.plain
        assert "\x1b" not in shown.plain
