"""Small wheels and kits, made in a moment: none of them is ever installed."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from unittest.mock import patch

from release import archive, kit
from release.platforms import Platform, find_platform
from release.wheels import Wheel

HASH = f"sha256:{'0' * 64}"


def wheel(folder: Path, name: str, *requires: str, tag: str = "py3-none-any") -> Wheel:
    """A wheel with nothing in it but what it requires; its name carries its version."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{tag}.whl"
    lines = [f"Name: {name.split('-')[0]}", *(f"Requires-Dist: {one}" for one in requires)]
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(f"{name}.dist-info/METADATA", "\n".join([*lines, "", ""]))
    return Wheel(path)


def small_kit(folder: Path, platform: Platform | None = None) -> Path:
    """A kit of one wheel, laid out as all are, but for the bill of materials."""
    ours = wheel(folder / "made", "fieldkit_inspection-0.1.0")
    at = folder / "kit"
    with patch("release.kit.sbom_of_requirements", return_value="{}"):
        kit.lay_out(at, platform or find_platform("manylinux_x86_64"), ["3.11", "3.14"], [ours])
    shutil.rmtree(folder / "made")
    return at


def rewritten(at: Path, **facts: object) -> None:
    """Let the kit say something else of itself, with the sums to it."""
    said = json.loads((at / "kit.json").read_text("utf-8"))
    (at / "kit.json").write_text(json.dumps({**said, **facts}), "utf-8")
    (at / "SHA256SUMS").unlink()
    (at / "SHA256SUMS").write_text(archive.sums(at), "utf-8")
