"""The harness of the benchmarks runs; what it measures on a computer like this says nothing."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path

import pytest
from textual import events

from benchmarks.__main__ import ROWS, line, main
from benchmarks.country import Reported
from benchmarks.growth import Grown
from benchmarks.held import Held, answered
from benchmarks.home import AT_HOME
from benchmarks.latency import JobMeasured, Waits
from benchmarks.page import Run, page, spread
from benchmarks.row import Measured, Row
from benchmarks.vaults import Size
from screens.app import FieldkitApp
from screens.casework.cases import CasesPage
from storage.vault.vault import Vault
from tests.screens.driving import page as page_of
from tests.screens.driving import settled

HOME = "screens/__snapshots__/test_snapshots/test_page[home-120x36].svg"


def test_two_cheap_rows_are_measured_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--only", "version", "--only", "matching"]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"fieldkit --version +\d.* ms +\d.* ms +\d+\.\d\d× +2.5× +(yes|NO)", printed)
    assert re.search(r"matching 1,000 × 1,000 .* +0.6× +(yes|NO)", printed)
    assert "not measured" not in printed


def test_a_row_is_within_up_to_its_budget() -> None:
    def row(budget: float) -> Row:
        return Row("x", "x", "y", budget, lambda _: measured)

    measured = Measured([0.2, 0.4, 9.0], [0.1, 0.2, 0.3], note="more")
    assert measured.ratio == 2
    assert re.search(r"400 ms +200 ms +2.00× +2×  yes", line(row(2), measured))
    assert re.search(r"2.00× +1.9×  NO\n    against y; more", line(row(1.9), measured))


def test_each_name_is_one_row() -> None:
    assert len({one.name for one in ROWS}) == len(ROWS)


def test_home_is_known_by_words_that_it_shows() -> None:
    drawn = html.unescape(Path(__file__).parent.joinpath(HOME).read_text("utf-8"))
    assert AT_HOME in drawn.replace("\xa0", " ")


def row(name: str, budget: float) -> Row:
    return Row(name, name, "a yardstick", budget, lambda _: Measured([1.0], [1.0]))


def test_the_page_says_what_came_out_and_what_is_over() -> None:
    quick, slow = JobMeasured("backup", None, Waits([0.01, 0.1], 3.0)), Waits([0.01, 0.3], 3.0)
    run = Run(
        Size(ops=1_000, notes=400, cases=8),
        "2 processors",
        (1.0, 9.0),
        [
            (row("start", 2.5), Measured([0.2, 0.4, 9.0], [0.1, 0.2, 0.3], note="more")),
            (row("memory", 1.5), Measured([30.0], [10.0], "MiB")),
            (row("export", 1.5), "there is no age"),
        ],
        [Held("points", 0.05, [0.01, 0.04, 0.9]), Held("a pause", 0.01, [0.001, 0.02], True)],
        [quick, JobMeasured("merge", 1.2, slow)],
        [Size(ops=1_000, notes=400, cases=8), Size(ops=50_000, notes=2_000, cases=400)],
        [Grown("home", "s", [0.00125, 0.25]), Grown("check", "s", [0.5, 15], may_grow=True)],
        [Size(ops=10_000, notes=400, cases=8), Size(ops=10_000, notes=400, cases=80)],
        [Grown("coverage", "s", [0.001, 0.03])],
        [Reported("register", 1_000_000, 0.5), Reported("report", 1_000_000, 2.5)],
    )
    assert run.over == [
        "memory",
        "export",
        "a pause",
        "merge",
        "home, as the store grows",
        "report",
    ]
    text = page(run)
    assert "**On:** 2 processors." in text
    assert "At the beginning 1.0 programs were at work on it, at the end 9.0." in text
    assert (
        "Over its budget: memory; export; a pause; merge; home, as the store grows; report." in text
    )
    assert "| points | 40 ms | 50 ms | yes |" in text
    assert "| a pause | the longest 20 ms | 10 ms | **no** |" in text
    assert (
        "| start | 400 ms (200 to 9000) | a yardstick: 200 ms (100 to 300); more "
        "| 2.00× | 2.5× | yes |" in text
    )
    assert "| memory | 30.0 MiB (30.0 to 30.0) |" in text
    assert "| export | not measured: there is no age |" in text
    assert "| merge | 3.0 s | 1.2 s | 155.0 ms | 300 ms | **no** |" in text
    assert "| what | 1,000 entries | 50,000 entries | within |" in text
    assert "| home | 1.2 ms | 250 ms | **no** |" in text
    assert "| check | 500 ms | 15 s | may grow |" in text
    assert "| what | 8 cases | 80 cases |" in text
    assert "| coverage | 1.0 ms | 30 ms |" in text
    assert "| register | 1,000,000 | 0.50 s | yes |" in text
    assert "| report | 1,000,000 | 2.50 s | **no** |" in text


def test_a_step_may_grow_a_little_with_the_store() -> None:
    assert Grown("home", "s", [0.01, 9.0, 0.025]).is_within
    assert not Grown("home", "s", [0.01, 0.0, 0.0251]).is_within
    assert Grown("check", "s", [0.01, 9.0], may_grow=True).is_within


def test_the_spread_is_the_middle_half() -> None:
    assert spread([3.0, 1.0, 2.0]) == (1.0, 3.0)
    assert spread([5.0, 1.0, 2.0, 3.0, 4.0]) == (2.0, 4.0)


@pytest.mark.posix  # it measures in a terminal
@pytest.mark.skipif(not os.environ.get("FIELDKIT_TORTURE"), reason="make torture tries it")
def test_every_row_is_measured_in_small(tmp_path: Path) -> None:
    assert main(["--quick", "--page", str(tmp_path / "page.md")]) == 0
    assert "not measured" not in (tmp_path / "page.md").read_text("utf-8")


async def test_a_letter_is_answered_when_it_is_drawn(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    app = FieldkitApp(vault.folder, inspection=inspection, vault=vault)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await app.go("cases")
        await settled(pilot)
        await pilot.press("slash")
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, CasesPage)
        for letter in "wq":
            app.post_message(events.Key(letter, letter))
            await answered(app)
            typed = screen._typed
            assert typed[-1:] == letter
            assert screen.lines == [one for one in screen.cases if typed in screen._texts[one.id]]
            assert not screen._dirty_widgets and not screen._layout_required
            assert ("No case fits “wq”" in page_of(app)) == (letter == "q")
