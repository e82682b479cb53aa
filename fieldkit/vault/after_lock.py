"""What passes from a process that locks to the one that begins anew: nothing that can be read.

A lock ends the process and begins another in its place, so that no key, passphrase or word of a
case is left in memory. Its environment carries the few things that the next one is to know. Text
that the disk refused to take goes along sealed with the vault's key.
"""

from __future__ import annotations

import base64
import json
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

VARIABLE = "FIELDKIT_AFTER_LOCK"
SEALED = "FIELDKIT_SEALED_"
"""How the variables of the sealed text begin; a number follows."""
PIECE = 30_000
"""Characters of one variable: Windows takes 32,767, Linux 131,071."""
MAX_PIECES = 32
"""What the environment of a process may hold with a wide margin: 2 MiB under Linux."""


@dataclass(frozen=True)
class AfterLock:
    """Says what the next process is to know.

    Attributes:
        inspection: the id of the inspection that was open.
        placed: that it was said where the vault lies.
        had_vault: that a vault was open; where its folder is gone, none is made anew.
        opening: that a vault was just being made, unlocked or restored.
        broken_off: that a job was broken off by the lock.
        staged: the state of the long job that was staged (:mod:`storage.vault.stage`), if any was.
        locked: when and why it locked, in a sentence.
        practice: the folder of a practice day, to be removed when fieldkit is left.
        terminal: the terminal's modes before fieldkit was first started, of ``termios``; they are
            set again when it is left.
        sealed: text that could not be written, sealed with the vault's key.
        lost: that there was too much of it to pass on.
    """

    inspection: str = ""
    placed: bool = False
    had_vault: bool = True
    opening: bool = False
    broken_off: bool = False
    staged: str = ""
    locked: str = ""
    practice: str = ""
    terminal: tuple[Any, ...] = ()
    sealed: bytes = b""
    lost: bool = False

    def variables(self) -> dict[str, str]:
        """Return it as variables of an environment."""
        text = base64.b64encode(self.sealed).decode()
        pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
        lost = len(pieces) > MAX_PIECES
        known = {
            "inspection": self.inspection,
            "placed": self.placed,
            "had_vault": self.had_vault,
            "opening": self.opening,
            "broken_off": self.broken_off,
            "staged": self.staged,
            "locked": self.locked,
            "practice": self.practice,
            "terminal": list(self.terminal),
            "lost": lost,
        }
        carried = [] if lost else pieces
        return {VARIABLE: json.dumps(known)} | {
            f"{SEALED}{number}": piece for number, piece in enumerate(carried)
        }


def take(environment: MutableMapping[str, str]) -> AfterLock | None:
    """Return what an earlier process passed on, and take it out of the environment.

    None where this process is the first, and where what was passed on cannot be read.
    """
    pieces: list[str] = []
    while (piece := environment.pop(f"{SEALED}{len(pieces)}", None)) is not None:
        pieces.append(piece)
    text = environment.pop(VARIABLE, "")
    try:
        known = json.loads(text)
        return AfterLock(
            inspection=str(known["inspection"]),
            placed=bool(known["placed"]),
            had_vault=bool(known["had_vault"]),
            opening=bool(known["opening"]),
            broken_off=bool(known["broken_off"]),
            staged=str(known["staged"]),
            locked=str(known["locked"]),
            practice=str(known["practice"]),
            terminal=tuple(known["terminal"]),
            sealed=base64.b64decode("".join(pieces), validate=True),
            lost=bool(known["lost"]),
        )
    except (ValueError, TypeError, KeyError):
        return None
