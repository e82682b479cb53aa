"""A parser whose commands are completed by their own module, and only when they are named."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from fieldkit.cli.kit.free_text import FromFile
from fieldkit.cli.kit.meant import AskingParser

if TYPE_CHECKING:
    # It brings the store, which nobody needs who asks for help.
    from fieldkit.cli.kit.context import Context

Handler = Callable[[argparse.Namespace, "Context"], int | None]
"""Does what a command says; returns the exit code, or nothing where it is done."""


EXPLAINED = frozenset(
    ("cases", "judge", "assess", "fieldwork", "note", "point", "debrief", "refer", "referrals")
) | {"answer", "self_assessment", "conflicts", "deleted", "identifiers"}
"""The nouns whose commands change what an inspection found, with the reason once it was left."""
READING = frozenset(
    ("list", "show", "read", "file", "changes", "evidence", "since", "sheet", "day", "query")
)
"""Commands of these nouns that change nothing."""


class CommandParser(AskingParser):
    """Parses one command, or one noun and the commands below it.

    It takes no abbreviations, so that a new option never changes an old script.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["allow_abbrev"] = False
        super().__init__(*args, **kwargs)
        self._module = self._noun = ""
        self._texts: dict[str, argparse.Action] = {}
        self._files: argparse.Action | None = None
        self._main = ""

    def handle(self, run: Handler, description: str | None = None) -> None:
        """Let the command do something by itself."""
        self.description = description
        self.set_defaults(run=run, refuse=self.error)

    def command(
        self, name: str, run: Handler, help: str, description: str | None = None
    ) -> CommandParser:
        """Add a command below this one and return its parser."""
        parser = self.noun(name, help)
        parser.handle(run, description)
        return parser

    def noun(self, name: str, help: str) -> CommandParser:
        """Add a command that only has further commands below it."""
        parser = self._commands().add_parser(name, help=help)
        parser.above = self
        return parser

    def flag(self, name: str, help: str) -> None:
        """Add an option without a value."""
        self.add_argument(name, action="store_true", help=help)

    def text(
        self,
        name: str,
        help: str,
        *,
        main: bool = False,
        within: argparse._ActionsContainer | None = None,
        **kwargs: Any,
    ) -> None:
        """Add a text that a person writes, which may also come from stdin or from a file.

        Args:
            name: of an option with its dashes, or of an argument.
            help: what it is.
            main: of several options, the one that a file without a name is read for.
            within: a group of options that it belongs to.
            **kwargs: as ``add_argument`` takes them.
        """
        kwargs.setdefault("metavar", "TEXT")
        action = (within or self).add_argument(name, help=help, **kwargs)
        self._texts[name.lstrip("-")] = action
        if main or not action.option_strings:
            self._main = name.lstrip("-")
        if self._files is None:
            self._files = self.add_argument(
                "--file", dest="text_files", metavar="[NAME=]FILE", default=argparse.SUPPRESS
            )
        self._files.help = self._files_help()

    def _files_help(self) -> str:
        main, others = self._main_text(), [*self._texts]
        words = "read a text from this file, so that it stays out of the shell's history; "
        if main:
            others.remove(main)
            words = words.replace("a text", self._called(main))
        if others:
            which = "another" if main else "the texts"
            words += f"NAME=FILE for {which}: {', '.join(others)}; "
        return f"{words}“-” in place of a text reads it from stdin"

    def _main_text(self) -> str:
        """Return the name of the text that a file without a name is; empty where none is meant."""
        others = [name for name in self._texts if name != "reason"] or [*self._texts]
        return self._main or (others[0] if len(others) == 1 else "")

    def _called(self, name: str) -> str:
        action = self._texts[name]
        return action.option_strings[0] if action.option_strings else str(action.metavar)

    def _with_files(self, words: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return the words of a command with each ``--file`` turned into what stands for its text.

        The text of an argument comes apart: it is the last.
        """
        kept: list[str] = []
        last: list[str] = []
        rest = iter(words)
        for word in rest:
            if word == "--":
                kept += [word, *rest]
            elif word == "--file" and (value := next(rest, None)) is not None:
                self._put_file(value, words, kept, last)
            elif word.startswith("--file="):
                self._put_file(word.removeprefix("--file="), words, kept, last)
            else:
                kept.append(word)
        return kept, last

    def _put_file(self, value: str, words: Sequence[str], kept: list[str], last: list[str]) -> None:
        name, sign, path = value.partition("=")
        if not sign or name not in self._texts:
            name, path = self._main_text(), value
        if not name:
            self.error(
                f"“--file {value}” does not say which text is in the file; write --file NAME=FILE "
                f"with one of {', '.join(self._texts)}"
            )
        options = self._texts[name].option_strings
        repeated = isinstance(self._texts[name], argparse._AppendAction)
        typed = {word.partition("=")[0] for word in (*words, *kept)} & set(options)
        if (last and not options) or (typed and not repeated):
            self.error(f"{self._called(name)} is given twice")
        (kept if options else last).extend((*options[:1], FromFile.named(path)))

    def _options_first(self, words: Sequence[str]) -> list[str]:
        """Return the words of a command with its arguments last, in their order.

        argparse gives an argument that may be left out what stands before the next option, and
        so refuses it behind one.
        """
        options: list[str] = []
        arguments: list[str] = []
        at = 0
        while at < len(words):
            word, at = words[at], at + 1
            if word == "--":
                return [*options, word, *arguments, *words[at:]]
            if isinstance(word, FromFile) or self._is_argument(word):
                arguments.append(word)
                continue
            options.append(word)
            action = self._option_string_actions.get(word)
            if action is None or action.nargs == 0:
                continue
            if action.nargs == "?" and not (at < len(words) and self._is_argument(words[at])):
                continue
            if at == len(words):
                # The value is missing: argparse says so, and takes no argument for it.
                return list(words)
            options.append(words[at])
            at += 1
        return [*options, *arguments]

    def _is_argument(self, word: str) -> bool:
        """Say whether argparse takes a word for an argument or a value, not for an option."""
        if not word.startswith("-") or word == "-":
            return True
        known = self._option_string_actions
        if word in known or word.partition("=")[0] in known:
            return False
        return " " in word or self._negative_number_matcher.match(word) is not None

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
            if self._noun in EXPLAINED:
                self._add_reason()

    def parse_known_args(self, *args: Any, **kwargs: Any) -> Any:
        """Parse, once the command is complete."""
        self.complete()
        if self.above is None:
            self._check_options_before(args[0])
        space, unknown = self._parse_texts(*args, **kwargs)
        # What is left over is refused where it stands, so that its own options can be asked about.
        if unknown:
            self._refuse_unknown(unknown)
        return space, unknown

    def _parse_texts(self, *args: Any, **kwargs: Any) -> Any:
        """Parse, with what stands for the text of each file in place of the file."""
        words, *more = args
        if self._below is None and words is not None:
            kept, last = self._with_files(words) if self._texts else (list(words), [])
            words = self._options_first([*kept, *last])
        space, unknown = super().parse_known_args(words, *more, **kwargs)
        if not self._texts:
            return space, unknown
        main = self._main_text()
        value = getattr(space, self._texts[main].dest, None) if main else None
        one_argument = bool(main) and not self._texts[main].option_strings
        more_words = value[1:] if isinstance(value, list) and one_argument else []
        if any(isinstance(word, FromFile) for word in (*unknown, *more_words)):
            self.error(f"{self._called(main)} is given twice")
        space.texts = (*getattr(space, "texts", ()), *(one.dest for one in self._texts.values()))
        return space, unknown

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

    def _add_reason(self) -> None:
        """Let every command that may change something say why, where it has no other reason."""
        if self._below is None and "--reason" not in self._option_string_actions:
            # Not “why”, which is what “point support” calls how a contradiction was weighed.
            words = "why; needed once the site was left"
            self.text("--reason", words, dest="why_once_left", default="", metavar="WHY")
        for name, parser in self._below.choices.items() if self._below else ():
            if name not in READING:
                parser._add_reason()
