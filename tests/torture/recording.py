"""Everything a program writes, recorded at the level of system calls, in order, with its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "openat,?open,?creat,close,?dup,?dup2,?dup3,fcntl,lseek,write,pwrite64,writev,?pwritev,"
    "ftruncate,truncate,fallocate,fsync,fdatasync,?sync_file_range,?copy_file_range,sendfile,"
    "?rename,?renameat,renameat2,?link,linkat,?unlink,unlinkat,?mkdir,mkdirat,?rmdir,mmap"
)
"""What is recorded; a ``?`` stands before calls that not every processor has."""

_LINE = re.compile(r"^(?P<pid>\d+) +(?P<rest>.*)$")
_DONE = re.compile(r"^(?P<name>\w+)\((?P<arguments>.*)\)\s+= (?P<result>-?\d+)")
_BROKEN_OFF = " <unfinished ...>"
_RESUMED = re.compile(r"^<\.\.\. \w+ resumed>(?P<rest>.*)$")
_ARGUMENT = re.compile(
    r'"(?P<text>(?:\\x[0-9a-f]{2})*)"(?P<cut>\.\.\.)?|(?P<list>\[.*\])|(?P<word>[^,"\[]+)'
)


@dataclass(frozen=True)
class Call:
    """A call that the system did: its name, what it was given, and what came back."""

    name: str
    arguments: list[str | bytes]
    result: int


def command(out: Path) -> list[str]:
    """The beginning of a command line that records into ``out``."""
    return ["strace", "-f", "--seccomp-bpf", "-qq", "-xx", "-s", "4194304", "-e",
            f"trace={CALLS}", "-e", "signal=none", "-o", str(out)]  # fmt: skip


def calls(out: Path) -> Iterator[Call]:
    """What was recorded, in the order in which it was finished; what failed is left out."""
    begun: dict[str, str] = {}
    with out.open("r", encoding="ascii", errors="replace") as file:
        for raw in file:
            line = _LINE.match(raw.rstrip("\n"))
            if line is None:
                continue
            pid, rest = line["pid"], line["rest"]
            if rest.endswith(_BROKEN_OFF):
                begun[pid] = rest.removesuffix(_BROKEN_OFF)
                continue
            resumed = _RESUMED.match(rest)
            if resumed is not None:
                rest = begun.pop(pid, "") + resumed["rest"]
            done = _DONE.match(rest)
            if done is not None and not done["result"].startswith("-"):
                yield Call(done["name"], _arguments(done["arguments"]), int(done["result"]))


def _arguments(text: str) -> list[str | bytes]:
    found: list[str | bytes] = []
    for one in _ARGUMENT.finditer(text):
        if one["text"] is not None:
            if one["cut"]:
                raise ValueError("strace cut what was written short")
            found.append(bytes.fromhex(one["text"].replace("\\x", "")))
        else:
            word = (one["list"] or one["word"] or "").strip()
            if word:
                found.append(word)
    return found
