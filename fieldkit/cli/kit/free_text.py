"""Texts that a person writes come as words of the command, from stdin, or from a file.

What stands among the words of a command stays in the shell's history and in the list of processes
(``docs/threats.md``), so a child's story can be read from elsewhere: ``-`` stands for stdin, and
``--file`` names a file. Every option and argument that takes such a text is made by
:meth:`fieldkit.cli.kit.command_parser.CommandParser.text` and read here, before the vault is
opened.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from fieldkit.cli.kit.terminal import Terminal
from storage.errors import FieldkitError
from storage.files import open_named
from storage.ops.text import MAX_TEXT_BYTES, UNSEEN, size, with_line_feeds

STDIN = "-"
"""Stands for stdin in place of a text, or of the name of its file."""
_MOST = 2 * MAX_TEXT_BYTES
"""Bytes that are read of a text: line ends of two signs become one before it is measured."""
_END = "ctrl+z, then enter" if os.name == "nt" else "ctrl+d"


class TextRefusedError(FieldkitError):
    """Says that a text could not be read from stdin or a file; nothing was done."""


class FromFile(str):
    """Stands among the words of a command for a text that is read from a file."""

    path: str

    @classmethod
    def named(cls, path: str) -> FromFile:
        """Return what stands for the text in the file of that name."""
        text = cls("FILE")
        text.path = path
        return text


def read_texts(args: argparse.Namespace, terminal: Terminal) -> None:
    """Read the texts of a command that come from stdin or from files, in place.

    Raises :class:`TextRefusedError` where one cannot be read, is empty, too long or no text, or
    where stdin is to give more than one thing.
    """
    given = {name: getattr(args, name, None) for name in getattr(args, "texts", ())}
    each = [(name, one) for name, value in given.items() for one in _listed(value)]
    from_stdin = [name for name, one in each if _is_stdin(one)]
    if from_stdin and (secret := _secret_from_stdin(args)):
        raise TextRefusedError(
            f"Both --{secret} and the text of the command are to come from stdin, and only one of "
            "them can. Nothing was done. Put one of them into a file."
        )
    if len(from_stdin) > 1:
        raise TextRefusedError(
            f"Only one text can come from stdin, and {len(from_stdin)} are to. Nothing was done. "
            "Put the others into files: --file NAME=FILE."
        )
    for name, value in given.items():
        if isinstance(value, list):
            setattr(args, name, [_read(one, args, terminal) for one in value])
        elif isinstance(value, str):
            setattr(args, name, _read(value, args, terminal))


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [one for one in value if isinstance(one, str)]
    return [value] if isinstance(value, str) else []


def _is_stdin(value: str) -> bool:
    if not isinstance(value, FromFile):
        return value == STDIN
    if value.path == STDIN:
        return True
    try:
        # /dev/stdin, or the file that stdin was turned to, with a passphrase in its first line.
        return os.path.samestat(Path(value.path).stat(), os.fstat(sys.stdin.fileno()))
    except (OSError, ValueError, AttributeError):
        return False


def _secrets(args: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Yield the options that name the file of a passphrase or a code, as typed, and that file."""
    for name, value in vars(args).items():
        if name.endswith("_file") and isinstance(value, str):
            yield name.replace("_", "-"), value


def _secret_from_stdin(args: argparse.Namespace) -> str:
    return next((name for name, value in _secrets(args) if value == STDIN), "")


def _read(value: str, args: argparse.Namespace, terminal: Terminal) -> str:
    if isinstance(value, FromFile) and value.path != STDIN:
        path = Path(value.path).expanduser()
        for name, secret in _secrets(args):
            if secret != STDIN and _same(path, Path(secret).expanduser()):
                raise TextRefusedError(
                    f"{path} is the file that --{name} names, so what stands in it is no text to "
                    "keep. Nothing was done. Check the name of the text's file."
                )
        return _text(_bytes_of(path), str(path))
    if isinstance(value, FromFile) or value == STDIN:
        return _text(_bytes_of_stdin(terminal), "stdin")
    return value


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _bytes_of(path: Path) -> bytes:
    try:
        with open_named(path) as file:
            return file.read(_MOST + 1)
    except OSError as error:
        raise TextRefusedError(
            f"The text could not be read from {path} ({error.strerror or error}). Nothing was "
            "done. Check its name; what another program writes is read from stdin, where "
            f"“{STDIN}” stands for the text."
        ) from None


def _bytes_of_stdin(terminal: Terminal) -> bytes:
    try:
        if sys.stdin.isatty():
            terminal.say(f"Type the text, and end it with {_END} on a line of its own.")
            return sys.stdin.read().encode()
        buffer = getattr(sys.stdin, "buffer", None)
        if buffer is None:
            return sys.stdin.read().encode()
        return cast(BinaryIO, buffer).read(_MOST + 1)
    except UnicodeError:
        # No UTF-8, which is said where the text is read.
        return b"\xff"
    except (OSError, ValueError, AttributeError) as error:
        # Where stdin was closed, Python has none.
        reason = getattr(error, "strerror", None) or "it is closed"
        raise TextRefusedError(
            f"The text could not be read from stdin ({reason}). Nothing was done. Put it into a "
            "file: --file FILE."
        ) from None


def _text(data: bytes, where: str) -> str:
    """Return a text as it is kept; raises :class:`TextRefusedError` where it is none."""
    try:
        text = with_line_feeds(data[:_MOST].decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        # Cut in the middle of a sign, a long text may still be one.
        if len(data) <= _MOST or error.start < _MOST - 4:
            raise TextRefusedError(
                f"What came from {where} is not UTF-8 text. Nothing was done. Save it as UTF-8."
            ) from None
        text = ""
    if "\0" in text:
        raise TextRefusedError(
            f"What came from {where} is no plain text: it holds the sign of number 0, as files of "
            "programs and UTF-16 do. Nothing was done. Save it as plain text in UTF-8."
        )
    if len(data) > _MOST or len(text.encode()) > MAX_TEXT_BYTES:
        raise TextRefusedError(
            f"What came from {where} is longer than the {size(MAX_TEXT_BYTES)} that one text may "
            "have. Nothing was done. Check that it is the right file, or keep it in parts."
        )
    if not UNSEEN.sub("", text).strip():
        raise TextRefusedError(
            f"There is no text in what came from {where}. Nothing was done. Write something, or "
            "check that it is the right file."
        )
    return text.strip("\n")
