"""A panel's edges carry title, figure and legend at any width, and who has the keys is seen."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input
from textual.widgets.option_list import Option

from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.looks import Looks
from screens.kit.drawing.panel import Bordered, Panel
from screens.kit.drawing.panel_list import PanelList
from tests.screens.driving import lines


class Field(Bordered, Input):
    """A field with the border of a panel."""

    panel_title = "Words"


class Some(Looks):
    """A page of three panels."""

    CSS = """
    .panel { border: round $border-blurred; padding: 0 1; width: 1fr; height: 5; }
    .panel:focus { border: round $border; }
    .-plain-glyphs .panel { border: ascii $border-blurred; }
    PanelList.panel { padding: 0 1 0 0; }
    PanelList > .option-list--option { padding: 0 0 0 1; }
    """

    def compose(self) -> Iterable[Widget]:
        """Yield a list, a text and a field beside each other."""
        with Horizontal():
            yield PanelList(Option("WSH-014"), Option("WSH-015"), id="list", markup=False)
            yield Panel(
                "Managing those who pose a risk", key="c", figure="61 of 97 done", id="text"
            )
            yield Field()


async def test_edges_and_inside_follow_the_width_and_the_keys() -> None:
    app = Some()
    async with app.run_test(size=(120, 10)) as pilot:
        listed, text, field = (app.query_one(one) for one in (PanelList, "#text", Field))
        assert (
            isinstance(listed, PanelList) and isinstance(text, Panel) and isinstance(field, Field)
        )
        listed.edges(title="Cases", figure="2 of 97", legend=key_and_label("enter", "open"))
        text.show(lambda width: Content("x" * width))
        listed.focus()
        await pilot.pause()
        await pilot.pause()
        shown = lines(app)
        assert " Cases  ──" in shown[0] and "── 2 of 97 ─╮" in shown[0]
        assert "c  Managing thos… ─" in shown[0] and "61 of 97 done ─╮" in shown[0]
        assert "enter  open ─╯" in shown[4]
        assert shown[1].startswith("│▌WSH-014") and shown[2].startswith("│ WSH-015")
        assert "x" * text.room[0] in shown[1]
        assert [one.has_keys for one in (listed, text, field)] == [True, False, False]
        assert "$focus" in str(listed.border_title and listed._border_title.spans)  # type: ignore[union-attr]
        await pilot.press("down", "tab")
        await pilot.pause()
        assert [one.has_keys for one in (listed, text, field)] == [False, False, True]
        assert "$focus" not in str(listed._border_title.spans)  # type: ignore[union-attr]
        assert lines(app)[2].startswith("│▌WSH-015")
        await pilot.resize_terminal(60, 10)
        await pilot.pause()
        shown = lines(app)
        assert "…" in shown[0] and len(shown[0]) <= 60
        assert "x" * text.room[0] in shown[1] and "x" * (text.room[0] + 1) not in shown[1]
        app.choose_look("light", "plain")
        await pilot.pause()
        await pilot.pause()
        assert app.theme == "fieldkit-light"
        shown = lines(app)
        assert shown[0].startswith("+") and shown[2].startswith("|>WSH-015")
        assert all(one.isascii() for one in shown[:5])
        app.choose_look("dark", "full")


async def test_what_has_no_room_in_a_panel_ends_in_an_ellipsis() -> None:
    app = Some()
    async with app.run_test(size=(80, 24)) as pilot:
        panel = app.query(Panel).first()
        panel.show(lambda width: Content("\n").join(Content(f"line {n}") for n in range(9)))
        await pilot.pause()
        shown = "\n".join(lines(app))
        assert "line 1" in shown and "line 2…" in shown and "line 3" not in shown
        panel.styles.height = "auto"
        await pilot.pause()
        panel.draw_anew()
        await pilot.pause()
        assert "line 8" in "\n".join(lines(app)), "as high as its text, it is shown whole"
