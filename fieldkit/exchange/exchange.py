"""The exchange at half past four: what lies in a folder is taken in, then bundles are written.

After two passes of one stick all laptops agree, in whatever order it went round.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from sqlmodel import Session

from fieldkit.exchange import last_exchange
from fieldkit.exchange.exchange_report import (
    Exchanged,
    FileLine,
    MissingLine,
)
from fieldkit.exchange.names import names_of
from fieldkit.history import deleted
from fieldkit.inspections import join
from fieldkit.service import author
from fieldkit.wording.format import entries
from fieldkit.wording.labels import kinds as kinds_words
from fieldkit.wording.labels import label
from storage.conflicts.find import conflicted_fields
from storage.database.facts import Fact
from storage.errors import FieldkitError
from storage.exchange.enrol import NotEnrolledError
from storage.exchange.exchange import PartlyWrittenError, write_bundles
from storage.exchange.export import ExportSummary, refuse_missing
from storage.exchange.inbox import FileResult, take_folder
from storage.exchange.missing import MAX_CREDIBLE, missing, unheard
from storage.exchange.plan import CENTRAL
from storage.history.delivery import own_records
from storage.ops.text import many
from storage.progress import Progress, labelled, silent
from storage.records.log import Disclosure
from storage.records.registry import is_counted
from storage.trust.current import roster_in
from storage.trust.receipt import ReceiptSummary
from storage.vault.vault import Vault

UNBELIEVED = (
    ". No laptop writes so many, so a program told what is not so. Nothing here is wrong or lost: "
    "go on, and tell whoever administers central"
)

REFUSALS_TOLD = Fact.json("refusals_told")
"""The digests of the bundles whose refusal by central has been told."""


def exchange(
    vault: Vault, folder: Path, *, full: bool = False, progress: Progress = silent
) -> Exchanged:
    """Take in what is new in a folder, and write what colleagues and central lack.

    Not to be called on the clerk's own thread. With ``full`` the bundles hold everything, whatever
    anybody is known to have.

    What came in stands, whatever becomes of the bundles that were to be written: why not all of
    them were is said in the result.

    Raises:
        NotEnrolledError, NotWrittenError: nothing was changed, or what is said to be.
    """
    refuse_missing(folder)
    before = vault.read_now(join.known)
    last_exchange.begin(vault, folder)
    came, passed_over = take_folder(vault, folder, progress)
    notes = join.after_coming(vault, before) + _refused_by_central(vault, came)
    failed = ""
    removed: list[str] = []
    try:
        writing = labelled(progress, "writing bundles")
        written, removed = write_bundles(vault, folder, full=full, progress=writing)
    except PartlyWrittenError as error:
        written, failed = error.written, str(error)
    except FieldkitError as error:
        written, failed = [], str(error)
    done = vault.read_now(_summary, came, passed_over, written, removed)
    done = replace(done, notes=notes, failed=failed)
    last_exchange.end(vault, done.words)
    return done


def _refused_by_central(vault: Vault, came: list[FileResult]) -> list[str]:
    """Return which bundles of this laptop central refused, each once, as receipts repeat them."""
    known: set[str] = set(vault.fact_now(REFUSALS_TOLD) or ())
    sent = vault.read_now(_sent_from_here)
    sentences: dict[str, str] = {}
    for receipt in (one.receipt for one in came if one.receipt is not None):
        for one in receipt.rejected:
            if one.sha256 in known or not {one.sha256, f"bundle {one.name}"} & sent:
                continue
            sentences[one.sha256] = (
                f"Central refused {one.name} of this laptop ({one.reason}). "
                + (
                    "What is in it is kept here: export again (e), or exchange."
                    if receipt.left
                    else "All entries of this laptop have come to central since."
                )
            )
    if sentences:
        vault.set_fact_now(REFUSALS_TOLD, sorted(known | sentences.keys()))
    return list(sentences.values())


def _sent_from_here(s: Session) -> set[str]:
    """Return the digests and the names of all bundles that this laptop made."""
    sent = own_records(s.connection(), Disclosure).values()
    return {str(one.get(name, "")) for one in sent for name in ("sha256", "what")}


def _summary(
    s: Session,
    came: list[FileResult],
    passed_over: int,
    written: list[ExportSummary],
    removed: list[str],
) -> Exchanged:
    connection = s.connection()
    roster = roster_in(connection)
    if roster is None:
        raise NotEnrolledError("There is no roster in this vault any more. Nothing is lost.")
    names = names_of(s, roster)
    return Exchanged(
        came=[_line(s, one, names) for one in came if one.outcome != "other"],
        others=sum(one.outcome == "other" for one in came),
        passed_over=passed_over,
        written=written,
        removed=removed,
        missing=missing_lines(s),
        silent=[names.get(one, one) for one in unheard(connection, roster, author(s).device)],
        conflicts=len(conflicted_fields(connection)),
        refused=sum(one.outcome in ("refused", "aside") for one in came),
        new_of=_new_of(came),
    )


def _new_of(came: list[FileResult]) -> dict[str, int]:
    """Return how many entries of each laptop came, by its id."""
    new: Counter[str] = Counter()
    for one in came:
        for feed, number in (one.applied.new if one.applied else {}).items():
            new[feed.device] += number
    return dict(new)


def missing_lines(s: Session) -> list[MissingLine]:
    """Return what is known to exist and is not here."""
    connection = s.connection()
    roster = roster_in(connection)
    if roster is None:
        return []
    names = names_of(s, roster)
    lines = []
    for gap in missing(connection, author(s).device):
        holders = tuple(names.get(each, f"laptop {each[:4]}") for each in gap.holders)
        laptop = names.get(gap.feed.device, f"laptop {gap.feed.device[:4]}")
        number = entries(gap.number) if gap.believed else f"more than {entries(MAX_CREDIBLE)}"
        text = f"{number} of {laptop}"
        if holders:
            holders_text = " and ".join(holders)
            text += (
                f", which {holders_text} has"
                if gap.believed
                else f", by the word of {holders_text}"
            )
        if gap.held_back:
            text += "; later ones are here and wait for them"
        if not gap.believed:
            text += UNBELIEVED
        lines.append(MissingLine(laptop, gap.first, gap.last, holders, text))
    return lines


def _line(s: Session, result: FileResult, who: dict[str, str]) -> FileLine:
    sender, new = "", 0
    kinds: dict[str, int] = {}
    conflicts: tuple[str, ...] = ()
    sentences = list(result.said)
    if result.applied is not None:
        applied = result.applied
        sender = who.get(applied.sender, f"laptop {applied.sender[:4]}")
        new = sum(applied.new.values())
        kinds = {kind: n for kind, n in applied.kinds.items() if is_counted(kind)}
        conflicts = tuple(label(s, *record) for record in applied.conflicts)
        for feed, left_out in applied.revoked.items():
            laptop = who.get(feed.device, str(feed))
            sentences.append(
                f"{entries(left_out)} of {laptop} {'is' if left_out == 1 else 'are'} kept apart: "
                "that laptop's time on the roster ended before. Ask central's administrator if "
                "they should count."
            )
        kinds_text = kinds_words(kinds)
        text = f"from {sender}: " + (
            f"{entries(new)} new" + (f" ({kinds_text})" if kinds_text else "")
            if new
            else "nothing new"
        )
        if conflicts:
            text += f"; {many(len(conflicts), 'conflict')}"
        if result.receipt is not None and result.receipt.new:
            text += f"; {_confirmed(result.receipt)}"
    elif result.receipt is not None:
        sender, text = CENTRAL, _confirmed(result.receipt)
    elif result.roster:
        sender, text = CENTRAL, f"version {result.roster} of the roster"
        text += " is in use now" if result.outcome == "taken" else " was in use already"
    else:
        text = {"refused": "refused", "aside": "kept aside"}.get(result.outcome, result.outcome)
    removed = tuple(deleted.sentences(s, result.applied.removals)) if result.applied else ()
    return FileLine(
        result.name, result.outcome, sender, new, kinds, conflicts, text, tuple(sentences), removed
    )


def _confirmed(receipt: ReceiptSummary) -> str:
    left = receipt.left
    return "central's receipt: " + (
        f"{entries(left)} of this laptop not received yet" if left else "all has been received"
    )
