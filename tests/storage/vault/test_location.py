"""Where a vault had better not lie: told by names, marks, variables and file systems."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from storage.vault.folder import DATABASE
from storage.vault.location import loud, open_to_others, read_mountinfo, warnings

NOWHERE: list[tuple[str, str]] = [("/", "ext4")]


@pytest.mark.parametrize(
    ("way", "name"),
    [
        ("OneDrive/work/vault", "OneDrive"),
        ("onedrive - Westshire/vault", "OneDrive"),
        ("Library/CloudStorage/OneDrive-Home/vault", "OneDrive"),
        ("Dropbox (Personal)/v", "Dropbox"),
        ("Library/Mobile Documents/x/vault", "iCloud"),
        ("Google Drive/vault", "Google Drive"),
        ("Nextcloud/vault", "Nextcloud"),
        ("Library/CloudStorage/Other/vault", "a cloud drive"),
    ],
)
def test_by_the_names_of_folders(tmp_path: Path, way: str, name: str) -> None:
    (found,) = warnings(tmp_path / way, mounts=NOWHERE, environment={})
    assert (found.kind, found.name, found.loud) == ("synchronised", name, True)
    assert name in found.text and found.text.endswith(".")
    assert not (tmp_path / way).exists()


@pytest.mark.parametrize(
    ("mark", "name"),
    [(".dropbox", "Dropbox"), (".sync_0a1b2c.db", "Nextcloud"), (".stfolder", "Syncthing")],
)
def test_by_what_the_program_left_above(tmp_path: Path, mark: str, name: str) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / mark).touch()
    folder = tmp_path / "kept" / "deep" / "vault"
    (found,) = warnings(folder, mounts=NOWHERE, environment={})
    assert found.name == name


def test_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "plainly").symlink_to(tmp_path / "Dropbox")
    (found,) = warnings(tmp_path / "plainly" / "vault", mounts=NOWHERE, environment={})
    assert found.name == "Dropbox"


def test_by_the_variables_that_onedrive_sets(tmp_path: Path) -> None:
    moved = {"OneDriveCommercial": str(tmp_path / "moved")}
    (found,) = warnings(tmp_path / "moved" / "vault", mounts=NOWHERE, environment=moved)
    assert found.name == "OneDrive"
    assert warnings(tmp_path / "elsewhere", mounts=NOWHERE, environment=moved) == []


def test_an_ordinary_folder_has_nothing_to_say(tmp_path: Path) -> None:
    assert warnings(tmp_path / "boxes" / "drop" / "vault", mounts=NOWHERE, environment={}) == []


@pytest.mark.parametrize(
    ("kind", "sort", "said_unasked"),
    [
        ("nfs4", "network", True),
        ("cifs", "network", True),
        ("fuse.sshfs", "network", True),
        ("vfat", "plain", False),
        ("exfat", "plain", False),
        ("9p", "shared", False),
    ],
)
def test_by_the_file_system(tmp_path: Path, kind: str, sort: str, said_unasked: bool) -> None:
    folder = tmp_path.resolve()
    mounts = [
        ("/", "nfs"),
        (str(folder.parent), "ext4"),
        (str(folder), "tmpfs"),
        (str(folder), kind),
    ]
    (found,) = warnings(folder / "vault", mounts=mounts, environment={})
    assert (found.kind, found.loud) == (sort, said_unasked)
    assert str(folder) in found.text
    beside = warnings(folder.parent / "vault", mounts=mounts, environment={})
    assert beside == []


def test_linux_lists_its_mounts() -> None:
    text = (
        "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
        "36 35 98:0 /mnt1 /media/my\\040stick rw,noatime master:1 - vfat /dev/sdb1 rw\n"
        "37 35 0:99 / /home/ann/far rw shared:7 master:2 - fuse.sshfs ann@far: rw\n"
        "rubbish\n"
    )
    assert list(read_mountinfo(text)) == [
        ("/proc", "proc"),
        ("/media/my stick", "vfat"),
        ("/home/ann/far", "fuse.sshfs"),
    ]


def test_only_what_is_grave_is_said_unasked(tmp_path: Path) -> None:
    assert len(loud(tmp_path / "Dropbox" / "vault")) >= 1


needs_modes = pytest.mark.skipif(os.name != "posix", reason="Windows keeps no modes")


@needs_modes
@pytest.mark.parametrize(
    ("mode", "inside", "who"),
    [
        (0o755, 0o600, "everybody"),
        (0o750, 0o600, "every account of its group"),
        (0o702, 0o600, "everybody"),
        (0o711, 0o644, "everybody"),
        (0o710, 0o640, "every account of its group"),
        (0o711, 0o600, ""),
        (0o700, 0o644, ""),
    ],
)
def test_a_folder_that_others_may_read(tmp_path: Path, mode: int, inside: int, who: str) -> None:
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / DATABASE).touch()
    (folder / DATABASE).chmod(inside)
    folder.chmod(mode)
    warned = open_to_others(folder)
    assert [one.name.startswith(who) and one.loud for one in (warned,) if one] == [True] * bool(who)
    assert warnings(folder, mounts=NOWHERE, environment={}) == [one for one in (warned,) if one]


@needs_modes
def test_a_folder_that_is_not_there_yet_is_nobodys(tmp_path: Path) -> None:
    assert open_to_others(tmp_path / "none") is None
