"""``fieldkit copies``: readable files that left, and where they went."""

from __future__ import annotations

from pathlib import Path

from tests.fieldkit.cli.conftest import Runner


def test_they_are_listed_until_it_is_said_where_they_went(fieldkit: Runner, tmp_path: Path) -> None:
    fieldkit.begun()
    assert "no open copy" in fieldkit.done("copies").out + fieldkit.done("copies").err
    path = tmp_path / "given.md"
    fieldkit.done("handover", "--to", str(path), "--recipient", "chief constable")
    [copy] = fieldkit.done("copies", "--json").data
    assert (copy["path"], copy["lies_there"]) == (str(path), True)
    shown = fieldkit.done("copies").out
    assert "chief constable" in shown and "lies there" in shown
    assert "open" in fieldkit.done("inspection", "show").out.casefold()
    went = ("copies", "went", copy["id"][:8])
    assert "still lies there" in fieldkit.refused(*went, "--deleted")
    path.unlink()
    assert "deleted from this laptop" in fieldkit.done(*went, "--deleted").out
    assert fieldkit.done("copies", "--json").data == []
    [copy] = fieldkit.done("copies", "--all", "--json").data
    assert copy["whereabouts"] == "deleted from this laptop"
    assert "deleted from this laptop" in fieldkit.done("audit", "--operation", "disclosure").out
    fieldkit.done(*went, "--given-to", "the archive, before that")
    [copy] = fieldkit.done("copies", "--all", "--json").data
    assert copy["whereabouts"] == "given to the archive, before that"
    assert "No single readable file" in fieldkit.refused("copies", "went", "0000", "--deleted")
