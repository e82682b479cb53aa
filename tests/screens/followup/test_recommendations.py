"""The register by keys: made from a point, its status, what is said, evidence, views and files."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.followup.links import linked
from fieldkit.followup.register import RegisterLine, register
from fieldkit.followup.show import show_recommendation
from fieldkit.history.open_copies import open_copies
from screens.evidence.trace import PickEvidence
from screens.feedback.pick_points import PickPoints
from screens.followup.recommendations import RecommendationsPage
from screens.followup.register_rows import half_year, progress, register_row, standing
from screens.kit.dialogs import AskText, Pick, Tell
from screens.kit.form import Form
from storage.records import Recommendation
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.fieldkit.followup.wall import wall_on
from tests.screens.driving import LARGE, opened, page, settled, told
from tests.screens.followup.followed import WORDS, followed, of
from tests.screens.hostile import at, came, paste


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    wall_on(monkeypatch, "2040-11-12")


async def test_a_recommendation_is_made_from_a_point_and_followed(vault: Vault) -> None:
    inspection, _ = followed(vault, published="")
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("p")
        await settled(pilot)
        await pilot.press("r")
        await came(pilot, AskText)
        await paste(pilot, "Ask each child how they are.")
        await pilot.press("ctrl+s")
        await came(pilot, Form)
        await pilot.press("1", "tab", "tab", *"Head", "ctrl+s")
        await came(pilot, RecommendationsPage)
        await settled(pilot)
        made = (await app.vault.read(records_in, Recommendation, inspection))[-1]
        assert (made.wording, made.deadline, made.criterion, made.owner) == (
            "Ask each child how they are.",
            "immediately",
            "trusted_adult",
            "Head",
        )
        assert "Immediately, once published" in page(app)
        # A draft has no status to be late with, but what is said of it is kept.
        await pilot.press("m")
        await came(pilot, Form)
        await paste(pilot, "We agree.")
        await pilot.press("ctrl+s")
        await came(pilot, RecommendationsPage)
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert "gets its number when the report is published" in told(app)
        await pilot.press("x")
        await came(pilot, Pick)
        await pilot.press("2")
        await came(pilot, AskText)
        await paste(pilot, "Said twice.")
        await pilot.press("ctrl+s")
        await came(pilot, RecommendationsPage)
        await settled(pilot)
        left = await app.vault.read(records_in, Recommendation, inspection)
        assert made.id not in {one.id for one in left} and len(left) == len(WORDS)


async def test_status_evidence_and_wording_of_a_published_one(vault: Vault) -> None:
    inspection, ids = followed(vault)
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await app.go("recommendations", recommendation=ids[0])
        await settled(pilot)
        assert "105 days late" in page(app) and "The half year after publication" in page(app)
        await pilot.press("s")
        await came(pilot, Pick)
        await pilot.press("4")  # superseded needs its reason
        await came(pilot, Form)
        await pilot.press("ctrl+s")
        await came(pilot, Form)
        assert "is missing" in told(app)
        await pilot.press("escape", "s")
        await came(pilot, Pick)
        await pilot.press("2")
        await came(pilot, Form)
        await paste(pilot, "2/10/2040")
        await pilot.press("ctrl+s")
        await came(pilot, RecommendationsPage)
        await settled(pilot)
        first = of(vault, ids[0])
        assert (first.status, first.status_on) == ("being progressed", "2040-10-02")
        await pilot.press("e")
        await came(pilot, PickEvidence)
        await pilot.press(*"placement", "enter")
        await came(pilot, Pick)
        await pilot.press("2")
        await came(pilot, AskText)
        await paste(pilot, "One night only.")
        await pilot.press("ctrl+s")
        await came(pilot, RecommendationsPage)
        await settled(pilot)
        link = (await app.vault.read(linked, ids[0]))[0]
        assert (link.role, link.relation, link.why) == (
            "progress",
            "contradicts",
            "One night only.",
        )
        assert "✗1" in page(app)
        await pilot.press("p")
        await came(pilot, Pick)
        await pilot.press("enter")
        await came(pilot, AskText)
        await pilot.press("ctrl+s")
        await came(pilot, RecommendationsPage)
        await settled(pilot)
        await pilot.press("b")
        await came(pilot, PickPoints)
        await pilot.press("enter")
        await came(pilot, RecommendationsPage)
        await settled(pilot)
        shown = await app.vault.read(show_recommendation, ids[0])
        assert len(shown.points) == 2 and len(shown.links) == 2
        await pilot.press("t")
        await came(pilot, AskText)
        await pilot.press("home", *"Now ", "ctrl+s")
        await came(pilot, Form)
        await pilot.press("ctrl+s")
        await came(pilot, Form)
        assert "The reason why a published recommendation is changed is missing" in told(app)
        await pilot.press(*"Shorter.", "ctrl+s")
        await came(pilot, RecommendationsPage)
        await settled(pilot)
        await pilot.press("n")
        await came(pilot, Form)
        await pilot.press("end", "backspace", "9", "tab", *"Doubled.", "ctrl+s")
        await came(pilot, RecommendationsPage)
        await settled(pilot)
        assert of(vault, ids[0]).number == 9
        await pilot.press("enter")
        await came(pilot, Tell)
        assert "Recommendation 9 · Westshire" in page(app)


async def test_the_register_is_narrowed_down_sorted_and_written(
    vault: Vault, tmp_path: Path
) -> None:
    inspection, _ = followed(vault)
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("f")
        await settled(pilot)
        assert at(pilot, RecommendationsPage)
        await pilot.press("down", "down", "v")
        await settled(pilot)
        assert "open: 3 of 5" in page(app) and "overdue" not in page(app)
        await pilot.press("v", "v")
        await settled(pilot)
        assert "complete: 2 of 5" in page(app)
        await pilot.press("v", "v", "v")
        for words in ("by number", "by criterion", "by status", "by the day"):
            await pilot.press("r")
            await settled(pilot)
            assert words in page(app)
        await pilot.press("k")
        await came(pilot, Pick)
        await pilot.press("7")
        await came(pilot, RecommendationsPage)
        await settled(pilot)
        assert "Trusted adult · by the day" in page(app) and "Visit every" not in page(app)
        await pilot.press("o")
        await settled(pilot)
        assert "all forces" in page(app) and "Westshire Constabulary: Record" in page(app)
        for digit, name in (("1", "r.csv"), ("2", "r.ics")):
            await pilot.press("w")
            await came(pilot, Pick)
            await pilot.press(digit)
            await came(pilot, Form)
            field = app.screen.query_one("#field-file")
            field.value = str(tmp_path / name)  # type: ignore[attr-defined]
            await pilot.press("ctrl+s")
            await came(pilot, RecommendationsPage)
            await settled(pilot)
        table = (tmp_path / "r.csv").read_text("utf-8")
        assert "Record what the child saw" in table and "Visit every" not in table
        assert (tmp_path / "r.ics").read_text("utf-8").count("BEGIN:VEVENT") == 2
        # Each is on record, and an open copy until somebody says where it went.
        copies = vault.read_now(open_copies)
        assert [(one.what, one.path) for one in copies] == [
            (f"register {name}", str(tmp_path / name)) for name in ("r.ics", "r.csv")
        ]


def test_rows_keep_within_their_columns(vault: Vault) -> None:
    _, ids = followed(vault)
    listed = vault.read_now(register)
    for width in (34, 60, 76, 118):
        for one in listed:
            for wide in (False, True):
                row = register_row(
                    one, "2040-11-12", width, force="Westshire", chosen=True, wide=wide
                )
                assert all(line.cell_length <= width for line in row.split("\n"))
    stands = {one.id: standing(one, "2040-11-12").plain.strip() for one in listed}
    assert [stands[one] for one in ids] == ["! 105 days", "✓", "! 13 days", "✓", "▲ 79 days"]
    early = next(one for one in listed if one.id == ids[4])
    assert standing(early, "2040-08-01").plain == "● 182 days"
    assert progress(ended(early)).plain == "□□□ not accepted"
    assert "not published" in half_year((), "", "2040-11-12", 60).plain


def ended(line: RegisterLine) -> RegisterLine:
    from dataclasses import replace

    return replace(line, status="not accepted", status_reason="No.")
