"""A command line in a home of its own: every folder below ``tmp_path``, no terminal."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fieldkit.cli import main

PASSPHRASE = "correct unicorn stapler meadow"


@dataclass
class Ran:
    """What a command ended with and printed."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class Runner:
    """Runs commands in process, as the entry point does."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.capsys = capsys
        self.words = home / "words"
        self.words.touch(mode=0o600)
        self.words.write_text(f"{PASSPHRASE}\n", "utf-8")

    def bare(self, *argv: str) -> Ran:
        self.capsys.readouterr()
        code = main(list(argv))
        found = self.capsys.readouterr()
        return Ran(code, found.out, found.err)

    def __call__(self, *argv: str) -> Ran:
        return self.bare("--passphrase-file", str(self.words), *argv)

    def done(self, *argv: str) -> Ran:
        ran = self(*argv)
        assert ran.code == 0, ran.err
        return ran

    def refused(self, *argv: str, code: int = 1) -> str:
        """The sentence of a refusal; nothing else may stand on stdout then."""
        ran = self(*argv)
        assert ran.code == code
        assert ran.out == "" or list(ran.data) == ["error"]
        assert ran.err.count("\n") == 1, ran.err
        return ran.err

    def force_book(self, *rows: str) -> None:
        """Take in a workbook of the force and confirm its exact rows."""
        path = self.home / "force.csv"
        path.write_text("\n".join(("Ref,Type,Date,Grade,Rationale", *rows)) + "\n", "utf-8")
        self.done("self-assessment", "import", str(path), "--accept", "exact")

    def begun(self) -> Runner:
        """With a vault and an inspection."""
        self.done("vault", "create", "--memory", "64", "--name", "A. Inspector")
        self.done("inspection", "new", "--force", "Westshire", "--methodology", "2018")
        return self


@pytest.fixture
def fieldkit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Runner]:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("FIELDKIT_HOME", str(home))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    yield Runner(home, capsys)
