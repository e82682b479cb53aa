"""The report by command: shown, written, and written again over a writer's edit."""

from __future__ import annotations

from pathlib import Path

from tests.fieldkit.cli.conftest import Runner


def test_the_report_is_shown_written_and_made_again(fieldkit: Runner, tmp_path: Path) -> None:
    fieldkit.begun()
    shown = fieldkit.done("report")
    assert "Part three" in shown.out and "Nothing was written" in shown.err
    assert fieldkit("report", "--from", "x.md").code == 2
    path, second = tmp_path / "report.md", tmp_path / "second.md"
    fieldkit.done("report", "--to", str(path))
    text = path.read_text("utf-8")
    assert "aims of the programme" in text
    path.write_text(text.replace("We have no earlier", "We recall no earlier"), "utf-8")
    given = fieldkit.done("report", "--to", str(path), "--recipient", "lead writer", "--json")
    assert {one["key"]: one["what"] for one in given.data["sections"]}["force"] == "kept"
    assert "Kept as the writers left it" in given.err and "for the lead writer" in given.err
    fieldkit.done("report", "--from", str(path), "--to", str(second), "--no-basis")
    text = second.read_text("utf-8")
    assert "We recall no earlier" in text and "aims of the programme" not in text
    (tmp_path / "chapters.toml").write_text(
        '[[parts]]\ntitle = "All"\n[[parts.chapters]]\nkey = "next"\n', "utf-8"
    )
    own = fieldkit.done("report", "--chapters", str(tmp_path / "chapters.toml"), "--json")
    assert [one["level"] for one in own.data["document"]["blocks"] if "level" in one][-2:] == [3, 1]
    recorded = fieldkit.done("copies", "--all", "--json").data
    names = ["second.md", "report.md", "report.md"]
    assert [one["what"] for one in recorded] == [f"report {name}" for name in names]
