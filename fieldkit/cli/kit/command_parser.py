"""A parser whose commands are completed by their own module, and only when they are named."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from fieldkit.cli.kit.exit import MISUSED
from fieldkit.wording.format import flat

if TYPE_CHECKING:
    # It brings the store, which nobody needs who asks for help.
    from fieldkit.cli.kit.context import Context

Handler = Callable[[argparse.Namespace, "Context"], int | None]
"""Does what a command says; returns the exit code, or nothing where it is done."""


class CommandParser(argparse.ArgumentParser):
    """Parses one command, or one noun and the commands below it.

    It takes no abbreviations, so that a new option never changes an old script.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["allow_abbrev"] = False
        super().__init__(*args, **kwargs)
        self._module = self._noun = ""
        self._below: argparse._SubParsersAction[CommandParser] | None = None

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command and end with 2."""
        self.print_usage(sys.stderr)
        self.exit(MISUSED, f"{self.prog}: {flat(message)}. Nothing was done.\n")

    def handle(self, run: Handler, description: str | None = None) -> None:
        """Let the command do something by itself."""
        self.description = description
        self.set_defaults(run=run, refuse=self.error)

    def command(
        self, name: str, run: Handler, help: str, description: str | None = None
    ) -> CommandParser:
        """Add a command below this one and return its parser."""
        parser = self._commands().add_parser(name, help=help)
        parser.handle(run, description)
        return parser

    def noun(self, name: str, help: str) -> CommandParser:
        """Add a command that only has further commands below it."""
        return self._commands().add_parser(name, help=help)

    def flag(self, name: str, help: str) -> None:
        """Add an option without a value."""
        self.add_argument(name, action="store_true", help=help)

    def later(self, name: str, module: str, help: str) -> None:
        """Add a command that is completed when it is named: by ``define_NAME`` in that module."""
        parser = self.noun(name, help)
        parser._module, parser._noun = module, name.replace("-", "_")

    def complete(self) -> None:
        """Let the module add what it knows of the command, and add ``--json`` at the end."""
        if self._module:
            module, self._module = importlib.import_module(self._module), ""
            getattr(module, f"define_{self._noun}")(self)
            self._add_json()

    def parse_known_args(self, *args: Any, **kwargs: Any) -> Any:
        """Parse, once the command is complete."""
        self.complete()
        return super().parse_known_args(*args, **kwargs)

    def _commands(self) -> argparse._SubParsersAction[CommandParser]:
        if self._below is None:
            self._below = self.add_subparsers(
                title="commands", metavar="COMMAND", required="run" not in self._defaults
            )
        return self._below

    def _add_json(self) -> None:
        if "run" in self._defaults:
            self.add_argument(
                "--json", action="store_true", default=argparse.SUPPRESS, help="print data as JSON"
            )
        for parser in self._below.choices.values() if self._below else ():
            if not parser._module:
                parser._add_json()
