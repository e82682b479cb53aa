"""Opens the app where no command was given."""

from __future__ import annotations

import argparse
import sys

from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.exit import DONE
from storage.errors import FieldkitError


def open_app(args: argparse.Namespace, context: Context) -> int:
    """Open the app on the vault; the first run makes one."""
    # Textual draws on stderr under Linux and macOS: in a file, that would be the whole day.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise FieldkitError(
            "There is no terminal to open in. Nothing was done. Start fieldkit in a terminal, or "
            "name a command; «fieldkit --help» lists them."
        )
    from screens.app import FieldkitApp

    FieldkitApp(context.folder, inspection=context.wanted or "").run()
    return DONE
