"""Every option and argument says what it is, and takes a person's text from stdin or a file."""

from __future__ import annotations

import argparse

from tests.fieldkit.cli.parsers import commands, runs

NAMES_SOMETHING = frozenset(
    # Records and files, by id or name; a file is opened, never kept as words.
    "case note point evidence entry query record draft conflict copy place referral which backup "
    "field key keep replaced_by rests_on id withdraw device laptop inspection store what previous "
    "remove to none unlink theirs ours "
    # Words of the methodology, of the program, and its own codes.
    "criterion grade type origin polarity mode meeting source_group methodology language sort "
    "word fingerprint escrow reference outcome "
    # Days and times.
    "starts ends date on held_on asked_on received_on dated incident_on at since until action_due "
    "action_done reported_at graded_at deployed_at child_seen_at strategy_at arrest_at outcome_at "
    # Answers of a case audit: words of the methodology.
    "voice_seen voice_seen_alone voice_spoken_to voice_behaviour voice_views voice_used "
    "supervision_reviewed supervision_rationale risk_graded risk_right risk_others "
    # Secrets and their files, which have ways of their own.
    "passphrase_file new_passphrase_file code_file root_passphrase_file escrow_identity "
    "text_files".split()
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
