"""A team of three and its central, made once and copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.team.laptops import WORLD, watch_keys
from tests.storage.team.office import NAMES, Office
from tests.storage.team.three import Three
from tests.storage.travelling import Team, make_team


@pytest.fixture(scope="session")
def made_three(tmp_path_factory: pytest.TempPathFactory) -> Team:
    with pytest.MonkeyPatch.context() as patch:
        watch_keys(patch)
        return make_team(tmp_path_factory.mktemp("three") / "team", laptops=NAMES, pq=False)


@pytest.fixture
def office(made_three: Team, tmp_path: Path) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch:
        watch_keys(patch)
        opened = Office(made_three.copy(tmp_path / "team"), tmp_path)
        yield opened
        for one in (opened.ada, opened.ben, opened.cas, opened.central, opened.root):
            one.lock()


@pytest.fixture
def three(made_three: Team, tmp_path: Path) -> Iterator[Three]:
    with pytest.MonkeyPatch.context() as patch:
        watch_keys(patch)
        made = Three(made_three.copy(tmp_path / "team"), tmp_path)
        yield made
        for one in made.all:
            one.lock()
    WORLD.off = 0
