"""Reads every command off the parsers: its options, what they take, and which words are known."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.parser import build_parser
from fieldkit.methodology import Term, load, versions

FILES = ("FILE", "F", "[NAME=]FILE", "BUNDLE", "PATH", "PROPOSAL", "REQUEST", "ROSTER")
"""What stands in a help for the name of a file."""
FOLDERS = ("DIR", "NEW_FOLDER", "URL|DIR", "BACKUP")


@dataclass(frozen=True)
class Option:
    """Describes an option, or an argument, of a command.

    Attributes:
        names: as they are typed; none of an argument.
        value: what stands for its value in a help; empty where it takes none.
        help: what it is.
        words: the words that are known for its value.
        path: ``file`` or ``folder`` where its value names one.
        needed: whether the command is misused without it.
        many: whether it takes several values.
    """

    names: tuple[str, ...]
    value: str
    help: str
    words: tuple[str, ...] = ()
    path: str = ""
    needed: bool = False
    many: bool = False


@dataclass(frozen=True)
class Command:
    """Describes a command.

    Attributes:
        words: as it is typed, without the program's name; empty for the program itself.
        help: what it does, in a line.
        description: more of it; may be empty.
        arguments: what it takes, in order.
        options: its options, ``--help`` left out.
        below: the words of the commands below it, each with its help.
        runs: whether it does something by itself.
    """

    words: str
    help: str
    description: str
    arguments: tuple[Option, ...]
    options: tuple[Option, ...]
    below: tuple[tuple[str, str], ...]
    runs: bool

    @property
    def usage(self) -> str:
        """Return how it is typed, the options that may be left out as one word."""
        needed = [f"{one.names[-1]} {one.value}" for one in self.options if one.needed]
        parts = ["fieldkit", self.words, *needed]
        if len(self.options) > len(needed):
            parts.append("[OPTIONS]")
        for one in self.arguments:
            shown = f"{one.value} …" if one.many else one.value
            parts.append(shown if one.needed else f"[{shown}]")
        if self.below:
            parts.append("[COMMAND]" if self.runs else "COMMAND")
        return " ".join(filter(None, parts))


@cache
def all_commands() -> tuple[Command, ...]:
    """Return every command, the program itself first, each before those below it."""
    return tuple(_below("", "", build_parser()))


def _below(words: str, help: str, parser: CommandParser) -> Iterator[Command]:
    parser.complete()
    options: list[Option] = []
    arguments: list[Option] = []
    below: list[tuple[str, str]] = []
    parsers: dict[str, CommandParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            parsers = action.choices
            below = [(one.dest, one.help or "") for one in action._choices_actions]
        elif action.dest != "help" or not action.option_strings:
            (options if action.option_strings else arguments).append(_option(action))
    yield Command(
        words,
        help or parser.description or "",
        parser.description or "",
        tuple(arguments),
        tuple(options),
        tuple(below),
        bool(parser.get_default("run")) or (not words),
    )
    for name, help in below:
        yield from _below(f"{words} {name}".strip(), help, parsers[name])


def _option(action: argparse.Action) -> Option:
    value = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
    choices = [str(one) for one in action.choices or ()]
    if choices and action.metavar is None:
        value = "|".join(one or "“”" for one in choices)
    words = choices or (known_words(action.dest, value) if value else ())
    return Option(
        tuple(action.option_strings),
        value,
        " ".join((action.help or "").replace("%%", "%").split()),
        tuple(one for one in dict.fromkeys(words) if one and " " not in one),
        "file" if value in FILES else "folder" if value in FOLDERS else "",
        bool(action.required) if action.option_strings else action.nargs not in ("?", "*"),
        action.nargs in ("*", "+"),
    )


def known_words(name: str, value: str) -> Iterable[str]:
    """Return the words of all methodologies that an option or argument of this name may have.

    Known without unlocking; what a vault holds is never offered, as it would have to be opened.

    Args:
        name: as the parser keeps it.
        value: what stands for its value in a help.
    """
    if name == "methodology":
        return versions()
    known = [load(version) for version in versions()]
    terms: dict[str, list[Iterable[Term]]] = {
        "type": [one.case_types for one in known],
        "origin": [one.origins for one in known],
        "polarity": [one.polarities for one in known],
        "mode": [one.modes for one in known],
        "source_group": [one.source_groups for one in known],
    }
    if name == "criterion":
        return [area.key for one in known for area in (*one.areas, one.overall)]
    if value == "GRADE":
        return [word for one in known for word in _grades(one.scale_for("case").grades)]
    if value == "ANSWER" and name.startswith(("voice", "risk", "supervision")):
        return [term.key for one in known for term in one.answers]
    return [term.key for group in terms.get(name, ()) for term in group]


def _grades(grades: Iterable[Term]) -> Iterator[str]:
    for grade in grades:
        yield grade.label if " " not in grade.label else next(iter(grade.aliases), "")
