"""``fieldkit bundle``: a bundle looked at without taking it in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.exchange.export import explain_text
from fieldkit.exchange.file_kinds import refuse_other
from fieldkit.wording.format import flat
from storage.exchange.inspect import summarise


def define_bundle(bundle: CommandParser) -> None:
    """Say what “bundle” takes."""
    verify = bundle.command("verify", _verify, "verify a bundle and say what it is")
    verify.add_argument("file", metavar="FILE", type=Path, help="the bundle")


def _verify(args: argparse.Namespace, context: Context) -> None:
    refuse_other(args.file, "bundle")
    explained = summarise(context.open_vault(), args.file)
    text = explain_text(flat(args.file.name), explained)
    data: dict[str, Any] = {"file": args.file, "whole": True}
    manifest = explained.manifest
    if manifest is None:
        export = explained.disclosed
        at, recipient = (export.at, export.recipient) if export is not None else ("", "")
        context.show(data | {"exported": at, "recipient": recipient}, text)
        return
    data |= {
        "bundle": manifest.bundle,
        "from": manifest.sender,
        "sender": explained.sender,
        "created": manifest.created,
        "roster": manifest.roster,
        "ops": manifest.ops,
        "unknown": explained.unknown,
        "feeds": {str(one.feed): [one.first, one.last] for one in explained.parts},
        "known": {str(one.feed): one.known for one in explained.parts},
        "records": explained.records,
        "stubs": explained.stubs,
        "forces": explained.forces,
        "along": explained.along,
    }
    context.show(data, text)
