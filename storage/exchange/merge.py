"""What comes back to a laptop: the bundles of colleagues and of central.

A bundle of up to one slice is taken in by one transaction. A larger one is taken in slice by slice
from a stage (:mod:`storage.vault.stage`), so that keys do not wait for it: every refusal is known
before the first op counts, and the file may go then.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sqlmodel import Session

from storage.bundle.applied import Applied
from storage.bundle.apply import apply
from storage.bundle.errors import OwnFeedAheadError
from storage.bundle.foresee import SLICE_OPS
from storage.bundle.manifest import ROSTER
from storage.bundle.stream import Document
from storage.bundle.verify import Checked, opened, verify
from storage.conflicts.find import conflicted_fields
from storage.errors import FieldkitError
from storage.exchange.enrol import (
    judge_roster,
    signed_roster,
    trust_of,
    use_roster,
)
from storage.exchange.staged_merge import (
    Newer,
    conclude_merge,
    is_small,
    merge_staged,
    take_documents,
)
from storage.feed.writer import Author
from storage.history.delivery import known_feeds
from storage.progress import Progress, silent
from storage.trust.roster import Roster, RosterError
from storage.trust.roster_document import read_kept_roster
from storage.vault.epochs import SET_BACK
from storage.vault.stage import undisturbed
from storage.vault.vault import Vault


class _DryRun(Exception):
    """Ends a trial, so that its transaction is taken back; carries what would have changed."""

    def __init__(self, applied: Applied) -> None:
        super().__init__()
        self.applied = applied


def merge(
    vault: Vault,
    path: Path,
    progress: Progress = silent,
    *,
    dry_run: bool = False,
    most: int = SLICE_OPS,
) -> Applied:
    """Take in a bundle of a colleague or of central: verified whole, all of it or nothing.

    A newer roster that travels along is believed first, because it may name a laptop whose entries
    are in the bundle, or end the time of one. A receipt is taken too, and where that is refused,
    the notes of what is returned say so: the ops stand by themselves. With ``dry_run`` it is only
    said what would change; a bundle of more than ``most`` ops is taken in slice by slice. Not to be
    called on the clerk's own thread. Raises a ``BundleError``, nothing being changed then, and
    ``UnfinishedError``.
    """
    _, roster = signed_roster(vault)
    newer, told = newer_roster(vault, path, roster)
    believed = roster if newer is None else newer[1]
    checked = verify(path, trust_of(vault, believed), progress)
    try:
        with undisturbed(vault):
            if dry_run or is_small(checked, most):
                applied = vault.write_now(_take, checked, newer, dry_run)
            else:
                applied = merge_staged(vault, checked, newer, progress, most)
    except _DryRun as trial:
        trial.applied.notes += told
        return trial.applied
    except OwnFeedAheadError:
        vault.begin_epoch_now(SET_BACK)
        raise
    if newer is not None:
        applied.notes.append(f"Version {believed.version} of the roster came along and is in use.")
    elif told:
        applied.refused += 1
    applied.notes += told
    take_documents(vault, checked.documents, applied)
    return applied


def _take(session: Session, checked: Checked, newer: Newer, dry_run: bool) -> Applied:
    connection = session.connection()
    author: Author = session.info["author"]
    if newer is not None:
        use_roster(session, *newer, author.device)
    before, reached = conflicted_fields(connection), known_feeds(connection)
    applied = apply(session, checked)
    conclude_merge(session, applied, checked.manifest, before, reached)
    if dry_run:
        raise _DryRun(applied)
    return applied


def newer_roster(vault: Vault, path: Path, roster: Roster) -> tuple[Newer, tuple[str, ...]]:
    """Return a later roster of the same root, at the front of a bundle, that names this laptop.

    Its own signature proves it, whatever the rest of the bundle is. With it comes what a person has
    to know of it, in sentences: also why one was refused that gives laptops keys not their own.
    """
    with suppress(FieldkitError), opened(path, trust_of(vault, roster)) as (walk, _):
        for event in walk.events():
            if not isinstance(event, Document):
                break
            if event.kind != ROSTER:
                continue
            roster_along = read_kept_roster(event.signed)
            newer = roster_along.root == roster.root and roster_along.version > roster.version
            if newer and roster_along.device(vault.identity.device) is not None:
                try:
                    taken = judge_roster(vault, event.signed, roster_along)
                except RosterError as error:
                    return None, (
                        f"Version {roster_along.version} of the roster, which came along, was "
                        f"refused, and version {roster.version} stays in use. {error}",
                    )
                return (event.signed, roster_along), taken.notices
    return None, ()
