"""Hostile text in each option of every command, and in all they print, is never more than text."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.parser import NOUNS, build_parser
from storage.errors import FieldkitError
from storage.trust.roster import PlannedInspection, check_line
from storage.vault.vault import Vault
from tests.fieldkit.cli.conftest import Runner
from tests.screens.hostile_day import HOSTILE, HostileDay, harmless_output

WORD = HOSTILE.replace("\x00", "").replace("\ud800", "")
"""What may stand in an argument: all but NUL, and bytes that are no UTF-8, which are refused."""
TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
NOT_RUN = ("demo", "central", "vault")
"""One plays a whole day; the others make keys, which takes seconds, and print what they are given
in the same way."""
READING = (
    ("inspection", "list"),
    ("inspection", "show"),
    ("cases", "list"),
    ("note", "list"),
    ("point", "list"),
    ("referrals",),
    ("drafts",),
    ("drafts", "--discarded"),
    ("search", "twice"),
    ("compare",),
    ("follow-up",),
    ("conflicts",),
    ("deleted",),
    ("audit",),
    ("audit", "--csv"),
)


def leaves(
    parser: CommandParser, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], CommandParser]]:
    """Every command that does something, with its parser."""
    parser.complete()
    below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if "run" in parser._defaults and words:
        yield words, parser
    for action in below:
        for name, one in action.choices.items():
            yield from leaves(one, (*words, name))


def arguments(parser: argparse.ArgumentParser) -> Iterator[list[str]]:
    """The command with hostile text in all of its places, then in each option by itself."""
    places = [one for one in parser._actions if not one.option_strings and one.nargs != 0]
    given = [WORD for one in places if not isinstance(one, argparse._SubParsersAction)]
    options = [
        one
        for one in parser._actions
        if one.option_strings and one.nargs is None and one.const is None
    ]
    needed = [text for one in options if one.required for text in (one.option_strings[0], WORD)]
    yield [*given, *needed]
    for one in options:
        rest = [] if one.required else [one.option_strings[0], WORD]
        yield [*given, *needed, *rest]


def commands() -> list[tuple[str, ...]]:
    return [words for words, _ in leaves(build_parser(NOUNS)) if words[0] not in NOT_RUN]


@pytest.fixture
def kept_open(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Vault:
    """A vault that every command finds unlocked: unlocking is most of a command's time."""
    monkeypatch.setattr(Context, "open_vault", lambda self: vault)
    return vault


@pytest.mark.usefixtures("kept_open", "inspection")
def test_every_option(fieldkit: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    parsers = dict(leaves(build_parser(NOUNS)))
    for words in commands() if TORTURE else commands()[::4]:
        tried = list(arguments(parsers[words]))
        # All options of a command go the same way out; the last of them stands for it, and in the
        # daily run each fourth command for its neighbours.
        for argv in tried if TORTURE else tried[-1:]:
            ran = fieldkit(*words, *argv)
            assert ran.code in (0, 1, 2), (words, argv)
            harmless_output(ran.out, ran.err)
            assert "error of its own" not in ran.err, (words, argv, ran.err)


def test_what_is_kept_is_printed_as_text(
    kept_open: Vault, tmp_path: Path, fieldkit: Runner
) -> None:
    day = HostileDay(kept_open, tmp_path / "imported")
    day.live()
    place = ("--inspection", day.inspection)
    for words in READING:
        for more in ((), ("--json",)) if TORTURE else ((),):
            ran = fieldkit(*place, *words, *more)
            harmless_output(ran.out, ran.err)
            assert "error of its own" not in ran.err, (words, ran.err)
    listed = fieldkit(*place, "note", "list").out
    assert "[@click=app.quit]x[/]" in " ".join(listed.split())


def test_a_command_that_is_not_understood(fieldkit: Runner) -> None:
    for argv in (("cases", "list", f"--{WORD}"), (WORD,), ("audit", "--operation", WORD)):
        ran = fieldkit(*argv)
        assert ran.code == 2
        harmless_output(ran.out, ran.err)


def test_bytes_that_are_no_text_are_refused_and_a_file_of_such_a_name_is_not(
    kept_open: Vault, inspection: str, fieldkit: Runner, tmp_path: Path
) -> None:
    half = "ab\udcff\udcfecd"
    for argv in (("cases", "add", half), ("search", f"{WORD}{half}"), ("cases", f"--add={half}")):
        ran = fieldkit(*argv)
        assert ran.code == 2 and ran.out == ""
        assert "no UTF-8 text" in ran.err and "Nothing was done" in ran.err
        harmless_output(ran.err)
    assert fieldkit.done("cases", "list", "--json").data == []
    if sys.platform != "linux":
        return
    file = tmp_path / half
    file.write_text("no bundle")
    assert "no UTF-8 text" not in fieldkit.refused("bundle", "verify", str(file))


@pytest.mark.parametrize(
    "sign", ["\x1b[31m", "\x9b", "\u202e", "\u200b", "\x00", "\n", "\U000e0041"]
)
def test_signed_documents_hold_none_of_it(sign: str) -> None:
    with pytest.raises(FieldkitError) as refusal:
        check_line(f"West{sign}shire", "force")
    harmless_output(str(refusal.value))
    assert PlannedInspection("i", "Westshire", "", "").force == "Westshire"
