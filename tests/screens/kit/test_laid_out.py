"""What is drawn after the layout is not drawn on a page that was left before it."""

from __future__ import annotations

from textual.app import App
from textual.screen import Screen
from textual.widgets import Static

from screens.kit.drawing.laid_out import once_laid_out, stands


async def test_only_a_page_that_is_there_is_drawn() -> None:
    drawn: list[str] = []
    app: App[None] = App()
    async with app.run_test() as pilot:
        page: Screen[None] = Screen()
        await app.push_screen(page)
        widget = Static("", id="part")
        await page.mount(widget)
        once_laid_out(widget, lambda: drawn.append("there"))
        await pilot.pause()
        assert drawn == ["there"] and stands(widget) and stands(page)

        other: Screen[None] = Screen()
        await app.push_screen(other)
        assert stands(widget), "a page under another one is still there"
        await app.pop_screen()

        once_laid_out(widget, lambda: drawn.append(str(page.query_one("#part"))))
        await app.pop_screen()
        await pilot.pause()
        assert drawn == ["there"] and not stands(page)
