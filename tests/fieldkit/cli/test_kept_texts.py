"""Whatever command keeps words of ours says what they look like; so does a list that is read in."""

from __future__ import annotations

from pathlib import Path

from tests.fieldkit.cli.conftest import Runner

BIRTH = "Child, dob 3/4/11."
SAID = "Looks like a date of birth."


def test_every_command_that_keeps_words_says_what_they_look_like(
    fieldkit: Runner, tmp_path: Path
) -> None:
    fieldkit.begun()
    assert "Looks" not in fieldkit.done("cases", "add", "WST-001").err
    day = ("debrief", "--date", "6/7/2026")
    fieldkit.done("point", "add", "Logs are checked daily.")
    fieldkit.done(*day, "include", "1")
    for argv in (
        ("judge", "WST-001", "initial_contact", "good", "--rationale", BIRTH),
        ("assess", "leadership", "good", "--rationale", BIRTH),
        ("cases", "audit", "WST-001", "--voice-note", BIRTH),
        ("fieldwork", "interview", "--role", "sergeant, dob 3/4/11"),
        ("point", "add", BIRTH),
        ("query", "WST-001", "initial_contact", BIRTH),
        (*day, "respond", "1", "--response", BIRTH),
        (*day, "respond", "1", "--action", BIRTH, "--action-owner", "superintendent"),
        (*day, "close", "--present", "deputy, dob 3/4/11"),
    ):
        said = fieldkit(*argv).err
        assert SAID in said and "fieldkit identifiers take-out" in said, (argv, said)
    assert "Looks" not in fieldkit.done("cases", "list").err
    for argv in (
        ("judge", "WST-001", "initial_contact", "inadequate", "--reason", "see jane@example.org"),
        ("cases", "withdraw", "WST-001", "--reason", f"Not ours. {BIRTH}"),
        ("point", "withdraw", "1", "--reason", BIRTH),
        ("inspection", "leave", "--reason", "Jane Hughes, dob 3/4/11, is ill"),
    ):
        said = fieldkit(*argv).err
        assert "ooks like a" in said, (argv, said)
    assert "ooks like" not in fieldkit.done("inspection", "state", "--to", "fieldwork",
        "--reason", "left by mistake").err  # fmt: skip
    listed = tmp_path / "cases.csv"
    rows = "WST-007,missing,PC 1234 Hughes rang.,good\nWST-008,missing,See jane@example.org,good\n"
    listed.write_text(f"case,type,rationale,overall grade\n{rows}", "utf-8")
    said = fieldkit.done("cases", "import", str(listed)).err
    assert "Looks like a name and an e-mail address. It stands in 2 records" in said
