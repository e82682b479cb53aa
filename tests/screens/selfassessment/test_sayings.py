"""What counts only when it is answered is answered with the same keys as a cell."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from fieldkit.methodology import load
from fieldkit.selfassessment.import_workbook import read_force_workbook
from fieldkit.workbook.overrides import Overrides
from screens.selfassessment.steps import cell_answers
from screens.selfassessment.steps.journey import Journey
from screens.selfassessment.steps.preview_rows import read_preview

LINES = (
    "Force ref,Case type,Date of incident,Grade,Rationale",
    "EXAMPLE-001,Domestic abuse,03/04/2026,Good,How it is filled in",
    "42/40100/26,Domestic abuse,03/04/2026,Good,one",
    "42/40137/26,Domestic abuse,04/13/2026,Good,two",
    "42/40174/26,Domestic abuse,02/05/2061,Good,three",
)


class App:
    """Answers every dialog with the same word, and keeps what was offered and said."""

    def __init__(self, answer: str) -> None:
        self.answer, self.offered, self.said = answer, list[str](), list[str]()

    async def push_screen_wait(self, dialog: Any) -> str:
        self.offered = [choice.value for choice in dialog._choices]
        return self.answer

    def say(self, words: str) -> None:
        self.said.append(words)


def journey(path: Path, fixes: Mapping[str, str] | None = None) -> Journey:
    overrides = Overrides(fixes=fixes or {})
    reading = read_force_workbook(path, "2018", overrides)
    return Journey(path, overrides, reading, read_preview(path, "self_assessment"))


def answer(journey: Journey, place: str, word: str) -> tuple[App, Overrides | None]:
    app: Any = App(word)
    fixed = cell_answers.fix(app, journey, load("2018"), "inspection", place)
    return app, asyncio.run(fixed)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(LINES), "utf-8")
    return path


def test_a_column_of_dates_is_answered_on_its_line(path: Path) -> None:
    app, overrides = answer(journey(path), "csv!C", "month first")
    assert app.offered == ["", "month first", "turned round", "day first"]
    assert overrides is not None and overrides.fixes == {"C": "month first"}
    again = journey(path, overrides.fixes)
    assert again.reading.rows[0].date == "2026-03-04"
    app, taken_back = answer(again, "csv!C", "")
    assert taken_back is not None and taken_back.fixes == {}


def test_an_example_is_let_count(path: Path) -> None:
    before = journey(path)
    assert len(before.reading.rows) == 3
    app, overrides = answer(before, "csv!A2", "as it stands")
    assert app.offered == ["", "as it stands"]
    assert overrides is not None
    assert len(journey(path, overrides.fixes).reading.rows) == 4


def test_what_asks_nothing_is_not_answered(path: Path) -> None:
    app, overrides = answer(journey(path), "csv!D", "as it stands")
    assert overrides is None and app.said == [cell_answers.NO_CELL]
