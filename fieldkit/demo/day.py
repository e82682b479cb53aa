"""A day on site from the first key to central's receipt, on real parts, in a throw-away vault.

The same services run it that screens and commands call. After every step the vault's own check is
made: pages, chain, and tables equal to a replay of the ops.
"""

from __future__ import annotations

from collections.abc import Callable

from fieldkit.demo import comparison, export, feedback, fieldwork
from fieldkit.demo.practice_vault import PracticeVault
from storage.database.facts import Fact

Step = Callable[[PracticeVault], str]
Told = Callable[[str, str], None]
"""Is given the name of a step and a sentence on what came of it."""

STEPS: tuple[tuple[str, Step], ...] = (
    ("inspection", fieldwork.begin),
    ("cases", fieldwork.take_cases),
    ("judgments", fieldwork.judge),
    ("notes", fieldwork.visit),
    ("points", fieldwork.conclude),
    ("referral", fieldwork.refer),
    ("workbook", comparison.read_workbook),
    ("self-assessment", comparison.accept_exact),
    ("matching", comparison.answer_queue),
    ("comparison", comparison.compare),
    ("debrief", feedback.debrief),
    ("hot debrief", feedback.hot_debrief),
    ("written feedback", feedback.write),
    ("search", fieldwork.find),
    ("enrolment", export.enrol),
    ("export", export.export_bundle),
    ("central ingest", export.ingest),
    ("receipt", export.receive_receipt),
    ("verification", export.verify),
)
"""The whole day, in order."""

OPEN_CASES = 6
"""Of the inspector's own cases, those left to be judged by hand in the afternoon."""


def live(progress: Told) -> None:
    """Live the whole day; raises `NotAsItMustBeError` at a fault."""
    with PracticeVault.make() as demo:
        progress("vault", f"made in a temporary folder for {demo.vault.person.name}, unlocked")
        for name, step in STEPS:
            sentence = step(demo)
            checkup = demo.proved()
            progress(name, f"{sentence} [{checkup.ops} ops, tables equal to a replay]")
    progress("end", "the vault and everything beside it removed")


def prepare(demo: PracticeVault, progress: Told) -> None:
    """Bring the vault up to the afternoon, with something of everything left to be done."""
    for name, step in (
        ("inspection", fieldwork.begin),
        ("cases", fieldwork.take_cases),
        ("judgments", lambda demo: fieldwork.judge(demo, leave=OPEN_CASES)),
        ("notes", fieldwork.visit),
        ("points", fieldwork.conclude),
        ("referral", lambda demo: fieldwork.refer(demo, acknowledged=False)),
        ("self-assessment", comparison.accept_exact),
        ("enrolment", export.enrol),
    ):
        progress(name, step(demo))
    offer_own_folders(demo)


def offer_own_folders(demo: PracticeVault) -> None:
    """Let pages offer the practice day's own folders: else bundles would stay behind it."""
    own = {"export": export.stick(demo), "self_assessment": demo.workbook.parent}
    for purpose, folder in own.items():
        demo.vault.set_fact_now(Fact.path(f"folder/{purpose}"), folder)
