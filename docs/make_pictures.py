"""Draw docs/pictures anew: every page of the practice inspection at 80×24 and 120×36.

Run by ``make pictures``. The pictures are of a real app on a real vault.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Literal

REPO = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPO))

from textual.pilot import Pilot  # noqa: E402
from textual.screen import ModalScreen  # noqa: E402

from docs.terminal_svg import still  # noqa: E402
from fieldkit.casework.reveals import reveal_all  # noqa: E402
from fieldkit.demo.comparison import answer_queue  # noqa: E402
from fieldkit.demo.day import prepare  # noqa: E402
from fieldkit.demo.practice_vault import PracticeVault  # noqa: E402
from fieldkit.selfassessment.import_workbook import remove_import  # noqa: E402
from screens.app import FieldkitApp  # noqa: E402
from screens.kit.drawing.themes import NAMES  # noqa: E402
from storage.database.facts import Fact  # noqa: E402
from storage.records import SelfAssessment  # noqa: E402
from storage.records.lookup import records_in  # noqa: E402

PICTURES = REPO / "docs" / "pictures"
SIZES = ((80, 24), (120, 36))

Ways = tuple[tuple[str, tuple[str, ...]], ...]

WAYS: Ways = (
    ("home", ()),
    ("help", ("f1",)),
    ("cases", ("c",)),
    ("case", ("c", "enter")),
    ("fieldwork", ("n",)),
    ("notes", ("n", "enter")),
    ("points", ("p",)),
    ("trace", ("p", "enter")),
    ("coverage", ("g", "end")),
    ("debrief", ("d",)),
    ("handover", ("w",)),
    ("referrals", ("r",)),
    ("queries", ("q",)),
    ("look-again", ("z",)),
    ("self-assessment", ("s",)),
    ("comparison", ("m",)),
    ("assessments", ("a",)),
    ("exchange", ("x",)),
    ("join", ("x", "j")),
    ("export", ("e",)),
    ("leaving", ("b",)),
    ("names", ("y",)),
    ("vault", ("v",)),
    ("settings", ("j",)),
    ("inspections", ("i",)),
    ("audit", ("t",)),
    ("conflicts", ("k",)),
    ("deleted", ("l",)),
    ("copies", ("o",)),
    ("unsaved", ("u",)),
    ("places", ("f5",)),
    ("palette", ("ctrl+p", *"exp")),
    ("dialog", ("c", "w")),
    ("home-light", ()),
    ("home-contrast", ()),
    ("home-plain", ()),
    ("case-light", ("c", "enter")),
    ("case-contrast", ("c", "enter")),
    ("cases-no-colour", ("c",)),
    ("search", ("f3", *"hando")),
    ("history", ("c", "h")),
)
"""Each picture and the keys that lead to it from home."""

MATCHED: Ways = (
    ("summary", ("s",)),
    ("crosstab", ("m",)),
    ("crosstab-light", ("m",)),
    ("crosstab-contrast", ("m",)),
    ("case-types", ("m", *["tab"] * 2)),
    ("criteria", ("m", *["tab"] * 3)),
    ("differences", ("m", "d")),
    ("rationales", ("m", "d", "enter")),
    ("agreement", ("m", *["tab"] * 5)),
    ("in-parts", ("m", *["tab"] * 6)),
    ("then-and-now", ("m", *["tab"] * 7)),
    ("left-over", ("m", *["tab"] * 8)),
)
"""Those of the afternoon: the queue is answered and the force's grades are revealed."""

READING: Ways = tuple(
    (name, ("s", *["enter"] * number))
    for number, name in enumerate(("sheet", "columns", "grade-words", "problems", "exact"), 1)
)
"""Those of a workbook that is being read, before anything of it is taken in."""


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is left to do but, perhaps, to answer a dialog."""
    app = pilot.app
    assert isinstance(app, FieldkitApp)
    for _ in range(2):
        await app.keys.idle()
        if not isinstance(app.screen, ModalScreen):
            await app.workers.wait_for_complete()
        await pilot.pause()


def _glyphs(look: str) -> Literal["full", "plain"]:
    return "plain" if look == "plain" else "full"


async def draw(demo: PracticeVault, ways: Ways, only: set[str]) -> None:
    """Draw every picture of some ways, or those named; the end of a name says the look."""
    for size in SIZES:
        for name, keys in ways:
            if only and name not in only:
                continue
            if demo.vault.locked:
                demo.reopen()
            os.environ.pop("NO_COLOR", None)
            if name.endswith("-no-colour"):
                os.environ["NO_COLOR"] = "1"
            app = FieldkitApp(demo.vault.folder, inspection=demo.inspection, vault=demo.vault)
            look = name.rpartition("-")[2]
            app.choose_look(
                look if look in NAMES else "dark", "plain" if look == "plain" else "full"
            )
            async with app.run_test(size=size) as pilot:
                await settled(pilot)
                for key in keys:
                    await pilot.press(key)
                    await app.keys.idle()
                    await pilot.pause()
                await settled(pilot)
                keep(app, name, demo)


def keep(app: FieldkitApp, name: str, demo: PracticeVault) -> None:
    """Write the screen as a picture of that name."""
    target = PICTURES / f"{name}-{app.size.width}x{app.size.height}.svg"
    target.write_text(still(app, demo.folder, Path.home()), "utf-8")
    print(f"  {target.relative_to(REPO)}")


def match(demo: PracticeVault) -> None:
    """Answer the queue, and reveal what may be revealed."""
    if demo.vault.locked:
        demo.reopen()
    answer_queue(demo)
    demo.vault.write_now(reveal_all, demo.inspection)


def begin_again(demo: PracticeVault) -> None:
    """Take the force's workbook out, and have it offered as the latest of its folder."""
    if demo.vault.locked:
        demo.reopen()
    (taken,) = demo.vault.read_now(records_in, SelfAssessment, demo.inspection)
    demo.vault.write_now(remove_import, taken.id, "drawn anew")
    demo.vault.set_fact_now(Fact.path("folder/self_assessment"), demo.workbook.parent)
    os.utime(demo.workbook)


async def unlock(demo: PracticeVault, only: set[str]) -> None:
    """Draw the pages before any vault is open."""
    for size in SIZES:
        for name, folder in (("unlock", demo.vault.folder), ("first-run", demo.folder / "none")):
            if only and name not in only:
                continue
            app = FieldkitApp(folder)
            async with app.run_test(size=size) as pilot:
                await settled(pilot)
                if name == "first-run":
                    await pilot.press(*"Ann Smith", "enter")
                    await settled(pilot)
                keep(app, name, demo)


def main() -> None:
    """Draw the pictures named on the command line, or all of them."""
    PICTURES.mkdir(exist_ok=True)
    with PracticeVault.make() as demo:
        print("Preparing the practice inspection …")
        prepare(demo, lambda name, said: print(f"  {name}"))
        only = set(sys.argv[1:])
        asyncio.run(draw(demo, WAYS, only))
        match(demo)
        asyncio.run(draw(demo, MATCHED, only))
        begin_again(demo)
        asyncio.run(draw(demo, READING, only))
        asyncio.run(unlock(demo, only))


if __name__ == "__main__":
    main()
