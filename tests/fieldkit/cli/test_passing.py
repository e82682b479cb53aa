"""The way out and back by command: request, roster, export, ingest, receipt."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from fieldkit.cli import central, passing
from fieldkit.cli.context import Context
from storage.errors import FieldkitError
from storage.sent import states
from storage.vault import Vault
from tests.storage.travelling import CHEAP, work

PASSPHRASE = "gravel otter tundra window"


class Terminal:
    """Runs commands as ``fieldkit`` does, in one folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.passphrase = folder / "passphrase"
        self.passphrase.write_text(PASSPHRASE + "\n")
        self.parser = argparse.ArgumentParser()
        self.parser.set_defaults(json=False)
        commands = self.parser.add_subparsers()
        passing.add_parsers(commands)
        central.add_parsers(commands)

    def __call__(self, *words: str | Path, as_json: bool = False) -> tuple[int, str]:
        args = self.parser.parse_args([str(word) for word in words])
        args.vault, args.inspection, args.json = self.folder / "vault", None, as_json
        args.passphrase_file = str(self.passphrase)
        self.capsys.readouterr()
        with Context(args) as context:
            code: int = args.run(args, context)
        return code, self.capsys.readouterr().out

    def central(self, *words: str | Path, as_json: bool = False) -> tuple[int, str]:
        return self("central", "--store", self.folder / "central", *words, as_json=as_json)


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    (tmp_path / "stick").mkdir()
    return Terminal(tmp_path, capsys)


def set_up(terminal: Terminal) -> Path:
    """Root, central with keys for older programs, a laptop with work on it, enrolled."""
    folder = terminal.folder
    vault, _ = Vault.create(folder / "vault", PASSPHRASE, "Ada", params=CHEAP)
    vault.write_now(work)
    vault.lock()
    code, said = terminal.central("root", "init", "--memory", "64", as_json=True)
    assert code == 0
    root = json.loads(said)
    assert terminal.central("init", "--x25519", "--memory", "64")[0] == 0
    assert terminal("enrol", "request", "--to", folder / "request")[0] == 0
    assert terminal.central("enrol", folder / "request")[0] == 0
    assert terminal.central("roster", "--to", folder / "roster")[0] == 0
    with pytest.raises(FieldkitError, match="Compare it"):
        terminal("enrol", folder / "roster")
    with pytest.raises(FieldkitError, match="not the one given"):
        terminal("enrol", folder / "roster", "--fingerprint", "seven other words")
    code, said = terminal(
        "enrol", folder / "roster", "--fingerprint", root["fingerprint"].upper(), as_json=True
    )
    assert (code, json.loads(said)["version"]) == (0, 2)
    return folder / "stick"


def test_a_day_out_and_back(terminal: Terminal) -> None:
    stick = set_up(terminal)
    code, said = terminal("export", "--to", stick, as_json=True)
    sent = json.loads(said)
    assert (code, sent["counts"]["case"], sent["with_key"]) == (0, 1, False)
    code, said = terminal("bundle", "verify", sent["file"])
    assert code == 0
    assert "byte for byte what this laptop exported" in said

    code, said = terminal.central("ingest", stick, as_json=True)
    assert (code, json.loads(said)["ops"]) == (0, 4)
    code, said = terminal.central("ingest", stick, as_json=True)
    assert (code, json.loads(said)["ops"], json.loads(said)["known"]) == (0, 0, 1)
    code, said = terminal.central("report", as_json=True)
    assert json.loads(said)["inspections"][0]["counts"]["judgment"] == 1

    assert terminal.central("receipt", "--to", stick)[0] == 0
    (receipt,) = stick.glob("*.receipt")
    code, said = terminal("receipt", receipt)
    assert (code, said) == (0, "Central has received 4 entries of what is known here.\n")
    with Vault.open(terminal.folder / "vault", PASSPHRASE) as vault:
        found = vault.read_now(lambda s: states(s.connection(), "case"))
    assert set(found.values()) == {"received"}

    if shutil.which("age"):
        code, said = terminal.central("identity")
        (terminal.folder / "identity").write_text(said)
        opened = subprocess.run(
            ["age", "-d", "-i", str(terminal.folder / "identity"), sent["file"]],
            capture_output=True,
            check=True,
        )
        assert b"WST-001" in opened.stdout


def test_a_damaged_bundle_is_refused_with_one(terminal: Terminal) -> None:
    stick = set_up(terminal)
    terminal("export", "--to", stick)
    (bundle,) = stick.iterdir()
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    bundle.write_bytes(data)
    code, said = terminal.central("ingest", bundle)
    assert code == 1
    assert said == f"{bundle.name}: refused (damaged); nothing was changed\n"
    code, said = terminal.central("report", as_json=True)
    assert (json.loads(said)["ops"], json.loads(said)["refused"]) == (0, 1)


def test_the_ceremony_on_two_computers(terminal: Terminal) -> None:
    folder = terminal.folder
    terminal.central("root", "init", "--memory", "64")
    (folder / "central" / "root").rename(folder / "safe")
    terminal.central("init", "--memory", "64")
    with pytest.raises(FieldkitError, match="signed no roster yet"):
        terminal.central("roster", "--to", folder / "roster")
    terminal.central("roster", "--proposal", "--to", folder / "proposal")
    there = ("central", "--root", folder / "safe", "root", "sign")
    assert terminal(*there, folder / "proposal", "--to", folder / "signed")[0] == 0
    terminal.central("roster", "--take", folder / "signed", "--to", folder / "roster")
    assert (folder / "roster").read_bytes() == (folder / "signed").read_bytes()
    _, said = terminal.central("roster")
    assert said.encode() == (folder / "signed").read_bytes()


def test_misuse_ends_with_two(terminal: Terminal) -> None:
    with pytest.raises(SystemExit) as end:
        terminal("enrol", "request")
    assert end.value.code == 2
