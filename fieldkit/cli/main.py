"""The ``fieldkit`` command: where it begins, and how every command ends."""

from __future__ import annotations

import io
import os
import sys

from fieldkit.cli.kit.exit import DONE, EXIT_OF, REFUSED, VERSION, Misused, exit_code
from fieldkit.vault import echo, garbage

TYPE_CHECKING = False  # the one of typing takes as long to import as all this
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from fieldkit.cli.kit.terminal import Terminal

OPTIONS = ("--vault", "--passphrase-file", "--inspection")
"""The options before the command, each with a value."""

INTERRUPTED = (
    "Interrupted. What was committed before is safe; the step under way was finished or not made "
    "at all."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code, as ``fieldkit/cli/kit/exit.py`` lists them.

    Imports wait here until they are needed: importing argparse takes as long as Python takes to
    start, and importing the store much longer.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if not names_command(words):
        echo.turn_off()
    garbage.seldom()
    try:
        _speak_utf8()
        if words in (["--version"], ["-V"]):
            print(VERSION)
            return DONE
        return _main(words)
    except KeyboardInterrupt:  # while something was still being imported
        print(INTERRUPTED, file=sys.stderr)
        return REFUSED
    finally:
        garbage.often()
        echo.turn_on()


def _main(words: list[str]) -> int:
    """Run one command and say why it was refused, if it was; returns its exit code."""
    from fieldkit.cli.kit.hardening import harden_process
    from fieldkit.cli.kit.terminal import Terminal

    harden_process()
    terminal = Terminal()
    try:
        code = _obey(words, terminal)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read stdout has had enough; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except SystemExit as end:
        # Help was printed, or the command was not understood, perhaps only when it ran.
        if isinstance(end, Misused):
            _print_refusal(words, terminal, "misuse", end.reason, end.next)
        return exit_code(end)
    except (Exception, KeyboardInterrupt) as error:
        name, text = _refusal(error)
        terminal.say(text)
        _print_refusal(words, terminal, name, text)
        return EXIT_OF[name]


def _obey(words: list[str], terminal: Terminal) -> int:
    """Read the words of a command and do what they say."""
    from fieldkit.cli.parser import NOUNS, build_parser
    from fieldkit.wording.format import flat

    if (half := next((word for word in words if not _readable(word)), None)) is not None:
        reason = (
            f"“{flat(half)}” holds bytes that are no UTF-8 text, and what they stand for is not "
            "known. Nothing was done."
        )
        advice = "Type it in a terminal that is set to UTF-8, or convert the file it comes from."
        terminal.say(f"{reason} {advice}")
        raise Misused(reason, advice)
    args = build_parser(NOUNS if names_command(words) else {}).parse_args(words)
    return _run(args, terminal)


def _refusal(error: BaseException) -> tuple[str, str]:
    """Return the name of a refusal (``EXIT_OF``), and what a person is told."""
    from storage.errors import FieldkitError

    if isinstance(error, FieldkitError):
        return error.code, str(error)
    if isinstance(error, KeyboardInterrupt):
        return "interrupted", INTERRUPTED
    if isinstance(error, OSError):
        return "system", _system_refused(error)
    # Whatever it is, its values may be evidence and are not printed.
    return "unexpected", _unexpected(error)


def _print_refusal(
    words: Sequence[str], terminal: Terminal, name: str, text: str, next: str = ""
) -> None:
    """Print a refusal as JSON where the command asked for JSON and has not answered yet."""
    options = words[: words.index("--")] if "--" in words else words
    if "--json" not in options or terminal.answered:
        return
    from contextlib import suppress

    from fieldkit.cli.refusals import error_json

    # Where stdout is gone, nobody reads it there.
    with suppress(OSError):
        terminal.put_json(error_json(name, text, next))
        sys.stdout.flush()


def _run(args: argparse.Namespace, terminal: Terminal) -> int:
    if not getattr(args, "beside_strangers", False):
        from fieldkit.vault.doctor.distribution import refuse_strangers

        refuse_strangers()
    if args.run is None:
        from fieldkit.cli.kit.app import open_app

        return open_app(args)
    from fieldkit.cli.kit.context import Context
    from fieldkit.cli.kit.free_text import read_texts
    from storage.errors import FieldkitError

    read_texts(args, terminal)
    with Context(args, terminal) as context:
        try:
            code: int = args.run(args, context) or DONE
        except FieldkitError:
            # A command may have kept words before it was refused the rest.
            context.say_what_was_kept()
            raise
        if context.json and not terminal.answered:
            # A command that has nothing to tell answers all the same.
            context.show({"done": code == DONE})
        context.say_what_was_kept()
        return code


def names_command(argv: Sequence[str]) -> bool:
    """Say whether a command line has anything in it that is not one of the options before it.

    Without, the app opens, and a parser for every noun, which takes some milliseconds, is not
    needed.
    """
    rest = iter(argv)
    for word in rest:
        if word in OPTIONS:
            if next(rest, "--").startswith("-"):
                return True
        elif word.partition("=")[0] not in OPTIONS:
            return True
    return False


def _readable(word: str) -> bool:
    """Say whether an argument is text, or names a file, which may have any bytes in its name.

    Bytes that are no UTF-8 come as halves of characters (PEP 383), which no record may hold.
    """
    try:
        word.encode()
    except UnicodeEncodeError:
        return os.path.lexists(word) or os.path.lexists(word.partition("=")[2])
    return True


def _speak_utf8() -> None:
    """Read and write UTF-8 in files and pipes; let nothing that is printed fail.

    Windows gives files and pipes its own code page, and PowerShell may begin what it sends with a
    byte order mark. A terminal keeps the encoding that it has.
    """
    if isinstance(sys.stdin, io.TextIOWrapper) and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="strict")
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _system_refused(error: OSError) -> str:
    where = f" {error.filename}" if error.filename else ""
    return (
        f"The system did not let fieldkit use{where or ' a file'} ({error.strerror or 'no reason'}"
        "). What was committed before is safe. Check the disk and the folder, and try again."
    )


def _unexpected(error: BaseException) -> str:
    from storage.errors import error_place

    return (
        "fieldkit had an error of its own and has stopped. What was committed before is safe; the "
        f"step under way was not made. For whoever mends it: {error_place(error)}."
    )
