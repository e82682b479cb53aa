"""A typist whose fieldkit is killed, again and again: ``python -m tests.torture.typist``.

Everything is imported once; for each round a child is forked that runs fieldkit in a terminal of
its own (a pty), is typed into as by a quick hand, and is killed at a random moment. Then another
child opens the vault and says what it finds. This process has one thread only, so that forking it
is safe. Prints a line of JSON for each round.
"""

from __future__ import annotations

import json
import os
import random
import re
import select
import signal
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from storage.database.cipher import findings
from storage.feed import drafts
from storage.feed.replay import differences
from storage.vault.store import Store
from storage.vault.unlock import open_with
from tests.torture.waiting import Waited, held_up, waited

PASSPHRASE = "gravel otter tundra window"
LETTERS = "abcdefghijklmnopqrstuvwxyz  "
BEATS = (0.03, 0.05, 0.08)
"""Seconds between two keys; the first is as quick as anybody types."""
LONGEST_SECONDS = 3.0
"""The longest session of typing before the end."""
PATIENCE = 300.0
_ESCAPES = re.compile(
    rb"\x1b(?:\[[0-9;:?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|.)"
)

Said = dict[str, Any]
Letter = tuple[str, float, Waited]
"""A letter, the moment it was typed, and how long fieldkit had waited for a processor by then."""


def standing(run: Callable[..., Any]) -> Said:
    """How far the feeds have come, and the texts that wait."""
    feeds = [
        [*row[:4], row[4].hex()] for row in run("SELECT device, epoch, kind, seq, head FROM feed")
    ]
    texts = [row[0] for row in run("SELECT text FROM draft WHERE discarded IS NULL")]
    return {"feeds": feeds, "texts": texts}


class Session:
    """One fieldkit in its terminal."""

    def __init__(self, folder: Path) -> None:
        import fcntl
        import pty
        import termios

        told, telling = os.pipe()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.close(told)
            fieldkit(folder, telling)
        os.close(telling)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._told = told
        self._seen = b""
        self._lines = b""

    def look(self, seconds: float) -> None:
        """Take what fieldkit shows and acknowledges, for so long."""
        until = time.monotonic() + seconds
        while True:
            left = max(until - time.monotonic(), 0)
            ready, _, _ = select.select([self.terminal, self._told], [], [], left)
            for one in ready:
                try:
                    data = os.read(one, 65536)
                except OSError:
                    data = b""
                if not data and one == self.terminal:
                    _, status = os.waitpid(self.pid, 0)
                    raise RuntimeError(f"fieldkit ended ({status}): {self.shown()[-900:]!r}")
                if one == self.terminal:
                    self._seen = (self._seen + data)[-200_000:]
                else:
                    self._lines += data
            if not ready and left == 0:
                return

    def shown(self) -> str:
        """What was shown since the last key of importance, without colours and moves."""
        return _ESCAPES.sub(b"", self._seen).decode("utf-8", "replace")

    def wait_for(self, words: str) -> None:
        """Look until it has shown some words."""
        until = time.monotonic() + PATIENCE
        while words not in self.shown():
            if time.monotonic() > until:
                raise RuntimeError(f"“{words}” was never shown, but {self.shown()[-600:]!r}")
            self.look(0.01)

    def type(self, text: str, *, afresh: bool = False) -> None:
        """Press keys."""
        if afresh:
            self._seen = b""
        os.write(self.terminal, text.encode())

    def kill(self) -> None:
        """The end, without warning."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def acknowledged(self) -> list[Said]:
        """What was committed, as the store had returned it, the last line perhaps cut short."""
        while data := os.read(self._told, 65536):
            self._lines += data
        os.close(self._told)
        os.close(self.terminal)
        whole = self._lines.split(b"\n")[:-1]
        return [json.loads(one) for one in whole]


def fieldkit(folder: Path, telling: int) -> None:
    """The child: the app as its command starts it; each commit is told once it has returned."""
    from fieldkit.cli import main

    # Python's own objects still think of what the parent's descriptors were, a file perhaps.
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = open(2, "w", closefd=False)  # type: ignore[misc]
    write = Store.write

    def told(self: Store, *arguments: Any, **named: Any) -> Any:
        result = write(self, *arguments, **named)
        said = standing(lambda query: self.connection.execute(query).fetchall())
        os.write(telling, json.dumps(said).encode() + b"\n")
        return result

    setattr(Store, "write", told)  # noqa: B010
    code = 3
    try:
        code = main(["--vault", str(folder)])
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", flush=True)
    finally:
        sys.stdout.flush()
        os._exit(code)


def a_round(
    folder: Path, chance: random.Random
) -> tuple[list[list[Letter]], list[Said], Callable[[Letter], tuple[float, float]], float]:
    """Unlock, type, be killed: the texts typed, what was acknowledged, how old a letter was at
    the end and how much of that fieldkit waited, and the seconds between two keys.
    """
    session = Session(folder)
    session.wait_for("Passphrase")
    session.type(PASSPHRASE + "\r", afresh=True)
    session.wait_for("Next")
    session.type("c", afresh=True)
    session.wait_for("WST-001")
    session.type("\r", afresh=True)
    session.wait_for("Initial contact")
    session.look(0.05)
    texts: list[list[Letter]] = []
    beat = chance.choice(BEATS)
    until = time.monotonic() + chance.uniform(0, LONGEST_SECONDS)
    inside = False
    while time.monotonic() < until:
        if not inside:
            if chance.random() < 0.5:
                session.type(chance.choice("123"))
            else:
                session.type("\r")
                texts.append([])
                inside = True
        elif chance.random() < 0.03:
            session.type("\x1b")
            # A letter too soon after it would be one key with it (alt).
            session.look(0.15)
            inside = False
        else:
            letter = chance.choice(LETTERS) if texts[-1] else "q"
            session.type(letter)
            texts[-1].append((letter, time.monotonic(), waited(session.pid)))
        session.look(beat)
    killed, at_last = time.monotonic(), waited(session.pid)
    session.kill()

    def age(letter: Letter) -> tuple[float, float]:
        return killed - letter[1], held_up(session.pid, letter[2], at_last)

    return texts, session.acknowledged(), age, beat


def look_into(folder: Path, key: bytes, wholly: bool) -> Said:
    """What the vault holds after the end; in a child of its own, for a vault has a thread."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            found = _found(folder, key, wholly)
        except BaseException as error:
            found = {"damaged": [f"{type(error).__name__}: {error}"]}
        with os.fdopen(writing, "wb") as file:
            file.write(json.dumps(found).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        data = file.read()
    os.waitpid(child, 0)
    said: Said = json.loads(data)
    return said


def _found(folder: Path, key: bytes, wholly: bool) -> Said:
    with open_with(folder, lambda keys: keys._verified(bytearray(key))) as vault:
        damaged = vault._clerk.wait(lambda: findings(vault._store.connection))

        def read(s: Any) -> Said:
            run = s.connection().exec_driver_sql
            said = standing(lambda query: run(query).fetchall())
            said["texts"] += [row[0] for row in run("SELECT rationale FROM judgment")]
            said["texts"] += [row[0] for row in run("SELECT text FROM note")]
            said["heads"] = {
                f"{row[0]}/{row[1]}/{row[2]}/{row[3]}": row[4].hex()
                for row in run("SELECT device, epoch, kind, seq, head FROM op")
            }
            if wholly:
                damaged.extend(differences(s.connection()))
            return said

        said = vault.read_now(read)

        def clear(s: Any) -> None:
            for one in drafts.listed(s):
                drafts.committed(s, one.place, one.field)

        vault.write_now(clear)
    return said | {"damaged": damaged}


def judged(
    texts: list[list[Letter]],
    told: list[Said],
    age: Callable[[Letter], tuple[float, float]],
    found: Said,
) -> Said:
    """What was lost, against what was typed and what was acknowledged."""
    if "heads" not in found:
        return {
            "damaged": found["damaged"],
            "records": 0,
            "drafts": 0,
            "seconds": 0.0,
            "waited": 0.0,
            "commits": len(told),
        }
    records = drafts_gone = 0
    for said in told[-1:]:
        for device, epoch, kind, seq, head in said["feeds"]:
            records += found["heads"].get(f"{device}/{epoch}/{kind}/{seq}") != head
        drafts_gone += sum(
            not any(_grown(text.strip(), kept) for kept in found["texts"]) for text in said["texts"]
        )
    oldest = 0.0, 0.0
    for typed in texts:
        whole = "".join(letter for letter, *_ in typed)
        kept = max((_begun(whole, one) for one in found["texts"]), default=0)
        if kept < len(whole):
            oldest = max(oldest, age(typed[kept]))
    return {
        "damaged": found["damaged"],
        "records": records,
        "drafts": drafts_gone,
        "seconds": oldest[0],
        "waited": oldest[1],
        "commits": len(told),
        "letters": sum(len(one) for one in texts),
    }


def _grown(text: str, kept: str) -> bool:
    """Whether what was kept is the text, or the text with more typed in at one place of it."""
    return _alike(text, kept) + _alike(text[::-1], kept.strip()[::-1]) >= len(text)


def _alike(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _begun(text: str, kept: str) -> int:
    """How many of the first letters of a text stand together in what was kept."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text[:middle].strip() in kept:
            low = middle
        else:
            high = middle - 1
    return low


def main() -> None:
    """Rounds in one vault: folder, vault key in hexadecimal digits, how many rounds, seed."""
    folder, key = Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
    rounds, chance = int(sys.argv[3]), random.Random(int(sys.argv[4]))
    preload()
    for number in range(rounds):
        texts, told, age, beat = a_round(folder, chance)
        wholly = number % 10 == 0 or number == rounds - 1
        found = look_into(folder, key, wholly)
        print(json.dumps(judged(texts, told, age, found) | {"beat": beat}), flush=True)


def preload() -> None:
    """Import what the app would import, so that a round begins at once."""
    import importlib

    for name in (
        "screens.app",
        "screens.vault.unlock",
        "screens.inspections.home",
        "screens.casework.cases",
        "screens.casework.case",
        "fieldkit.cli.parser",
        "fieldkit.inspections.home",
        "fieldkit.vault.preload",
    ):
        importlib.import_module(name)


if __name__ == "__main__":
    main()
