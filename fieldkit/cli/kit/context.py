"""What every command needs: the vault, the inspection that is meant, and the way out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

from fieldkit.cli.kit.json_text import plain, to_json
from fieldkit.cli.kit.progress import ProgressLine
from fieldkit.cli.kit.terminal import PassphraseNotGivenError, Terminal
from fieldkit.cli.kit.unlock import ask_and_unlock
from fieldkit.inspections.inspections import the_open_one
from fieldkit.service import filled
from fieldkit.vault.backups import epoch_change_text
from fieldkit.vault.folders import vault_folder
from storage.feed.writer import Author
from storage.records import Inspection
from storage.records.inspection import inspections
from storage.vault.folder import exists
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault

P = ParamSpec("P")
T = TypeVar("T")


class Context:
    """One run of the command line. A context manager that locks the vault at the end."""

    def __init__(self, args: argparse.Namespace, terminal: Terminal | None = None) -> None:
        self.args = args
        self.terminal = terminal or Terminal()
        self.json: bool = getattr(args, "json", False)
        self.wanted: str | None = args.inspection
        self.marking = ""
        """The marking of what was read; empty before."""
        self._vault: Vault | None = None

    def __enter__(self) -> Context:
        return self

    def __exit__(self, *_: object) -> None:
        if self._vault is not None:
            self._vault.lock()

    def options(self, *names: str) -> dict[str, Any]:
        """Return the options of these names as they were given, or their defaults."""
        return {name: getattr(self.args, name) for name in names}

    # --- the vault and the inspection

    @property
    def folder(self) -> Path:
        """The vault's folder."""
        named: Path | None = self.args.vault
        return named.expanduser().absolute() if named is not None else vault_folder()

    def open_vault(self) -> Vault:
        """Unlock the vault, once; raises as :func:`storage.vault.unlock.open_vault` does."""
        if self._vault is None:
            if not exists(self.folder):
                # That is said before anybody types a passphrase.
                return open_vault(self.folder, "")
            with ProgressLine(self.terminal) as line:
                self._vault = ask_and_unlock(
                    self.terminal,
                    self.passphrase,
                    lambda typed: open_vault(self.folder, typed, line),
                    person=self.args.passphrase_file is None,
                )
            self._say_why(self._vault.author)
            if self._vault.epoch_change is not None:
                self.terminal.say(epoch_change_text(self._vault.epoch_change))
            if self._vault.staged:
                self._finish_what_was_cut_short(self._vault)
        return self._vault

    def _finish_what_was_cut_short(self, vault: Vault) -> None:
        from fieldkit.inspections.unfinished import finish  # late: hardly any command needs it

        with ProgressLine(self.terminal) as line:
            sentences = finish(vault, line)
        for sentence in sentences:
            self.terminal.say(sentence)

    def _say_why(self, author: Author) -> None:
        """Let the reason that was given stand in what the command writes.

        A command whose own reason means something else lends it only where one is needed.
        """
        why, own = getattr(self.args, "why_once_left", ""), getattr(self.args, "reason", None) or ""
        own = own if isinstance(own, str) else "; ".join(own)
        if why.strip():
            author.reason = filled(why, "The reason")
        if own.strip():
            author.reason_once_left = filled(own, "The reason")

    def keep(self, vault: Vault) -> Vault:
        """Take over a vault that was opened otherwise, to be locked at the end."""
        self._vault = vault
        return vault

    def passphrase(self, prompt: str = "Passphrase", confirm: bool = False) -> str:
        """Return the passphrase, from ``--passphrase-file`` or from the terminal.

        Raises :class:`PassphraseNotGivenError` where there is neither, and where the two did not
        agree that ``confirm`` asks for.
        """
        if self.args.passphrase_file is not None:
            return self.terminal.secret_line(self.args.passphrase_file)
        typed = self.terminal.ask_secret(prompt)
        if confirm and self.terminal.ask_secret(f"{prompt}, once more") != typed:
            raise PassphraseNotGivenError(
                "The two were not the same. Nothing was changed. Try again."
            )
        return typed

    def inspection(self, session: Session) -> Inspection:
        """Return the inspection that is meant: the one named, or the only one in fieldwork."""
        inspection = the_open_one(session, self.wanted)
        self.marking = inspection.marking
        return inspection

    def inspection_id(self) -> str:
        """Return the id of the inspection that is meant."""
        return self.open_vault().read_now(self.inspection).id

    def read(
        self, service: Callable[Concatenate[Session, str, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call a service that reads, with a session and the id of the inspection that is meant."""
        return self.open_vault().read_now(
            lambda s: service(s, self.inspection(s).id, *args, **kwargs)
        )

    def write(
        self, service: Callable[Concatenate[Session, str, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call a service that writes, with a session and the id of the one that is meant."""
        return self.open_vault().write_now(
            lambda s: service(s, self.inspection(s).id, *args, **kwargs)
        )

    def say_what_was_kept(self) -> None:
        """Say on stderr which identifiers the texts seem to hold that the command kept, if any.

        It hinders nothing and keeps nothing from anybody.
        """
        if self._vault is None or self._vault.locked or not self._vault.author.kept:
            return
        # What looks through texts is not needed before the first of them is kept.
        from fieldkit.evidence.kept_texts import mark_kept

        marked = self._vault.read_now(mark_kept, self._vault.author.take_kept())
        if marked.reason:
            self.terminal.say(marked.reason)
        if len(marked.records) == 1:
            kind, record_id = marked.records[0]
            command = f"fieldkit identifiers take-out {kind}/{record_id[:8]}"
            self.terminal.say(f"{marked.sentence} “{command}” takes it out.")
        elif marked.records:
            self.terminal.say(
                f"{marked.sentence} It stands in {len(marked.records)} records; “fieldkit "
                "identifiers list --everywhere” names each with the command that takes it out."
            )

    def mark(self, session: Session, inspection_id: str = "") -> None:
        """Print the marking of that inspection from here on; of all kept here without an id.

        For what is asked for without naming an inspection, such as a record by its id.
        """
        known = inspections(session)
        marked = [inspection for inspection in known if inspection.id == inspection_id] or known
        markings = (inspection.marking for inspection in marked)
        self.marking = " / ".join(dict.fromkeys(filter(None, markings)))

    # --- the way out

    def show_code(self, code: str, why: str, data: Mapping[str, object], text: str = "") -> None:
        """Print an answer with a recovery code in it.

        Where a person sits at the terminal, the code is shown by itself and cleared, so that it
        does not stay to be scrolled back to; else it stands in the answer.

        Args:
            code: the recovery code.
            why: what it opens and what to do with it.
            data: the answer without the code.
            text: the same for a person; the code follows on it.
        """
        if self.terminal.show_once(f"{why}\n\n    {code}"):
            if self.json or text:
                self.show(data, text)
            return
        shown = f"{text}\nRecovery code: {code}" if text else code
        self.show({**data, "recovery_code": code}, shown)
        self.terminal.say(why if text else f"The line above is the recovery code. {why}")

    def show(
        self, data: object, text: str | None = None, *, marked: bool = False, none: str = ""
    ) -> None:
        """Print the answer: the data with ``--json``, else the text, if there is one.

        Args:
            data: what :func:`fieldkit.cli.kit.json_text.to_json` takes.
            text: the same for a person.
            marked: the text stands between the inspection's marking, as every output of what an
                inspection holds does; data of several names have it under ``marking``.
            none: what is said instead of the text where the data is empty.
        """
        if self.json:
            data = plain(data)
            if marked and isinstance(data, dict):
                data = {"marking": self.marking} | data
            self.terminal.put_json(to_json(data))
        elif none and not data:
            self.terminal.say(none)
        elif text is not None:
            self.terminal.put(text, self.marking if marked else "")
