"""A command line in a home of its own: every folder below ``tmp_path``, no terminal."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fieldkit.cli import main
from fieldkit.cli.kit.context import Context
from tests.conftest import Derived
from tests.fieldkit.cli.answers import Shape, differences, recorded, shape_of

RECORD_IN = os.environ.get("FIELDKIT_ANSWERS", "")
"""Where “make answers” records the shapes of answers; without it they are tried."""
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

    def __init__(self, home: Path, begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.capsys = capsys
        self._begun = begun
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
        shutil.copytree(self._begun, self.home / "vault")
        return self


@pytest.fixture(scope="session")
def begun_once(derived: Derived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a vault with an inspection, made by the commands; each test copies it."""
    home = tmp_path_factory.mktemp("begun")
    words = home / "words"
    words.touch(mode=0o600)
    words.write_text(f"{PASSPHRASE}\n", "utf-8")
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        patch.setenv("FIELDKIT_HOME", str(home))
        patch.setattr("sys.stdin", io.StringIO())
        for command in (
            ("vault", "create", "--memory", "64", "--name", "A. Inspector"),
            ("inspection", "new", "--force", "Westshire", "--methodology", "2018"),
        ):
            assert main(["--passphrase-file", str(words), *command]) == 0, said.getvalue()
    return home / "vault"


@pytest.fixture
def fieldkit(
    tmp_path: Path,
    begun_once: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Runner]:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("FIELDKIT_HOME", str(home))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    yield Runner(home, begun_once, capsys)


@pytest.fixture(scope="session")
def known_shapes() -> dict[str, Shape]:
    """The recorded shape of the answer of each command."""
    return {} if RECORD_IN else recorded()


@pytest.fixture(autouse=True)
def answers_keep_their_shape(
    known_shapes: dict[str, Shape], monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Try the answer of every command, also one that is printed for a person.

    What is wrong is told when the test is over: a command would take it for an error of its own.
    """
    show = Context.show
    wrong: list[str] = []

    def tried(self: Context, data: object, *args: Any, **options: Any) -> None:
        refuse = getattr(self.args, "refuse", None)
        command = getattr(getattr(refuse, "__self__", None), "prog", "")
        if command.startswith("fieldkit "):
            seen = shape_of(data)
            if options.get("marked") and seen.members is not None:
                seen.members |= {"marking": Shape(plain={"text"})}
            if RECORD_IN:
                _record(command, seen)
            else:
                known = known_shapes.get(command, Shape())
                wrong.extend(f"{command}: {one}" for one in differences(seen, known))
        show(self, data, *args, **options)

    monkeypatch.setattr(Context, "show", tried)
    yield
    assert wrong == [], "answers are not as docs/json.md says: make answers TESTS=…"


def _record(command: str, seen: Shape) -> None:
    line = json.dumps([command, seen.to_json()], ensure_ascii=False)
    with (Path(RECORD_IN) / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
