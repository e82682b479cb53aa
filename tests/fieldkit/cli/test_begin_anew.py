"""The program that begins after a lock: the same, with other words, and nothing secret in them."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from fieldkit.cli.kit import app as open_the_app
from fieldkit.cli.kit.begin_anew import begin_anew, own_command
from fieldkit.vault.after_lock import AfterLock, take


class Replaced(Exception):
    """Stands for the moment when another program has taken this one's place."""


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """The commands and environments that this process was to be replaced by."""
    calls: list[tuple[list[str], dict[str, str]]] = []

    def execve(path: str, command: list[str], environment: dict[str, str]) -> None:
        assert path == command[0] == sys.executable
        calls.append((command, environment))
        raise Replaced

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "execve", execve)
    return calls


@pytest.mark.parametrize(
    ("started", "given", "own"),
    [
        (["python", "-m", "fieldkit", "--vault", "x"], ["--vault", "x"], ["-m", "fieldkit"]),
        (["python", "-I", "-m", "fieldkit"], [], ["-I", "-m", "fieldkit"]),
        (["python3", "/opt/bin/fieldkit", "demo"], ["demo"], ["/opt/bin/fieldkit"]),
    ],
)
def test_the_program_is_started_as_it_was(
    monkeypatch: pytest.MonkeyPatch, started: list[str], given: list[str], own: list[str]
) -> None:
    monkeypatch.setattr(sys, "orig_argv", started)
    monkeypatch.setattr(sys, "argv", ["fieldkit", *given])
    assert own_command() == [sys.executable, *own]


def test_what_is_passed_on_stands_in_the_environment(
    replaced: list[tuple[list[str], dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "fieldkit"])
    monkeypatch.setattr(sys, "argv", ["fieldkit"])
    after = AfterLock(inspection="x", placed=True)
    with pytest.raises(Replaced):
        begin_anew(after, ["--vault", "y"])
    ((command, environment),) = replaced
    assert command[1:] == ["-m", "fieldkit", "--vault", "y"]
    assert take(environment) == after
    assert environment["PATH"] == os.environ["PATH"]


def test_the_app_keeps_its_vault_and_no_passphrase_file(
    replaced: list[tuple[list[str], dict[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    from screens.app import FieldkitApp

    given: dict[str, Any] = {}
    monkeypatch.setattr(open_the_app, "need_terminal", lambda _: None)
    monkeypatch.setattr(FieldkitApp, "run", lambda app: given.update(anew=app._begin_anew))
    words = ["--vault", str(tmp_path), "--passphrase-file", "secret", "--inspection", "Westshire"]
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "fieldkit", *words])
    monkeypatch.setattr(sys, "argv", ["fieldkit", *words])
    args = argparse.Namespace(vault=tmp_path, inspection="Westshire", passphrase_file="secret")
    open_the_app.open_app(args)
    with pytest.raises(Replaced):
        given["anew"](AfterLock(inspection="489089eb"))
    ((command, environment),) = replaced
    assert command[1:] == [
        "-m", "fieldkit", "--vault", str(tmp_path), "--inspection", "489089eb"
    ]  # fmt: skip
    assert "secret" not in " ".join([*command, *environment.values()])
