"""Writes ``docs/cli.md`` and the manual page ``docs/fieldkit.1`` from the parsers.

Run by ``make reference``: ``python -m fieldkit.cli.reference.page DIR``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from fieldkit.cli.kit.exit import EXIT_OF, EXITS
from fieldkit.cli.reference.commands import Command, Option, all_commands

_HEAD = """# Commands

Made from the program itself by `make reference`; `fieldkit help COMMAND` says the same in the
terminal.

`fieldkit` without a command opens the app. Options of the program stand before the command, those
of a command anywhere after it. Data goes to stdout, messages to stderr; with `--json` stdout holds
one JSON value however the command ends ([json.md](json.md)). `fieldkit completion SHELL` lets a
shell complete what is listed here.
"""
_WORDS = """## Texts that should not stay in the shell's history

What is typed after a command stays in the shell's history, and other programs can read it while the
command runs. `-` in place of a text reads it from stdin; `--file FILE` reads it from a file, and
where a command takes several texts `--file NAME=FILE` says which one.
"""


def page() -> str:
    """Return ``docs/cli.md``."""
    program, *commands = all_commands()
    parts = [_HEAD, *_exits(), _WORDS, "## The program\n", _usage(program), _list(program.options)]
    nouns = [one for one in commands if " " not in one.words]
    links = " · ".join(f"[{one.words}](#{anchor(f'fieldkit {one.words}')})" for one in nouns)
    parts.append(f"Nouns: {links}\n")
    for one in commands:
        depth = "##" if " " not in one.words else "###"
        parts += [f"{depth} fieldkit {one.words}\n", f"{_sentence(one.help)}\n", _usage(one)]
        if one.description and _sentence(one.description) != _sentence(one.help):
            parts.append(f"{escaped(one.description)}\n")
        parts.append(_list((*one.arguments, *one.options)))
    return "\n".join(part for part in parts if part)


def anchor(heading: str) -> str:
    """Return the anchor that a heading gets in a page of Markdown."""
    return re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-")


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, in one line."""
    return re.sub(r"([\\`*_<>\[\]|])", r"\\\1", " ".join(text.split()))


def _exits() -> Iterator[str]:
    yield "## How it ends\n"
    yield "| code | is | `code` of the refusal with `--json` |\n|---|---|---|"
    for code, meaning in EXITS.items():
        names = ", ".join(f"`{name}`" for name, number in EXIT_OF.items() if number == code)
        yield f"| {code} | {meaning} | {names} |"
    yield (
        "\n`vault check` ends with 6 where something is not sound, `doctor` with 1 where\n"
        "something has to be mended. `merge`, `exchange`, `central ingest`, `handover` and\n"
        "`enrol` end with 1 where a part was refused or kept back; their answer says which.\n"
    )


def _usage(command: Command) -> str:
    return f"    {command.usage}\n"


def _sentence(text: str) -> str:
    shown = escaped(text)
    return shown[:1].upper() + shown[1:] + ("" if shown.endswith((".", "?")) else ".")


def _list(options: tuple[Option, ...]) -> str:
    rows = [f"- {_called(one)} – {escaped(one.help)}" for one in options]
    return "\n".join(rows) + "\n" if rows else ""


def _called(option: Option) -> str:
    names = ", ".join(f"`{name}`" for name in option.names)
    return f"{names} `{option.value}`" if names and option.value else names or f"`{option.value}`"


def manual() -> str:
    """Return the manual page: roff with the macros of man(7), and no date, which would change."""
    program, *commands = all_commands()
    lines = [
        '.TH FIELDKIT 1 "" fieldkit "User commands"',
        *(".SH NAME", r"fieldkit \- " + roff(program.help[:1].lower() + program.help[1:])),
        *(".SH SYNOPSIS", *_synopsis(program)),
        *(".SH DESCRIPTION", roff(program.description)),
        *(".SH OPTIONS", *_terms(program.options), ".SH COMMANDS"),
    ]
    for one in commands:
        title = roff("fieldkit " + one.words)
        lines += [f'.SS "{title}"', *_synopsis(one), ".PP", roff(one.help)]
        if one.description and one.description != one.help:
            lines += [".PP", roff(one.description)]
        lines += _terms((*one.arguments, *one.options))
    lines.append(".SH EXIT STATUS")
    for code, meaning in EXITS.items():
        lines += [".TP", f".B {code}", roff(meaning)]
    return "\n".join(lines) + "\n"


def _synopsis(command: Command) -> list[str]:
    return [".nf", roff(command.usage), ".fi"]


def _terms(options: tuple[Option, ...]) -> Iterator[str]:
    for one in options:
        names = ", ".join(rf"\fB{roff(name)}\fR" for name in one.names)
        value = rf"\fI{roff(one.value)}\fR" if one.value else ""
        yield from (".TP", f"{names} {value}".strip(), roff(one.help))


def roff(text: str) -> str:
    """Return a text that roff prints as it is: signs beyond ASCII by their number, no macro."""
    safe = " ".join(text.split()).replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq")
    safe = "".join(sign if sign.isascii() else rf"\[u{ord(sign):04X}]" for sign in safe)
    return rf"\&{safe}" if safe[:1] in (".", "'") else safe


def write(folder: Path) -> None:
    """Write both into a folder."""
    (folder / "cli.md").write_text(page(), "utf-8", newline="\n")
    (folder / "fieldkit.1").write_text(manual(), "utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
