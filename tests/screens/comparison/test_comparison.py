"""The comparison by keys: blind until revealed, the tables, the differences and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import OptionList, Static

from fieldkit.casework import judging, reveals
from fieldkit.comparison import assemble
from fieldkit.evidence import points
from fieldkit.selfassessment.corrections import corrected_import
from fieldkit.selfassessment.import_workbook import import_reading, read_force_workbook
from screens.app import FieldkitApp
from screens.comparison.comparison import DIFFERENCES, PANES, ComparisonPage
from screens.comparison.differences import Differences, Rationales
from screens.kit.dialogs import AskText, Confirm
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, lines, opened, ops, page
from tests.screens.force import book, westshire
from tests.screens.hostile import HOSTILE, harmless, paste

THEIRS = "The kingfisher was seen and spoken to"


@pytest.fixture
def matched(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> Iterator[tuple[Vault, str]]:
    """The practice inspection with every row of the force decided, nothing revealed."""
    force = westshire(tmp_path_factory)
    with force.visited(tmp_path) as vault:
        force.match(vault)
        yield vault, force.inspection


@pytest.fixture
def two(vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Two graded cases that the force graded otherwise; its words would be markup."""
    rows: list[tuple[str, ...]] = [
        ("42/10001/26", "Domestic abuse", "2026-02-01", "Good", f"{THEIRS} {HOSTILE[0]}"),
        ("42/10002/26", "Missing children", "2026-02-02", "RI", HOSTILE[1]),
    ]
    book(tmp_path / "f.xlsx", rows, ("Ref", "Type", "Date", "Grade", "Rationale"))
    for reference in ("WST-001", "WST-002"):
        vault.write_now(judging.grade, cases[reference], "overall", "inadequate", allow_open=True)
        vault.write_now(judging.write, cases[reference], "overall", rationale=f"Ours {HOSTILE[1]}")
    reading = read_force_workbook(tmp_path / "f.xlsx", "2018")
    vault.write_now(import_reading, inspection, reading, accept_exact=True)
    return cases


def told(app: FieldkitApp) -> str:
    """The words on the page, without the borders that they stand in."""
    return " ".join(page(app).translate(str.maketrans("│╭╮╰╯─", "      ")).split())


def the_page(app: FieldkitApp) -> ComparisonPage:
    assert isinstance(app.screen, ComparisonPage)
    return app.screen


async def test_without_a_workbook_it_says_where_to_read_one(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("m")
        assert "has not been read yet" in page(app) and "s reads it" in page(app)
        await pilot.press("p", "g", "o")
        assert isinstance(app.screen, ComparisonPage)
        for _ in PANES:
            await pilot.press("tab")
        await pilot.press("enter")
        assert the_page(app)._pane == DIFFERENCES
        await pilot.press("v")
        assert not isinstance(app.screen, Confirm)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_forces_grades_stay_hidden_until_they_are_asked_for(
    vault: Vault, inspection: str, two: dict[str, str], size: tuple[int, int]
) -> None:
    async with opened(vault, inspection, size) as (app, pilot):
        await pilot.press("m")
        assert "2 cases with our overall grade wait to be revealed" in page(app)
        shown = told(app)
        assert "not revealed yet: 2." in shown and "2 (WST-001, WST-002); v reveals them." in shown
        assert "Sums agree" not in shown and "of which" not in shown
        await pilot.press("shift+tab", "shift+tab", "shift+tab")
        assert "Agreement is measured once" in page(app)
        before = ops(vault)
        await pilot.press("d")
        assert THEIRS not in page(app) and "press v" in page(app)
        await pilot.press("v")
        assert isinstance(app.screen, Confirm) and "It is recorded" in page(app)
        await pilot.press("enter")
        assert ops(vault) == before
        await pilot.press("v", "y")
        assert ops(vault)[len(before) :] == [("reveal", "reveal")] * 2
        assert the_page(app).query_one("#differences", OptionList).option_count == 4
        assert "The force two grades higher" in page(app)
        await pilot.press("v")
        assert not isinstance(app.screen, Confirm)


async def test_only_keys_that_do_something_are_offered(
    vault: Vault, inspection: str, two: dict[str, str]
) -> None:
    for reference in ("WST-001", "WST-002"):
        vault.write_now(judging.clear, two[reference], "overall")
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("m")
        shown, last = told(app), lines(app)[-2]
        assert "graded by us yet: 2 (WST-001, WST-002); grade them first." in shown
        assert "press v" not in shown and "v reveal" not in shown.casefold()
        assert "Rationales" not in last and "Make point" not in last and "Earlier" not in last
        await pilot.press("d")
        assert "are shown: grade the cases first" in told(app)
        await pilot.press("tab", "tab", "tab")
        assert PANES[the_page(app)._pane][0] == "Then and now" and "Earlier" in lines(app)[-2]
        for reference in ("WST-001", "WST-002"):
            await vault.write(
                lambda s, case: judging.grade(s, case, "overall", "inadequate", allow_open=True),
                two[reference],
            )
        await pilot.press("escape", "m")
        assert "Reveal all" in lines(app)[-2]
        await pilot.press("v", "y", "d")
        assert "Rationales" in lines(app)[-2] and "Reveal all" not in lines(app)[-2]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_both_rationales_side_by_side(
    vault: Vault, inspection: str, two: dict[str, str], size: tuple[int, int]
) -> None:
    async with opened(vault, inspection, size) as (app, pilot):
        await pilot.press("m", "v", "y", "d", "enter")
        assert isinstance(app.screen, Rationales)
        shown = page(app)
        harmless(shown)
        assert "Ours: inadequate" in shown and "Force: good" in shown and "++" in shown
        assert any("Ours [@click" in one and "kingfisher" in one for one in lines(app))
        await pilot.press("right")
        assert "2 of 2" in page(app) and "requires improvement" in page(app)
        await pilot.press("right", "left", "escape")
        assert the_page(app).query_one(Differences).at == 0


async def test_our_grade_changes_only_with_a_reason(
    vault: Vault, inspection: str, two: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("m", "v", "y", "d", "g", "3")
        assert not isinstance(app.screen, AskText)
        await pilot.press("g", "2")
        assert isinstance(app.screen, AskText)
        await paste(pilot, "The record was in another system [/]")
        await pilot.press("ctrl+s")
        made = await vault.read(assemble.comparison, inspection)
        assert [(one.initial, one.ours) for one in made.changed] == [
            ("inadequate", "requires improvement")
        ]
        assert any("WST-001" in one and "changed" in one for one in lines(app))
        await pilot.press("tab")
        table = str(the_page(app).query_one("#table", Static).content)
        assert "Changed after the force's grade was seen" in table


async def test_a_difference_makes_a_point_that_rests_on_our_judgment(
    vault: Vault, inspection: str, two: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (_app, pilot):
        await pilot.press("m", "v", "y", "d", "p")
        await paste(pilot, "The force grades too high")
        await pilot.press("ctrl+s", "2")
        made = await vault.read(points.point_lines, inspection)
        assert len(made) == 1 and made[0].supports == 1


async def test_a_difference_opens_its_case(
    vault: Vault, inspection: str, two: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("m", "v", "y", "d", "o")
        assert type(app.screen).__name__ == "CasePage" and "WST-001" in page(app)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_panes_show_the_figures_of_the_comparison(
    matched: tuple[Vault, str], size: tuple[int, int]
) -> None:
    vault, inspection = matched
    async with opened(vault, inspection, size) as (app, pilot):
        await pilot.press("m", "v", "y")
        made = await vault.read(assemble.comparison, inspection)
        table = made.self_assessed
        shown = page(app)
        for at, grade in enumerate(made.scale):
            row = next(one for one in lines(app) if one[2:5] == f" {grade[0].upper()} ")
            figures = [int(word) for word in row.split("││")[0].split() if word.isdigit()]
            assert figures[-1] == table.row_totals[at] == sum(table.crosstab[at])
            assert figures[:-1] == [one for one in table.crosstab[at] if one]
        sign = made.agreement.sign
        assert f"{sign.force_higher} force higher ▲" in shown and "less than" in shown
        assert f"Ours, {sum(table.inspectors)}" in shown
        assert f"The force's, {sum(table.force)}" in shown
        assert "▲▲" in page(app) and "Sums agree" in page(app)
        await pilot.press("tab")
        assert f"inspectors only: {made.inspectors_only.cases}" in page(app)
        assert made.sentence.split(" (")[0] in page(app)
        await pilot.press("tab")
        for kind in made.types.rows:
            total = sum(kind.counts) + kind.not_judged
            row = next(one for one in lines(app) if kind.label[:20] in one)
            assert row.strip("│▁▂▃▄▅▆▇ ").split()[-1] == str(total)
        await pilot.press("tab")
        for line_ in made.criteria.rows:
            row = next(one for one in lines(app) if line_.label[:8] in one)
            assert row.strip("│▁▂▃▄▅▆▇ ").split()[-1] == str(line_.total)
        await pilot.press("tab")
        listed = the_page(app).query_one("#differences", OptionList)
        headings = {one.concern for one in made.disparities}
        assert listed.option_count == len(made.disparities) + len(headings)
        await pilot.press("tab")
        assert made.agreement.direction[:60] in told(app)
        assert "Kappa, linear" in page(app) and "not drawn at random" in page(app)
        await pilot.press("tab")
        assert "by case type" in page(app) and "no grades by criterion" in page(app)
        await pilot.press("tab")
        assert "No earlier inspection of this force" in page(app)
        await pilot.press("tab")
        assert "Rows of the force without a case: 2" in page(app)
        for shown in lines(app):
            assert len(shown) <= size[0]
        await pilot.press("shift+tab", "d")
        assert the_page(app)._pane == DIFFERENCES


async def test_both_sides_of_the_difference_under_the_cursor(matched: tuple[Vault, str]) -> None:
    vault, inspection = matched
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await pilot.press("m", "v", "y", "d")
        made = await vault.read(assemble.comparison, inspection)
        for one in made.disparities[:2]:
            shown = page(app)
            assert f"Ours {one.reference}" in shown and one.types[0][:8] in shown
            assert one.our_rationale[:20] in shown and one.their_rationale[:20] in shown
            assert "revealed" in shown and "A. Inspector" in shown
            await pilot.press("down")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_what_the_force_changed_after_the_reveal_is_said_on_the_page_and_in_the_case(
    vault: Vault, inspection: str, two: dict[str, str], tmp_path: Path, size: tuple[int, int]
) -> None:
    vault.write_now(reveals.reveal_all, inspection)
    rows: list[tuple[str, ...]] = [
        ("42/10001/26", "Domestic abuse", "2026-02-01", "Inadequate", HOSTILE[2]),
        ("42/10002/26", "Missing children", "2026-02-02", "As below [/]", HOSTILE[1]),
    ]
    book(tmp_path / "g.xlsx", rows, ("Ref", "Type", "Date", "Grade", "Rationale"))
    reading = read_force_workbook(tmp_path / "g.xlsx", "2018")
    before = vault.read_now(corrected_import, inspection, reading)
    vault.write_now(import_reading, inspection, reading, accept_exact=True, corrects=before)
    async with opened(vault, inspection, size) as (app, pilot):
        await pilot.press("m", "shift+tab")
        shown = told(app)
        harmless(shown)
        assert "changed its grade of case WST-001 from good to inadequate" in shown
        assert "to “As below [/]” (no grade of the scale) (row 5 of" in shown
        await pilot.press("shift+tab", "shift+tab", "shift+tab")
        assert "The force's grade after the reveal" in page(app)
        await pilot.press("escape", "c", "enter", "f")
        place = "#force" if size == SMALL else "#force-side"
        said = " ".join(str(app.screen.query_one(place, Static).content).split())
        grade = "G good (as revealed; inadequate now, row 4 of g.xlsx)"
        assert said.startswith(f"{grade} The kingfisher was seen")


async def test_a_difference_is_queried_and_an_earlier_inspection_stands_beside(
    vault: Vault, inspection: str, two: dict[str, str]
) -> None:
    from fieldkit.casework import queries
    from fieldkit.inspections import inspections

    vault.write_now(
        inspections.create, force="Northshire Police", methodology="2014", starts="2014-07-07",
        ends="2014-07-18",
    )  # fmt: skip
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await pilot.press("m", "v", "y", "d", "q", *"why", "ctrl+s")
        assert "queried" in page(app)
        [asked] = await vault.read(queries.lines, inspection)
        assert (asked.question, asked.criterion) == ("why", "overall")
        await pilot.press("e", "enter")
        shown = told(app)
        assert "Then and now: inspection begun 7 July 2014, Northshire Police" in shown
        assert "no agreement is calculated" in shown
