"""``fieldkit vault info``: what can be told of a vault without unlocking it."""

from __future__ import annotations

import argparse

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import pairs
from fieldkit.cli.vault.escrow import short
from fieldkit.wording.dates import short_moment
from storage.crypto.keyslots.keyfile import KeyFile
from storage.crypto.keyslots.slot import AgeSlot, Slot, WordSlot
from storage.ops.text import many, size
from storage.vault.folder import KEYS, exists, look
from storage.vault.leftovers import no_vault
from storage.vault.location import warnings
from storage.vault.unlock import NoVaultError


def define_info(info: CommandParser) -> None:
    """Say what “info” takes."""
    info.handle(_info)


def _info(args: argparse.Namespace, context: Context) -> None:
    folder = context.folder
    if not exists(folder):
        raise NoVaultError(no_vault(folder))
    keys = KeyFile.load(folder / KEYS)
    size, state = look(folder)
    warned = warnings(folder)
    data = {
        "vault": str(folder),
        "vault_id": keys.vault_id,
        "created": keys.created,
        "opened_by": [_slot(one) for one in keys.slots],
        "generation": keys.generation,
        "database": state,
        "database_bytes": size,
        "warnings": [{"kind": one.kind, "name": one.name, "text": one.text} for one in warned],
    }
    rows = [
        ("folder", str(folder)),
        ("vault", keys.vault_id),
        ("made", short_moment(keys.created)),
        *(("opened by", _slot_words(one)) for one in keys.slots),
        ("key file", f"written {many(keys.generation, 'time')}"),
        ("database", state if size is None else f"{size:,} bytes, {state}"),
        *(("beware", one.text) for one in warned),
    ]
    context.show(data, pairs(rows, context.terminal.width))


def _slot(slot: Slot) -> dict[str, object]:
    data: dict[str, object] = {"kind": slot.type}
    if isinstance(slot, WordSlot):
        data |= {
            "memory_mib": slot.params.m_kib // 1024,
            "passes": slot.params.t,
            "lanes": slot.params.p,
        }
    if isinstance(slot, AgeSlot):
        data |= {"recipient": slot.recipient, "label": slot.label}
    return data


def _slot_words(slot: Slot) -> str:
    if isinstance(slot, WordSlot):
        name = "recovery code" if slot.type == "recovery" else slot.type
        passes = many(slot.params.t, "pass", "passes")
        return f"{name} ({size(slot.params.m_kib * 1024)}, {passes})"
    if isinstance(slot, AgeSlot):
        label = f"{slot.label}, " if slot.label else ""
        return f"organisation escrow ({label}{short(slot.recipient)})"
    return slot.type
