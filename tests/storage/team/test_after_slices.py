"""What comes after a job in slices leaves every derived table equal to a replay.

Ada takes a list, a workbook or Ben's bundle in slice by slice, while somebody types and the power
may go; colleagues take in slices what she then has. Afterwards comes what takes away: undo,
redactions, a revoked laptop whose last part is dropped, a past that central does not hold, an
erasure, and edits. ``FIELDKIT_TORTURE`` tries forty histories of each job.
"""

from __future__ import annotations

import csv
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from fieldkit.casework.import_list import import_cases, read_list, take_list
from fieldkit.history import staged_records
from fieldkit.inspections.unfinished import jobs
from fieldkit.selfassessment.import_workbook import read_force_workbook, take_reading
from storage.bundle.write import SUFFIX
from storage.errors import FieldkitError
from storage.exchange.enrol import take_roster
from storage.exchange.erase import NotErasableError, erase
from storage.exchange.exchange import write_bundles
from storage.exchange.merge import merge
from storage.exchange.receipts import take_signed_receipt
from storage.feed.replay import differences
from storage.history.undo import NothingToUndoError, redo, undo
from storage.records import Case, ForceRow, Judgment, Note, SelfAssessment
from storage.records.lookup import records_in
from storage.redaction.redact import redact, redactable
from storage.vault.check import check_vault
from storage.vault.stage import StagedJob, UnfinishedError, resume
from storage.vault.unlock import open_vault
from storage.vault.vault import STAGED, Vault
from tests.conftest import HEAVY
from tests.storage.forging import an_op, craft
from tests.storage.team.office import Office
from tests.storage.team.test_sliced import History, state, take_in
from tests.storage.travelling import INSPECTION, PASSPHRASE, feed, work

HISTORIES = [("merge", 0), ("workbook", 1), ("list", 1)]
"""A job and a seed: of these central knows another past, what was before the job, and after it."""
if HEAVY:
    HISTORIES = [(job, seed) for job in ("merge", "workbook", "list") for seed in range(40)]
ROWS = 24 if HEAVY else 9
IMPORTED: tuple[type[Any], ...] = (Case, Judgment, SelfAssessment, ForceRow, Note)
WHOLE = 10**6


def right(vault: Vault) -> None:
    """The tables, counts, conflicts and search are what the ops add up to."""
    assert vault.fact_now(STAGED) is None
    assert vault.read_now(lambda s: differences(s.connection())) == []


def counts(vault: Vault) -> list[int]:
    def read(s: Session) -> list[int]:
        run = s.connection().exec_driver_sql
        tables = [kind.__tablename__ for kind in IMPORTED]
        return [run(f'SELECT count(*) FROM "{one}"').scalar_one() for one in tables]

    return vault.read_now(read)


class Story:
    """What happens on Ada's laptop, and what a colleague has of it: whole, and in slices.

    Attributes:
        author: whose work a reader has, until the laptop is revoked: Ada's, where she imports.
        reader: the other one.
        known: what central knows of the author's work when the laptop is revoked: what was there
            before the job, another past from there on, or what came after the job too.
    """

    def __init__(self, office: Office, chance: random.Random, folder: Path, job: str) -> None:
        self.office, self.chance, self.folder, self.job = office, chance, folder, job
        several = office.ada, office.ben
        self.author, self.reader = several if job != "merge" else several[::-1]
        self.known = chance.choice(("before", "another past", "after"))
        self.step = 0
        self.taken: Counter[str] = Counter()
        """What really was taken away, so that nothing is tried in name only."""

    # --- the long job

    def do(self) -> None:
        {"merge": self._merge, "workbook": self._workbook, "list": self._list}[self.job]()
        right(self.office.ada)
        if self.known == "after":
            self._hand_in()

    def _before(self) -> None:
        """What both have when the job begins, and what central has of it."""
        self.office.both()
        if self.known != "after":
            self._hand_in()
        if self.known == "another past":
            self._another_past()

    def _hand_in(self) -> None:
        self.office.hand_in(self.author)
        for path in self.office.stick.glob(f"*{SUFFIX}"):
            path.unlink()

    def _file(
        self, name: str, headings: Sequence[str], row: Callable[[int], Sequence[str]]
    ) -> Path:
        with (self.folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *(row(n) for n in range(1, ROWS + 1))])
        return self.folder / name

    def _read_list(self) -> Any:
        headings = ("Case", "Type", "Date of incident", "Force ref", "Overall grade", "Rationale")
        return read_list(
            self._file("list.csv", headings, lambda n: (
                f"N-{n}", "Missing", "2026-02-03", f"42/{n}/26", "Good" if n % 3 else "",
                f"Because of {n}" if n % 3 else "",
            )),
            "2018",
        )  # fmt: skip

    def _list(self) -> None:
        office = self.office
        office.ada.write_now(work)
        self._before()
        before, listed = counts(office.ada), self._read_list()
        self._in_slices(lambda: take_list(office.ada, INSPECTION, listed, progress=self._typing))
        self._taken_back(before)

    def _workbook(self) -> None:
        office = self.office
        office.ada.write_now(work)
        office.ada.write_now(import_cases, INSPECTION, self._read_list())
        self._before()
        before = counts(office.ada)
        sent = self._take_workbook("sent.csv", 3)
        self._taken_back(before)
        # What the force sends in its place keeps some rows, removes others, and adds some.
        before = counts(office.ada)
        self._take_workbook("better.csv", 5, corrects=sent)
        self._taken_back(before)

    def _take_workbook(
        self, name: str, further: int, corrects: SelfAssessment | None = None
    ) -> SelfAssessment:
        headings = ("Force case ref", "Type of case", "Date of incident", "Force judgement", "Why")
        file = self._file(name, headings, lambda n: (
            f"42/{n + further}/26", "Missing", "2026-02-03", "Good", f"The force says {n}",
        ))  # fmt: skip
        reading = read_force_workbook(file, "2018")
        ada, typing = self.office.ada, self._typing
        self._in_slices(
            lambda: take_reading(
                ada, INSPECTION, reading, accept_exact=True, corrects=corrects, progress=typing
            )
        )
        (taken,) = ada.read_now(records_in, SelfAssessment, INSPECTION)
        return taken

    def _in_slices(self, take: Callable[[], object]) -> None:
        """Take a file in; as often as not the power goes on the way, and it is gone on with."""
        cut = self.chance.randrange(1, 8)
        with slices(self.chance):
            try:
                with cut_at(cut):
                    take()
            except UnfinishedError:
                (said,) = resume(self.office.ada, jobs)
                assert "wholly now" in said
                self.taken["a cut"] += 1
            except OSError:  # it was of one slice, and nothing of it is there
                take()

    def _merge(self) -> None:
        history = History(self.office, self.chance)
        office = self.office
        self._before()
        for path in history.live():
            if self.chance.random() < 0.3:
                self._cut_short(path)
            with suppress(FieldkitError):
                merge(office.ada, path, most=self.chance.randrange(1, 6))

    def _cut_short(self, path: Path) -> None:
        """The power goes after a slice; the next unlocking goes on."""
        with cut_at(self.chance.randrange(1, 4)), suppress(FieldkitError, OSError):
            merge(self.office.ada, path, most=1)
        self.taken["a cut"] += bool(resume(self.office.ada, jobs))
        right(self.office.ada)

    def _typing(self, what: str, done: int, total: int) -> None:
        """Between two slices somebody types."""
        if 0 < done < total and self.chance.random() < 0.2:
            self.office.note(self.office.ada, f"typed at {done}")

    def _taken_back(self, before: list[int]) -> None:
        """Undo takes all of an import away, with what was typed meanwhile, and redo gives it back.

        It stands afterwards, for what comes next to happen to it.
        """
        ada = self.office.ada
        right(ada)
        there, steps = counts(ada), 0
        while not steps or counts(ada) != before:
            ada.write_now(undo)
            steps += 1
            right(ada)
        for _ in range(steps):
            ada.write_now(redo)
            right(ada)
        assert counts(ada) == there
        self.taken["an import undone"] += 1

    # --- what comes after it

    def after(self, vault: Vault, how_many: int) -> None:
        acts = [self._redact, self._redact, self._reword, self._delete, self._undo, self._write]
        for act in [*self.chance.choices(acts, k=how_many), self._undo]:
            self.step += 1
            act(vault)
            right(vault)

    def _some(self, vault: Vault, kind: type[Any]) -> str:
        query = f'SELECT id FROM "{kind.__tablename__}" ORDER BY id'
        ids = vault.read_now(lambda s: s.connection().exec_driver_sql(query).scalars().all())
        return str(self.chance.choice(ids)) if ids else ""

    def _redact(self, vault: Vault) -> None:
        kind = self.chance.choice([one for one in IMPORTED if redactable(one.KIND)])
        record = self._some(vault, kind)
        for field in self.chance.sample(redactable(kind.KIND), len(redactable(kind.KIND))):
            with suppress(FieldkitError):
                vault.write_now(redact, kind.KIND, record, field, f"names {self.step}")
                self.taken["a redaction"] += 1
                return

    def _reword(self, vault: Vault) -> None:
        kind, field = self.chance.choice([(Note, "text"), (Judgment, "rationale"), (Case, "unit")])
        self._change(vault, kind, self._some(vault, kind), **{field: f"reworded {self.step}"})

    def _change(self, vault: Vault, kind: type[Any], record: str, **values: str) -> None:
        def job(s: Session) -> None:
            if (found := s.get(kind, record)) is not None:
                found.change(**values)

        vault.write_now(job)

    def _delete(self, vault: Vault) -> None:
        kind = self.chance.choice((Note, ForceRow, Case))
        record = self._some(vault, kind)

        def job(s: Session) -> None:
            if (found := s.get(kind, record)) is not None:
                s.delete(found)

        vault.write_now(job)

    def _undo(self, vault: Vault) -> None:
        self._write(vault)
        with suppress(NothingToUndoError):  # what came before may not be taken back
            for _ in range(self.chance.randrange(1, 4)):
                vault.write_now(undo)
                self.taken["a step undone"] += 1

    def _write(self, vault: Vault) -> None:
        self.office.note(vault, f"written {self.step}")

    # --- what befalls a laptop

    def carry(self, whole: Vault, sliced: Vault) -> None:
        """What the author wrote since comes to the reader, and changes both alike."""
        write_bundles(self.author, self.office.stick)
        paths = sorted(self.office.stick.glob(f"*{SUFFIX}"))
        self.chance.shuffle(paths)
        for path in paths:
            expected = take_in(whole, path, WHOLE)
            assert take_in(sliced, path, self.chance.randrange(1, 6)) == expected, path
            path.unlink()
        assert state(sliced) == state(whole)

    def _another_past(self) -> None:
        """Central is told another op than colleagues, at the place where the feed goes on."""
        vault, (_, roster) = self.author, self.office.central.roster()
        covers = self.office.central.receipt(vault.author.device).value()["covers"]
        seq, _ = covers.get(str(feed(vault)), (0, ""))
        query = "SELECT head FROM op WHERE device = ? AND epoch = 1 AND kind = 'main' AND seq = ?"
        place = vault.author.device, seq
        head = vault.read_now(lambda s: s.connection().exec_driver_sql(query, place).scalar())
        other = an_op(vault, seq + 1, reason="told otherwise")
        told = craft(vault, roster, self.folder, [other], first=seq + 1, prev=head)
        (one,) = self.office.central.ingest([told]).files
        assert one.ops == 1

    def revoke(self, whole: Vault, sliced: Vault) -> None:
        """What the author wrote after what central knows is dropped again."""
        before = counts(sliced)
        self.office.central.revoke(self.author.author.device)
        proposal = self.office.central.proposal
        assert proposal is not None
        self.office.central._propose(replace(proposal, grace_days=0))
        self.office.sign()
        for vault in (whole, sliced):
            take_roster(vault, self.office.stick / "roster", fingerprint_confirmed=False)
            right(vault)
        assert state(sliced) == state(whole)
        self.taken["a branch dropped"] += counts(sliced) != before

    def erase(self, vault: Vault) -> None:
        """Central has all that is here, and it goes."""
        for _ in range(2):
            write_bundles(vault, self.office.stick)
            self.office.central.ingest([self.office.stick])
            take_signed_receipt(vault, self.office.central.receipt(vault.author.device))
        with suppress(NotErasableError):
            vault.write_now(erase, INSPECTION, with_keys=True)
            self.taken["an erasure"] += 1
            assert not any(counts(vault))
        right(vault)


@contextmanager
def slices(chance: random.Random) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staged_records, "SLICE", chance.randrange(1, 6))
        yield


@contextmanager
def cut_at(slice_number: int) -> Iterator[None]:
    """Break a job off within a slice, as a power cut would."""
    done = 0

    with pytest.MonkeyPatch.context() as patch:
        for kind in [one for one in jobs() if "apply" in vars(one)]:
            real: Any = kind.apply

            def apply(job: StagedJob[Any], s: Session, data: bytes, real: Any = real) -> None:
                nonlocal done
                real(job, s, data)
                done += 1
                if done == slice_number:
                    raise OSError("the power went")

            patch.setattr(kind, "apply", apply)
        yield


@pytest.mark.parametrize(("job", "seed"), HISTORIES)
def test_what_comes_after_slices(job: str, seed: int, office: Office, tmp_path: Path) -> None:
    story = Story(office, random.Random(f"{job} {seed}"), tmp_path, job)
    story.do()
    story.after(story.author, 3)
    story.reader.lock()
    for name in ("whole", "sliced"):
        shutil.copytree(story.reader.folder, tmp_path / name)
    with (
        open_vault(tmp_path / "whole", PASSPHRASE) as whole,
        open_vault(tmp_path / "sliced", PASSPHRASE) as sliced,
    ):
        both = whole, sliced
        story.carry(*both)
        story.after(story.author, 6)
        story.carry(*both)
        story.revoke(*both)
        story.after(story.author, 2)
        story.carry(*both)
        assert check_vault(sliced).sound
        story.after(sliced, 6)
        story.erase(sliced)
        story.after(sliced, 3)
        assert check_vault(sliced).sound
    print(f"{job} {seed}, central knows {story.known}: {dict(story.taken)}")
    if job != "merge":
        assert story.taken["an import undone"]
        assert story.taken["a branch dropped"] or story.known == "after"
    if not HEAVY:
        taken = "a cut", "a redaction", "a step undone", "an erasure"
        assert all(story.taken[one] for one in taken)
