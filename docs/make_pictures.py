"""Draw docs/pictures anew: every page of the practice inspection at 80×24 and 120×36.

Run by ``make pictures``. The pictures are Textual's own SVG of a real app on a real vault.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPO))

from textual.pilot import Pilot  # noqa: E402

from fieldkit.demo.day import prepare  # noqa: E402
from fieldkit.demo.desk import Desk  # noqa: E402
from screens.app import FieldkitApp  # noqa: E402

PICTURES = REPO / "docs" / "pictures"
SIZES = ((80, 24), (120, 36))

WAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("home", ()),
    ("help", ("f1",)),
    ("cases", ("c",)),
    ("case", ("c", "v", "enter")),
    ("fieldwork", ("n",)),
    ("notes", ("n", "enter")),
    ("points", ("p",)),
    ("trace", ("p", "enter")),
    ("debrief", ("d",)),
    ("referrals", ("r",)),
    ("self-assessment", ("s",)),
    ("comparison", ("m",)),
    ("assessments", ("a",)),
    ("export", ("e",)),
    ("unsaved", ("u",)),
    ("search", ("f3", *"hando")),
    ("history", ("c", "h")),
)
"""Each picture and the keys that lead to it from home."""


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is left to do."""
    app = pilot.app
    assert isinstance(app, FieldkitApp)
    for _ in range(2):
        await app.keys.idle()
        await app.workers.wait_for_complete()
        await pilot.pause()


async def draw(desk: Desk, only: set[str]) -> None:
    """Draw every picture, or those named."""
    for size in SIZES:
        for name, keys in WAYS:
            if only and name not in only:
                continue
            if desk.vault.locked:
                desk.reopen()
            app = FieldkitApp(desk.vault.folder, inspection=desk.inspection, vault=desk.vault)
            async with app.run_test(size=size) as pilot:
                await settled(pilot)
                for key in keys:
                    await pilot.press(key)
                    await app.keys.idle()
                await settled(pilot)
                target = PICTURES / f"{name}-{size[0]}x{size[1]}.svg"
                target.write_text(app.export_screenshot(title="fieldkit"), "utf-8")
            print(f"  {target.relative_to(REPO)}")
    await unlock(desk, only)


async def unlock(desk: Desk, only: set[str]) -> None:
    """The pages before any vault is open."""
    for size in SIZES:
        for name, folder in (("unlock", desk.vault.folder), ("first-run", desk.folder / "none")):
            if only and name not in only:
                continue
            app = FieldkitApp(folder)
            async with app.run_test(size=size) as pilot:
                await settled(pilot)
                if name == "first-run":
                    await pilot.press(*"Ann Smith", "enter")
                    await settled(pilot)
                target = PICTURES / f"{name}-{size[0]}x{size[1]}.svg"
                target.write_text(app.export_screenshot(title="fieldkit"), "utf-8")
            print(f"  {target.relative_to(REPO)}")


def main() -> None:
    """Draw the pictures named on the command line, or all of them."""
    PICTURES.mkdir(exist_ok=True)
    with Desk.lay() as desk:
        print("Preparing the practice inspection …")
        prepare(desk, lambda name, said: print(f"  {name}"))
        asyncio.run(draw(desk, set(sys.argv[1:])))


if __name__ == "__main__":
    main()
