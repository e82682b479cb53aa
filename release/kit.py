"""Makes a kit for one kind of laptop, which installs fieldkit without a network.

``python -m release.kit win_amd64``: a folder and its zip file in ``dist/``. The kit is proved
before it is packed: everything that is required is in it for every Python, by the markers of that
computer, and pip resolves from it alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from packaging.requirements import Requirement

from release.archive import digest, pack, source_epoch, sums
from release.lock import REPOSITORY, read_lock, requirements
from release.platforms import NoKitError, Platform, find_platform, pythons
from release.sbom import sbom_of_requirements
from release.wheels import Wheel, needed, read_wheels

NAME = "fieldkit-inspection"
INSTALLER = Path(__file__).with_name("installer")
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")


def build_wheel(folder: Path) -> Wheel:
    """Build our wheel into a folder by the backend that is installed: the same bytes twice."""
    _run(
        (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder.resolve())),
        os.environ | {"SOURCE_DATE_EPOCH": str(source_epoch())},
    )
    (wheel,) = read_wheels(folder)
    return wheel


def make_kit(
    platform: Platform, versions: Sequence[str], target: Path, *, central: bool = False
) -> Path:
    """Make a kit in the folder ``target``, prove it, and return its zip file.

    Args:
        platform: the kind of computer.
        versions: of Python, such as 3.12.
        target: a folder, which is made; the kit and its zip file are named by what they are for.
        central: whether PostgreSQL's driver is to be in it.

    Raises:
        NoKitError: something that is required comes in no form for it; nothing is left behind.
    """
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        ours = build_wheel(scratch / "ours")
        for python in versions:
            download(platform, python, scratch / "wheels")
        wheels = [ours, *read_wheels(scratch / "wheels")]
        root = Requirement(f"{NAME}[central]" if central else NAME)
        taken = {
            one.path.name: one
            for python in versions
            for one in needed(wheels, root, platform, python).values()
        }
        kit = scratch / "-".join(
            ("fieldkit", ours.version, platform.key, *(["central"] if central else []))
        )
        lay_out(kit, platform, versions, list(taken.values()))
        for python in versions:
            resolve(kit, platform, python)
        target.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target / kit.name, ignore_errors=True)
        shutil.move(kit, target / kit.name)
    packed = target / f"{kit.name}.zip"
    pack(target / kit.name, packed)
    (target / f"{packed.name}.sha256").write_text(f"{digest(packed)}  {packed.name}\n", "utf-8")
    return packed


def download(platform: Platform, python: str, folder: Path) -> None:
    """Fetch the locked wheels for a computer and a Python, each checked against its hash."""
    here = platform.markers(python)
    lines = requirements(
        (one.name, one.version, one.hashes) for one in read_lock() if one.is_for(here)
    )
    folder.mkdir(exist_ok=True)
    wanted = folder / "wanted.txt"
    wanted.write_text(lines, "utf-8")
    _run(
        (
            *(*_PIP, "download", "--require-hashes", "--no-deps", *_for(platform, python)),
            *("--dest", str(folder), "--requirement", str(wanted)),
        )
    )


def lay_out(
    kit: Path, platform: Platform, versions: Sequence[str], wheels: Iterable[Wheel]
) -> None:
    """Write the kit's files: wheels, lists, scripts, and last the sums of all of them."""
    (kit / "wheels").mkdir(parents=True)
    hashes: dict[tuple[str, str], list[str]] = {}
    for wheel in wheels:
        shutil.copyfile(wheel.path, kit / "wheels" / wheel.path.name)
        hashes.setdefault((wheel.name, wheel.version), []).append(wheel.hash)
    (version,) = (version for name, version in hashes if name == NAME)
    list_of_all = requirements((*key, every) for key, every in hashes.items())
    (kit / "requirements.txt").write_text(list_of_all, "utf-8")
    facts = {
        "version": version,
        "name": platform.name,
        "pythons": list(versions),
        "sys_platform": platform.environment["sys_platform"],
        "machine": platform.environment["platform_machine"].lower(),
    }
    (kit / "kit.json").write_text(f"{json.dumps(facts, indent=2)}\n", "utf-8")
    for name in ("LICENSE", "NOTICE"):
        shutil.copyfile(REPOSITORY / name, kit / name)
    shutil.copyfile(INSTALLER / "installer.py", kit / "installer.py")
    _write_scripts(kit, platform, {**facts, "pythons": ", ".join(versions)})
    (kit / "sbom.cdx.json").write_text(
        sbom_of_requirements(requirements((*key, hashes[key]) for key in hashes if key[0] != NAME)),
        "utf-8",
    )
    (kit / "SHA256SUMS").write_text(sums(kit), "utf-8", newline="\n")


_WHAT = {
    "install": "Installs fieldkit from this kit for this person, or with --to DIR for everybody.",
    "verify": "Compares every file of this kit with its SHA-256.",
    "uninstall": "Removes the program that this kit installs. Vaults and backups stay.",
}


def _write_scripts(kit: Path, platform: Platform, facts: Mapping[str, object]) -> None:
    ending = Path(platform.scripts[0]).suffix
    newest_first = " ".join(f"python{one}" for one in reversed(str(facts["pythons"]).split(", ")))
    template = (INSTALLER / f"step{ending}").read_text("utf-8")
    for name in platform.scripts:
        step = Path(name).stem
        text = template.format(step=step, what=_WHAT[step], pythons=newest_first)
        # PowerShell 5.1 takes a script for one of an old code page: nothing but ASCII is in it.
        (kit / name).write_text(text, "ascii", newline="\r\n" if ending == ".ps1" else "\n")
        (kit / name).chmod(0o755)
    kind = "how-windows.txt" if ending == ".ps1" else "how-others.txt"
    how = (INSTALLER / kind).read_text("utf-8").strip()
    page = (INSTALLER / "README.txt").read_text("utf-8").format(how=how, **facts)
    (kit / "README.txt").write_text(page, "utf-8")


def resolve(kit: Path, platform: Platform, python: str) -> None:
    """Let pip resolve from the kit alone, without a network; raises :class:`NoKitError`."""
    with tempfile.TemporaryDirectory() as nowhere:
        _run(
            (
                *(*_PIP, "--isolated", "install", "--dry-run", "--no-index", "--require-hashes"),
                *("--find-links", str(kit / "wheels"), "--target", nowhere),
                *(*_for(platform, python), "--requirement", str(kit / "requirements.txt")),
            ),
            os.environ | {"PIP_CONFIG_FILE": os.devnull},
        )


def _for(platform: Platform, python: str) -> tuple[str, ...]:
    tags = (word for tag in platform.tags for word in ("--platform", tag))
    return ("--only-binary", ":all:", "--python-version", python, *tags)


def _run(command: Sequence[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoKitError(f"A step failed: {' '.join(command)}\n{done.stderr.strip()}")


def main() -> int:
    """Make the kit that the command line asks for; return 1 with a sentence where it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m release.kit", description=__doc__)
    parser.add_argument("platform")
    parser.add_argument("--pythons", nargs="+", default=list(pythons()), metavar="3.X")
    parser.add_argument("--central", action="store_true", help="with PostgreSQL's driver in it")
    parser.add_argument("--to", type=Path, default=REPOSITORY / "dist", metavar="DIR")
    options = parser.parse_args()
    try:
        packed = make_kit(
            find_platform(options.platform), options.pythons, options.to, central=options.central
        )
    except NoKitError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{packed}\nSHA-256 {digest(packed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
