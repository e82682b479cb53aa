"""The file of an import by command: named, moved into the vault, written out, taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fieldkit.cli.conftest import Runner

FORCE = b"Force ref,Case type,Date of incident,Grade\n42/1,missing,01/06/2026,good\n"
OURS = b"case,force_ref,type\nWST-001,42/1,missing\n"


@pytest.mark.parametrize(
    ("noun", "data"), [("self-assessment", FORCE), ("cases", OURS)], ids=["force", "ours"]
)
def test_a_file_is_moved_in_and_written_out_again(
    fieldkit: Runner, tmp_path: Path, noun: str, data: bytes
) -> None:
    fieldkit.begun()
    path, again = tmp_path / "list.csv", tmp_path / "again.csv"
    path.write_bytes(data)
    assert "No file is kept" in fieldkit.done(noun, "file").out + fieldkit.done(noun, "file").err
    done = fieldkit.done(noun, "import", str(path), "--keep")
    assert "is in the vault, encrypted" in done.err and not path.exists()
    [kept] = fieldkit.done(noun, "file", "--json").data
    assert kept["name"] == "list.csv" and kept["size"] == len(data)
    said = fieldkit.done(noun, "file", "--to", str(again), "--recipient", "chief analyst")
    assert again.read_bytes() == data and "on record" in said.err
    [copy] = fieldkit.done("copies", "--json").data
    assert (copy["path"], copy["recipient"]) == (str(again), "chief analyst")
    assert "chief analyst" in fieldkit.done("audit", "--operation", "disclosure").out
    assert "never written over" in fieldkit.refused(noun, "file", "--to", str(again))
    assert len(fieldkit.done("copies", "--json").data) == 1
    fieldkit.done(noun, "file", kept["id"][:8], "--remove")
    assert fieldkit.done(noun, "file", "--json").data == []
    assert "No such file" in fieldkit.refused(noun, "file", "--to", str(tmp_path / "x.csv"))
    assert fieldkit.done("vault", "check").code == 0


def test_without_the_word_the_file_is_named_and_stays(fieldkit: Runner, tmp_path: Path) -> None:
    fieldkit.begun()
    path = tmp_path / "force.csv"
    path.write_bytes(FORCE)
    assert "still lies" not in fieldkit.done("self-assessment", "import", str(path), "--look").err
    said = fieldkit.done("self-assessment", "import", str(path)).err
    assert f"force.csv still lies in {tmp_path}" in said and path.read_bytes() == FORCE
