"""The workflow for a fork tries the Pythons that the project names, by the steps of make test."""

from __future__ import annotations

import re

from release.lock import REPOSITORY
from release.platforms import find_platform, pythons

WORKFLOW = (REPOSITORY / ".github" / "workflows" / "test.yml").read_text("utf-8")
PROJECT = (REPOSITORY / "pyproject.toml").read_text("utf-8")


def test_it_tries_every_python_that_is_promised() -> None:
    promised = re.findall(r"Python :: (3\.\d+)", PROJECT)
    tried = [re.findall(r"3\.\d+", line) for line in re.findall(r"python: \[(.*)\]", WORKFLOW)]
    assert promised == list(pythons())
    assert tried == [promised, promised]


def test_it_takes_the_steps_of_make_test_where_there_is_no_make() -> None:
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    target = makefile.split("\ntest:")[1].split("\n\n")[0]
    tools = re.findall(r"\$\(VENV\)/bin/([a-z-]+(?: check| format --check| -m pytest)?)", target)
    assert len(set(tools)) == 6
    assert [tool for tool in tools if tool not in WORKFLOW] == []
    (spread,) = re.findall(r"SPREAD := (.*)", makefile)
    assert spread in WORKFLOW


def test_it_makes_and_installs_every_kit() -> None:
    (installed,) = re.findall(r"platform: \[(.*)\]", WORKFLOW)
    for key in installed.split(", "):
        assert f"PLATFORM={find_platform(key).key}" in WORKFLOW
