"""Tonight's bundle with everything in it: written, read back and recorded."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from benchmarks.copies import copied, raw
from benchmarks.row import Bench, Measured, NotMeasuredError, Row, alternate
from storage.exchange.export import export


def measure(bench: Bench) -> Measured:
    """Export all ops, and send the same bytes through SHA-256 and the age program."""
    if shutil.which("age") is None or shutil.which("age-keygen") is None:
        raise NotMeasuredError("the age program is not installed")
    place = bench.place("export")
    plain = raw(bench.made, place / "raw")
    recipient = _recipient(place)
    stick = bench.place("export/stick")
    with copied(bench.made, place / "ours").open() as vault:

        def ours() -> None:
            export(vault, stick, with_key=True, full=True).path.unlink()

        def same() -> None:
            whole = hashlib.sha256()
            command = ["age", "-r", recipient, "-o", str(stick / "plain.age")]
            with subprocess.Popen(command, stdin=subprocess.PIPE) as age:
                assert age.stdin is not None
                for (data,) in plain.execute(
                    "SELECT bytes FROM op ORDER BY device, epoch, kind, seq"
                ):
                    whole.update(data)
                    age.stdin.write(data)
                    age.stdin.write(b"\n")
                age.stdin.close()
            assert age.returncode == 0
            (stick / "plain.age").unlink()

        measured = alternate(bench.turns(5), ours, same)
    plain.close()
    return measured


def _recipient(place: Path) -> str:
    made = place / "identity"
    subprocess.run(["age-keygen", "-o", str(made)], check=True, stderr=subprocess.DEVNULL)
    asked = subprocess.run(["age-keygen", "-y", str(made)], check=True, capture_output=True)
    return asked.stdout.decode().strip()


ROW = Row("export", "export of 50,000 ops", "SELECT, SHA-256 and the age program", 1.7, measure)
