"""``fieldkit handover``: what the force is handed in writing when the team leaves."""

from __future__ import annotations

import argparse

from fieldkit.cli.feedback.leave import add_options, give_or_show
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.exit import DONE, REFUSED
from fieldkit.feedback.handover.gather import prepare
from fieldkit.feedback.handover.preflight import check
from fieldkit.wording.format import set_in
from storage.ops.text import many


def define_handover(handover: CommandParser) -> None:
    """Say what “handover” takes."""
    handover.handle(
        _handover,
        "Write what was told, audited and compared as a document for the force. It is not "
        "encrypted: it is an export you ask for, recorded as a disclosure with its recipients. A "
        "file is never written over. Without --to the document is only shown.",
    )
    add_options(handover, needed=False)
    handover.flag(
        "--check", "only say what keeps it back (then it ends with 1) and what is worth a look"
    )
    handover.flag("--with-rationale", "with our own reasons beside each difference of a grade")
    handover.flag("--with-statistics", "with an annex of statistics on how far the grades agree")
    handover.flag(
        "--internal", "the whole trace, for the inspection team alone; never for the force"
    )


def _handover(args: argparse.Namespace, context: Context) -> int | None:
    if args.check:
        return _check(context, args.with_rationale)
    if not args.recipient:
        args.refuse("--recipient says for whom it is, by role")
    prepared = context.read(
        prepare,
        args.recipient,
        sender=args.sender,
        with_rationale=args.with_rationale,
        with_statistics=args.with_statistics,
        internal=args.internal,
    )
    give_or_show(args, context, prepared)
    return None


def _check(context: Context, with_rationale: bool) -> int:
    rows = context.read(check, with_rationale=with_rationale)
    lines = []
    for one in rows:
        names = f": {'; '.join(one.names)}" if one.names else "."
        lines.append(set_in(f"{one.sign} {one.words}{names}"))
        lines += [f"   {one.command}"] if one.count else []
    context.show(rows, "\n".join(lines), marked=True)
    kept_back = sum(one.stops and bool(one.count) for one in rows)
    context.terminal.say(
        f"{many(kept_back, 'thing')} keep{'s' * (kept_back == 1)} it back. Nothing was written."
        if kept_back
        else "Nothing keeps it back. Nothing was written."
    )
    return REFUSED if kept_back else DONE
