"""``fieldkit central roster``: the signed roster, shown, written, taken in or renewed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.cli.central.open_central import open_central, put_document, sign_if_here
from storage import files
from storage.errors import FieldkitError

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context
    from storage.central import Central
    from storage.trust.roster import Roster

DONE = 0


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    roster = commands.add_parser("roster", help="print the signed roster, or write it for laptops")
    roster.add_argument("--to", type=Path, metavar="FILE")
    roster.add_argument(
        "--proposal", action="store_true", help="the proposal for the root key, not the roster"
    )
    roster.add_argument("--take", type=Path, metavar="FILE", help="take a roster signed elsewhere")
    roster.add_argument(
        "--renew", action="store_true", help="propose the same roster for another year"
    )
    roster.set_defaults(run=_roster)


def _roster(args: argparse.Namespace, context: Context) -> int:
    """Print or write the roster, or take one signed elsewhere, or propose it for another year."""
    from storage.crypto.fingerprint import fingerprint
    from storage.ops import canonical_json

    central, passphrase = open_central(args, context)
    with central:
        if args.proposal:
            waiting = central.proposal
            if waiting is None:
                raise FieldkitError("Nothing waits to be signed. Nothing was written.")
            put_document(args, context, canonical_json.dumps(waiting.value()) + b"\n")
            return DONE
        said = [_renewed(central)] if args.renew else []
        if args.take is not None:
            said.append(_taken(args.take, central))
        else:
            sign_if_here(args, context, central, passphrase)
        if said and not context.json:
            context.put("\n".join(said))
            if args.to is None:
                return DONE
        signed, roster = central.roster()
        words = fingerprint(roster.root)
        if context.json:
            if args.to is not None:
                files.write(args.to, signed.encode())
            context.put(_roster_data(roster, words))
            return DONE
        say_roster(roster, words, context)
        put_document(args, context, signed.encode())
    return DONE


def _renewed(central: Central) -> str:
    made = central.renew()
    return f"Version {made.version} of the roster is proposed, valid until {made.expires[:10]}."


def _taken(path: Path, central: Central) -> str:
    from storage.crypto.signing import LONGEST_DOCUMENT, Signed

    before = central.signed_roster
    signed = Signed.read(files.read(path, LONGEST_DOCUMENT))
    roster = central.take_roster(signed)
    known = before is not None and before.body == signed.body
    said = "was in use already" if known else "is in use now"
    return f"Version {roster.version} of {roster.org}'s roster {said}."


def say_roster(roster: Roster, words: str, context: Context) -> None:
    """Say whom and what a roster names, for a person to read before it is signed."""
    from storage.central.roster.checks import days, problem

    lines = [f"Roster of {roster.org}, version {roster.version}. Fingerprint: {words}"]
    for one in roster.devices:
        ended = ", revoked" if one.until is not None else ""
        lines.append(f"  {one.name} ({one.person}){ended}: {one.fingerprint}")
    for planned in roster.inspections:
        wrong = problem(planned)
        said = f" (not right: {wrong})" if wrong else ""
        lines.append(f"  Inspection of {planned.force}, {days(planned)}{said}: {planned.id}")
    context.say("\n".join(lines))


def _roster_data(roster: Roster, words: str) -> dict[str, Any]:
    return {
        "org": roster.org,
        "team": roster.team,
        "version": roster.version,
        "expires": roster.expires,
        "fingerprint": words,
        "devices": [
            {
                "id": one.id,
                "name": one.name,
                "person": one.person,
                "fingerprint": one.fingerprint,
                "revoked": one.until is not None,
            }
            for one in roster.devices
        ],
        "inspections": [one.value() for one in roster.inspections],
    }
