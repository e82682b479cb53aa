"""Folders a workbook comes from and a bundle goes to: offered, asked for, listed and remembered."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from os.path import ismount
from pathlib import Path
from typing import TYPE_CHECKING

from textual.suggester import Suggester

from fieldkit.wording.dates import short_moment
from fieldkit.workbook.load import WORKBOOK_SUFFIXES
from screens.kit.dialogs import Choice, Pick
from screens.kit.form import Field, Form, Refused
from screens.kit.shell import Shell

if TYPE_CHECKING:
    from storage.database.facts import Fact
    from storage.vault.vault import Vault

MOST_LISTED = 200
"""Files listed of one folder; the path can be typed for one beyond."""
FOLDER_HINT = "e.g. /media/stick"
PASSING_ON = ("exchange", "export", "join")
"""The purposes that share a stick."""
MOUNTS = ("/media", "/run/media", "/Volumes")
"""Where Linux and macOS put memory sticks and discs."""


@dataclass(frozen=True)
class Found:
    """Describes a file of a folder; ``when`` is when it was last changed, local time."""

    path: Path
    size: int
    when: str


def downloads() -> Path:
    """Return the person's folder for downloads, or their home where there is none."""
    from platformdirs import user_downloads_path

    folder = user_downloads_path()
    return folder if folder.is_dir() else Path.home()


def typed(text: str) -> Path:
    """Return the path a person typed, ``~`` being their home, without quotes around it."""
    path = Path(text.strip().strip("\"'"))
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def workbooks(folder: Path) -> list[Found]:
    """Return the workbooks of a folder, the latest first; none where the folder cannot be read."""
    files = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if _is_workbook(entry.name) and entry.is_file():
                    facts = entry.stat()
                    files.append((facts.st_mtime, Path(entry.path), facts.st_size))
    except OSError:
        return []
    files.sort(key=lambda one: (-one[0], one[1].name))
    return [
        Found(path, size, short_moment(datetime.fromtimestamp(changed, UTC).isoformat()))
        for changed, path, size in files[:MOST_LISTED]
    ]


def sticks() -> list[Path]:
    """Memory sticks and discs that are plugged in, as far as they can be told (not on Windows)."""
    mounted = []
    for place in map(Path, MOUNTS):
        for folder in _within(place):
            inner = _within(folder)
            if os.access(folder, os.W_OK) and ismount(folder):
                mounted.append(folder)
            else:
                mounted += [one for one in inner if ismount(one) and os.access(one, os.W_OK)]
    return mounted


def _within(folder: Path) -> list[Path]:
    try:
        return sorted(one for one in folder.iterdir() if one.is_dir())
    except OSError:
        return []


async def remembered(vault: Vault, purpose: str) -> Path | None:
    """Return the folder last used for a purpose, where it is still there."""
    folder = await last_used(vault, purpose)
    if folder is None:
        return None
    return folder if await asyncio.to_thread(folder.is_dir) else None


def _folder(purpose: str) -> Fact[Path]:
    # Late: the first page is shown before the store is imported.
    from storage.database.facts import Fact

    return Fact.path(f"folder/{purpose}")


async def last_used(vault: Vault, purpose: str) -> Path | None:
    """Return the folder last used for a purpose, whether it is there or not."""
    return await asyncio.to_thread(vault.fact_now, _folder(purpose))


async def remember(vault: Vault, purpose: str, folder: Path) -> None:
    """Keep the folder used for a purpose; it is a fact of this laptop and goes nowhere."""
    await asyncio.to_thread(vault.set_fact_now, _folder(purpose), folder)


@dataclass(frozen=True)
class Begin:
    """Holds where a page begins: its folder, if none has to be chosen, and what to say."""

    folder: Path | None
    said: str = ""


async def to_begin_with(vault: Vault, purpose: str) -> Begin:
    """Return the folder last used for a purpose; the first time a stick, or the downloads.

    Joining, exchanging and exporting go by one stick: what was used last for another of them is
    offered the first time. One of the computer's own disk reaches nobody by itself: it gives way to
    a stick that is plugged in, and never stands in unasked for a stick that is gone.
    """
    return await asyncio.to_thread(lambda: _begin(_last_of(vault, purpose)))


def _last_of(vault: Vault, purpose: str) -> Path | None:
    others = [one for one in PASSING_ON if one != purpose] if purpose in PASSING_ON else []
    known = (vault.fact_now(_folder(one)) for one in (purpose, *others))
    return next((one for one in known if one is not None), None)


def _begin(last: Path | None) -> Begin:
    plugged = next(iter(sticks()), None)
    if last is None:
        return Begin(plugged or downloads())
    if last.is_dir():
        return Begin(plugged if plugged and on_own_disk(last) else last)
    missing = f"The folder used last, {last}, is not there."
    if plugged is None:
        return Begin(
            None, f"{missing} Put the stick in and come back, or press f for another folder."
        )
    return Begin(plugged, f"{missing} {plugged} is plugged in, and is shown instead.")


NO_FOLDER = "no folder yet: f chooses one"


class UsedFolder:
    """Holds the folder of a page: the one used last for its purpose, or one that was chosen.

    Args:
        purpose: what it is for; each has its own.
        question: what is asked where a person chooses.
    """

    def __init__(self, purpose: str, question: str) -> None:
        self._purpose, self._question = purpose, question
        self.path: Path | None = None
        self.said = ""
        """That the folder used last is gone; empty where it is not."""
        self.own_disk = False
        """It lies on this computer's own disk, and reaches nobody by itself."""

    async def begin(self, vault: Vault) -> None:
        """Find where to begin, the first time."""
        if self.path is None:
            begin = await to_begin_with(vault, self._purpose)
            if self.path is None:  # else one was chosen in the meantime
                self.path, self.said = begin.folder, begin.said
                await self._look()

    async def _look(self) -> None:
        path = self.path
        self.own_disk = path is not None and await asyncio.to_thread(on_own_disk, path)

    async def choose(self, app: Shell) -> bool:
        """Ask for another one; whether one was chosen. Runs in a worker."""
        offered = [self.path, *sticks(), downloads()]
        folder = await choose(app, self._question, offered, self.path)
        if folder is None:
            return False
        self.path, self.said = folder, ""
        await self._look()
        return True

    async def keep(self, vault: Vault) -> None:
        """Remember it for the next time."""
        if self.path is not None:
            await remember(vault, self._purpose, self.path)

    def words(self, width: int) -> str:
        """Return it in so many columns, cut in its middle, which says least."""
        text = str(self.path) if self.path is not None else NO_FOLDER
        if len(text) <= width:
            return text
        half = max((width - 1) // 2, 1)
        return f"{text[: width - 1 - half]}…{text[-half:]}"


OWN_DISK = "on this computer's own disk: nobody receives it until you carry it on"


def on_own_disk(folder: Path) -> bool:
    """Say whether a folder lies on the disk of the person's home or of the system."""
    with suppress(OSError):
        return folder.stat().st_dev in {
            Path.home().stat().st_dev,
            Path(folder.anchor).stat().st_dev,
        }
    return False


async def choose(
    app: Shell,
    question: str,
    offered: Iterable[Path | None],
    current: Path | None,
    *,
    beside_vault: Path | None = None,
) -> Path | None:
    """Ask for a folder, one of those offered or one that is typed. Runs in a worker.

    Args:
        app: says so where the folder is not there.
        question: the title.
        offered: in this order, each once.
        current: the one the cursor begins on.
        beside_vault: the one that is made when it is needed, so that it may be missing.

    Returns:
        The folder; ``None`` where the person left it, or the folder is not there.
    """
    known = dict.fromkeys(str(one) for one in offered if one is not None)
    choices = [
        Choice(one, one, "beside the vault" if one == str(beside_vault) else "") for one in known
    ]
    choices.append(Choice("", "another folder …"))
    begin = str(current) if current is not None else choices[0].value
    chosen = await app.push_screen_wait(Pick(question, choices, begin))
    if chosen is None:
        return None
    # Where nothing can go into a folder, it is asked for again, with what was typed.
    while not chosen or (problem := await asyncio.to_thread(_problem, typed(chosen), beside_vault)):
        refused = Refused(problem, "folder") if chosen else None
        form = Form(
            "The folder", "", [Field("folder", "Folder", chosen, FOLDER_HINT)], None, refused
        )
        answer = await app.push_screen_wait(form)
        if answer is None:
            return None
        chosen = answer["folder"]
    return typed(chosen)


def _problem(folder: Path, beside_vault: Path | None) -> str:
    """Return why nothing can go into a folder; empty where something can."""
    if folder == beside_vault or folder.is_dir():
        return ""
    if folder.exists():
        return f"{folder} is a file, not a folder. Name the folder it lies in. Nothing was written."
    return f"There is no folder {folder}. Make it, or put the stick in. Nothing was written."


class PathSuggester(Suggester):
    """Completes the last part of a path that is being typed; the right arrow takes it."""

    def __init__(self, *, files: bool) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._files = files

    async def get_suggestion(self, value: str) -> str | None:
        """Return the typed text with the first name that begins so."""
        return await asyncio.to_thread(self._suggestion, value)

    def _suggestion(self, value: str) -> str | None:
        folder, begun = os.path.split(typed(value))
        if not begun or value.endswith(os.sep):
            return None
        try:
            with os.scandir(folder or ".") as entries:
                names = [
                    entry.name + ("/" if entry.is_dir() else "")
                    for entry in entries
                    if entry.name.startswith(begun)
                    and (entry.is_dir() or (self._files and _is_workbook(entry.name)))
                ]
        except OSError:
            return None
        return value + min(names)[len(begun) :] if names else None


def _is_workbook(name: str) -> bool:
    # Office leaves "~$name.xlsx" beside a workbook that is open; it is no workbook.
    return Path(name).suffix.lower() in WORKBOOK_SUFFIXES and name[:2] != "~$"
