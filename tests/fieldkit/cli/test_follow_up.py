"""Visits, reviews and re-inspections by command: areas, list to tick, feedback, leaflet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fieldkit.cli.conftest import Ran, Runner
from tests.fieldkit.followup.wall import wall_on


@pytest.fixture
def review(monkeypatch: pytest.MonkeyPatch, fieldkit: Runner) -> Runner:
    """A published inspection with a recommendation, and a review of the same force."""
    wall = wall_on(monkeypatch, "2040-09-03")
    fieldkit.begun()
    fieldkit.done("cases", "add", "W-001", "--type", "missing")
    fieldkit.done("judge", "W-001", "trusted_adult", "inadequate", "--concern", "Nobody asked.")
    fieldkit.done("point", "add", "Children are not asked.", "--criterion", "trusted_adult")
    fieldkit.done("point", "support", "1", "W-001/trusted_adult")
    fieldkit.done("recommendations", "add", "Write down what the child says.", "--point", "1")
    fieldkit.done("inspection", "publish", "--on", "31/8/2040", "--reason", "of before")
    wall.show("2041-01-14")
    fieldkit.done(
        *("inspection", "new", "--force", "Westshire", "--methodology", "2018"),
        *("--phase", "review", "--starts", "14/1/2041", "--ends", "17/1/2041"),
    )
    return fieldkit


def test_a_review_by_command(review: Runner, tmp_path: Path) -> None:
    (line,) = [
        one for one in review.done("inspection", "list", "--json").data if one["phase"] == "review"
    ]
    shown = review.done("inspection", "show", line["id"], "--json").data
    assert shown["inspection"]["follows"] != ""

    def of(*argv: str) -> Ran:
        return review.done("--inspection", line["id"], *argv)

    refused = review.refused("--inspection", line["id"], "cases", "add", "R-001")
    assert (
        "outside the areas of concern of this review: Trusted adult (missing children)" in refused
    )
    of("cases", "add", "R-001", "--type", "missing")
    of("cases", "add", "R-002", "--because", "a partner named it")
    of("cases", "edit", "R-002", "--area", "trusted_adult", "--json")
    told = " ".join(of("cases", "show", "R-002").out.split())
    assert "audited for Trusted adult why audited a partner named it" in told
    of("judge", "R-001", "trusted_adult", "good")
    of("judge", "R-001", "overall", "good")
    of("recommendations", "progress", "1", "R-001/trusted_adult", "--why", "the words are there")
    of("assess", "trusted_adult", "requires improvement", "--rationale", "Officers write it down.")
    of("assess", "overall_progress", "good")

    text = of("followup").out
    for words in ("Trusted adult", "1 of 2", "Overall progress", "[ ] chief officers"):
        assert words in text, words
    data = of("followup", "--json").data
    assert [one["criterion"] for one in data["areas"]][:1] == ["trusted_adult"]
    area = " ".join(of("followup", "area", "6").out.split())
    for words in (
        "Recommendation 1: Write down what the child says.", "Summary: Officers write it down.",
        "+ 1 case audit: the words are there", "1 audit: 1 inadequate", "1 audit: 1 good",
        "no test, no shares",
    ):  # fmt: skip
        assert words in area, words
    of("followup", "area", "trusted_adult", "--json")
    assert "no area of this follow-up" in review.refused(
        "--inspection", line["id"], "followup", "area", "weather"
    )
    ticks = of("followup", "documents", "--ask", "all", "--received", "minutes", "--json").data
    assert [one["key"] for one in ticks if one["done"]] == ["minutes"]
    assert len(ticks) == 7 and all(one["said"] for one in ticks)
    assert "no sort of document" in review.refused(
        "--inspection", line["id"], "followup", "documents", "--ask", "poems"
    )

    out = tmp_path / "feedback.md"
    said = of("followup", "feedback", "--to", str(out), "--json")
    assert "chief constable; police and crime commissioner" in said.err
    written = out.read_text("utf-8")
    headings = [line for line in written.splitlines() if line.startswith("#")]
    assert headings[:5] == [
        "# Feedback on the post-inspection review", "## Trusted adult",
        "### What we had recommended", "### Summary", "### Detail",
    ]  # fmt: skip
    for words in (
        "Write down what the child says.", "Officers write it down.",
        "Shows that the force has acted (1 case audit): the words are there.",
        "by 7 February 2041", "prove no change by themselves",
    ):  # fmt: skip
        assert words in written, words
    assert "R-001" not in written
    assert "This is the written feedback, due within three weeks" in written
    assert "get written feedback" not in written, "it announced itself"
    told = " ".join(of("leaflet", "--for", "force").out.split())
    assert "chair of the" in told and "problem profiles" in told and "case files of those" in told
    assert "graded itself" not in told and "told of it two weeks before" in told
    left = [one["what"] for one in review.done("copies", "--json").data]
    assert "follow-up feedback feedback.md" in left


def test_an_inspection_is_no_follow_up(fieldkit: Runner) -> None:
    fieldkit.begun()
    assert "no follow-up" in fieldkit.refused("followup")
    assert "An inspection follows none" in fieldkit.refused(
        *("inspection", "new", "--force", "Eastshire", "--methodology", "2018"),
        *("--follows", "Eastshire"),
    )


@pytest.mark.parametrize("audience", ["force", "staff", "partners"])
def test_a_leaflet_is_kept_and_recorded(fieldkit: Runner, tmp_path: Path, audience: str) -> None:
    fieldkit.begun()
    shown = fieldkit.done("leaflet", "--for", audience)
    assert "Nothing was written" in shown.err
    for heading in (
        "Why we come", "What we collect, how, and what for",
        "What a case audit is for, and what it is not for",
        "How evidence becomes a recommendation", "Who sees what", "When the force hears",
    ):  # fmt: skip
        assert f"### {heading}" in shown.out, heading
    assert "{" not in shown.out
    assert ("name nobody" in shown.out) == (audience == "staff")
    out = tmp_path / "leaflet.docx"
    fieldkit.done("leaflet", "--for", audience, "--to", str(out), "--json")
    assert out.stat().st_size > 5000
    (left,) = fieldkit.done("copies", "--json").data
    assert left["what"] == "leaflet leaflet.docx"
    whom = {"force": "force", "staff": "officers and staff", "partners": "partner agencies"}
    # Sentences say “for the …” of it.
    assert left["recipient"] == whom[audience]
