"""Home: what is done, open, mine, unsent and changed today, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from fieldkit.inspections import home
from fieldkit.inspections.home import Overview
from fieldkit.wording.format import line
from fieldkit.wording.labels import of_kind
from screens.kit.commands import registry
from screens.kit.page import Page
from screens.kit.text import facts, plain, texts
from storage.ops.text import many

NOTE = "Note"
FRAME = 2
BLANKS = 3
"""Empty lines of the page where there is room for them."""
MOST = 96
KINDS_SHOWN = 4
"""How many kinds of record the line on what is not sent yet names."""


class HomePage(Page):
    """Shows the inspection at a glance."""

    PAGE = "home"
    DEFAULT_CSS = """
    HomePage #facts { padding: 1 2 0 2; height: auto; }
    HomePage #next { padding: 1 2; height: auto; }
    HomePage #ways { padding: 0 2; height: auto; }
    HomePage.-tight #facts { padding: 0 2; }
    HomePage.-tight #next { padding: 0 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: Overview | None = None

    def body(self) -> Iterable[Widget]:
        """Figures, the next thing, and the ways on."""
        yield from texts("title", "facts", "next", "ways")

    async def load(self) -> None:
        """Read the figures."""
        self._seen = await self.vault.read(home.home, self.inspection_id)
        self._draw()

    def _draw(self) -> None:
        """Draw everything so that the keys stay on the screen however much there is to say."""
        seen = self._seen
        if seen is None:
            return
        width, height = self.app.size
        title = f"{seen.force} · {seen.phase} · {seen.state} · {_dates(seen)}"
        following = plain(f"Next  {seen.next}").wrap(max(width - 4, 20))
        room = height - FRAME - 1 - len(following)
        facts_told, columns = _facts(seen), 2
        tight = len(facts_told) + BLANKS + _rows(columns) > room
        if tight:
            columns = 3
            facts_told = _fewer(facts_told, room - _rows(columns))
        self.set_class(tight, "-tight")
        self.set_text("#title", line(title, width - 2))
        cut = (one.cut(min(width - 20, MOST)) for one in facts_told)
        self.set_text("#facts", facts(cut))
        self.set_text("#next", Content.assemble(("Next  ", "bold"), plain(seen.next)))
        self.set_text("#ways", _ways(columns))


def _commands() -> list[str]:
    return [f"{one.key_word}  {one.label}" for one in registry()["home"].commands]


def _rows(columns: int) -> int:
    """Return how many lines every key takes in so many columns."""
    return -(-len(_commands()) // columns)


def _ways(columns: int) -> Content:
    """Return every key of this page in columns."""
    words, rows = _commands(), _rows(columns)
    wide = 28 if columns == 2 else 24
    lines = ("".join(f"{one:<{wide}}" for one in words[row::rows]) for row in range(rows))
    return Content("\n").join(Content(one.rstrip()) for one in lines)


@dataclass(frozen=True, slots=True)
class _Fact:
    """Holds a line of words; its end, which names the key, stays where the words are cut."""

    label: str
    text: str
    end: str = ""

    def cut(self, width: int) -> tuple[str, str]:
        """Return the label, and the words on one line of so many columns."""
        return self.label, line(self.text, width - len(self.end)) + self.end


def _fewer(rows: list[_Fact], most: int) -> list[_Fact]:
    """So many facts: of several notes the first ones, and how many more the other page tells."""
    over = len(rows) - most
    notes = [one for one in rows if one.label == NOTE]
    if over <= 0 or len(notes) < 2:
        return rows
    first = notes[: max(len(notes) - over - 1, 0)]
    summary = _Fact(
        NOTE, f"{len(notes) - len(first)} notes on clocks, the roster and central", " (x)"
    )
    at = rows.index(notes[0])
    return [*rows[:at], *first, summary, *rows[at + len(notes) :]]


def _dates(seen: Overview) -> str:
    return f"{seen.starts or '…'} to {seen.ends or '…'}" if seen.starts or seen.ends else "no dates"


def _largest(counts: Mapping[str, int]) -> str:
    """Return the kinds of record there are most of, and how many records of other kinds."""
    ranked = sorted(counts.items(), key=lambda one: -one[1])
    named = [of_kind(count, kind) for kind, count in ranked[:KINDS_SHOWN]]
    others = sum(count for _, count in ranked[KINDS_SHOWN:])
    return ", ".join(named) + (f" and {others} more" if others else "")


def _facts(seen: Overview) -> list[_Fact]:
    """Return what is done, open, mine, unsent and changed today, each in a line of words."""
    unsent = _largest(seen.unsent_of)
    running = "; ".join(f"{one.reference}: {one.clock}" for one in seen.referrals)
    withdrawn = f"; {seen.withdrawn} withdrawn" if seen.withdrawn else ""
    part = f", {seen.part} of them with criteria open" if seen.part else ""
    rows = [
        _Fact("Done", f"{seen.done} of {many(seen.cases, 'case')}{part}{withdrawn}"),
        _Fact("Open", f"{seen.open}, of them {seen.mine} mine"),
        _Fact("Changed today", many(seen.changed_today, "case")),
        _Fact(
            "Unsent", f"{seen.unsent}: {unsent}" if seen.unsent else "nothing; all of it has left"
        ),
        _Fact("Unsaved text", many(seen.drafts, "text") if seen.drafts else "none"),
        _Fact("Referrals", running or "none running"),
    ]
    if seen.queries.for_me or seen.queries.to_settle:
        waiting = [
            f"{many(seen.queries.for_me, 'query', 'queries')} for you" * bool(seen.queries.for_me),
            f"{seen.queries.to_settle} answered, to settle" * bool(seen.queries.to_settle),
        ]
        rows.append(_Fact("Queries", "; ".join(filter(None, waiting))))
    if seen.conflicts and not seen.conflicts_elsewhere:
        rows.append(_Fact("Conflicts", f"{seen.conflicts} to decide", " (k)"))
    elif seen.conflicts_elsewhere:
        decide = f"{seen.conflicts} to decide (k)" if seen.conflicts else "none here"
        rows.append(_Fact("Conflicts", f"{decide}; {seen.conflicts_elsewhere}", " (i)"))
    if seen.look_again:
        rows.append(_Fact("Look again", many(seen.look_again, "thing"), " (z)"))
    if seen.deleted:
        rows.append(_Fact("Deleted", seen.deleted, " (l)"))
    if seen.copies:
        rows.append(_Fact("Open copies", seen.copies, " (o)"))
    # The exchange page says the rest of each.
    rows += [_Fact(NOTE, one.partition(". ")[0], " (x)") for one in seen.warnings]
    if seen.backup:
        rows.append(_Fact("Backup", seen.backup, ": press v"))
    return rows
