"""A kit holds what a laptop needs and nothing else, and is the same bytes each time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from release import archive
from release.lock import REPOSITORY, read_lock, requirements
from release.platforms import NoKitError, Platform, find_platform
from release.wheels import needed
from tests.conftest import HEAVY
from tests.release.making import HASH, small_kit, wheel

WINDOWS = find_platform("win_amd64")
MAC = find_platform("macosx_arm64")
ROOT = Requirement("fieldkit-inspection")


def test_every_library_of_the_lock_is_read_with_its_hashes() -> None:
    locked = {one.name: one for one in read_lock()}
    assert {"textual", "sqlcipher3", "cryptography", "tzdata", "et-xmlfile"} <= set(locked)
    assert all(one.hashes and one.version for one in locked.values())
    assert locked["tzdata"].is_for(WINDOWS.markers("3.12"))
    assert not locked["tzdata"].is_for(MAC.markers("3.12"))
    assert locked["cffi"].is_for(MAC.markers("3.12"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "textual==8.2.8\n",
        f"textual==8.2.8 \\\n    --hash={HASH}\nrich>=15\n",
        f"rich @ file:///rich.whl \\\n    --hash={HASH}\n",
        "rich==1 \\\n    --hash=md5:00\n",
    ],
)
def test_a_lock_with_a_line_that_is_not_understood_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.lock").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"other\.lock"):
        read_lock(tmp_path / "other.lock")


def test_lines_for_pip_are_pinned_hashed_and_sorted(tmp_path: Path) -> None:
    lines = requirements([("rich", "15.0", [HASH]), ("mako", "1.4", [HASH])])
    assert lines.index("mako==1.4") < lines.index("rich==15.0")
    (tmp_path / "again.lock").write_text(lines, "utf-8")
    assert [(one.name, one.hashes) for one in read_lock(tmp_path / "again.lock")] == [
        ("mako", frozenset({HASH})),
        ("rich", frozenset({HASH})),
    ]


def test_what_is_needed_follows_the_markers_of_the_other_computer(tmp_path: Path) -> None:
    wheels = [
        wheel(
            tmp_path,
            "fieldkit_inspection-0.1.0",
            "alpha>=2",
            "winonly; sys_platform == 'win32'",
            "backport; python_version < '3.13'",
            "server[fast]; extra == 'central'",
        ),
        wheel(tmp_path, "alpha-2.1", "fieldkit-inspection", tag="cp312-abi3-win_amd64"),
        wheel(tmp_path, "alpha-2.1", tag="cp312-cp312-macosx_10_13_universal2"),
        wheel(tmp_path, "winonly-1.0"),
        wheel(tmp_path, "backport-1.0"),
        wheel(tmp_path, "server-1.0", "speed; extra == 'fast'", "slow; extra == 'slow'"),
        wheel(tmp_path, "speed-1.0"),
        wheel(tmp_path, "slow-1.0"),
    ]
    ours = {"fieldkit-inspection", "alpha"}
    central = Requirement("fieldkit-inspection[central]")
    assert set(needed(wheels, ROOT, WINDOWS, "3.12")) == ours | {"winonly", "backport"}
    assert set(needed(wheels, ROOT, WINDOWS, "3.14")) == ours | {"winonly"}
    assert set(needed(wheels, ROOT, MAC, "3.12")) == ours | {"backport"}
    assert set(needed(wheels, central, WINDOWS, "3.13")) == ours | {"winonly", "server", "speed"}
    with pytest.raises(NoKitError, match=r"alpha>=2, which fieldkit-inspection requires"):
        needed(wheels, ROOT, MAC, "3.13")
    with pytest.raises(NoKitError, match=r"alpha>=2.*Python 3\.11"):
        needed(wheels, ROOT, WINDOWS, "3.11")


def test_the_wheel_that_suits_a_computer_best_is_taken(tmp_path: Path) -> None:
    general = wheel(tmp_path, "fieldkit_inspection-0.1.0")
    exact = wheel(tmp_path, "fieldkit_inspection-0.1.0", tag="cp312-cp312-win_amd64")
    too_new = wheel(tmp_path, "fieldkit_inspection-0.1.0", tag="cp312-cp312-macosx_14_0_arm64")
    for order in ([general, exact, too_new], [too_new, exact, general]):
        assert needed(order, ROOT, WINDOWS, "3.12") == {"fieldkit-inspection": exact}
        assert needed(order, ROOT, MAC, "3.12") == {"fieldkit-inspection": general}


@pytest.mark.parametrize(
    ("key", "said"), [("win_arm64", "x64"), ("macosx_x86_64", "Intel"), ("vax", "win_amd64")]
)
def test_a_computer_that_gets_no_kit_is_told_why(key: str, said: str) -> None:
    with pytest.raises(NoKitError, match=said):
        find_platform(key)


@pytest.mark.parametrize("platform", [WINDOWS, MAC], ids=["windows", "mac"])
def test_a_kit_lists_every_file_and_has_its_scripts(tmp_path: Path, platform: Platform) -> None:
    at = small_kit(tmp_path, platform)
    listed = {line.split("  ")[1] for line in (at / "SHA256SUMS").read_text().splitlines()}
    files = {one.relative_to(at).as_posix() for one in at.rglob("*") if one.is_file()}
    assert listed == files - {"SHA256SUMS"} >= {*platform.scripts, "NOTICE", "requirements.txt"}
    for name in platform.scripts:
        script = (at / name).read_text("ascii")
        assert f"{Path(name).stem} " in script and "python3.14 python3.11" in script
        assert "{pythons}" not in script and "{{" not in script
    page = (at / "README.txt").read_text("utf-8")
    assert platform.name in page and "3.11, 3.14" in page and platform.scripts[0] in page


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix is needed")
def test_the_scripts_for_a_shell_find_a_python_of_the_kit(tmp_path: Path) -> None:
    at = small_kit(tmp_path)
    for path, code, said in [(os.environ["PATH"], 0, "whole"), ("/nowhere", 1, "No Python")]:
        ran = subprocess.run(
            ["/bin/sh", at / "verify.sh"],
            env={"PATH": path, **({"PYTHON": sys.executable} if code == 0 else {})},
            capture_output=True,
            text=True,
            check=False,
        )
        # Another Python than those of this kit is passed over.
        if sys.version_info[:2] in {(3, 11), (3, 14)} or code:
            assert (ran.returncode, said in ran.stdout + ran.stderr) == (code, True), ran.stderr


def test_the_same_folder_gives_the_same_zip_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[bytes] = []
    for name in ("first", "second"):
        folder = tmp_path / name / "kit"
        for file in ("b/2.txt", "a.sh", "b/1.whl")[:: 1 if name == "first" else -1]:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(file, "utf-8")
            os.utime(folder / file, (len(packed) * 1e8, 1e9))
        (folder / "a.sh").chmod(0o700 if packed else 0o755)
        archive.pack(folder, tmp_path / f"{name}.zip")
        packed.append((tmp_path / f"{name}.zip").read_bytes())
    assert packed[0] == packed[1]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(archive.EPOCH + 86400))
    archive.pack(tmp_path / "first" / "kit", tmp_path / "later.zip")
    assert (tmp_path / "later.zip").read_bytes() != packed[0]


@pytest.mark.skipif(not HEAVY, reason="make torture tries it: it fetches what is locked")
@pytest.mark.parametrize("key", ["win_amd64", "macosx_arm64", "manylinux_x86_64"])
def test_a_whole_kit_is_made_for_every_python_the_same_twice(key: str) -> None:
    made = []
    for _ in range(2):
        subprocess.run(["make", "kit", f"PLATFORM={key}"], cwd=REPOSITORY, check=True)
        (packed,) = (REPOSITORY / "dist").glob(f"fieldkit-*-{key}.zip")
        made.append(archive.digest(packed))
    assert made[0] == made[1]


def test_the_makefile_names_the_kits_that_can_be_made() -> None:
    (line,) = [
        line
        for line in (REPOSITORY / "Makefile").read_text("utf-8").splitlines()
        if line.startswith("kit:")
    ]
    assert all(key in line for key in ("win_amd64", "macosx_arm64", "manylinux_x86_64"))
