"""``fieldkit enrol``: this laptop's request goes out, and the team's roster comes back."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.exit import DONE, REFUSED
from fieldkit.exchange.file_kinds import refuse_other
from fieldkit.inspections import join
from fieldkit.inspections.join import Offer
from fieldkit.inspections.reminders import ended
from storage.crypto.fingerprint import fingerprint, is_same_fingerprint
from storage.errors import FieldkitError
from storage.exchange.enrol import enrol_request, read_roster_file, take_signed_roster
from storage.records import Inspection
from storage.trust.current import ROOT

REQUEST = "request"


def define_enrol(enrol: CommandParser) -> None:
    """Say what “enrol” takes."""
    enrol.handle(
        _enrol,
        "“enrol request --to FILE” writes this laptop's public keys for central. “enrol ROSTER” "
        "takes in the signed roster; the first time its fingerprint has to be compared with the "
        "words central's administrator gives, on the terminal or with --fingerprint.",
    )
    enrol.add_argument("what", metavar="request|ROSTER", help="“request”, or the roster's file")
    enrol.add_argument("--to", type=Path, metavar="FILE", help="where to write the request")
    enrol.text("--name", "what this laptop is called, in the request", default="", metavar="NAME")
    enrol.add_argument(
        "--fingerprint", metavar="WORDS", help="the roster's fingerprint as you were told it"
    )
    enrol.flag(
        "--join", "join the team's inspection also where one for that force and those dates is here"
    )


def _enrol(args: argparse.Namespace, context: Context) -> int:
    if args.what == REQUEST:
        if args.to is None:
            args.refuse("enrol request needs --to FILE")
        _request(args, context)
        return DONE
    refuse_other(Path(args.what), "roster")
    # Read once: a stick may answer otherwise the second time.
    signed, roster = read_roster_file(Path(args.what))
    words = fingerprint(roster.root)
    confirmed = False
    if args.fingerprint is not None:
        if not is_same_fingerprint(args.fingerprint, words):
            raise FieldkitError(
                f"The roster's fingerprint is not the one given: it is {words}. Nothing was "
                "changed. Do not use this roster before central's administrator has explained it."
            )
        confirmed = True
    vault = context.open_vault()
    if not confirmed and context.terminal.at_terminal and vault.fact_now(ROOT) is None:
        context.terminal.say(f"The roster of {roster.org} has the fingerprint:\n\n  {words}\n")
        confirmed = context.terminal.confirm(
            "Are these the words central's administrator gave you?"
        )
    taken = take_signed_roster(vault, signed, roster, confirmed)
    roster = taken.roster
    over = vault.read_now(ended)
    try:
        joined, waiting = _join(args, context)
        trouble = ""
    except FieldkitError as error:
        # The roster counts all the same, and with it whose time has ended.
        joined, waiting, trouble = [], [], str(error)
    data = {
        "org": roster.org,
        "version": roster.version,
        "fingerprint": taken.fingerprint,
        "changed": taken.changed,
        "devices": [one.name for one in roster.devices],
        "inspections": [one.value() for one in roster.inspections],
        "joined": [one.id for one in joined],
        "not_joined": [one.planned.id for one in waiting],
        "ended": over,
        "notices": list(taken.notices),
    }
    state = "is in use now" if taken.changed else "was in use already"
    lines = [f"Version {roster.version} of {roster.org}'s roster {state}."]
    lines += [f"You take part in the team's inspection of {one.force}." for one in joined]
    if taken.moved:
        lines.append(
            f"{taken.moved:,} records changed, because the roster ended or renewed a laptop's time."
        )
    context.show(data, "\n".join(lines))
    for notice in taken.notices:
        context.terminal.say(notice)
    for offer in waiting:
        context.terminal.say(f"{offer.question} “fieldkit enrol” with --join does.")
    if over:
        context.terminal.say(over)
    if trouble:
        context.terminal.say(
            f"The roster is in use, but its inspections were not joined: {trouble} Ask central's "
            "administrator to put that right on the next roster."
        )
        return REFUSED
    return DONE


def _join(args: argparse.Namespace, context: Context) -> tuple[list[Inspection], list[Offer]]:
    """Take part in the roster's inspections; where one was begun here, only after a yes."""
    vault = context.open_vault()
    joined, asked = vault.write_now(join.join_all)
    waiting = []
    for offer in asked:
        if args.join or context.terminal.confirm(offer.question):
            joined.append(vault.write_now(join.join, offer.planned.id, beside_own=True))
        else:
            waiting.append(offer)
    return joined, waiting


def _request(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    words = enrol_request(vault, args.to, args.name)
    data = {"file": str(args.to), "device": vault.identity.device, "fingerprint": words}
    laptop = f"This is laptop {vault.identity.device}. Its fingerprint: {words}"
    context.show(data, f"Wrote {args.to}. {laptop}")
    context.terminal.say(
        "Give the file to central's administrator, and read these words to them in person."
    )
