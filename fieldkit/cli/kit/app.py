"""Opens the app where no command was given."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from fieldkit.cli.kit.begin_anew import begin_anew, begin_practice
from fieldkit.cli.kit.exit import DONE
from fieldkit.vault import echo
from fieldkit.vault.after_lock import AfterLock, take
from fieldkit.vault.folders import vault_folder
from fieldkit.vault.terminal_modes import as_json, handed_over
from storage.errors import FieldkitError
from storage.vault.folder import exists


def open_app(args: argparse.Namespace) -> int:
    """Open the app on the vault and return its exit code; the first run makes a vault."""
    need_terminal("name a command; “fieldkit --help” lists them")
    folder = args.vault.expanduser().absolute() if args.vault is not None else vault_folder()
    after = take(os.environ)

    def anew(then: AfterLock) -> NoReturn:
        inspection = ["--inspection", then.inspection] if then.inspection else []
        begin_anew(then, ["--vault", str(folder), *inspection])

    with handed_over(after), _asked(folder, follows_lock=after is not None):
        # Late: Textual reads variables when it is imported, and only a terminal needs it.
        from screens.app import FieldkitApp

        app = FieldkitApp(folder, inspection=args.inspection or "", after=after, begin_anew=anew)
        app.follows_lock = bool(app.terminal_before)
        app.terminal_before = app.terminal_before or as_json(echo.modes_before())
        app.run()
    if app.wants_practice:
        begin_practice()
    return app.return_code or DONE


@contextmanager
def _asked(folder: Path, *, follows_lock: bool) -> Iterator[None]:
    """Have the question for the passphrase stand while Textual is imported.

    Not where the page will say something else: where no vault is, or its folder is closed to us.
    After a lock the screen stays blank until the page says when and why it locked.
    """
    with suppress(FieldkitError):
        if not follows_lock and exists(folder):
            echo.ask()
    try:
        yield
    finally:
        echo.withdraw()


def need_terminal(instead: str) -> None:
    """Refuse to open the app where an input or output is no terminal.

    Args:
        instead: what else a person can do, to follow “or”.
    """
    # Textual draws on stderr under Linux and macOS: in a file, that would be the whole day.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise FieldkitError(
            "There is no terminal to open in. Nothing was done. Start fieldkit in a terminal, or "
            f"{instead}."
        )
