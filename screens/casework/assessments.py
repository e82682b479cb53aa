"""The areas judged on the force as a whole: a grade or a state, and the rationale."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from sqlmodel import Session
from textual import events, on, work
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static, TextArea
from textual.widgets.option_list import Option

from fieldkit.casework import judging
from fieldkit.evidence.gaps.coverage import Row, coverage, gap_words, methods
from fieldkit.methodology import Area, Methodology
from fieldkit.service import methodology_of
from screens.casework.case_texts import FieldPanel
from screens.kit.ask import ask, commit
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.keys import key
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.panel_list import PanelList
from screens.kit.drawing.rows import between, cut, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign
from screens.kit.page import Named, Page
from storage.feed import drafts
from storage.records import Assessment
from storage.records.judgment import assessment_id, assessments

Found = tuple[Methodology, dict[str, Assessment], dict[str, str], dict[str, Row]]


def _read(s: Session, inspection_id: str) -> Found:
    """Return methodology, what is judged by criterion, unsaved rationales, what each rests on."""
    waiting = {one.place: one.text for one in drafts.listed(s) if one.field == "rationale"}
    rests = {one.criterion: one for one in coverage(s, inspection_id).rows}
    return methodology_of(s, inspection_id), assessments(s, inspection_id), waiting, rests


class AreaList(PanelList):
    """Lists the areas; digits grade the one the cursor is on."""

    BINDINGS: ClassVar = [
        Binding(str(digit), f"screen.digit({digit})", show=False) for digit in range(1, 10)
    ]


class AssessmentsPage(Page):
    """Shows the areas at the left, the rationale at the right; digits grade.

    Args:
        writing: begin in the rationale that was typed and not kept.
    """

    PAGE = "assessments"
    CSS_PATH = "assessments.tcss"

    def __init__(self, *, writing: bool = False) -> None:
        super().__init__()
        self._writing = writing
        self._areas: tuple[Area, ...] = ()
        self._words: Methodology | None = None
        self._judged: dict[str, Assessment] = {}
        self._drafts: dict[str, str] = {}
        self._rests: dict[str, Row] = {}

    def body(self) -> Iterable[Widget]:
        """Yield the areas, the scale, the words, and what an area rests on."""
        with Horizontal(id="audit"):
            with Vertical(id="areas"):
                yield AreaList(id="rows", markup=False)
                yield Panel("Scale", id="scale")
            with Vertical(id="words"):
                yield Static("", id="prompt", markup=False)
                rationale = FieldPanel("", "rationale", "Rationale", id="rationale")
                rationale.panel_title = "Rationale"
                yield rationale
            yield Panel("What it rests on", id="rests")

    async def load(self) -> None:
        """Read what is judged."""
        await self._fetch()
        typed = [at for at, area in enumerate(self._areas) if self._place(area) in self._drafts]
        if self._writing and typed:
            self.query_one(AreaList).highlighted = typed[0]
            self._turn()
            self.query_one(FieldPanel).focus()
        elif self.typing_in is None:
            self.query_one(AreaList).focus()
        self._writing = False

    async def _fetch(self) -> None:
        await self.fieldkit.typing.save()
        read = await self.vault.read(_read, self.inspection_id)
        self._words, self._judged, self._drafts, self._rests = read
        self._areas = self._words.criteria_on("force", overall=True)
        self._draw()

    def _draw(self) -> None:
        assert self._words is not None
        listed, grades = self.query_one(AreaList), Grades(self._words.scale_for("force"))
        at = listed.highlighted or 0
        width = listed.room or self.columns(6)
        listed.set_options([Option(self._drawn(one, grades, width)) for one in self._areas])
        listed.highlighted = min(at, len(self._areas) - 1) if self._areas else None
        done = sum(bool(self._value(one)) for one in self._areas)
        listed.edges(
            title="The force as a whole",
            figure=Content.assemble((f"{done}", "bold $foreground"), f" of {len(self._areas)}"),
        )
        self.query_one("#scale", Panel).show(
            lambda width: self._scale(grades, width),
            legend=Content.assemble(key("u"), " ", grades.chip("unable to judge"), " unable"),
        )

    @on(PanelList.Resized)
    def _redraw(self) -> None:
        """Draw the areas to the columns that there are now."""
        if self._words is not None:
            self._draw()

    def _drawn(self, area: Area, grades: Grades, width: int) -> Content:
        judged, shown = self._judged.get(area.key), self._value(area)
        if self._place(area) in self._drafts:
            mark = sign("typing")
        elif judged is not None and judged.rationale:
            mark = sign("text")
        else:
            mark = sign("no text") if shown else Content(" ")
        right = Content.assemble(mark, " ", grades.chip(shown))
        first, *more = wrapped(area.label, max(width - right.cell_length - 1, 10))
        return lines([between(first, right, width), *more])

    def _scale(self, grades: Grades, width: int) -> Content:
        assert self._words is not None
        labels = self._words.scale_for("force").labels
        return lines(
            [
                cut(
                    Content.assemble(
                        key(str(number)), " ", grades.chip_and_word(label, coloured=True)
                    ),
                    width,
                )
                for number, label in enumerate(labels, 1)
            ]
        )

    def _rest(self, area: Area, width: int) -> Content:
        """Say how often the area was looked at, by method, and where nothing was."""
        row = self._rests.get(area.key)
        if row is None:
            return lines(wrapped(muted("It rests on all areas together."), width))
        known = methods()
        shown = [
            between(
                known[cell.method].kind,
                sign("thin", "0") if cell.gap else strong(f"{cell.count:,}"),
                width,
            )
            for cell in row.cells
            if cell.applies
        ]
        shown.append(
            between(
                "noted",
                Content.assemble(
                    sign("strength", f"{row.strengths:,}"),
                    "  ",
                    sign("concern", f"{row.concerns:,}"),
                ),
                width,
            )
        )
        if gap := gap_words(row):
            shown += [Content(""), *wrapped(sign("thin", gap), width)]
        return lines(shown)

    def _value(self, area: Area) -> str:
        judged = self._judged.get(area.key)
        if judged is None or judged.state == "not judged":
            return ""
        return judged.said

    def _place(self, area: Area) -> str:
        return f"assessment/{self._record_id(area)}"

    def _record_id(self, area: Area) -> str:
        return assessment_id(self.inspection_id, area.key)

    @property
    def area(self) -> Area | None:
        """Return the area the cursor is on."""
        number = self.query_one(AreaList).highlighted
        return self._areas[number] if number is not None and self._areas else None

    @on(OptionList.OptionHighlighted, "#rows")
    def _turn(self) -> None:
        """Show the words of the area the cursor came to."""
        area = self.area
        if area is None:
            return
        judged, place = self._judged.get(area.key), self._place(area)
        field = self.query_one(FieldPanel)
        if self.typing_in is None or field.place != place:
            original = judged.rationale if judged is not None else ""
            label = f"The force, {area.label}, rationale"
            field.show(place, "rationale", label, original, self._drafts.get(place))
        reason = judged.why if judged is not None else ""
        parts = [strong(area.label), muted(area.prompt)]
        if reason:
            parts.append(Content.assemble(sign("unable to judge"), f" Unable to judge: {reason}"))
        self.set_text("#prompt", lines([one for one in parts if one.plain]))
        self.query_one("#rests", Panel).show(lambda width: self._rest(area, width))

    @on(TextArea.Changed)
    def _typed(self) -> None:
        """Say in the edge of the field that its text is not kept yet."""
        self.query_one(FieldPanel).draw_state()

    @on(OptionList.OptionSelected, "#rows")
    def action_write(self) -> None:
        """Go to the rationale."""
        self.query_one(FieldPanel).focus()

    async def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Make an op of what was typed, now that the inspector moved on."""
        field, area = self.query_one(FieldPanel), self.area
        if event.widget is not field or area is None or not self.fieldkit.unlocked:
            return
        text = field.text
        if text == field.original or field.place != self._place(area):
            return
        inspected = self.inspection_id
        assessment = await commit(
            self.fieldkit,
            field.place,
            ["rationale"],
            lambda s: judging.assess(s, inspected, area.key, rationale=text),
        )
        if assessment is not None:
            field.original = text
            field.draw_state()
            await self._fetch()

    async def action_digit(self, digit: int) -> None:
        """Give the grade of that place and go on to the next area."""
        area = self.area
        grades = self._words.scale_for("force").labels if self._words is not None else ()
        if area is not None and digit <= len(grades):
            if await self._judged_as(area, grade=grades[digit - 1]):
                self.query_one(AreaList).action_cursor_down()

    @work
    async def action_state(self, state: str) -> None:
        """Say that the area cannot be judged, and why."""
        area = self.area
        if area is None:
            return
        place = f"state/{self._record_id(area)}"
        reason = await ask(self.fieldkit, f"{area.label}: why {state}?", place, "reason")
        if reason is not None and await self._judged_as(area, state=state, reason=reason):
            self.fieldkit.typing.forget(place, "reason")
            await self.vault.write(drafts.committed, place, "reason")

    async def action_clear(self) -> None:
        """Take the grade or state away; the rationale stays."""
        area = self.area
        if area is not None and self._value(area):
            await self._judged_as(area, state="not judged")

    async def _judged_as(
        self, area: Area, *, grade: str | None = None, state: str | None = None, reason: str = ""
    ) -> bool:
        where = self.inspection_id, area.key
        job = self.vault.write(judging.assess, *where, grade, state=state, reason=reason)
        done = await self.tried(job)
        if done is not None:
            await self._fetch()
            self._turn()
            await self.fieldkit.refresh_frame()
        return done is not None

    @property
    def record(self) -> Named | None:
        """Return the assessment of the area the cursor is on."""
        area = self.area
        return ("assessment", self._record_id(area), area.label) if area is not None else None

    def action_back(self) -> None:
        """From the rationale to the list; from the list home."""
        if self.typing_in is not None:
            self.query_one(AreaList).focus()
        elif not self.stays():
            self.dismiss()
