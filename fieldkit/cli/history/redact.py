"""``fieldkit redact``: take words out of a record for good, such as a child's name."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.cli.kit.context import Context
    from storage.redaction.redact import Redacted


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``redact``."""
    redact = subparsers.add_parser(
        "redact", help="take words out of a record for good, such as a child's name"
    )
    redact.add_argument(
        "record",
        metavar="RECORD",
        help="a case; a case and criterion, as in WST-014/investigation; or the beginning of the "
        "id of any record",
    )
    redact.add_argument(
        "field", nargs="?", metavar="FIELD", help="which field; left out, those that hold words"
    )
    redact.add_argument("--reason", help="why; it stays on record, so name nobody in it")
    kept = redact.add_mutually_exclusive_group()
    kept.add_argument("--instead", metavar="TEXT", help="what stands there from now on")
    kept.add_argument(
        "--earlier", action="store_true", help="only earlier wordings; what stands there now stays"
    )
    redact.set_defaults(run=_redact)


def _redact(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.cli.kit.pick import meant
    from fieldkit.history import redact as redacting
    from fieldkit.history.record_history import inspection_of
    from fieldkit.vault.backups import backups_of
    from fieldkit.wording.labels import label

    vault = context.open_vault()
    if args.field is None:
        return _list(args, context)

    def job(s: Session) -> tuple[str, Redacted]:
        kind, record = meant(s, context, args.record)
        context.mark(s, inspection_of(s, kind, record))
        keep = redacting.present(s, kind, record, args.field) if args.earlier else args.instead
        called = label(s, kind, record)
        return called, redacting.redact(s, kind, record, args.field, args.reason or "", keep)

    called, done = vault.write_now(job)
    copies = backups_of(vault)
    far = vault.read_now(redacting.reach, done, copies)
    also = redacting.quoted(vault, done)
    data = {
        "kind": done.kind,
        "record": done.record,
        "field": done.field,
        "entries": [str(one) for one in done.ops],
        "not_reached": asdict(far),
        "also_in": [asdict(one) for one in also],
    }
    context.answer(data, redacting.told(called, done, far, also), marking=True)
    return 0


def _list(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.cli.kit.layout import shorter, table
    from fieldkit.cli.kit.pick import meant
    from fieldkit.history import redact as redacting
    from fieldkit.history.record_history import inspection_of

    def read(s: Session) -> list[redacting.Redactable]:
        kind, record = meant(s, context, args.record)
        context.mark(s, inspection_of(s, kind, record))
        return redacting.fields(s, kind, record)

    found = context.open_vault().read_now(read)
    if not found and not context.json:
        context.say("No field of this record holds words.")
        return 0
    rows = [(one.field, str(one.wordings), shorter(one.text, 60)) for one in found]
    text = table(("field", "wordings", "now"), rows)
    context.answer([asdict(one) for one in found], text, marking=True)
    return 0
