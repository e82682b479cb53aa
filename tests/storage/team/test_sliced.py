"""A bundle taken in slice by slice changes what it changes whole, whatever is in it.

``FIELDKIT_TORTURE`` tries two hundred histories.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from storage.bundle.applied import Applied
from storage.bundle.errors import NotForUsError
from storage.bundle.touched import all_touched
from storage.bundle.write import SUFFIX
from storage.errors import FieldkitError
from storage.exchange.exchange import write_bundles
from storage.exchange.merge import merge
from storage.exchange.staged_merge import MergeJob
from storage.feed.replay import differences
from storage.history.undo import undo
from storage.ops.op import first_head, next_head
from storage.records import Judgment, Note, Record
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.redaction.redact import redact
from storage.vault.stage import UnfinishedError, resume
from storage.vault.unlock import open_vault
from storage.vault.vault import STAGED, Vault
from tests.storage.forging import craft
from tests.storage.team.office import Office
from tests.storage.travelling import INSPECTION, PASSPHRASE, feed, work

SEEDS = 200 if os.environ.get("FIELDKIT_TORTURE") else 2
STEPS = 24
JUDGED = judgment_id(case_id(INSPECTION, "WST-001"), "overall")
NOT_COMPARED = {"meta", "bundle_seen", "peer", "file_seen", "searchable", "stage", "draft"}
"""Tables with moments and numbers of this very laptop."""


class History:
    """What Ben and Cas do until Ben hands it to Ada, who has done something herself."""

    def __init__(self, office: Office, chance: random.Random) -> None:
        self.office, self.chance = office, chance
        office.ada.write_now(work)
        self.notes = [office.note(office.ada, f"first {number}") for number in range(3)]
        office.both()

    def live(self) -> list[Path]:
        """The bundles for Ada, in any order: some wait for others, some come twice."""
        office, ben = self.office, self.office.ben
        for step in range(STEPS):
            who = self.chance.choice((ben, ben, office.cas, office.ada))
            with suppress(FieldkitError):
                self.chance.choice(self._acts())(who, step)
            if self.chance.random() < 0.2:
                self._carry(self.chance.choice((ben, office.cas)))
        self._carry(office.cas)
        self._carry(ben)
        paths = sorted(office.stick.glob(f"*{SUFFIX}"), key=lambda one: one.stat().st_mtime_ns)
        paths += self._stretches(ben)
        self.chance.shuffle(paths)
        return paths

    def _acts(self) -> list[Callable[[Vault, int], object]]:
        return [self._note, self._reword, self._reword, self._grade, self._delete, self._redact,
                lambda who, _: who.write_now(undo)]  # fmt: skip

    def _note(self, who: Vault, step: int) -> None:
        self.notes.append(self.office.note(who, f"note {step}"))

    def _change(self, who: Vault, kind: type[Record], record: str, **values: str) -> None:
        def job(session: Session) -> None:
            found = session.get(kind, record)
            if found is not None:
                found.change(**values)

        who.write_now(job)

    def _reword(self, who: Vault, step: int) -> None:
        self._change(who, Note, self.chance.choice(self.notes), text=f"reworded {step}")

    def _grade(self, who: Vault, step: int) -> None:
        self._change(who, Judgment, JUDGED, rationale=f"because of {step}")

    def _delete(self, who: Vault, step: int) -> None:
        def job(session: Session, note: str) -> None:
            if (found := session.get(Note, note)) is not None:
                session.delete(found)

        who.write_now(job, self.chance.choice(self.notes))

    def _redact(self, who: Vault, step: int) -> None:
        who.write_now(redact, "note", self.chance.choice(self.notes), "text", "a name")

    def _carry(self, to: Vault) -> None:
        self.office.take_in(to)
        write_bundles(to, self.office.stick)

    def _stretches(self, ben: Vault) -> Iterator[Path]:
        """Ben's own feed once more, cut into stretches."""
        _, roster = self.office.central.roster()
        query = "SELECT bytes, digest FROM op WHERE device = ? AND kind = 'main' ORDER BY seq"
        rows = ben.read_now(
            lambda s: s.connection().exec_driver_sql(query, (ben.author.device,)).all()
        )
        heads = [first_head(feed(ben))]
        for _, inner in rows:
            heads.append(next_head(heads[-1], inner))
        cuts = sorted({0, len(rows), *(self.chance.randrange(len(rows)) for _ in range(3))})
        for first, end in pairwise(cuts):
            data = [one for one, _ in rows[first:end]]
            if all(data):
                yield craft(
                    ben, roster, self.office.stick, data,
                    first=first + 1, prev=heads[first], to=self.office.ada,
                )  # fmt: skip


def state(vault: Vault) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that another laptop in the same place would have too."""

    def read(session: Session) -> dict[str, list[tuple[Any, ...]]]:
        run = session.connection().exec_driver_sql
        assert differences(session.connection()) == []
        names = run("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        kept = [one for one in names if not one.startswith(("words", "sqlite"))]
        return {
            name: sorted(map(tuple, run(f'SELECT * FROM "{name}"')), key=repr)
            for name in kept
            if name not in NOT_COMPARED
        }

    return {name: rows for name, rows in vault.read_now(read).items() if rows}


def said(applied: Applied) -> dict[str, Any]:
    """What an inspector hears of a bundle."""
    return {one.name: getattr(applied, one.name) for one in fields(applied)}


def take_in(vault: Vault, path: Path, most: int) -> dict[str, Any] | str:
    try:
        return said(merge(vault, path, most=most))
    except UnfinishedError:
        raise
    except FieldkitError as refusal:
        assert vault.fact_now(STAGED) is None
        return f"{type(refusal).__name__} {refusal}"


@pytest.mark.parametrize("seed", range(SEEDS))
def test_sliced_it_changes_what_it_changes_whole(seed: int, office: Office, tmp_path: Path) -> None:
    chance = random.Random(seed)
    paths = History(office, chance).live()
    office.ada.lock()
    shutil.copytree(office.ada.folder, tmp_path / "whole")
    shutil.copytree(office.ada.folder, tmp_path / "sliced")
    with (
        open_vault(tmp_path / "whole", PASSPHRASE) as whole,
        open_vault(tmp_path / "sliced", PASSPHRASE) as sliced,
    ):
        new = 0
        for path in paths:
            expected = take_in(whole, path, 10**6)
            assert take_in(sliced, path, chance.randrange(1, 6)) == expected, path
            new += sum(expected["new"].values()) if isinstance(expected, dict) else 0
        assert state(sliced) == state(whole)
        assert new > STEPS // 4


@pytest.mark.parametrize("step", range(4))
def test_cut_short_at_a_step_it_is_gone_on_with(step: int, office: Office, tmp_path: Path) -> None:
    paths = History(office, random.Random(1)).live()
    office.ada.lock()
    shutil.copytree(office.ada.folder, tmp_path / "whole")
    shutil.copytree(office.ada.folder, tmp_path / "cut")
    with open_vault(tmp_path / "whole", PASSPHRASE) as whole:
        for path in paths:
            take_in(whole, path, 10**6)
        expected = state(whole)
    cuts = 0
    for path in paths:
        with open_vault(tmp_path / "cut", PASSPHRASE) as vault, cut_short(step):
            take_in_or_be_cut(vault, path)
        with open_vault(tmp_path / "cut", PASSPHRASE) as vault:
            cuts += bool(vault.staged)
            assert all("wholly now" in one for one in resume(vault, lambda: [MergeJob])[:1])
            assert vault.fact_now(STAGED) is None
            take_in(vault, path, 2)
    with open_vault(tmp_path / "cut", PASSPHRASE) as vault:
        assert state(vault) == expected
    assert cuts > 1


@pytest.mark.parametrize("step", [0, 1, 3])
def test_what_cannot_be_finished_leaves_a_valid_vault(
    step: int, office: Office, tmp_path: Path
) -> None:
    """An error that nobody foresees, at the slices and where records are brought up to date."""
    paths = History(office, random.Random(2)).live()
    office.ada.lock()
    shutil.copytree(office.ada.folder, tmp_path / "whole")
    with open_vault(tmp_path / "whole", PASSPHRASE) as whole:
        for path in paths:
            take_in(whole, path, 10**6)
        expected = state(whole)
    gave_up = 0
    for path in paths:
        with open_vault(office.ada.folder, PASSPHRASE) as vault, cut_short(step):
            take_in_or_be_cut(vault, path)
            said = resume(vault, lambda: [MergeJob])
            gave_up += any("in part only" in one for one in said)
            assert vault.fact_now(STAGED) is None
            state(vault)  # the tables are what the ops add up to
            assert vault.read_now(lambda s: all_touched(s.connection())) == set()
    assert gave_up > 1
    with open_vault(office.ada.folder, PASSPHRASE) as vault:
        for path in paths * 2:  # a part of it may have waited for what was given up
            take_in(vault, path, 10**6)
        assert state(vault) == expected


@contextmanager
def cut_short(steps: int) -> Iterator[None]:
    """Break a merge off after so many steps, as a power cut would: slices, then of records."""
    left = steps

    def breaking(real: Callable[..., None]) -> Callable[..., None]:
        def step(*arguments: Any) -> None:
            nonlocal left
            if not left:
                raise OSError("the power went")
            left -= 1
            real(*arguments)

        return step

    with pytest.MonkeyPatch.context() as patch:
        for name in ("apply", "settle"):
            patch.setattr(MergeJob, name, breaking(getattr(MergeJob, name)))
        yield


def take_in_or_be_cut(vault: Vault, path: Path) -> None:
    with suppress(UnfinishedError, NotForUsError, OSError):
        merge(vault, path, most=1)
