"""The frame is drawn where it is seen, and says what is true as soon as its page is."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from textual._compositor import Compositor
from textual.app import App
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from screens.kit.dialogs import Tell
from screens.kit.drawing.drawn_part import PartScreen
from screens.kit.drawing.signs import glyphs_in_use, use_glyphs
from screens.kit.frame.lines import FrameFacts, FrameLine, KeyLine, LastLine
from screens.kit.page import Page
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, lines, opened, page, settled, until


async def test_only_the_lines_that_are_seen_are_drawn(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: set[Screen[object]] = set()
    usual = FrameLine.show_facts

    def show(line: FrameLine, facts: FrameFacts) -> None:
        drawn.add(line.screen)
        usual(line, facts)

    async with opened(vault, inspection) as (app, pilot):
        home = app.screen
        await app.go("cases")
        await settled(pilot)
        cases = app.screen
        monkeypatch.setattr(FrameLine, "show_facts", show)
        app.facts = replace(app.facts, unsent=4321)
        app.draw_frame()
        assert drawn == {cases}
        dialog = Tell("Something", "was done")
        await app.push_screen(dialog)
        await pilot.pause()
        drawn.clear()
        app.draw_frame()
        # Around a dialog the page is still seen.
        assert drawn == {dialog, cases}
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen is cases
        app.pop_screen()
        await settled(pilot)
        assert app.screen is home
        assert home.query_one(LastLine).facts == app.facts


async def test_a_part_is_drawn_as_the_whole_and_no_widget_beside_it_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Told(Static):
        DEFAULT_CSS = "Told { height: 3; border: solid red; }"

    page: PartScreen[None] = PartScreen()
    app: App[None] = App()
    async with app.run_test(size=(60, 20)) as pilot:
        await app.push_screen(page)
        inner = VerticalScroll(*(Told(f"inner {number}") for number in range(9)))
        await page.mount(Horizontal(Vertical(*(Told(f"left {n}") for n in range(7))), inner))
        await pilot.pause()
        inner.scroll_to(y=4, animate=False, immediate=True)
        await pilot.pause()
        composed, chance = page._compositor, Random(5)
        for _ in range(40):
            x, y = chance.randrange(60), chance.randrange(20)
            several = {
                Region(x, y, 3, 2).intersection(Region(0, 0, 60, 20)),
                Region(chance.randrange(50), chance.randrange(19), 10, 1),
            }
            composed._dirty_regions = set(several)
            ours = composed.render_partial_update()
            composed._dirty_regions = set(several)
            theirs = Compositor.render_partial_update(composed)
            assert ours is not None and theirs is not None
            assert ours.render_segments(app.console) == theirs.render_segments(app.console)
        asked: list[Told] = []
        usual = Told.render_lines

        def render_lines(told: Told, crop: Region) -> list[Strip]:
            asked.append(told)
            return usual(told, crop)

        monkeypatch.setattr(Told, "render_lines", render_lines)
        first, *_, last = page.query(Told)
        for told in (first, last):
            told.update("other")
        await pilot.pause()
        assert set(asked) <= {first, last} and first in asked


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_refusal_covers_nothing_of_the_page(
    vault: Vault, inspection: str, size: tuple[int, int]
) -> None:
    refusal = "This was not accepted, and nothing was changed; write it otherwise. " * 3
    async with opened(vault, inspection, size) as (app, pilot):
        body = app.screen.query_one("#columns")
        before = body.region
        app.say(refusal, error=True)
        await until(pilot, lambda: "otherwise" in page(app))
        await until(pilot, lambda: body.region.bottom < before.bottom)
        rows = [at for at, row in enumerate(lines(app)) if row.startswith("▌")]
        assert rows and body.region.bottom == rows[0]
        app.clear_notifications()
        await until(pilot, lambda: body.region == before)


@pytest.mark.parametrize("name", ["cases", "drafts", "fieldwork"])
@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_new_page_has_its_style_and_its_frame_from_the_first_layout(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch, name: str, size: tuple[int, int]
) -> None:
    laid_out: list[tuple[frozenset[str], Region, Region]] = []
    usual = Page._refresh_layout

    def note(new: Page, size: Size | None = None, scroll: bool = False) -> None:
        usual(new, size, scroll)
        classes = frozenset(one for one in new.classes if one != "-empty")
        line = new.query_one(KeyLine)
        laid_out.append((classes, line.region, new.query_one(LastLine).region))

    async with opened(vault, inspection, size=size) as (app, pilot):
        monkeypatch.setattr(Page, "_refresh_layout", note)
        await app.go(name)
        await settled(pilot)
        width, height = size
        wide = "-wide" if width >= 100 else "-narrow"
        keys, last = Region(0, height - 2, width, 1), Region(0, height - 1, width, 1)
        assert all(wide in one[0] for one in laid_out)
        assert {one[0] for one in laid_out} == {laid_out[0][0]}
        assert {one[1:] for one in laid_out} == {(keys, last)}


async def test_the_kept_line_of_keys_is_the_one_that_would_be_drawn(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection, size=LARGE) as (app, pilot):
        await app.go("case", case_id=cases["WST-001"])
        await settled(pilot)
        case, chance, before = app.screen, Random(3), glyphs_in_use()
        assert isinstance(case, Page)
        line, shown = case.query_one(KeyLine), set()
        try:
            for _ in range(60):
                step = chance.choice(("down", "up", "enter", "escape", "1", "size", "signs"))
                if step == "size":
                    await pilot.resize_terminal(*chance.choice((SMALL, LARGE, (60, 20))))
                elif step == "signs":
                    use_glyphs("plain" if glyphs_in_use() == before else before)
                elif step != "escape" or case.typing_in is not None:
                    await pilot.press(step)
                kept = line.content()
                assert kept.is_same(line._fitted(*line._words()))
                assert line.content() is kept
                shown.add(kept.plain)
        finally:
            use_glyphs(before)
        assert len(shown) > 3
