"""Made-up dip samples: our list, and the force's rows as typed by hand, with the truth.

Four reference styles; numbers from a window of 1,500 as in a real sample; two thirds of our cases
are the inspectors' own, about a fifth of the force's rows are not on our list. The damage is what
is met in forces' lists: spaces, dashes, O for 0, lost zeros, a "Crime no." before it, a four-digit
year, a wrong digit, two digits swapped, a digit dropped. The seeds are fixed: 0 to 199.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from fieldkit.selfassessment.matching.match_plan import OurCase, RowToMatch

STYLES = ("slash", "dash", "letters", "long")
SEEDS = range(200)
TYPES = (
    "Domestic abuse",
    "Missing children",
    "Child sexual exploitation",
    "Online child sexual abuse",
    "Police protection",
    "Sex offender management",
    "Children detained in police custody",
    "Section 47 enquiries",
)


@dataclass(frozen=True, slots=True)
class DipSample:
    """One inspection: the force's rows, our cases, and for each row its case or None."""

    style: str
    rows: list[RowToMatch]
    cases: list[OurCase]
    truth: dict[int, str | None]


def write(style: str, number: int, year: int) -> str:
    """A reference in one of the four styles; `year` has two digits."""
    if style == "slash":
        return f"42/{number}/{year}"
    if style == "dash":
        return f"CRI-20{year}-{number:06d}"
    if style == "letters":
        return f"13CD/{number:05d}/{year}"
    return f"44{year}{number:07d}"


def _spaces(ref: str, rng: random.Random) -> str:
    if "/" in ref or "-" in ref:
        return rng.choice([ref.replace("/", " / ").replace("-", " - "), f"{ref} ", f"  {ref}"])
    return rng.choice([f"{ref} ", f" {ref}", f"{ref}\u00a0"])


def _dashes(ref: str, rng: random.Random) -> str:
    if "/" in ref:
        return ref.replace("/", rng.choice(["-", "\u2013", " ", "\\"]))
    return ref.replace("-", rng.choice(["/", "\u2013", "\u2011", " "]))


def _letter_o(ref: str, rng: random.Random) -> str:
    zeros = [i for i, ch in enumerate(ref) if ch == "0"]
    if not zeros:
        return ref
    at = rng.choice(zeros)
    return ref[:at] + "O" + ref[at + 1 :]


def _lost_zeros(ref: str, rng: random.Random) -> str:
    for mark in "/-":
        if mark in ref:
            parts = ref.split(mark)
            return mark.join(p.lstrip("0") or "0" if p.isdecimal() else p for p in parts)
    return ref.lstrip("0")


def _prefix(ref: str, rng: random.Random) -> str:
    return rng.choice(["Crime no. ", "crime ref: ", "Ref ", "Crime No "]) + ref


def _long_year(ref: str, rng: random.Random) -> str:
    head, mark, tail = ref.rpartition("/")
    return f"{head}{mark}20{tail}" if mark and len(tail) == 2 else ref


def _digit_places(ref: str) -> list[int]:
    return [i for i, ch in enumerate(ref) if ch.isdecimal()]


def _typo(ref: str, rng: random.Random) -> str:
    at = rng.choice(_digit_places(ref))
    return ref[:at] + rng.choice([d for d in "0123456789" if d != ref[at]]) + ref[at + 1 :]


def _swap(ref: str, rng: random.Random) -> str:
    at = rng.randrange(len(ref) - 1)
    return ref[:at] + ref[at + 1] + ref[at] + ref[at + 2 :]


def _dropped(ref: str, rng: random.Random) -> str:
    at = rng.choice(_digit_places(ref))
    return ref[:at] + ref[at + 1 :]


HARMLESS: tuple[Callable[[str, random.Random], str], ...] = (
    _spaces,
    _dashes,
    _letter_o,
    _lost_zeros,
    _prefix,
    _long_year,
)
HARMFUL: tuple[Callable[[str, random.Random], str], ...] = (_typo, _swap, _dropped)


def damaged(ref: str, rng: random.Random) -> str:
    """Each kind of damage on its own draw: about a third of references are left as they were."""
    for damage in HARMLESS:
        if rng.random() < 0.10:
            ref = damage(ref, rng)
    if rng.random() < 0.20:
        ref = rng.choice(HARMFUL)(ref, rng)
    return ref


def dip_sample(seed: int, *, bare: bool = False, ours: int = 97, force: int = 33) -> DipSample:
    """A sample from a seed. `bare`: references alone, no dates, types or origin on either side."""
    rng = random.Random(seed)
    style = STYLES[seed % len(STYLES)]
    window = rng.randrange(1_000, 90_000)
    year = rng.randrange(22, 27)
    start = dt.date(2000 + year, 1, 1)
    numbers = rng.sample(range(window, window + 1_500), ours + force)

    def day() -> dt.date:
        return start + dt.timedelta(days=rng.randrange(120))

    cases = [
        OurCase(
            id=f"WST-{i + 1:03d}",
            ref=write(style, numbers[i], year),
            types=() if bare else (rng.choice(TYPES),),
            date=None if bare else day().isoformat(),
            origin=None if bare else ("self-assessed" if i < force * 4 // 5 else "inspectors"),
        )
        for i in range(ours)
    ]
    rows: list[RowToMatch] = []
    truth: dict[int, str | None] = {}
    order = list(range(force))
    rng.shuffle(order)
    for row, i in enumerate(order, 6):
        if i < force * 4 // 5:
            case = cases[i]
            types, date, case_id = case.types, case.date, case.id
            if date is not None and rng.random() < 0.1:
                date = (
                    dt.date.fromisoformat(date) + dt.timedelta(days=rng.randrange(1, 6))
                ).isoformat()
            if rng.random() < 0.05:
                types = ()
            ref = case.ref
        else:
            ref, types, case_id = write(style, numbers[ours + i], year), (rng.choice(TYPES),), None
            date = day().isoformat()
            if bare:
                types, date = (), None
        rows.append(RowToMatch(row, damaged(ref, rng), types, date))
        truth[row] = case_id
    return DipSample(style, rows, cases, truth)
