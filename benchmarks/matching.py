"""Matching a force's rows with our cases."""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from benchmarks.invented import Inventor
from benchmarks.row import Bench, Measured, Row, alternate
from fieldkit.selfassessment.matching.finder import CANDIDATES
from fieldkit.selfassessment.matching.match_plan import OurCase, RowToMatch, match
from fieldkit.selfassessment.matching.references import reference


def measure(bench: Bench) -> Measured:
    """Plan the whole matching; the loop only ranks the same references."""
    number = 100 if bench.quick else 1000
    rows, cases = _sample(number)
    ours, theirs = [one.ref for one in rows], [one.ref for one in cases]

    def plan() -> None:
        reference.cache_clear()
        match(rows, cases)

    def loop() -> None:
        for one in ours:
            process.extract(one, theirs, scorer=OSA.normalized_similarity, limit=CANDIDATES)

    return alternate(bench.turns(9), plan, loop)


def _sample(number: int) -> tuple[list[RowToMatch], list[OurCase]]:
    """Make as many rows as cases: half typed alike, others with a slip, or of no case."""
    invent = Inventor(42)
    rows: list[RowToMatch] = []
    cases: list[OurCase] = []
    for at in range(number):
        ref = invent.reference()
        date = f"2026-0{invent.number(1, 6)}-{invent.number(10, 28)}"
        sort = (invent.one("missing", "domestic-abuse", "custody"),)
        cases.append(OurCase(f"case {at}", ref, sort, date))
        typed = invent.one("same", "same", "same", "written", "slip", "slip", "other")
        if typed == "written":
            ref = f"Crime ref {ref.replace('/', '-')}"
        elif typed == "slip":
            place = invent.number(3, 8)
            ref = ref[:place] + str(invent.number(0, 9)) + ref[place + 1 :]
        elif typed == "other":
            ref = invent.reference()
        rows.append(RowToMatch(at + 2, ref, sort, date))
    return rows, cases


ROW = Row(
    "matching",
    "matching 1,000 × 1,000 references",
    "a loop of RapidFuzz process.extract",
    0.6,
    measure,
)
