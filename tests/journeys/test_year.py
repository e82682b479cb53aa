"""What follows an inspection, by command: published, acted on, reviewed on a new laptop, reported.

The first laptop erases what it has before the review begins; the new one starts from central's
bundle of the earlier inspection, and its own from the roster.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx
import pytest

from fieldkit.evidence.concern.audits import NeedsReasonError
from storage.errors import FieldkitError
from storage.trust.request import read_request_file
from storage.vault.unlock import create_vault
from tests.fieldkit.cli.test_export import PASSPHRASE, Terminal
from tests.fieldkit.followup.wall import wall_on
from tests.storage.travelling import CHEAP

FORCE = "Westshire"


class Laptop:
    """A laptop whose commands answer with data, and the office's folder beside it."""

    def __init__(self, office: Terminal, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        folder = office.folder / name
        folder.mkdir()
        self.office, self.name, self.run = office, name, Terminal(folder, capsys)
        vault, _ = create_vault(folder / "vault", PASSPHRASE, name, params=CHEAP)
        vault.lock()

    def __call__(self, *words: str | Path) -> Any:
        code, said = self.run(*words, as_json=True)
        assert code == 0, (words, said)
        return json.loads(said)

    def text(self, *words: str | Path) -> str:
        return " ".join(self.run(*words)[1].split())

    def join(self, root: str) -> None:
        request = self.run.folder / "request"
        self("enrol", "request", "--to", request)
        words = read_request_file(request).fingerprint
        central(self.office, "enrol", request, "--fingerprint", words)
        self.take_roster(root)

    def take_roster(self, root: str) -> None:
        roster = self.run.folder / "roster"
        central(self.office, "roster", "--to", roster)
        self("enrol", roster, "--fingerprint", root)

    def hand_in(self) -> None:
        stick = self.run.folder / f"out-{len(list(self.run.folder.iterdir()))}"
        stick.mkdir()
        self("export", "--to", stick)
        central(self.office, "ingest", stick)
        central(self.office, "receipt", "--to", stick, "--device", self.device)
        (receipt,) = stick.glob("*.receipt")
        self("receipt", receipt)

    @property
    def device(self) -> str:
        """What the roster knows it by."""
        devices = json.loads(self.office.central("roster", as_json=True)[1])["devices"]
        return str(next(one["id"] for one in devices if one["person"] == self.name))


def central(office: Terminal, *words: str | Path) -> Any:
    code, said = office.central(*words, as_json=True)
    assert code == 0, (words, said)
    return json.loads(said)


def test_a_year_of_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = wall_on(monkeypatch, "2040-07-02")
    (tmp_path / "office").mkdir()
    office = Terminal(tmp_path / "office", capsys)
    root: str = central(office, "root", "init", "--memory", "64")["fingerprint"]
    central(office, "init", "--x25519", "--memory", "64")
    first = central(
        office, "plan", "--force", FORCE, "--methodology", "2018",
        "--starts", "2040-07-02", "--ends", "2040-07-13",
    )  # fmt: skip

    # The inspection: a case, a point, a recommendation with the force's context, the report.
    ada = Laptop(office, "Ada", capsys)
    ada.join(root)
    ada("cases", "add", "W-001", "--type", "missing")
    ada("judge", "W-001", "trusted_adult", "inadequate", "--concern", "Nobody asked the child.")
    ada("judge", "W-001", "overall", "inadequate", "--allow-open")
    ada("point", "add", "Children are not asked.", "--criterion", "trusted_adult")
    ada("point", "support", "1", "W-001/trusted_adult")
    wanted = "Write down what the child saw, said and seemed."
    ada("recommendations", "add", wanted, "--point", "1", "--deadline", "within three months")
    for question in ("resources", "partners", "feasibility", "proportionality"):
        ada("recommendations", "weigh", "draft 1", question, "It was weighed.")
    wall.show("2040-08-31")
    ada("inspection", "leave", "--reason", "the fieldwork is over")
    published = ada("inspection", "publish", "--on", "31/8/2040")
    assert {one["key"]: one["due"] for one in published["due"]}["revisit"] == "2041-02-28"

    # The action plan is received, read against each recommendation, and proposes a review.
    wall.show("2040-10-12")
    ada("actionplan", "receive", "--on", "12/10/2040")
    ada("actionplan", "intends", "1", "A new form.", "--when", "30/11/2040")
    ada.run("actionplan", "review", "some concerns", "It is thin.")
    assert "proposes a post-inspection review" in " ".join(ada.run.said)
    ada("recommendations", "status", "1", "being progressed")
    ada.hand_in()

    # A month after central's receipt the first laptop erases it.
    wall.show("2040-12-03")
    ada.hand_in()
    ada("erase", "--inspection", first["id"], "--word", "erase")
    assert ada("inspection", "list")[0]["sent"] == "erased"

    # A review is planned; a new laptop is enrolled and starts from central's bundle.
    review = central(
        office, "plan", "--force", FORCE, "--phase", "review", "--follows", FORCE,
        "--methodology", "2018", "--starts", "2041-01-14", "--ends", "2041-01-17",
    )  # fmt: skip
    assert review["follows"] == first["id"]
    ben = Laptop(office, "Ben", capsys)
    ben.join(root)
    stick = tmp_path / "for Ben"
    stick.mkdir()
    office.wanted = review["id"]
    with pytest.raises(FieldkitError, match=f"--inspection {first['id'][:8]}"):
        central(office, "export", "--for", ben.device, "--to", stick)
    office.wanted = first["id"]
    handed = central(office, "export", "--for", ben.device, "--to", stick)
    office.wanted = None
    ben("merge", *handed["files"])
    phases = {one["id"]: (one["phase"], one["cases"]) for one in ben("inspection", "list")}
    assert phases == {first["id"]: ("inspection", 1), review["id"]: ("review", 0)}

    # On site: a case of the area of concern; another one asks; evidence of progress.
    wall.show("2041-01-14")
    ben.run.wanted = review["id"]
    (area,) = [one for one in ben("followup")["areas"] if one["sort"] == "area"]
    assert (area["label"], [one["number"] for one in area["recommendations"]]) == (
        "Trusted adult", [1]
    )  # fmt: skip
    with pytest.raises(NeedsReasonError, match=r"Trusted adult \(missing children\)"):
        ben("cases", "add", "R-002", "--type", "custody")
    ben("cases", "add", "R-001", "--type", "missing")
    ben("judge", "R-001", "trusted_adult", "good")
    ben("judge", "R-001", "overall", "good")
    ben(
        "recommendations", "progress", "1", "R-001/trusted_adult",
        "--relation", "supports", "--why", "the child's words are there",
    )  # fmt: skip
    ben("assess", "trusted_adult", "good", "--rationale", "Officers write it down now.")
    shown = ben.text("followup", "area", "trusted_adult")
    assert "July 2040, 1 audits: 1 inadequate" in shown
    assert "January 2041, 1 audits: 1 good" in shown
    ben("recommendations", "status", "1", "complete", "--on", "14/1/2041")

    # The feedback, area by area, in Word; and what central then has of it.
    wall.show("2041-01-18")
    feedback = tmp_path / "feedback.docx"
    given = ben("followup", "feedback", "--to", feedback)
    assert given["recipients"] == ["chief constable", "police and crime commissioner"]
    words = "\n".join(one.text for one in docx.Document(str(feedback)).paragraphs)
    for sentence in (
        "Feedback on the post-inspection review", wanted, "Officers write it down now.",
        "the child's words are there", "by 7 February 2041",
    ):  # fmt: skip
        assert sentence in words, sentence
    ben("calendar", "done", "written-feedback", "--on", "18/1/2041")
    ben.hand_in()
    (line,) = ben("recommendations", "--all")
    assert (line["status"], line["supports"], line["late"]) == ("complete", 1, 0)
    report = central(office, "report", "--of", FORCE)
    assert "complete" in json.dumps(report) and wanted in json.dumps(report)
