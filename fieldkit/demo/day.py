"""A day on site from the first key to central's receipt, on real parts, in a throw-away vault.

The same services run it that screens and commands call. After every step the vault's own check is
made: pages, chain, and tables equal to a replay of the ops.
"""

from __future__ import annotations

from collections.abc import Callable

from fieldkit.demo import entering, sending, weighing
from fieldkit.demo.desk import Desk

Step = Callable[[Desk], str]
Told = Callable[[str, str], None]
"""Is given the name of a step and a sentence on what came of it."""

STEPS: tuple[tuple[str, Step], ...] = (
    ("inspection", entering.begin),
    ("cases", entering.take_cases),
    ("judgments", entering.judge),
    ("notes", entering.visit),
    ("points", entering.conclude),
    ("referral", entering.refer),
    ("workbook", weighing.read_workbook),
    ("self-assessment", weighing.accept_exact),
    ("matching", weighing.answer_queue),
    ("comparison", weighing.compare),
    ("debrief", entering.debrief),
    ("search", entering.find),
    ("enrolment", sending.enrol),
    ("export", sending.export),
    ("central ingest", sending.ingest),
    ("receipt", sending.take_receipt),
    ("verification", sending.verify),
)
"""The whole day, in order."""

OPEN_CASES = 6
"""Of the inspector's own cases, those left to be judged by hand in the afternoon."""


def live(told: Told) -> None:
    """Live the whole day; raises :class:`fieldkit.demo.desk.NotAsItMustBeError` at a fault."""
    with Desk.lay() as desk:
        told("vault", f"made in a temporary folder for {desk.vault.person.name}, unlocked")
        for name, step in STEPS:
            said = step(desk)
            found = desk.proved()
            told(name, f"{said} [{found.ops} ops, tables equal to a replay]")
    told("end", "the vault and everything beside it removed")


def prepare(desk: Desk, told: Told) -> None:
    """Bring the vault up to the afternoon, with something of everything left to be done."""
    for name, step in (
        ("inspection", entering.begin),
        ("cases", entering.take_cases),
        ("judgments", lambda desk: entering.judge(desk, leave=OPEN_CASES)),
        ("notes", entering.visit),
        ("points", entering.conclude),
        ("referral", lambda desk: entering.refer(desk, acknowledged=False)),
        ("self-assessment", weighing.accept_exact),
        ("enrolment", sending.enrol),
    ):
        told(name, step(desk))
    sending.stick(desk)
