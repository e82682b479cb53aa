"""``docs/json.md`` says of every command what it answers, and says it rightly."""

from __future__ import annotations

import re

import pytest
from sqlmodel import Session, select

from fieldkit.cli.reference.commands import all_commands
from storage.feed import drafts
from storage.records import Inspection
from storage.vault.unlock import open_vault
from tests.fieldkit.cli.answers import PAGE, Shape, both, differences, recorded, shape_of
from tests.fieldkit.cli.answers_page import WORDS, attributes, page, places, said_of, worded_by
from tests.fieldkit.cli.conftest import PASSPHRASE, RECORD_IN, Runner

described = pytest.mark.skipif(
    bool(RECORD_IN), reason="what is recorded now is described afterwards"
)


@described
def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(recorded()), (
        "docs/json.md is stale: run “make reference”"
    )


@described
def test_every_command_that_answers_is_described() -> None:
    running = {one.words for one in all_commands() if one.runs and one.words}
    known = {command.removeprefix("fieldkit ") for command in recorded()}
    assert running - known == set(), "run “make answers TESTS=” with the tests of these"
    assert known == running


@described
def test_every_name_is_described() -> None:
    rows = re.findall(r"^\| `(.*?)` \| (.*?) \| (.*?) ?\|$", page(recorded()), re.M)
    empty = [name for name, _, words in rows if words.strip() in ("", "not always")]
    assert len(rows) > 3000
    assert empty == [], "say what these are in answers_words.toml, or in the docstring of the class"


@described
def test_no_words_are_left_over() -> None:
    used = {
        worded_by(command.removeprefix("fieldkit "), place)
        for command, shape in recorded().items()
        for place, _, _ in places(shape)
    }
    assert set(WORDS) - used == set()
    assert all(words and not words.endswith(".") for words in WORDS.values())


def test_a_change_of_shape_is_seen() -> None:
    known = both(shape_of({"a": 1, "b": [{"c": "x"}]}), shape_of({"a": 2, "b": []}))
    assert differences(shape_of({"a": 3, "b": [{"c": "y"}]}), known) == []
    assert differences(shape_of({"a": "3", "b": []}), known) == ["answer.a is text"]
    assert differences(shape_of({"a": 3}), known) == ["answer.b is not there"]
    assert differences(shape_of({"a": 3, "b": [{}]}), known) == ["answer.b[].c is not there"]
    assert differences(shape_of({"a": 3, "b": [{"c": "", "d": 1}]}), known) == [
        "answer.b[].d is new"
    ]
    assert differences(shape_of([1]), known) == ["answer is a list or has names that are data"]


def test_names_that_are_data_are_told_from_names() -> None:
    known = both(shape_of({"WST-1": 1}), shape_of({"WST-2": None}))
    assert known == Shape(entries=Shape(plain={"whole number", "nothing"}), by_name=True)
    assert differences(shape_of({"WST-3": 3}), known) == []
    # Where the first name looked like one of ours.
    assert both(shape_of({"overall": 1}), known) == known


def test_a_field_is_described_by_its_class() -> None:
    said = attributes(
        "A.\n\nAttributes:\n    one: what :func:`a.b` is,\n        in words.\n    two: it.\n\nMore."
    )
    assert said == {"one": "what b is, in words", "two": "it"}
    assert said_of("storage.records.note.Note")["text"]


def delete_the_inspection(session: Session) -> None:
    """What a colleague's laptop may have done; no command of ours deletes one with work in it."""
    session.delete(session.exec(select(Inspection)).one())


def test_the_answers_that_no_other_test_asks_for(
    fieldkit: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = fieldkit.begun().done
    done("cases", "add", "WST-001")
    done("judge", "WST-001", "investigation", "good", "--rationale", "Seen early.")
    done("query", "WST-001", "investigation", "How early?")
    done("queries", "withdraw", "How early", "--reason", "It is in the file.", "--json")
    done("fieldwork", "focus-group", "--role", "constables", "--json")
    done("fieldwork", "works-well", "constables", "asked", "--json")
    note = done("note", "add", "WST-001", "A remark.", "--json").data["id"]
    done("point", "add", "Calls are answered early.", "--sort", "strength", "--rests-on", note[:8])
    done("point", "keep-thin", "1", "--reason", "One call was enough.", "--json")
    assert done("point", "unsupport", "1", note[:8], "--json").data == {"done": True}
    done("point", "withdraw", "1", "--reason", "It was another call.", "--json")
    done("note", "delete", note[:8], "--json")
    done("names", "add", "Sian")
    done("names", "remove", "Sian", "--json")
    with open_vault(fieldkit.home / "vault", PASSPHRASE) as vault:
        vault.write_now(drafts.save, "new-note/x", "text", "a note", "Half a sentence")
    done("drafts", "discard", "a note", "--json")
    done("drafts", "take-back", "a note", "--json")
    fieldkit.bare("doctor", "--json")
    monkeypatch.setattr("fieldkit.cli.demo.live", lambda show: show("vault", "made"))
    assert fieldkit.bare("demo", "--json").data == {"steps": [{"step": "vault", "said": "made"}]}
    inspection = done("inspection", "list", "--json").data[0]["id"]
    with open_vault(fieldkit.home / "vault", PASSPHRASE) as vault:
        vault.write_now(delete_the_inspection)
    assert done("inspection", "bring-back", inspection, "--json").data["id"] == inspection
