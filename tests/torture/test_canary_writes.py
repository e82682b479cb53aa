"""No byte that was ever handed to the system to be written holds readably what was typed.

The files that are left are searched in tests/journeys/test_canaries.py; here it is everything that
any file held for a moment, by its name as strace saw it: temporary files, logs, what was deleted.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from tests.journeys.canaries import canary, forms
from tests.journeys.canary_names import Name
from tests.journeys.tracing import needs_strace
from tests.torture.recording import calls, command

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
EVERY = 1 if TORTURE else 15
"""Of the canaries, one in so many is looked for: there are hundreds of forms and megabytes."""
REPO = Path(__file__).parents[2]
LIVE = """
import sys, tempfile
from pathlib import Path
from tests.journeys.evening import lived
folder = Path(sys.argv[1])
made = lived(folder / "everything", folder / "around")
names = "\\n".join("\\t".join(one) for one in sorted(made.typed))
(folder / "typed").write_text(names, "utf-8")
"""


def record(folder: Path) -> None:
    """Live the canaries' day and evening in a program of its own, and write down all it writes."""
    for name in ("everything", "around", "tmp", "home"):
        (folder / name).mkdir()
    environment = os.environ | {
        "PYTHONPATH": str(REPO),
        "TMPDIR": str(folder / "tmp"),
        "HOME": str(folder / "home"),
        "FIELDKIT_HOME": str(folder / "home"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    subprocess.run(
        [*command(folder / "trace"), sys.executable, "-c", LIVE, str(folder)],
        env=environment,
        cwd=folder,
        check=True,
    )


def written(folder: Path) -> dict[str, bytes]:
    """Everything that was written, by the name of the file it was written to."""
    names: dict[str, str] = {}
    found: defaultdict[str, bytearray] = defaultdict(bytearray)
    for call in calls(folder / "trace"):
        first = str(call.arguments[0]) if call.arguments else ""
        if call.name == "openat":
            told = call.arguments[1]
            assert isinstance(told, bytes)
            names[str(call.result)] = told.decode("utf-8", "replace")
        elif call.name in ("write", "pwrite64"):
            data = call.arguments[1]
            assert isinstance(data, bytes)
            found[names.get(first, first)] += data[: call.result] + b"\0"
    return {name: bytes(data) for name, data in found.items()}


@needs_strace
def test_nothing_typed_was_ever_written_readably(tmp_path: Path) -> None:
    record(tmp_path)
    typed: list[Name] = [
        tuple(line.split("\t"))
        for line in (tmp_path / "typed").read_text("utf-8").splitlines()
        if line
    ]
    files = written(tmp_path)
    assert any(name.endswith("everything/vault/vault.db-wal") for name in files)
    assert any(name.endswith(".part") for name in files), "no bundle was written"
    # What the test itself makes to be imported, and the list of the canaries.
    own = (str(tmp_path / "around" / "imported"), str(tmp_path / "tmp"), str(tmp_path / "typed"))
    told = [
        f"{' '.join(name)} in {file} as {form}"
        for name in typed[::EVERY]
        for form, needle in forms(canary(*name))
        if TORTURE or not form.startswith("base64")
        for file, data in files.items()
        if not file.startswith(own) and needle in data
    ]
    assert told == []
    imported = b"".join(data for file, data in files.items() if file.startswith(own))
    assert canary("list", "case").encode() in imported, "the hunt would not have seen it"
