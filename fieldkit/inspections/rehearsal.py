"""Reads home once from a throw-away inspection while the passphrase is typed.

What Python, SQLAlchemy and SQLite prepare at the first reading and the first writing is then there
when the vault is opened: a tenth of a second less between enter and home.
"""

from __future__ import annotations

from collections.abc import Callable

from fieldkit.inspections.frame import frame
from fieldkit.inspections.home import home
from fieldkit.inspections.inspections import the_open_one
from fieldkit.methodology import versions
from storage.records import Inspection
from storage.vault.rehearsal import rehearsal


def rehearse(is_over: Callable[[], bool]) -> None:
    """Write and read as after unlocking, until it is over.

    Args:
        is_over: says, between two steps, that the vault is being opened.
    """
    with rehearsal() as store:
        begun = Inspection.make(force="Nobody's", methodology=versions()[-1])
        inspection = begun.id
        store.write(lambda s: s.add(begun))
        for job in (frame, home, the_open_one):
            if is_over():
                return
            store.read(job, inspection)
