"""The review that follows the practice inspection, on a new laptop, up to central's register.

What comes before it is in ``year.py``, by command.
"""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from fieldkit.evidence.concern.audits import NeedsReasonError
from storage.feed.replay import differences
from storage.vault.unlock import open_vault
from tests.conftest import HEAVY
from tests.fieldkit.cli.test_export import PASSPHRASE
from tests.fieldkit.followup.wall import wall_on
from tests.journeys.keys import read
from tests.journeys.play import play_by_pilot
from tests.journeys.year import INSPECTED, REVIEWED, WANTED, Laptop, Listener, Year
from tests.screens.driving import LARGE, SMALL

KEYS = Path(__file__).with_name("review.keys")


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The year up to the first day of the review."""
    with pytest.MonkeyPatch.context() as patch, Listener() as listener:
        # The folders of a person are made temporary for each test, which is later than this.
        for name in ("FIELDKIT_HOME", "HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp("home")))
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
    _is_told(feedback, "Officers write it down now.", "the child's words are there")
    ben("calendar", "done", "written-feedback", "--on", "18/1/2041")
    ben.hand_in()
    _is_known(year, ben)


LARGE_TOO = pytest.mark.skipif(not HEAVY, reason="make torture plays it at 120×36 too")


@pytest.mark.parametrize("size", [SMALL, pytest.param(LARGE, marks=LARGE_TOO)])
async def test_by_pilot(size: tuple[int, int], year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    ben = year.laptop("Ben")
    ben.run.wanted = year.review
    stick, feedback = year.office.folder / "out", year.office.folder / "feedback.docx"
    stick.mkdir()
    words = {"passphrase": PASSPHRASE, "feedback": str(feedback), "folder": str(stick)}
    await play_by_pilot(ben.vault, read(KEYS, **words), size, says=True)

    _is_told(feedback, "Officers write it down now.", "(1 case audit): The child was heard.")
    ben.received(stick)
    _is_known(year, ben)
    with open_vault(ben.vault, PASSPHRASE) as vault:
        assert vault.read_now(lambda s: differences(s.connection())) == []


def _is_told(feedback: Path, *more: str) -> None:
    """What the force reads in the feedback: recommendation, summary, detail, and by when."""
    words = "\n".join(one.text for one in docx.Document(str(feedback)).paragraphs)
    for sentence in (
        "Feedback on the post-inspection review", WANTED, "by 7 February 2041", *more
    ):  # fmt: skip
        assert sentence in words, sentence


def _is_known(year: Year, ben: Laptop) -> None:
    """What laptop and central then know of the recommendation."""
    told = {one["id"]: one["wordings"] for one in year.report()["inspections"]}
    earlier, review = (told[one]["recommendations"] for one in (year.first, year.review))
    for line in (*ben("recommendations", "--all"), *earlier):
        assert (line["wording"], line["status"], line["status_on"]) == (
            WANTED, "complete", REVIEWED
        )  # fmt: skip
        assert (line["due"], line["supports"], line["late"]) == ("2040-11-30", 1, 0)
    assert len(earlier) == 1 and not review
