"""The terminal: what is asked of a person, what is said to them, and what must not reach it."""

from __future__ import annotations

import getpass
import os
import sys
import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from fieldkit.wording.format import clean
from storage.errors import FieldkitError
from storage.files import open_named, readable_by

MAX_PASSPHRASE_CHARACTERS = 4096
"""Of the first line of a passphrase file; a longer one is refused, never cut."""
DEFAULT_COLUMNS = 80
"""Columns of what is printed where there is no terminal to ask."""
MIN_COLUMNS = 40
"""Columns that are used even where the terminal has fewer."""


class PassphraseNotGivenError(FieldkitError):
    """Says that a passphrase is needed and nobody could be asked."""


class Terminal:
    """Asks the person at the terminal, and prints: data on stdout, talk on stderr."""

    def __init__(self) -> None:
        self._said: set[str] = set()
        self.answered = False
        """Whether JSON was printed on stdout, which holds one value and no second."""

    @property
    def at_terminal(self) -> bool:
        """Say whether a person can be asked."""
        # Where a stream was closed, Python has none.
        return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())

    def secret_line(self, source: str) -> str:
        """Return the first line of a file, or the next line of stdin where it is called ``-``.

        Raises :class:`PassphraseNotGivenError` where it cannot be read, is empty or too long.
        """
        most = MAX_PASSPHRASE_CHARACTERS + len("\r\n")
        try:
            if source == "-":
                line = sys.stdin.readline(most)
            else:
                line = self._first_line(Path(source).expanduser(), most)
        except OSError as error:
            trouble = f"The passphrase file {source} could not be read ({error.strerror}). "
            trouble += "Nothing was done. Check its name; what another program writes is read from "
            trouble += "stdin, where “-” stands for the file."
        except UnicodeDecodeError:
            trouble = f"The passphrase file {source} is not UTF-8 text. Nothing was done. Save it "
            trouble += "as UTF-8."
        else:
            secret = line.rstrip("\r\n")
            if 0 < len(secret) <= MAX_PASSPHRASE_CHARACTERS:
                return secret
            trouble = f"The first line of {'stdin' if source == '-' else source} is "
            if secret:
                trouble += f"longer than {MAX_PASSPHRASE_CHARACTERS:,} characters, so it is no "
                trouble += "passphrase. Nothing was done. Check that it is the right file."
            else:
                trouble += "empty where a passphrase should stand. Nothing was done."
        raise PassphraseNotGivenError(trouble)

    def _first_line(self, path: Path, most: int) -> str:
        """Read the first line of a file; say where others than its owner may read it."""
        with TextIOWrapper(open_named(path), encoding="utf-8-sig") as file:
            if others := readable_by(os.fstat(file.fileno())):
                self._say_once(
                    f"{path} can be read by {others}, and what stands in it opens what is "
                    f"encrypted here. Make it yours alone: chmod 600 {path}"
                )
            return file.readline(most)

    def ask_secret(self, prompt: str) -> str:
        """Ask without showing what is typed; raises :class:`PassphraseNotGivenError`."""
        if not self.at_terminal:
            raise PassphraseNotGivenError(
                f"This needs an answer ({prompt.lower()}) and there is no terminal to ask on. "
                "Nothing was done. Give it in a file, or use a terminal; --help names the option."
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", getpass.GetPassWarning)
                return getpass.getpass(f"{prompt}: ")
        except EOFError:
            raise PassphraseNotGivenError("Nothing was typed, and nothing was done.") from None
        except getpass.GetPassWarning:
            raise PassphraseNotGivenError(
                "This terminal would show what is typed, so nothing was asked and nothing was "
                "done. Use --passphrase-file, or another terminal."
            ) from None

    def ask(self, prompt: str) -> str:
        """Ask on the terminal; empty where there is none."""
        if not self.at_terminal:
            return ""
        print(f"{prompt}: ", end="", file=sys.stderr, flush=True)
        typed = sys.stdin.readline()
        if not typed:
            raise PassphraseNotGivenError("The input ended before it was answered.")
        return typed.rstrip("\r\n")

    def confirm(self, question: str) -> bool:
        """Return whether the person says yes; without a terminal the answer is no."""
        return self.ask(f"{question} [y/N]").strip().casefold() in ("y", "yes")

    def say(self, text: str) -> None:
        """Say something to the person, on stderr."""
        said = clean(text)
        if sys.stderr.isatty():
            columns = _columns(sys.stderr)
            said = "\n".join(part for line in said.splitlines() for part in _wrap(line, columns))
        # Where the terminal is gone, there is nobody to say it to.
        with suppress(OSError):
            print(said, file=sys.stderr, flush=True)

    def _say_once(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self.say(text)

    @contextmanager
    def apart(self) -> Iterator[bool]:
        """Use a screen of its own for what follows, and clear it at the end.

        So a secret stays neither on the screen nor in what the terminal lets people scroll back to.
        Gives whether there is one: only where a person sits, and the terminal can clear.
        """
        if not (self.at_terminal and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
            yield False
            return
        try:
            # The alternate screen: xterm's control sequences, “DEC private mode”, 1049.
            print("\x1b[?1049h\x1b[2J\x1b[H", end="", flush=True)
            yield True
        finally:
            # A terminal without that screen has at least shown nothing else since.
            print("\x1b[2J\x1b[H\x1b[?1049l", end="", flush=True)

    def show_once(self, text: str) -> bool:
        """Show a secret as :meth:`apart` does until the person presses Enter; says whether."""
        shown = "\n".join(part for line in text.splitlines() for part in _wrap(line, self.width))
        with self.apart() as is_apart:
            if is_apart:
                print(clean(shown), flush=True)
                print("\nPress Enter once it is on paper; it is not shown again.", flush=True)
                sys.stdin.readline()
        return is_apart

    def put(self, text: str, marking: str = "") -> None:
        """Print text on stdout, with the marking of an inspection above and below it."""
        shown = clean(text).rstrip("\n")
        if marking:
            line = clean(marking).center(self.width).rstrip()
            shown = f"{line}\n{shown}\n{line}"
        print(shown)

    def put_file(self, text: str) -> None:
        """Print what is a file by itself on stdout, in UTF-8, with its own ends of lines."""
        sys.stdout.flush()
        binary = getattr(sys.stdout, "buffer", None)
        if binary is None:
            sys.stdout.write(text)
            return
        binary.write(text.encode("utf-8", "replace"))
        binary.flush()

    def put_json(self, text: str) -> None:
        """Print a JSON value on stdout."""
        self.answered = True
        print(text)

    @property
    def width(self) -> int:
        """Columns to keep within."""
        return _columns(sys.stdout) if sys.stdout.isatty() else DEFAULT_COLUMNS


def _columns(stream: TextIO) -> int:
    try:
        return max(os.get_terminal_size(stream.fileno()).columns, MIN_COLUMNS)
    except OSError:
        return DEFAULT_COLUMNS


def _wrap(line: str, columns: int) -> list[str]:
    """Return a line broken between words; what was set in columns goes on below its last column."""
    set_in = line.rfind("   ") + 3 if "   " in line.strip() else len(line) - len(line.lstrip())
    indent = " " * set_in
    return textwrap.wrap(line, columns, subsequent_indent=indent, drop_whitespace=True) or [""]
