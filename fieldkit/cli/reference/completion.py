"""``fieldkit completion``: scripts that let a shell complete commands, options and known words.

Each script holds all of it, so that a completion starts no program and opens no vault. ``shtab``
would write two of the four, and would have to be carried along to every laptop for them.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Iterator
from importlib import resources

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.reference.commands import Command, Option, all_commands

SHELLS = {
    "bash": "fieldkit completion bash > ~/.local/share/bash-completion/completions/fieldkit",
    "zsh": "fieldkit completion zsh > DIR/_fieldkit, with DIR in $fpath before compinit",
    "fish": "fieldkit completion fish > ~/.config/fish/completions/fieldkit.fish",
    "powershell": "fieldkit completion powershell >> $PROFILE",
}
"""The shells, and how each one's script is put in its place."""
_FILES = {"bash": "bash.sh", "zsh": "zsh.zsh", "fish": "fish.fish", "powershell": "powershell.ps1"}


def define_completion(parser: CommandParser) -> None:
    """Say what “completion” takes."""
    parser.handle(
        _completion,
        "Prints a script for the shell. Put it in its place once, and again after an update: "
        + "; ".join(SHELLS.values())
        + ". Offered are commands, options and the words of the methodologies; never what a vault "
        "holds.",
    )
    parser.add_argument("shell", choices=[*SHELLS], help="the shell that the script is for")


def _completion(args: argparse.Namespace, context: Context) -> None:
    text = script(args.shell)
    if context.json:
        context.show({"shell": args.shell, "script": text})
    else:
        print(text, end="")


def script(shell: str) -> str:
    """Return the script for a shell; it ends with a line feed."""
    known, values = zip(*(_WRITERS[shell](one) for one in all_commands()), strict=True)
    template = resources.files("fieldkit.cli.reference").joinpath("shells", _FILES[shell])
    text = template.read_text("utf-8").replace("@COMMANDS@", "\n".join(known))
    return text.replace("@VALUES@", "\n".join(filter(None, values)))


def _valued(command: Command) -> Iterator[tuple[str, Option]]:
    """Yield what a command takes that may be completed, by option or by place (“#1”, “#*”)."""
    for option in command.options:
        for name in option.names:
            if option.words or option.path:
                yield name, option
    for place, one in enumerate(command.arguments, 1):
        if one.words or one.path:
            yield f"#{place}", one
            if one.many:
                yield "#*", one


def _options(command: Command) -> list[tuple[str, Option]]:
    help = Option(("--help",), "", "show what the command takes")
    return [(name, one) for one in (*command.options, help) for name in one.names]


def _quoted(text: str) -> str:
    """Return a text between single quotes, for bash and zsh."""
    return "'" + text.replace("'", "'\\''") + "'"


def _bash(command: Command) -> tuple[str, str]:
    commands = " ".join(name for name, _ in command.below)
    options = " ".join(name for name, _ in _options(command))
    valued = " ".join(name for name, one in _options(command) if one.value)
    known = f"    '{command.words}') commands='{commands}' options='{options}' valued='{valued}' ;;"
    values = [
        f"    {_pattern(command, key)}) words={_quoted(' '.join(one.words))} paths='{one.path}' ;;"
        for key, one in _valued(command)
    ]
    return known, "\n".join(values)


def _pattern(command: Command, key: str) -> str:
    return f"'{command.words} #'*" if key == "#*" else f"'{command.words} {key}'"


def _zsh(command: Command) -> tuple[str, str]:
    def described(name: str, help: str) -> str:
        return _quoted(f"{name}:{help}".replace("\\", "\\\\"))

    commands = " ".join(described(name, help) for name, help in command.below)
    options = " ".join(described(name, one.help) for name, one in _options(command))
    valued = " ".join(name for name, one in _options(command) if one.value)
    known = f"    '{command.words}') commands=({commands}) options=({options}) valued='{valued}' ;;"
    values = [
        f"    {_pattern(command, key)}) values=({' '.join(map(_quoted, one.words))}) "
        f"paths='{one.path}' ;;"
        for key, one in _valued(command)
    ]
    return known, "\n".join(values)


def _fish(command: Command) -> tuple[str, str]:
    def quoted(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    commands = " ".join(quoted(f"{name}\t{help}") for name, help in command.below)
    options = " ".join(quoted(f"{name}\t{one.help}") for name, one in _options(command))
    valued = " ".join(name for name, one in _options(command) if one.value)
    known = (
        f"        case '{command.words}'\n            set -g __fieldkit_commands {commands}\n"
        f"            set -g __fieldkit_options {options}\n"
        f"            set -g __fieldkit_valued {valued}"
    )
    values = [
        f"        case {_pattern(command, key).replace(chr(39) + '*', '*' + chr(39))}\n"
        f"            set -g __fieldkit_words {' '.join(map(quoted, one.words))}\n"
        f"            set -g __fieldkit_paths '{one.path}'"
        for key, one in _valued(command)
    ]
    return known, "\n".join(values)


def _powershell(command: Command) -> tuple[str, str]:
    def quoted(text: str) -> str:
        # PowerShell ends a text at a curly quotation mark too, so each is doubled.
        return "'" + re.sub("['\u2018-\u201b]", r"\g<0>\g<0>", text) + "'"

    def listed(pairs: Iterable[tuple[str, str, bool]]) -> str:
        return ", ".join(
            f"@{{ name = {quoted(name)}; help = {quoted(help)}; valued = ${str(valued).lower()} }}"
            for name, help, valued in pairs
        )

    commands = listed((name, help, False) for name, help in command.below)
    options = listed((name, one.help, bool(one.value)) for name, one in _options(command))
    known = f"    {quoted(command.words)} = @{{ commands = @({commands}); options = @({options}) }}"
    values = [
        f"    {quoted(f'{command.words} {key}')} = @({', '.join(map(quoted, one.words))})"
        for key, one in _valued(command)
        if one.words
    ]
    return known, "\n".join(values)


_WRITERS: dict[str, Callable[[Command], tuple[str, str]]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
    "powershell": _powershell,
}
