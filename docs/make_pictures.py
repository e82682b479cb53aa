"""Draw docs/pictures anew: every page of the practice inspection at 80×24 and 120×36.

Run by ``make pictures``. The pictures are of a real app on a real vault.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

REPO = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPO))

from sqlmodel import Session  # noqa: E402
from textual.pilot import Pilot  # noqa: E402
from textual.screen import ModalScreen  # noqa: E402

from docs.terminal_svg import still  # noqa: E402
from fieldkit.casework import judging  # noqa: E402
from fieldkit.casework.cases import add_case  # noqa: E402
from fieldkit.casework.reveals import reveal_all  # noqa: E402
from fieldkit.demo.comparison import answer_queue  # noqa: E402
from fieldkit.demo.day import prepare  # noqa: E402
from fieldkit.demo.practice_vault import PracticeVault  # noqa: E402
from fieldkit.followup.action_plans import intend, receive_plan  # noqa: E402
from fieldkit.followup.context import weigh  # noqa: E402
from fieldkit.followup.publication import publish  # noqa: E402
from fieldkit.followup.recommendations import recommend  # noqa: E402
from fieldkit.followup.status import comment, set_status  # noqa: E402
from fieldkit.inspections import inspections  # noqa: E402
from fieldkit.selfassessment.import_workbook import remove_import  # noqa: E402
from screens.app import FieldkitApp  # noqa: E402
from screens.kit.drawing.themes import NAMES  # noqa: E402
from storage.database.facts import Fact  # noqa: E402
from storage.records import Inspection, Point, SelfAssessment  # noqa: E402
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

AFTER: Ways = (
    ("recommendations", ("f5", "f", "down")),
    ("context", ("f5", "f", "c")),
    ("calendar", ("f5", "1")),
    ("action-plan", ("f5", "2")),
    ("report", ("f5", "4")),
    ("outcomes", ("f5", "5")),
    ("force", ("f5", "6")),
    ("practice", ("f5", "7")),
)
"""Those after the site: the report is published, and the force has sent its action plan."""

REVIEW: Ways = (("follow-up", ("f5", "3")),)
"""That of a review, which follows the practice inspection."""

READING: Ways = tuple(
    (name, ("s", *["enter"] * number))
    for number, name in enumerate(("sheet", "columns", "grade-words", "problems", "exact"), 1)
)
"""Those of a workbook that is being read, before anything of it is taken in."""


RECOMMENDED = (
    (
        "Set the risk to a missing child again at each handover, and write why.",
        "immediately",
        "head of crime",
    ),
    (
        "Record what the child saw, said and seemed, in every call to domestic abuse.",
        "within three months",
        "head of response",
    ),
    (
        "Give the child abuse unit the detectives of its establishment.",
        "within six months",
        "assistant chief constable",
    ),
)
"""Wordings, deadlines and who answers for it at the force."""

CONTEXT = {
    "resources": "Two posts stay empty until the spring.",
    "partners": "Nothing of it depends on a partner.",
    "feasibility": "The form exists; the south uses it.",
}
"""What is said of the force's context, by question."""


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


async def draw(demo: PracticeVault, ways: Ways, only: set[str], of: str = "") -> None:
    """Draw every picture of some ways, or those named; the end of a name says the look.

    They are of the inspection whose id is given, or of the practice inspection.
    """
    for size in SIZES:
        for name, keys in ways:
            if only and name not in only:
                continue
            if demo.vault.locked:
                demo.reopen()
            os.environ.pop("NO_COLOR", None)
            if name.endswith("-no-colour"):
                os.environ["NO_COLOR"] = "1"
            app = FieldkitApp(demo.vault.folder, inspection=of or demo.inspection, vault=demo.vault)
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


def follow(demo: PracticeVault) -> str:
    """Recommend, publish and receive an action plan; return the id of a review that follows."""
    if demo.vault.locked:
        demo.reopen()

    def work(s: Session) -> str:
        found = [one for one in records_in(s, Point, demo.inspection) if one.sort == "concern"]
        made = [
            recommend(s, demo.inspection, wording, [found[0].id], deadline=limit, owner=owner)
            for wording, limit, owner in RECOMMENDED
        ]
        s.flush()
        for key, answer in CONTEXT.items():
            weigh(s, made[0].id, key, answer)
        publish(s, demo.inspection, reason="The report was shared with the force.")
        s.flush()
        plan = receive_plan(s, demo.inspection)
        s.flush()
        intend(s, plan.id, made[0].id, "Sergeants set the risk again, on a new form.")
        set_status(s, made[0].id, "being progressed")
        comment(s, made[0].id, "The form is in use in the south of the force.", of_force=True)
        before = s.get_one(Inspection, demo.inspection)
        begins = date.today() + timedelta(days=182)
        review = inspections.create(
            s,
            force=before.force,
            methodology=before.methodology,
            phase="review",
            follows=demo.inspection,
            starts=begins.isoformat(),
            ends=(begins + timedelta(days=2)).isoformat(),
        )
        s.flush()
        case = add_case(s, review.id, "WSH-201", types=["missing"], another=True)
        s.flush()
        judging.grade(s, case.id, found[0].criterion, "good", "Set again at each handover.")
        return review.id

    return demo.vault.write_now(work)


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
        review = follow(demo)
        asyncio.run(draw(demo, AFTER, only))
        asyncio.run(draw(demo, REVIEW, only, review))


if __name__ == "__main__":
    main()
