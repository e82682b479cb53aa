"""The list of cases: what is judged, by whom, and what is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlmodel import Session
from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from fieldkit import methodology
from fieldkit.casework.case_lines import CaseLine, case_lines
from fieldkit.casework.cases import (
    add_case,
    allocate_case,
    edit_case,
    reinstate_case,
    withdraw_case,
)
from fieldkit.casework.find_case import NearReferenceError
from fieldkit.wording.format import line
from screens.kit.ask import ask, commit, fill
from screens.kit.dialogs import Choice, Confirm, Pick
from screens.kit.form import Field
from screens.kit.list_page import ListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.records import Case
from storage.records.inspection import inspection

VIEWS = ("all", "open", "mine", "done", "withdrawn")
SCROLLBAR = 2
FIXED = 43
"""Columns of a line that are the same at any width: mark, judged, ≠, overall, sent, and gaps."""
EMPTY = "There is no case yet.\n\nPress a to add one, or i to take in a list."
NONE_FITS = "No case fits. Press v for another view, or / to change the filter."


class CasesPage(ListPage[CaseLine]):
    """Shows the cases of the inspection."""

    PAGE = "cases"
    DEFAULT_CSS = """
    CasesPage #filter { display: none; }
    CasesPage #columns { height: 1; color: $text-muted; }
    CasesPage #cases { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._cases: list[CaseLine] = []
        self._view = "all"

    def body(self) -> Iterable[Widget]:
        """Yield a filter, the list, and what to do where it is empty."""
        yield Static("", id="title", markup=False)
        yield Input(placeholder="words to filter by", id="filter", compact=True)
        yield Static("", id="columns", markup=False)
        yield OptionList(id="cases", markup=False)
        yield Static("", id="hint", markup=False)

    async def load(self) -> None:
        """Read the list."""
        self._cases = await self.vault.read(case_lines, self.inspection_id)
        self._list()

    def _list(self, *, from_top: bool = False) -> None:
        self.show([one for one in self._cases if self._fits(one)], from_top=from_top)

    def _fits(self, case: CaseLine) -> bool:
        me = self.vault.person
        whose = case.allocated_to in (me.id, me.name)
        in_view = {
            "all": True,
            "open": not case.done and not case.withdrawn,
            "mine": whose,
            "done": case.done,
            "withdrawn": case.withdrawn,
        }[self._view]
        words = self.query_one("#filter", Input).value.casefold().split()
        types = " ".join(case.type_labels)
        text = f"{case.reference} {case.force_ref} {types} {case.auditor} {case.overall_grade}"
        return in_view and all(word in text.casefold() for word in words)

    def _draw(self) -> None:
        super()._draw()
        self.listed.display = True
        columns = self._row("Case", "Type", "Auditor", "Judged", " ", "Overall", "Sent")
        self.set_text("#columns", f"  {columns}")

    def _heading(self) -> str:
        live = [one for one in self._cases if not one.withdrawn]
        done = sum(one.done for one in live)
        return f"Cases · {self._view} · {len(self._lines)} shown · {done}/{len(live)} done"

    def _empty(self) -> str:
        return (
            "No case fits. Press v for another view, or / to change the filter."
            if self._cases
            else EMPTY
        )

    def _row(
        self, case: str, types: str, auditor: str, judged: str, twice: str, overall: str, sent: str
    ) -> str:
        width = self.app.size.width
        first = 10 if width < 100 else 12
        # What is of a fixed width, first of all the grade and how far it was sent, is never cut.
        spare = max(width - SCROLLBAR - FIXED - first, 12)
        second = min(spare - spare * 2 // 5, 30)
        third = spare - second
        return (
            f"{line(case, first):<{first}} {line(types, second):<{second}} "
            f"{line(auditor, third):<{third}} {judged:>6} {twice} {line(overall, 20):<20} {sent}"
        )

    def _drawn(self, case: CaseLine, width: int) -> Content:
        mark = "!" if case.referral else "✎" if case.drafts else "×" if case.withdrawn else " "
        text = f"{mark} " + self._row(
            case.reference,
            ", ".join(case.type_labels),
            case.auditor,
            f"{case.graded}/{case.total}",
            "≠" if case.two_answers or case.same_as else " ",
            case.overall if case.done else "—",
            case.sent,
        )
        return plain(text, "dim" if case.withdrawn else "")

    def _subject(self, case: CaseLine) -> Named:
        return "case", case.id, case.reference

    @on(OptionList.OptionSelected, "#cases")
    async def action_open(self) -> None:
        """Open the case."""
        if self.current is not None:
            order = [one.id for one in self._lines]
            await self.fieldkit.go("case", case_id=self.current.id, order=order)

    def action_filter(self) -> None:
        """Go to the filter."""
        field = self.query_one("#filter", Input)
        field.display = True
        field.focus()

    @on(Input.Changed, "#filter")
    def _filtered(self) -> None:
        self._list(from_top=True)

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.listed.focus()

    def action_view(self) -> None:
        """Show the next view."""
        before = self.current
        self._view = VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)]
        self._list(from_top=before is not None and not self._fits(before))

    def action_back(self) -> None:
        """From the filter to the list and from the list to home."""
        field = self.query_one("#filter", Input)
        if self.typing_in is not None or field.value:
            field.value = ""
            field.display = False
            self.listed.focus()
        else:
            self.dismiss()

    @work
    async def action_add(self) -> None:
        """Ask for a new case."""
        inspected = self.inspection_id
        typed: dict[str, str] = {}

        def job(session: Session, answer: dict[str, str]) -> Case | NearReferenceError:
            typed.update(answer)
            try:
                return add_case(session, inspected, **_values(answer))
            except NearReferenceError as near:
                return near

        fields = await self._fields(None)
        while True:
            added = await fill(self.fieldkit, "A new case", f"new-case/{inspected}", fields, job)
            if not isinstance(added, NearReferenceError):
                break
            names = ", ".join(case.reference for case in added.cases)
            question = (
                f"“{typed['reference']}” may be {names}, which is on the list already. Is it "
                "another case?"
            )
            if await self.app.push_screen_wait(Confirm(question, "another case", "change it")):
                values = _values(typed)
                adding = self.vault.write(add_case, inspected, another=True, **values)
                added = await self.tried(adding)
                break
            fields = [replace(field, value=typed[field.name]) for field in fields]
        if isinstance(added, Case):
            await self._show_case(added.id)

    @work
    async def action_edit(self) -> None:
        """Correct a case; its reference is what it is."""
        case = self.current
        if case is None:
            return
        case_id, before = case.id, list(case.types)

        def job(s: Session, answer: dict[str, str]) -> Case:
            changed = _values(answer)
            if changed["types"] == before:
                changed.pop("types")
            return edit_case(s, case_id, **changed)

        fields = (await self._fields(case))[1:]
        title = f"Case {case.reference}"
        if await fill(self.fieldkit, title, f"case/{case_id}", fields, job) is not None:
            await self._show_case(case_id)

    async def _fields(self, case: CaseLine | None) -> list[Field]:
        inspected = await self.vault.read(inspection, self.inspection_id)
        assert inspected is not None
        words = methodology.load(inspected.methodology)
        kept = list(case.types) if case else []
        known = {term.key: key for key in kept if (term := words.case_type(key)) is not None}
        # A type is kept as it was written, also one that this version does not know.
        unknown = [Choice(key, key) for key in kept if key not in known.values()]
        listed = [Choice(known.get(term.key, term.key), term.label) for term in words.case_types]
        types = (*unknown, *listed)
        origins = tuple(Choice(term.key, term.label) for term in words.origins)
        return [
            Field("reference", "Case", case.reference if case else "", "e.g. WST-098"),
            Field("types", "Type", ",".join(kept) or types[0].value, choices=types, several=True),
            Field("origin", "Origin", case.origin if case else "inspectors", choices=origins),
            Field(
                "incident_on", "Incident", case.incident_on if case else "", "e.g. 28 February 2026"
            ),
            Field("child_label", "Child", case.child_label if case else "", "e.g. child 1"),
            Field(
                "child_age",
                "Age",
                case.child_age if case else "",
                "in years, or a band; never a birthday",
            ),
            Field(
                "unit", "Force's team", case.unit if case else "", "e.g. child abuse investigation"
            ),
            Field(
                "force_ref", "Force's reference", case.force_ref if case else "", "it is kept apart"
            ),
        ]

    async def _show_case(self, case: str) -> None:
        self._stand_on = case
        await self.load()
        await self.fieldkit.refresh_frame()

    @work
    async def action_allocate(self) -> None:
        """Say who audits the case."""
        case = self.current
        if case is None:
            return
        me = self.vault.person
        names = sorted({each.auditor for each in self._cases if each.auditor})
        people = [Choice(me.id, f"{me.name} (me)")]
        people += [Choice(name, name) for name in names if name != me.name]
        people += [Choice("?", "someone else …"), Choice("", "nobody")]
        chosen = await self.app.push_screen_wait(Pick(f"Who audits {case.reference}?", people))
        if chosen == "?":
            place = f"allocate/{case.id}"
            await fill(
                self.fieldkit,
                f"Who audits {case.reference}?",
                place,
                [Field("who", "Auditor")],
                lambda s, answer: allocate_case(s, case.id, answer["who"]),
            )
        elif chosen is not None:
            await self.tried(self.vault.write(allocate_case, case.id, chosen))
        await self._show_case(case.id)

    @work
    async def action_withdraw(self) -> None:
        """Withdraw the case, or reinstate it; with a reason."""
        case = self.current
        if case is None:
            return
        verb = "reinstate" if case.withdrawn else "withdraw"
        place = f"withdraw/{case.id}"
        reason = await ask(self.fieldkit, f"Why {verb} {case.reference}?", place, "reason")
        if reason is None:
            return
        service = reinstate_case if case.withdrawn else withdraw_case
        await commit(self.fieldkit, place, ["reason"], lambda s: service(s, case.id, reason))
        await self._show_case(case.id)


def _values(answer: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = dict(answer)
    values["types"] = [key for key in answer["types"].split(",") if key]
    return values
