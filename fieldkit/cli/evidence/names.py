"""``fieldkit names``: the list of names that must not leave in any text."""

from __future__ import annotations

import argparse

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.evidence.names import add_names, edit_name, find_name, listed_names, remove_name


def define_names(noun: CommandParser) -> None:
    """Say what “names” takes."""
    add = noun.command(
        "add", _add, "put names on the list, which central gets only with --with-key"
    )
    add.text("names", "the whole name; several a line each, “= child 1” behind one where needed")
    add.text("--instead", "what is written in its place, such as “child 1”", default="")
    noun.command("list", _list, "the names on the list")
    edit = noun.command("edit", _edit, "correct a name, or what is written in its place")
    edit.text("known", "the name as it stands there, or the beginning of its id", metavar="NAME")
    edit.text("--name", "the name as it is right")
    edit.text("--instead", "what is written in its place; empty for “child 1”")
    remove = noun.command("remove", _remove, "take a name off the list")
    remove.text("name", "the name, or the beginning of its id", metavar="NAME")


def _add(args: argparse.Namespace, context: Context) -> None:
    lines = args.names.splitlines()
    added = context.write(add_names, lines, args.instead)
    context.show({"added": added}, "")
    known = len(lines) - len(added)
    context.terminal.say(
        f"{len(added)} added to the list of names."
        + (f" {known} passed over: known already, or empty." if known else "")
    )


def _list(args: argparse.Namespace, context: Context) -> None:
    names = context.read(listed_names)
    rows = [(one.id[:8], one.name, one.label) for one in names]
    none = "No name is on the list. “fieldkit names add” puts one there."
    context.show(names, table(("id", "name", "in its place"), rows), marked=True, none=none)


def _edit(args: argparse.Namespace, context: Context) -> None:
    edited = context.write(
        lambda s, of: edit_name(s, find_name(s, of, args.known).id, args.name, args.instead)
    )
    context.show(edited, "")
    context.terminal.say("The list says so now; the history keeps what it said.")


def _remove(args: argparse.Namespace, context: Context) -> None:
    context.write(remove_name, args.name)
    context.terminal.say("The name is off the list; it stays in the history.")
