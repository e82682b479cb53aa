"""Erases an inspection from this laptop, or destroys a vault, and says so in a person's words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from fieldkit.history.open_copies import readable_copies
from fieldkit.service import RefusedError
from fieldkit.wording.dates import short_moment
from fieldkit.wording.labels import kinds
from storage.crypto.keyslots.atomic_write import copy_path, destroy
from storage.crypto.keyslots.keyfile import KeyFile
from storage.database.cipher import refuse_if_open
from storage.durable import delete
from storage.errors import FieldkitError
from storage.exchange import erase as erasing
from storage.exchange.erase import Erasable
from storage.ops.text import many
from storage.records.log import disclosures
from storage.vault import leftovers
from storage.vault.folder import DATABASE, KEYS, MAKING, exists
from storage.vault.unlock import NoVaultError

ERASE, DESTROY = "erase", "destroy"
"""The words a person types, so that neither is done by a slip of the finger."""


@dataclass(frozen=True, slots=True)
class ErasureWords:
    """Says what an erasure takes away, or why it is refused.

    Attributes:
        force: whose inspection it is.
        counts: how many records of each kind.
        ops: how many entries lose their words.
        due: from when on, in local time; empty where central has not confirmed all.
        refused: why it is not done; empty where it may be.
        not_reached: copies that stay, each in words.
    """

    force: str
    counts: dict[str, int]
    ops: int
    due: str
    refused: str
    not_reached: tuple[str, ...]


def erasure_preview(
    s: Session, inspection: str, backups: list[tuple[str, str]], *, with_keys: bool = False
) -> ErasureWords:
    """Return what erasing would do; raises ``NotErasableError`` for no inspection."""
    plan = erasing.erasable(s, inspection, with_keys=with_keys)
    refused = ""
    try:
        erasing.refuse(plan, with_keys=with_keys)
    except erasing.NotErasableError as refusal:
        refused = str(refusal)
    return _erasure_words(s, plan, backups, refused)


def erase(
    s: Session,
    inspection: str,
    word: str,
    backups: list[tuple[str, str]],
    *,
    with_keys: bool = False,
) -> ErasureWords:
    """Erase an inspection; raises ``NotErasableError``, and ``RefusedError`` for another word."""
    _check(word, ERASE)
    return _erasure_words(s, erasing.erase(s, inspection, with_keys=with_keys), backups, "")


def _check(word: str, wanted: str) -> None:
    if word.strip().casefold() != wanted:
        raise RefusedError(
            f"The word “{wanted}” was not typed. Nothing was erased or changed; type it if you "
            "mean it."
        )


def _erasure_words(
    s: Session, plan: Erasable, backups: list[tuple[str, str]], refused: str
) -> ErasureWords:
    feeds = set(map(str, plan.covers))
    bundles = [
        f"bundle {sent.what.removeprefix('bundle ')}, {short_moment(sent.at)}, for {sent.recipient}"
        for sent in disclosures(s)
        if feeds & sent.covers.keys()
    ]
    copies = [f"backup {name}, {short_moment(at)}" for name, at in backups]
    copies += [
        f"{copy.text}: {copy.whereabouts or 'nobody said where it went'}"
        for copy in readable_copies(s, plan.inspection)
    ]
    return ErasureWords(
        force=plan.force,
        counts=plan.counts,
        ops=plan.ops,
        due=short_moment(plan.due) if plan.due else "",
        refused=refused,
        not_reached=(*copies, *bundles, "central and colleagues' laptops, which keep theirs"),
    )


def erasure_text(erasure: ErasureWords, *, done: bool) -> str:
    """Return the lines for a person: what is or would be erased, and what that does not reach."""
    verb = "Erased from this laptop" if done else "Erasing would take from this laptop"
    lines = [
        f"{verb}: {erasure.force}: {kinds(erasure.counts) or 'nothing'} "
        f"({many(erasure.ops, 'entry', 'entries')})."
    ]
    if done:
        lines.append("Its line in the list of inspections and the audit trail stay, without words.")
    lines += ["", "It does not reach:", *(f"  {one}" for one in erasure.not_reached)]
    lines.append("  what a solid-state disk keeps of old blocks")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Destroyed:
    """Says what was destroyed, and what may still be opened by its own key file."""

    folder: Path
    removed: tuple[str, ...]
    not_reached: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the lines for a person."""
        lines = [
            f"The vault in {self.folder} is destroyed: its key file was overwritten, and nothing "
            "opens what was encrypted under it any more.",
            "",
            "It does not reach:",
            *(f"  {one}" for one in self.not_reached),
        ]
        return "\n".join(lines)


def destroy_vault(folder: Path, word: str, backups: list[tuple[str, str]]) -> Destroyed:
    """Overwrite and remove a locked vault's key file and its copy, then its database.

    Args:
        folder: the vault's; no program may have it open.
        word: what the person typed, :data:`DESTROY`.
        backups: the path and time of each backup that is known, with a key file of its own.

    Raises:
        RefusedError: another word was typed.
        NoVaultError: there is no vault in the folder.
        AlreadyOpenError: a program has the vault open.
        KeyFileNotWritten: a key file could not be removed; the vault still opens.
    """
    _check(word, DESTROY)
    if not exists(folder):
        raise NoVaultError(f"There is no vault in {folder}. Nothing was destroyed.")
    refuse_if_open(folder / DATABASE)
    names = (KEYS, copy_path(folder / KEYS).name)
    removed = [one for one in names if (folder / one).exists()]
    destroy(folder / KEYS)
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-journal", f"{DATABASE}-shm", MAKING):
        if (folder / name).exists():
            delete(folder / name)
            removed.append(name)
    swept, not_removed = leftovers.sweep(folder)
    removed += [one.name for one in swept]
    return Destroyed(
        folder,
        tuple(removed),
        (
            *(f"{one}, left by a check: it could not be removed" for one in not_removed),
            *(f"backup {name}, {short_moment(at)}" for name, at in backups),
            "backups on other disks, if any were made: every one opens with the passphrase of its "
            "time",
            "bundles exported before, which central's keys open",
            "copies of the folder that other programs made, and synchronised folders",
            "what a solid-state disk keeps of old blocks: of the key file too",
        ),
    )  # fmt: skip


def vault_id(folder: Path) -> str:
    """Return whose key file lies in a folder; empty where it cannot be read."""
    try:
        return KeyFile.load(folder / KEYS).vault_id
    except FieldkitError:
        return ""
