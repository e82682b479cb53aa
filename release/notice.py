"""NOTICE: whose work is handed out with ours, and under which licence.

``python -m release.notice`` prints it; ``make notice`` keeps it in the file of that name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from release.lock import read_lock

_HEAD = """\
fieldkit is under the MIT licence (LICENSE). With it comes work of others, named here with its
licence. The text of each library's licence lies in its wheel, in the folder *.dist-info; a
stand-alone program has all of them in its folder “licences”. Written by “make notice”.
"""


def notice() -> str:
    """Return the text of NOTICE: our own data, the libraries of the lock, what these bring along.

    Raises:
        LookupError: the licence of a library is not known here; ``notice.toml`` can name it.
    """
    facts = _facts()
    parts = {
        "In fieldkit's own files": [
            (one["what"], f"{one['whose']}: {one['licence']}") for one in facts["own"]
        ],
        "Libraries that fieldkit runs on, in the versions of requirements.lock": [
            (f"{one.name} {one.version}", licence_of(one.name, facts["licences"]))
            for one in read_lock()
        ],
        "Native code inside those libraries": [
            (one["what"], f"in {one['brought_by']}: {one['licence']}") for one in facts["inside"]
        ],
        "In a stand-alone program": [
            (one["what"], f"{one['whose']}: {one['licence']}") for one in facts["standalone"]
        ],
    }
    return "\n".join([_HEAD, *(line for name, rows in parts.items() for line in _part(name, rows))])


def _part(name: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"{name}\n{'-' * len(name)}"
    yield from (f"{what}\n    {licence}" for what, licence in rows)
    yield ""


def licence_of(name: str, known: dict[str, str]) -> str:
    """Return the licence of a library: what is known here, else what its own metadata says."""
    if name in known:
        return known[name]
    try:
        facts = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        raise LookupError(f"{name} is not installed; name its licence in notice.toml") from None
    said = next((facts[key] for key in ("License-Expression", "License") if key in facts), "")
    if not said or "\n" in said:
        raise LookupError(f"{name} names no licence in a word; name it in notice.toml")
    return str(said)


def _facts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


if __name__ == "__main__":
    print(notice(), end="")
