"""The program as it is started: what it imports, how it ends, what it lets out."""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import fieldkit as package
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.json_text import to_json
from fieldkit.cli.kit.terminal import MAX_PASSPHRASE_CHARACTERS, PassphraseNotGivenError, Terminal
from fieldkit.cli.parser import NOUNS, build_parser
from fieldkit.wording.format import clean, flat
from screens.app import FieldkitApp
from tests.fieldkit.cli.conftest import Runner

REPOSITORY = Path(__file__).resolve().parents[3]
HEAVY = {
    "textual",
    "rich",
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "sqlcipher3",
    "cryptography",
    "openpyxl",
    "python_calamine",
    "rapidfuzz",
}


def started(*argv: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fieldkit", *argv],
        cwd=REPOSITORY,
        env=os.environ | {"FIELDKIT_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=480,
        check=False,
    )


def test_version_and_misuse_and_no_terminal(tmp_path: Path) -> None:
    told = started("--version", home=tmp_path)
    assert (told.returncode, told.stdout, told.stderr) == (
        0,
        f"fieldkit {package.__version__}\n",
        "",
    )
    misused = started("no-such-command", home=tmp_path)
    assert misused.returncode == 2 and misused.stdout == ""
    assert "Nothing was done." in misused.stderr
    alone = started(home=tmp_path)
    assert alone.returncode == 1 and alone.stdout == ""
    assert alone.stderr.startswith("There is no terminal to open in.")
    assert list(tmp_path.iterdir()) == []


def at_terminal(monkeypatch: pytest.MonkeyPatch, *streams: str) -> None:
    for stream in streams:
        monkeypatch.setattr(getattr(sys, stream), "isatty", lambda: True)


@pytest.mark.parametrize("code", [0, 1])
def test_the_program_ends_with_the_code_of_the_app(
    code: int, fieldkit: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(app: FieldkitApp) -> None:
        app.exit(return_code=code)

    monkeypatch.setattr(FieldkitApp, "run", run)
    at_terminal(monkeypatch, "stdin", "stdout", "stderr")
    assert fieldkit.bare().code == code


def test_the_demo_draws_into_no_file(fieldkit: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def draws(_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(FieldkitApp, "run", draws)
    at_terminal(monkeypatch, "stdin", "stdout")
    told = fieldkit.refused("demo")
    assert told.startswith("There is no terminal to open in. Nothing was done.")
    assert "--headless" in told


def test_the_version_is_written_in_one_place() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["hatch"]["version"]["path"] == "fieldkit/__init__.py"


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["vault", "create", "--help"]])
def test_asking_for_words_imports_nothing_heavy(argv: list[str]) -> None:
    program = (
        "import json, sys\n"
        "from fieldkit.cli import main\n"
        f"code = main({argv!r})\n"
        "print(json.dumps([code, sorted({name.split('.')[0] for name in sys.modules})]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=480,
        check=True,
    )
    code, names = json.loads(ran.stdout.splitlines()[-1])
    assert code == 0
    assert HEAVY.isdisjoint(names), HEAVY.intersection(names)
    assert "screens" not in names


@pytest.mark.parametrize(
    ("argv", "own"),
    [
        (["--help"], []),
        ([], []),
        (["central", "--help"], ["central"]),
        (["vault", "info"], ["vault", "vault.escrow", "vault.info"]),
        (["search", "words"], ["history", "history.search"]),
    ],
)
def test_a_command_line_imports_its_own_command_and_no_other(
    argv: list[str], own: list[str], tmp_path: Path
) -> None:
    program = (
        "import sys\n"
        "from fieldkit.cli import main\n"
        f"main({argv!r})\n"
        "print([name for name in sys.modules if name.startswith('fieldkit.cli.')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        env=os.environ | {"FIELDKIT_HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=480,
        check=True,
    )
    imported: list[str] = ast.literal_eval(ran.stdout.splitlines()[-1])
    names = {name.removeprefix("fieldkit.cli.") for name in imported}
    assert sorted(name for name in names - {"main", "parser"} if not name.startswith("kit")) == own


def test_every_noun_of_the_table_is_completed_by_its_module() -> None:
    for noun, (module, help) in NOUNS.items():
        define = f"define_{noun.replace('-', '_')}"
        assert hasattr(importlib.import_module(f"fieldkit.cli.{module}"), define)
        assert help in " ".join(build_parser().format_help().split())


def leaves(parser: CommandParser) -> list[CommandParser]:
    parser.complete()
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                found += [one, *leaves(one)]
    return found


def test_every_command_has_help_json_and_a_handler() -> None:
    every = leaves(build_parser())
    assert len(every) > len(NOUNS)
    for one in every:
        one.format_help()
        runs = one.get_default("run") is not None
        inner = any(isinstance(each, argparse._SubParsersAction) for each in one._actions)
        assert runs or inner or one.prog == "fieldkit help", one.prog
        if runs:
            assert "--json" in one._option_string_actions, one.prog


def piped(home: Path, data: bytes, *argv: str) -> subprocess.CompletedProcess[bytes]:
    """A command between two pipes under Windows' code page, which Python would give them."""
    return subprocess.run(
        [sys.executable, "-m", "fieldkit", "--passphrase-file", str(home / "words"), *argv],
        cwd=REPOSITORY,
        env=os.environ
        | {"FIELDKIT_HOME": str(home), "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
        input=data,
        capture_output=True,
        timeout=480,
        check=False,
    )


def test_files_and_pipes_are_utf_8_whatever_the_code_page(fieldkit: Runner) -> None:
    fieldkit.begun().done("cases", "add", "WST-001")
    # PowerShell puts a byte order mark before what it sends as UTF-8.
    typed = "\ufeffCafé – 児".encode()
    added = piped(fieldkit.home, typed, "note", "add", "WST-001", "-", "--json")
    assert (added.returncode, added.stderr) == (0, b"")
    assert json.loads(added.stdout.decode())["text"] == "Café – 児"
    assert "Café – 児" in piped(fieldkit.home, b"", "note", "list", "WST-001").stdout.decode()
    misused = piped(fieldkit.home, b"", "café")
    assert misused.returncode == 2 and "café" in misused.stderr.decode()

    refused = piped(fieldkit.home, "Café".encode("cp1252"), "note", "add", "WST-001", "-")
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert b"What came from stdin is not UTF-8 text. Nothing was done." in refused.stderr


@pytest.mark.parametrize("encoding", ["cp1252:strict", "cp850", "ascii", "latin-1"])
def test_what_is_printed_into_a_pipe_never_fails(fieldkit: Runner, encoding: str) -> None:
    """Whatever Python was told, and also for bytes that are no text in any encoding."""
    run = subprocess.run(
        [sys.executable, "-m", "fieldkit", "vault", "info", "--vault-児–\udcff"],
        cwd=REPOSITORY,
        env=os.environ
        | {"FIELDKIT_HOME": str(fieldkit.home), "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=480,
        check=False,
    )
    assert run.returncode == 2
    assert "Nothing was done." in run.stderr.decode("utf-8") and "–" in run.stderr.decode("utf-8")


def test_options_are_not_abbreviated(fieldkit: Runner) -> None:
    assert fieldkit.bare("--vers").code == 2
    assert fieldkit.bare("vault", "create", "--mem", "64").code == 2


def test_an_error_of_its_own_tells_the_place_and_no_value(
    fieldkit: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("CANARY in the message")

    monkeypatch.setattr("fieldkit.cli.vault.info._info", breaks)
    ran = fieldkit("vault", "info")
    assert ran.code == 1 and ran.out == ""
    assert "ValueError at test_program.py:" in ran.err and "in breaks" in ran.err
    assert "CANARY" not in ran.err and "Traceback" not in ran.err


def test_an_interruption_is_a_sentence(fieldkit: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("fieldkit.cli.vault.info._info", interrupted)
    ran = fieldkit("vault", "info")
    assert ran.code == 1 and ran.err.startswith("Interrupted.")


def test_a_refusal_of_the_system_is_a_sentence(
    fieldkit: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr("fieldkit.cli.vault.info._info", full)
    ran = fieldkit("vault", "info")
    assert ran.code == 1 and "somewhere (No space left on device)" in ran.err


def test_nothing_printed_can_act_on_a_terminal() -> None:
    nasty = "a\x1b[31mb\x07\x9bc\u202ed\u2066e\r\tf\u061c\u200b\u200d\u2060\U000e0041g\n"
    assert clean(nasty) == "a[31mbcde\tfg\n"
    assert flat(nasty) == "a[31mbcde fg"
    shown = to_json({"text": nasty, "accent": "Ŵy κ"})
    assert json.loads(shown) == {"text": nasty, "accent": "Ŵy κ"}
    assert "Ŵy κ" in shown
    assert all(32 <= ord(one) < 127 or one in "\nŴκ" for one in shown)


def test_a_passphrase_file_is_read_as_people_save_them(tmp_path: Path) -> None:
    terminal = Terminal()
    for written in (
        b"four words here now\n",
        b"four words here now",
        b"\xef\xbb\xbffour words here now\r\nmore",
    ):
        path = tmp_path / "file"
        path.write_bytes(written)
        assert terminal.secret_line(str(path)) == "four words here now"
    longest = "x" * MAX_PASSPHRASE_CHARACTERS
    path.write_bytes(f"{longest}\r\nmore".encode())
    assert terminal.secret_line(str(path)) == longest
    for refused in (b"", b"\nsecond", b"\xff\xfe\x00", f"{longest}x\n".encode()):
        path.write_bytes(refused)
        with pytest.raises(PassphraseNotGivenError):
            terminal.secret_line(str(path))
    with pytest.raises(PassphraseNotGivenError, match="could not be read"):
        terminal.secret_line(str(tmp_path / "none"))
