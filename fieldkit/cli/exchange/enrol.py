"""``fieldkit enrol``: this laptop's request goes out, and the team's roster comes back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context
    from fieldkit.inspections.join import Offer
    from storage.records import Inspection

DONE, REFUSED = 0, 1
REQUEST = "request"


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    enrol = subparsers.add_parser(
        "enrol",
        help="join a team: make a request for central, or take in the roster that comes back",
        description="«enrol request --to FILE» writes this laptop's public keys for central. "
        "«enrol ROSTER» takes in the signed roster; the first time its fingerprint has to be "
        "compared with the words central's administrator gives, on the terminal or with "
        "--fingerprint.",
    )
    enrol.add_argument("what", metavar="request|ROSTER", help="«request», or the roster's file")
    enrol.add_argument("--to", type=Path, metavar="FILE", help="where to write the request")
    enrol.add_argument("--name", default="", help="what this laptop is called, in the request")
    enrol.add_argument(
        "--fingerprint", metavar="WORDS", help="the roster's fingerprint as you were told it"
    )
    enrol.add_argument(
        "--join",
        action="store_true",
        help="join the team's inspection also where one for that force and those dates is here",
    )
    enrol.set_defaults(run=_enrol, refuse=enrol.error)


def _enrol(args: argparse.Namespace, context: Context) -> int:
    if args.what == REQUEST:
        if args.to is None:
            args.refuse("enrol request needs --to FILE")
        return _request(args, context)
    from fieldkit.exchange.export import (
        fingerprint,
        read_roster_file,
        same,
        take_signed_roster,
    )
    from fieldkit.exchange.file_kinds import refuse_other
    from fieldkit.inspections.reminders import ended
    from storage.errors import FieldkitError

    refuse_other(Path(args.what), "roster")
    # Read once: a stick may answer otherwise the second time.
    signed, found = read_roster_file(Path(args.what))
    words = fingerprint(found.root)
    confirmed = False
    if args.fingerprint is not None:
        if not same(args.fingerprint, words):
            raise FieldkitError(
                f"The roster's fingerprint is not the one given: it is {words}. Nothing was "
                "changed. Do not use this roster before central's administrator has explained it."
            )
        confirmed = True
    vault = context.open_vault()
    if not confirmed and context.at_terminal and "roster_root" not in vault.facts_now():
        context.say(f"The roster of {found.org} has the fingerprint:\n\n  {words}\n")
        confirmed = context.confirm("Are these the words central's administrator gave you?")
    taken = take_signed_roster(vault, signed, found, confirmed)
    over = vault.read_now(ended)
    try:
        joined, left = _join(args, context)
        trouble = ""
    except FieldkitError as error:
        # The roster counts all the same, and with it whose time has ended.
        joined, left, trouble = [], [], str(error)
    data = {
        "org": taken.roster.org,
        "version": taken.roster.version,
        "fingerprint": taken.fingerprint,
        "changed": taken.changed,
        "devices": [one.name for one in taken.roster.devices],
        "inspections": [one.value() for one in taken.roster.inspections],
        "joined": [one.id for one in joined],
        "not_joined": [one.planned.id for one in left],
        "ended": over,
    }
    said = "is in use now" if taken.changed else "was in use already"
    lines = [f"Version {taken.roster.version} of {taken.roster.org}'s roster {said}."]
    lines += [f"You take part in the team's inspection of {one.force}." for one in joined]
    if taken.moved:
        lines.append(
            f"{taken.moved:,} records changed, because the roster ended or renewed a laptop's time."
        )
    context.answer(data, "\n".join(lines))
    for offer in left:
        context.say(f"{offer.question} «fieldkit enrol» with --join does.")
    if over:
        context.say(over)
    if trouble:
        context.say(
            f"The roster is in use, but its inspections were not joined: {trouble} Ask central's "
            "administrator to put that right on the next roster."
        )
        return REFUSED
    return DONE


def _join(args: argparse.Namespace, context: Context) -> tuple[list[Inspection], list[Offer]]:
    """Take part in the roster's inspections; where one was begun here, only after a yes."""
    from fieldkit.inspections import join

    vault = context.open_vault()
    joined, asked = vault.write_now(join.join_all)
    left = []
    for offer in asked:
        if args.join or context.confirm(offer.question):
            joined.append(vault.write_now(join.join, offer.planned.id, beside_own=True))
        else:
            left.append(offer)
    return joined, left


def _request(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.exchange.export import enrol_request

    vault = context.open_vault()
    words = enrol_request(vault, args.to, args.name)
    data = {"file": str(args.to), "device": vault.identity.device, "fingerprint": words}
    context.answer(data, f"Wrote {args.to}. This laptop's fingerprint: {words}")
    context.say("Give the file to central's administrator, and read these words to them in person.")
    return DONE
