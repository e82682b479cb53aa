"""``fieldkit demo``: a practice inspection, in the app or, without a terminal, in print."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import textwrap
from pathlib import Path
from typing import NoReturn

from fieldkit.cli.kit.app import need_terminal
from fieldkit.cli.kit.begin_anew import begin_anew
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.exit import DONE
from fieldkit.demo.day import OPEN_CASES, live, prepare
from fieldkit.demo.export import stick
from fieldkit.demo.practice_vault import OPENS_WITH, PracticeVault
from fieldkit.vault.after_lock import AfterLock, take
from fieldkit.vault.terminal_modes import handed_over

REMOVED = (
    "The practice vault and everything in it are removed. “fieldkit” opens a vault of your own."
)
NAME_WIDTH = 18
"""Columns of the names of the steps."""


def define_demo(demo: CommandParser) -> None:
    """Say what “demo” takes."""
    demo.handle(
        _demo,
        "Open a practice inspection of the made-up Westshire Constabulary in a "
        "throw-away vault. Without a terminal, or with --headless, play the whole day and "
        "print what came of each step.",
    )
    demo.flag("--headless", "print each step, even in a terminal")


def _demo(args: argparse.Namespace, context: Context) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the folder is removed
    in_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if args.headless or context.json or not in_terminal:
        return _in_print(context)
    return _in_the_app(context)


def _in_print(context: Context) -> int:
    steps: list[dict[str, str]] = []

    def show(name: str, text: str) -> None:
        steps.append({"step": name, "said": text})
        if not context.json:
            print(f"{name:<{NAME_WIDTH}}{text}", flush=True)

    live(show)
    context.show({"steps": steps})
    return DONE


def _in_the_app(context: Context) -> int:
    need_terminal("add --headless to have the day in print")
    if (after := take(os.environ)) is not None:
        return _after_a_lock(context, after)
    context.terminal.say(
        "Preparing a practice inspection in a throw-away vault; this takes a while …"
    )
    with PracticeVault.make() as demo:
        prepare(demo, lambda name, text: context.terminal.say(f"  {name:<{NAME_WIDTH}}{text}"))
        # Late: in print, nobody needs Textual.
        from screens.app import FieldkitApp

        app = FieldkitApp(
            demo.vault.folder,
            inspection=demo.inspection,
            vault=demo.vault,
            tour=tour(demo),
            after=AfterLock(practice=str(demo.folder)),
            begin_anew=_anew,
        )
        app.run()
        code = app.return_code or DONE
    context.terminal.say(REMOVED)
    return code


def _after_a_lock(context: Context, after: AfterLock) -> int:
    """Go on with the practice vault that the process before this one had made and locked."""
    with handed_over(after), PracticeVault.again(Path(after.practice)) as folder:
        from screens.app import FieldkitApp

        hint = f"The practice vault opens with “{OPENS_WITH}”."
        app = FieldkitApp(
            folder, inspection=after.inspection, hint=hint, after=after, begin_anew=_anew
        )
        app.run()
        code = app.return_code or DONE
    context.terminal.say(REMOVED)
    return code


def _anew(after: AfterLock) -> NoReturn:
    begin_anew(after, ["demo"])


def tour(demo: PracticeVault) -> str:
    """Return the short tour shown first: what has been done today, and which keys to try."""
    return textwrap.dedent(
        f"""\
        {demo.practice.force} does not exist, nothing here is
        real, and all of it is removed when you leave. It is an
        afternoon in the first week on site.

        c       cases: {OPEN_CASES} of yours are open; digits grade one
        r       the force was told of a risk, and is silent
        s       rows of the force's workbook wait for you
        m       our grades and the force's
        p  d    points and their evidence; the daily debrief
        e       export, for example to
                {stick(demo)}
        f1  f2  keys of a page; a remark, wherever you are
        f3      search          ctrl+z  undo
        ctrl+l  lock; unlock with “{demo.passphrase}”
        ctrl+q  leave
        """
    )
