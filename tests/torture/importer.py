"""Takes a file in again and again, is killed somewhere within, and looks at the vault.

Run as ``python -m tests.torture.importer FOLDER INSPECTION FILE JOB ROUNDS SEED``; prints a line of
JSON for each kill. Each import is done in a process of its own, forked from this one.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlmodel import Session

from fieldkit.casework.import_list import read_list, take_list
from fieldkit.history import staged_records
from fieldkit.inspections.unfinished import finish
from fieldkit.selfassessment.import_workbook import read_force_workbook, take_reading
from storage.database.connection import driver
from storage.database.keyed_connection import CipherConnection
from storage.feed import drafts
from storage.feed.replay import differences
from storage.history.undo import undo
from storage.records import Case, CaseKey, ForceRow, ForceRowKey, Judgment, Record, SelfAssessment
from storage.vault.check import check_vault
from storage.vault.unlock import open_vault, open_with
from storage.vault.vault import STAGED, Vault
from tests.conftest import PASSPHRASE, compiled_for_all
from tests.torture.forking import fork

KINDS: tuple[type[Record], ...] = (Case, CaseKey, Judgment, SelfAssessment, ForceRow, ForceRowKey)
PLACE, FIELD = "new-answer/row 7", "fix C7"
Job = Callable[[Vault], object]


def counts(s: Session) -> list[int]:
    run = driver(s.connection()).execute
    tables = (kind.__tablename__ for kind in KINDS)
    return [run(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in tables]


def die_before(statement: int) -> list[int]:
    """Count the statements of every connection from now on; die before the one of this number."""
    done = [0]

    def counted(usual: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            done[0] += 1
            if done[0] == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return usual(*arguments)

        return run

    connection: Any = CipherConnection
    for name in ("execute", "executemany", "commit"):
        setattr(connection, name, counted(getattr(connection, name)))
    return done


def opened(folder: Path, key: bytes) -> Vault:
    """Open a vault without deriving its key anew, which would be most of a kill's time."""
    return open_with(folder, lambda keys: keys._verified(bytearray(key)))


def in_a_process(folder: Path, key: bytes, job: Job, statement: int) -> int:
    """Do the job in a process that dies before a statement; return how many there were, if not."""
    reading, writing = os.pipe()
    if child := fork():
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        return int(said or b"0")
    vault = opened(folder, key)
    vault.write_now(drafts.save, PLACE, FIELD, "row 7", "12 March 2018")
    done = die_before(statement)
    job(vault)
    os.write(writing, str(done[0]).encode())
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def looked_at(
    folder: Path, key: bytes, job: Job, before: list[int], after: list[int]
) -> dict[str, Any]:
    """Say what an import that was killed left: nothing or all, and what is not as it should be."""
    wrong: list[str] = []
    with opened(folder, key) as vault:
        staged = vault.fact_now(STAGED)
        finish(vault)
        there = vault.read_now(counts)
        if there not in (before, after):
            wrong.append(f"half of it is there: {there}")
        checked = check_vault(vault)  # tables and search against a replay among it
        wrong += [f"{part}: {found}" for part, found in checked.parts.items() if found]
        kept = [one.text for one in vault.read_now(drafts.listed)]
        if kept != ([] if there == after else ["12 March 2018"]):
            wrong.append(f"the draft was kept as {kept}")
        if there == before:
            job(vault)
            if vault.read_now(counts) != after:
                wrong.append("it could not be taken in afterwards")
        if there == before or staged is not None:
            vault.write_now(undo)
            if vault.read_now(counts) != before:
                wrong.append("undo did not take it back wholly")
            wrong += vault.read_now(lambda s: differences(s.connection()))
    state = staged["state"] if staged else "none"
    return {"state": state, "kept": there == after, "wrong": wrong}


def main() -> None:
    source, inspection, file, what, rounds, seed = sys.argv[1:]
    staged_records.SLICE = 30
    among = random.Random(int(seed))
    answers = (PLACE, [FIELD])
    if what == "list":
        listed = read_list(file, "2018")

        def job(vault: Vault) -> object:
            return take_list(vault, inspection, listed, drafts=answers)
    else:
        reading = read_force_workbook(file, "2018")

        def job(vault: Vault) -> object:
            return take_reading(vault, inspection, reading, accept_exact=True, drafts=answers)

    folder = Path(source).parent / f"killed-{what}"
    shutil.copytree(source, folder)
    with open_vault(Path(source), PASSPHRASE) as vault:
        before, key = vault.read_now(counts), bytes(vault._key)
    statements = in_a_process(folder, key, job, 0)
    with opened(folder, key) as vault:
        after = vault.read_now(counts)
    assert statements and before != after
    for _ in range(int(rounds)):
        shutil.rmtree(folder)
        shutil.copytree(source, folder)
        at = among.randint(1, statements)
        in_a_process(folder, key, job, at)
        told = looked_at(folder, key, job, before, after)
        print(json.dumps({"at": at, "of": statements, **told}), flush=True)


if __name__ == "__main__":
    with compiled_for_all():
        main()
