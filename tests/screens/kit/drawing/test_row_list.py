"""A list of thousands of rows draws those in view, and keeps its first rows in view."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.app import App
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from screens.kit.drawing.row_list import MOVES, BorderedBox, RowList
from screens.kit.drawing.rows import fit
from tests.screens.driving import lines

MANY = 5_000


class Listed(App[None]):
    """Shows a list and notes which rows it drew and which one was opened."""

    CSS = "BorderedBox { border: round white; }"

    def __init__(self) -> None:
        super().__init__()
        self.drawn: set[int] = set()
        self.opened: list[int] = []

    def compose(self) -> Iterable[Widget]:
        with BorderedBox() as box:
            box.panel_title = "Rows"
            yield RowList()

    def row(self, number: int, width: int) -> Content:
        self.drawn.add(number)
        return Content(f"row {number}")

    def show(self, count: int, at: int = 0) -> None:
        self.query_one(RowList).show_rows(count, self.row, at, head=lambda width: Content("head"))

    @property
    def cursor(self) -> int | None:
        return self.query_one(RowList).highlighted

    def on_row_list_selected(self, event: RowList.Selected) -> None:
        self.opened.append(event.index)


async def test_only_the_rows_in_view_are_drawn_whatever_the_keys() -> None:
    app = Listed()
    async with app.run_test(size=(40, 12)) as pilot:
        listed = app.query_one(RowList)
        app.show(MANY)
        listed.focus()
        await pilot.pause()
        assert app.drawn == set(range(9))
        await pilot.press("down", "pagedown", "end", "enter")
        assert app.opened == [MANY - 1] and f"▌row {MANY - 1}" in "\n".join(lines(app))
        assert len(app.drawn) <= 40
        assert lines(app)[1].startswith("│ head")
        await pilot.press("down")
        assert [app.cursor] == [0]
        # What is listed next, as after a filter, begins with its first row.
        app.show(MANY, at=MANY // 2)
        app.show(3)
        await pilot.pause()
        assert [one[1:7] for one in lines(app)[2:5]] == ["▌row 0", " row 1", " row 2"]
        app.show(0)
        await pilot.press("down", "end", "enter")
        assert (app.cursor, app.opened) == (None, [MANY - 1])
        app.show(2, at=9)
        await pilot.pause()
        assert [app.cursor] == [1]


async def test_keys_taken_at_once_do_what_the_same_keys_do_by_way_of_the_app() -> None:
    app, chance = Listed(), Random(19)
    keys = [*chance.choices(list(MOVES), k=60), "enter", "x"]
    async with app.run_test(size=(40, 12)) as pilot:
        listed = app.query_one(RowList)
        listed.focus()
        for rows in (0, 1, 40):
            came = []
            for take in (True, False):
                app.show(rows)
                await pilot.pause()
                cursors = []
                for key in keys:
                    taken = take and await listed.take_key(key)
                    assert taken == (take and key in MOVES and rows > 0)
                    if not taken:
                        await pilot.press(key)
                    cursors.append((app.cursor, listed.scroll_offset))
                await pilot.pause()
                came.append((cursors, lines(app)))
            assert came[0] == came[1]


PARTS = st.lists(
    st.tuples(
        st.text("ab é€中👍", max_size=9), st.sampled_from(["", "bold", "$text-muted", "red"])
    ),
    max_size=6,
)


async def test_a_line_looks_as_textual_draws_it() -> None:
    app = Listed()
    async with app.run_test(size=(40, 12)):
        listed = app.query_one(RowList)

        @given(parts=PARTS, width=st.integers(1, 30), name=st.sampled_from(["cursor", "head"]))
        def same(parts: list[tuple[str, str]], width: int, name: str) -> None:
            look = listed.get_visual_style(f"row-list--{name}")
            content = Content.assemble(*parts)
            ours = listed._strip(content, width, look)
            (theirs,) = Content.to_strips(listed, fit(content, width), width, 1, look)
            assert _cells(ours) == _cells(theirs) and ours.cell_length == theirs.cell_length

        same()


def _cells(strip: Strip) -> list[tuple[str, Style | None]]:
    """Return each character with its look; Textual's also knows its place, for a mouse."""
    return [
        (one, style and style.without_color + Style(color=style.color, bgcolor=style.bgcolor))
        for text, style, _ in strip
        for one in text
    ]
