"""Every option and argument says what it is, and takes a person's text from stdin or a file."""

from __future__ import annotations

import argparse
import gettext

import pytest

from fieldkit.cli.parser import build_parser
from tests.fieldkit.cli.parsers import commands, runs

NAMES_SOMETHING = frozenset(
    # Records and files, by id or name; a file is opened, never kept as words.
    "case note point evidence entry query record draft conflict copy place referral which backup "
    "field key keep replaced_by rests_on id withdraw device laptop inspection store what previous "
    "remove to none unlink theirs ours of link comment by plan document "
    # Words of the methodology, of the program, and its own codes.
    "criterion grade type origin polarity mode meeting source_group methodology language sort "
    "word fingerprint escrow reference outcome setting status deadline question view "
    # Days and times.
    "day then due_until when "
    "starts ends date on held_on asked_on received_on dated incident_on at since until action_due "
    "action_done reported_at graded_at deployed_at child_seen_at strategy_at arrest_at outcome_at "
    # Answers of a case audit: words of the methodology.
    "voice_seen voice_seen_alone voice_spoken_to voice_behaviour voice_views voice_used "
    "supervision_reviewed supervision_rationale risk_graded risk_right risk_others "
    # Secrets and their files, which have ways of their own.
    "passphrase_file new_passphrase_file code_file root_passphrase_file escrow_identity "
    "text_files "
    # Of “help”: the words of a command.
    "words "
    # Inspections, criteria and sorts of document.
    "follows area ask received "
    # Focus groups, units, types of case, practice and forces.
    "group unit case_type practice name".split()
)
"""Options and arguments that hold no text of a person's, by the name they are kept under."""


def test_every_option_and_argument_has_help() -> None:
    silent = [
        f"{name} {action.option_strings or action.metavar or action.dest}"
        for name, parser in commands()
        for action in parser._actions
        if not action.help and not isinstance(action, argparse._SubParsersAction)
    ]
    assert silent == []
    assert len(commands()) > 90


def test_no_help_has_a_line_that_says_nothing() -> None:
    program = build_parser()
    nouns = next(one for one in program._actions if isinstance(one, argparse._SubParsersAction))
    for parser in (program, *nouns.choices.values()):
        parser.complete()
        rows = parser.format_help().splitlines()
        assert "commands:" in rows or parser._below is None
        assert "None" not in {row.strip() for row in rows}, parser.prog


def test_every_command_has_help_of_its_own() -> None:
    said: dict[str, str] = {}
    for name, parser in commands():
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                below = {one.dest: one.help or "" for one in action._choices_actions}
                assert all(below.values()), name
                said |= {f"{name} {word}".strip(): help for word, help in below.items()}
    assert said.keys() == {name for name, _ in commands() if name}


def test_every_text_of_a_person_comes_from_stdin_or_a_file_too() -> None:
    only_typed = [
        f"{name} {action.option_strings or action.dest}"
        for name, parser in commands()
        for action in parser._actions
        if action.nargs != 0
        and not action.choices
        and action.type in (None, str)
        and action.dest not in NAMES_SOMETHING
        and action not in parser._texts.values()
    ]
    assert only_typed == []


def test_every_command_that_runs_prints_json() -> None:
    silent = [
        name
        for name, parser in commands()
        if name and runs(parser) and "--json" not in parser._option_string_actions
    ]
    assert silent == []


def test_options_may_stand_before_between_and_after_the_arguments() -> None:
    """Whatever a command takes, the order of options and arguments changes nothing."""
    tried = 0
    for name, parser in commands():
        places = [one for one in parser._actions if not one.option_strings and one.nargs != 0]
        if not places or any(isinstance(one, argparse._SubParsersAction) for one in places):
            continue
        exclusive = {
            id(one) for group in parser._mutually_exclusive_groups for one in group._group_actions
        }
        words = [_word(one) for one in places]
        needed = [
            [one.option_strings[0], _word(one)]
            for one in parser._actions
            if one.required and one.option_strings
        ]
        needed += [
            [group._group_actions[0].option_strings[0], *_value(group._group_actions[0])]
            for group in parser._mutually_exclusive_groups
            if group.required
        ]
        options = [
            [one.option_strings[-1], *_value(one)]
            for one in parser._actions
            if one.option_strings
            and not one.required
            and id(one) not in exclusive
            and one.dest not in ("help", "text_files")
        ]
        given = [word for option in needed for word in option]
        for option in options[:2] + options[-1:]:
            expected = vars(parser.parse_args([*words, *given, *option]))
            for at in range(len(words)):
                argv = [*words[:at], *option, *words[at:], *given]
                assert vars(parser.parse_args(argv)) == expected, (name, argv)
                tried += 1
    assert tried > 150


def _word(action: argparse.Action) -> str:
    """Return what may stand as the value of an option, or as an argument."""
    return str(next(iter(action.choices))) if action.choices else "1"


def _value(action: argparse.Action) -> list[str]:
    return [] if action.nargs == 0 else [_word(action)]


def test_no_parser_looks_for_translations(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(gettext, "find", lambda domain, *_: looked.append(domain))
    build_parser().parse_args(["cases", "list"])
    assert looked == []
