"""The way out and back by command: request, roster, export, ingest, receipt."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Protocol

import pytest

from fieldkit.cli.kit import progress
from fieldkit.cli.kit import terminal as command
from fieldkit.cli.kit.context import Context
from fieldkit.cli.parser import build_parser
from storage.central import Root
from storage.crypto.fingerprint import fingerprint
from storage.errors import FieldkitError
from storage.exchange.enrol import enrol_request
from storage.history.delivery import states
from storage.progress import silent
from storage.trust.request import read_request_file
from storage.vault.unlock import create_vault, open_vault
from storage.vault.vault import Vault
from tests.storage.travelling import CHEAP, make_team, work
from tests.storage.travelling import PASSPHRASE as TEAM

PASSPHRASE = "gravel otter tundra window"


class Listens(Protocol):
    """Hears what commands say: ``capsys``, or what stands in for it."""

    def readouterr(self) -> Any: ...


class Terminal:
    """Runs commands as ``fieldkit`` does, in one folder."""

    def __init__(self, folder: Path, capsys: Listens) -> None:
        self.folder = folder
        self.capsys = capsys
        self.wanted: str | None = None
        """The inspection named before the command."""
        self.said: list[str] = []
        """The lines said on stderr."""
        self.passphrase = folder / "passphrase"
        self.passphrase.touch(mode=0o600)
        self.passphrase.write_text(PASSPHRASE + "\n")
        self.parser = build_parser()

    def __call__(self, *words: str | Path, as_json: bool = False) -> tuple[int, str]:
        args = self.parser.parse_args([str(word) for word in words])
        args.vault, args.inspection = self.folder / "vault", self.wanted
        args.json = as_json
        args.passphrase_file = str(self.passphrase)
        self.capsys.readouterr()
        with Context(args) as context:
            code: int = args.run(args, context) or 0
        told = self.capsys.readouterr()
        self.said += told.err.splitlines()
        return code, told.out

    def central(self, *words: str | Path, as_json: bool = False) -> tuple[int, str]:
        return self("central", "--store", self.folder / "central", *words, as_json=as_json)


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    (tmp_path / "stick").mkdir()
    return Terminal(tmp_path, capsys)


def roster_of(terminal: Terminal) -> dict[str, Any]:
    """Central's signed roster, as data; what waits would be signed by this."""
    found: dict[str, Any] = json.loads(terminal.central("roster", as_json=True)[1])
    return found


def set_up(terminal: Terminal) -> Path:
    """Root, central with keys for older programs, a laptop with work on it, enrolled."""
    folder = terminal.folder
    vault, _ = create_vault(folder / "vault", PASSPHRASE, "Ada", params=CHEAP)
    vault.write_now(work)
    vault.lock()
    code, said = terminal.central("root", "init", "--memory", "64", as_json=True)
    assert code == 0
    root = json.loads(said)
    assert terminal.central("init", "--x25519", "--memory", "64")[0] == 0
    assert terminal("enrol", "request", "--to", folder / "request")[0] == 0
    with pytest.raises(FieldkitError, match="Compare it with the words their"):
        terminal.central("enrol", folder / "request")
    with pytest.raises(FieldkitError, match="not the one given"):
        terminal.central("enrol", folder / "request", "--fingerprint", "seven other words")
    assert roster_of(terminal)["devices"] == []
    words = read_request_file(folder / "request").fingerprint
    assert terminal.central("enrol", folder / "request", "--fingerprint", words)[0] == 0
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
    (listed,) = json.loads(terminal("receipts", as_json=True)[1])["exports"]
    assert listed["received"] and not listed["with_key"]
    assert "received at " in terminal("receipts")[1]
    with open_vault(terminal.folder / "vault", PASSPHRASE) as vault:
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


@pytest.mark.skipif(os.name != "posix", reason="names are bytes there")
def test_a_name_that_is_no_utf8_is_told(terminal: Terminal) -> None:
    stick = set_up(terminal)
    terminal("export", "--to", stick)
    path = Path(os.fsdecode(bytes(stick) + b"/\xff.fkb.age"))
    path.write_bytes(b"x")
    code, said = terminal.central("ingest", stick, as_json=True)
    found = json.loads(said)
    assert (code, found["taken"], found["refused"]) == (1, 1, 1)
    assert str(path) in {one["file"] for one in found["files"]}
    said.encode()
    assert "refused" in terminal.central("ingest", stick)[1]


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


def test_on_a_terminal_the_words_are_shown_and_asked_for_before_anything_is_signed(
    terminal: Terminal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = terminal.folder
    set_up(terminal)
    other, _ = create_vault(folder / "other", PASSPHRASE, "Ben", params=CHEAP)
    with other:
        words = enrol_request(other, folder / "request")
    asked: list[str] = []
    answers = [False, True]

    def confirm(_: command.Terminal, question: str) -> bool:
        asked.append(capsys.readouterr().err + question)
        return answers.pop(0)

    monkeypatch.setattr(command.Terminal, "at_terminal", True)
    monkeypatch.setattr(command.Terminal, "confirm", confirm)
    with pytest.raises(FieldkitError, match="nothing was changed"):
        terminal.central("enrol", folder / "request")
    assert words in " ".join(asked[0].split())
    assert roster_of(terminal)["version"] == 2
    terminal.central("enrol", folder / "request")
    assert [one["person"] for one in roster_of(terminal)["devices"]] == ["Ada", "Ben"]
    assert len(asked) == 2


def test_a_laptop_is_revoked_by_its_name_or_id(terminal: Terminal) -> None:
    set_up(terminal)
    (ada,) = roster_of(terminal)["devices"]
    with pytest.raises(FieldkitError, match="no laptop called x"):
        terminal.central("revoke", "x", "--yes")
    with pytest.raises(FieldkitError, match="give --yes"):
        terminal.central("revoke", ada["id"])
    assert not roster_of(terminal)["devices"][0]["revoked"]
    code, said = terminal.central("revoke", ada["name"], "--yes")
    assert (code, said) == (0, f"{ada['name']} (Ada), laptop {ada['id']}, is revoked.\n")
    found = roster_of(terminal)
    assert (found["version"], found["devices"][0]["revoked"]) == (3, True)
    assert "before" in terminal.central("revoke", ada["id"])[1]
    assert roster_of(terminal)["version"] == 3
    # She goes on with a new vault, whose person is another one by its id.
    vault, _ = create_vault(terminal.folder / "new", PASSPHRASE, "Ada", params=CHEAP)
    with vault:
        words = enrol_request(vault, terminal.folder / "request")
    enrol = ("enrol", terminal.folder / "request", "--fingerprint", words)
    with pytest.raises(FieldkitError, match=r", revoked.*--same-name"):
        terminal.central(*enrol)
    assert terminal.central(*enrol, "--same-name")[0] == 0


def test_the_roster_compared_is_the_one_taken_in(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = terminal.folder
    team = make_team(folder / "team", laptops=(), pq=False)
    evil = make_team(folder / "evil", laptops=(), pq=False)
    vault, _ = create_vault(folder / "vault", PASSPHRASE, "Cy", params=CHEAP)
    enrol_request(vault, folder / "request")
    vault.lock()
    for place, name in ((team, "good"), (evil, "bad")):
        with place.central() as there, Root.open(place.folder / "root", TEAM) as root:
            there.enrol(folder / "request")
            assert there.proposal is not None
            (folder / name).write_bytes(root.sign(there.proposal).encode())
    with Root.open(team.folder / "root", TEAM) as root:
        words = root.fingerprint
    stick = folder / "stick" / "roster"
    shutil.copy(folder / "good", stick)
    opened = Context.open_vault

    def swapped(context: Context) -> Vault:
        shutil.copy(folder / "bad", stick)
        return opened(context)

    monkeypatch.setattr(Context, "open_vault", swapped)
    assert terminal("enrol", stick, "--fingerprint", words)[0] == 0
    with open_vault(folder / "vault", PASSPHRASE) as vault:
        assert fingerprint(vault.facts_now()["roster_root"]) == words


def test_a_bars_label_stays_on_its_line(
    terminal: Terminal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    show = progress.bar("Reading x\x1b]0;PWNED\x07\n\t\u202ey")
    assert show is not silent
    show("reading", 1, 2)
    said = capsys.readouterr().err
    assert said.startswith("\rReading x]0;PWNED y ###")
    assert not any(sign in said for sign in "\x1b\x07\n\t\u202e")


def test_misuse_ends_with_two(terminal: Terminal) -> None:
    with pytest.raises(SystemExit) as end:
        terminal("enrol", "request")
    assert end.value.code == 2
