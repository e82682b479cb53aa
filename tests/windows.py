"""Windows' rules for files and pipes, imposed on our own code while the tests run elsewhere.

Python tells of every file that is made, moved or removed before it happens (PEP 578); what Windows
would refuse is refused there as Windows does it, and kept, so that a test fails also where
the code passes over a refusal. Only what is done by our packages is judged, not what a test does by
itself. What SQLite does inside is not seen.

Sources: “Naming Files, Paths, and Namespaces” and “CreateFileW” of Microsoft's documentation
(learn.microsoft.com/windows/win32/fileio). Python and SQLite open files without FILE_SHARE_DELETE.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

MAX_PATH = 260
"""Characters of a path, the zero at its end among them."""
MAX_FOLDER = MAX_PATH - 12
"""A folder must leave room for a name of the old kind, of eight and three letters."""
SHARING_VIOLATION = 32
_OURS = tuple(
    f"{Path(__file__).resolve().parents[1] / package}{os.sep}"
    for package in ("fieldkit", "screens", "storage")
)
_TESTS = f"{Path(__file__).resolve().parent}{os.sep}"
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.I)
_REFUSED_SIGNS = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_TEMPORARY = tempfile.gettempdir()

BROKEN: list[str] = []
"""What our code did since the last test began that Windows would have refused."""
_imposed = False


class RefusedByWindows(PermissionError):
    """What Windows raises for a file that somebody has open."""

    winerror = SHARING_VIOLATION


def impose(on: bool) -> list[str]:
    """Begin or end to judge what our code does; return what was wrong until now, and forget it."""
    global _imposed
    broken = BROKEN.copy()
    BROKEN.clear()
    _imposed = on
    return broken


def why_not(name: str) -> str:
    """Return why Windows takes no file of this name, or nothing."""
    if _RESERVED.fullmatch(name):
        return f"{name!r} is the name of a device"
    if _REFUSED_SIGNS.search(name):
        return f"{name!r} has signs that no name may have"
    if name != name.rstrip(" ."):
        return f"{name!r} ends with a full stop or a blank, which would be cut off"
    return ""


def _opened(path: object, mode: object, flags: int) -> None:
    if flags & os.O_CREAT:
        _made(path, -1)


def _mkdir(path: object, mode: object, at: int) -> None:
    _made(path, at, limit=MAX_FOLDER)


def _renamed(source: object, target: object, source_at: int, target_at: int) -> None:
    _let_go(source, source_at)
    _let_go(target, target_at)
    # What is told of both is the same; only ``replace`` may take the place of another file.
    if _asked_by_rename() and (full := _full(target, target_at)) and os.path.lexists(full):
        _refuse(FileExistsError(errno.EEXIST, "a file of the new name is there already", full))
    _made(target, target_at)


def _linked(source: object, target: object, source_at: int, target_at: int) -> None:
    _made(target, target_at)


def _removed(path: object, at: int) -> None:
    _let_go(path, at)


def _made(path: object, at: int, limit: int = MAX_PATH) -> None:
    """Refuse a name that Windows does not take, or takes for another that is there."""
    full = _full(path, at)
    if full is None:
        return
    folder, name = os.path.split(full)
    if wrong := why_not(name):
        _refuse(OSError(errno.EINVAL, wrong, full))
    if len(full) >= limit:
        _refuse(OSError(errno.ENOENT, f"a path of {len(full)} characters is too long", full))
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for other in names:
        if other != name and other.casefold() == name.casefold():
            _refuse(FileExistsError(errno.EEXIST, f"{other!r} is the same name there", full))


def _let_go(path: object, at: int) -> None:
    """Refuse to move or remove a file that this process has open, or a folder with such a file."""
    full = _full(path, at)
    if full is None:
        return
    for descriptor in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            held = os.readlink(f"/proc/self/fd/{descriptor}")
            if held == full or held.startswith(f"{full}/"):
                if stat.S_ISREG(os.fstat(int(descriptor)).st_mode):
                    break
    else:
        return
    _refuse(RefusedByWindows(errno.EACCES, f"{held} is still open", full))


def _full(path: object, at: int) -> str | None:
    """Return the path as the system knows it, where it is one of a test's files and our doing."""
    if isinstance(path, int) or not _is_ours():
        return None
    name = os.fsdecode(path)  # type: ignore[arg-type]
    if at not in (-1, None):
        name = os.path.join(os.readlink(f"/proc/self/fd/{at}"), name)
    folder, last = os.path.split(os.path.abspath(name))
    full = os.path.join(os.path.realpath(folder), last)
    return full if full.startswith(_TEMPORARY) else None


def _is_ours() -> bool:
    """Say whether it is one of our packages that asked, and not a test by itself."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(_OURS):
            return True
        if file.startswith(_TESTS) and file != __file__:
            return False
        frame = frame.f_back
    return False


def _asked_by_rename() -> bool:
    """Say whether it is ``Path.rename`` that moves a file, and not ``Path.replace``."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and "pathlib" not in frame.f_code.co_filename:
        if frame.f_code.co_filename.startswith(_OURS):
            return False
        frame = frame.f_back
    return frame is not None and frame.f_code.co_name == "rename"


def _refuse(error: OSError) -> None:
    BROKEN.append(f"{error.strerror}: {error.filename}")
    raise error


_JUDGED: dict[str, Callable[..., None]] = {
    "open": _opened,
    "os.mkdir": _mkdir,
    "os.rename": _renamed,
    "os.link": _linked,
    "os.remove": _removed,
    "os.rmdir": _removed,
}


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if _imposed and event in _JUDGED:
        _JUDGED[event](*args)


if Path("/proc/self/fd").is_dir():
    sys.addaudithook(_hear)


def refuse_syncing_what_is_only_read(patch: pytest.MonkeyPatch) -> None:
    """Let ``os.fsync`` refuse a file that was opened for reading only.

    Windows syncs by FlushFileBuffers, which needs the right to write. A folder cannot be opened
    there at all, so none is looked at here.
    """
    import fcntl

    real, ask = os.fsync, fcntl.fcntl

    def refusing(descriptor: int) -> None:
        reads_only = ask(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
        if reads_only and stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        real(descriptor)

    patch.setattr("os.fsync", refusing)


def take_away_modules(patch: pytest.MonkeyPatch) -> None:
    """Let no module be imported that Windows does not have and our code could ask for."""
    for name in ("fcntl", "resource"):
        patch.setitem(sys.modules, name, None)


def give_pipes_a_code_page(patch: pytest.MonkeyPatch) -> None:
    """Let every process that begins have pipes in Western Europe's code page, as Windows has."""
    patch.setenv("PYTHONIOENCODING", "cp1252")
    patch.setenv("PYTHONUTF8", "0")
