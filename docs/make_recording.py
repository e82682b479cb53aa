"""Record a minute of the practice inspection as one moving picture, docs/pictures/minute.svg.

Run by ``make pictures``. The app is a real one on a real vault; its screen is taken after each
key and written as SVG, whose own animation shows one screen after the other. A browser draws it;
whoever asked their system for less movement sees the first screen only.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPO))

from textual.pilot import Pilot  # noqa: E402

from docs.make_pictures import PICTURES, settled  # noqa: E402
from docs.terminal_svg import HIGH, WIDE, opening, rows  # noqa: E402
from fieldkit.demo.day import prepare  # noqa: E402
from fieldkit.demo.practice_vault import PracticeVault  # noqa: E402
from screens.app import FieldkitApp  # noqa: E402

COLUMNS, ROWS = 80, 24
TYPED = "+ #inv The child was seen alone on the day of the report."
RATIONALE = "Seen alone within two hours; her own words are on the file."


@dataclass(frozen=True)
class Step:
    """Says what is pressed, how long the screen stands after it, and what the viewer reads.

    Attributes:
        keys: one after the other, each with a screen of its own.
        seconds: how long the last of these screens stands.
        caption: what is done, in a few words.
        each: how long each of the screens before stands, in seconds.
        every: how many keys go by from one screen to the next.
    """

    keys: Sequence[str]
    seconds: float
    caption: str
    each: float = 0.25
    every: int = 1


def _typed(text: str) -> list[str]:
    return [{" ": "space", "+": "plus", "#": "number_sign"}.get(one, one) for one in text]


STEPS = (
    Step((), 5, "Home: what burns, what is open, what to do next"),
    Step(("c",), 4, "c  the cases"),
    Step(("end",), 1.5, "the last one is not audited yet"),
    Step(("enter",), 3, "enter  opens it"),
    Step(("1", "1", "2", "1", "n", "2", "1"), 2, "a digit grades, and goes on", each=0.7),
    Step(("2",), 3, "the overall grade comes last, and is never averaged"),
    Step(("enter", *_typed(RATIONALE)), 3, "enter  writes the rationale", each=0.18, every=3),
    Step(("escape",), 3, "esc  keeps it: durable in less than a second"),
    Step(("f5",), 2, "f5 and a letter: from any page to any other"),
    Step(("n",), 4, "n  interviews, observations, documents"),
    Step(("enter",), 3, "enter  opens the first"),
    Step(
        ("n", *_typed(TYPED)),
        3,
        "n  a note: + strength, # criterion, @ who said it",
        each=0.18,
        every=3,
    ),
    Step(("escape",), 3, "esc  keeps it"),
    Step(("f5", "p"), 5, "p  points, and what each rests on"),
    Step(("f5", "d"), 4, "d  the debrief: told, agreed, answered"),
    Step(("f5", "m"), 3, "m  our judgments beside the force's own"),
    Step(("v",), 3, "v  shows the force's grades, once ours are kept"),
    Step(("y",), 4, "both sides, case by case"),
    Step(("d",), 4, "d  each difference, with both rationales"),
    Step(("f5", "e"), 4, "e  one encrypted, signed bundle leaves, and nothing else"),
)
"""A minute of the practice inspection."""


@dataclass
class Screen:
    """Holds one screen: its rows as SVG, what is said below it, and how long it stands."""

    rows: tuple[str, ...]
    caption: str
    seconds: float


async def record(pilot: Pilot[None], *places: Path) -> list[Screen]:
    """Press the keys of every step and return the screens, equal ones after each other as one."""
    screens: list[Screen] = []

    def take(caption: str, seconds: float) -> None:
        drawn = rows(pilot.app, *places)
        if screens and (screens[-1].rows, screens[-1].caption) == (drawn, caption):
            screens[-1].seconds += seconds
        else:
            screens.append(Screen(drawn, caption, seconds))

    for step in STEPS:
        if not step.keys:
            take(step.caption, step.seconds)
        for number, key in enumerate(step.keys, 1):
            await pilot.press(key)
            await settled(pilot)
            if number % step.every == 0 or number == len(step.keys):
                take(step.caption, step.each)
        screens[-1].seconds += step.seconds
    return screens


def moving(screens: Sequence[Screen]) -> str:
    """Return all screens as one SVG; rows that stand in several are written once."""
    numbers: dict[str, int] = {}
    shown, rules, at = [], [], 0.0
    whole = sum(screen.seconds for screen in screens)
    for number, screen in enumerate(screens):
        uses = "".join(
            f'<use href="#r{numbers.setdefault(drawn, len(numbers))}" y="{line * HIGH}"/>'
            for line, drawn in enumerate(screen.rows)
        )
        caption = (
            f'<text class="said" x="{WIDE}" y="{(ROWS + 1.4) * HIGH:.1f}">'
            f"{escape(screen.caption)}</text>"
        )
        still = "" if number else " first"
        shown.append(
            f'<g class="screen{still}" style="animation-name:s{number}">{uses}{caption}</g>'
        )
        begins, ends = (100 * moment / whole for moment in (at, at + screen.seconds))
        before = "" if begins == 0 else "0%{visibility:hidden}"
        rules.append(
            f"@keyframes s{number}{{{before}{begins:.3f}%{{visibility:visible}}"
            f"{ends:.3f}%,100%{{visibility:hidden}}}}"
        )
        at += screen.seconds
    defined = "".join(f'<g id="r{number}">{drawn}</g>' for drawn, number in numbers.items())
    head = (
        "<title>A minute of fieldkit: cases, a case audit, a note, points, debrief, comparison, "
        "export</title>"
        f"<style>.screen{{visibility:hidden;animation:{whole:.1f}s step-end infinite}}"
        ".said{fill:#9fb3c8;font-weight:bold}"
        "@media (prefers-reduced-motion:reduce){.screen{animation:none}"
        f".first{{visibility:visible}}}}{''.join(rules)}</style><defs>{defined}</defs>"
    )
    return f"{opening(COLUMNS * WIDE, (ROWS + 2) * HIGH, head)}{''.join(shown)}</g></svg>\n"


async def run(demo: PracticeVault) -> str:
    """Return the recording of the prepared practice inspection."""
    app = FieldkitApp(demo.vault.folder, inspection=demo.inspection, vault=demo.vault)
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        await settled(pilot)
        return moving(await record(pilot, demo.folder, Path.home()))


def main() -> None:
    """Write docs/pictures/minute.svg."""
    with PracticeVault.make() as demo:
        print("Preparing the practice inspection …")
        prepare(demo, lambda name, said: print(f"  {name}"))
        target = PICTURES / "minute.svg"
        target.write_text(asyncio.run(run(demo)), "utf-8")
        print(f"  {target.relative_to(REPO)}")


if __name__ == "__main__":
    main()
