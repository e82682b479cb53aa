"""A disk that is full, failing or closed, at every single write of every job.

Whatever write it is: the person is told a sentence, nothing acknowledged is lost, and the same step
works once the cause is gone.
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case
from fieldkit.evidence.notes import add_note
from fieldkit.inspections import inspections
from storage.crypto.keyslots.errors import WrongPassphrase
from storage.crypto.keyslots.keyfile import KeyFile
from storage.database.cipher import findings
from storage.errors import FieldkitError
from storage.exchange import export as exporting
from storage.feed import drafts
from storage.feed.replay import differences
from storage.vault.backup.make import back_up
from storage.vault.folder import exists, parts_in
from storage.vault.unlock import NoVaultError, create_vault, open_vault, open_with
from storage.vault.vault import Vault
from tests.conftest import CHEAP
from tests.storage.travelling import PASSPHRASE, make_team
from tests.torture import faults
from tests.torture.faults import Faults
from tests.torture.forking import fork

pytestmark = pytest.mark.skipif(bool(faults.why_not()), reason=faults.why_not() or "-")

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
KINDS = {
    "full": faults.FULL,
    "failing": faults.FAILING,
    "denied": faults.DENIED,
    "read-only": faults.READ_ONLY,
}
SAMPLE = 3
"""Places of each job that the bounded form tries, the first and the last among them."""
NEW = "velvet anchor quartz heron"


@dataclass
class Laptop:
    """An enrolled vault with a morning's work, locked; and what opens it without deriving."""

    folder: Path
    key: bytes
    case: str

    def open(self) -> Vault:
        return open_with(self.folder, lambda keys: keys._verified(bytearray(self.key)))


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Laptop:
    team = make_team(tmp_path_factory.mktemp("faults") / "team", laptops=("ada",))
    with team.laptop("ada") as vault:
        made = vault.write_now(inspections.create, force="Westshire", methodology="2018")
        case = vault.write_now(add_case, made.id, "WST-001", force_ref="42/1/26")
        vault.write_now(add_note, "case", case.id, "Nobody rang back. " * 40)
        return Laptop(vault.folder, bytes(vault._key), case.id)


def note(vault: Vault, laptop: Laptop) -> None:
    vault.write_now(add_note, "case", laptop.case, "He had told them twice. " * 60)


def grade(vault: Vault, laptop: Laptop) -> None:
    vault.write_now(judging.grade, laptop.case, "investigation", "good")


def draft(vault: Vault, laptop: Laptop) -> None:
    vault.write_now(drafts.save, "new-note/x", "text", "a remark", "being typed " * 90)


def passphrase(vault: Vault, laptop: Laptop) -> None:
    vault.change_passphrase(NEW)


def recovery(vault: Vault, laptop: Laptop) -> None:
    vault.with_key(lambda keys, key: keys.renew_recovery(key))


def export(vault: Vault, laptop: Laptop) -> None:
    exporting.export(vault, laptop.folder.with_name("stick"), full=True)


def backup(vault: Vault, laptop: Laptop) -> None:
    back_up(vault, laptop.folder.with_name("backups"))


def lock(vault: Vault, laptop: Laptop) -> None:
    vault.lock()


JOBS: dict[str, Callable[[Vault, Laptop], None]] = {
    one.__name__: one for one in (note, grade, draft, passphrase, recovery, export, backup, lock)
}


@pytest.fixture(scope="module")
def disk() -> Iterator[Faults]:
    with faults.watched() as watched:
        yield watched


def places(count: int, name: str) -> list[int]:
    """Which writes of a job are to fail: all of them, or a sample."""
    if TORTURE or count <= SAMPLE:
        return list(range(1, count + 1))
    return sorted({1, count, *random.Random(name).sample(range(1, count + 1), SAMPLE - 2)})


def heads(vault: Vault) -> dict[str, str]:
    """Every op that is there, with its head."""
    rows = vault.read_now(
        lambda s: s.connection().exec_driver_sql("SELECT kind, seq, head FROM op").fetchall()
    )
    return {f"{row[0]}/{row[1]}": row[2].hex() for row in rows}


def is_a_sentence(refusal: FieldkitError) -> bool:
    said = str(refusal)
    return said.endswith((".", "again.")) and said[0].isupper() and "Traceback" not in said


@pytest.mark.parametrize("job", JOBS)
def test_every_write_of_a_job(job: str, morning: Laptop, disk: Faults, tmp_path: Path) -> None:
    act = JOBS[job]
    turn = 0

    def fresh() -> Laptop:
        nonlocal turn
        turn += 1
        shutil.copytree(morning.folder, tmp_path / str(turn) / "vault")
        (tmp_path / str(turn) / "stick").mkdir()
        return Laptop(tmp_path / str(turn) / "vault", morning.key, morning.case)

    laptop = fresh()
    with laptop.open() as vault:
        disk.arm(10**9, faults.FULL)
        act(vault, laptop)
        disk.disarm()
        count = disk.count
    assert count > 0
    kinds = list(KINDS)
    struck = 0
    for at in places(count, job):
        for kind in kinds if TORTURE else kinds[at % 4 : at % 4 + 1]:
            for lasts in (False, True) if TORTURE else (bool(at % 2),):
                laptop = fresh()
                what = f"{job}, write {at} of {count} {kind}{' for good' if lasts else ''}"
                wrong = fails(act, laptop, disk, at, KINDS[kind], lasts=lasts)
                struck += bool(disk.struck)
                assert wrong == [], f"{what} ({disk.names[at - 1 : at]}): {wrong}"
                shutil.rmtree(laptop.folder.parent)
    assert struck
    print(f"{job}: {count} writes, {struck} faults")


def fails(
    act: Callable[[Vault, Laptop], None],
    laptop: Laptop,
    disk: Faults,
    at: int,
    error: int,
    *,
    lasts: bool,
) -> list[str]:
    """Let a job meet the fault; what was not as it should be."""
    wrong: list[str] = []
    vault = laptop.open()
    try:
        before = heads(vault)
        disk.arm(at, error, lasts=lasts)
        refused: FieldkitError | None = None
        try:
            act(vault, laptop)
        except FieldkitError as refusal:
            refused = refusal
        except BaseException as other:
            wrong.append(f"{type(other).__name__}: {other}")
        disk.disarm()
        if refused is not None and not is_a_sentence(refused):
            wrong.append(f"no sentence: {refused}")
        if not vault.locked:
            if act is passphrase:
                wrong += words_open(laptop, refused)
            if refused is not None:
                act(vault, laptop)
            elif act is passphrase:
                wrong += words_open(laptop, None)
            note(vault, laptop)
    except BaseException as other:
        wrong.append(f"afterwards {type(other).__name__}: {other}")
    finally:
        disk.disarm()
        vault.lock()
    with laptop.open() as vault:
        after = heads(vault)
        wrong += [f"op {name} is lost" for name in before if after.get(name) != before[name]]
        wrong += vault._clerk.wait(lambda: findings(vault._store.connection))
        wrong += vault.read_now(lambda s: differences(s.connection()))
    for bundle in laptop.folder.parent.glob("stick/*.age"):
        if bundle.read_bytes()[:21] != b"age-encryption.org/v1":
            wrong.append("a bundle that is none")
    return wrong


def words_open(laptop: Laptop, refused: FieldkitError | None) -> list[str]:
    """After a change of the passphrase: what is said to open the vault does."""
    copy = laptop.folder.with_name("copy")
    shutil.copytree(laptop.folder, copy)
    for log in copy.glob("vault.db-*"):
        log.unlink()
    opened = set()
    for words in (PASSPHRASE, NEW):
        try:
            KeyFile.load(copy / "vault.keys").unlock(words)
        except WrongPassphrase:
            continue
        opened.add(words)
    shutil.rmtree(copy)
    if refused is None:
        return [] if opened == {NEW} else [f"{opened} opens it, and no error was told"]
    if "still opens it" in str(refused):
        return [] if PASSPHRASE in opened else ["what opened it before does not, as was told"]
    return [] if opened else ["nothing opens it"]


def make(folder: Path) -> None:
    vault, _ = create_vault(folder, PASSPHRASE, "Ada", params=CHEAP)
    vault.lock()


WAYS: dict[str, dict[str, Any]] = {
    "once": {},
    "for good": {"lasts": True},
    "removals for good": {"lasts": True, "only": "unlink"},
}


def test_every_write_of_making_a_vault(disk: Faults, tmp_path: Path) -> None:
    """Whatever write fails, and however long: a whole vault, or what no one takes for a vault.

    What cannot be taken away is named, and the next making takes it away.
    """
    disk.arm(10**9, faults.FULL)
    make(tmp_path / "first" / "vault")
    disk.disarm()
    count, names, found = disk.count, disk.names, Counter[str]()
    removal = names.index("python unlink") + 1
    rare = {name for name in names if names.count(name) < count // 10}
    for at in sorted({*places(count, "create"), removal}):
        kind = list(KINDS)[at % 4]
        # SQLite writes some hundred pages alike.
        every_way = at in (removal, count) or (TORTURE and (names[at - 1] in rare or not at % 10))
        for way, later in WAYS.items() if every_way else [("once", WAYS["once"])]:
            folder = tmp_path / f"{at} {way}" / "vault"
            said = ""
            disk.arm(at, KINDS[kind], **later)
            try:
                make(folder)
            except FieldkitError as refusal:
                said = str(refusal)
                assert is_a_sentence(refusal), refusal
            finally:
                disk.disarm()
            what = f"write {at} ({names[at - 1]}, {kind}, {way})"
            left = left_by_making(folder, said, what) if said else "made"
            opens_and_goes(folder, what)
            assert way != "once" or left in ("nothing", "made"), f"{what} left {left}"
            found[f"{way}: {left}"] += 1
        if not every_way:
            continue
        folder = tmp_path / f"{at} killed" / "vault"
        if not (child := fork()):
            disk.arm(at, faults.KILLED)
            with suppress(BaseException):
                make(folder)
            os._exit(0)
        os.waitpid(child, 0)
        what = f"killed at write {at}"
        found[f"killed: {left_by_making(folder, '', what)}"] += 1
        opens_and_goes(folder, what)
    print(f"making a vault: {count} writes, {dict(found)}")
    assert found["once: nothing"] and found["killed: half of it"]


def left_by_making(folder: Path, said: str, what: str) -> str:
    """Look at what a making left that was refused or cut short, and make it again if need be."""
    if exists(folder):  # only the last step was not confirmed, and nothing could be taken away
        return "all of it"
    parts = parts_in(folder)
    with pytest.raises(NoVaultError) as none:
        open_vault(folder, PASSPHRASE)
    assert all(part in str(none.value) for part in parts), what
    assert not said or all(part in said for part in parts), f"{what}: {said}"
    make(folder)
    return "half of it" if parts else "nothing"


def opens_and_goes(folder: Path, what: str) -> None:
    """A vault that was made opens, and nothing lies beside it."""
    open_vault(folder, PASSPHRASE).lock()
    files = {one.name for one in folder.iterdir()}
    assert files == {"vault.keys", "vault.keys.bak", "vault.db"}, f"{what}: {files}"
    shutil.rmtree(folder.parent)


def test_every_write_of_unlocking(morning: Laptop, disk: Faults, tmp_path: Path) -> None:
    for at in range(1, 40):
        folder = tmp_path / str(at)
        shutil.copytree(morning.folder, folder)
        # As after a crash: a change of the keys was interrupted, and its copy is behind.
        (folder / "vault.keys.bak").write_bytes(b"another")
        laptop = Laptop(folder, morning.key, morning.case)
        disk.arm(at, faults.FULL, lasts=True)
        try:
            laptop.open().lock()
        except FieldkitError as refusal:
            assert is_a_sentence(refusal), refusal
        finally:
            disk.disarm()
        with laptop.open() as vault:
            assert vault.read_now(lambda s: differences(s.connection())) == []
        if not disk.struck:
            break
