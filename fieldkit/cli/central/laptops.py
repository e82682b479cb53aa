"""``fieldkit central enrol`` and ``revoke``: which laptops stand on the roster."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.central.open_central import GIVE_ROSTER, laptop_named, open_central, sign_if_here
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from storage.crypto.fingerprint import is_same_fingerprint
from storage.errors import FieldkitError
from storage.ops.op import by_name
from storage.trust.roster import Device


def define_enrol(enrol: CommandParser) -> None:
    """Say what “enrol” takes."""
    enrol.handle(
        _enrol,
        "Shows the fingerprint of the laptop's key and asks whether its person reads "
        "the same words from their laptop. Nothing is proposed or signed until then. Without a "
        "terminal, --fingerprint gives the words.",
    )
    enrol.add_argument("request", metavar="REQUEST", type=Path, help="the file of the request")
    enrol.text("--name", "what to call the laptop", default="", metavar="NAME")
    enrol.add_argument(
        "--fingerprint", metavar="WORDS", help="the laptop's words as its person read them to you"
    )
    enrol.flag("--same-person", "this is a further laptop of somebody who is on the roster already")
    enrol.flag("--same-name", "this is somebody's new vault, or another person of the same name")


def define_revoke(revoke: CommandParser) -> None:
    """Say what “revoke” takes."""
    revoke.handle(
        _revoke,
        "What central holds of the laptop stays; nothing later is accepted, and it is "
        "not enrolled again. Take in its last bundles first, if they can be trusted.",
    )
    revoke.add_argument("laptop", metavar="LAPTOP", help="its id, or its name on the roster")
    revoke.flag("--yes", "do not ask; needed without a terminal")


def _enrol(args: argparse.Namespace, context: Context) -> None:
    central, passphrase = open_central(context)
    with central:
        names = ("name", "same_person", "same_name")
        device = central.considered(args.request, **context.options(*names))
        _compare(args.fingerprint, device, context)
        central.admit(device)
        sign_if_here(context, central, passphrase)
        data = {
            "device": device.id,
            "name": device.name,
            "person": device.person,
            "fingerprint": device.fingerprint,
        }
        context.show(data, f"{device.name} ({device.person}), laptop {device.id}")


def _compare(words: str | None, device: Device, context: Context) -> None:
    """Have a laptop's fingerprint compared; raises where it differs or nobody compared."""
    if words is not None:
        if not is_same_fingerprint(words, device.fingerprint):
            raise FieldkitError(
                f"The fingerprint in the request is not the one given: it is {device.fingerprint}. "
                f"Nothing was changed. Do not enrol this laptop before {device.person} has told "
                "you in person where the request comes from."
            )
        return
    if not context.terminal.at_terminal:
        raise FieldkitError(
            f"The request of {device.person} has the fingerprint: {device.fingerprint}. Nothing "
            "was changed. Compare it with the words their laptop shows, and give those with "
            "--fingerprint."
        )
    context.terminal.say(
        f"{device.name} ({device.person}), laptop {device.id}\n"
        f"Its fingerprint:\n\n  {device.fingerprint}\n\n"
        f"Ask {device.person} in person for the words their laptop shows."
    )
    if not context.terminal.confirm("Are they the same words?"):
        raise FieldkitError(
            "The laptop was not enrolled, and nothing was changed. Ask its person for a new "
            "request, and have it handed to you."
        )


def _revoke(args: argparse.Namespace, context: Context) -> None:
    central, passphrase = open_central(context)
    with central:
        device = laptop_named(central.proposal or central.roster()[1], args.laptop)
        ended = device.until is not None
        question = f"Revoke {device.name} ({device.person}), laptop {device.id}, for good?"
        if not ended and not args.yes and not context.terminal.confirm(question):
            raise FieldkitError(
                f"Laptop {device.name} was not revoked, and nothing was changed. Answer yes on a "
                "terminal, or give --yes."
            )
        revoked = central.revoke(device.id)
        sign_if_here(context, central, passphrase)
        data = {
            "device": revoked.id,
            "name": revoked.name,
            "person": revoked.person,
            "until": None if revoked.until is None else by_name(revoked.until),
        }
        state = "was revoked before" if ended else "is revoked"
        context.show(data, f"{revoked.name} ({revoked.person}), laptop {revoked.id}, {state}.")
        context.terminal.say(GIVE_ROSTER)
