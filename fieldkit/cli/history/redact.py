"""``fieldkit redact``: take words out of a record for good, such as a child's name."""

from __future__ import annotations

import argparse

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.cli.kit.pick import RECORD_HELP, pick_record
from fieldkit.history import redact as redacting
from fieldkit.vault.backups import backups_of
from fieldkit.wording.format import line
from storage.redaction.redact import Redaction


def define_redact(redact: CommandParser) -> None:
    """Say what “redact” takes."""
    redact.handle(_redact)
    redact.add_argument("record", metavar="RECORD", help=RECORD_HELP)
    redact.add_argument(
        "field", nargs="?", metavar="FIELD", help="which field; left out, those that hold words"
    )
    redact.text("--reason", "why; it stays on record, so name nobody in it")
    kept = redact.add_mutually_exclusive_group()
    redact.text("--instead", "what stands there from now on", within=kept)
    kept.add_argument(
        "--earlier", action="store_true", help="only earlier wordings; what stands there now stays"
    )


def _redact(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    if args.field is None:
        _list(args, context)
        return

    def job(s: Session) -> Redaction:
        kind, record = pick_record(s, context, args.record)
        keep = (
            redacting.present_wording(s, kind, record, args.field) if args.earlier else args.instead
        )
        return redacting.redact(s, kind, record, args.field, args.reason or "", keep)

    done = vault.write_now(job)
    title = vault.read_now(redacting.called, done.kind, done.record, done.field, done.pieces)
    not_reached = vault.read_now(redacting.reach_of, done, backups_of(vault))
    also_in = redacting.quoted_elsewhere(vault, done)
    data = {
        "kind": done.kind,
        "record": done.record,
        "field": done.field,
        "entries": [str(one) for one in done.ops],
        "not_reached": not_reached,
        "also_in": also_in,
    }
    context.show(data, redacting.redaction_text(title, done, not_reached, also_in), marked=True)


def _list(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session) -> list[redacting.Redactable]:
        return redacting.redactable_fields(s, *pick_record(s, context, args.record))

    fields = context.open_vault().read_now(read)
    rows = [(field.field, str(field.wordings), line(field.text)) for field in fields]
    text = table(("field", "wordings", "now"), rows)
    context.show(fields, text, marked=True, none="No field of this record holds words.")
