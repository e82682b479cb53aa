"""What comes before a review: the practice inspection, published, acted on, erased, planned anew.

All of it by command. The first laptop erases what it has before the review begins; the new one is
enrolled and starts from central's bundle of the earlier inspection, and its own from the roster.
"""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fieldkit.demo import fieldwork
from fieldkit.demo.practice import practice
from fieldkit.demo.practice_vault import PracticeVault, practice_today
from storage.errors import FieldkitError
from storage.trust.request import read_request_file
from storage.vault.unlock import create_vault, open_vault
from tests.fieldkit.cli.test_export import PASSPHRASE, Listens, Terminal
from tests.fieldkit.followup.wall import Wall
from tests.storage.travelling import CHEAP

FORCE = practice().force
WANTED = "Write down what the child saw, said and seemed."
INSPECTED, REVIEWED = "2040-07-04", "2041-01-14"
"""The practice inspection's third day on site, and the review's first."""
FIELDWORK = (fieldwork.take_cases, fieldwork.judge, fieldwork.visit, fieldwork.conclude)


class Laptop:
    """A laptop whose commands answer with data, and the office's folder beside it."""

    def __init__(self, office: Terminal, name: str) -> None:
        folder = office.folder / name
        folder.mkdir(exist_ok=True)
        self.office, self.name, self.run = office, name, Terminal(folder, office.capsys)
        self.vault = folder / "vault"
        if not self.vault.exists():
            create_vault(self.vault, PASSPHRASE, name, params=CHEAP)[0].lock()

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
        self.received(stick)

    def received(self, stick: Path) -> None:
        """Central takes in what is on a stick, and the laptop its receipt."""
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


class Heard(NamedTuple):
    """What was said on stdout and on stderr."""

    out: str
    err: str


class Listener:
    """Hears what commands say where no test is running yet, as ``capsys`` does."""

    def __enter__(self) -> Listener:
        self._until = ExitStack()
        self._said = self._until.enter_context(redirect_stdout(StringIO()))
        self._told = self._until.enter_context(redirect_stderr(StringIO()))
        return self

    def __exit__(self, *_: object) -> None:
        self._until.close()

    def readouterr(self) -> Heard:
        """What was said since this was last asked."""
        heard = Heard(self._said.getvalue(), self._told.getvalue())
        for stream in (self._said, self._told):
            stream.seek(0)
            stream.truncate()
        return heard


@dataclass
class Year:
    """The office, its clock, and the inspection of the summer with the review that follows it."""

    office: Terminal
    wall: Wall
    root: str = ""
    first: str = ""
    review: str = ""

    @classmethod
    def lived(cls, folder: Path, listener: Listens, wall: Wall) -> Year:
        """From the first day on site to the review's first day."""
        year = cls(Terminal(folder, listener), wall)
        year.root = central(year.office, "root", "init", "--memory", "64")["fingerprint"]
        central(year.office, "init", "--x25519", "--memory", "64")
        ada = year.inspect()
        year.publish(ada)
        year.act(ada)
        year.erase(ada)
        year.follow()
        return year

    def copied(self, folder: Path, listener: Listens, wall: Wall) -> Year:
        """The same in another folder, to go on with."""
        shutil.copytree(self.office.folder, folder)
        return replace(self, office=Terminal(folder, listener), wall=wall)

    def laptop(self, name: str) -> Laptop:
        """The laptop of a person; a new one has an empty vault."""
        return Laptop(self.office, name)

    def inspect(self) -> Laptop:
        """The practice inspection on the first laptop, with a recommendation and its context."""
        self.first = central(
            self.office, "plan", "--force", FORCE, "--methodology", "2018",
            "--starts", "2040-07-02", "--ends", "2040-07-13",
        )["id"]  # fmt: skip
        ada = self.laptop("Ada")
        ada.join(self.root)
        with open_vault(ada.vault, PASSPHRASE) as vault:
            demo = PracticeVault(
                ada.run.folder, PASSPHRASE, vault, practice_today(), inspection=self.first
            )
            for step in FIELDWORK:
                step(demo)
        ada("recommendations", "add", WANTED, "--point", "2", "--deadline", "within three months")
        for question in ("resources", "partners", "feasibility", "proportionality"):
            ada("recommendations", "weigh", "draft 1", question, "It was weighed.")
        return ada

    def publish(self, ada: Laptop) -> None:
        """The report is published, and every day that hangs on it is known."""
        self.wall.show("2040-08-31")
        ada("inspection", "leave", "--reason", "the fieldwork is over")
        published = ada("inspection", "publish", "--on", "31/8/2040")
        due = {one["key"]: one["due"] for one in published["due"]}
        assert due["revisit"] == "2041-02-28"

    def act(self, ada: Laptop) -> None:
        """The action plan is received, read against each recommendation, and proposes a review."""
        self.wall.show("2040-10-12")
        ada("actionplan", "receive", "--on", "12/10/2040")
        ada("actionplan", "intends", "1", "A new form.", "--when", "30/11/2040")
        ada.run("actionplan", "review", "some concerns", "It is thin.")
        assert "proposes a post-inspection review" in " ".join(ada.run.said)
        ada("recommendations", "status", "1", "being progressed")
        ada.hand_in()

    def erase(self, ada: Laptop) -> None:
        """A month after the receipt the first laptop erases all, with the keys that never left."""
        self.wall.show("2040-12-03")
        ada.hand_in()
        ada("erase", "--inspection", self.first, "--drop-keys", "--word", "erase")
        assert ada("inspection", "list")[0]["sent"] == "erased"

    def follow(self) -> None:
        """A review is planned; a new laptop is enrolled and starts from central's bundle."""
        planned = central(
            self.office, "plan", "--force", FORCE, "--phase", "review", "--follows", FORCE,
            "--methodology", "2018", "--starts", "2041-01-14", "--ends", "2041-01-17",
        )  # fmt: skip
        assert planned["follows"] == self.first
        self.review = planned["id"]
        ben = self.laptop("Ben")
        ben.join(self.root)
        stick = self.office.folder / "for Ben"
        stick.mkdir()
        self.office.wanted = self.review
        with pytest.raises(FieldkitError, match=f"--inspection {self.first[:8]}"):
            central(self.office, "export", "--for", ben.device, "--to", stick)
        self.office.wanted = self.first
        handed = central(self.office, "export", "--for", ben.device, "--to", stick)
        self.office.wanted = None
        ben("merge", *handed["files"])
        phases = {one["id"]: (one["phase"], one["cases"]) for one in ben("inspection", "list")}
        assert phases == {self.first: ("inspection", 97), self.review: ("review", 0)}

    def report(self) -> Any:
        """What central reports of the force."""
        return central(self.office, "report", "--of", FORCE)
