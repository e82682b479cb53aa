"""Installs fieldkit from the kit in this folder, without a network; also verifies and removes.

Run by the scripts beside it, or by hand: ``python installer.py verify|install|uninstall``. It needs
nothing but Python, and says so in a sentence where that Python will not do. The program's folder
gets a virtual environment for each version; the last step of an update is that ``bin/fieldkit``
points to the new one, so an update that fails leaves what was there. Vaults are in another folder,
which nothing here touches.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Dict

KIT = Path(__file__).resolve().parent
SUMS = "SHA256SUMS"
WINDOWS = os.name == "nt"
PROGRAM = "fieldkit.exe" if WINDOWS else "fieldkit"
Facts = Dict[str, Any]


class RefusedError(Exception):
    """Something is not as it has to be; the message says what, what is safe and what to do."""


def wrong_files(kit: Path) -> list[str]:
    """Return what of the kit is missing, changed or not in its list, in words."""
    listed: dict[str, str] = {}
    wrong = []
    try:
        for line in (kit / SUMS).read_text("utf-8").splitlines():
            digest, _, name = line.partition("  ")
            listed[name] = digest
    except OSError:
        return [SUMS + " is missing"]
    for name, digest in listed.items():
        try:
            data = (kit / name).read_bytes()
        except OSError:
            wrong.append(name + " is missing")
            continue
        if hashlib.sha256(data).hexdigest() != digest:
            wrong.append(name + " is not as it was made")
    for path in sorted((kit / "wheels").glob("*")):
        if path.relative_to(kit).as_posix() not in listed:
            wrong.append(path.name + " does not belong to the kit")
    return wrong


def verify(kit: Path) -> None:
    """Raise :class:`RefusedError` where the kit is not as it was made."""
    wrong = wrong_files(kit)
    if wrong:
        raise RefusedError(
            f"This kit is not whole: {'; '.join(wrong[:5])}. Nothing was changed. Copy the zip "
            "file anew, compare its SHA-256 with the one you were told, and unpack it into an "
            "empty folder."
        )


def read_facts(kit: Path) -> Facts:
    """Return what the kit says of itself: version, platform and versions of Python."""
    facts: Facts = json.loads((kit / "kit.json").read_text("utf-8"))
    return facts


def why_not_here(facts: Facts, here: Facts | None = None) -> str:
    """Return why this Python cannot run what is in the kit, or nothing.

    Args:
        facts: what the kit says of itself.
        here: what is known of this Python and its computer, if it is not to be looked up.
    """
    here = here or {
        "python": "{}.{}".format(*sys.version_info[:2]),
        "bits": struct.calcsize("P") * 8,
        "sys_platform": sys.platform,
        "machine": platform.machine().lower(),
    }
    if here["python"] not in facts["pythons"]:
        return f"This is Python {here['python']}, and the kit is for {', '.join(facts['pythons'])}"
    if here["bits"] < 64:
        return "This Python has 32 bits, and fieldkit needs one of 64"
    if here["sys_platform"] != facts["sys_platform"]:
        return f"This kit is for {facts['name']}"
    if (here["sys_platform"], here["machine"]) == ("win32", "arm64"):
        return (
            "This Python is the one for ARM, for which the library “cryptography” comes in no "
            "form; take the x64 Python, which Windows on ARM runs"
        )
    if here["machine"] != facts["machine"]:
        return f"This computer's processor is {here['machine']}, and the kit is for {facts['name']}"
    return ""


def install(kit: Path, folder: Path, on_path: bool) -> None:
    """Install the version of the kit into the program's folder, and let it be the one that runs."""
    verify(kit)
    facts = read_facts(kit)
    reason = why_not_here(facts)
    if reason:
        raise RefusedError(
            reason + ". Nothing was changed. Start the installer with another Python."
        )
    seal = hashlib.sha256((kit / SUMS).read_bytes()).hexdigest()[:8]
    name = f"{facts['version']}-{seal}"
    places = (folder / "versions" / f"{name}{again}" for again in ("", "-again", "-once-more"))
    home = next(place for place in places if not place.exists())
    print(f"Installing fieldkit {facts['version']} into {home}")
    try:
        run([sys.executable, "-I", "-m", "venv", str(home)])
        scripts = home / ("Scripts" if WINDOWS else "bin")
        pip = [str(scripts / ("python.exe" if WINDOWS else "python")), "-I", "-m", "pip"]
        run(
            [
                *(*pip, "--isolated", "--disable-pip-version-check", "install", "--quiet"),
                *("--no-index", "--only-binary", ":all:", "--no-cache-dir", "--require-hashes"),
                *("--find-links", str(kit / "wheels"), "-r", str(kit / "requirements.txt")),
            ]
        )
        run([str(scripts / PROGRAM), "--version"])
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    started = offer(folder, scripts / PROGRAM)
    left = remove_versions(folder, but=home)
    print(f"fieldkit {facts['version']} is installed: {started}")
    if left:
        print(f"An earlier version is in use and goes with the next update: {left}")
    if on_path:
        print(put_on_path(started))
    print("Now open a new terminal and run: fieldkit doctor")


def run(command: list[str]) -> None:
    """Run a step; raises :class:`RefusedError` with what it said where it failed."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    environment["PIP_CONFIG_FILE"] = os.devnull
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        hint = ""
        if "ensurepip" in done.stdout:
            hint = " On Debian and Ubuntu: apt install python3-venv."
        raise RefusedError(
            f"A step failed, and what was installed before is as it was.{hint}\n"
            f"{' '.join(command)}\n{done.stdout.strip()}"
        )


def offer(folder: Path, program: Path) -> Path:
    """Let ``bin/fieldkit`` be this version, in one step; return its path."""
    started = folder / "bin" / PROGRAM
    started.parent.mkdir(parents=True, exist_ok=True)
    new = started.with_name("new-" + PROGRAM)
    if new.is_symlink() or new.exists():
        new.unlink()
    if WINDOWS:
        # The starter that pip writes knows its Python by the full path, so a copy of it runs too.
        shutil.copyfile(program, new)
    else:
        new.symlink_to(program)
    try:
        new.replace(started)
    except PermissionError:
        raise RefusedError(
            "fieldkit is running, so the earlier version stays. Leave it everywhere, and install "
            "once more."
        ) from None
    return started


def remove_versions(folder: Path, but: Path | None = None) -> Path | None:
    """Remove the versions but one; return one that could not be removed, if any."""
    left = None
    versions = folder / "versions"
    for home in sorted(versions.iterdir()) if versions.is_dir() else []:
        if home != but:
            shutil.rmtree(home, ignore_errors=True)
            left = home if home.exists() else left
    return left


def uninstall(folder: Path) -> None:
    """Remove the program; vaults stay where they are."""
    started = folder / "bin" / PROGRAM
    if not (started.is_symlink() or started.exists() or (folder / "versions").is_dir()):
        raise RefusedError(f"fieldkit is not installed in {folder}. Nothing was changed.")
    take_off_path(started)
    if started.is_symlink() or started.exists():
        started.unlink()
    left = remove_versions(folder)
    for empty in (folder / "bin", folder / "versions", folder):
        try:
            empty.rmdir()
        except OSError:
            pass
    if left:
        raise RefusedError(
            f"Files of fieldkit are in use and stay: {left}. Leave fieldkit everywhere, and remove "
            "it once more."
        )
    print("fieldkit is removed. Vaults, backups and settings were not touched.")


def default_folder() -> Path:
    """Return where the program goes if nobody says otherwise: a folder of this person's own."""
    if WINDOWS:
        own = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
        return Path(own) / "Programs" / "fieldkit"
    return Path.home() / ".local" / "lib" / "fieldkit"


def link_place() -> Path:
    """Return where shells look for a person's own programs."""
    return Path.home() / ".local" / "bin" / PROGRAM


def put_on_path(started: Path) -> str:
    """Let a new terminal find the program by its name; return what is to be said of it."""
    if WINDOWS:
        change_path(lambda path: with_folder(path, str(started.parent)))
        return "New terminals find it by its name."
    link = link_place()
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink():
        link.unlink()
    elif link.exists():
        return f"{link} is there already and is not ours; start {started} instead."
    link.symlink_to(started)
    if str(link.parent) in os.environ.get("PATH", "").split(os.pathsep):
        return "It is found by its name."
    return 'Add this line to ~/.profile or ~/.zprofile: export PATH="$HOME/.local/bin:$PATH"'


def take_off_path(started: Path) -> None:
    """Take back what :func:`put_on_path` did, where it was for this program."""
    if WINDOWS:
        change_path(lambda path: without_folder(path, str(started.parent)))
        return
    link = link_place()
    if link.is_symlink() and link.readlink() == started:
        link.unlink()


def with_folder(path: str, folder: str) -> str:
    """Return a search path that has the folder, once and last."""
    return ";".join([*filter(None, without_folder(path, folder).split(";")), folder])


def without_folder(path: str, folder: str) -> str:
    """Return a search path without the folder, and otherwise as it was."""
    return ";".join(one for one in path.split(";") if one.rstrip("\\").lower() != folder.lower())


def change_path(change: Callable[[str], str]) -> None:
    """Change this person's search path in Windows' registry, and tell the programs that run."""
    if sys.platform == "win32":
        import ctypes
        import winreg

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, "Environment") as key:
            try:
                before, kind = winreg.QueryValueEx(key, "Path")
            except FileNotFoundError:
                before, kind = "", winreg.REG_EXPAND_SZ
            after = change(before)
            if after == before:
                return
            winreg.SetValueEx(key, "Path", 0, kind, after)
        # HWND_BROADCAST, WM_SETTINGCHANGE, SMTO_ABORTIFHUNG, five seconds.
        ctypes.windll.user32.SendMessageTimeoutW(0xFFFF, 0x1A, 0, "Environment", 2, 5000, None)


def main(words: list[str] | None = None) -> int:
    """Do what was asked for; return 0 when it is done, and 1 with a sentence when it is not."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    parser = argparse.ArgumentParser(
        prog="installer.py", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("step", choices=["verify", "install", "uninstall"])
    parser.add_argument(
        "--to",
        type=Path,
        metavar="DIR",
        help="the program's folder; without it "
        "one of this person's own, and the program is put on the search path",
    )
    options = parser.parse_args(words)
    folder = (options.to or default_folder()).expanduser().absolute()
    try:
        if options.step == "verify":
            verify(KIT)
            print("The kit is whole: every file is as it was made.")
        elif options.step == "install":
            install(KIT, folder, on_path=options.to is None)
        else:
            uninstall(folder)
    except RefusedError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"The system did not allow it: {error}. What was installed before is as it was.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
