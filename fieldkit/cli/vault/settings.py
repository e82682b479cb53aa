"""``fieldkit settings``: what a person chose for this computer, listed and changed."""

from __future__ import annotations

import argparse

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.vault import keymap
from fieldkit.vault.change_settings import change_setting, reset_setting
from fieldkit.vault.setting_values import words
from fieldkit.vault.settings import Settings, known, read_settings


def define_settings(noun: CommandParser) -> None:
    """Say what “settings” takes."""
    noun.command("list", _list, "every setting with its value, and who set it")
    noun.command("keys", _keys, "the key of every command of every page, and the name to set it by")
    name = "its name, as “settings list” says it; a key is keys.PAGE.COMMAND"
    change = noun.command("set", _set, "change a setting of yours")
    change.add_argument("setting", metavar="NAME", help=name)
    change.text("value", "its new value; empty (“”) where that means something")
    reset = noun.command("reset", _reset, "take your own value away")
    reset.add_argument("setting", metavar="NAME", help=name)


def _list(args: argparse.Namespace, context: Context) -> None:
    settings = read_settings()
    data = [
        {"name": name, "value": settings.values[name], "said_by": settings.said_by[name]}
        for name in known()
    ]
    rows = [
        (name, words(about, settings.values[name]), settings.said_by[name], about["about"])
        for name, about in known().items()
    ]
    context.show(
        {"settings": data, "notices": list(settings.notices)},
        table(("name", "value", "whose", "what it does"), rows),
    )
    _say_notices(settings, context)


def _keys(args: argparse.Namespace, context: Context) -> None:
    own = read_settings().keys
    rows = []
    for page, named in keymap.commands().items():
        for one in named.values():
            mine = own.get(page, {}).get(one.action)
            rows.append((f"keys.{page}.{one.label}", mine or " ".join(one.keys), bool(mine)))
    data = [{"name": name, "key": key, "own": mine} for name, key, mine in rows]
    shown = [(name, key, "yours" if mine else "") for name, key, mine in rows]
    context.show(data, table(("name", "key", "whose"), shown))


def _set(args: argparse.Namespace, context: Context) -> None:
    _changed(args.setting, change_setting(args.setting, args.value), context)


def _reset(args: argparse.Namespace, context: Context) -> None:
    _changed(args.setting, reset_setting(args.setting), context)


def _changed(name: str, settings: Settings, context: Context) -> None:
    own = name.partition(".")[0]
    about = known()[own]
    value = settings.values[own]
    context.show({"name": own, "value": value, "said_by": settings.said_by[own]}, "")
    context.terminal.say(
        f"{about['label']}: {words(about, value)}. An app that is open now takes it up when it is "
        "unlocked next."
    )
    _say_notices(settings, context)


def _say_notices(settings: Settings, context: Context) -> None:
    for notice in settings.notices:
        context.terminal.say(notice)
