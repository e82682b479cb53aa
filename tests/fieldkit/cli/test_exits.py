"""How the program ends: each code by a real process, and each refusal as JSON."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import storage
from fieldkit.cli.kit.exit import EXIT_OF, EXITS, Misused, exit_code
from fieldkit.cli.refusals import NEXT, SAFE, in_parts
from storage.errors import FieldkitError
from storage.vault.folder import DATABASE
from storage.vault.unlock import open_vault
from tests.conftest import PASSPHRASE
from tests.fieldkit.cli.conftest import Runner

REPOSITORY = Path(__file__).resolve().parents[3]


def test_each_code_by_a_real_process(vault_made_once: Path, tmp_path: Path) -> None:
    for name in ("sound", "alone", "other", "held", "hurt"):
        shutil.copytree(vault_made_once, tmp_path / name)
    hurt = tmp_path / "hurt" / DATABASE
    hurt.write_bytes(hurt.read_bytes()[:-700])
    for name, words in (("right", PASSPHRASE), ("wrong", "other words altogether")):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text(words, "utf-8")
    ways = {
        "done": (0, "sound", "right", "inspection list"),
        "refused": (1, "alone", "right", "cases list"),
        "misuse": (2, "sound", "right", "cases lst"),
        "wrong_passphrase": (3, "other", "wrong", "cases list"),
        "no_vault": (4, "nothing", "right", "cases list"),
        "in_use": (5, "held", "right", "cases list"),
        "damaged": (6, "hurt", "right", "cases list"),
    }
    with open_vault(tmp_path / "held", PASSPHRASE):
        started = {
            name: subprocess.Popen(
                [
                    *(sys.executable, "-m", "fieldkit", "--vault", str(tmp_path / vault)),
                    *("--passphrase-file", str(tmp_path / words), *command.split(), "--json"),
                ],
                cwd=REPOSITORY,
                env=os.environ | {"FIELDKIT_HOME": str(tmp_path)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
            )
            for name, (_, vault, words, command) in ways.items()
        }
        ended = {
            name: (*one.communicate(timeout=480), one.returncode) for name, one in started.items()
        }
    for name, (expected, *_) in ways.items():
        out, err, code = ended[name]
        assert code == expected, (name, err)
        answer = json.loads(out)
        if name == "done":
            assert answer == []
            continue
        assert list(answer["error"]) == ["code", "message", "what_is_safe", "next"]
        assert answer["error"]["code"] == name
        assert all(answer["error"].values())
        assert answer["error"]["message"] in err
    assert sorted(expected for expected, *_ in ways.values()) == list(EXITS)


def test_one_place_decides() -> None:
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        if "errors" in module.name or module.name.endswith("unlock"):
            importlib.import_module(module.name)
    codes = {one.code for one in below(FieldkitError)}
    assert codes >= {"refused", "wrong_passphrase", "no_vault", "in_use", "damaged"}
    assert codes <= EXIT_OF.keys()
    assert set(EXIT_OF.values()) | {0} == EXITS.keys()


def below(error: type[FieldkitError]) -> Iterator[type[FieldkitError]]:
    yield error
    for one in error.__subclasses__():
        yield from below(one)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SystemExit(), 0),
        (SystemExit(0), 0),
        (SystemExit(1), 1),
        (SystemExit("a sentence"), 1),
        (SystemExit(130), 1),
        (Misused("It was not understood.", "Type something else."), 2),
        (FieldkitError("No."), 1),
        (ValueError(), 1),
    ],
)
def test_what_ends_the_program_otherwise(error: BaseException, code: int) -> None:
    assert exit_code(error) == code


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "There is no vault in /x. Nothing was made there. Make one with “fieldkit vault "
            "create”, or name its folder with --vault.",
            (
                "There is no vault in /x.",
                "Nothing was made there.",
                "Make one with “fieldkit vault create”, or name its folder with --vault.",
            ),
        ),
        (
            "The vault's database x is damaged; your passphrase is right. The file was left as it "
            "is. Copy the whole folder aside, then restore the latest backup.",
            (
                "The vault's database x is damaged; your passphrase is right.",
                "The file was left as it is.",
                "Copy the whole folder aside, then restore the latest backup.",
            ),
        ),
        (
            "x could not be used (full); nothing was lost. Check the disk.",
            (
                "x could not be used (full); nothing was lost.",
                "x could not be used (full); nothing was lost.",
                "Check the disk.",
            ),
        ),
        ("WST-1 belongs to A. Inspector.", ("WST-1 belongs to A. Inspector.", SAFE, NEXT)),
        (
            "The team has left. It is so. Nothing was changed. What was committed before is safe. "
            "Say why.",
            (
                "The team has left. It is so.",
                "Nothing was changed. What was committed before is safe.",
                "Say why.",
            ),
        ),
    ],
)
def test_a_refusal_is_taken_apart(text: str, parts: tuple[str, str, str]) -> None:
    assert in_parts("refused", text) == {
        "code": "refused",
        "message": parts[0],
        "what_is_safe": parts[1],
        "next": parts[2],
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("vualt info", "Did you mean “fieldkit vault”?"),
        ("not add", "Did you mean “fieldkit note”?"),
        ("Vault info", "Did you mean “fieldkit vault”?"),
        ("create", "Did you mean “fieldkit vault create”?"),
        ("backup", "Did you mean “fieldkit vault backup”?"),
        ("vault creat", "Did you mean “fieldkit vault create”?"),
        ("note ad WST-1 text", "Did you mean “fieldkit note add”?"),
        ("help vualt", "Did you mean “fieldkit vault”?"),
        ("help vault creat", "Did you mean “fieldkit vault create”?"),
        ("vault create --nam x", "Did you mean “--name”?"),
        ("vault create --nmae=x", "Did you mean “--name”?"),
        ("cases list --opne", "Did you mean “--open” or “--done”?"),
        ("cases list --vault x", "“--vault” stands before the command, right after “fieldkit”"),
        ("--vualt x cases list", "Did you mean “--vault”?"),
        ("debrief --sort daly", "Did you mean “daily”?"),
        ("cases show a b", "“b” is more than it takes"),
        ("vault qqqq", "Its commands: create, info,"),
        ("qqqq", "“fieldkit --help” lists them."),
    ],
)
def test_a_word_that_is_not_known_is_asked_about(fieldkit: Runner, words: str, said: str) -> None:
    ran = fieldkit.bare(*words.split())
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err and "Nothing was done." in ran.err
    error = fieldkit.bare(*words.split(), "--json").data["error"]
    assert error["code"] == "misuse" and error["what_is_safe"] == "Nothing was done."
    assert said in f"{error['message']} {error['next']}"


def test_a_word_of_the_methodology_is_asked_about_too(fieldkit: Runner) -> None:
    fieldkit.begun().done("cases", "add", "WST-001")
    for words, meant in (
        ("judge WST-001 investigaton good", "investigation"),
        ("judge WST-001 investigation goood", "good"),
        ("note add WST-001 text --polarity strenght", "strength"),
        ("point add text --sort strenght", "strength"),
        ("fieldwork interview --role DCI --mode telefone", "telephone"),
    ):
        assert f"Did you mean “{meant}”?" in fieldkit.refused(*words.split())
        error = fieldkit(*words.split(), "--json").data["error"]
        assert "Nothing was changed" in error["what_is_safe"] and meant in error["next"]


def test_json_after_two_dashes_is_a_text(fieldkit: Runner) -> None:
    assert fieldkit.bare("search", "--", "--json").out == ""


def test_help_is_the_help_of_the_command(fieldkit: Runner) -> None:
    for words in ([], ["vault"], ["vault", "create"], ["central", "root", "sign"], ["help"]):
        asked = fieldkit.bare("help", *words)
        assert (asked.code, asked.err) == (0, "")
        assert asked.out == fieldkit.bare(*words, "--help").out
    assert fieldkit.bare("-V").out == fieldkit.bare("--version").out
