"""A recovery code on a terminal: on a screen of its own, and nowhere once it is on paper."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable

import pytest

from fieldkit.cli.kit import terminal
from fieldkit.cli.vault import recovery_code
from tests.fieldkit.cli.conftest import PASSPHRASE, Ran, Runner

CODE = re.compile(r"[A-Z0-9]{5}(?:-[A-Z0-9]{5}){6}")
ALONE, BACK = "\x1b[?1049h", "\x1b[2J\x1b[H\x1b[?1049l"


class Typed(io.StringIO):
    """What a person types, on a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def at_terminal(fieldkit: Runner, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """A command as a person runs it who types these lines."""

    def run(*argv: str, typed: str = "\n" * 99, term: str = "xterm") -> Ran:
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdin", Typed(typed))
            patch.setattr(terminal.Terminal, "at_terminal", True)
            patch.setattr(terminal.Terminal, "ask_secret", lambda *_: PASSPHRASE)
            patch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
            patch.setenv("TERM", term)
            return fieldkit.bare(*argv)

    return run


def outside(shown: str) -> str:
    """What stays when the terminal has gone back to its own screen."""
    return re.sub(re.escape(ALONE) + ".*?" + re.escape(BACK), "", shown, flags=re.DOTALL)


COMMANDS = [
    ("vault", "create", "--memory", "64", "--name", "A"),
    ("central", "root", "init", "--memory", "64"),
    ("central", "init", "--memory", "64"),
    ("vault", "code"),
    ("vault", "passphrase", "--new-code"),
]


def test_a_code_stays_nowhere_on_a_terminal(
    at_terminal: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery_code, "check_group", lambda *_: True)
    for command in COMMANDS:
        ran = at_terminal(*command)
        assert ran.code == 0, ran.err
        assert len(CODE.findall(ran.out)) == 1, command
        assert not CODE.search(outside(ran.out)), command
        assert not CODE.search(ran.err), command


def test_the_words_offered_stay_nowhere_either(
    at_terminal: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are said on stderr, which is the same terminal, between the two marks."""
    marks: list[str] = []
    monkeypatch.setattr(recovery_code, "check_group", lambda *_: True)

    def say(_: terminal.Terminal, text: str) -> None:
        marks.append(text)
        print(text)

    monkeypatch.setattr(terminal.Terminal, "say", say)
    ran = at_terminal(*COMMANDS[0])
    assert ran.code == 0
    (offered,) = [text for text in marks if "drawn by chance" in text]
    assert offered in ran.out
    assert offered not in outside(ran.out)


def test_a_code_is_plain_where_nobody_sits(fieldkit: Runner) -> None:
    for command in COMMANDS[:4]:
        ran = fieldkit.done(*command)
        assert CODE.search(ran.out), command
        assert "\x1b" not in ran.out + ran.err


def test_a_wrong_group_shows_the_code_again_and_leaves_nothing(
    at_terminal: Callable[..., Ran],
) -> None:
    ran = at_terminal(*COMMANDS[0])
    assert ran.code == 0
    assert len(CODE.findall(ran.out)) == 1 + recovery_code.MAX_TRIES
    assert not CODE.search(outside(ran.out) + ran.err)
    assert "fieldkit vault code" in ran.err


def test_a_terminal_that_cannot_clear_shows_it_plainly(at_terminal: Callable[..., Ran]) -> None:
    assert CODE.fullmatch(at_terminal(*COMMANDS[0], term="dumb").out.strip())


def test_an_interrupted_look_is_cleared_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> str:
        raise KeyboardInterrupt

    stdin = Typed()
    monkeypatch.setattr(stdin, "readline", interrupt)
    monkeypatch.setattr("sys.stdin", stdin)
    monkeypatch.setattr(terminal.Terminal, "at_terminal", True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(KeyboardInterrupt):
        terminal.Terminal().show_once("secret")
    assert capsys.readouterr().out.endswith(BACK)
