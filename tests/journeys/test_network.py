"""What a day on site asks of the system: no network, and no file outside the folders it was given.

The practice day runs under strace, and beside it the app in a terminal: from the first run's vault
to searching, locking and leaving.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from fieldkit.casework.cases import add_case
from fieldkit.inspections import inspections
from storage.vault.unlock import create_vault
from tests.conftest import CHEAP, PASSPHRASE, PERSON
from tests.journeys.canaries import canary, hunt_in
from tests.journeys.terminal import FIELDKIT, REPO, Terminal, needs_tmux
from tests.journeys.tracing import Call, calls, command, needs_strace, strayed

pytestmark = needs_strace

GIVEN = ("HOME", "FIELDKIT_HOME", "TMPDIR", "work")
"""The folders of a run: the last is where it is started."""
PATIENCE = 480
"""Seconds the practice day may take under strace on a busy machine."""
EVERY = 1 if os.environ.get("FIELDKIT_TORTURE") else 6
"""After how many steps of the practice day its vault is checked, as each check does the same."""
DAY = f"""
from itertools import count
from fieldkit.cli import main
from fieldkit.demo.practice_vault import PracticeVault
whole, asked, checkups = PracticeVault.proved, count(), []
def proved(demo):
    if next(asked) % {EVERY} == 0:
        checkups.append(whole(demo))
    return checkups[-1]
PracticeVault.proved = proved
raise SystemExit(main(["demo", "--headless"]))
"""
VAULT_FILES = re.compile(r"\.?vault\.(keys|db)\b")
WORD = canary("network", "typed")


@dataclass
class Traced:
    """What was seen of one run, and where it ran."""

    folder: Path
    more: tuple[Path, ...] = ()
    seen: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in GIVEN:
            (self.folder / name).mkdir(parents=True)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the run, and nothing of ours."""
        folders = {name: str(self.folder / name) for name in GIVEN[:3]}
        return {
            **folders,
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPO),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C.UTF-8",
        }

    @property
    def trace(self) -> Path:
        """How what strace writes begins."""
        return self.folder / "trace" / "of"

    def command(self, *arguments: str) -> list[str]:
        """A command line that is traced, runs in its folder and hides no mode behind a umask."""
        self.trace.parent.mkdir()
        begin = ["sh", "-c", 'cd "$0" && umask 0 && exec "$@"', str(self.folder / "work")]
        return [*begin, *command(self.trace), *arguments]

    def read(self) -> Traced:
        """Take what was seen."""
        self.seen = calls(self.trace)
        return self


@dataclass
class Runs:
    """The practice day and the app, both traced."""

    day: Traced
    app: Traced
    said: str


def live(folder: Path) -> Runs:
    """Run both at once."""
    day = Traced(folder / "day")
    with subprocess.Popen(
        day.command(sys.executable, "-c", DAY),
        env=day.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            app = _use_the_app(folder / "app")
            said, _ = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert process.returncode == 0, said
    return Runs(day.read(), app.read(), said)


def _use_the_app(folder: Path) -> Traced:
    vault, _ = create_vault(folder / "given" / "vault", PASSPHRASE, PERSON, params=CHEAP)
    with vault:
        made = vault.write_now(inspections.create, force="Westshire", methodology="2018")
        vault.write_now(add_case, made.id, "WST-001")
    app = Traced(folder, more=(vault.folder,))
    with Terminal(
        folder, ["--vault", str(vault.folder)], program=app.command(*FIELDKIT), more=app.environment
    ) as terminal:
        _unlock(terminal)
        terminal.press("c")
        terminal.wait_for("WST-001")
        terminal.press("Enter")
        terminal.wait_for("Initial contact")
        terminal.press("1", "Enter")
        terminal.type(WORD)
        terminal.wait_for(WORD)
        terminal.press("Escape")
        terminal.wait_for("↑ 4")  # committed: inspection, case, grade and rationale to be sent
        terminal.press("C-l")
        _unlock(terminal)
        terminal.press("F3")
        terminal.wait_for("Search")
        terminal.type(WORD)
        terminal.wait_for("WST-001, ")
        terminal.press("C-q")
        terminal.wait_for_end()
    return app


def _unlock(terminal: Terminal) -> None:
    terminal.wait_for("Passphrase")
    terminal.type(PASSPHRASE)
    terminal.press("Enter")
    terminal.wait_for("Next")


def both(runs: Runs) -> tuple[Traced, Traced]:
    return runs.day, runs.app


def the_day_was_seen(runs: Runs) -> None:
    """The traces are those of a whole day: what it surely wrote is in them."""
    assert "receipt" in runs.said and "verification" in runs.said
    written = [str(call.written) for call in runs.day.seen if call.written]
    for name in ("/vault/vault.db", "/central/vault.db", ".fkb.age", "/receipt", "/quarantine/"):
        assert any(name in one for one in written), name
    written = [str(call.written) for call in runs.app.seen if call.written]
    assert any(one.endswith("/given/vault/vault.db-wal") for one in written)


def no_network(runs: Runs) -> None:
    for run in both(runs):
        assert [call for call in run.seen if call.network] == []


def nothing_is_written_elsewhere(runs: Runs) -> None:
    for run in both(runs):
        given = [run.folder / "FIELDKIT_HOME", run.folder / "TMPDIR", *run.more]
        assert strayed(run.seen, given) == []


def nothing_is_left(runs: Runs) -> None:
    for run in both(runs):
        left = [one for name in GIVEN for one in (run.folder / name).rglob("*")]
        assert left == []
    assert hunt_in([runs.app.folder], {"what was typed": WORD}) == []


def no_temporary_file_holds_evidence(runs: Runs) -> None:
    """The app makes none; the practice day those of openpyxl, in which it writes its workbook."""
    for run, known in ((runs.app, r"$"), (runs.day, r"openpyxl\.")):
        made = [call.written for call in run.seen if call.written is not None]
        temporary = {one.name for one in made if one.is_relative_to(run.folder / "TMPDIR")}
        strange = [one for one in temporary if not re.match(known, one)]
        # Python tries by a file of eight letters whether the folder can be written.
        assert all(re.fullmatch(r"[a-z0-9_]{8}", one) for one in strange)
        assert len(strange) <= 1


def only_the_owner_may_read_a_vault(runs: Runs) -> None:
    for run in both(runs):
        made = [
            (call.written, call.mode)
            for call in run.seen
            if call.done and call.written is not None and call.mode is not None
        ]
        own = [(path, mode) for path, mode in made if VAULT_FILES.match(path.name)]
        folders = {path.parent for path, _ in own}
        own += [(path, mode) for path, mode in made if path in folders or path.name == "quarantine"]
        assert len(own) > 1
        assert [(str(path), oct(mode)) for path, mode in own if mode & 0o077] == []
    kept = list(runs.app.more[0].iterdir())
    assert {one.name for one in kept} == {"vault.db", "vault.keys", "vault.keys.bak"}
    assert [one.name for one in kept if one.stat().st_mode & 0o077] == []


@needs_tmux
def test_a_day_on_site(tmp_path: Path) -> None:
    """One test of everything that the one run shows, for the run takes half a minute."""
    runs = live(tmp_path)
    for check in (
        the_day_was_seen,
        no_network,
        nothing_is_written_elsewhere,
        nothing_is_left,
        no_temporary_file_holds_evidence,
        only_the_owner_may_read_a_vault,
    ):
        check(runs)


MISDEEDS = """
import os, pathlib, socket
with socket.socket(socket.AF_INET6) as one:
    pass
with socket.socket() as one:
    one.connect_ex(("127.0.0.1", 9))
with socket.socket(socket.AF_UNIX) as one:
    one.bind("socket")
pathlib.Path.home().joinpath("näme.txt").write_text("x")
os.mkdir("vault", 0o755)
os.close(os.open("vault/vault.db", os.O_CREAT | os.O_RDWR, 0o644))
pathlib.Path("vault/vault.db").rename("elsewhere")
"""


def test_misdeeds_are_seen(tmp_path: Path) -> None:
    run = Traced(tmp_path / "run")
    done = run.command(sys.executable, "-c", MISDEEDS)
    subprocess.run(done, env=run.environment, check=True)
    run.read()
    reached = [f"{call.name} {call.arguments}" for call in run.seen if call.network]
    for word in ("socket AF_INET6", "socket AF_INET,", "connect ", "bind "):
        assert any(one.startswith(word) for one in reached), word
    away = strayed(run.seen, [run.folder / "TMPDIR"])
    assert [one.split("/")[-1] for one in away] == ["näme.txt", "vault", "vault.db", "elsewhere"]
    modes = {call.written.name: call.mode for call in run.seen if call.written and call.mode}
    assert (modes["vault"], modes["vault.db"]) == (0o755, 0o644)
