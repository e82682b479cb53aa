"""What is typed while fieldkit starts: seen by nobody, and taken by the field that asks for it."""

from __future__ import annotations

import fcntl
import signal
import struct
import sys
import termios
from pathlib import Path

import pytest

from fieldkit.vault import echo
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.journeys.pseudo import PATIENCE, Pseudo
from tests.journeys.terminal import Terminal, needs_tmux

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="no terminals of processes to be looked at here"
)

TYPED = "quasarino"
FIRST = """
import sys, termios
known = set(sys.modules)
usual = termios.tcsetattr
def told(*given):
    usual(*given)
    if not given[2][3] & termios.ECHO:
        new = {name.partition(".")[0] for name in set(sys.modules) - known}
        ours = {"fieldkit", "__future__", *sys.builtin_module_names}
        print("imported before:", *sorted(new - ours), end="|", flush=True)
        termios.tcsetattr = usual
termios.tcsetattr = told
from fieldkit.cli import main
sys.exit(main(sys.argv[1:]))
"""


def silent(terminal: Pseudo) -> None:
    """Wait until the terminal shows nothing by itself."""
    terminal.until(lambda: not terminal.local_modes() & termios.ECHO, "it went on echoing")


def waiting(terminal: Pseudo) -> int:
    """How many bytes wait to be read by the program."""
    with Path(f"/proc/{terminal.process.pid}/fd/0").open("rb") as tty:
        count = fcntl.ioctl(tty, termios.FIONREAD, struct.pack("i", 0))
    return int(struct.unpack("i", count)[0])


def test_the_passphrase_is_taken_and_not_shown(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    vault.lock()
    program = (sys.executable, "-c", FIRST)
    with Pseudo(tmp_path, ["--vault", str(vault.folder)], program=program) as terminal:
        before = terminal.modes_before
        silent(terminal)
        terminal.type(f"{PASSPHRASE}\r")
        terminal.wait_for("Waiting for you")
        assert PASSPHRASE not in terminal.shown
        # Before anything else is imported the terminal is silent.
        assert "imported before:|" in terminal.shown
        terminal.type("\x11")
        assert terminal.process.wait(timeout=PATIENCE) == 0
        assert termios.tcgetattr(terminal._master) == before


@pytest.mark.parametrize("how", ["refused", "interrupted", "ended"])
def test_the_terminal_is_given_back(tmp_path: Path, how: str) -> None:
    """Where the start is refused, interrupted, or ended by a signal; what was typed is nobody's."""
    breaks = FIRST.replace(
        "from fieldkit.cli import main\n",
        "from fieldkit.cli import main\nimport time\n"
        "import fieldkit.vault.doctor.distribution as distribution\n"
        f"def stop():\n    print('here', flush=True)\n    time.sleep({PATIENCE})\n"
        "distribution.refuse_strangers = stop\n",
    )
    if how == "refused":
        breaks = breaks.replace(
            f"time.sleep({PATIENCE})", "sys.stdin.read(1); raise OSError(5, 'broken')"
        )
    with Pseudo(tmp_path, [], program=(sys.executable, "-c", breaks)) as terminal:
        before = terminal.modes_before
        silent(terminal)
        terminal.type(TYPED)
        if how != "refused":
            terminal.wait_for("here")  # Python swallows an interruption at some points of an import
            terminal.until(lambda: waiting(terminal) == len(TYPED), "it never arrived")
        if how == "interrupted":
            terminal.type("\x03")
        elif how == "ended":
            terminal.process.send_signal(signal.SIGTERM)
        code = terminal.process.wait(timeout=PATIENCE)
        assert code == (-signal.SIGTERM if how == "ended" else 1)
        assert termios.tcgetattr(terminal._master) == before
        assert TYPED not in terminal.shown


def test_the_question_stands_before_textual_and_the_page_is_drawn_over_it(
    vault: Vault, tmp_path: Path
) -> None:
    vault.lock()
    told = FIRST.replace(
        "from fieldkit.cli import main\n",
        "from fieldkit.cli import main\nfrom fieldkit.vault import echo\nask = echo.ask\n"
        "def asked():\n    ask()\n    print('textual' in sys.modules, end='|', flush=True)\n"
        "echo.ask = asked\n",
    )
    program = (sys.executable, "-c", told)
    with Pseudo(tmp_path, ["--vault", str(vault.folder)], program=program) as terminal:
        terminal.wait_for("Forgotten?")
        assert "Passphrase" in terminal.shown.partition("False|")[0]
        # Nothing blanks the screen between the question and the page.
        assert terminal.shown.count(echo.OTHER_SCREEN) == 1
        terminal.type("\x11")
        assert terminal.process.wait(timeout=PATIENCE) == 0
        assert terminal.shown.count(echo.NORMAL_SCREEN[:8]) == 1


def test_where_no_vault_is_the_passphrase_is_not_asked_for(tmp_path: Path) -> None:
    with Pseudo(tmp_path, ["--vault", str(tmp_path / "none")]) as terminal:
        terminal.wait_for("Your name")
        assert "Passphrase  \x1b[0m" not in terminal.shown.partition("Your name")[0]
        terminal.type("\x11")
        assert terminal.process.wait(timeout=PATIENCE) == 0


@pytest.mark.parametrize("how", ["refused", "interrupted", "ended"])
def test_the_question_is_taken_back_where_no_page_follows(
    vault: Vault, tmp_path: Path, how: str
) -> None:
    vault.lock()
    stop = "sys.stdin.read(1); raise OSError(5, 'broken')"
    if how != "refused":
        stop = f"print('here', flush=True); time.sleep({PATIENCE})"
    breaks = FIRST.replace(
        "from fieldkit.cli import main\n",
        "from fieldkit.cli import main\nfrom fieldkit.vault import echo\nimport time\n"
        f"ask = echo.ask\ndef asked():\n    ask()\n    {stop}\necho.ask = asked\n",
    )
    program = (sys.executable, "-c", breaks)
    with Pseudo(tmp_path, ["--vault", str(vault.folder)], program=program) as terminal:
        terminal.wait_for("Passphrase")
        terminal.type(TYPED)
        if how != "refused":
            terminal.wait_for("here")
            terminal.until(lambda: waiting(terminal) == len(TYPED), "it never arrived")
        if how == "interrupted":
            terminal.type("\x03")
        elif how == "ended":
            terminal.process.send_signal(signal.SIGTERM)
        code = terminal.process.wait(timeout=PATIENCE)
        assert code == (-signal.SIGTERM if how == "ended" else 1)
        terminal.until(lambda: echo.NORMAL_SCREEN in terminal.shown, "it was left standing")
        said = terminal.shown.partition(echo.NORMAL_SCREEN)[2]
        wanted = {"refused": "broken", "interrupted": "Interrupted.", "ended": ""}[how]
        terminal.until(lambda: wanted in terminal.shown, "it did not say why")
        assert TYPED not in terminal.shown
        assert echo.NORMAL_SCREEN not in said


@needs_tmux
def test_nothing_stays_in_what_a_terminal_keeps(vault: Vault, tmp_path: Path) -> None:
    vault.lock()
    with Terminal(tmp_path, ["--vault", str(vault.folder)], program=SHELL) as terminal:
        terminal.wait_until_silent()
        terminal.type(TYPED)
        shown = terminal.wait_for("•" * len(TYPED))
        assert TYPED not in shown
        terminal.press("C-q")
        terminal.wait_for("left")
        assert TYPED not in terminal.scrollback()


SHELL = ("sh", "-c", f'"$@"; echo left; sleep {PATIENCE}', "sh", sys.executable, "-m", "fieldkit")
