"""What a program asked of the system, as strace saw it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

CALLS = (
    "network,?open,openat,?openat2,?creat,?rename,?renameat,renameat2,?link,linkat,?symlink,"
    "symlinkat,?mknod,mknodat,truncate,?chmod,fchmod,fchmodat,?mkdir,mkdirat"
)
"""What is watched; a ``?`` stands before calls that not every processor has."""

_CALL = re.compile(r"^(?P<name>\w+)\((?P<arguments>.*)\)\s+= (?P<result>-?\w+)")
_QUOTED = re.compile(r'(?:AT_FDCWD|\d+)?(?:<(?P<at>[^>]*)>)?(?:, )?"(?P<path>(?:[^"\\]|\\.)*)"')
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")
_MODE = re.compile(r"\b(0[0-7]*)$")
_ALLOWED_DEVICES = re.compile(r"/dev/(tty|null|ptmx|pts/\d+)")


def command(out: Path) -> list[str]:
    """The beginning of a command line that traces; ``out`` begins the names of what it writes."""
    return ["strace", "-ff", "--seccomp-bpf", "-qq", "-y", "-s", "4096", "-e", f"trace={CALLS}",
            "-o", str(out)]  # fmt: skip


def _why_not() -> str:
    if shutil.which("strace") is None:
        return "strace is not installed: nothing sees what is asked of the system"
    with TemporaryDirectory() as folder:
        probe = subprocess.run(
            [*command(Path(folder, "probe")), "true"], capture_output=True, text=True, check=False
        )
    return f"strace may not trace here: {probe.stderr.strip()}" if probe.returncode else ""


WHY_NOT = _why_not()
needs_strace = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


@dataclass(frozen=True)
class Call:
    """One call: its name, what it was given, and what came back."""

    name: str
    arguments: str
    result: str

    @property
    def done(self) -> bool:
        """Whether the system did it."""
        return not self.result.startswith("-")

    @property
    def paths(self) -> list[Path]:
        """The absolute paths it names."""
        return [
            Path(found["at"] or "/", _unescaped(found["path"]))
            for found in _QUOTED.finditer(self.arguments)
        ]

    @property
    def network(self) -> bool:
        """Whether it reaches out of this computer, or lets somebody in."""
        return "AF_INET" in self.arguments or self.name in ("connect", "bind", "listen", "accept")

    @property
    def written(self) -> Path | None:
        """The file that is opened for writing, or gets this name; none for any other call."""
        if not self.done or not self.paths:
            return None
        if self.name in ("open", "openat", "openat2"):
            return self.paths[0] if _WRITES.search(self.arguments) else None
        if self.name.startswith(("creat", "mkdir", "mknod", "truncate", "chmod", "fchmodat")):
            return self.paths[0]
        if self.name.startswith(("rename", "link", "symlink")):
            return self.paths[-1]
        return None

    @property
    def mode(self) -> int | None:
        """The permissions asked for a file or folder that is made."""
        making = self.name.startswith(("mkdir", "creat")) or "O_CREAT" in self.arguments
        found = _MODE.search(self.arguments) if making else None
        return int(found[1], 8) if found else None


def _unescaped(text: str) -> str:
    """What strace writes with octal escapes, byte for byte."""
    return text.encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")


def calls(out: Path) -> list[Call]:
    """What was seen under that beginning of a name, thread by thread."""
    found = []
    for path in sorted(out.parent.glob(f"{out.name}.*")):
        for line in path.read_text("utf-8", "surrogateescape").splitlines():
            call = _CALL.match(line)
            if call is not None:
                found.append(Call(call["name"], call["arguments"], call["result"]))
    return found


def strayed(seen: list[Call], folders: list[Path]) -> list[str]:
    """What was written outside the folders, terminals and the null device apart."""
    return [
        f"{call.name} {path}"
        for call in seen
        if (path := call.written) is not None
        and not any(path.is_relative_to(one) for one in folders)
        and not _ALLOWED_DEVICES.fullmatch(str(path))
    ]
