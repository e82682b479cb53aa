"""Redacting, erasing, destroying and the audit trail by command."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest

from fieldkit.cli import main
from fieldkit.vault.backups import known_backups
from storage.vault.unlock import open_vault
from tests.fieldkit.cli.conftest import Ran, Runner
from tests.storage.travelling import INSPECTION, Team, make_received
from tests.storage.travelling import PASSPHRASE as TEAM

NAME = "Kylie Ravenscroft"


@pytest.fixture
def judged(fieldkit: Runner) -> Runner:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-014")
    fieldkit.done(
        *("judge", "WST-014", "investigation", "good"),
        *("--rationale", f"{NAME} was not seen alone."),
    )
    fieldkit.done("note", "add", "WST-014", f"Asked about Kylie: {NAME} moved away.")
    return fieldkit


def test_redacting_by_command(judged: Runner) -> None:
    record = "WST-014/investigation"
    listed = judged.done("redact", record).out
    assert "rationale" in listed and NAME in listed
    assert "reason is missing" in judged.refused("redact", record, "rationale")
    told = judged.done(
        *("redact", record, "rationale", "--reason", "a child was named"),
        *("--instead", "Child 1 was not seen alone."),
    ).out
    assert "Redacted: WST-014, Investigation, rationale." in " ".join(told.split())
    assert "note in WST-014" in told and "fieldkit redact" in told
    history = judged.done("history", record).out
    assert NAME not in history
    assert "[redacted by A. Inspector at" in history
    assert "because a child was named" in history
    note = judged.done("search", "Ravenscroft", "--json").data
    assert [one["kind"] for one in note] == ["note"]
    data = judged.done(
        "redact", note[0]["id"][:8], "text", "--reason", "a child was named", "--json"
    ).data
    assert data["also_in"] == []
    assert data["not_reached"]["bundles"] == []
    assert "Nothing holds these words" in judged.done("search", "Ravenscroft").err
    again = judged.refused("redact", record, "rationale", "--reason", "again", "--earlier")
    assert "no words to take out" in again
    assert "Nothing was changed" in judged.refused("redact", record, "grade", "--reason", "x")
    assert judged.done("vault", "check").code == 0


def test_the_trail_by_command(judged: Runner) -> None:
    judged.done("history", "WST-014")
    everything = judged.done("audit", "--json").data
    assert {one["operation"] for one in everything} >= {"collection", "consultation"}
    judged.done("note", "add", "WST-014", "=1+1 and more")
    judged.done("redact", "WST-014/investigation", "rationale", "--reason", "=named")
    (gone,) = judged.done("audit", "--operation", "erasure", "--json").data
    assert (gone["did"], gone["fields"], gone["reason"]) == ("redacted", ["rationale"], "=named")
    assert gone["label"] == "WST-014, Investigation"
    assert gone["who"] == "A. Inspector"
    one = judged.done("audit", "--record", "WST-014/investigation", "--json").data
    assert {each["kind"] for each in one} == {"judgment"}
    assert sorted({each["kept"] for each in one}) == [False, True]
    rows = list(csv.reader(io.StringIO(judged.done("audit", "--csv").out)))
    assert rows[0][0] == "wall"
    assert "'=named" in [cell for row in rows for cell in row]
    assert "on record" in judged.done("audit", "--to", "2020-01-01").err
    assert "not a day" in judged.refused("audit", "--from", "13/14/26")
    assert NAME not in judged.done("audit").out


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Team:
    """A laptop whose day is exported and received, under a roster that asks for no waiting."""
    return make_received(tmp_path_factory.mktemp("organisation") / "team")


@pytest.fixture
def received(
    organisation: Team, tmp_path: Path, begun_once: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[Path, Runner]:
    folder = organisation.copy(tmp_path / "team").folder / "ada"
    runner = Runner(tmp_path, begun_once, capsys)
    runner.words.write_text(f"{TEAM}\n")
    return folder, runner


def test_erasing_by_command(received: tuple[Path, Runner]) -> None:
    folder, run = received
    vault = ("--vault", str(folder))
    dry = run.done(*vault, "erase", "--inspection", INSPECTION, "--dry-run").out
    assert "1 case, 1 case key, 1 judgment, 1 note" in " ".join(dry.split())
    assert "bundle" in dry and "Nothing speaks against it" in dry
    said = run(*vault, "erase", "--inspection", "Westshire").err
    assert "“erase” was not typed" in said
    done = run.done(*vault, "erase", "--inspection", INSPECTION, "--word", "erase", "--json").data
    assert (done["erased"], done["ops"]) == (True, 4)
    (line,) = run.done(*vault, "inspection", "list", "--json").data
    assert (line["sent"], line["cases"]) == ("erased", 0)
    (gone,) = run.done(*vault, "audit", "--operation", "erasure", "--json").data
    assert (gone["kind"], gone["label"]) == ("inspection", "Westshire, inspection")
    kept = run.done(*vault, "audit", "--operation", "collection", "--json").data
    assert [one["kept"] for one in kept if one["kind"] == "judgment"] == [False]
    assert "nothing of the inspection" in run.refused(
        *vault, "erase", "--inspection", INSPECTION, "--word", "erase"
    )
    assert run.done(*vault, "vault", "check").code == 0


def test_erasing_what_never_left_is_refused(judged: Runner) -> None:
    said = judged.refused("erase", "--inspection", "Westshire", "--word", "erase")
    assert "no roster" in said and "vault destroy" in said


def test_destroying_a_vault(received: tuple[Path, Runner]) -> None:
    folder, run = received
    vault = ("--vault", str(folder))
    backup = folder.with_name("ada-backups") / "fieldkit-2026-07-06-093000-00000000"
    shutil.copytree(folder, backup)
    keys = (folder / "vault.keys").read_bytes()
    assert "“destroy” was not typed" in run(*vault, "vault", "destroy").err
    assert (folder / "vault.keys").read_bytes() == keys
    assert (
        "does not open"
        in run.bare(
            *vault, "--passphrase-file", str(_other(run)), "vault", "destroy", "--word", "destroy"
        ).err
    )
    assert (folder / "vault.keys").read_bytes() == keys
    names = [one for one, _ in known_backups(folder)]
    ran = run.done(*vault, "vault", "destroy", "--word", "destroy")
    assert "solid-state disk" in ran.out
    for name in names:
        assert name in ran.out
    assert [one.name for one in folder.iterdir()] == []
    assert "no vault" in run(*vault, "vault", "info").err
    assert "no vault" in run(*vault, "vault", "destroy", "--word", "destroy").err
    with open_vault(backup, TEAM) as opened:
        assert opened.read_now(lambda s: s.connection().exec_driver_sql("SELECT 1").scalar()) == 1


def _other(run: Runner) -> Path:
    path = run.home / "other"
    path.write_text("another passphrase altogether\n")
    return path


def test_destroying_where_the_passphrase_is_forgotten(received: tuple[Path, Runner]) -> None:
    folder, run = received
    argv = ("--vault", str(folder), "vault", "destroy", "--without-passphrase")
    run.capsys.readouterr()
    assert main([*argv, "--word", "destroy", "--json"]) == 0
    found = Ran(0, *run.capsys.readouterr())
    assert "vault.keys" in found.data["removed"]
    assert not (folder / "vault.db").exists()


def test_a_vault_that_is_open_is_not_destroyed(received: tuple[Path, Runner]) -> None:
    folder, run = received
    argv = ("--vault", str(folder), "vault", "destroy", "--without-passphrase")
    before = {one.name for one in folder.iterdir()}
    with open_vault(folder, TEAM):
        ran = run.bare(*argv, "--word", "destroy")
        assert ran.code == 5 and "already open" in ran.err and "Nothing was changed" in ran.err
        assert before <= {one.name for one in folder.iterdir()}
    assert run.bare(*argv, "--word", "destroy").code == 0


def test_redacting_and_destroying_take_what_an_interrupted_check_copied(judged: Runner) -> None:
    folder = Path(judged.done("vault", "info", "--json").data["vault"])
    left = folder / ".check-5f2c"
    for argv in (
        ("redact", "WST-014/investigation", "rationale", "--reason", "a child was named"),
        ("vault", "destroy", "--word", "destroy"),
    ):
        left.mkdir()
        shutil.copy(folder / "vault.db", left / "copy.db")
        judged.done(*argv)
        assert not left.exists()


def test_backups_in_the_remembered_place_and_unfinished_ones_are_named(
    judged: Runner, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    made = judged.done("vault", "backup", "--to", str(stick), "--json").data["path"]
    folder = Path(judged.done("vault", "info", "--json").data["vault"])
    broken = stick / f".fieldkit-2026-07-06-093000-{_vault_id(judged)[:8]}-abcdef.tmp"
    other = folder.with_name(".anew-abcdef.tmp")
    for one in (broken, other):
        one.mkdir()
        shutil.copy(Path(made) / "vault.db", one)
    argv = ("redact", "WST-014/investigation", "rationale", "--reason", "a child was named")
    told = judged.done(*argv).out
    for one in (made, broken, other):
        assert str(one) in told
    assert "solid-state disk" in told
    stick.rename(tmp_path / "away")
    told = judged.done("vault", "destroy", "--word", "destroy").out
    assert f"{made} (its place is not there now)" in told
    assert "on other disks, if any were made" in told
    assert str(other) in told


def _vault_id(run: Runner) -> str:
    return str(run.done("vault", "info", "--json").data["vault_id"])
