"""What is made from the parsers: the pages are up to date, the shells complete what there is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from fieldkit.cli.reference.commands import all_commands
from fieldkit.cli.reference.completion import SHELLS, script
from fieldkit.cli.reference.page import manual, page, roff
from fieldkit.methodology import load, versions
from tests.fieldkit.cli.conftest import Runner

DOCS = Path(__file__).resolve().parents[3] / "docs"
STALE = "is not what the program says now; run “make reference”"


def test_the_page_of_commands_is_up_to_date() -> None:
    assert (DOCS / "cli.md").read_text("utf-8") == page(), f"docs/cli.md {STALE}"


def test_the_manual_page_is_up_to_date() -> None:
    assert (DOCS / "fieldkit.1").read_text("utf-8") == manual(), f"docs/fieldkit.1 {STALE}"
    assert manual().isascii()
    assert not [
        line for line in manual().splitlines() if re.match(r"'|\.(?!TH|S[HS]|[TP]P|B |nf|fi)", line)
    ]


def test_roff_takes_no_text_for_a_macro() -> None:
    assert roff(".SH a\\b “-x”") == r"\&.SH a\eb \[u201C]\-x\[u201D]"


def test_every_option_says_more_than_its_default() -> None:
    thin = [
        f"{one.words} {option.names or option.value}: {option.help}"
        for one in all_commands()
        for option in (*one.options, *one.arguments)
        if len(option.help) < 4 or option.help.startswith("default:")
    ]
    assert thin == []


@cache
def of(shell: str) -> str:
    return script(shell)


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_option_and_known_word_is_in_every_script(shell: str) -> None:
    text = of(shell)
    for one in all_commands():
        assert f"'{one.words}'" in text
        for option in one.options:
            assert all(f"{name}" in text for name in option.names)
    assert all(area.key in text for version in versions() for area in load(version).areas)
    assert "@" not in re.sub(
        r"\$\{[^}]*\}|\"\$@\"|@[({]|e\.g\.@", "", text.replace("ROLE@HOST", "")
    )


CASES = [
    ("va", {"vault"}),
    ("vault cr", {"create"}),
    ("vault create --n", {"--name"}),
    ("help vault cr", {"create"}),
    ("--vault /x judge WST-1 investi", {"investigation"}),
    ("judge WST-1 investigation inad", {"inadequate"}),
    ("debrief --sort d", {"daily"}),
    ("inspection new --methodology 20", {"2014", "2018", "2024"}),
    ("completion b", {"bash"}),
    ("note add WST-1 --no-such va", set()),
]
"""What is typed, and what is offered then."""


def completed_by_bash(line: str) -> set[str]:
    words = ["fieldkit", *line.split(" ")]
    typed = " ".join(f"'{word}'" for word in words)
    program = (
        f"{of('bash')}\nCOMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _fieldkit\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    ran = subprocess.run(
        ["bash", "--noprofile", "--norc"], input=program, capture_output=True, text=True, check=True
    )
    assert ran.stderr == ""
    return {*filter(None, ran.stdout.splitlines())}


def completed_by_fish(line: str) -> set[str]:
    program = f'{of("fish")}\ncomplete -C "fieldkit {line}"'
    ran = subprocess.run(
        ["fish", "--no-config"], input=program, capture_output=True, text=True, check=True
    )
    assert ran.stderr == ""
    return {row.split("\t")[0] for row in ran.stdout.splitlines()}


@pytest.mark.parametrize(
    ("shell", "complete"), [("bash", completed_by_bash), ("fish", completed_by_fish)]
)
def test_the_shell_offers_what_is_meant(shell: str, complete: object) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    assert callable(complete)
    assert {line: complete(line) for line, _ in CASES} == dict(CASES)


def test_zsh_reads_its_script(tmp_path: Path) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed here")
    (tmp_path / "_fieldkit").write_text(of("zsh"), "utf-8")
    ran = subprocess.run(
        ["zsh", "-n", str(tmp_path / "_fieldkit")], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_powershell_gets_texts_that_end_where_they_end() -> None:
    for line in of("powershell").splitlines():
        if line.startswith("    '"):
            # Outside of texts, in which a doubled quotation mark stands for one, all is ASCII.
            outside = re.sub(r"'(?:[^'‘’]|''|‘‘|’’)*'", "", line)
            assert outside.isascii() and "'" not in outside, line[:80]
            assert outside.count("(") == outside.count(")")
            assert outside.count("{") == outside.count("}")


def test_a_script_needs_no_vault(fieldkit: Runner) -> None:
    assert fieldkit.bare("completion", "bash").out == of("bash")
    assert fieldkit.bare("completion", "fish", "--json").data == {
        "shell": "fish",
        "script": of("fish"),
    }
    assert "Did you mean “fish”?" in fieldkit.bare("completion", "fisch").err
    assert (
        json.loads(fieldkit.bare("completion", "tcsh", "--json").out)["error"]["code"] == "misuse"
    )
