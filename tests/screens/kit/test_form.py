"""A form: where the cursor stands after a refusal, what a choice takes, several choices."""

from __future__ import annotations

import pytest

from screens.kit.dialogs import Choice
from screens.kit.form import Field, Form, Refused, refused_by
from storage.errors import FieldkitError
from storage.records.model.base import InvalidError
from storage.vault.vault import Vault
from tests.screens.driving import opened, page

KINDS = tuple(Choice(word, word) for word in ("north", "south", "east", "west"))
FIELDS = [
    Field("place", "Place", hint="e.g. custody suite"),
    Field("way", "Way", "north", choices=KINDS),
    Field("ways", "Ways", "south", choices=KINDS, several=True),
    Field("alone", "Alone", "east", choices=KINDS, several=True),
    Field("day", "Day", "31 June"),
]


@pytest.mark.parametrize(
    ("refusal", "field"),
    [
        (InvalidError("“Day” needs a date such as 22/11/2026.", "day"), "day"),
        (FieldkitError("“31 June” is not a time. Nothing was changed."), "day"),
        (FieldkitError("The place is missing. Nothing was changed."), "place"),
        (FieldkitError("The disk is full. Nothing was changed."), ""),
        (InvalidError("“Colour” needs a word.", "colour"), ""),
    ],
)
def test_the_field_of_a_refusal(refusal: FieldkitError, field: str) -> None:
    assert refused_by(refusal, {"place": "", "day": "31 June"}) == Refused(str(refusal), field)


async def test_a_refused_form_stands_in_the_field_and_choices_take_no_typing(
    vault: Vault, inspection: str
) -> None:
    answers: list[dict[str, str] | None] = []
    async with opened(vault, inspection) as (app, pilot):
        refused = Refused("“Day” needs a date such as 22/11/2026.", "day")
        await app.push_screen(Form("A day", "", FIELDS, {}, refused), answers.append)
        await pilot.pause()
        assert "“Day” needs a date" in page(app)
        # The cursor stands behind the last letter of what was refused.
        await pilot.press(*"backspace ".split(), "x")
        await pilot.press("up", "up", "up")
        # Text that is meant for another field changes no choice, whatever digits are in it.
        await pilot.press(*"North 2 and 3", "down")
        await pilot.press("3", "plus", "right", "plus", "up", "2", "space", "ctrl+s")
    assert answers == [
        {"place": "", "way": "east", "ways": "east,west", "alone": "east", "day": "31 Junx"}
    ]
