"""A parser that asks which word a person meant who typed one that is not known."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from fieldkit.cli.kit.exit import Misused
from fieldkit.wording.format import flat
from storage.ops.meant import did_you_mean, either

# argparse looks in the file system for translations of its own words, three times for the parser of
# each command, which took two thirds of making them. There are none: fieldkit speaks English. What
# is left out is asked for too, and stays left out.
vars(argparse)["_"] = lambda words: words

SURELY_ALIKE = 0.75
"""How alike a command is that is asked about before one of the same name below another noun."""
FEW = 20
"""Commands of one noun that are listed where none of them is alike to what was typed."""


class AskingParser(argparse.ArgumentParser):
    """Refuses what it does not know in a sentence, and asks which word was meant.

    Attributes:
        above: the command that this one stands below; nothing for the program itself.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.above: AskingParser | None = None
        self._below: argparse._SubParsersAction[Any] | None = None

    def complete(self) -> None:
        """Add what is not there before the command is named; a parser of this class has it all."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command; raises :class:`fieldkit.cli.kit.exit.Misused`."""
        self._refuse(message)

    def _refuse(self, message: str, next: str = "") -> NoReturn:
        """Say what is wrong with the command, and what to type; raises :class:`Misused`."""
        reason = f"{flat(message)}. Nothing was done."
        self.print_usage(sys.stderr)
        self._print_message(f"{self.prog}: {reason} {flat(next)}".rstrip() + "\n", sys.stderr)
        raise Misused(reason, next or f"“{self.prog} --help” says what it takes.")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a word that is none of an action's choices, and ask which one was meant."""
        if action.choices is None or value in action.choices:
            return
        known = [str(one) for one in action.choices]
        if isinstance(action, argparse._SubParsersAction):
            reason, next = f"“{value}” is not a command of {self.prog}", self._meant(value, known)
        else:
            name = "/".join(action.option_strings) or action.metavar or action.dest
            reason = f"“{value}” is not among what {name} takes: {', '.join(filter(None, known))}"
            next = did_you_mean(str(value), known)
        self._refuse(reason, next)

    def _meant(self, word: str, known: Sequence[str]) -> str:
        """Ask which command is meant: one that is called almost so, or so below another noun."""
        before = f"{self.prog} "
        if question := did_you_mean(word, known, before, alike=SURELY_ALIKE):
            return question
        if self.above is None and self._below is not None:
            nouns = self._below.choices.items()
            for _, parser in nouns:
                parser.complete()
            below = [
                f"{noun} {word}" for noun, one in nouns if one._below and word in one._below.choices
            ]
            if below:
                return f"Did you mean {either(before + one for one in below[:2])}?"
        if question := did_you_mean(word, known, before):
            return question
        return (
            f"“{before}--help” lists them."
            if len(known) > FEW
            else f"Its commands: {', '.join(known)}."
        )

    def _check_options_before(self, words: Sequence[str]) -> None:
        """Refuse an option before the command that is not known; its value looks like a command."""
        rest = iter(words)
        for word in rest:
            if not word.startswith("-") or word in ("-", "--"):
                return
            action = self._option_string_actions.get(word.partition("=")[0])
            if (
                action is None
                and not word[1:2].isdigit()
                and word[:2] not in self._option_string_actions
            ):
                self._refuse_unknown([word])
            if action is not None and action.nargs != 0 and "=" not in word:
                next(rest, None)

    def _refuse_unknown(self, words: Sequence[str]) -> NoReturn:
        """Refuse what is left over: an option that is not known, or a word too many."""
        option = next((word for word in words if word.startswith("-") and len(word) > 1), "")
        if not option:
            self._refuse(f"“{words[0]}” is more than it takes")
        name, known = option.partition("=")[0], [*self._option_string_actions]
        above = self.above
        while above is not None:
            if name in above._option_string_actions:
                self._refuse(f"“{name}” stands before the command, right after “{above.prog}”")
            known += above._option_string_actions
            above = above.above
        self._refuse(f"“{name}” is not an option of this command", did_you_mean(name, known))
