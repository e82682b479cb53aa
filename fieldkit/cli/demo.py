"""``fieldkit demo``: a practice inspection, in the app or, without a terminal, in print."""

from __future__ import annotations

import argparse
import signal
import sys
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context
    from fieldkit.demo.stage import Desk

NAME_WIDTH = 18
"""Columns of the names of the steps."""


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``demo``."""
    demo = subparsers.add_parser(
        "demo",
        help="a practice inspection in a throw-away vault",
        description="Open a practice inspection of the made-up Westshire Constabulary in a "
        "throw-away vault. Without a terminal, or with --headless, live the whole day through the "
        "same code and print what came of each step.",
    )
    demo.add_argument("--headless", action="store_true", help="in print, also in a terminal")
    demo.set_defaults(run=_demo)


def _demo(args: argparse.Namespace, context: Context) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the folder is removed
    seen = sys.stdin.isatty() and sys.stdout.isatty()
    if args.headless or context.json or not seen:
        return _in_print(context)
    return _in_the_app(context)


def _in_print(context: Context) -> int:
    from fieldkit.demo.day import live

    steps: list[dict[str, str]] = []

    def told(name: str, said: str) -> None:
        steps.append({"step": name, "said": said})
        if not context.json:
            print(f"{name:<{NAME_WIDTH}}{said}", flush=True)

    live(told)
    if context.json:
        context.put({"steps": steps})
    return 0


def _in_the_app(context: Context) -> int:
    from fieldkit.demo.day import prepare
    from fieldkit.demo.stage import Desk
    from screens.app import FieldkitApp

    context.say("Preparing a practice inspection in a throw-away vault; this takes a while …")
    with Desk.lay() as desk:
        prepare(desk, lambda name, said: context.say(f"  {name:<{NAME_WIDTH}}{said}"))
        app = FieldkitApp(
            desk.vault.folder, inspection=desk.inspection, vault=desk.vault, tour=tour(desk)
        )
        app.run()
        code = app.return_code or 0
    context.say("The practice vault and everything in it are removed.")
    return code


def tour(desk: Desk) -> str:
    """The short tour shown first: what has been done today, and which keys to try."""
    from fieldkit.demo.day import OPEN_CASES
    from fieldkit.demo.export import stick

    return textwrap.dedent(
        f"""\
        {desk.practice.force} does not exist, nothing here is
        real, and all of it is removed when you leave. It is the
        afternoon of the third day on site.

        c       cases: {OPEN_CASES} of yours are open; digits grade one
        r       the force was told of a risk, and is silent
        s       rows of the force's workbook wait for you
        m       our grades and the force's
        p  d    points and their evidence; the daily debrief
        e       export, for example to
                {stick(desk)}
        f1  f2  keys of a page; a remark, wherever you are
        f3      search          ctrl+z  undo
        ctrl+l  lock; unlock with «{desk.passphrase}»
        ctrl+q  leave
        """
    )
