"""The review that follows the practice inspection, on a new laptop, up to central's register.

What comes before it is in ``year.py``, by command.
"""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest

from fieldkit.evidence.concern.audits import NeedsReasonError
from tests.fieldkit.followup.wall import wall_on
from tests.journeys.year import INSPECTED, REVIEWED, WANTED, Listener, Year


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The year up to the first day of the review."""
    with pytest.MonkeyPatch.context() as patch, Listener() as listener:
        return Year.lived(tmp_path_factory.mktemp("year"), listener, wall_on(patch, INSPECTED))


@pytest.fixture
def year(
    made_once: Year,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Year:
    """A copy of it, on that day."""
    return made_once.copied(tmp_path / "year", capsys, wall_on(monkeypatch, REVIEWED))


def test_a_year_of_commands(year: Year) -> None:
    ben = year.laptop("Ben")
    ben.run.wanted = year.review

    # On site: a case of the area of concern; another one asks; evidence of progress.
    (area,) = [one for one in ben("followup")["areas"] if one["sort"] == "area"]
    assert (area["label"], [one["number"] for one in area["recommendations"]]) == (
        "Trusted adult", [1]
    )  # fmt: skip
    with pytest.raises(NeedsReasonError, match=r"Trusted adult \(domestic abuse\)"):
        ben("cases", "add", "R-002", "--type", "custody")
    ben("cases", "add", "R-001", "--type", "domestic-abuse")
    ben("judge", "R-001", "trusted_adult", "good")
    ben("judge", "R-001", "overall", "good")
    ben(
        "recommendations", "progress", "1", "R-001/trusted_adult",
        "--relation", "supports", "--why", "the child's words are there",
    )  # fmt: skip
    ben("assess", "trusted_adult", "good", "--rationale", "Officers write it down now.")
    shown = ben.text("followup", "area", "trusted_adult")
    assert "July 2040, 97 audits: 31 good, 37 requires improvement, 29 inadequate" in shown
    assert "January 2041, 1 audit: 1 good" in shown
    ben("recommendations", "status", "1", "complete", "--on", "14/1/2041")

    # The feedback, area by area, in Word; and what central then has of it.
    year.wall.show("2041-01-18")
    feedback = year.office.folder / "feedback.docx"
    given = ben("followup", "feedback", "--to", feedback)
    assert given["recipients"] == ["chief constable", "police and crime commissioner"]
    words = "\n".join(one.text for one in docx.Document(str(feedback)).paragraphs)
    for sentence in (
        "Feedback on the post-inspection review", WANTED, "Officers write it down now.",
        "the child's words are there", "by 7 February 2041",
    ):  # fmt: skip
        assert sentence in words, sentence
    ben("calendar", "done", "written-feedback", "--on", "18/1/2041")
    ben.hand_in()
    (line,) = ben("recommendations", "--all")
    assert (line["status"], line["supports"], line["late"]) == ("complete", 1, 0)
    report = year.report()
    assert "complete" in json.dumps(report) and WANTED in json.dumps(report)
