"""The list of cases as far as its keys change cases: adding, editing, allocating, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import Session
from textual import work

from fieldkit import methodology
from fieldkit.casework.case_lines import CaseLine
from fieldkit.casework.cases import (
    add_case,
    allocate_cases,
    edit_case,
    reinstate_case,
    withdraw_case,
)
from fieldkit.casework.find_case import NearReferenceError
from fieldkit.evidence.concern.areas import areas_of
from fieldkit.methodology.follow_up import EVERY, OF_CONCERN, activity
from screens.kit.ask import Job, ask, commit, fill
from screens.kit.dialogs import Choice, Confirm, Pick
from screens.kit.drawing.row_list import RowList
from screens.kit.form import Field, day_field
from screens.kit.page import Page
from storage.errors import FieldkitError
from storage.ops.text import many
from storage.records import Case
from storage.records.inspection import inspection


class CaseChanges(Page):
    """Holds the cases that are listed, and changes the one under the cursor, or those chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[CaseLine] = []
        self.lines: list[CaseLine] = []
        self.marked: set[str] = set()
        self.stand_on = ""

    @property
    def listed(self) -> RowList:
        """Return the list."""
        return self.query_one(RowList)

    @property
    def current(self) -> CaseLine | None:
        """Return the case the cursor is on."""
        number = self.listed.highlighted
        return self.lines[number] if number is not None and number < len(self.lines) else None

    @property
    def has_row(self) -> bool:
        """Say whether a case is listed."""
        return self.current is not None

    @work
    async def action_add(self) -> None:
        """Ask for a new case."""
        inspected = self.inspection_id

        def add(s: Session, values: dict[str, Any]) -> Case:
            return add_case(s, inspected, **values)

        await self._fill("A new case", f"new-case/{inspected}", None, add)

    @work
    async def action_edit(self) -> None:
        """Correct a case."""
        case = self.current
        if case is None:
            return
        case_id, before = case.id, list(case.types)
        kept_for, because = list(case.areas), case.audited_because

        def edit(s: Session, values: dict[str, Any]) -> Case:
            if values["types"] == before:
                values.pop("types")
            if values.get("areas") == kept_for:
                values.pop("areas")
                if values.get("audited_because") == because:
                    values.pop("audited_because")
            return edit_case(s, case_id, **values)

        await self._fill(f"Case {case.reference}", f"case/{case_id}", case, edit)

    async def _fill(
        self,
        title: str,
        place: str,
        case: CaseLine | None,
        service: Callable[[Session, dict[str, Any]], Case],
    ) -> None:
        """Ask for what is known of a case; of a reference that another looks like, once more."""

        def job(session: Session, answer: dict[str, str]) -> Case:
            return service(session, _values(answer))

        def as_another(session: Session, answer: dict[str, str]) -> Case:
            return service(session, _values(answer) | {"another": True})

        async def instead(refusal: FieldkitError, answer: dict[str, str]) -> Job[Case] | None:
            if not isinstance(refusal, NearReferenceError):
                return None
            question = (
                f"“{answer['reference']}” may be {refusal.names}, which is on the list already. "
                "Is it another case?"
            )
            asked = Confirm(question, "another case", "change it")
            return as_another if await self.app.push_screen_wait(asked) else None

        kept = await fill(
            self.fieldkit, title, place, await self._fields(case), job, instead=instead
        )
        if kept is not None:
            await self._show_case(kept.id)

    async def _fields(self, case: CaseLine | None) -> list[Field]:
        inspected = await self.vault.read(inspection, self.inspection_id)
        assert inspected is not None
        words = methodology.load(inspected.judged_by)
        kept = list(case.types) if case else []
        known = {term.key: key for key in kept if (term := words.case_type(key)) is not None}
        # A type is kept as it was written, also one that this version does not know.
        unknown = [Choice(key, key) for key in kept if key not in known.values()]
        listed = [Choice(known.get(term.key, term.key), term.label) for term in words.case_types]
        types = (*unknown, *listed)
        origins = tuple(Choice(term.key, term.label) for term in words.origins)
        said = activity(inspected.phase)
        limited: list[Field] = []
        if said is not None and said.audits == OF_CONCERN:
            concern = await self.vault.read(areas_of, self.inspection_id)
            # First stands what nobody has to choose: else the first area would be chosen unseen.
            areas = (
                Choice("", "as its type says"),
                *(Choice(one.criterion, one.label) for one in concern if one.on_cases),
            )
            kept_for = ",".join(case.areas) if case else ""
            limited.append(Field("areas", "Audited for", kept_for, choices=areas, several=True))
        if said is not None and said.audits != EVERY:
            why = case.audited_because if case else ""
            hint = "needed outside the areas of concern" if limited else "needed in a visit"
            limited.append(Field("audited_because", "Why audited", why, hint))
        return [
            Field("reference", "Case", case.reference if case else "", "e.g. WST-098"),
            Field("types", "Type", ",".join(kept) or types[0].value, choices=types, several=True),
            Field("origin", "Origin", case.origin if case else "inspectors", choices=origins),
            day_field(
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
            *limited,
        ]

    async def _show_case(self, case: str) -> None:
        self.stand_on = case
        await self.load()
        await self.fieldkit.refresh_frame()

    @work
    async def action_allocate(self) -> None:
        """Say who audits the case, or all that are marked."""
        case = self.current
        meant = [one for one in self.cases if one.id in self.marked] or ([case] if case else [])
        if not meant:
            return
        subject = meant[0].reference if len(meant) == 1 else many(len(meant), "case")
        title = f"Who audits {subject}?"
        me = self.vault.person
        names = sorted({each.auditor for each in self.cases if each.auditor})
        people = [Choice(me.id, f"{me.name} (me)")]
        people += [Choice(name, name) for name in names if name != me.name]
        people += [Choice("?", "someone else …"), Choice("", "nobody")]
        chosen = await self.app.push_screen_wait(Pick(title, people))
        ids = [one.id for one in meant]
        done: int | None = None
        if chosen == "?":
            done = await fill(
                self.fieldkit,
                title,
                f"allocate/{meant[0].id}",
                [Field("who", "Auditor")],
                lambda s, answer: allocate_cases(s, ids, answer["who"]),
            )
        elif chosen is not None:
            done = await self.tried(self.vault.write(allocate_cases, ids, chosen))
        if done is not None and len(ids) > 1:
            self.marked = set()
            to = next((one.label for one in people if one.value == chosen), "") or "nobody"
            whom = "" if chosen == "?" else f" to {to}"
            self.fieldkit.say(f"{many(done, 'case')} allocated{whom}. ^z takes it back.")
        await self._show_case(case.id if case else "")

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
    for name in {"types", "areas"} & values.keys():
        values[name] = [key for key in answer[name].split(",") if key]
    return values
