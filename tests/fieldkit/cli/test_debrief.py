"""A point told three times by command: the last agreed words, its answer, correction and action."""

from __future__ import annotations

from pathlib import Path

from docx import Document

from tests.fieldkit.cli.conftest import Runner

FIRST, SECOND, THIRD = "Logs are not checked.", "Some logs are not checked.", "Few are checked."


def test_a_point_told_three_times(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001")
    note = fieldkit.done("note", "add", "WST-001", "The log of Monday was shown.").out.strip()
    fieldkit.done("point", "add", "Logs", "--criterion", "investigation")
    fieldkit.done("point", "add", "Never agreed", "--sort", "strength")
    debrief = ("debrief", "--date")

    day = (*debrief, "6/7/2026")
    fieldkit.done(*day, "include", "1")
    fieldkit.done(*day, "include", "2")
    open_sheet = fieldkit.done(*day)
    assert "Logs" not in open_sheet.out, "a draft is not read out"
    assert "wording is not agreed yet: points 1, 2." in open_sheet.err
    long = "Logs are not checked. Nobody looks, e.g. at night. Cells are cold."
    said = fieldkit.refused(*day, "freeze", "1", long)
    assert "has 3 sentences" in said and "--long" in said
    fieldkit.done(*day, "freeze", "1", FIRST)
    fieldkit.done(
        *day, "respond", "1", "--response", "They are.", "--outcome", "disputed", "--action",
        "Check them.", "--action-owner", "sergeants", "--action-due", "9/7/2026",
    )  # fmt: skip
    fieldkit.done(*day, "exclude", "2")
    fieldkit.done(*day, "close", "--present", "deputy chief constable")

    day = (*debrief, "7/7/2026")
    fieldkit.done(*day, "freeze", "1", SECOND)
    fieldkit.done(
        *day, "respond", "1", "--correction", "They are checked weekly.", "--evidence", note[:8]
    )
    fieldkit.done(*day, "close", "--present", "deputy chief constable")

    hot = ("debrief", "--sort", "hot", "--date", "17/7/2026")
    assert fieldkit.done("debrief", "--sort", "hot", "--date", "17/7/2026").err
    gathered = fieldkit.done(*hot, "gather", "--json").data
    assert [one["wording"] for one in gathered["points"]] == [SECOND], "never the first draft"
    text = fieldkit.done(*hot).out
    assert SECOND in text and "The force's response on 7 July 2026" not in text
    fieldkit.done(*hot, "freeze", "1", THIRD)
    fieldkit.done(*hot, "close", "--present", "chief constable")
    done = fieldkit.done("debrief", "done", "1", "--on", "20/7/2026", "--json").data
    assert done["held_on"] == "2026-07-17" and done["actions"][0]["done"] == "2026-07-20"

    sheet = fieldkit.done(*hot, "--json").data
    (point,) = sheet["points"]
    assert (point["wording"], point["status"]) == (THIRD, "acted on")
    text = fieldkit.done(*hot).out
    assert THIRD in text and "Check them (sergeants, by 9 July 2026, done 20 July 2026" in text
    assert FIRST not in text and "rests on" not in text
    before = fieldkit.done(*debrief, "6/7/2026").out
    assert FIRST in before and "Outcome: disputed" in before

    prepared = fieldkit.done(*hot, "prepare").out
    assert "For us alone" in prepared and "Nothing supports it yet." in prepared
    chained = fieldkit.done("debrief", "chain", "1").out
    for words in (f"6 July 2026, daily (said, not agreed): {FIRST}",
                  f"7 July 2026, daily (agreed): {SECOND}",
                  "raised 6 July 2026 → disputed 6 July 2026 → corrected 7 July 2026 → "
                  "agreed 17 July 2026 → acted on 20 July 2026",
                  "By: WST-001, note", f"Words (agreed last): {THIRD}"):  # fmt: skip
        assert words in prepared and words in chained, words
    assert "Our draft reads: Logs" in prepared
    data = fieldkit.done(*hot, "prepare", "--json").data
    (chain,) = data["chains"].values()
    assert [one["wording"] for one in chain["tellings"]] == [FIRST, SECOND, THIRD]
    assert chain["correction"]["evidence"]["id"] == note
    history = fieldkit.done("history", f"debrief_point/{chain['tellings'][0]['id']}").out
    assert FIRST in history


def test_words_that_nobody_agreed_are_marked_wherever_the_force_reads_them(
    fieldkit: Runner, tmp_path: Path
) -> None:
    fieldkit.begun()
    fieldkit.done("point", "add", "Logs are not checked.")
    fieldkit.done("point", "add", "Officers listen.", "--sort", "strength")
    fieldkit.done("point", "add", "Never listed.")
    day = ("debrief", "--date", "6/7/2026")
    fieldkit.done(*day, "include", "1")
    fieldkit.done(*day, "freeze", "2", "--let-pass", "r", "Officers listen to children.")
    closed = fieldkit.done(*day, "close", "--present", "deputy")
    assert closed.err.startswith("The daily debrief of 6 July 2026 is closed.\nNot agreed in it")
    marked = "Concern (said, not agreed)"
    assert marked in closed.out and "Strength\n" in closed.out and "2026-" not in closed.out
    for name in ("sheet.md", "sheet.docx"):
        path = tmp_path / name
        fieldkit.done(*day, "--to", str(path), "--recipient", "deputy")
        text = path.read_text("utf-8") if name.endswith("md") else docx_text(path)
        assert marked in text and "Strength (" not in text and "2026-" not in text
    data = fieldkit.done(*day, "--json").data
    assert [one["mark"] for one in data["points"]] == ["said, not agreed", ""]
    assert data["held_on"] == "2026-07-06"
    assert "said, not agreed" in fieldkit.done("debrief", "chain", "1").out

    hot = ("debrief", "--sort", "hot", "--date", "17/7/2026")
    assert fieldkit.done(*hot, "gather").err == "1 point gathered; 1 on the list.\n"
    assert fieldkit.done(*hot, "gather").err == "0 points gathered; 1 on the list.\n"
    shown = fieldkit.done(*hot, "close", "--present", "chief constable")
    assert "Officers listen to children." in shown.out and "not agreed" not in shown.out
    assert "is not on the list" in fieldkit.refused(*day, "exclude", "3")
    assert fieldkit("debrief", "respond", "1").code == 2
    act = ("debrief", "respond", "1", "--action")
    fieldkit.done(*act, "Check them")
    fieldkit.done(*act, "Check them ", "--action-due", "1/8/2026")
    for other in ("Train all", ""):
        assert "“Check them” was promised there and is still open" in fieldkit.refused(*act, other)
    fieldkit.done(*act, "Check them all", "--correct-action")
    fieldkit.done(*act, "Check them", "--correct-action")
    fieldkit.done("debrief", "done", "1")
    assert "“Check them” was promised there and is done" in fieldkit.refused(*act, "Train all")
    fieldkit.done("debrief", "respond", "1", "--outcome", "agreed")
    later = fieldkit.done(*day).out
    assert "not agreed" not in later and "Outcome: agreed" in later


def docx_text(path: Path) -> str:
    """The words of a document, a line a paragraph."""
    return "\n".join(one.text for one in Document(str(path)).paragraphs)
