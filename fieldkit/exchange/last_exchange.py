"""How the last exchange ended: for whoever was locked out, or closed the lid, in the middle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldkit.service import now
from fieldkit.wording.dates import short_moment
from storage.database.facts import Fact
from storage.exchange.sent_files import names_written_here
from storage.ops.text import many
from storage.vault.vault import Vault

FACT = Fact.json("exchange/last")
"""The vault's own fact; it goes nowhere."""


def begin(vault: Vault, folder: Path) -> None:
    """Note that an exchange has begun."""
    before = len(vault.read_now(names_written_here))
    _keep(vault, {"at": now(), "folder": str(folder), "before": before, "words": "", "told": False})


def end(vault: Vault, words: str) -> None:
    """Note what it did."""
    _keep(vault, _kept(vault) | {"words": words})


def told(vault: Vault) -> None:
    """Note that the person has seen how it ended."""
    if kept := _kept(vault):
        _keep(vault, kept | {"told": True})


def last_line(vault: Vault, *, untold: bool = False) -> str:
    """Return how the last exchange ended, in a line; empty where there was none.

    Args:
        vault: unlocked; not to be called on the clerk's own thread.
        untold: only where the person has not seen it.
    """
    fact = _kept(vault)
    if not fact or (untold and fact["told"]):
        return ""
    which = f"The exchange of {short_moment(fact['at'])} with {fact['folder']}"
    if fact["words"]:
        return f"{which} ended: {fact['words']}."
    written = max(len(vault.read_now(names_written_here)) - fact["before"], 0)
    return (
        f"{which} was cut short, when fieldkit was locked or closed. What had come in is kept, and "
        f"{many(written, 'bundle')} had been written. Exchange (x) once more to finish it."
    )


def _keep(vault: Vault, value: dict[str, Any]) -> None:
    vault.set_fact_now(FACT, value)


def _kept(vault: Vault) -> dict[str, Any]:
    fact = vault.fact_now(FACT)
    if isinstance(fact, dict) and fact.keys() >= {"at", "folder", "before", "words", "told"}:
        return fact
    return {}
