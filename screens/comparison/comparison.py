"""The comparison: three tables, agreement, differences worst first, and what is left over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlmodel import Session
from textual import on, work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from fieldkit.casework.reveals import reveal_all
from fieldkit.comparison import assemble, earlier
from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.disparities import Disparity
from fieldkit.service import methodology_of
from screens.casework.ask_query import moderate, put_query
from screens.comparison import agreement, differences, panes
from screens.comparison.differences import Rationales
from screens.comparison.grid import joined, text
from screens.evidence.make_point import point_from
from screens.kit.dialogs import Choice, Confirm, Pick
from screens.kit.page import Named, Page
from screens.kit.text import plain, texts
from storage.ops.text import many
from storage.records import ForceRow, Query
from storage.records.judgment import OVERALL, judgment_id
from storage.records.lookup import records_in

Drawing = Callable[[Comparison, int], Content]
PANES: tuple[tuple[str, Drawing | None], ...] = (
    ("Cross-tab", panes.crosstab),
    ("Ours alone", panes.ours_alone),
    ("Types", panes.types),
    ("Criteria", panes.criteria),
    ("Differences", None),
    ("Agreement", agreement.agreement),
    ("In parts", agreement.parts),
    ("Then and now", agreement.then_and_now),
    ("Unmatched and problems", panes.left_over),
)
DIFFERENCES, THEN_AND_NOW = 4, 7


@dataclass(frozen=True)
class Seen:
    """Holds what the page shows.

    Attributes:
        comparison: as far as the force's grades may be shown.
        rows: how many rows of the force there are.
        scale: the grades of a case, best first.
        queried: case and criterion of the judgments with a query that is not settled.
    """

    comparison: Comparison
    rows: int
    scale: tuple[str, ...]
    queried: frozenset[tuple[str, str]] = frozenset()

    @property
    def ready(self) -> int:
        """Return matched cases with our overall grade committed that are not revealed."""
        return len(self.comparison.to_reveal)

    @property
    def early(self) -> int:
        """Return matched cases whose overall grade of ours is not committed."""
        return len(self.comparison.to_grade)


def _see(session: Session, inspection_id: str, previous: str = "") -> Seen:
    comparison = assemble.comparison(session, inspection_id, previous=previous)
    rows = records_in(session, ForceRow, inspection_id)
    return Seen(
        comparison=comparison,
        rows=len(rows),
        scale=methodology_of(session, inspection_id).scale_for("case").labels,
        queried=frozenset(
            (one.case_id, one.criterion)
            for one in records_in(session, Query, inspection_id)
            if one.state in ("open", "answered")
        ),
    )


class ComparisonPage(Page):
    """Shows our grades beside the force's."""

    PAGE = "comparison"
    CSS_PATH = "comparison.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._seen: Seen | None = None
        self._pane = 0
        self._previous = ""

    def body(self) -> Iterable[Widget]:
        """Yield the names of the tables, what is not shown yet, and the table."""
        yield from texts("title", "said", "columns")
        with VerticalScroll(id="pane"):
            yield Static("", id="table", markup=False)
        yield OptionList(id="differences", markup=False)
        yield Static("", id="hint", markup=False)

    async def load(self) -> None:
        """Compare."""
        self._seen = await self.vault.read(_see, self.inspection_id, self._previous)
        self._draw()

    @property
    def _found(self) -> list[Disparity]:
        """Return the differences: of the overall grades, then of the criteria."""
        if self._seen is None:
            return []
        comparison = self._seen.comparison
        return [*comparison.disparities, *comparison.criterion_disparities]

    def _draw(self) -> None:
        assert self._seen is not None
        width = self.columns()
        self.set_text("#title", _strip(self._pane, self.app.size.width))
        self.set_text("#said", _said(self._seen))
        listed = self.query_one("#differences", OptionList)
        force = self._seen.comparison.self_assessed.force
        pane = self.query_one("#pane", VerticalScroll)
        columns = self.query_one("#columns", Static)
        draw = PANES[self._pane][1]
        shown_as = draw
        if draw is not None:
            draw = _as_shown(self._seen, draw)
        at_list = draw is None and bool(self._found)
        listed.display = columns.display = at_list
        pane.display = not at_list
        if at_list:
            at = listed.highlighted or 0
            columns.update(plain(differences.column_words(width)))
            listed.set_options(
                [Option(one) for one in differences.drawn(self._found, width, self._seen.queried)]
            )
            listed.highlighted = min(at, len(self._found) - 1)
            listed.focus()
        else:
            none = (
                f"Differences are listed {panes.once_shown(self._seen.comparison)}"
                if self._seen.ready or (self._seen.early and not any(force))
                else differences.NOTHING
            )
            shown = draw(self._seen.comparison, width) if draw else plain(none)
            self.set_text("#table", shown)
            pane.focus()
        at_earlier = shown_as is agreement.then_and_now
        idle = [] if self._seen.ready else ["reveal_all"]
        idle += [] if at_list else ["open", "point"]
        self.offer(without=idle, first=["earlier"] if at_earlier else [])
        all_shown = self._seen.rows and not (self._seen.early or self._seen.ready)
        then = "v  reveal all" if self._seen.ready else "w  hand over" if all_shown else ""
        offered = ("tab  next table", "d  differences", then, "esc  back")
        hint = "     ".join(filter(None, offered))
        if at_list:
            hint = "enter  both rationales   p  point   q  query   g  ours changed   o  open case"
        elif at_earlier:
            hint = "e  choose the earlier inspection     tab  next table     esc  back"
        self.set_text("#hint", hint)

    def action_next_table(self, by: int) -> None:
        """Go to the next table, or to the one before."""
        self._go_to((self._pane + by) % len(PANES))

    def action_differences(self) -> None:
        """Go straight to the differences."""
        self._go_to(DIFFERENCES)

    def _go_to(self, pane: int) -> None:
        self._pane = pane
        if self._seen is not None:
            self._draw()
            self.query_one("#pane").scroll_home(animate=False)

    @work
    async def action_earlier(self) -> None:
        """Choose the inspection that stands beside this one."""
        known = await self.vault.read(earlier.others, self.inspection_id)
        if not known:
            self.fieldkit.say("No other inspection is kept here. One comes by “home, i”.")
            return
        choices = [Choice(one.id, one.force, earlier.called(one)) for one in known]
        chosen = await self.app.push_screen_wait(Pick("Which earlier inspection?", choices))
        if chosen is not None:
            self._previous = chosen
            await self.load()
            self._go_to(THEN_AND_NOW)

    @work
    async def action_reveal_all(self) -> None:
        """Reveal every matched case whose overall grade of ours is committed."""
        if self._seen is None:
            return
        if not self._seen.ready:
            self.fieldkit.say(_nothing_to_reveal(self._seen))
            return
        asked = Confirm(
            f"Show the force's grades of {many(self._seen.ready, 'case')}?\n\nIt is recorded for "
            "each, with our overall grade as it stands now. From then on our overall grade of such "
            "a case changes only with a reason.",
            yes="show them",
            no="not yet",
        )
        if await self.app.push_screen_wait(asked):
            await self.tried(self.vault.write(reveal_all, self.inspection_id))
            await self.load()
            await self.fieldkit.refresh_frame()

    # --- one difference ---

    @property
    def _difference(self) -> Disparity | None:
        listed = self.query_one("#differences", OptionList)
        if not listed.display or listed.highlighted is None or not self._found:
            return None
        return self._found[listed.highlighted]

    def _asked(self, key: str) -> Disparity | None:
        """Return the difference a key is pressed on; where there is none, say how to get there."""
        if self._difference is None:
            self.fieldkit.say(f"Go to a difference first (d), then press {key}.")
        return self._difference

    @property
    def subject(self) -> Named | None:
        """Return the case of the difference the cursor is on."""
        difference = self._difference
        return ("case", difference.case_id, difference.reference) if difference else None

    @on(OptionList.OptionSelected, "#differences")
    @work
    async def action_open(self) -> None:
        """See both rationales side by side; elsewhere go to the differences."""
        if self._difference is None:
            self.action_differences()
            return
        listed = self.query_one("#differences", OptionList)
        shown = Rationales(self._found, listed.highlighted or 0)
        wanted = await self.app.push_screen_wait(shown)
        listed.highlighted = shown.at
        if wanted:
            await self.run_action(f"screen.{wanted}")

    @work
    async def action_point(self) -> None:
        """Make a point that rests on our judgment of the difference."""
        if (difference := self._asked("p")) is None:
            return
        key = difference.criterion or OVERALL
        label = f"{difference.reference}, {difference.criterion or 'overall'}"
        await point_from(
            self.fieldkit, "judgment", judgment_id(difference.case_id, key), label, key
        )

    @work
    async def action_query(self) -> None:
        """Put a question to the auditor of our judgment."""
        if (difference := self._asked("q")) is None:
            return
        called = f"{difference.reference}, {difference.criterion or 'overall'}"
        await put_query(self.fieldkit, difference.case_id, difference.criterion or OVERALL, called)
        await self.load()

    @work
    async def action_moderate(self) -> None:
        """Record that we changed our grade after discussion, with the reason."""
        difference = self._difference
        if difference is None or self._seen is None or difference.criterion:
            self.fieldkit.say("Go to a difference of an overall grade first (d), then press g.")
            return
        choices = [Choice(word, word) for word in self._seen.scale]
        title = f"{difference.reference}: our grade after discussion"
        grade = await self.app.push_screen_wait(Pick(title, choices, difference.ours))
        if grade is None or grade == difference.ours:
            return
        await moderate(self.fieldkit, difference.case_id, difference.reference, grade)
        await self.load()

    async def action_open_case(self) -> None:
        """Open the case of the difference."""
        if (difference := self._asked("o")) is None:
            return
        order = list(dict.fromkeys(each.case_id for each in self._found))
        await self.fieldkit.go("case", case_id=difference.case_id, order=order)


def _as_shown(seen: Seen, draw: Drawing) -> Drawing:
    """Return what draws a pane; while grades are hidden no nought is shown as a fact."""
    table = seen.comparison.self_assessed
    nothing = table.not_revealed and not any(table.force)
    if nothing and draw in (agreement.agreement, agreement.parts):
        return lambda made, width: joined(
            text(f"Agreement is measured {panes.once_shown(made)}", width)
        )
    return draw


def _strip(pane: int, width: int) -> Content:
    """Return the names of the tables, the one shown in brackets."""
    parts = [
        (f"[{name}]", "bold") if at == pane else (f" {name} ", "dim")
        for at, (name, _) in enumerate(PANES)
    ]
    whole = Content.assemble(*parts)
    short = f"{pane + 1} of {len(PANES)}: {PANES[pane][0]}"
    return whole if len(whole.plain) <= width - 2 else Content(short)


def _said(seen: Seen) -> str:
    """Return what is not shown yet, and the next key."""
    if not seen.rows:
        return (
            "The force's workbook has not been read yet, so only our own grades are shown. "
            "On home, s reads it."
        )
    sentences = [panes.ready_words(seen.ready)]
    if seen.early:
        verb = "has" if seen.early == 1 else "have"
        them = "it" if seen.early == 1 else "them"
        sentences.append(
            f"{many(seen.early, 'matched case')} {verb} no overall grade of ours yet: "
            f"grade {them} first."
        )
    if not seen.ready and not seen.early:
        sentences.append("The force's grade of every matched case is shown.")
    return " ".join(filter(None, sentences))


def _nothing_to_reveal(seen: Seen) -> str:
    if not seen.rows:
        return "The force's workbook has not been read yet; on home, s reads it."
    if seen.early:
        return "Commit our overall grade of the matched cases first; then theirs can be shown."
    return "The force's grade of every matched case is shown already."
