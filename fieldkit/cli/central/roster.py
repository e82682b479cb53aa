"""``fieldkit central roster``: the signed roster, shown, written, taken in or renewed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fieldkit.cli.central.open_central import open_central, put_document, sign_if_here
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.wording.dates import day_words, local_day
from storage import files
from storage.central import Central
from storage.central.roster.checks import days, problem
from storage.crypto.fingerprint import fingerprint
from storage.crypto.signing import MAX_DOCUMENT_BYTES, Signed
from storage.errors import FieldkitError
from storage.ops import canonical_json
from storage.ops.text import many
from storage.trust.roster import Roster
from storage.trust.roster_changes import unsigned_text


def define_roster(roster: CommandParser) -> None:
    """Say what “roster” takes."""
    roster.handle(_roster)
    roster.add_argument("--to", type=Path, metavar="FILE", help="write it to this file")
    roster.flag("--proposal", "the proposal for the root key, not the roster")
    roster.add_argument(
        "--take", type=Path, metavar="FILE", help="take in a roster that was signed elsewhere"
    )
    roster.flag("--renew", "propose the same roster for another year")


def _roster(args: argparse.Namespace, context: Context) -> None:
    """Print or write the roster, or take one signed elsewhere, or propose it for another year."""
    central, passphrase = open_central(context)
    with central:
        if args.proposal:
            if central.proposal is None:
                raise FieldkitError("Nothing waits to be signed. Nothing was written.")
            put_document(context, canonical_json.dumps(central.proposal.value()) + b"\n")
            return
        news = [_renew(central)] if args.renew else []
        if args.take is not None:
            news.append(_take(args.take, central))
        else:
            sign_if_here(context, central, passphrase)
        if news and not context.json:
            context.terminal.put("\n".join(news))
            if args.to is None:
                return
        signed, roster = central.roster()
        words = fingerprint(roster.root)
        if context.json:
            if args.to is not None:
                files.write(args.to, signed.encode())
            context.show(_roster_data(roster, words))
            return
        say_roster(roster, words, context)
        put_document(context, signed.encode())


def _renew(central: Central) -> str:
    roster = central.renew()
    day = day_words(local_day(roster.expires))
    return f"Version {roster.version} of the roster is proposed, valid until {day}."


def _take(path: Path, central: Central) -> str:
    before = central.signed_roster
    signed = Signed.read(files.read(path, MAX_DOCUMENT_BYTES))
    roster = central.take_roster(signed)
    known = before is not None and before.body == signed.body
    state = "was in use already" if known else "is in use now"
    return f"Version {roster.version} of {roster.org}'s roster {state}."


def say_roster(roster: Roster, words: str, context: Context) -> None:
    """Say whom and what a roster names, for a person to read before it is signed."""
    lines = [f"Roster of {roster.org}, version {roster.version}. Fingerprint: {words}"]
    for device in roster.devices:
        ended = ", revoked" if device.until is not None else ""
        lines.append(f"  {device.name} ({device.person}){ended}: {device.fingerprint}")
    lines.append(f"  Central, {roster.central.kind} keys: {roster.central.fingerprint}")
    lines.append(f"  Erasing from {many(roster.grace_days, 'day')} after central's receipt on")
    for planned in roster.inspections:
        wrong = problem(planned)
        note = f" (not right: {wrong})" if wrong else ""
        lines.append(f"  Inspection of {planned.force}, {days(planned)}{note}: {planned.id}")
    lines += filter(None, [unsigned_text(roster)])
    context.terminal.say("\n".join(lines))


def _roster_data(roster: Roster, words: str) -> dict[str, Any]:
    return {
        "org": roster.org,
        "team": roster.team,
        "version": roster.version,
        "expires": roster.expires,
        "fingerprint": words,
        "central": {"kind": roster.central.kind, "fingerprint": roster.central.fingerprint},
        "grace_days": roster.grace_days,
        "devices": [
            {
                "id": device.id,
                "name": device.name,
                "person": device.person,
                "fingerprint": device.fingerprint,
                "revoked": device.until is not None,
                "signed_own_keys": device.request is not None,
            }
            for device in roster.devices
        ],
        "inspections": [planned.value() for planned in roster.inspections],
    }
