"""The form of an interview, a focus group, an observation or a document, from whichever page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fieldkit.evidence.entries import add_document, add_interview, add_observation
from fieldkit.methodology import load
from fieldkit.service import existing, today
from screens.evidence.note_file import group_label
from screens.kit.ask import fill
from screens.kit.dialogs import Choice
from screens.kit.form import Field, day_field
from screens.kit.shell import Shell
from storage.records import Document, Inspection, Interview, Observation

Entry = Interview | Observation | Document
ADD: dict[str, Callable[..., Entry]] = {
    "interview": partial(add_interview, meeting="interview"),
    "focus group": partial(add_interview, meeting="focus group"),
    "observation": add_observation,
    "document": add_document,
}
"""What adds an entry of each sort."""


async def ask_entry(app: Shell, sort: str) -> Entry | None:
    """Ask for a new entry and enter it; ``None`` where the person left. Runs in a worker.

    ``sort`` is one of :data:`ADD`.
    """
    inspected = await app.vault.read(existing, Inspection, app.inspection_id)
    return await fill(
        app,
        f"A new {sort}",
        f"new-{sort.replace(' ', '-')}/{inspected.id}",
        entry_fields(inspected, sort, {}),
        lambda s, answer: ADD[sort](s, inspected.id, **answer),
    )


def entry_fields(inspected: Inspection, sort: str, values: dict[str, str]) -> list[Field]:
    """Return the fields of an entry; values are those of one that is edited, or none."""
    if sort == "observation":
        return [
            Field("place", "Place", values.get("place", ""), "e.g. custody suite, Northtown"),
            Field("what", "What", values.get("what", ""), "what was watched or tested"),
            day_field("held_on", "Day", values.get("held_on", today())),
        ]
    if sort == "document":
        return [
            Field("title", "Title", values.get("title", ""), "e.g. Missing from home policy"),
            Field("sort", "Sort", values.get("sort", ""), "e.g. policy, minutes, data"),
            day_field("asked_on", "Asked for on", values.get("asked_on", today())),
            day_field(
                "received_on",
                "Received on",
                values.get("received_on", ""),
                "empty while awaited; e.g. 3 March 2026",
            ),
            day_field(
                "dated", "Dated", values.get("dated", ""), "the date on it; e.g. 3 March 2026"
            ),
        ]
    words = load(inspected.judged_by)
    groups = [
        Choice(one.key, group_label(words, inspected, one.key)) for one in words.source_groups
    ]
    modes = tuple(Choice(one.key, one.label) for one in words.modes)
    whom = (
        "roles, not names; e.g. response officers" if sort == "focus group" else "a role, no name"
    )
    return [
        Field("role", "Whom, by role", values.get("role", ""), whom),
        Field(
            "source_group",
            "Source group",
            values.get("source_group", groups[0].value),
            choices=(*groups, Choice("", "none of these")),
        ),
        Field("mode", "How", values.get("mode", modes[0].value), choices=modes),
        day_field("held_on", "Day", values.get("held_on", today())),
        Field(
            "unavailable",
            "Unavailable (roles)",
            values.get("unavailable", ""),
            "e.g. night-shift sergeants",
        ),
        Field("language", "Language", values.get("language", inspected.language), "e.g. en or cy"),
    ]
