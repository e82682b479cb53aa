"""``fieldkit central`` beyond the first day: planning, rotation, a year's end, a wrong word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldkit.cli import ceremony
from storage.central import Central
from storage.errors import FieldkitError
from storage.refusals import AlreadyOpen
from tests.fieldkit.cli.test_passing import Terminal
from tests.storage.travelling import PASSPHRASE, make_team


@pytest.fixture(scope="module")
def organised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_team(tmp_path_factory.mktemp("organised") / "team", laptops=("ada",)).folder


@pytest.fixture
def office(organised: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    import shutil

    shutil.copytree(organised, tmp_path, dirs_exist_ok=True)
    made = Terminal(tmp_path, capsys)
    made.passphrase.write_text(f"{PASSPHRASE}\n")
    return made


def root(office: Terminal) -> tuple[str, Path]:
    return ("--root", office.folder / "root")


def test_an_inspection_is_planned_and_the_roster_renewed(office: Terminal) -> None:
    code, said = office.central(*root(office), "plan", "--force", "Westshire", as_json=True)
    planned = json.loads(said)
    assert code == 0
    assert len(planned["id"]) == 36
    code, said = office.central(*root(office), "roster", "--renew", as_json=True)
    roster = json.loads(said)
    assert roster["inspections"] == [planned]
    assert roster["version"] == 4


def test_keys_are_rotated_and_destroyed(office: Terminal) -> None:
    first = json.loads(office.central("identity", as_json=True)[1])
    assert first["before"] == []
    code, said = office.central(*root(office), "rotate", as_json=True)
    assert (code, json.loads(said)["keys"]) == (0, 2)
    (office.folder / "stick").mkdir()
    assert office.central("identity", "--to", office.folder / "stick" / "identity")[0] == 0
    written = (office.folder / "stick" / "identity").read_text()
    assert written.count("AGE-SECRET-KEY-PQ-1") == 2
    assert first["identity"] in written
    with pytest.raises(FieldkitError, match="No key was destroyed"):
        office.central("rotate", "--forget")
    code, said = office.central("rotate", "--forget", "--yes", as_json=True)
    assert json.loads(said) == {"destroyed": 0, "keys": 2}
    code, said = office.central("rotate", "--forget", "--days", "0", "--yes", as_json=True)
    assert json.loads(said) == {"destroyed": 1, "keys": 1}
    assert first["identity"] not in office.central("identity")[1]


def test_a_roster_near_its_end_warns_and_stops_nobody(
    office: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ceremony, "SOON", 400)
    office.capsys.readouterr()
    (office.folder / "incoming").mkdir()
    args = office.parser.parse_args(
        ["central", "--store", str(office.folder / "central"), "ingest", str(office.folder)]
    )
    args.vault, args.inspection, args.json = None, None, True
    args.passphrase_file = str(office.passphrase)
    from fieldkit.cli.context import Context

    with Context(args) as context:
        assert args.run(args, context) == 0
    said = office.capsys.readouterr()
    assert "roster --renew" in said.err
    assert json.loads(said.out)["files"] == []


def test_words_that_do_not_fit_the_store(office: Terminal) -> None:
    with pytest.raises(FieldkitError, match="need PostgreSQL"):
        office.central("ingest", office.folder, "--workers", "2")
    with pytest.raises(FieldkitError, match="only a database"):
        office.central("upgrade")
    with pytest.raises(FieldkitError, match="beside a database"):
        office.central("--keys", office.folder, "report")
    with pytest.raises(FieldkitError, match="No inspection was named"):
        office.central("export", "--for", "x", "--to", office.folder)


def test_a_second_process_waits_and_is_told(
    office: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ceremony, "WAIT", 0.0)
    held = Central.open(office.folder / "central", PASSPHRASE)
    with held, pytest.raises(AlreadyOpen):
        office.central("report")
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        held.lock()

    monkeypatch.setattr(ceremony, "WAIT", 3600.0)
    monkeypatch.setattr("fieldkit.cli.ceremony.time.sleep", sleep)
    with Central.open(office.folder / "central", PASSPHRASE) as held:
        assert office.central("report")[0] == 0
    assert len(slept) == 1
