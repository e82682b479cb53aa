"""``fieldkit vault info``: what can be told of a vault without unlocking it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.context import Context
    from storage.keyslots import Slot


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``info``."""
    info = commands.add_parser("info", help="what can be told without unlocking")
    info.set_defaults(run=_info)


def _info(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.layout import pairs
    from fieldkit.histories import local_time
    from storage.keyslots import KeyFile
    from storage.vault import DATABASE, KEYS, NoVaultError, exists

    folder = context.folder
    if not exists(folder):
        raise NoVaultError(
            f"There is no vault in {folder}. Nothing was made there. Make one with «fieldkit vault "
            "create», or name its folder with --vault."
        )
    keys = KeyFile.load(folder / KEYS)
    database = folder / DATABASE
    size = database.stat().st_size if database.exists() else None
    data = {
        "vault": str(folder),
        "vault_id": keys.vault_id,
        "created": keys.created,
        "opened_by": [_slot(one) for one in keys.slots],
        "database_bytes": size,
    }
    rows = [
        ("folder", str(folder)),
        ("vault", keys.vault_id),
        ("made", local_time(keys.created)),
        *(("opened by", _slot_words(one)) for one in keys.slots),
        ("database", "missing" if size is None else f"{size:,} bytes, encrypted"),
    ]
    context.answer(data, pairs(rows, context.width))
    return 0


def _slot(slot: Slot) -> dict[str, object]:
    from storage.keyslots import WordSlot

    data: dict[str, object] = {"kind": slot.type}
    if isinstance(slot, WordSlot):
        data |= {
            "memory_mib": slot.params.m_kib // 1024,
            "passes": slot.params.t,
            "lanes": slot.params.p,
        }
    return data


def _slot_words(slot: Slot) -> str:
    from storage.keyslots import WordSlot

    if isinstance(slot, WordSlot):
        return f"{slot.type} ({slot.params.m_kib // 1024} MiB, {slot.params.t} passes)"
    return slot.type
