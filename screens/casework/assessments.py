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
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from fieldkit.casework import judging
from fieldkit.methodology import Area, Methodology
from fieldkit.service import methodology_of
from screens.kit.ask import ask, commit
from screens.kit.draft_fields import DraftArea
from screens.kit.page import Named, Page
from screens.kit.text import plain
from storage.feed import drafts
from storage.records import Assessment
from storage.records.judgment import assessment_id, assessments

Found = tuple[Methodology, dict[str, Assessment], dict[str, str]]


def _read(s: Session, inspection_id: str) -> Found:
    """Return the methodology, what is judged by criterion, and unsaved rationales by place."""
    waiting = {one.place: one.text for one in drafts.listed(s) if one.field == "rationale"}
    return methodology_of(s, inspection_id), assessments(s, inspection_id), waiting


class AreaList(OptionList):
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

    def body(self) -> Iterable[Widget]:
        """Yield the areas and the words."""
        yield Static("", id="title", markup=False)
        with Horizontal(id="audit"):
            yield AreaList(id="rows", markup=False)
            with Vertical(id="words"):
                yield Static("", id="prompt", markup=False)
                yield DraftArea("", "rationale", "Rationale", id="rationale")
        yield Static("", id="hint", markup=False)

    async def load(self) -> None:
        """Read what is judged."""
        await self._fetch()
        typed = [at for at, area in enumerate(self._areas) if self._place(area) in self._drafts]
        if self._writing and typed:
            self.query_one(AreaList).highlighted = typed[0]
            self._turn()
            self.query_one(DraftArea).focus()
        elif self.typing_in is None:
            self.query_one(AreaList).focus()
        self._writing = False

    async def _fetch(self) -> None:
        await self.fieldkit.typing.save()
        read = await self.vault.read(_read, self.inspection_id)
        self._words, self._judged, self._drafts = read
        self._areas = self._words.criteria_on("force", overall=True)
        self._draw()

    def _draw(self) -> None:
        assert self._words is not None
        listed = self.query_one(AreaList)
        at = listed.highlighted or 0
        listed.set_options([Option(self._drawn(one)) for one in self._areas])
        listed.highlighted = min(at, len(self._areas) - 1)
        open_ = sum(not self._value(one) for one in self._areas)
        progress = f"{open_} open" if open_ else "complete"
        self.set_text("#title", f"Assessments of the force · {progress}")
        grades = self._words.scale_for("force").labels
        keys = "  ".join(f"{number} {grade}" for number, grade in enumerate(grades, 1))
        self.set_text("#hint", f"{keys}  u unable to judge  del clear")

    def _drawn(self, area: Area) -> Content:
        width = (37 if self.app.size.width < 100 else 60) - 3
        judged, shown = self._judged.get(area.key), self._value(area)
        mark = "≡" if judged is not None and judged.rationale else "·" if shown else " "
        mark = "✎" if self._place(area) in self._drafts else mark
        first, *more = plain(area.label).wrap(width - 2)
        rows = [Content.assemble(f"{mark} ", first)]
        rows += [Content.assemble("  ", each) for each in more]
        rows.append(plain(f"    {shown or 'not judged yet'}", "bold" if shown else "dim"))
        return Content("\n").join(rows)

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
        field = self.query_one(DraftArea)
        if self.typing_in is None or field.place != place:
            original = judged.rationale if judged is not None else ""
            label = f"The force, {area.label}, rationale"
            field.show(place, "rationale", label, original, self._drafts.get(place))
            field.border_title = "Rationale"
        reason = judged.why if judged is not None else ""
        words = f"{area.label}\n{area.prompt}" + (f"\nUnable to judge: {reason}" if reason else "")
        self.set_text("#prompt", words)

    @on(OptionList.OptionSelected, "#rows")
    def action_write(self) -> None:
        """Go to the rationale."""
        self.query_one(DraftArea).focus()

    async def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Make an op of what was typed, now that the inspector moved on."""
        field, area = self.query_one(DraftArea), self.area
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
