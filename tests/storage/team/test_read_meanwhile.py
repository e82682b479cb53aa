"""What is read while a bundle is taken in slice by slice is kept no longer than it is true."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from fieldkit.casework.cases import add_case
from fieldkit.comparison.assemble import Material, reading
from fieldkit.history.conflicts import listing
from fieldkit.history.search import search
from storage.bundle.errors import NotForUsError
from storage.bundle.write import SUFFIX
from storage.errors import FieldkitError
from storage.exchange.exchange import write_bundles
from storage.exchange.merge import merge
from storage.feed.session import Steps
from storage.history.deleted import deleted_records
from storage.history.delivery import delivery_status
from storage.progress import Progress
from storage.vault.stage import READY
from storage.vault.store import Reading
from storage.vault.vault import Vault
from tests.fieldkit.test_kept_readings import read, same_as_fresh
from tests.fieldkit.test_services_property import STEPS, Chooser
from tests.storage.team.office import Office
from tests.storage.travelling import INSPECTION, work


def write_a_day(office: Office, chance: random.Random) -> None:
    for _ in range(60):
        figures = [chance.randrange(12) for _ in range(6)]
        with suppress(FieldkitError):
            office.ben.write_now(chance.choice(STEPS), Chooser(figures))


def hand_over(office: Office, seed: int) -> list[Path]:
    """Ben works a day; his bundles, of which one is for Ada."""
    office.ada.write_now(work)
    office.both()
    write_a_day(office, random.Random(seed))
    for number in range(4):
        office.ben.write_now(add_case, INSPECTION, f"B-{number}")
    write_bundles(office.ben, office.stick)
    return list(office.stick.glob(f"*{SUFFIX}"))


def take_in(vault: Vault, paths: list[Path], most: int, between: Progress) -> None:
    for path in paths:
        with suppress(NotForUsError):
            merge(vault, path, between, most=most)


@pytest.mark.parametrize("seed", range(2))
def test_pages_between_slices_fail_nowhere_and_keep_nothing(seed: int, office: Office) -> None:
    ada, paths, looks = office.ada, hand_over(office, seed), 0

    def look(s: Session) -> None:
        read(s, INSPECTION)
        listing(s)
        search(s, INSPECTION, "late")
        deleted_records(s, INSPECTION)
        delivery_status(s.connection(), ada.author.device)

    def between(what: str, done: int, total: int) -> None:
        nonlocal looks
        if ada.staged == READY and done < total:
            looks += 1
            ada.read_now(look)

    take_in(ada, paths, 2, between)
    assert looks > 5
    ada.read_now(same_as_fresh, INSPECTION, "the merge")


def test_a_reading_in_steps_that_a_merge_overtakes_is_not_kept(office: Office) -> None:
    ada, paths = office.ada, hand_over(office, 1)
    begun: list[Reading[Any]] = []

    def between(what: str, done: int, total: int) -> None:
        """Begin to read the comparison, which goes on when the bundle is taken in."""
        if ada.staged == READY and done < total:
            begun.append(Reading(ada._store._session, compared, lambda: ada.locked))
            ada._clerk.wait(begun[-1].go_on)

    def compared(s: Session) -> Steps[Material]:
        return (yield from reading(s, INSPECTION))

    take_in(ada, paths, 1, between)
    assert len(begun) > 5
    for one in begun:
        while not ada._clerk.wait(one.go_on):
            pass
        assert len(one.result.cases) > 4
        ada.read_now(same_as_fresh, INSPECTION, "the merge")
