"""A long text whose lines are drawn when they are seen looks as the same text in one piece."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from textual.app import App
from textual.content import Content
from textual.pilot import Pilot
from textual.widget import Widget

from fieldkit.feedback.document.blocks import Paragraph, Written
from screens.feedback import document_page
from screens.feedback.document_page import DocumentPanel, document_lines
from screens.kit.drawing.rows import lines
from screens.kit.drawing.scroll_panel import Rows, ScrollPanel
from tests.screens.driving import page

TEXTS = [f"line {number} of the text" for number in range(400)]


class Shown(App[None]):
    """Shows one text in a panel."""

    def compose(self) -> Iterable[Widget]:
        """Yield the panel."""
        yield ScrollPanel("Text", id="text")


async def pictures(pilot: Pilot[None]) -> list[str]:
    """The screen at the top, a page further on, at the end, and in another size."""
    seen = []
    for key in ("home", "pagedown", "end"):
        await pilot.press(key)
        await pilot.pause()
        seen.append(page(pilot.app))
    await pilot.resize_terminal(60, 20)
    await pilot.pause()
    return [*seen, page(pilot.app)]


async def test_rows_look_as_a_text_in_one_piece() -> None:
    drawn: list[int] = []

    def row(number: int) -> Content:
        drawn.append(number)
        return Content(TEXTS[number])

    seen: list[list[str]] = []
    for drawing in (lambda _: lines(list(map(Content, TEXTS))), lambda _: Rows(len(TEXTS), row)):
        async with Shown().run_test(size=(80, 24)) as pilot:
            panel = pilot.app.query_one(ScrollPanel)
            panel.show(drawing)
            panel.focus()
            await pilot.pause()
            seen.append(await pictures(pilot))
    assert seen[0] == seen[1]
    assert "line 399 of the text" in seen[1][2]
    # Only what was seen was drawn.
    assert len(set(drawn)) < 150


def test_no_letter_of_a_document_is_cut_off() -> None:
    words = "漢字" * 30 + " end " + "letters " * 20
    document = Written("", "", marking="", foot="", blocks=(Paragraph(words),))
    for width in (10, 20, 33):
        made = document_lines(document, width)
        rows = [made.draw(number) for number in range(made.count)]
        assert all(one.cell_length <= width for one in rows)
        assert "".join(one.plain for one in rows).replace(" ", "") == words.replace(" ", "")


class Read(App[None]):
    """Shows a document in a panel."""

    def compose(self) -> Iterable[Widget]:
        """Yield the panel."""
        yield DocumentPanel("Text", id="text")


async def test_a_document_is_broken_once_for_a_width(monkeypatch: pytest.MonkeyPatch) -> None:
    paragraphs = tuple(Paragraph(f"{text}, " * 9) for text in TEXTS)
    document = Written("", "", marking="", foot="", blocks=paragraphs)
    broken: list[int] = []

    def counted(document: Written, width: int) -> Rows:
        broken.append(width)
        return document_lines(document, width)

    monkeypatch.setattr(document_page, "document_lines", counted)
    edges = {"title": "Text", "figure": "", "legend": ""}
    async with Read().run_test(size=(80, 24)) as pilot:
        panel = pilot.app.query_one(DocumentPanel)
        for _ in range(3):
            panel.show_document(document, **edges)
            await pilot.app.workers.wait_for_complete()
            panel.draw_anew()
            await pilot.app.workers.wait_for_complete()
        assert len(broken) == 1
        panel.focus()
        await pilot.pause()
        seen = page(pilot.app)
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        narrow = page(pilot.app)
    assert len(broken) == len(set(broken)) == 2
    for picture, size in ((seen, (80, 24)), (narrow, (60, 20))):
        async with Shown().run_test(size=size) as pilot:
            plain_panel = pilot.app.query_one(ScrollPanel)
            plain_panel.show(lambda width: document_lines(document, width), **edges)
            plain_panel.focus()
            await pilot.pause()
            assert page(pilot.app) == picture
