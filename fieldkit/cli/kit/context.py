"""What every command needs: the vault, the inspection that is meant, and the ways in and out."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.cli.kit.terminal import (
    LONGEST_PASSPHRASE,
    WIDTH,
    PassphraseNotGivenError,
    _broken,
    _columns,
    clean,
    to_json,
)
from fieldkit.vault.folders import vault_folder

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.records import Inspection
    from storage.vault.vault import Vault


def accept_new(passphrase: str, context: Context, lead: str = "") -> str:
    """A new passphrase that is not too short; of an easy one ``lead`` and the advice warn.

    Raises:
        ShortPassphraseError: it has fewer than 12 characters.
    """
    from storage.crypto.passphrase import refuse_short, weak

    refuse_short(passphrase)
    advice = weak(passphrase)
    if advice is not None:
        context.say(f"{lead}{advice}")
    return passphrase


class Context:
    """One run of the command line. A context manager that locks the vault at the end."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.json: bool = getattr(args, "json", False)
        self.wanted: str | None = args.inspection
        self._vault: Vault | None = None
        self._marking = ""

    @property
    def folder(self) -> Path:
        """The vault's folder."""
        named: Path | None = self.args.vault
        return named.expanduser().absolute() if named is not None else vault_folder()

    # --- the vault and the inspection

    def open_vault(self) -> Vault:
        """The vault, unlocked once; raises as :func:`storage.vault.unlock.open_vault` does."""
        if self._vault is None:
            from fieldkit.cli.kit.unlock import unlocked
            from storage.vault.folder import exists
            from storage.vault.unlock import open_vault

            if not exists(self.folder):
                # That is said before anybody types a passphrase.
                return open_vault(self.folder, "")
            from fieldkit.cli.kit.progress import ProgressLine

            with ProgressLine(self) as line:
                self._vault = unlocked(
                    self,
                    self.passphrase,
                    lambda typed: open_vault(self.folder, typed, line),
                    person=self.args.passphrase_file is None,
                )
            if self._vault.epoch_change is not None:
                from fieldkit.vault.backups import epoch_change_text

                self.say(epoch_change_text(self._vault.epoch_change))
        return self._vault

    def keep(self, vault: Vault) -> Vault:
        """Take over a vault that was opened otherwise, to be locked at the end."""
        self._vault = vault
        return vault

    def inspection(self, session: Session) -> Inspection:
        """The inspection that is meant: the one named, or the only one in fieldwork."""
        from fieldkit.inspections import inspections

        found = inspections.the_open_one(session, self.wanted)
        self._marking = found.marking
        return found

    @property
    def marking(self) -> str:
        """The marking of what was read; empty before."""
        return self._marking

    def mark(self, session: Session, inspection_id: str = "") -> None:
        """Print the marking of that inspection from here on; of all kept here where none is told.

        For what is asked for without naming an inspection, such as a record by its id.
        """
        from storage.records.inspection import inspections

        kept = inspections(session)
        meant = [one for one in kept if one.id == inspection_id] or kept
        self._marking = " / ".join(dict.fromkeys(one.marking for one in meant if one.marking))

    def inspection_id(self) -> str:
        """The id of the inspection that is meant, unlocking the vault where it is not yet."""
        return self.open_vault().read_now(self.inspection).id

    def __enter__(self) -> Context:
        return self

    def __exit__(self, *_: object) -> None:
        if self._vault is not None:
            self._vault.lock()

    # --- the ways in

    @property
    def at_terminal(self) -> bool:
        """Whether a person can be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def passphrase(self, prompt: str = "Passphrase", confirm: bool = False) -> str:
        """The passphrase, from ``--passphrase-file`` or from the terminal.

        Raises :class:`PassphraseNotGivenError` where there is neither, and where the two did not
        agree that ``confirm`` asks for.
        """
        if self.args.passphrase_file is not None:
            return self.secret_line(self.args.passphrase_file)
        typed = self.ask_secret(prompt)
        if confirm and self.ask_secret(f"{prompt}, once more") != typed:
            raise PassphraseNotGivenError(
                "The two were not the same. Nothing was changed. Try again."
            )
        return typed

    def secret_line(self, source: str) -> str:
        """The first line of a file, or the next line of stdin where the file is called ``-``.

        Raises :class:`PassphraseNotGivenError` where it cannot be read, is empty or too long.
        """
        most = LONGEST_PASSPHRASE + len("\r\n")
        try:
            if source == "-":
                line = sys.stdin.readline(most)
            else:
                with Path(source).expanduser().open(encoding="utf-8-sig") as file:
                    line = file.readline(most)
        except OSError as error:
            raise PassphraseNotGivenError(
                f"The passphrase file {source} could not be read ({error.strerror}). Nothing was "
                "done. Check its name."
            ) from None
        except UnicodeDecodeError:
            raise PassphraseNotGivenError(
                f"The passphrase file {source} is not UTF-8 text. Nothing was done. Save it as "
                "UTF-8."
            ) from None
        found = line.rstrip("\r\n")
        where = "stdin" if source == "-" else source
        if len(found) > LONGEST_PASSPHRASE:
            raise PassphraseNotGivenError(
                f"The first line of {where} is longer than {LONGEST_PASSPHRASE:,} characters, so "
                "it is no passphrase. Nothing was done. Check that it is the right file."
            )
        if not found:
            raise PassphraseNotGivenError(
                f"The first line of {where} is empty where a passphrase should stand. Nothing was "
                "done."
            )
        return found

    def ask_secret(self, prompt: str) -> str:
        """Ask without showing what is typed; raises :class:`PassphraseNotGivenError`."""
        if not self.at_terminal:
            raise PassphraseNotGivenError(
                f"This needs an answer ({prompt.lower()}) and there is no terminal to ask on. "
                "Nothing was done. Give it in a file, or use a terminal; --help names the option."
            )
        import getpass
        import warnings

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
        """Ask for a yes; without a terminal the answer is no."""
        return self.ask(f"{question} [y/N]").strip().casefold() in ("y", "yes")

    # --- the ways out

    def put(self, data: object, *, marking: bool = False) -> None:
        """Print data on stdout: as JSON with ``--json``, else the text that was given.

        With ``marking`` the text stands between the inspection's marking, as every output of what
        an inspection holds does, and JSON of a table has it under ``marking``.
        """
        if self.json:
            if marking and isinstance(data, dict):
                data = {"marking": self._marking} | data
            print(to_json(data))
            return
        text = clean(data if isinstance(data, str) else to_json(data)).rstrip("\n")
        if marking and self._marking:
            line = clean(self._marking).center(self.width).rstrip()
            text = f"{line}\n{text}\n{line}"
        print(text)

    def put_marked(self, text: str, marking: str) -> None:
        """Print text between the marking of one inspection among several."""
        self._marking = marking
        self.put(text, marking=True)

    def answer(self, data: object, text: str, *, marking: bool = False) -> None:
        """Print the data with ``--json``, else the text."""
        self.put(data if self.json else text, marking=marking)

    def say(self, text: str) -> None:
        """Say something to the person, on stderr."""
        told = clean(text)
        if sys.stderr.isatty():
            columns = _columns(sys.stderr)
            lines = [line for each in told.splitlines() for line in _broken(each, columns)]
            told = "\n".join(lines)
        # Where the terminal is gone, there is nobody to say it to.
        with suppress(OSError):
            print(told, file=sys.stderr, flush=True)

    @property
    def width(self) -> int:
        """Columns to keep within."""
        return _columns(sys.stdout) if sys.stdout.isatty() else WIDTH
