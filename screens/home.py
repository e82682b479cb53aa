"""Home: what is done, open, mine, unsent and changed today, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fieldkit import overview
from fieldkit.overview import Overview
from fieldkit.wordings import many
from screens.page import Page
from screens.plain import facts, line, plain

KINDS_SHOWN = 4
"""How many kinds of record the line on what is not sent yet names."""


class HomePage(Page):
    """The inspection at a glance."""

    PAGE = "home"
    DEFAULT_CSS = """
    HomePage #facts { padding: 1 2 0 2; height: auto; }
    HomePage #next { padding: 1 2; height: auto; }
    HomePage #ways { padding: 0 2; height: auto; }
    """

    def body(self) -> Iterable[Widget]:
        """Figures, the next thing, and the ways on."""
        yield Static("", id="title", markup=False)
        yield Static("", id="facts", markup=False)
        yield Static("", id="next", markup=False)
        yield Static("", id="ways", markup=False)

    async def load(self) -> None:
        """Read the figures."""
        seen = await self.vault.read(overview.home, self.inspection_id)
        self.query_one("#title", Static).update(
            plain(f"{seen.force} · {seen.phase} · {seen.state} · {_dates(seen)}")
        )
        self.query_one("#facts", Static).update(
            facts((label, line(text, 96)) for label, text in _facts(seen))
        )
        self.query_one("#next", Static).update(
            Content.assemble(("Next  ", "bold"), plain(seen.next))
        )
        self.query_one("#ways", Static).update(_ways())

    async def action_cases(self) -> None:
        """Go to the cases."""
        await self.fieldkit.go("cases")

    async def action_fieldwork(self) -> None:
        """Go to interviews, focus groups, observations and documents."""
        await self.fieldkit.go("fieldwork")

    async def action_points(self) -> None:
        """Go to the points."""
        await self.fieldkit.go("points")

    async def action_debrief(self) -> None:
        """Go to today's debrief."""
        await self.fieldkit.go("debrief")

    async def action_self_assessment(self) -> None:
        """Read the force's workbook, or go on with the matching."""
        await self.fieldkit.go("self_assessment")

    async def action_compare(self) -> None:
        """Compare our grades with the force's."""
        await self.fieldkit.go("comparison")

    async def action_assess(self) -> None:
        """Judge what is judged on the force."""
        await self.fieldkit.go("assessments")

    async def action_export(self) -> None:
        """Write tonight's bundle."""
        await self.fieldkit.go("export")

    async def action_exchange(self) -> None:
        """Exchange with colleagues and central."""
        await self.fieldkit.go("exchange")

    async def action_conflicts(self) -> None:
        """Go to what has two answers."""
        await self.fieldkit.go("conflicts")

    async def action_referrals(self) -> None:
        """Go to the referrals."""
        await self.fieldkit.go("referrals")

    async def action_queries(self) -> None:
        """Go to the queries on judgments."""
        await self.fieldkit.go("queries")

    async def action_drafts(self) -> None:
        """Go to unsaved text."""
        await self.fieldkit.go("drafts")

    async def action_vault(self) -> None:
        """Go to the vault itself: backups and checks."""
        await self.fieldkit.go("safekeeping")

    async def action_inspections(self) -> None:
        """Choose another inspection."""
        await self.fieldkit.go("inspections")


def _ways() -> Content:
    """Every key of this page in two columns."""
    from screens.commands import registry

    words = [f"{one.key_word}  {one.label}" for one in registry()["home"].commands]
    half = (len(words) + 1) // 2
    left, right = words[:half], [*words[half:], ""]
    return Content("\n").join(
        Content(f"{one:<28}{other}") for one, other in zip(left, right, strict=False)
    )


def _dates(seen: Overview) -> str:
    return f"{seen.starts or '…'} to {seen.ends or '…'}" if seen.starts or seen.ends else "no dates"


def _largest(counts: Mapping[str, int]) -> str:
    """The kinds of record there are most of, and how many records of other kinds."""
    ranked = sorted(counts.items(), key=lambda one: -one[1])
    said = [many(count, kind.replace("_", " ")) for kind, count in ranked[:KINDS_SHOWN]]
    others = sum(count for _, count in ranked[KINDS_SHOWN:])
    return ", ".join(said) + (f" and {others} more" if others else "")


def _facts(seen: Overview) -> list[tuple[str, str]]:
    """What is done, open, mine, unsent and changed today, each in a line of words."""
    unsent = _largest(seen.unsent_of)
    running = "; ".join(f"{one.reference}: {one.clock}" for one in seen.referrals)
    withdrawn = f"; {seen.withdrawn} withdrawn" if seen.withdrawn else ""
    part = f", {seen.part} of them with criteria open" if seen.part else ""
    facts = [
        ("Done", f"{seen.done} of {many(seen.cases, 'case')}{part}{withdrawn}"),
        ("Open", f"{seen.open}, of them {seen.mine} mine"),
        ("Changed today", many(seen.changed_today, "case")),
        ("Unsent", f"{seen.unsent}: {unsent}" if seen.unsent else "nothing; all of it has left"),
        ("Unsaved text", many(seen.drafts, "text") if seen.drafts else "none"),
        ("Referrals", running or "none running"),
    ]
    if seen.queries.for_me or seen.queries.to_settle:
        waiting = [
            f"{many(seen.queries.for_me, 'query', 'queries')} for you" * bool(seen.queries.for_me),
            f"{seen.queries.to_settle} answered, to settle" * bool(seen.queries.to_settle),
        ]
        facts.append(("Queries", "; ".join(filter(None, waiting))))
    if seen.conflicts or seen.conflicts_elsewhere:
        here = f"{many(seen.conflicts, 'conflict')} to decide (k)"
        said = filter(None, (here, seen.conflicts_elsewhere))
        facts.append(("Conflicts", "; ".join(said)))
    # The exchange page says the rest of each.
    facts += [("Note", one.partition(". ")[0]) for one in seen.warnings]
    if seen.backup:
        facts.append(("Backup", f"{seen.backup}: press v"))
    return facts
