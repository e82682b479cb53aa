"""``fieldkit enrol``: this laptop's request goes out, and the team's roster comes back."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.exit import DONE, REFUSED
from fieldkit.exchange.enrolment import Enrolled, enrol, needs_comparing
from fieldkit.exchange.file_kinds import refuse_other
from fieldkit.inspections import join
from fieldkit.inspections.join import Offer
from storage.crypto.fingerprint import fingerprint, is_same_fingerprint
from storage.errors import FieldkitError
from storage.exchange.enrol import enrol_request, read_roster_file

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
    if not confirmed and context.terminal.at_terminal and needs_comparing(vault):
        context.terminal.say(f"The roster of {roster.org} has the fingerprint:\n\n  {words}\n")
        confirmed = context.terminal.confirm(
            "Are these the words central's administrator gave you?"
        )
    enrolled = enrol(vault, signed, roster, confirmed=confirmed)
    enrolled, waiting = _ask(enrolled, args, context)
    taken = enrolled.taken
    roster = taken.roster
    data = {
        "org": roster.org,
        "version": roster.version,
        "fingerprint": taken.fingerprint,
        "changed": taken.changed,
        "devices": [one.name for one in roster.devices],
        "inspections": [one.value() for one in roster.inspections],
        "joined": [one.id for one in enrolled.joined],
        "not_joined": [one.planned.id for one in waiting],
        "ended": enrolled.over,
        "notices": list(taken.notices),
    }
    context.show(data, "\n".join(enrolled.lines))
    for notice in taken.notices:
        context.terminal.say(notice)
    for offer in waiting:
        context.terminal.say(f"{offer.question} “fieldkit enrol” with --join does.")
    if enrolled.over:
        context.terminal.say(enrolled.over)
    if enrolled.trouble:
        context.terminal.say(enrolled.trouble_text)
        return REFUSED
    return DONE


def _ask(
    enrolled: Enrolled, args: argparse.Namespace, context: Context
) -> tuple[Enrolled, list[Offer]]:
    """Join where one was begun here only after a yes; returns what was not joined too."""
    vault = context.open_vault()
    joined, waiting, trouble = list(enrolled.joined), [], enrolled.trouble
    for offer in enrolled.waiting:
        try:
            if args.join or context.terminal.confirm(offer.question):
                joined.append(vault.write_now(join.join, offer.planned.id, beside_own=True))
            else:
                waiting.append(offer)
        except FieldkitError as error:
            trouble = str(error)
    return replace(enrolled, joined=joined, trouble=trouble), waiting


def _request(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    words = enrol_request(vault, args.to, args.name)
    data = {"file": str(args.to), "device": vault.identity.device, "fingerprint": words}
    laptop = f"This is laptop {vault.identity.device}. Its fingerprint: {words}"
    context.show(data, f"Wrote {args.to}. {laptop}")
    context.terminal.say(
        "Give the file to central's administrator, and read these words to them in person."
    )
