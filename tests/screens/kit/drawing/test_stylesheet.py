"""Style sheets are read once, also where a page brings another, and anew with other colours."""

from __future__ import annotations

import pytest
from textual.css.model import RuleSet
from textual.css.parse import parse

from screens.kit.drawing.stylesheet import ReadOnce


def test_each_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(scope: str, css: str, *given: object, **more: object) -> object:
        read.append(css)
        return parse(scope, css, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("textual.css.stylesheet.parse", noted)
    sheet = ReadOnce(variables={"ground": "red"})
    many = [f"#one{number} {{ background: $ground; }}" for number in range(100)]
    for number, css in enumerate(many):
        sheet.add_source(css, read_from=(f"{number}", ""))
    assert len(sheet.rules) == 100
    sheet.add_source("#last { color: $ground; }", read_from=("last", ""))
    sheet.reparse()
    assert len(sheet.rules) == 101 and len(read) == 101
    sheet.set_variables({"ground": "blue"})
    sheet.reparse()
    assert len(sheet.rules) == 101 and len(read) == 202
    assert "blue" in sheet.css.casefold() or "#0000ff" in sheet.css.casefold()


def test_rules_are_told_apart_without_asking_python() -> None:
    sheet = ReadOnce()
    sheet.add_source("#one { color: red; } #one { color: red; }", read_from=("twice", ""))
    first, second = sheet.rules
    assert RuleSet.__hash__ is object.__hash__
    assert hash(first) != hash(second) and len({first, second, first}) == 2
