"""A list in a panel draws of thousands of late rows those in view, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual.app import App
from textual.content import Content
from textual.widget import Widget
from textual.widgets.option_list import Option

from screens.kit.drawing.panel_list import Late, PanelList

MANY = 3_000


class Listed(App[None]):
    """Shows late rows of two lines each and notes which it drew."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[int] = []

    def get_css_variables(self) -> dict[str, str]:
        return {**super().get_css_variables(), "focus": "white"}

    def compose(self) -> Iterable[Widget]:
        yield PanelList(markup=False)

    def row(self, number: int) -> Content:
        self.drawn.append(number)
        return Content(f"row {number}\nof many\nand a line too many")


async def test_only_rows_in_view_are_drawn_each_once() -> None:
    app = Listed()
    async with app.run_test(size=(40, 12)) as pilot:
        listed = app.query_one(PanelList)
        listed.set_options([Option(Late(partial(app.row, n), 2)) for n in range(MANY)])
        await pilot.pause()
        assert set(app.drawn) and max(app.drawn) < 7
        assert listed.virtual_size.height == 2 * MANY
        listed.focus()
        await pilot.press("end")
        await pilot.pause()
        assert MANY - 1 in app.drawn and len(app.drawn) == len(set(app.drawn)) < 20


def test_a_late_row_keeps_to_the_lines_it_said() -> None:
    late = Late(lambda: Content("one\ntwo\nthree"), 2)
    assert late.get_height({}, 10) == 2 and late.plain == "one\ntwo\nthree"
